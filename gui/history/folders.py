"""Folders: the SQL of where conversations are kept. Every function is called inside of a transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gui.conversation import Folder, now
from gui.history import rows
from gui.history.words import sortable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence


# One that was deleted on one machine while another put something in it is still where that is.
ALL = """
SELECT id, name, created_at FROM folder WHERE deleted_at IS NULL OR EXISTS (
    SELECT 1 FROM conversation
    WHERE folder_id = folder.id AND conversation.deleted_at IS NULL AND archived = 0 AND pinned = 0)
"""


def folders(connection: sqlite3.Connection) -> list[Folder]:
    found = connection.execute(ALL).fetchall()
    return sorted((Folder(row["name"], row["id"], row["created_at"]) for row in found), key=_order)


def _order(folder: Folder) -> tuple[str, str]:
    return sortable(folder.name), folder.id


def add(connection: sqlite3.Connection, folder: Folder) -> None:
    connection.execute(
        "INSERT INTO folder (id, name, created_at, stamps) VALUES (?, ?, ?, '{}')",
        (folder.id, rows.clean(folder.name), folder.created_at),
    )


def rename(connection: sqlite3.Connection, folder_id: str, name: str) -> None:
    _change(connection, folder_id, "name", rows.clean(name))


def delete(connection: sqlite3.Connection, folder_id: str) -> list[str]:
    """The ids of the conversations that were in it, and are in no folder now."""
    found = connection.execute("SELECT id FROM conversation WHERE folder_id = ?", (folder_id,)).fetchall()
    inside = [row["id"] for row in found]
    _change(connection, folder_id, "deleted_at", now())
    put(connection, dict.fromkeys(inside))
    return inside


def restore(connection: sqlite3.Connection, folder_id: str, inside: Sequence[str]) -> None:
    _change(connection, folder_id, "deleted_at", None)
    put(connection, dict.fromkeys(inside, folder_id))


def put(connection: sqlite3.Connection, places: Mapping[str, str | None]) -> dict[str, str | None]:
    """Conversations in folders; where they were. Those that are not there any more are passed over."""
    before: dict[str, str | None] = {}
    for one, folder_id in places.items():
        row = connection.execute("SELECT folder_id FROM conversation WHERE id = ?", (one,)).fetchone()
        if row is None or row["folder_id"] == folder_id:
            continue
        before[one] = row["folder_id"]
        connection.execute("UPDATE conversation SET folder_id = ? WHERE id = ?", (folder_id, one))
        rows.stamp(connection, one, "folder_id")
    return before


def _change(connection: sqlite3.Connection, folder_id: str, name: str, value: str | int | None) -> None:
    row = connection.execute("SELECT stamps, created_at FROM folder WHERE id = ?", (folder_id,)).fetchone()
    if row is None:
        raise LookupError(f"there is no folder {folder_id}")
    stamps = json.loads(row["stamps"])
    stamps[name] = rows.later(stamps.get(name, row["created_at"]))
    # `name` is one of ours.
    connection.execute(f"UPDATE folder SET {name} = ?, stamps = ? WHERE id = ?", (value, json.dumps(stamps), folder_id))  # noqa: S608
