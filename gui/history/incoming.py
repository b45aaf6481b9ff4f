"""What is taken in, written a portion at a time: whoever writes meanwhile waits for one portion at the most.

Nobody sees any of it before all of it is there. New conversations are HIDDEN until the last step, which is short: it
shows them, and does what has to be done to those that were here. Where it does not come to that, what is hidden is
taken out again: by whoever takes something in next, or with what is too old for the trash. Every function is called
inside of a transaction.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from gui.conversation import Template
from gui.history import outbox, records, rows, trash
from gui.history.merging import folder_of, merged, merged_folders
from gui.history.record import FolderRecord, Purged, Record
from gui.history.records import Incomplete, Taken
from gui.history.rows import HIDDEN

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from gui.history.record import Item

PORTION = 0.05
"""Seconds that one takes, about."""

AT_ONCE = 100
"""Messages that are taken out again in one portion."""


class Incoming:
    """`write` as long as there is more, each time in a transaction, then `show`.

    Both raise what records.take_in raises, and what going through `items` does; then it is over, and `take_out` is for
    what was written until then. No other process may take in anything meanwhile.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self._connection: sqlite3.Connection
        self._steps = self._all(items)
        self._hidden: dict[str, tuple[int | None, str | None]] = {}  # what their deleted_at and folder_id will be
        self._folders: list[FolderRecord] = []
        self._their_folders: dict[str, FolderRecord] = {}  # of the hidden ones
        self._rest: list[Item] = []
        self._purged: set[str] = set()
        self._unchanged = 0
        self._messages = 0

    def write(self, connection: sqlite3.Connection) -> bool:
        """Some more, which nobody sees; whether there is more."""
        self._connection = connection
        end = time.monotonic() + PORTION
        with outbox.unnoted(connection):
            for _ in self._steps:
                if time.monotonic() > end:
                    return True
        return False

    def show(self, connection: sqlite3.Connection) -> Taken:
        taken = records.take_in(connection, self._folders)
        for folder in self._their_folders.values():
            records.take_folder(connection, folder)
        with outbox.unnoted(connection):
            connection.executemany(
                f"UPDATE conversation SET deleted_at = ?, folder_id = ? WHERE id = ? AND deleted_at = {HIDDEN}",  # noqa: S608
                ((*values, one) for one, values in self._hidden.items()),
            )
        outbox.note_whole(connection, self._hidden)
        new = Taken(len(self._hidden), 0, self._unchanged, self._messages, conversation_ids=frozenset(self._hidden))
        return taken + new + records.take_in(connection, self._rest)

    def _all(self, items: Iterable[Item]) -> Iterator[None]:
        for item in items:
            if isinstance(item, FolderRecord):
                self._folders.append(item)
            elif isinstance(item, Template):
                self._rest.append(item)
            elif isinstance(item, Purged):
                self._rest.append(item)
                self._purged.add(item.id)
            elif item.conversation.id in self._purged or records.is_purged(self._connection, item.conversation.id):
                self._unchanged += 1
            elif item.conversation.id in self._hidden:
                self._rest.append(item)
            elif records.is_here(self._connection, item.conversation.id):
                news = records.news(self._connection, records.cleaned(item))
                if news is None:
                    self._unchanged += 1
                else:
                    self._rest.append(news)
            else:
                yield from self._add(records.cleaned(item))
            yield

    def _has_folder(self, folder_id: str) -> bool:
        return (
            folder_id in self._their_folders
            or any(one.folder.id == folder_id for one in self._folders)
            or records.folder_record(self._connection, folder_id) is not None
        )

    def _add(self, theirs: Record) -> Iterator[None]:
        """A new conversation, message by message."""
        conversation = theirs.conversation
        folder_id = conversation.folder_id
        if folder_id and (folder := folder_of(theirs)):
            self._their_folders[folder_id] = merged_folders(self._their_folders.get(folder_id, folder), folder)
        if folder_id and not self._has_folder(folder_id):
            raise Incomplete(conversation.id, "", f"folder {folder_id} is not there")
        loose = replace(theirs, conversation=replace(conversation, folder_id=None), folder=None)
        kept = records.kept_messages(self._connection, loose)
        loose, missing = records.standing(self._connection, loose, kept)
        if missing:
            raise Incomplete(conversation.id, "", f"{missing} is not there")
        one = merged(loose, replace(loose, messages=()))
        self._hidden[conversation.id] = one.deleted_at, folder_id
        rows.add_conversation(self._connection, replace(loose.conversation, leaf_id=None))
        hidden = replace(one, deleted_at=HIDDEN)
        records.update(self._connection, None, replace(hidden, conversation=replace(one.conversation, leaf_id=None)))
        for message in loose.messages:
            added, _changed = records.take_messages(self._connection, [message], kept)
            self._messages += added
            yield
        records.update(self._connection, None, hidden)


def is_left(connection: sqlite3.Connection) -> bool:
    """Whether there is something that was written and came to no end, where nobody is taking in anything."""
    return _any(connection) is not None


def take_out(connection: sqlite3.Connection) -> None:
    """Some of that."""
    hidden = _any(connection)
    if hidden is None:
        return
    connection.execute("UPDATE conversation SET leaf_id = NULL WHERE id = ?", (hidden["id"],))
    # The last ones first: with a message go those below it, without their words.
    newest = "SELECT number FROM message WHERE conversation_id = ? ORDER BY number DESC LIMIT ?"
    numbers = [row["number"] for row in connection.execute(newest, (hidden["id"], AT_ONCE)).fetchall()]
    trash.forget_messages(connection, numbers)
    if len(numbers) < AT_ONCE:
        trash.forget(connection, hidden["id"])


def _any(connection: sqlite3.Connection) -> sqlite3.Row | None:
    found = connection.execute("SELECT id FROM conversation WHERE deleted_at = ? LIMIT 1", (HIDDEN,))
    row: sqlite3.Row | None = found.fetchone()
    return row
