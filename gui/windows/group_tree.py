"""The groups of one window: splitters within splitters, whose leaves are groups of tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from gui.windows.group import Group, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gui.windows.layout import Leaf, Node

    _Spot = tuple[QSplitter | None, int, list[int]]


class GroupTree(QFrame):
    """There is always a group in it. Signals: resized() -- with a handle between two groups."""

    resized = Signal()

    def __init__(self, make_group: Callable[[], Group]) -> None:
        super().__init__()
        self._make_group = make_group
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.active = make_group()
        """The one that has the keys, or had them last."""
        self._root: QWidget = self.active
        self._layout.addWidget(self._root)

    def groups(self) -> list[Group]:
        """From left to right, from the top to the bottom."""
        return list(_groups(self._root))

    def split(self, group: Group, side: Side) -> Group:
        """A new, empty group that takes this half of the room of `group`."""
        made = self._make_group()
        place = 0 if side.is_before else 1
        around = self._around(group)
        if around is not None and _is_down(around) is side.is_vertical:
            sizes = around.sizes()
            at = around.indexOf(group)
            half = sizes[at] // 2
            sizes[at : at + 1] = [half, sizes[at] - half]
            around.insertWidget(at + place, made)
            around.setSizes(sizes)
            return made
        room = group.height() if side.is_vertical else group.width()
        splitter = self._make_splitter(down=side.is_vertical)
        splitter.resize(group.size())  # or it would divide what it does not have
        spot = self._spot(group)
        splitter.addWidget(group)
        splitter.insertWidget(place, made)
        self._put(splitter, spot)  # an empty one would get no room
        group.show()
        made.show()
        splitter.setSizes([room // 2, room - room // 2])
        return made

    def even(self, groups: Sequence[Group]) -> None:
        """Give these, which stand beside each other, the same share of the room that they have."""
        around = self._around(groups[0])
        if around is not None:
            sizes, places = around.sizes(), [around.indexOf(group) for group in groups]
            room = sum(sizes[place] for place in places)
            for place in places:
                sizes[place] = room // len(groups)
            around.setSizes(sizes)

    def remove(self, group: Group) -> None:
        """Give its room to its neighbours; it is not the last one."""
        around = cast("QSplitter", self._around(group))
        if self.active is group:
            groups = self.groups()
            at = groups.index(group)
            self.active = groups[at - 1 if at else 1]
        group.hide()
        group.setParent(None)
        group.deleteLater()
        if around.count() == 1:
            (last,) = _parts(around)
            spot = self._spot(around)
            last.setParent(None)
            around.setParent(None)
            around.deleteLater()
            self._put(last, spot)

    def _around(self, widget: QWidget) -> QSplitter | None:
        around = widget.parentWidget()
        return around if isinstance(around, QSplitter) and widget is not self._root else None

    def _spot(self, widget: QWidget) -> _Spot:
        around = self._around(widget)
        return (around, around.indexOf(widget), around.sizes()) if around is not None else (None, 0, [])

    def _put(self, widget: QWidget, spot: _Spot) -> None:
        """Where something else stood that was taken away."""
        around, at, sizes = spot
        if around is None:
            self._layout.addWidget(widget)
            self._root = widget
            widget.show()
        else:
            around.insertWidget(at, widget)
            widget.show()
            around.setSizes(sizes)
        for group in _groups(widget):
            for pane in group.panes():
                pane.set_fonts()

    def _make_splitter(self, *, down: bool) -> QSplitter:
        from PySide6.QtCore import Qt

        splitter = QSplitter(Qt.Orientation.Vertical if down else Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.splitterMoved.connect(self.resized)
        return splitter

    # -- as a layout --------------------------------------------------------------------------------------------

    def node(self, leaf: Callable[[Group], Leaf]) -> Node:
        """How the groups stand; `leaf` tells of one what is in it."""
        return self._node(self._root, leaf)

    def _node(self, widget: QWidget, leaf: Callable[[Group], Leaf]) -> Node:
        from gui.windows.layout import Split

        if isinstance(widget, QSplitter):
            parts = tuple(self._node(part, leaf) for part in _parts(widget))
            return Split(parts, _is_down(widget), tuple(widget.sizes()))
        return leaf(cast("Group", widget))

    def build(self, node: Node) -> Sequence[tuple[Group, Leaf]]:
        """Stand as `node` says, from one group on. Returns all groups, each with what is to be put into it."""
        made: list[tuple[Group, Leaf]] = []
        self._build(node, self.active, made)
        return made

    def _build(self, node: Node, group: Group, made: list[tuple[Group, Leaf]]) -> None:
        from gui.windows.layout import Leaf

        if isinstance(node, Leaf):
            made.append((group, node))
            return
        side = Side.BOTTOM if node.down else Side.RIGHT
        groups = [group]
        for _part in node.parts[1:]:
            groups.append(self.split(groups[-1], side))
        around = self._around(group)
        if around is not None and len(node.sizes) == around.count() and any(node.sizes):
            around.setSizes(node.sizes)
        for part, one in zip(node.parts, groups, strict=True):
            self._build(part, one, made)


def _groups(widget: QWidget) -> Iterator[Group]:
    if isinstance(widget, QSplitter):
        for part in _parts(widget):
            yield from _groups(part)
    else:
        yield cast("Group", widget)


def _parts(splitter: QSplitter) -> list[QWidget]:
    return [part for index in range(splitter.count()) if (part := splitter.widget(index)) is not None]


def _is_down(splitter: QSplitter) -> bool:
    from PySide6.QtCore import Qt

    return splitter.orientation() is Qt.Orientation.Vertical
