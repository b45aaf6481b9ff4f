"""The panes of all windows: which there are, which group each stands in, and which one is before the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from gui.conversation import Conversation
from gui.windows.group import Group
from gui.windows.group_tree import GroupTree
from gui.windows.pane import Pane
from gui.windows.wording import one_line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.windows.drafts import Drafts
    from gui.windows.pane_window import PaneWindow
    from gui.windows.parts import Parts
    from gui.windows.replies import Replies
    from gui.windows.spinner import Spinner


class Workspace(QObject):
    """Signals: made(Pane), group_made(Group), window_made(PaneWindow) -- to be wired; closing(Pane) -- by the person;
    closed(Conversation) -- its pane was; current_changed() -- another pane, or another conversation in it, is before
    the person; focused() -- perhaps in another window; changed() -- something stands elsewhere, or is another size.
    """

    made = Signal(object)
    group_made = Signal(object)
    window_made = Signal(object)
    closing = Signal(object)
    closed = Signal(object)
    current_changed = Signal()
    focused = Signal()
    changed = Signal()

    def __init__(self, parts: Parts, replies: Replies, drafts: Drafts) -> None:
        super().__init__()
        self._parts = parts
        self._replies = replies
        self._drafts = drafts
        self._spinner: Spinner | None = None
        self.windows: list[PaneWindow] = []
        self.loose: list[Pane] = []
        """Panes in no group, which no layout keeps: that of the quick window."""
        self.tree = self._make_tree()
        """The main window's."""
        self._tree = self.tree
        self._application = cast("QApplication", QApplication.instance())
        self._application.focusChanged.connect(self._focus_changed)

    # -- which there are ----------------------------------------------------------------------------------------

    @property
    def group(self) -> Group:
        """The one that has the keys."""
        return self._tree.active

    @property
    def pane(self) -> Pane:
        """The one before the person."""
        return self.group.pane

    @property
    def trees(self) -> list[GroupTree]:
        """Of each window; the main window's first."""
        return [self.tree, *(window.tree for window in self.windows)]

    def groups(self) -> list[Group]:
        return [group for tree in self.trees for group in tree.groups()]

    def panes(self) -> list[Pane]:
        return [pane for group in self.groups() for pane in group.panes()] + self.loose

    def panes_of(self, conversation_id: str) -> list[Pane]:
        return [pane for pane in self.panes() if pane.conversation.id == conversation_id]

    def group_of(self, pane: Pane) -> Group:
        return next(group for group in self.groups() if group.indexOf(pane) >= 0)

    def tree_of(self, group: Group) -> GroupTree:
        return next(tree for tree in self.trees if group in tree.groups())

    @property
    def spinner(self) -> Spinner:
        """Made for the first reply."""
        if self._spinner is None:
            from gui.windows.spinner import Spinner

            self._spinner = Spinner()
            self._spinner.turned.connect(self._turn)
        return self._spinner

    def _turn(self) -> None:
        for group in self.groups():
            group.turn()

    # -- which one is before the person -------------------------------------------------------------------------

    def show(self, pane: Pane) -> None:
        """Have it before the person."""
        group = self.group_of(pane)
        tree = self.tree_of(group)
        elsewhere = tree is not self._tree
        group.setCurrentWidget(pane)
        self._activate(group)
        if elsewhere:
            tree.window().raise_()
            tree.window().activateWindow()
        pane.composer.setFocus()

    def step(self, by: int) -> None:
        """To the next (1) or previous (-1) pane of this window."""
        panes = [pane for group in self._tree.groups() for pane in group.panes()]
        self.show(panes[(panes.index(self.pane) + by) % len(panes)])

    def show_number(self, number: int) -> None:
        """The n-th pane of this window, from 1; nothing if there are not so many."""
        panes = [pane for group in self._tree.groups() for pane in group.panes()]
        if number <= len(panes):
            self.show(panes[number - 1])

    def step_group(self, by: int) -> None:
        """To the next (1) or previous (-1) group, of whatever window."""
        groups = self.groups()
        self.show(groups[(groups.index(self.group) + by) % len(groups)].pane)

    def _activate(self, group: Group) -> None:
        self._tree = self.tree_of(group)
        self._tree.active = group
        for one in self.groups():
            one.bar.set_active(active=one is group)
        self._current()

    def _current(self) -> None:
        self.name(self.pane)
        self.pane.take_draft()
        self.current_changed.emit()
        self.changed.emit()

    def _shown(self, group: Group) -> None:
        if group is self.group:
            self._current()
        else:
            self.changed.emit()

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        while now is not None and not isinstance(now, Group):
            now = now.parentWidget()
        if isinstance(now, Group) and now is not self.group and now.count() and now in self.groups():
            self._activate(now)
        self.focused.emit()

    # -- opening and closing ------------------------------------------------------------------------------------

    def new_chat(self) -> Pane:
        """An empty conversation, in a pane of its own unless this one is empty."""
        group = self.group
        pane = group.pane if group.count() and group.pane.is_empty else self.add(group)
        if pane.conversation.title or not pane.composer.text:
            pane.start_new(self.new_conversation())
        self.show(pane)
        return pane

    def begin(self, text: str) -> Pane:
        """A new chat with `text` to be sent by the person, in a pane of its own where something is written already."""
        pane = self.new_chat()
        if text and pane.is_begun:
            pane = self.add(self.group)
            pane.start_new(self.new_conversation())
            self.show(pane)
        if text:
            pane.composer.set_text(text)
        return pane

    def new_conversation(self) -> Conversation:
        """With the connection of new conversations."""
        connection = self._parts.connections.default(self._parts.preferences.get("default_connection"))
        return Conversation(connection=connection.id)

    async def open(self, conversation_id: str, *, beside: bool = False) -> None:
        """Show a conversation: where it is open already, else in this pane, or `beside` it in one of its own, as where
        something is being written that was never sent.
        """
        there = [pane for pane in self.panes_of(conversation_id) if pane not in self.loose]
        if there:
            self.show(next((pane for pane in there if pane in self.group.panes()), there[0]))
            return
        history = await self._parts.history
        conversation = await history.conversation(conversation_id)
        if conversation is None:
            return
        pane = self.add(self.group) if beside or self.pane.is_begun else self.pane
        self.show(pane)
        await pane.show_conversation(conversation)
        pane.composer.setFocus()

    def add(self, group: Group, index: int = -1) -> Pane:
        """A pane more, with nothing in it."""
        pane = self._make(focused=not self.panes())
        group.add(pane, index)
        return pane

    def add_loose(self) -> Pane:
        """A pane in no group, with a new conversation; whoever asks for it gives it its place."""
        pane = self._make(focused=True)
        self.loose.append(pane)
        pane.start_new(self.new_conversation())
        return pane

    def adopt(self, pane: Pane) -> None:
        """Give a loose pane a place behind the tabs of the main window, and show it."""
        self.loose.remove(pane)
        self.tree.active.add(pane)
        self.show(pane)

    def _make(self, *, focused: bool) -> Pane:
        pane = Pane(self._parts, self._replies, self._drafts)
        pane.composer.show_focus(focused)
        self.made.emit(pane)
        return pane

    def close(self, pane: Pane) -> None:
        """Close a pane; its conversation stays, and a reply in it runs on. A loose one begins anew."""
        if pane in self.loose:
            pane.start_new(self.new_conversation())
            return
        self.closing.emit(pane)
        self.drop(pane)
        self.closed.emit(pane.conversation)
        self.changed.emit()

    def drop(self, pane: Pane) -> None:
        """As `close`, and nothing is left of it."""
        group = self.group_of(pane)
        group.take(pane)
        self.tidy(group)
        pane.retire()

    def tidy(self, group: Group) -> None:
        """A pane was taken out of it: no group stays empty, and the main window has at least one pane."""
        tree = self.tree_of(group)
        if group.count():
            if group is self.group:
                self._current()
        elif len(tree.groups()) > 1:
            tree.remove(group)
            self._activate(self._tree.active)
        elif tree is self.tree:
            self.add(group).start_new(self.new_conversation())
        else:
            tree.window().close()
        if self.group.count() and self.pane.isVisible():
            self.pane.composer.setFocus()

    # -- windows and groups -------------------------------------------------------------------------------------

    def make_window(self) -> PaneWindow:
        """A window of its own, with an empty group; to be filled and shown."""
        from gui.windows.pane_window import PaneWindow

        window = PaneWindow(self._make_tree())
        window.closed.connect(lambda: self._window_closed(window))
        window.placed.connect(self.changed)
        self.windows.append(window)
        self.window_made.emit(window)
        return window

    def _window_closed(self, window: PaneWindow) -> None:
        panes = [pane for group in window.tree.groups() for pane in group.panes()]
        self.windows.remove(window)
        if self._tree is window.tree:
            self._tree = self.tree
            self._activate(self.group)
        for pane in panes:
            self.closing.emit(pane)
            pane.unwatch()
            pane.setParent(None)
            pane.retire()
            self.closed.emit(pane.conversation)
        window.deleteLater()
        self.changed.emit()

    def hide(self) -> None:
        """Let the windows beside the main window be seen no more; what is in them stays."""
        for window in self.windows:
            window.hide()

    def unhide(self) -> None:
        """Have them seen again, the main window before them."""
        for window in self.windows:
            if not window.isVisible():
                window.show()

    def end(self) -> None:
        """Be rid of the windows beside the main window."""
        from shiboken6 import delete

        self._application.focusChanged.disconnect(self._focus_changed)
        self.spinner.set_running(running=False)
        for window in self.windows:
            delete(window)
        self.windows.clear()

    def _make_tree(self) -> GroupTree:
        tree = GroupTree(self._make_group)
        tree.resized.connect(self.changed)
        return tree

    def _make_group(self) -> Group:
        group = Group(self._parts.appearance, lambda: self.spinner.angle)
        group.shown.connect(lambda _pane: self._shown(group))
        group.close_asked.connect(self.close)
        self.group_made.emit(group)
        return group

    def name(self, pane: Pane) -> None:
        """Say in its tab which conversation is in a pane, and how that does; a loose one has none."""
        if pane in self.loose:
            return
        group = self.group_of(pane)
        group.name(pane, running=pane.running)
        tree = self.tree_of(group)
        if tree.active is group and group.pane is pane:
            title = pane.conversation.title
            tree.window().setWindowTitle(f"{one_line(title)} – GPROChat" if title else "GPROChat")
