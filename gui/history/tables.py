"""What the rows of each table look like, so that a row can be told by its looks alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from gui.history.pages import Cell, Value

FAULTS = 5
"""One value of so many may be of a wrong kind in a row that is still believed to be one of a table."""

COUNTED = {"unsent"}
"""The tables whose numbers SQLite counts (AUTOINCREMENT)."""

_KINDS = {"TEXT": str, "INTEGER": int, "BLOB": bytes}
_BLANKS: Mapping[str, Value] = {"TEXT": "", "INTEGER": 0, "BLOB": b""}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str  # TEXT, INTEGER or BLOB
    required: bool
    default: Value
    is_rowid: bool

    @property
    def blank(self) -> Value:
        """What stands for a value that is lost."""
        if self.default is not None or not self.required:
            return self.default
        return _BLANKS[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """What rows of it look like. Columns that came with an update are the last ones, and old rows lack them."""

    name: str
    columns: Sequence[Column]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def faults(self, cell: Cell) -> int | None:
        """How many values of `cell` are of a wrong kind; None if it is no row of this table."""
        if self.name == "purged" and cell.values and cell.values[0] in COUNTED:
            return None  # SQLite's own table of the last numbers looks the same
        lacking = self.columns[len(cell.values) :]
        if len(cell.values) > len(self.columns) or any(one.required and one.default is None for one in lacking):
            return None
        faults = 0
        for index, (column, value) in enumerate(zip(self.columns, cell.values, strict=False)):
            lost = cell.cut is not None and index >= cell.cut
            if _fits(column, value) and not (lost and _is_key(column)):
                continue
            if _is_key(column):
                return None
            faults += 1
        return faults if faults <= len(self.columns) // FAULTS else None

    def row(self, cell: Cell) -> list[Value]:
        """Its values, with what is lost made up."""
        row: list[Value] = []
        for index, column in enumerate(self.columns):
            value = cell.values[index] if index < len(cell.values) else column.default
            lost = cell.cut is not None and index >= cell.cut
            if column.is_rowid:
                value = cell.rowid
            elif not _fits(column, value) or (lost and not isinstance(value, str)):
                value = column.blank
            row.append(value)
        return row


def _fits(column: Column, value: Value) -> bool:
    if value is None:
        return column.is_rowid or not column.required
    return not column.is_rowid and isinstance(value, _KINDS[column.kind])


def _is_key(column: Column) -> bool:
    """Whether a row without it is nobody's."""
    return column.required and (column.name == "id" or column.name.endswith("_id"))


def tables(connection: sqlite3.Connection) -> list[Table]:
    """Those of today's schema that hold what cannot be made again."""
    found = []
    for name in names_of_tables(connection):
        columns = []
        for _number, column, kind, required, default, key in connection.execute(f"PRAGMA table_info({name})"):
            value = None if default is None else connection.execute(f"SELECT {default}").fetchone()[0]
            is_rowid = bool(key) and kind == "INTEGER"
            columns.append(Column(column, kind, bool(required), value, is_rowid))
        found.append(Table(name, columns))
    return found


def table_of(cell: Cell, among: Iterable[Table]) -> tuple[Table | None, int]:
    """The table that a row fits best, and in how many values it does not."""
    best: Table | None = None
    least = -1
    for table in among:
        faults = table.faults(cell)
        if faults is not None and (best is None or faults < least):
            best, least = table, faults
    return best, least


def names_of_tables(connection: sqlite3.Connection) -> list[str]:
    """The names of those that are not made of others."""
    query = (
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name"
    )
    return [name for (name,) in connection.execute(query)]
