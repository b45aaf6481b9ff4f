"""A conversation's tree in short: what an overview of its branches shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.conversation import Role, State

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

BEGINNING = 200  # characters of each text


@dataclass(frozen=True, slots=True)
class Node:
    """A message without most of its text, of which there is the `beginning`. As of Message's fields."""

    id: str
    parent_id: str | None
    role: Role
    state: State
    beginning: str
    created_at: int
    connection: str
    model: str
    pinned: bool
    note: str


@dataclass(frozen=True, slots=True)
class Twig:
    """A row of the overview. `depth`: how many forks it stands aside of the branch on show, which stands at 0.
    `begins`: what it answers stands one depth less. `goes_on`: it has an answer at its own depth.
    """

    node: Node
    depth: int
    on_show: bool
    begins: bool
    goes_on: bool


def nodes(connection: sqlite3.Connection, conversation_id: str) -> list[Node]:
    """All that are not removed, in the order of time."""
    found = connection.execute(
        "SELECT id, parent_id, role, state, substr(text, 1, ?) AS beginning, created_at, connection, model, pinned,"
        " substr(note, 1, ?) AS note FROM message WHERE conversation_id = ? AND removed = 0 ORDER BY created_at, id",
        (BEGINNING, BEGINNING, conversation_id),
    )
    return [
        Node(
            row["id"],
            row["parent_id"],
            Role(row["role"]),
            State(row["state"]),
            row["beginning"],
            row["created_at"],
            row["connection"],
            row["model"],
            bool(row["pinned"]),
            " ".join(row["note"].split()),
        )
        for row in found.fetchall()
    ]


def twigs(found: Sequence[Node], on_show: frozenset[str]) -> list[Twig]:
    """Each message below the one that it answers: first its other versions with what follows them, one further aside,
    then the one on show, or else the newest, at the same depth.
    """
    children: dict[str | None, list[Node]] = {}
    there = {node.id for node in found}
    for node in found:
        parent = node.parent_id if node.parent_id in there else None
        children.setdefault(parent, []).append(node)
    rows: list[Twig] = []
    waiting = list(_below(children.get(None, ()), 0, on_show))
    while waiting:
        node, depth, begins = waiting.pop()
        answers = children.get(node.id, ())
        rows.append(Twig(node, depth, node.id in on_show, begins, bool(answers)))
        waiting += _below(answers, depth, on_show)
    return rows


def _below(versions: Sequence[Node], depth: int, on_show: frozenset[str]) -> Iterator[tuple[Node, int, bool]]:
    """Each with its depth, and whether that begins with it; the last one first: a stack is filled with them."""
    if not versions:
        return
    main = next((node for node in versions if node.id in on_show), versions[-1])
    yield main, depth, False
    for node in reversed(versions):
        if node is not main:
            yield node, depth + 1, True
