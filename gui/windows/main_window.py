"""The main window: the sidebar, the panes, the menus. All signals between them are wired here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter

from gui.errors import HistoryDamaged, SettingsError
from gui.override import override
from gui.windows.arranging import Arranging
from gui.windows.configuring import Configuring
from gui.windows.drafts import NEW, Drafts
from gui.windows.file_drops import FileDrops
from gui.windows.menus import make_menus
from gui.windows.news import News
from gui.windows.remembering import Remembering
from gui.windows.replies import Replies
from gui.windows.searching import Searching
from gui.windows.sidebar import Sidebar
from gui.windows.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent

    from gui.conversation import Conversation
    from gui.errors import GProChatError
    from gui.history.search import Hit
    from gui.windows.browsing import Browsing
    from gui.windows.dialogs.settings import SettingsDialog
    from gui.windows.keeping import Keeping
    from gui.windows.pane import Pane
    from gui.windows.pane_window import PaneWindow
    from gui.windows.parts import Parts
    from gui.windows.syncing import Syncing
    from gui.windows.transfers import Transfers

SIDEBAR_WIDTH = 272


class MainWindow(QMainWindow):
    """Signals: quit_requested() -- the window was closed for good; whoever runs the program calls `shut_down`;
    painted().
    """

    quit_requested = Signal()
    painted = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._closing = False
        self._transfers: Transfers | None = None
        self._syncing: Syncing | None = None
        self.keeping: Keeping  # made when there is a history
        self.browsing: Browsing  # from the start on
        self.setWindowTitle("GPROChat")
        self.setAcceptDrops(True)
        self.resize(1120, 760)
        self.replies = Replies(parts.tasks)
        self.drafts = Drafts(parts.preferences)
        self.sidebar = Sidebar(parts.appearance, self._place_of)
        self.workspace = Workspace(parts, self.replies, self.drafts)
        self.arranging = Arranging(self.workspace, self)
        self.news = News(parts, self.workspace, self.sidebar, self.replies, self)
        self.remembering = Remembering(
            parts, self.workspace, self.drafts, self._state, lambda: self._started and self.keeping.is_trouble, self
        )
        self.configuring = Configuring(parts, self, lambda: self.syncing, lambda: self.pane.bar)
        self.searching = Searching(parts, self)
        self.file_drops = FileDrops(self)
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
        self._restore_window()  # before anything listens: what is restored is not stored again
        self._wire()
        self.new_chat()

    def add_actions(self) -> None:
        """Fill the menus, whose titles alone the first paint waits for."""
        from gui.windows import commands
        from gui.windows.actions import make_actions

        self.actions_by_name = make_actions(self, self.menus)
        commands.connect(self.actions_by_name, self, self._parts)

    # -- who hears whom -----------------------------------------------------------------------------------------

    def _wire(self) -> None:
        self.sidebar.new_requested.connect(self.new_chat)
        self.sidebar.chosen.connect(lambda chosen: self._spawn(self.open(chosen)))
        self.sidebar.export_requested.connect(lambda one: self.transfers.ask_what_to_export(one))
        self.replies.started.connect(self.news.reply_started)
        self.replies.ended.connect(self.news.reply_ended)
        self.replies.ended.connect(self._nothing_to_ask)
        self.workspace.spinner.turned.connect(lambda: self.sidebar.turn(self.workspace.spinner.angle))
        self.configuring.connections_changed.connect(self.news.connections_changed)
        self.configuring.failed.connect(self.present)
        self.searching.chosen.connect(lambda hit: self._spawn(self.show_hit(hit)))
        self.searching.left.connect(lambda: self.pane.composer.setFocus())
        self.file_drops.attachable.connect(lambda files: self.pane.attach(files))
        self.file_drops.model.connect(self.configuring.connect_to_file)
        self.file_drops.others.connect(lambda files: self.transfers.offer(files))
        self._wire_workspace()
        self._parts.appearance.changed.connect(self._redraw)
        self._parts.preferences.watch(self._preference_changed)

    def _wire_workspace(self) -> None:
        space = self.workspace
        for group in space.groups():
            self.arranging.wire(group)
        space.group_made.connect(self.arranging.wire)
        space.made.connect(self._wire_pane)
        space.window_made.connect(self._wire_window)
        space.closed.connect(self._pane_closed)
        space.changed.connect(self.remembering.note)
        space.changed.connect(self.news.look)
        space.focused.connect(self.news.look)
        space.current_changed.connect(self._pane_changed)
        self.arranging.rename_asked.connect(self.ask_for_title)

    def _wire_pane(self, pane: Pane) -> None:
        pane.changed.connect(self.news.changed)
        pane.shown.connect(lambda _conversation: self._conversation_shown(pane))
        pane.advanced.connect(lambda: self.news.advanced(pane))
        pane.read_on.connect(self.remembering.note)
        pane.composer.changed.connect(self.remembering.note)
        pane.settings_requested.connect(self.open_settings)
        pane.connect_requested.connect(self.configuring.connect_to)
        pane.new_requested.connect(self.new_chat)
        pane.repair_requested.connect(lambda: self._spawn(self.keeping.repair()))

    def _wire_window(self, window: PaneWindow) -> None:
        window.share(self.menus.values(), self.actions(), self.file_drops)

    def _wire_browsing(self) -> None:
        """What the list needs, which is there after the first paint."""
        from gui.windows.browsing import Browsing

        self.browsing = browsing = Browsing(self._parts, self.sidebar, self)
        browsing.wire()
        browsing.said.connect(lambda text, actions: self.pane.bar.show_message(text, actions, trouble=False))
        browsing.deleted.connect(self.news.deleted)
        browsing.restored.connect(lambda one: self._spawn(self.open(one)))
        browsing.changed.connect(self.news.changed)
        browsing.rename_asked.connect(self.ask_for_title)
        self.news.restore_asked.connect(lambda one: self._spawn(browsing.restore([one])))
        self.news.listing_changed.connect(browsing.refresh)

    # -- from the start to the end ------------------------------------------------------------------------------

    async def start(self) -> None:
        """Fill the window with what is kept, as it was left."""
        self._parts.downloads.ended.connect(self.configuring.download_ended)
        draft = self.drafts.of(NEW)
        if draft and not self.pane.composer.text:
            self.pane.composer.set_text(draft)
        self.drafts.put(NEW, "")
        self._wire_browsing()
        await self._keep_watch()
        try:
            await self._fill()
        except HistoryDamaged:
            await self.keeping.repair()
        for trouble in (self._parts.preferences.trouble, self._parts.connections.trouble):
            if trouble is not None:
                self.pane.present(trouble)

    @property
    def _started(self) -> bool:
        return self.remembering.restored

    async def _keep_watch(self) -> None:
        from gui.windows.keeping import Keeping

        keeping = Keeping(await self._parts.history, self._parts.tasks, lambda: self.pane.bar, self)
        keeping.restored.connect(lambda: self._spawn(self._refill()))
        keeping.settled.connect(self._take_back)
        self.keeping = keeping

    def _take_back(self, text: str) -> None:
        for pane in self.panes():
            pane.take_back(text)

    async def _refill(self) -> None:
        """Show what is kept after it could not be had for a while."""
        if not self._started:
            await self._fill()
            return
        await self.browsing.list_all()
        for pane in self.panes():
            if not pane.is_empty:
                await pane.reload()

    async def _fill(self) -> None:
        history = await self._parts.history
        await self.browsing.list_all()
        await self.remembering.restore()
        if self._parts.preferences.get("sync_folder"):
            self.syncing.start()
        if history.read_only is not None:
            self.pane.present(history.read_only)

    async def shut_down(self) -> None:
        """Keep what has to be kept, and end all that runs: running replies keep the text they have."""
        self.remembering.stop()
        try:
            self.remembering.keep()
        except SettingsError as error:
            import logging

            # There is no window any more to say it in.
            logging.getLogger("gprochat").warning("%s", error)
        await self._parts.tasks.end()
        self.remembering.stop()
        self.workspace.end()

    def leave(self) -> None:
        """Be seen no more, and none of the other windows."""
        self.workspace.hide()
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        # The loop has to end its tasks first: whoever runs it quits.
        event.ignore()
        application = QGuiApplication.instance()
        ending = isinstance(application, QGuiApplication) and application.isSavingSession()
        if len(self.replies) and not self._closing and not ending:
            self._closing = True
            # With the mouse it is this window that is closed; by key it may be any in which somebody works.
            pane = self.workspace.tree.active.pane if event.spontaneous() else self.pane
            pane.bar.show_message(
                self._what_quitting_costs(),
                [(self.tr("Quit"), self.close), (self.tr("Stay"), self._stay)],
                trouble=False,
            )
            return
        self.quit_requested.emit()

    def _what_quitting_costs(self) -> str:
        if self.keeping.is_trouble:
            return self.tr("What arrived last could not be written yet. If you quit now, it is lost.")
        return self.tr("A reply is still being written. If you quit now, what has arrived is kept.")

    def _stay(self) -> None:
        self._closing = False

    def _nothing_to_ask(self) -> None:
        """The question whether to quit has answered itself."""
        if self._closing and not len(self.replies):
            self._closing = False
            self._take_back(self._what_quitting_costs())

    def come_forward(self, token: str = "") -> None:
        """Be seen, and take the keys. `token`: with which a Wayland desktop allows it."""
        if token:
            import os

            os.environ["XDG_ACTIVATION_TOKEN"] = token  # where Qt looks for it
        minimised = QtCore.Qt.WindowState.WindowMinimized
        self.setWindowState(self.windowState() & ~minimised | QtCore.Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()

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

    def _pane_changed(self) -> None:
        pane = self.pane
        title = f"{pane.conversation.title} – GPROChat" if pane.conversation.title else "GPROChat"
        pane.window().setWindowTitle(title)
        self.sidebar.mark(pane.conversation.id)
        self._say_again()

    def _conversation_shown(self, pane: Pane) -> None:
        self.workspace.name(pane)
        self.remembering.note()
        self._pane_changed()
        self.news.look()

    def _pane_closed(self, conversation: Conversation) -> None:
        if self.replies.of(conversation.id) is not None and not self.workspace.panes_of(conversation.id):
            text = self.tr("The reply in “{title}” goes on being written.").format(title=conversation.title)
            self.pane.bar.show_message(text, trouble=False)

    def _say_again(self) -> None:
        if self._started:
            self.keeping.say_again()

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

    def show_shortcuts(self) -> None:
        from gui.windows.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self.actions_by_name, self).open()

    def show_about(self) -> None:
        from gui.windows.dialogs.about import AboutDialog

        AboutDialog(self).open()

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

    def _redraw(self) -> None:
        self.sidebar.redraw()
        self.searching.redraw()
        for group in self.workspace.groups():
            group.redraw()

    def _preference_changed(self, key: str) -> None:
        if key in {"theme", "long_lines"}:
            self._parts.appearance.apply()
            if "wrap_code" in self.actions_by_name:
                self.actions_by_name["wrap_code"].setChecked(self._parts.preferences.get("long_lines") == "wrap")
        elif key == "sync_folder":
            self.syncing.start()
        elif key == "send_key":
            for pane in self.panes():
                pane.redraw()

    def _state(self) -> dict[str, Any]:
        """Of the window itself, to be kept."""
        return {
            "geometry": self.saveGeometry().toBase64().toStdString(),
            "splitter": self.splitter.saveState().toBase64().toStdString(),
        }

    def _restore_window(self) -> None:
        state = self._parts.preferences.get("window")
        if state:
            # What is no state of a window, the two take as nothing.
            self.restoreGeometry(QtCore.QByteArray.fromBase64(str(state.get("geometry", "")).encode()))
            self.splitter.restoreState(QtCore.QByteArray.fromBase64(str(state.get("splitter", "")).encode()))
        self.sidebar.setVisible(self._parts.preferences.get("sidebar_visible"))

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._parts.tasks.spawn(coroutine)
