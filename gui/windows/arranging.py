"""Panes put elsewhere: a group split, a tab moved to another place, group or window, by key, menu or mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.windows.group import Side, pane_of

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData, QPoint

    from gui.windows.group import Group
    from gui.windows.pane import Pane
    from gui.windows.workspace import Workspace


class Arranging(QObject):
    """Signals: rename_asked(Conversation)."""

    rename_asked = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace

    def wire(self, group: Group) -> None:
        """Hear what is asked for at the tabs of a group."""
        group.rename_asked.connect(lambda pane: self.rename_asked.emit(pane.conversation))
        group.menu_asked.connect(self._open_menu)
        group.dragged.connect(self._drag)
        group.dropped.connect(lambda data, where: self.drop(data, group, where))

    def split(self, side: Side, pane: Pane | None = None) -> None:
        """Show the conversation of a pane, the one before the person if none is given, a second time beside it."""
        space = self._workspace
        pane = pane or space.pane
        group = space.group_of(pane)
        made = space.add(space.tree_of(group).split(group, side))
        if pane.is_empty:
            made.start_new(space.new_conversation())
        else:
            made.prepare(pane.conversation, pane.place)
        space.show(made)

    def move(self, pane: Pane, group: Group, where: int | Side) -> None:
        """To this place among the tabs of `group`, or into a half of its room."""
        space = self._workspace
        origin = space.group_of(pane)
        if isinstance(where, Side):
            if origin is group and group.count() == 1:
                return  # it would be split and joined again
            group, where = space.tree_of(group).split(group, where), 0
        if origin is group:
            at = origin.indexOf(pane)
            origin.bar.moveTab(at, min(where - (where > at), origin.count() - 1))
        else:
            origin.take(pane)
            group.add(pane, where)
            space.name(pane)
            space.tidy(origin)
        space.show(pane)

    def move_to_window(self, pane: Pane, at: QPoint | None = None) -> None:
        """Into a window of its own, its tab below the pointer `at`; nothing if it has one for itself."""
        space = self._workspace
        origin = space.group_of(pane)
        if origin.count() == 1 and space.tree_of(origin) is not space.tree and self._is_alone(origin):
            return
        window = space.make_window()
        if at is not None:
            window.move(at.x() - 60, at.y() - 40)
        self.move(pane, window.tree.active, 0)
        window.show()
        space.show(pane)

    def move_back(self, pane: Pane) -> None:
        """Into the main window."""
        tree = self._workspace.tree
        if self._workspace.tree_of(self._workspace.group_of(pane)) is not tree:
            self.move(pane, tree.active, tree.active.count())

    def close_others(self, pane: Pane, *, right: bool = False) -> None:
        """Close the other tabs of its group; or only those to its `right`."""
        panes = self._workspace.group_of(pane).panes()
        for one in panes[panes.index(pane) + 1 :] if right else panes:
            if one is not pane:
                self._workspace.close(one)

    def drop(self, data: QMimeData, group: Group, where: int | Side) -> None:
        """A tab was dropped on `group`."""
        pane = pane_of(data, self._workspace.panes())
        if pane is not None:
            self.move(pane, group, where)

    def _is_alone(self, group: Group) -> bool:
        return len(self._workspace.tree_of(group).groups()) == 1

    def _drag(self, pane: Pane) -> None:
        from PySide6.QtGui import QCursor

        from gui.windows.tab_drag import drag_out

        if drag_out(self._workspace.group_of(pane), pane) and pane in self._workspace.panes():
            self.move_to_window(pane, QCursor.pos())

    def _open_menu(self, pane: Pane, place: QPoint) -> None:
        from gui.windows.tab_menu import make_tab_menu

        make_tab_menu(self, self._workspace, pane).popup(place)
