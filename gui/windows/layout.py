"""How the panes stand in their windows, as plain values that are kept in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_TABS = 200
"""Of a file that somebody else has written."""

MOST_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is: the message at the top, letters from its beginning, and px of these from the top."""

    message_id: str
    letters: int
    top: int


@dataclass(frozen=True, slots=True)
class Tab:
    """A pane. `is_new`: nothing was said in its conversation yet. `place`: None for the latest message. `leaf_id`: of
    the branch that it holds on to, beside others; "" for the one on show.
    """

    conversation_id: str
    is_new: bool = False
    place: Place | None = None
    leaf_id: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A group of tabs; `front` is the one that is shown, `active` tells the group that has the keys."""

    tabs: tuple[Tab, ...]
    front: int = 0
    active: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """Nodes side by side, or one above the other if `down`; `sizes` in px, or none."""

    parts: tuple[Node, ...]
    down: bool = False
    sizes: tuple[int, ...] = ()


Node = Leaf | Split


@dataclass(frozen=True, slots=True)
class OwnWindow:
    """One beside the main window. `geometry` is Qt's, in base 64."""

    node: Node
    geometry: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """`main` is what stands in the main window; None for nothing."""

    main: Node | None = None
    windows: tuple[OwnWindow, ...] = ()


def leaves(node: Node) -> Iterator[Leaf]:
    """From left to right, from the top to the bottom."""
    if isinstance(node, Leaf):
        yield node
        return
    for part in node.parts:
        yield from leaves(part)


def tabs(layout: Layout) -> Iterator[Tab]:
    """All of them, those of the main window first."""
    for node in (layout.main, *(one.node for one in layout.windows)):
        if node is not None:
            for leaf in leaves(node):
                yield from leaf.tabs


def from_ids(conversation_ids: list[str], front: object) -> Layout:
    """One group, as versions before panes could be split have kept it."""
    if not conversation_ids:
        return Layout()
    place = conversation_ids.index(front) if isinstance(front, str) and front in conversation_ids else 0
    return Layout(Leaf(tuple(Tab(one) for one in conversation_ids), place, active=True))


# -- as JSON ----------------------------------------------------------------------------------------------------------


def to_json(layout: Layout) -> dict[str, Any]:
    windows = [{"geometry": one.geometry, "panes": _node_to_json(one.node)} for one in layout.windows]
    return {"panes": _node_to_json(layout.main) if layout.main else None, "windows": windows}


def from_json(value: dict[str, Any]) -> Layout:
    """What of `value` is a layout; the rest counts for nothing."""
    room = [MOST_TABS]
    main = _node(value.get("panes"), room, MOST_DEPTH)
    windows = []
    for one in _list(value.get("windows")):
        node = _node(one.get("panes"), room, MOST_DEPTH) if isinstance(one, dict) else None
        if node is not None:
            geometry = one.get("geometry")
            windows.append(OwnWindow(node, geometry if isinstance(geometry, str) else ""))
    return Layout(main, tuple(windows))


def _node_to_json(node: Node) -> dict[str, Any]:
    if isinstance(node, Split):
        parts = [_node_to_json(part) for part in node.parts]
        return {"split": "down" if node.down else "right", "sizes": list(node.sizes), "parts": parts}
    kept: dict[str, Any] = {"tabs": [_tab_to_json(tab) for tab in node.tabs], "front": node.front}
    return {**kept, "active": True} if node.active else kept


def _tab_to_json(tab: Tab) -> dict[str, Any]:
    kept: dict[str, Any] = {"conversation": tab.conversation_id}
    if tab.is_new:
        kept["new"] = True
    if tab.place is not None:
        kept["place"] = [tab.place.message_id, tab.place.letters, tab.place.top]
    if tab.leaf_id:
        kept["leaf"] = tab.leaf_id
    return kept


def _node(value: object, room: list[int], depth: int) -> Node | None:
    if not isinstance(value, dict) or depth == 0:
        return None
    if "split" in value:
        parts = [_node(part, room, depth - 1) for part in _list(value.get("parts"))]
        sizes = _list(value.get("sizes"))
        fits = len(sizes) == len(parts) and all(isinstance(size, int) and size >= 0 for size in sizes)
        whole = [part for part in parts if part is not None]
        if len(whole) < 2:  # noqa: PLR2004 -- one alone is not split
            return whole[0] if whole else None
        return Split(tuple(whole), value["split"] == "down", tuple(sizes) if fits and None not in parts else ())
    found = [tab for one in _list(value.get("tabs")) if (tab := _tab(one)) is not None][: room[0]]
    room[0] -= len(found)
    front = value.get("front")
    at = front if isinstance(front, int) and 0 <= front < len(found) else 0
    return Leaf(tuple(found), at, value.get("active") is True) if found else None


def _tab(value: object) -> Tab | None:
    if not isinstance(value, dict) or not isinstance(value.get("conversation"), str):
        return None
    leaf = value.get("leaf")
    leaf_id = leaf if isinstance(leaf, str) else ""
    return Tab(value["conversation"], value.get("new") is True, _place(value.get("place")), leaf_id)


def _place(value: object) -> Place | None:
    match value:
        case [str(message_id), int(letters), int(top)]:
            return Place(message_id, max(letters, 0), top)
        case _:
            return None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
