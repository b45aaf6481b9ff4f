"""The main window: the sidebar, the panes, the menus, from the start of the program to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter

from gui.errors import SettingsError
from gui.override import override
from gui.windows.drafts import Drafts
from gui.windows.menus import make_menus
from gui.windows.replies import Replies
from gui.windows.sidebar import Sidebar
from gui.windows.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QMoveEvent, QPaintEvent, QResizeEvent

    from gui.conversation import Conversation
    from gui.errors import GProChatError
    from gui.history.search import Hit
    from gui.windows.arranging import Arranging
    from gui.windows.browsing import Browsing
    from gui.windows.commanding import Commanding
    from gui.windows.comparing import Comparing
    from gui.windows.configuring import Configuring
    from gui.windows.dialogs.settings import SettingsDialog
    from gui.windows.file_drops import FileDrops
    from gui.windows.keeping import Keeping
    from gui.windows.kept_tabs import KeptTabs
    from gui.windows.news import News
    from gui.windows.notifications import Notifications
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts
    from gui.windows.presence import Presence
    from gui.windows.quitting import Quitting
    from gui.windows.remembering import Remembering
    from gui.windows.requests import Requests
    from gui.windows.searching import Searching
    from gui.windows.shortcuts import Shortcuts
    from gui.windows.syncing import Syncing
    from gui.windows.titling import Titling
    from gui.windows.transfers import Transfers

SIDEBAR_WIDTH = 272


class MainWindow(QMainWindow):
    """Signals: quit_requested() -- the window was closed for good; whoever runs the program calls `shut_down`;
    painted(); placed() -- it was moved or resized; activated().
    """

    quit_requested = Signal()
    painted = Signal()
    placed = Signal()
    activated = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._transfers: Transfers | None = None
        self._syncing: Syncing | None = None
        self.shortcuts: Shortcuts  # these fourteen by `complete`
        self.arranging: Arranging
        self.kept_tabs: KeptTabs
        self.comparing: Comparing
        self.news: News
        self.remembering: Remembering
        self.quitting: Quitting
        self.configuring: Configuring
        self.searching: Searching
        self.titling: Titling
        self.commanding: Commanding
        self.file_drops: FileDrops
        self.requests: Requests
        self.presence: Presence
        self.keeping: Keeping  # these three when there is a history: see filling.py
        self.browsing: Browsing
        self.notifications: Notifications
        self.setWindowTitle("GPROChat")
        self.setAcceptDrops(True)
        self.resize(1120, 760)
        self.replies = Replies(parts.tasks)
        self.drafts = Drafts(parts.preferences)
        self.sidebar = Sidebar(parts.appearance, self._place_of)
        self.workspace = Workspace(parts, self.replies, self.drafts)
        self.splitter = QSplitter()
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.sidebar)
        self.splitter.addWidget(self.workspace.tree)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([SIDEBAR_WIDTH, 848])
        self.setCentralWidget(self.splitter)
        self.actions_by_name: dict[str, QAction] = {}
        self.menus = make_menus(self)
        self._restore()  # before anything listens: what is restored is not stored again
        self.new_chat()

    def complete(self) -> None:
        """Make what the first paint does not wait for: all that is not seen, and the menus, of which the titles are."""
        from gui.windows import commands, wiring
        from gui.windows.actions import make_actions
        from gui.windows.shortcuts import Shortcuts

        wiring.complete(self, self._parts)
        self.actions_by_name = make_actions(self, self.menus)
        self.shortcuts = Shortcuts(self.actions_by_name, self._parts.preferences, self)
        commands.connect(self.actions_by_name, self, self._parts)
        wiring.wire_actions(self, self._parts)

    # -- from the start to the end ------------------------------------------------------------------------------

    async def start(self) -> None:
        """Fill the window with what is kept, as it was left."""
        from gui.windows.filling import Filling

        try:
            await Filling(self, self._parts).start()
        finally:
            self.requests.started.set()

    def repair(self) -> None:
        """Mend a damaged history."""
        self._spawn(self.keeping.repair())

    def is_trouble(self) -> bool:
        """Whether something may be waiting to be written, and that was said."""
        return self.remembering.restored and self.keeping.is_trouble

    async def shut_down(self) -> None:
        """Keep what has to be kept, and end all that runs: running replies keep the text they have."""
        self.requests.forget_draft()
        self.remembering.stop()
        try:
            self.remembering.keep()
        except SettingsError as error:
            if not self.is_trouble():
                import logging

                # There is no window any more to say it in.
                logging.getLogger("gprochat").warning("%s", error)
        await self._parts.tasks.end()
        self.remembering.stop()
        self.requests.end()
        self.presence.end()
        self.workspace.end()

    def leave(self) -> None:
        """Be seen no more, and none of the other windows."""
        self.requests.hide()
        self.workspace.hide()
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()

    @override
    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.placed.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.placed.emit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        # The loop has to end its tasks first: whoever runs it quits.
        event.ignore()
        if not self.actions_by_name:
            return  # it is just being painted
        application = QGuiApplication.instance()
        ending = isinstance(application, QGuiApplication) and application.isSavingSession()
        if event.spontaneous() and not ending and self.presence.stays:
            self.leave()
            return
        # With the mouse it is this window that is closed; by key it may be any in which somebody works.
        pane = self.workspace.tree.active.pane if event.spontaneous() else self.pane
        if ending or self.quitting.may(pane):
            self.quit_requested.emit()

    def come_forward(self, token: str = "") -> None:
        """Be seen, and take the keys. `token`: with which a Wayland desktop allows it."""
        from gui.windows.forward import come_forward

        self.workspace.unhide()
        come_forward(self, token)

    def present(self, error: GProChatError) -> None:
        """Say what went wrong, in the pane that is before the person."""
        self.pane.present(error)

    def present_bug(self, name: str) -> None:
        """Something happened that nobody expected."""
        self.pane.bar.show_message(
            self.tr("The program made a mistake ({name}). Your conversations are kept.").format(name=name)
        )

    # -- panes --------------------------------------------------------------------------------------------------

    @property
    def pane(self) -> Pane:
        """The one before the person, in whatever window."""
        return self.workspace.pane

    def panes(self) -> list[Pane]:
        """Those of all windows."""
        return self.workspace.panes()

    def new_chat(self) -> None:
        self.workspace.new_chat()

    async def open(self, conversation_id: str, *, beside: bool = False) -> None:
        """Show a conversation: where it is open already, else in this pane, or `beside` it in one of its own."""
        await self.workspace.open(conversation_id, beside=beside)

    async def show_hit(self, hit: Hit) -> None:
        """Open the conversation at the message that was found, by way of its version."""
        await self.show_message(hit.conversation_id, hit.message_id)

    async def show_message(self, conversation_id: str, message_id: str) -> None:
        await self.open(conversation_id)
        if message_id:
            await self.pane.show_found(message_id)

    async def show_clicked(self, conversation_id: str, message_id: str, token: str) -> None:
        """A notification was: lead to what it told of."""
        from gui.windows.forward import come_forward

        await self.show_message(conversation_id, message_id)
        come_forward(self.pane.window(), token)

    def show_current(self) -> None:
        """Another pane is before the person, or another conversation in it."""
        self.sidebar.mark(self.pane.conversation.id)
        if self.remembering.restored:
            self.keeping.say_again()

    def conversation_shown(self, pane: Pane) -> None:
        """There is another one in this pane."""
        if pane not in self.panes():
            return  # closed meanwhile
        self.workspace.name(pane)
        self.remembering.note()
        self.show_current()
        self.news.look()

    def tell_closed(self, conversation: Conversation) -> None:
        """Its pane was closed: say so if a reply goes on in it, unseen."""
        if self.replies.of(conversation.id) and not self.workspace.panes_of(conversation.id):
            text = self.tr("The reply in “{title}” goes on being written.").format(title=conversation.title)
            self.pane.bar.show_message(text, trouble=False)

    # -- conversations ------------------------------------------------------------------------------------------

    def ask_for_title(self, conversation: Conversation) -> None:
        if not conversation.title:
            return
        from gui.windows.dialogs.questions import ask_for_line

        ask_for_line(
            self.pane.window(),
            self.tr("Rename"),
            self.tr("Title of this chat:"),
            conversation.title,
            lambda title: self._spawn(self.news.rename(conversation.id, title)),
        )

    def _place_of(self, conversation: Conversation) -> str:
        """Where a conversation is answered, for the sidebar."""
        connection = self._parts.connections.get(conversation.connection)
        if connection is None:
            return ""
        model = conversation.model or connection.model
        return f"{connection.name} · {model}" if model else connection.name

    @property
    def syncing(self) -> Syncing:
        """Made when there is a folder for it, or the settings ask how it does."""
        if self._syncing is None:
            from gui.windows.syncing import Syncing

            self._syncing = Syncing(self._parts)
            self._syncing.setParent(self)
            self._syncing.changed.connect(lambda ids: self._spawn(self.news.take_in(ids)))
            self._syncing.troubled.connect(self.present)
        return self._syncing

    @property
    def transfers(self) -> Transfers:
        """Made when it is first asked for."""
        if self._transfers is None:
            from gui.windows.transfers import Transfers

            self._transfers = Transfers(self._parts, self, lambda: self.pane.bar)
            self._transfers.came.connect(lambda _ids: self.browsing.refresh())
            self._transfers.went.connect(self._forget)
            self._transfers.restore_requested.connect(lambda ids: self._spawn(self.browsing.restore(ids)))
        return self._transfers

    def _forget(self, conversation_ids: Sequence[str]) -> None:
        self.news.deleted(conversation_ids)
        self.browsing.refresh()

    # -- dialogs and files --------------------------------------------------------------------------------------

    def open_settings(self, page: str) -> None:
        self.configuring.open(page)

    def settings_dialog(self) -> SettingsDialog | None:
        """The settings, if they are open."""
        return self.configuring.dialog()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.file_drops.enter(event)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self.file_drops.drop(event)

    # -- how it looks and what is kept of it --------------------------------------------------------------------

    def show_sidebar(self, visible: bool) -> None:
        self.sidebar.setVisible(visible)
        self._parts.preferences.set("sidebar_visible", visible)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.sidebar.redraw()
        self.searching.redraw()
        self.commanding.redraw()
        for group in self.workspace.groups():
            group.redraw()
        for pane in self.workspace.loose:
            pane.redraw_when_seen()

    def take_over(self, key: str) -> None:
        """Do as a preference says that was changed."""
        if key in {"theme", "long_lines", "zoom"}:
            self._parts.appearance.apply()
            if "wrap_code" in self.actions_by_name:
                self.actions_by_name["wrap_code"].setChecked(self._parts.preferences.get("long_lines") == "wrap")
        elif key == "sync_folder":
            self.syncing.start()
        elif key == "tray":
            self.presence.take_over()
        elif key == "start_at_login":
            self.presence.start_at_login()
        elif key == "send_key":
            for pane in self.panes():
                pane.redraw()

    def state(self) -> dict[str, Any]:
        """Of the window itself, to be kept."""
        return {
            "geometry": self.saveGeometry().toBase64().toStdString(),
            "splitter": self.splitter.saveState().toBase64().toStdString(),
        }

    def _restore(self) -> None:
        state = self._parts.preferences.get("window")
        if state:
            # What is no state of a window, the two take as nothing.
            self.restoreGeometry(QtCore.QByteArray.fromBase64(str(state.get("geometry", "")).encode()))
            self.splitter.restoreState(QtCore.QByteArray.fromBase64(str(state.get("splitter", "")).encode()))
        self.sidebar.setVisible(self._parts.preferences.get("sidebar_visible"))

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._parts.tasks.spawn(coroutine)
