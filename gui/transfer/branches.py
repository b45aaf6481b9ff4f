"""The branch of a record that is on show, and what there is beside it."""

from __future__ import annotations

import enum
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gui.conversation import Message
    from gui.history.record import Record


class Mark(enum.Enum):
    """Around another version of the message before, with what follows it."""

    BEGIN = 1
    END = 2


def branch(record: Record) -> list[Message]:
    """The messages on show, the first one first."""
    found = {message.id: message for message in record.messages}
    line: list[Message] = []
    message = found.pop(record.conversation.leaf_id or "", None)
    while message is not None:
        line.append(message)
        message = found.pop(message.parent_id or "", None)
    return line[::-1]


def with_versions(record: Record) -> Iterator[Message | Mark]:
    """All messages: those on show, after each one its other versions between Marks, and so on inside of them."""
    children: dict[str | None, list[Message]] = {}
    for message in record.messages:
        if message.removed:
            continue
        children.setdefault(message.parent_id, []).append(message)
    begun: set[str] = set()
    open_lines: list[Iterator[Message | Mark]] = [iter(branch(record))]
    while open_lines:
        one = next(open_lines[-1], None)
        if one is None:
            open_lines.pop()
            continue
        yield one
        if isinstance(one, Mark):
            continue
        if one.id == record.conversation.leaf_id:  # which need not be where its branch ends
            open_lines += _lines(children.get(one.id, ()), children, begun)
        if one.id not in begun:
            begun.add(one.id)
            open_lines += _lines(children.get(one.parent_id, ()), children, begun)


def _lines(
    versions: Iterable[Message], children: Mapping[str | None, Sequence[Message]], begun: set[str]
) -> list[Iterator[Message | Mark]]:
    """Those not begun yet, each with what follows it by the newest version each time; the last one first."""
    new = [version for version in versions if version.id not in begun]
    begun.update(version.id for version in new)
    return [chain((Mark.BEGIN,), _newest(version, children), (Mark.END,)) for version in reversed(new)]


def _newest(message: Message, children: Mapping[str | None, Sequence[Message]]) -> Iterator[Message]:
    following: Message | None = message
    while following is not None:
        yield following
        following = max(children.get(following.id, ()), key=lambda one: one.id, default=None)
