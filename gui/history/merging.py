"""Two histories made one: what each of two copies says of a thing, merged into what both will say of it.

The same whatever comes first and however often it comes. Of each field of a conversation or folder the later stamp
wins; one without a stamp is as old as the thing itself, and between two of the same moment the greater value decides.
Messages are never edited, only finished: of two copies the one that has come further wins; of what a person says of
one, what was said later. Nothing is lost but what
was purged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from gui.conversation import Message, State
from gui.history.record import FolderRecord, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gui.conversation import Attachment

FIELDS = (
    "title",
    "connection",
    "model",
    "system_prompt",
    "pinned",
    "unread",
    "leaf_id",
    "folder_id",
    "archived",
    "options",
)
"""Of a conversation: those that have stamps. Its `deleted_at` has one too."""

MARKS = (("note", "noted_at"), ("pinned", "pinned_at"), ("removed", "removed_at"))
"""Of a message: what a person says of it, and when."""

_APART = {"parent_id", "attachments", *chain.from_iterable(MARKS)}
_CONTENT = tuple(field.name for field in fields(Message) if field.name not in _APART)


@dataclass(frozen=True, slots=True)
class _Copy:
    """One copy of something whose fields have stamps."""

    created_at: int
    values: Mapping[str, Any]
    stamps: Mapping[str, int]

    def weight(self, name: str) -> tuple[int, bool, Any]:
        """By which one value is chosen over another."""
        value = self.values[name]
        return self.stamps.get(name, self.created_at), value is not None, value


def merged(ours: Record, theirs: Record) -> Record:
    """Both are of one id. The messages may be a part of all there are; the folder is the one of the conversation."""
    one = _merged_fields(_conversation(ours), _conversation(theirs))
    deleted_at = one.values["deleted_at"]
    updated_at = max(ours.conversation.updated_at, theirs.conversation.updated_at)
    values = {name: one.values[name] for name in FIELDS}
    conversation = replace(ours.conversation, **values, created_at=one.created_at, updated_at=updated_at)
    messages = merged_messages(ours.messages, theirs.messages)
    folder = _merged_folder(ours, theirs, conversation.folder_id)
    if folder is None:
        return Record(conversation, messages, one.stamps, deleted_at=deleted_at)
    return Record(conversation, messages, one.stamps, folder.folder, folder.stamps, folder.deleted_at, deleted_at)


def merged_folders(ours: FolderRecord, theirs: FolderRecord) -> FolderRecord:
    """Both are of one id."""
    one = _merged_fields(_folder(ours), _folder(theirs))
    folder = replace(ours.folder, name=one.values["name"], created_at=one.created_at)
    return FolderRecord(folder, one.stamps, one.values["deleted_at"])


def merged_messages(ours: Sequence[Message], theirs: Sequence[Message]) -> tuple[Message, ...]:
    """All of both, each after its parent."""
    found = {message.id: message for message in ours}
    for message in theirs:
        other = found.get(message.id)
        found[message.id] = message if other is None else merged_message(other, message)
    return parents_first(found.values())


def merged_message(ours: Message, theirs: Message) -> Message:
    """Both are of one id. One without a parent may have lost it to damage."""
    parent_id = max(ours.parent_id or "", theirs.parent_id or "") or None
    attachments = max(ours.attachments, theirs.attachments, key=_content)
    one = max(as_given(ours), as_given(theirs), key=_progress)
    marks: dict[str, Any] = {}
    for name, moment in MARKS:
        marks[moment], marks[name] = max(
            ((getattr(copy, moment), getattr(copy, name)) for copy in (ours, theirs)),
            key=lambda said: (said[0] or 0, said[1]),
        )
    return replace(one, parent_id=parent_id, attachments=attachments, **marks)


def as_given(message: Message) -> Message:
    """As another history gets it: for that one, a reply that runs here is one that has not been heard to its end."""
    return replace(message, state=State.INTERRUPTED) if message.state is State.RUNNING else message


def parents_first(messages: Iterable[Message]) -> tuple[Message, ...]:
    """In the given order as far as each one comes after its parent. A ring, which only damage makes, is cut."""
    found = {message.id: message for message in messages}
    ordered: dict[str, Message] = {}
    for message in found.values():
        chain: dict[str, Message] = {}
        above: Message | None = message
        while above is not None and above.id not in ordered and above.id not in chain:
            chain[above.id] = above
            above = found.get(above.parent_id or "")
        for link in reversed(chain.values()):
            cut = link.parent_id in chain and link.parent_id not in ordered
            ordered[link.id] = replace(link, parent_id=None) if cut else link
    return tuple(ordered.values())


def _content(attachments: Sequence[Attachment]) -> tuple[int, list[tuple[str, str, str, bytes]]]:
    """Damage may have cost one of two copies some of them."""
    return len(attachments), [(one.id, one.name, one.type, one.content) for one in attachments]


def _progress(message: Message) -> tuple[bool, int, int, str]:
    """How far a message has come; the text of all that it says decides between two that have come equally far."""
    content = json.dumps([getattr(message, name) for name in _CONTENT])
    length = len(message.text) + len(message.reasoning)
    return message.state is not State.INTERRUPTED, message.finished_at or 0, length, content


def _merged_fields(ours: _Copy, theirs: _Copy) -> _Copy:
    created_at = min(ours.created_at, theirs.created_at)
    values, stamps = {}, {}
    for name in ours.values:
        stamp, _, values[name] = max(ours.weight(name), theirs.weight(name))
        if stamp != created_at:
            stamps[name] = stamp
    return _Copy(created_at, values, stamps)


def _conversation(record: Record) -> _Copy:
    conversation = record.conversation
    values = {name: getattr(conversation, name) for name in FIELDS}
    return _Copy(conversation.created_at, {**values, "deleted_at": record.deleted_at}, record.stamps)


def _folder(record: FolderRecord) -> _Copy:
    values = {"name": record.folder.name, "deleted_at": record.deleted_at}
    return _Copy(record.folder.created_at, values, record.stamps)


def folder_of(record: Record) -> FolderRecord | None:
    if record.folder is None:
        return None
    return FolderRecord(record.folder, record.folder_stamps, record.folder_deleted_at)


def _merged_folder(ours: Record, theirs: Record, folder_id: str | None) -> FolderRecord | None:
    copies = [folder for record in (ours, theirs) if (folder := folder_of(record)) and folder.folder.id == folder_id]
    if not copies:
        return None
    return merged_folders(copies[0], copies[-1])
