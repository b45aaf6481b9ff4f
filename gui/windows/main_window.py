"""The window: the sidebar, the panes in tabs, the menus. All signals between them are wired here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QTabBar, QTabWidget, QToolButton

from gui.conversation import Conversation
from gui.errors import HistoryDamaged, HistoryError, SettingsError
from gui.override import override
from gui.windows.menus import make_menus
from gui.windows.pane import Pane
from gui.windows.replies import Replies
from gui.windows.sidebar import Sidebar
from gui.windows.theme import ZOOM_STEP
from gui.windows.wording import explain, one_line, plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from pathlib import Path

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent

    from gui.errors import GProChatError
    from gui.history.search import Hit
    from gui.windows.browsing import Browsing
    from gui.windows.dialogs.settings import SettingsDialog
    from gui.windows.keeping import Keeping
    from gui.windows.parts import Parts
    from gui.windows.search_panel import SearchPanel
    from gui.windows.syncing import Syncing
    from gui.windows.transfers import Transfers

REMEMBER_DELAY = 700
"""Milliseconds from the last key or change of panes until it is on disk."""

SIDEBAR_WIDTH = 272
RECENT_SEARCHES = 8


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
        self._stale: set[Pane] = set()  # hidden while the theme or the zoom changed
        self._search_panel: SearchPanel | None = None
        self._searches = 0
        self._transfers: Transfers | None = None
        self._syncing: Syncing | None = None
        self.keeping: Keeping  # made when there is a history
        self.browsing: Browsing  # from the start on
        self._started = False  # what was open at the last start is open again, and may be remembered anew
        self.setWindowTitle("GPROChat")
        self.setAcceptDrops(True)
        self.resize(1120, 760)
        self.replies = Replies(parts.tasks)
        self.sidebar = Sidebar(parts.appearance, self._place_of)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setMovable(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setExpanding(False)
        self.splitter = QSplitter()
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.sidebar)
        self.splitter.addWidget(self.tabs)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([SIDEBAR_WIDTH, 848])
        self.setCentralWidget(self.splitter)
        self.actions_by_name: dict[str, QAction] = {}
        self._menus = make_menus(self)
        self._remembering = QTimer(self)
        self._remembering.setSingleShot(True)
        self._remembering.setInterval(REMEMBER_DELAY)
        self._restore_window()  # before anything listens: what is restored is not stored again
        self._wire()
        self.new_chat()

    def add_actions(self) -> None:
        """Fill the menus, whose titles alone the first paint waits for."""
        from gui.windows.actions import PANES_BY_NUMBER, make_actions

        act = self.actions_by_name = make_actions(self, self._menus)
        act["sidebar"].setChecked(self.sidebar.isVisibleTo(self))
        act["new_chat"].triggered.connect(self.new_chat)
        act["close_pane"].triggered.connect(lambda: self.close_pane(self.tabs.currentIndex()))
        act["settings"].triggered.connect(lambda: self.open_settings("general"))
        act["quit"].triggered.connect(self.close)
        act["import"].triggered.connect(lambda: self.transfers.ask_what_to_import())
        act["export"].triggered.connect(lambda: self.transfers.ask_what_to_export(self.pane.conversation.id))
        act["export_pdf"].triggered.connect(lambda: self.pane.export_pdf())
        act["print"].triggered.connect(lambda: self.pane.print_out())
        act["search"].triggered.connect(self.open_search)
        self.sidebar.show_search_keys(
            act["search"].shortcut().toString(act["search"].shortcut().SequenceFormat.NativeText)
        )
        act["find"].triggered.connect(lambda: self.pane.open_find())
        act["find_next"].triggered.connect(lambda: self.pane.find_step(1))
        act["find_previous"].triggered.connect(lambda: self.pane.find_step(-1))
        act["copy"].triggered.connect(lambda: self.pane.transcript.copy())
        act["copy_reply"].triggered.connect(self.copy_reply)
        act["copy_code"].triggered.connect(self.copy_code)
        act["sidebar"].toggled.connect(self._show_sidebar)
        act["next_pane"].triggered.connect(lambda: self._step(1))
        act["previous_pane"].triggered.connect(lambda: self._step(-1))
        appearance = self._parts.appearance
        act["zoom_in"].triggered.connect(lambda: appearance.set_zoom(appearance.zoom + ZOOM_STEP))
        act["zoom_out"].triggered.connect(lambda: appearance.set_zoom(appearance.zoom - ZOOM_STEP))
        act["zoom_reset"].triggered.connect(lambda: appearance.set_zoom(100))
        act["wrap_code"].setChecked(self._parts.preferences.get("long_lines") == "wrap")
        act["wrap_code"].toggled.connect(self._wrap_code)
        act["stop"].triggered.connect(lambda: self.pane.stop())
        act["regenerate"].triggered.connect(lambda: self._spawn(self.pane.regenerate()))
        act["edit_last"].triggered.connect(lambda: self.pane.edit_last())
        act["message_above"].triggered.connect(lambda: self._spawn(self.pane.step(-1)))
        act["message_below"].triggered.connect(lambda: self._spawn(self.pane.step(1)))
        act["thoughts"].triggered.connect(lambda: self.pane.toggle_thoughts())
        act["model"].triggered.connect(lambda: self.pane.picker.open())
        act["options"].triggered.connect(lambda: self.pane.open_options())
        act["rename"].triggered.connect(lambda: self.ask_for_title(self.pane.conversation))
        act["delete"].triggered.connect(lambda: self._spawn(self.browsing.delete([self.pane.conversation.id])))
        act["shortcuts"].triggered.connect(self.show_shortcuts)
        act["about"].triggered.connect(self.show_about)
        for number in range(1, PANES_BY_NUMBER + 1):
            act[f"pane_{number}"].triggered.connect(lambda _on=False, n=number: self.tabs.setCurrentIndex(n - 1))

    def _wire_browsing(self) -> None:
        """What the list needs, which is there after the first paint."""
        from gui.windows.browsing import Browsing

        self.browsing = browsing = Browsing(self._parts, self.sidebar, self)
        browsing.wire()
        browsing.said.connect(
            lambda text, actions: self.pane.bar.show_message(text, actions, trouble=False, lasting=True)
        )
        browsing.deleted.connect(self._deleted)
        browsing.restored.connect(lambda one: self._spawn(self.open(one)))
        browsing.changed.connect(self._conversation_changed)
        browsing.rename_asked.connect(self.ask_for_title)

    def _wire(self) -> None:
        self.sidebar.new_requested.connect(self.new_chat)
        self.sidebar.search_requested.connect(self.open_search)
        self.sidebar.chosen.connect(lambda chosen: self._spawn(self.open(chosen)))
        self.sidebar.export_requested.connect(lambda one: self.transfers.ask_what_to_export(one))
        self.tabs.currentChanged.connect(self._pane_changed)
        self.replies.started.connect(lambda one: self.sidebar.model.set_running(one, running=True))
        self.replies.ended.connect(lambda one: self._spawn(self._reply_ended(one)))
        self._parts.appearance.changed.connect(self._redraw)
        self._parts.preferences.watch(self._preference_changed)
        self._remembering.timeout.connect(self._try_to_remember)

    # -- from the start to the end ------------------------------------------------------------------------------

    async def start(self) -> None:
        """Fill the window with what is kept, as it was left."""
        self._parts.downloads.ended.connect(self._download_ended)
        draft = self._parts.preferences.get("drafts").get("new", "")
        if not self.pane.composer.text:
            self.pane.composer.set_text(draft)
        self._wire_browsing()
        await self._keep_watch()
        try:
            await self._fill()
        except HistoryDamaged:
            await self.keeping.repair()
        if self._parts.preferences.get("secrets_left_behind"):
            from gui.settings.secrets import delete_left_behind

            self._spawn(delete_left_behind(self._parts.secrets, self._parts.preferences))
        for trouble in (self._parts.preferences.trouble, self._parts.connections.trouble):
            if trouble is not None:
                self.pane.present(trouble)

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
        if self._syncing is not None:
            self._syncing.start()  # what it knew of the folder may be true no longer

    async def _fill(self) -> None:
        front = self._parts.preferences.get("window").get("front")
        history = await self._parts.history
        await self.browsing.list_all()
        for conversation_id in self._parts.preferences.get("open_conversations"):
            conversation = await history.conversation(conversation_id)
            if conversation is not None:
                beside = not self.pane.is_empty or bool(self.pane.composer.text)
                await self.open(conversation_id, beside=beside)
        for pane in self.panes():
            if front == ("" if pane.is_empty else pane.conversation.id):
                self.tabs.setCurrentWidget(pane)
        self._started = True
        if self._parts.preferences.get("sync_folder"):
            self.syncing.start()
        if history.read_only is not None:
            self.pane.present(history.read_only)

    async def shut_down(self) -> None:
        """Keep what has to be kept, and end all that runs: running replies keep the text they have."""
        self._remembering.stop()
        try:
            self._remember()
        except SettingsError as error:
            import logging

            # There is no window any more to say it in.
            logging.getLogger("gprochat").warning("%s", error)
        await self._parts.tasks.end()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if (
            event.type() == event.Type.ActivationChange
            and self.isActiveWindow()
            and self._started
            and not self._closing
        ):
            self._spawn(self.browsing.look_again())

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        # The loop has to end its tasks before the program may: whoever runs it quits.
        event.ignore()
        application = QGuiApplication.instance()
        ending = isinstance(application, QGuiApplication) and application.isSavingSession()
        if len(self.replies) and not self._closing and not ending:
            self._closing = True
            self.pane.bar.show_message(
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
        """The one before the person."""
        pane = self.tabs.currentWidget()
        assert isinstance(pane, Pane)  # noqa: S101 -- the tabs hold nothing else, and never nothing
        return pane

    def panes(self) -> list[Pane]:
        return [pane for index in range(self.tabs.count()) if isinstance(pane := self.tabs.widget(index), Pane)]

    def new_chat(self) -> None:
        """An empty conversation, in a pane of its own unless this one is empty."""
        pane = self.pane if self.tabs.count() and self.pane.is_empty else self._add_pane()
        if pane.conversation.title or not pane.composer.text:
            connection = self._parts.connections.default(self._parts.preferences.get("default_connection"))
            pane.start_new(Conversation(connection=connection.id))
        self.tabs.setCurrentWidget(pane)
        pane.composer.setFocus()

    async def open(self, conversation_id: str, *, beside: bool = False) -> None:
        """Show a conversation: where it is open already, else in this pane, or `beside` it in one of its own."""
        for pane in self.panes():
            if pane.conversation.id == conversation_id:
                self.tabs.setCurrentWidget(pane)
                pane.composer.setFocus()
                return
        history = await self._parts.history
        conversation = await history.conversation(conversation_id)
        if conversation is None:
            return
        self._remember()
        pane = self._add_pane() if beside else self.pane
        self.tabs.setCurrentWidget(pane)
        await pane.show_conversation(conversation)
        pane.composer.setFocus()

    def close_pane(self, index: int) -> None:
        """Close a pane; its conversation stays, and a reply in it runs on."""
        pane = self.tabs.widget(index)
        if not isinstance(pane, Pane):
            return
        self._remember()
        running = self.replies.of(pane.conversation.id) is not None
        title = pane.conversation.title
        if not pane.is_empty:  # a new chat that is closed is not wanted
            pane.put_away()
        pane.unwatch()
        self._stale.discard(pane)
        self.tabs.removeTab(index)
        pane.deleteLater()
        if not self.tabs.count():
            self.new_chat()
        if running:
            self.pane.bar.show_message(
                self.tr("The reply in “{title}” goes on being written.").format(title=title), trouble=False
            )

    def _add_pane(self) -> Pane:
        pane = Pane(self._parts, self.replies)
        pane.changed.connect(self._conversation_changed)
        pane.shown.connect(lambda _conversation, one=pane: self._name_tab(one))
        pane.shown.connect(lambda _conversation: self._say_again())
        pane.settings_requested.connect(lambda page: self.open_settings(page, pane.connection().id))
        pane.test_requested.connect(lambda: self.test_connection(pane.connection().id))
        pane.connect_requested.connect(self.connect_to)
        pane.new_requested.connect(self.new_chat)
        pane.repair_requested.connect(lambda: self._spawn(self.keeping.repair()))
        pane.composer.changed.connect(self._remembering.start)
        index = self.tabs.addTab(pane, self.tr("New chat"))
        pane.redraw()
        close = QToolButton()
        close.setObjectName("closeTab")
        close.setIcon(self._parts.appearance.icon("close", "muted"))
        close.setIconSize(QSize(14, 14))
        close.setToolTip(self.tr("Close pane"))
        close.setAccessibleName(self.tr("Close pane"))
        close.clicked.connect(lambda: self.close_pane(self.tabs.indexOf(pane)))
        self.tabs.tabBar().setTabButton(index, QTabBar.ButtonPosition.RightSide, close)
        return pane

    def _step(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())

    def _pane_changed(self, index: int) -> None:
        if index < 0:
            return
        if self.pane in self._stale:
            self._stale.discard(self.pane)
            self.pane.redraw()
        self._name_tab(self.pane)
        self.pane.composer.setFocus()
        self._say_again()

    def _say_again(self) -> None:
        if self._started:
            self.keeping.say_again()

    def _name_tab(self, pane: Pane) -> None:
        self._remembering.start()
        title = one_line(pane.conversation.title)
        index = self.tabs.indexOf(pane)
        self.tabs.setTabText(index, title.replace("&", "&&"))
        self.tabs.setTabToolTip(index, plain_tooltip(title))
        if pane is self.tabs.currentWidget():
            self.setWindowTitle(f"{title} – GPROChat" if pane.conversation.title else "GPROChat")
            self.sidebar.mark(pane.conversation.id)
            if pane.conversation.unread:
                self._spawn(self._read(pane))

    # -- conversations ------------------------------------------------------------------------------------------

    def _conversation_changed(self, conversation: Conversation) -> None:
        if conversation.title:
            self.sidebar.model.put([conversation])
        for pane in self.panes():
            if pane.conversation.id == conversation.id:
                pane.update_conversation(conversation)
                self._name_tab(pane)

    async def _reply_ended(self, conversation_id: str) -> None:
        self.sidebar.model.set_running(conversation_id, running=False)
        if self._closing and not len(self.replies):  # the question whether to quit has answered itself
            self._closing = False
            self.pane.bar.dismiss()
        history = await self._parts.history
        conversation = await history.conversation(conversation_id)
        if conversation is None:
            return
        seen = self.pane.conversation.id == conversation_id and self.isActiveWindow()
        if not seen:
            await history.update_conversation(conversation_id, unread=True)
            conversation = replace(conversation, unread=True)
        self._conversation_changed(conversation)
        for pane in self.panes():
            if pane.conversation.id == conversation_id:
                await pane.take_news()

    async def _read(self, pane: Pane) -> None:
        history = await self._parts.history
        if history.read_only is not None:
            return
        await history.update_conversation(pane.conversation.id, unread=False)
        self._conversation_changed(replace(pane.conversation, unread=False))

    async def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation a title of the person's."""
        await self._update(conversation_id, title=" ".join(title.split()))

    async def _update(self, conversation_id: str, **changes: Any) -> None:
        history = await self._parts.history
        await history.update_conversation(conversation_id, **changes)
        conversation = await history.conversation(conversation_id)
        if conversation is not None:
            self._conversation_changed(conversation)

    def _deleted(self, conversation_ids: Sequence[str]) -> None:
        for one in conversation_ids:
            self.replies.stop(one)
        for pane in self.panes():
            if pane.conversation.id in conversation_ids:
                self.close_pane(self.tabs.indexOf(pane))

    def ask_for_title(self, conversation: Conversation) -> None:
        if not conversation.title:
            return
        from gui.windows.dialogs.questions import ask_for_line

        ask_for_line(
            self,
            self.tr("Rename"),
            self.tr("Title of this chat:"),
            conversation.title,
            lambda title: self._spawn(self.rename(conversation.id, title)),
        )

    def _place_of(self, conversation: Conversation) -> str:
        """Where a conversation is answered, for the sidebar."""
        connection = self._parts.connections.get(conversation.connection)
        if connection is None:
            return ""
        model = conversation.model or connection.model
        return f"{connection.name} · {model}" if model else connection.name

    # -- other computers ------------------------------------------------------------------------------------------

    @property
    def syncing(self) -> Syncing:
        """Made when there is a folder for it, or the settings ask how it does."""
        if self._syncing is None:
            from gui.windows.syncing import Syncing

            self._syncing = Syncing(self._parts)
            self._syncing.setParent(self)
            self._syncing.changed.connect(lambda ids: self._spawn(self._show_news(ids)))
            self._syncing.troubled.connect(self.present)
        return self._syncing

    async def _show_news(self, conversation_ids: frozenset[str]) -> None:
        """These conversations were changed on another computer."""
        history = await self._parts.history
        for pane in self.panes():
            if pane.conversation.id not in conversation_ids:
                continue
            conversation = await history.conversation(pane.conversation.id)
            if conversation is None:
                await self._gone(pane)
                continue
            pane.update_conversation(conversation)
            self._name_tab(pane)
            await pane.take_news()
        await self.browsing.list_all()

    async def _gone(self, pane: Pane) -> None:
        """The conversation in a pane was deleted on another computer: what is read stays, and can be had back."""
        history = await self._parts.history
        conversation_id = pane.conversation.id
        text = self.tr("“{title}” was deleted on another computer.").format(title=pane.conversation.title)
        if await history.record(conversation_id) is not None:
            undo = (self.tr("Undo"), lambda: self._spawn(self.browsing.restore([conversation_id])))
            pane.bar.show_message(text, [undo], trouble=False)
            return
        pane.start_new(Conversation(connection=pane.conversation.connection))
        pane.bar.show_message(text, trouble=False)

    # -- search -------------------------------------------------------------------------------------------------

    def open_search(self) -> None:
        """Have something found in all conversations."""
        self.search_panel.open(self._parts.preferences.get("recent_searches"))

    @property
    def search_panel(self) -> SearchPanel:
        """Made when it is first asked for."""
        if self._search_panel is None:
            from gui.windows.search_panel import SearchPanel

            self._search_panel = SearchPanel(self._parts.appearance, self)
            self._search_panel.typed.connect(lambda typed: self._spawn(self._search(typed)))
            self._search_panel.chosen.connect(lambda hit: self._spawn(self.show_hit(hit)))
            self._search_panel.left.connect(lambda: self.pane.composer.setFocus())
        return self._search_panel

    async def _search(self, typed: str) -> None:
        self._searches += 1
        number = self._searches
        try:
            history = await self._parts.history
            hits = await history.search(typed)
        except HistoryError as error:
            self.search_panel.show_trouble(explain(error))
            return
        if number == self._searches:  # one that was ended by the next has found nothing
            self.search_panel.show_hits(hits)

    async def show_hit(self, hit: Hit) -> None:
        """Open the conversation at the message that was found, by way of its version."""
        if typed := self.search_panel.input.text().strip():
            recent = self._parts.preferences.get("recent_searches")
            self._parts.preferences.set(
                "recent_searches", [typed, *(one for one in recent if one != typed)][:RECENT_SEARCHES]
            )
        self.search_panel.hide()
        await self.open(hit.conversation_id)
        if hit.message_id:
            await self.pane.show_found(hit.message_id)

    # -- exports and imports ------------------------------------------------------------------------------------

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
        self._deleted(conversation_ids)
        self.browsing.refresh()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        from pathlib import Path

        from gui.windows.attaching import is_attachable
        from gui.windows.dialogs.model_file import gguf_of

        event.acceptProposedAction()
        if (model := gguf_of(event)) is not None:
            self.connect_to_file(model)
            return
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if any(is_attachable(file) for file in files):
            self.pane.attach(files)
        else:
            self.transfers.offer(files, self.pane.attach)

    # -- other actions ------------------------------------------------------------------------------------------

    def copy_reply(self) -> None:
        reply = self.pane.last_reply()
        if reply is not None:
            QGuiApplication.clipboard().setText(reply.text)

    def copy_code(self) -> None:
        from gui.markdown.blocks import Kind
        from gui.markdown.stream import parse

        reply = self.pane.last_reply()
        code = [block.text for block in parse(reply.text) if block.kind is Kind.CODE] if reply else []
        if code:
            QGuiApplication.clipboard().setText(code[-1])

    def settings_dialog(self) -> SettingsDialog | None:
        """The settings, if they are open."""
        from gui.windows.dialogs.settings import SettingsDialog

        return next((one for one in self.findChildren(SettingsDialog) if one.isVisible()), None)

    def open_settings(self, page: str, connection_id: str = "") -> None:
        """`connection_id`: whose settings are wanted, if one has some of its own there; "" for nobody's."""
        from gui.windows.dialogs.settings import SettingsDialog

        if (dialog := self.settings_dialog()) is not None:
            dialog.show_page(page)
            return
        dialog = SettingsDialog(self._parts, self)
        dialog.connections_changed.connect(self._connections_changed)
        dialog.sync.show_state(self.syncing.state)
        self.syncing.state_changed.connect(dialog.sync.show_state)
        dialog.show_page(page)
        dialog.show_of(connection_id)
        dialog.open()

    def test_connection(self, connection_id: str) -> None:
        """Have the way to its server tried."""
        self.open_settings("connections", connection_id)
        if (dialog := self.settings_dialog()) is not None:
            dialog.connections.try_it()

    def _download_ended(self, error: GProChatError | None) -> None:
        """Where nobody looks at it any more: say so, and lead on."""
        target = self._parts.downloads.target
        if self.settings_dialog() is not None or target is None:
            return
        if error is not None:
            self.present(error)
            return
        self.pane.bar.show_message(
            self.tr("{name} is here.").format(name=target.name),
            [(self.tr("Make it a connection…"), lambda: self.connect_to_file(target))],
            trouble=False,
        )

    def connect_to_file(self, file: Path) -> None:
        """Have a connection made of a model's file."""
        self.open_settings("connections")
        if (dialog := self.settings_dialog()) is not None:
            dialog.connections.add_file(file)

    def connect_to(self, preset_id: str) -> None:
        """Have a connection made of a preset: what it needs to know is asked in the settings."""
        self.open_settings("connections")
        dialog = self.settings_dialog()
        if dialog is not None:
            dialog.connections.add(preset_id)

    def show_shortcuts(self) -> None:
        from gui.windows.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self.actions_by_name, self).open()

    def show_about(self) -> None:
        from gui.windows.dialogs.about import AboutDialog

        AboutDialog(self).open()

    def _connections_changed(self) -> None:
        for pane in self.panes():
            pane.update_conversation(pane.conversation)
        self.sidebar.model.redraw()

    # -- how it looks and what is kept of it --------------------------------------------------------------------

    def _show_sidebar(self, visible: bool) -> None:
        self.sidebar.setVisible(visible)
        self._parts.preferences.set("sidebar_visible", visible)

    def _wrap_code(self, wrap: bool) -> None:
        self._parts.preferences.set("long_lines", "wrap" if wrap else "scroll")

    def _redraw(self) -> None:
        self.sidebar.redraw()
        if self._search_panel is not None:
            self._search_panel.redraw()
        for pane in self.panes():
            # What is not seen is drawn anew when it is shown: one key of the zoom, not a second for each pane.
            if pane is self.tabs.currentWidget():
                pane.redraw()
            else:
                self._stale.add(pane)
            close = self.tabs.tabBar().tabButton(self.tabs.indexOf(pane), QTabBar.ButtonPosition.RightSide)
            if isinstance(close, QToolButton):
                close.setIcon(self._parts.appearance.icon("close", "muted"))

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

    def _remember(self) -> None:
        """Keep drafts, panes and geometry: a crash or a power cut must not cost them either."""
        drafts = self._parts.preferences.get("drafts")
        before = dict(drafts)
        drafts.pop("new", None)
        for pane in self.panes():
            key = "new" if pane.is_empty else pane.conversation.id
            drafts.pop(key, None)
            if pane.composer.draft.strip():
                drafts[key] = pane.composer.draft
        if self._parts.draft:
            drafts.setdefault("new", self._parts.draft)
        preferences = self._parts.preferences
        if drafts != before:
            preferences.set("drafts", drafts)
        if self._started:
            preferences.set("window", self._window_state())
            preferences.set("open_conversations", [pane.conversation.id for pane in self.panes() if not pane.is_empty])

    def _try_to_remember(self) -> None:
        try:
            self._remember()
        except SettingsError:
            if not self._started or not self.keeping.is_trouble:
                raise
            self._remembering.start()  # the same drive, of which it is said already

    def _window_state(self) -> dict[str, Any]:
        return {
            "geometry": self.saveGeometry().toBase64().toStdString(),
            "splitter": self.splitter.saveState().toBase64().toStdString(),
            "front": "" if self.pane.is_empty else self.pane.conversation.id,
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
