"""Prompts and personas that a person keeps: the SQL. As in rows.py, every function is called inside of a transaction.

Two histories are merged by whole templates: the one that was changed last wins.
"""

from __future__ import annotations

from dataclasses import astuple, fields, replace
from typing import TYPE_CHECKING

from gui.conversation import Template, now
from gui.history import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_NAMES = [one.name for one in fields(Template)]
_PUT = (
    f"INSERT INTO template ({', '.join(_NAMES)}) VALUES ({', '.join(f':{one}' for one in _NAMES)})"  # noqa: S608 -- ours
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{one} = :{one}' for one in _NAMES)}"
)


def templates(connection: sqlite3.Connection) -> list[Template]:
    """Those that were not deleted, in the person's order."""
    found = connection.execute("SELECT * FROM template WHERE deleted_at IS NULL ORDER BY place, id")
    return [_template(row) for row in found.fetchall()]


def all_templates(connection: sqlite3.Connection) -> list[Template]:
    """Also what is left of those that were deleted."""
    return [_template(row) for row in connection.execute("SELECT * FROM template ORDER BY id").fetchall()]


def put(connection: sqlite3.Connection, templates: Sequence[Template]) -> None:
    """Add or change these, at this moment."""
    for one in templates:
        _put(connection, replace(cleaned(one), changed_at=_moment(_kept(connection, one.id))))


def delete(connection: sqlite3.Connection, template_id: str) -> None:
    """Nothing is left of it but that it is gone."""
    one = _kept(connection, template_id)
    if one is not None:
        moment = _moment(one)
        _put(connection, Template("", "", one.id, one.created_at, moment, deleted_at=moment))


def take(connection: sqlite3.Connection, theirs: Template) -> str:
    """Merge one of another history; return which of records.Taken's counts it is."""
    ours = _kept(connection, theirs.id)
    if ours is not None and merged(ours, theirs) == ours:
        return "unchanged"
    _put(connection, theirs)
    return "added" if ours is None else "changed"


def cleaned(one: Template) -> Template:
    """As it is kept."""
    return replace(
        one,
        name=rows.clean(one.name),
        text=rows.clean(one.text),
        id=rows.clean(one.id),
        connection=rows.clean(one.connection),
        model=rows.clean(one.model),
        options=rows.clean(one.options),
    )


def merged(ours: Template, theirs: Template) -> Template:
    """Both are of one id."""
    return max(ours, theirs, key=lambda one: (one.changed_at, one.deleted_at is not None, repr(astuple(one))))


def _moment(before: Template | None) -> int:
    """Of a change: later than the one before, which may be by a clock that goes ahead of ours."""
    return now() if before is None else max(now(), before.changed_at + 1)


def _kept(connection: sqlite3.Connection, template_id: str) -> Template | None:
    found = connection.execute("SELECT * FROM template WHERE id = ?", (template_id,)).fetchone()
    return None if found is None else _template(found)


def _put(connection: sqlite3.Connection, one: Template) -> None:
    connection.execute(_PUT, {name: getattr(one, name) for name in _NAMES})


def _template(row: sqlite3.Row) -> Template:
    return Template(**{name: row[name] for name in _NAMES} | {"is_persona": bool(row["is_persona"])})
