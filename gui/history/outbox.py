"""What a sync folder still has to be told, and what of it is known here: the SQL of sync.py.

Every function is called inside of a transaction. The triggers of schema.py note what changes.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.conversation import new_id
from gui.history import records, templates
from gui.history.record import Record
from gui.history.rows import HIDDEN

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from gui.conversation import Message
    from gui.history.record import Item
    from gui.history.records import Taken

ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MACHINE = re.compile(ID)

AT_ONCE = 500
"""Changes that are looked at in one go: the history's thread has other things to do too."""

MOST_MESSAGES, MOST_LETTERS = 1000, 2**20
"""Of a part in which a long conversation is written, and taken in."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`numbers`: of what was still to be written, and is by `items`. `letters` of text are in them, about."""

    numbers: Sequence[int]
    items: Sequence[Item]
    letters: int


def begin(connection: sqlite3.Connection, home: str) -> str:
    """Note all changes from now on, and at the first time everything; return the name of this copy in the folder.

    `home` tells where the copy is: one that was copied to another place is another copy.
    """
    row = connection.execute("SELECT machine, home FROM sync").fetchone()
    if row is not None and row["home"] == home:
        return str(row["machine"])
    machine = new_id()
    connection.execute("DELETE FROM sync")
    connection.execute("INSERT INTO sync (machine, home, recording) VALUES (?, ?, 1)", (machine, home))
    note_everything(connection)
    return machine


def note_everything(connection: sqlite3.Connection) -> None:
    """All there is has to be written anew."""
    connection.execute("INSERT OR REPLACE INTO unsent (kind, id) SELECT 'folder', id FROM folder")
    connection.execute(
        "INSERT OR REPLACE INTO unsent (kind, id) SELECT 'whole', id FROM conversation"
        " WHERE deleted_at IS NOT ? ORDER BY number",
        (HIDDEN,),
    )
    connection.execute("INSERT OR REPLACE INTO unsent (kind, id) SELECT 'purged', id FROM purged")
    connection.execute("INSERT OR REPLACE INTO unsent (kind, id) SELECT 'template', id FROM template")


def begin_anew(connection: sqlite3.Connection) -> None:
    """After a part of the history was lost: the folder is to give back what it has, and to be told everything, since
    what was still to be told may be lost too. The files that this copy wrote there stay its own.
    """
    connection.execute("DELETE FROM taken")
    connection.execute("DELETE FROM unsent")
    # There may be traces of an earlier name; and nobody looks into a folder whose name is none.
    names = [name for (name,) in connection.execute("SELECT machine FROM sync") if MACHINE.fullmatch(name)]
    connection.execute("DELETE FROM sync WHERE machine IS NOT ?", (max(names, default=None),))
    connection.execute("UPDATE sync SET recording = 1")
    if names:
        note_everything(connection)


@contextmanager
def unnoted(connection: sqlite3.Connection) -> Iterator[None]:
    """What changes in here is not to be written there."""
    connection.execute("UPDATE sync SET recording = 0")
    yield
    connection.execute("UPDATE sync SET recording = 1")


def note_whole(connection: sqlite3.Connection, conversation_ids: Iterable[str]) -> None:
    """These have to be written with all their messages, if there is a folder."""
    if connection.execute("SELECT 1 FROM sync").fetchone():
        note = "INSERT OR REPLACE INTO unsent (kind, id) VALUES ('whole', ?)"
        connection.executemany(note, ((one,) for one in conversation_ids))


def batch(connection: sqlite3.Connection, after: int) -> Batch:
    """Some of what is to be written, of the numbers beyond `after`.

    Nothing of a conversation in which a reply runs: that comes when it has ended.
    """
    found = connection.execute(
        "SELECT unsent.number, kind, unsent.id, coalesce(message.conversation_id, unsent.id) AS about,"
        " EXISTS (SELECT 1 FROM message AS reply WHERE reply.runner IS NOT NULL"
        "  AND reply.conversation_id = coalesce(message.conversation_id, unsent.id)) AS running"
        " FROM unsent LEFT JOIN message ON kind = 'message' AND message.id = unsent.id"
        " WHERE unsent.number > ? AND NOT running ORDER BY unsent.number LIMIT ?",
        (after, AT_ONCE),
    ).fetchall()
    wanted: dict[str, list[sqlite3.Row]] = {}
    for row in found:
        wanted.setdefault(row["about"], []).append(row)
    numbers: list[int] = []
    items: list[Item] = []
    count = letters = 0
    for about, changes in wanted.items():
        numbers += [row["number"] for row in changes]
        for item in _items(connection, about, changes):
            items.append(item)
            if isinstance(item, Record):
                count += len(item.messages)
                letters += sum(map(_length, item.messages))
        if count >= MOST_MESSAGES:
            break
    return Batch(numbers, items, letters)


def _items(connection: sqlite3.Connection, about: str, changes: Sequence[sqlite3.Row]) -> Iterable[Item]:
    """What there is to say of this conversation or folder; nothing of one that is not there any more."""
    kinds = {row["kind"] for row in changes}
    if "purged" in kinds:
        return [one for one in records.purged(connection) if one.id == about]
    if "folder" in kinds:
        return [one for one in records.folder_records(connection) if one.folder.id == about]
    if "template" in kinds:
        return [one for one in templates.all_templates(connection) if one.id == about]
    messages = None if "whole" in kinds else [row["id"] for row in changes if row["kind"] == "message"]
    return _parts(connection, about, messages)


def sent(connection: sqlite3.Connection, numbers: Sequence[int], files: Iterable[str]) -> None:
    """What was changed again meanwhile has another number, and stays."""
    connection.executemany("DELETE FROM unsent WHERE number = ?", [(number,) for number in numbers])
    mark_taken(connection, files)


def take_in(connection: sqlite3.Connection, items: Iterable[Item]) -> Taken:
    """As records.take_in, also partly, and without writing it to the folder again, where it came from."""
    with unnoted(connection):
        return records.take_in(connection, items, partly=True)


def taken(connection: sqlite3.Connection) -> set[str]:
    return {row["file"] for row in connection.execute("SELECT file FROM taken")}


def mark_taken(connection: sqlite3.Connection, files: Iterable[str]) -> None:
    connection.executemany("INSERT OR IGNORE INTO taken (file) VALUES (?)", [(file,) for file in files])


def forget_taken(connection: sqlite3.Connection, files: Iterable[str]) -> None:
    connection.executemany("DELETE FROM taken WHERE file = ?", [(file,) for file in files])


def purged_ids(connection: sqlite3.Connection) -> set[str]:
    return {row["id"] for row in connection.execute("SELECT id FROM purged")}


def _parts(connection: sqlite3.Connection, conversation_id: str, message_ids: Sequence[str] | None) -> Iterator[Record]:
    """A conversation with these of its messages, or with all of them: in as many records as they fill."""
    record = records.record(connection, conversation_id, message_ids)
    if record is None:
        return
    *most, last = _slices(record.messages)
    for part in most:
        # Which message it ends with is said by the last part, which has it.
        headless = replace(record.conversation, leaf_id=None)
        stamps = {name: stamp for name, stamp in record.stamps.items() if name != "leaf_id"}
        yield replace(record, conversation=headless, stamps=stamps, messages=part)
    yield replace(record, messages=last)


def _slices(messages: Sequence[Message]) -> Iterator[tuple[Message, ...]]:
    part: list[Message] = []
    letters = 0
    for message in messages:
        part.append(message)
        letters += _length(message)
        if len(part) >= MOST_MESSAGES or letters >= MOST_LETTERS:
            yield tuple(part)
            part, letters = [], 0
    yield tuple(part)


def _length(message: Message) -> int:
    """In letters of the file, about."""
    return len(message.text) + len(message.reasoning) + sum(len(one.content) * 4 // 3 for one in message.attachments)
