"""The conversations as a list of any length: which sections it has, how many are in each, and any part of one.

Nothing here reads more than what is asked for: what is counted and skipped stands in an index.
Every function is called inside of a transaction.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gui.history import rows
from gui.history.folders import folders
from gui.history.words import sortable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from gui.conversation import Conversation, Folder


class View(enum.StrEnum):
    """What a person looks at: what there is, what was put away, what was deleted."""

    MAIN = "main"
    ARCHIVE = "archive"
    TRASH = "trash"


class Order(enum.StrEnum):
    CHANGED = "changed"
    CREATED = "created"
    TITLE = "title"


class Kind(enum.StrEnum):
    PINNED = "pinned"
    FOLDER = "folder"
    DAY = "day"  # one day, or the few from `begin` to `end`
    MONTH = "month"
    ALL = "all"
    ARCHIVE = "archive"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Section:
    """Conversations that stand under one heading. `begin` and `end`, in milliseconds since the epoch, are those of a
    DAY or a MONTH: the time that Order names is at `begin` or later, and before `end`.
    """

    kind: Kind
    order: Order
    count: int
    folder: Folder | None = None
    begin: int = 0
    end: int = 0


_TIME = {Order.CHANGED: "updated_at", Order.CREATED: "created_at"}
_SORTED = {
    Order.CHANGED: "updated_at DESC, id DESC",
    Order.CREATED: "created_at DESC, id DESC",
    Order.TITLE: "sorted_as, id",
}
_LOOSE = "deleted_at IS NULL AND archived = 0 AND pinned = 0 AND folder_id IS NULL"
_WHERE = {
    # The + keeps it from the index of all that is not archived: the few that are pinned have one of their own.
    Kind.PINNED: "deleted_at IS NULL AND +archived = 0 AND pinned = 1",
    Kind.FOLDER: "deleted_at IS NULL AND archived = 0 AND pinned = 0 AND folder_id = :folder",
    Kind.DAY: _LOOSE + " AND {time} >= :begin AND {time} < :end",
    Kind.MONTH: _LOOSE + " AND {time} >= :begin AND {time} < :end",
    Kind.ALL: _LOOSE,
    Kind.ARCHIVE: "deleted_at IS NULL AND archived = 1",
    Kind.TRASH: "deleted_at >= 0",  # it is less in what nobody is to see yet
}


def sections(connection: sqlite3.Connection, view: View, order: Order, enough: int | None = None) -> list[Section]:
    """Empty ones are left out, but for folders. The archive is always in the order of change, the trash in that of
    deletion. `enough`: stop when there are so many conversations in them; the last one may have more than it says.
    """
    found: list[Section] = []
    left = -1 if enough is None else enough  # to SQLite, -1 is no limit
    for section in _all_sections(connection, view, order):
        where, values = _condition(section)
        query = f"SELECT count(*) FROM (SELECT 1 FROM conversation WHERE {where} LIMIT :left)"  # noqa: S608 -- ours
        (count,) = connection.execute(query, values | {"left": left}).fetchone()
        if count or section.kind is Kind.FOLDER:
            found.append(replace(section, count=count))
        if enough is not None:
            left -= count
            if left <= 0:
                break
    return found


def _all_sections(connection: sqlite3.Connection, view: View, order: Order) -> Iterator[Section]:
    if view is not View.MAIN:
        yield Section(Kind(view), Order.CHANGED, 0)
        return
    yield Section(Kind.PINNED, order, 0)
    for folder in folders(connection):
        yield Section(Kind.FOLDER, order, 0, folder)
    if order is Order.TITLE:
        yield Section(Kind.ALL, order, 0)
    else:
        yield from _periods(connection, order)


def part(connection: sqlite3.Connection, section: Section, offset: int, limit: int) -> list[Conversation]:
    """`limit` of its conversations from the one at `offset` on. There may be others by now than were counted."""
    where, values = _condition(section)
    found = connection.execute(
        f"SELECT * FROM conversation WHERE {where} ORDER BY {_sorting(section)} LIMIT :limit OFFSET :offset",  # noqa: S608 -- ours
        values | {"limit": limit, "offset": offset},
    )
    return [rows.to_conversation(row) for row in found.fetchall()]


def first_titled(
    connection: sqlite3.Connection, spans: Iterable[tuple[Section, int, int]], begin: str
) -> tuple[Section, int] | None:
    """The first conversation whose title begins so, in letters of whatever case: its section and its offset there.
    `spans`: where to look, one after the other: section, offset, how many.
    """
    wanted = sortable(begin)
    for section, offset, count in spans:
        where, values = _condition(section)
        found = connection.execute(
            f"SELECT place FROM (SELECT row_number() OVER (ORDER BY {_sorting(section)}) - 1 AS place, sorted_as"  # noqa: S608
            f" FROM conversation WHERE {where} LIMIT :last)"
            " WHERE place >= :offset AND substr(sorted_as, 1, :length) = :wanted ORDER BY place LIMIT 1",
            values | {"offset": offset, "last": offset + count, "length": len(wanted), "wanted": wanted},
        ).fetchone()
        if found is not None:
            return section, found["place"]
    return None


def _sorting(section: Section) -> str:
    return "deleted_at DESC, id DESC" if section.kind is Kind.TRASH else _SORTED[section.order]


def _condition(section: Section) -> tuple[str, dict[str, str | int | None]]:
    where = _WHERE[section.kind].format(time=_TIME.get(section.order, ""))
    folder = section.folder.id if section.folder else None
    return where, {"folder": folder, "begin": section.begin, "end": section.end}


def _periods(connection: sqlite3.Connection, order: Order) -> Iterator[Section]:
    """Today, yesterday, the seven days before, and the months before that in which there is something."""
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    today, yesterday, week = (_milliseconds(midnight - timedelta(days=days)) for days in (0, 1, 7))
    yield Section(Kind.DAY, order, 0, begin=today, end=2**63 - 1)
    yield Section(Kind.DAY, order, 0, begin=yesterday, end=today)
    yield Section(Kind.DAY, order, 0, begin=week, end=yesterday)
    time = _TIME[order]
    query = f"SELECT max({time}) FROM conversation WHERE {_LOOSE} AND {time} < ?"  # noqa: S608 -- ours
    end = week
    while (newest := connection.execute(query, (end,)).fetchone()[0]) is not None:
        first = _month(newest)
        yield Section(Kind.MONTH, order, 0, begin=first, end=end)
        end = first


def _month(moment: int) -> int:
    """When the month began in which this moment is; for a time that no calendar here has, the beginning of all."""
    try:
        local = datetime.fromtimestamp(moment / 1000).astimezone().replace(tzinfo=None)
        return _milliseconds(local.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    except (ValueError, OverflowError, OSError):
        return -(2**63)


def _milliseconds(local: datetime) -> int:
    return round(local.astimezone().timestamp() * 1000)
