"""What the model panel lists: rows made of connections and of what is known of their models."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gui.chat.models import ModelList
    from gui.settings.connections import Connection

FEW = 6
"""Models of a connection that are listed before somebody asks for more."""


class Kind(enum.Enum):
    HEADING = enum.auto()  # a connection's name above its models; cannot be chosen
    MODEL = enum.auto()
    MORE = enum.auto()  # there are `count` more models
    TYPED = enum.auto()  # a name that is on no list, to be used as it is


@dataclass(frozen=True, slots=True)
class Row:
    """`model` is "" for a connection that chooses for itself. `note`: what a heading has to say."""

    kind: Kind
    connection: Connection
    model: str = ""
    context: int | None = None
    favourite: bool = False
    count: int = 0
    note: str = ""


def rows_for(
    connections: Sequence[Connection],
    known: Callable[[Connection], ModelList | None],
    notes: Mapping[str, str],
    typed: str,
    unfolded: frozenset[str],
) -> list[Row]:
    """`typed` is looked for in names of models and connections: those that have it come before those that would have to
    take it as it is. `unfolded` are the ids of those shown as a whole.
    """
    found: list[Row] = []
    unlisted: list[Row] = []
    for connection in connections:
        if connection.provider != "openai":
            if _fits(typed, connection.name):
                found.append(Row(Kind.MODEL, connection))
            continue
        models = list(_models(connection, known(connection)))
        fitting = [row for row in models if _fits(typed, f"{connection.name} {row.model}")]
        heading = Row(Kind.HEADING, connection, note=notes.get(connection.id, ""))
        is_new = bool(typed) and all(row.model != typed for row in models)
        if not fitting and not is_new and typed:
            continue
        rows = found if fitting or not typed else unlisted
        rows.append(heading)
        short = not typed and connection.id not in unfolded and len(connections) > 1 and len(fitting) > FEW + 1
        rows += fitting[:FEW] if short else fitting
        if short:
            rows.append(Row(Kind.MORE, connection, count=len(fitting) - FEW))
        if is_new:
            rows.append(Row(Kind.TYPED, connection, typed))
    return found + unlisted


def _models(connection: Connection, known: ModelList | None) -> Iterator[Row]:
    """Favourites and the connection's own first, then as the server has them."""
    contexts = {model.id: model.context for model in known.models} if known else {}
    first = [*connection.favourites, *([connection.model] if connection.model else [])]
    for name in dict.fromkeys([*first, *contexts]):
        yield Row(Kind.MODEL, connection, name, contexts.get(name), name in connection.favourites)


def _fits(typed: str, name: str) -> bool:
    """Each of the words is in it."""
    folded = name.casefold()
    return all(word in folded for word in typed.casefold().split())


def short_count(tokens: int) -> str:
    """131072 → 128k, 200000 → 200k, 1048576 → 1M."""
    for unit, letter in ((1024 * 1024, "M"), (1000 * 1000, "M"), (1024, "k"), (1000, "k")):
        if tokens >= unit and tokens % unit == 0:
            return f"{tokens // unit}{letter}"
    return f"{round(tokens / 1000)}k" if tokens >= 1000 else str(tokens)  # noqa: PLR2004 -- a thousand
