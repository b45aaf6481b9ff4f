"""What is removed for good: the rows, and every word of them from the indexes. Called inside of a transaction each.

SQLite overwrites what is deleted (secure_delete), but FTS5 only notes that a word is gone, and writes it down once more
for that; its bytes go when the index is merged into one. That is done in steps, so that whoever writes waits for one
of them at the most. A merge that was begun is in the file, and goes on at the next start.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from gui.conversation import State, now
from gui.history.rows import names_of_attachments
from gui.history.schema import SEARCH_TABLES, version_of
from gui.history.words import indexed, indexed_message

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

DAYS = 30
"""How long what was deleted can be had back."""

DAY = 86_400_000  # ms
AT_ONCE = 5  # conversations
STEP = 150  # pages of the index

SMALL = 256 * 2**20
"""Bytes of a file that is written anew within seconds."""

ROOM = 3
"""How many times its size has to be free for that."""

WITH_INDEXES, WITH_ATTACHMENTS, WITH_THEIR_NAMES = 2, 7, 8
"""The versions from which on a file has them."""

_REMOVABLE = """deleted_at >= 0 AND NOT EXISTS (
    SELECT 1 FROM message WHERE conversation_id = conversation.id AND runner IS NOT NULL)"""


def removable(connection: sqlite3.Connection, deleted_before: int, limit: int) -> list[str]:
    """The ids of at most `limit` conversations that are in the trash since before this moment, the oldest first."""
    query = f"SELECT id FROM conversation WHERE deleted_at < ? AND {_REMOVABLE} ORDER BY deleted_at LIMIT ?"  # noqa: S608
    return [row["id"] for row in connection.execute(query, (deleted_before, limit)).fetchall()]


def days_left(connection: sqlite3.Connection, moment: int, conversation_ids: Sequence[str]) -> dict[str, int]:
    """Until each of these is removed; 0: at the next start. Those that are not in the trash are left out."""
    left = {}
    for one in conversation_ids:
        row = connection.execute("SELECT deleted_at FROM conversation WHERE id = ?", (one,)).fetchone()
        if row is not None and row["deleted_at"] is not None:
            left[one] = max(-(-(row["deleted_at"] + DAYS * DAY - moment) // DAY), 0)
    return left


def remove(connection: sqlite3.Connection, conversation_ids: Sequence[str]) -> None:
    """Those of them that are in the trash and in which no reply runs, with all that was said in them. No import brings
    them back.
    """
    query = f"SELECT 1 FROM conversation WHERE id = ? AND {_REMOVABLE}"  # noqa: S608 -- ours
    for one in conversation_ids:
        if connection.execute(query, (one,)).fetchone():
            forget(connection, one)
            connection.execute("INSERT OR REPLACE INTO purged (id, purged_at) VALUES (?, ?)", (one, now()))
    begin_merging(connection)


def forget(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Take a conversation and its words out, if there is one of this id; then `begin_merging`. Also in a file of an
    older version.
    """
    row = connection.execute("SELECT number, title FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    if row is not None:
        if indexes(connection):
            _forget_words(connection, conversation_id, row["number"], row["title"])
        connection.execute(_BLANK, (conversation_id,))
        if version_of(connection) >= WITH_ATTACHMENTS:
            connection.execute(_BLANK_ATTACHMENTS, (conversation_id,))
        connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))


def forget_messages(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Take these out, and their words, but for what is left of them in the index until it is merged."""
    for number in numbers:
        row = connection.execute("SELECT number, id, text FROM message WHERE number = ?", (number,)).fetchone()
        _forget_message(connection, row, names_of_attachments(connection, row["id"]))
        connection.execute("DELETE FROM message WHERE number = ?", (number,))


def begin_merging(connection: sqlite3.Connection) -> None:
    """So that it goes on at the next start, if not before."""
    # FTS5 merges what it has written down, and it does that for a savepoint.
    connection.execute("SAVEPOINT words")
    connection.execute("RELEASE words")
    for index in indexes(connection):
        _merge(connection, index, -STEP)


# As long as it was, so that it is written to the same place: to delete a row may move those beside it to other pages,
# and where one was before nothing overwrites it.
_BLANK = """
UPDATE message SET text = substr(hex(zeroblob(length(CAST(text AS BLOB)))), 1, length(CAST(text AS BLOB))),
    reasoning = substr(hex(zeroblob(length(CAST(reasoning AS BLOB)))), 1, length(CAST(reasoning AS BLOB)))
WHERE conversation_id = ?
"""


_BLANK_ATTACHMENTS = """
UPDATE attachment SET content = zeroblob(length(content)), name = substr(hex(zeroblob(length(name))), 1, length(name))
WHERE message_id IN (SELECT id FROM message WHERE conversation_id = ?)
"""


def _forget_message(connection: sqlite3.Connection, row: sqlite3.Row, names: Sequence[str]) -> None:
    """Take the words of a message out of the index."""
    forget = "INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', ?, ?)"
    connection.execute(forget, (row["number"], indexed_message(row["text"], names)))


def _forget_words(connection: sqlite3.Connection, conversation_id: str, number: int, title: str) -> None:
    said = connection.execute(
        "SELECT number, id, text FROM message WHERE conversation_id = ? AND state <> ?",
        (conversation_id, State.RUNNING),
    ).fetchall()
    named = version_of(connection) >= WITH_THEIR_NAMES
    for row in said:
        _forget_message(connection, row, names_of_attachments(connection, row["id"]) if named else ())
    forget = "INSERT INTO title_words (title_words, rowid, title) VALUES ('delete', ?, ?)"
    connection.execute(forget, (number, indexed(title)))


def merge_step(connection: sqlite3.Connection, *, begin: bool) -> bool:
    """Go on with merging the indexes, or `begin` to where none was begun; whether there is more to do."""
    pages = -STEP if begin else STEP
    return sum(_merge(connection, index, pages) for index in indexes(connection)) > 0


def indexes(connection: sqlite3.Connection) -> Sequence[str]:
    return SEARCH_TABLES if version_of(connection) >= WITH_INDEXES else ()


def _merge(connection: sqlite3.Connection, index: str, pages: int) -> bool:
    before = connection.total_changes
    # The name is one of ours. A negative number makes one of all that the index is made of.
    connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608
    return connection.total_changes - before > 1


def write_anew(connection: sqlite3.Connection, file: Path) -> None:
    """The whole file, if it is small enough: rows that grew or were moved at any time left what they were in the unused
    room of their pages, which secure_delete does not know of. Outside of a transaction.
    """
    size = file.stat().st_size
    if size <= SMALL and shutil.disk_usage(file.parent).free > ROOM * size:
        connection.execute("VACUUM")


def cut_log(connection: sqlite3.Connection) -> None:
    """Write what is in the log into the file and cut it to nothing: what was removed is still in there. Outside of a
    transaction. While another process reads, it stays as it is; the next one that writes that much overwrites it.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
