"""A conversation as histories give it to each other: whole, with what merging needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.conversation import Conversation, Folder, Message, Template


@dataclass(frozen=True, slots=True)
class Record:
    """`messages`: of every branch, each one after its parent. `stamps`: when a field of the conversation was changed
    last, in milliseconds since the epoch; one that is not in it never was. `folder`: the one that it is in, with what
    its own record says of it. `deleted_at`: None of one that is not in the trash.
    """

    conversation: Conversation
    messages: tuple[Message, ...] = ()
    stamps: Mapping[str, int] = field(default_factory=dict)
    folder: Folder | None = None
    folder_stamps: Mapping[str, int] = field(default_factory=dict)
    folder_deleted_at: int | None = None
    deleted_at: int | None = None


@dataclass(frozen=True, slots=True)
class FolderRecord:
    """A folder, also one that is empty or deleted; as of Record's fields."""

    folder: Folder
    stamps: Mapping[str, int] = field(default_factory=dict)
    deleted_at: int | None = None


@dataclass(frozen=True, slots=True)
class Purged:
    """A conversation that was removed for good, and is not to come back. In milliseconds since the epoch."""

    id: str
    purged_at: int


Item: TypeAlias = "Record | FolderRecord | Purged | Template"
"""All that a history consists of."""
