"""What the next start finds: the windows, how the panes stand in them, what is read in each, and what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import QObject, QTimer

from gui.errors import SettingsError
from gui.windows import layout
from gui.windows.layout import Layout, Leaf, OwnWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.conversation import Conversation
    from gui.windows.drafts import Drafts
    from gui.windows.group import Group
    from gui.windows.group_tree import GroupTree
    from gui.windows.kept_tabs import KeptTabs
    from gui.windows.layout import Node
    from gui.windows.parts import Parts
    from gui.windows.workspace import Workspace

DELAY = 700
"""Milliseconds from the last key or change of panes until it is on disk."""


class Remembering(QObject):
    """A crash or a power cut must not cost any of it.

    `window` gives what is kept of the main window itself. `is_trouble`: whether the person knows already that nothing
    can be written.
    """

    def __init__(
        self,
        parts: Parts,
        workspace: Workspace,
        tabs: KeptTabs,
        drafts: Drafts,
        window: Callable[[], dict[str, Any]],
        is_trouble: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._workspace = workspace
        self._tabs = tabs
        self._drafts = drafts
        self._window = window
        self._is_trouble = is_trouble
        self.restored = False
        """What was open at the last start is open again, and may be kept anew."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._try)

    def note(self) -> None:
        """Something of it is another now."""
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def keep(self) -> None:
        """Have all of it on disk. Raises SettingsUnwritable."""
        self._drafts.keep()
        if self.restored:
            self._parts.preferences.set("window", self._window())
            self._parts.preferences.set("layout", layout.to_json(self._layout()))

    def _try(self) -> None:
        try:
            self.keep()
        except SettingsError:
            if not self._is_trouble():
                raise
            self.note()  # the same drive, of which it is said already

    # -- as it stands -------------------------------------------------------------------------------------------

    def _layout(self) -> Layout:
        space = self._workspace
        windows = tuple(OwnWindow(self._node(window.tree), window.geometry_text) for window in space.windows)
        return Layout(self._node(space.tree), windows)

    def _node(self, tree: GroupTree) -> Node:
        return tree.node(self._leaf)

    def _leaf(self, group: Group) -> Leaf:
        tabs = tuple(self._tabs.tab_of(pane) for pane in group.panes())
        return Leaf(tabs, group.currentIndex(), group is self._workspace.group)

    # -- as it stood --------------------------------------------------------------------------------------------

    async def restore(self) -> None:
        """Stand as it stood at the last start. What the person has begun to write meanwhile stays, in a pane more.

        Raises HistoryError; then everything is as it was.
        """
        preferences = self._parts.preferences
        kept = layout.from_json(preferences.get("layout"))
        if kept.main is None and not kept.windows:
            kept = layout.from_ids(preferences.get("open_conversations"), preferences.get("window").get("front"))
        found: dict[str, Conversation] = {}
        for tab in layout.tabs(kept):
            conversation = await self._tabs.conversation_of(tab)
            if conversation is not None:
                found[tab.conversation_id] = conversation
        self._build(kept, found)
        self.restored = True
        for group in self._workspace.groups():
            await group.pane.ready()

    def _build(self, kept: Layout, found: dict[str, Conversation]) -> None:
        space = self._workspace
        first = space.pane
        begun = not first.is_empty or bool(first.composer.text)
        active: list[Group] = []
        for window in kept.windows:
            if any(tab.conversation_id in found for leaf in layout.leaves(window.node) for tab in leaf.tabs):
                made = space.make_window()
                made.place(window.geometry)
                self._fill(made.tree, window.node, found, active)
                made.setAttribute(QtCore.Qt.WidgetAttribute.WA_ShowWithoutActivating)
                made.setVisible(space.tree.isVisible())  # or it comes with the main window
        if kept.main is not None:
            self._fill(space.tree, kept.main, found, active)
            if not begun and any(pane is not first for group in space.tree.groups() for pane in group.panes()):
                space.drop(first)
        front = first if begun else active[0].pane if active else space.pane
        space.show(front)
        if kept.windows:
            front.activateWindow()

    def _fill(self, tree: GroupTree, node: Node, found: dict[str, Conversation], active: list[Group]) -> None:
        """Groups in which there is nothing any more go again."""
        for group, leaf in tree.build(node):
            front = None
            for number, tab in enumerate(leaf.tabs):
                if tab.conversation_id in found:
                    pane = self._workspace.add(group)
                    self._tabs.fill(pane, tab, found[tab.conversation_id])
                    front = pane if number == leaf.front or front is None else front
            if front is not None:
                group.setCurrentWidget(front)
                if leaf.active:
                    active.append(group)
        for group in tree.groups():
            if not group.count() and len(tree.groups()) > 1:
                tree.remove(group)
