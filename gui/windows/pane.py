"""A pane: one conversation with its transcript, its composer and what there is to say about trouble."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.conversation import Conversation, Message, Role, State
from gui.errors import GProChatError, Remedy, from_json
from gui.windows.composer import Composer
from gui.windows.wording import explain, remedy_text

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QTextDocument
    from PySide6.QtPrintSupport import QPrinter

    from gui.chat.turn import Turn
    from gui.errors import HistoryError
    from gui.providers.base import Piece, Progress
    from gui.settings.connections import Connection
    from gui.windows.find_bar import FindBar
    from gui.windows.finding import Finding
    from gui.windows.message_bar import MessageBar
    from gui.windows.parts import Parts
    from gui.windows.replies import Replies
    from gui.windows.transcript import Shown, Transcript

PAGE = 50
"""Messages that are loaded at once."""

MOST = 150
"""Messages that stay shown when the reader is back at the latest one."""

BEFORE = 10
"""Messages that are shown above one that is looked for."""

FOOT_MARGIN = 12  # px at the left and the right of the composer
CARD_PADDING = 14  # px, as of the transcript's cards

PICKER_EMS = 24
"""The room for the name of who answers, in heights of a line."""

HERO = 1.7
"""The size of the greeting, in the font's."""


class Pane(QFrame):
    """Signals, all about the conversation shown: changed(Conversation) -- title, connection or time are others now;
    settings_requested(page); new_requested(); shown(Conversation).
    """

    changed = Signal(object)
    shown = Signal(object)
    settings_requested = Signal(str)
    new_requested = Signal()

    def __init__(self, parts: Parts, replies: Replies) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._parts = parts
        self._replies = replies
        self._messages: list[Message] = []
        self._versions: dict[str, list[str]] = {}
        self._elsewhere: list[Message] | None = None  # a part of the branch that is shown in place of its end
        self._paging = False
        self._turn: Turn | None = None
        self.conversation = Conversation()
        self.title = QLabel()
        self.title.setObjectName("title")
        self.picker = QToolButton()
        self.picker.setObjectName("picker")
        self.picker.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.picker.setIconSize(QSize(14, 14))
        self.picker.setAccessibleName(self.tr("Connection and model"))
        self.picker.setToolTip(self.tr("Who answers in this chat"))
        self.picker_menu = QMenu(self.picker)
        self.picker_menu.aboutToShow.connect(self._fill_picker)
        self.picker.setMenu(self.picker_menu)
        self._transcript: Transcript | None = None
        self._bar: MessageBar | None = None
        self._find_bar: FindBar | None = None
        self._finding: Finding | None = None
        self._looking: asyncio.Task[None] | None = None
        self.composer = Composer(parts.appearance)
        self._greeting = QLabel(self.tr("What is on your mind?"))
        self._greeting.setObjectName("greeting")
        self._greeting_hint = QLabel()
        self._greeting_hint.setObjectName("emptyHint")
        self._foot = QWidget()
        self._foot_layout = QVBoxLayout(self._foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_page())
        self._lay_out()
        self.composer.submitted.connect(lambda text: self._spawn(self.send(text)))
        self.composer.stop_requested.connect(self.stop)
        self.composer.recall_requested.connect(self._recall)

    @property
    def transcript(self) -> Transcript:
        """Made for the first message: with it comes all that draws Markdown, which a new chat does not wait for."""
        if self._transcript is None:
            from gui.windows.transcript import Transcript

            self._transcript = Transcript(self._parts.appearance, self._parts.images)
            self._transcript.link_requested.connect(self._show_link)
            self._transcript.version_requested.connect(lambda version: self._spawn(self._show_version(version)))
            self._transcript.image_requested.connect(lambda address: self._spawn(self._load_image(address)))
            self._transcript.older_requested.connect(lambda: self._spawn(self._load_older()))
            self._transcript.newer_requested.connect(lambda: self._spawn(self._load_newer()))
            self._transcript.jump.clicked.connect(self.to_latest)
            self._wire_actions(self._transcript)
            self._stack.addWidget(self._transcript)
        return self._transcript

    @property
    def bar(self) -> MessageBar:
        """Made for the first message: most panes never have any."""
        if self._bar is None:
            from gui.windows.message_bar import MessageBar

            self._bar = MessageBar(self._parts.appearance)
            self._foot_layout.insertWidget(0, self._bar)
        return self._bar

    def _wire_actions(self, transcript: Transcript) -> None:
        from gui.windows.copying import whole_message

        actions = transcript.message_actions
        clipboard = QGuiApplication.clipboard()
        actions.copy_requested.connect(
            lambda one: clipboard.setMimeData(whole_message(self._text(one), transcript.text_of(one)))
        )
        actions.markdown_requested.connect(lambda one: clipboard.setText(self._text(one)))
        actions.text_requested.connect(lambda one: clipboard.setText(transcript.text_of(one)))
        actions.quote_requested.connect(lambda one: self.composer.quote(self._text(one)))
        actions.regenerate_requested.connect(lambda _one: self._spawn(self.regenerate()))

    def _text(self, message_id: str) -> str:
        return next((one.text for one in self._window if one.id == message_id), "")

    @property
    def find_bar(self) -> FindBar:
        """Made when it is first asked for."""
        if self._find_bar is None:
            from gui.windows.find_bar import FindBar

            self._find_bar = FindBar(self._parts.appearance)
            self._find_bar.typed.connect(self._look_for)
            self._find_bar.step_requested.connect(lambda by: self._spawn(self.find_next(by)))
            self._find_bar.left.connect(self._stop_finding)
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)  # noqa: S101 -- ours, made below
            layout.insertWidget(1, self._find_bar)
        return self._find_bar

    def _dismiss_bar(self) -> None:
        if self._bar is not None:
            self._bar.dismiss()

    def _empty_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setSpacing(10)
        layout.addStretch(3)
        for label in (self._greeting, self._greeting_hint):
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addStretch(4)
        return page

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(20, 9, 14, 7)
        header.addWidget(self.title, 1)
        header.addWidget(self.picker)
        self._foot_layout.setContentsMargins(FOOT_MARGIN, 4, FOOT_MARGIN, 14)
        self._foot_layout.setSpacing(8)
        self._foot_layout.addWidget(self.composer)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._foot, 1000)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self._stack, 1)
        layout.addLayout(middle)
        self.setFocusProxy(self.composer)

    # -- showing a conversation ---------------------------------------------------------------------------------

    async def show_conversation(self, conversation: Conversation) -> None:
        """Show `conversation` from its end; a reply under way goes on before the reader's eyes."""
        self.unwatch()
        self.conversation = conversation
        self._messages = []
        self._dismiss_bar()
        self.composer.set_text(self._parts.preferences.get("drafts").get(conversation.id, ""))
        self._show_names()
        await self._load(keep_place=False)
        self.shown.emit(conversation)

    def start_new(self, conversation: Conversation) -> None:
        """Show a conversation that has nothing in it and is not kept yet."""
        self.unwatch()
        self.conversation = conversation
        self._messages = []
        self._elsewhere = None
        if self._transcript is not None:
            self._transcript.show_messages([])
        self._stack.setCurrentIndex(0)
        self.composer.set_running(running=False)
        self._show_names()
        self.shown.emit(conversation)

    @property
    def is_empty(self) -> bool:
        return not self._messages and self._turn is None

    def update_conversation(self, conversation: Conversation) -> None:
        """It was renamed, or its connection changed."""
        self.conversation = conversation
        self._show_names()

    async def reload(self) -> None:
        """Show anew what is kept."""
        await self._load(keep_place=True)

    async def _load(self, *, keep_place: bool) -> None:
        history = await self._parts.history
        conversation = self.conversation
        messages = await history.branch(conversation.id, limit=max(PAGE, len(self._messages)))
        versions = await self._versions_of(messages)
        if conversation.id != self.conversation.id:
            return  # another one was chosen meanwhile
        # From here to the end nothing is awaited: no piece can arrive between drawing and watching.
        turn = self._replies.of(conversation.id)
        self.unwatch()
        self._messages = [
            turn.reply if turn is not None and message.id == turn.reply.id else message for message in messages
        ]
        self._versions = versions
        self._elsewhere = None
        self.transcript.show_messages([self._shown(message) for message in self._messages], keep_place=keep_place)
        self._stack.setCurrentIndex(1 if self._messages else 0)
        if turn is not None:
            self._watch(turn)
        else:
            self.composer.set_running(running=False)
            self._offer_remedies()

    async def _versions_of(self, messages: Sequence[Message]) -> dict[str, list[str]]:
        """What drawing these messages needs: their versions, and their formulas, which are set away from the window."""
        from gui.markdown.math import FORMULAS

        texts = [message.text for message in messages if message.role is Role.ASSISTANT]
        if FORMULAS.waits_for(texts):
            import asyncio

            await asyncio.to_thread(FORMULAS.prepare, texts)
        history = await self._parts.history
        return await history.versions([message.id for message in messages if message.role is Role.ASSISTANT])

    @property
    def _window(self) -> list[Message]:
        """What the transcript shows."""
        return self._messages if self._elsewhere is None else self._elsewhere

    async def _load_older(self, count: int = PAGE) -> None:
        """Show `count` more messages above; one at a time, so that nothing waits for all of them."""
        import asyncio

        window = self._window
        if self._paging or not window or window[0].parent_id is None:
            return
        self._paging = True
        try:
            history = await self._parts.history
            older = await history.branch(self.conversation.id, window[0].parent_id, limit=count)
            versions = await self._versions_of(older)
            for message in reversed(older):
                if self._window is not window or window[0].parent_id != message.id:
                    return  # something else is shown by now
                self._versions.update(versions)
                window.insert(0, message)
                self.transcript.prepend(self._shown(message))
                await asyncio.sleep(0)
        finally:
            self._paging = False

    async def _load_newer(self) -> None:
        """Go on below a part of the branch that was shown for `reveal`."""
        window = self._elsewhere
        if self._paging or window is None:
            return
        self._paging = True
        try:
            history = await self._parts.history
            ids = await history.branch_ids(self.conversation.id)
            place = ids.index(window[-1].id) if window[-1].id in ids else len(ids)
            following = ids[place + 1 : place + 1 + PAGE]
            newer = await history.branch(self.conversation.id, following[-1], limit=len(following)) if following else []
            versions = await self._versions_of(newer)
            if self._elsewhere is not window:
                return
            self._versions.update(versions)
            known = {message.id for message in self._messages}
            for message in newer:
                if message.id in known:
                    break
                window.append(message)
                self.transcript.add(self._shown(message), complete=False)
            else:
                if newer:
                    return
            # The two parts have met.
            self._elsewhere = None
            for message in self._latest():
                self.transcript.add(self._shown(message))
            self._messages = [*window, *self._messages]
        finally:
            self._paging = False

    def _latest(self) -> list[Message]:
        """The end of the branch, a running reply as far as it has come."""
        if self._turn is not None:
            self._messages[-1] = self._turn.reply
        return self._messages

    def to_latest(self) -> None:
        """Show the end of the conversation; what was loaded for reading upwards is let go."""
        too_many = len(self._messages) > MOST
        if too_many:
            del self._messages[:-PAGE]
        if self._elsewhere is not None:
            self._elsewhere = None
            self.transcript.show_messages([self._shown(message) for message in self._latest()])
        elif too_many:
            self.transcript.drop_before(self._messages[0].id)
        self.transcript.jump_to_latest()

    async def reveal(self, message_id: str) -> bool:
        """Scroll to a message of this branch, loading what is around it; False if there is none of this id."""
        if all(message.id != message_id for message in self._window):
            history = await self._parts.history
            conversation_id = self.conversation.id
            ids = await history.branch_ids(conversation_id)
            if message_id not in ids or self.conversation.id != conversation_id:
                return False
            place = ids.index(message_id)
            top = ids.index(self._window[0].id) if self._window[0].id in ids else -1
            if 0 < top - place <= PAGE and not self._paging:
                await self._load_older(top - place + BEFORE)
            if all(message.id != message_id for message in self._window):
                last = min(max(place - BEFORE, 0) + PAGE, len(ids)) - 1
                around = await history.branch(conversation_id, ids[last], limit=PAGE)
                versions = await self._versions_of(around)
                if self.conversation.id != conversation_id:
                    return False
                self._versions.update(versions)
                if last == len(ids) - 1:
                    self._messages = around
                    self.transcript.show_messages([self._shown(message) for message in self._latest()])
                else:
                    self._elsewhere = around
                    self.transcript.show_messages([self._shown(message) for message in around], complete=False)
        self.transcript.show_message(message_id)
        return True

    # -- on paper -----------------------------------------------------------------------------------------------

    def export_pdf(self) -> None:
        """Ask where to, and write all of the conversation there."""
        from pathlib import Path

        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QFileDialog

        from gui.windows.printing import file_name

        dialog = QFileDialog(self, self.tr("Export as PDF"), file_name(self.conversation.title), "PDF (*.pdf)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda file: self._spawn(self.save_pdf(Path(file))))
        dialog.open()

    async def save_pdf(self, file: Path) -> None:
        """Write all of the conversation to `file`. Raises ExportFailed and HistoryError."""
        from gui.windows import printing

        document = await self._on_paper()
        printing.save_pdf(document, file, self.conversation.title)
        self.bar.show_message(self.tr("The chat was written to {file}.").format(file=file), trouble=False)

    def print_out(self) -> None:
        """Ask which printer, and print all of the conversation."""
        from PySide6.QtCore import Qt
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter
        from PySide6.QtWidgets import QDialog

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.conversation.title or "GPROChat")
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda chosen: self._spawn(self._print(printer)) if chosen else None)
        QDialog.open(dialog)

    async def _print(self, printer: QPrinter) -> None:
        from gui.windows.printing import paint

        paint(await self._on_paper(), printer, self.conversation.title)

    async def _on_paper(self) -> QTextDocument:
        from gui.windows.printing import write

        history = await self._parts.history
        conversation = self.conversation
        count = len(await history.branch_ids(conversation.id))
        return await write(await history.branch(conversation.id, limit=count), self.author)

    # -- finding ------------------------------------------------------------------------------------------------

    def open_find(self) -> None:
        """Show the bar for it; what is selected is looked for."""
        selected = self._transcript.textCursor().selectedText() if self._transcript is not None else ""
        self.find_bar.open("" if "\u2029" in selected else selected)

    def _look_for(self, text: str) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._parts.tasks.spawn(self._look(text), self.present)

    async def _look(self, text: str) -> None:
        from gui.windows.finding import Finding

        history = await self._parts.history
        self._finding = finding = Finding()
        await finding.look(history, self.conversation.id, text, self.transcript.first_in_sight())
        await self._show_place()

    async def find_next(self, by: int) -> None:
        """To the next place of what is looked for, or the one before."""
        if self._find_bar is None or self._find_bar.isHidden() or self._finding is None:
            self.open_find()
            return
        self._finding.step(by)
        await self._show_place()

    async def _show_place(self) -> None:
        from gui.windows.finding import pattern

        finding = self._finding
        if finding is None or self._find_bar is None:
            return
        self._find_bar.show_count(finding.current + 1, len(finding.places))
        if finding.current < 0:
            self.transcript.set_found(None)
            return
        message_id, number = finding.places[finding.current]
        if not self.transcript.shows(message_id):
            await self.reveal(message_id)
        self.transcript.set_found(pattern(self._find_bar.input.text()), message_id, number)

    def _stop_finding(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._finding = None
        self.transcript.set_found(None)
        self.composer.setFocus()

    async def show_found(self, message_id: str) -> None:
        """Show a message of this conversation and mark it; where it stands on another branch, that one is gone to."""
        if not await self.reveal(message_id):
            history = await self._parts.history
            await history.update_conversation(self.conversation.id, leaf_id=await history.leaf_below(message_id))
            await self._load(keep_place=False)
            await self.reveal(message_id)
        self.transcript.mark(message_id)

    async def _show_version(self, message_id: str) -> None:
        if self._replies.of(self.conversation.id) is not None:
            return
        history = await self._parts.history
        await history.update_conversation(self.conversation.id, leaf_id=message_id)
        self._dismiss_bar()
        await self._load(keep_place=True)

    def _shown(self, message: Message) -> Shown:
        from gui.windows.transcript import Shown

        return Shown(message, self.author(message), self._versions.get(message.id, ()))

    def author(self, message: Message) -> str:
        """Who wrote it, as its heading says."""
        if message.role is Role.USER:
            return self.tr("You")
        connection = self._parts.connections.get(message.connection)
        name = connection.name if connection else self.tr("Reply")
        return f"{name} · {message.model}" if message.model else name

    # -- the turn -----------------------------------------------------------------------------------------------

    def connection(self) -> Connection:
        """Who answers here: the conversation's connection, or the default one if that is gone."""
        return self._parts.connections.get(self.conversation.connection) or self._parts.connections.default(
            self._parts.preferences.get("default_connection")
        )

    async def send(self, text: str) -> None:
        """Keep what was written and have it answered."""
        from gui.chat.turn import ask

        if self._replies.of(self.conversation.id) is not None:
            return
        history = await self._parts.history
        conversation = replace(self.conversation, connection=self.connection().id)
        parent = self._messages[-1].id if self._messages else None
        message = await ask(history, conversation, text, parent)
        # It is on disk: from here on the input may be emptied.
        if self.composer.text == text:
            self.composer.set_text("")
        self.conversation = await history.conversation(conversation.id) or conversation
        self._dismiss_bar()
        self._show_names()
        self.to_latest()
        self._messages.append(message)
        self._stack.setCurrentIndex(1)
        self.transcript.add(self._shown(message))
        self.transcript.jump_to_latest()
        self.changed.emit(self.conversation)
        await self._answer(message.id)

    async def regenerate(self) -> None:
        """Answer the last message of the person again; the old reply stays as a version."""
        if self._replies.of(self.conversation.id) is not None or not self._messages:
            return
        last = self._messages[-1]
        parent = last.parent_id if last.role is Role.ASSISTANT else last.id
        if parent is None:
            return
        await self._answer(parent)

    async def continue_reply(self) -> None:
        """Go on from where the last reply was cut, as another version of it."""
        last = self._messages[-1]
        if last.role is Role.ASSISTANT and last.parent_id is not None:
            await self._answer(last.parent_id, continued=last)

    def stop(self) -> None:
        self._replies.stop(self.conversation.id)

    async def _answer(self, parent_id: str, continued: Message | None = None) -> None:
        from gui.chat.turn import Turn

        history = await self._parts.history
        if self._replies.of(self.conversation.id) is not None:
            return
        self._dismiss_bar()
        self.to_latest()
        again = self._messages[-1].role is Role.ASSISTANT
        turn = Turn(history, self._parts.routes, self.connection(), self.conversation, parent_id, continued)
        self._replies.start(turn)
        if again:
            self._messages = self._messages[:-1]
            self.transcript.show_messages([self._shown(message) for message in self._messages], keep_place=False)
        self.composer.setFocus()  # not to what comes after the button that was pressed and is gone
        self._messages.append(turn.reply)
        self.transcript.add(self._shown(turn.reply))
        self._watch(turn)

    def _watch(self, turn: Turn) -> None:
        self._turn = turn
        turn.watchers.append(self)
        self.composer.set_running(running=True)
        self.transcript.set_status("" if turn.reply.text else self._waiting_for(turn.progress))

    def unwatch(self) -> None:
        """The reply runs on without this pane."""
        if self._turn is not None and self in self._turn.watchers:
            self._turn.watchers.remove(self)
        self._turn = None

    def arrived(self, piece: Piece) -> None:
        """Of the turn that is watched."""
        if self._elsewhere is not None:
            return  # its end is not in sight
        if isinstance(piece, str):  # before an import, which costs more than all the rest of a token
            self.transcript.set_status("")
            self.transcript.extend(piece)
            return
        from gui.providers.base import Progress, Reasoning

        if isinstance(piece, Progress):
            self.transcript.set_status(self._waiting_for(piece))
        elif isinstance(piece, Reasoning):
            self.transcript.set_status("")
            self.transcript.extend_thoughts(piece.text)

    def ended(self, reply: Message) -> None:
        """Of the turn that is watched."""
        self.unwatch()
        self._messages[-1] = reply
        if self._elsewhere is None:
            self.transcript.end(reply)
        self.composer.set_running(running=False)
        self._offer_remedies()
        self._spawn(self._after_reply(reply))

    def not_kept(self, error: HistoryError) -> None:
        """Of the turn that is watched."""
        self.present(error)

    async def _after_reply(self, reply: Message) -> None:
        history = await self._parts.history
        if len(await history.siblings(reply.id)) > 1 and self._replies.of(self.conversation.id) is None:
            if self._elsewhere is None:
                await self._load(keep_place=True)
            else:
                self._versions.update(await self._versions_of(self._messages))

    def _waiting_for(self, progress: Progress | None) -> str:
        from gui.providers.base import Stage

        if progress is None:
            return self.tr("Waiting for the first word…")
        if progress.stage is Stage.STARTING:
            return self.tr("Starting the embedded model…")
        if progress.done is None:
            return self.tr("Reading…")
        return self.tr("Reading… {percent} %").format(percent=round(progress.done * 100))

    # -- trouble ------------------------------------------------------------------------------------------------

    def present(self, error: GProChatError) -> None:
        """Say what went wrong outside of a reply."""
        self.bar.show_message(explain(error), self._actions_for(error, retry=None))

    def _offer_remedies(self) -> None:
        """Beside a reply that was not completed: what happened, what was kept, what can be done."""
        last = self._messages[-1] if self._messages else None
        if last is None:
            return
        retry: Callable[[], object] = lambda: self._spawn(self.regenerate())  # noqa: E731 -- handed on as a value
        go_on = (self.tr("Continue"), lambda: self._spawn(self.continue_reply()))
        if last.state is State.FAILED:
            error = from_json(last.error)
            kept = self.tr("What had arrived is kept.") if last.text else ""
            actions = self._actions_for(error, retry)
            self.bar.show_message(f"{explain(error)} {kept}".strip(), [go_on, *actions] if last.text else actions)
        elif last.state in {State.INTERRUPTED, State.STOPPED}:
            text = self.tr("The program ended before this reply was complete. What had arrived is kept.")
            if last.state is State.STOPPED:
                text = explain(from_json(last.error)) if last.error else self.tr("The reply was stopped.")
            self.bar.show_message(text, [*([go_on] if last.text else []), (self.tr("Retry"), retry)], trouble=False)
        elif last.role is Role.USER:
            self.bar.show_message(self.tr("This message has no reply yet."), [(self.tr("Retry"), retry)], trouble=False)

    def _actions_for(
        self, error: GProChatError, retry: Callable[[], object] | None
    ) -> list[tuple[str, Callable[[], object]]]:
        actions: list[tuple[str, Callable[[], object]]] = []
        if error.remedy is Remedy.OPEN_CONNECTION:
            actions.append((remedy_text(error.remedy), lambda: self.settings_requested.emit("connections")))
        elif error.remedy is Remedy.OPEN_PROXY:
            actions.append((remedy_text(error.remedy), lambda: self.settings_requested.emit("network")))
        elif error.remedy is Remedy.NEW_CHAT:
            actions.append((remedy_text(error.remedy), self.new_requested.emit))
        if retry is not None:
            actions.append((remedy_text(Remedy.RETRY), retry))
        return actions

    async def _load_image(self, address: str) -> None:
        await self._parts.images.load(address, self._parts.network.proxy_for)

    def _show_link(self, address: str) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        self.bar.show_message(
            self.tr("This link leads to {address}").format(address=address),
            [
                (self.tr("Open in the browser"), lambda: QDesktopServices.openUrl(QUrl(address))),
                (self.tr("Copy"), lambda: QGuiApplication.clipboard().setText(address)),
            ],
            trouble=False,
        )

    # -- names, picker, looks -----------------------------------------------------------------------------------

    def _show_names(self) -> None:
        connection = self.connection()
        model = self.conversation.model or connection.model
        self.title.setText(self.conversation.title or self.tr("New chat"))
        name = f"{connection.name} · {model}" if model else connection.name
        metrics = self.picker.fontMetrics()
        room = PICKER_EMS * metrics.height()
        if metrics.horizontalAdvance(name) > room:
            from PySide6.QtCore import Qt

            name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self.picker.setText(name)
        self.composer.set_recipient(connection.name)
        if connection.provider == "local":
            self._greeting_hint.setText(
                self.tr("A small model on this computer answers: no account, no network. It is often wrong.")
            )
        else:
            self._greeting_hint.setText(self.tr("{name} answers.").format(name=connection.name))

    def _fill_picker(self) -> None:
        self.picker_menu.clear()
        chosen = self.connection()
        for connection in self._parts.connections.all():
            if connection.provider != "openai":
                action = self.picker_menu.addAction(connection.name)
                action.setCheckable(True)
                action.setChecked(connection.id == chosen.id)
                action.triggered.connect(lambda _checked=False, one=connection.id: self._spawn(self.choose(one, "")))
                continue
            menu = self.picker_menu.addMenu(connection.name)
            menu.aboutToShow.connect(lambda one=connection, into=menu: self._spawn(self._fill_models(one, into)))
            self._offer_models(connection, menu, [connection.model] if connection.model else [])
        self.picker_menu.addSeparator()
        self.picker_menu.addAction(self.tr("Manage connections…"), lambda: self.settings_requested.emit("connections"))

    async def _fill_models(self, connection: Connection, menu: QMenu) -> None:
        names = await self._parts.routes.models(connection)
        self._offer_models(connection, menu, names)

    def _offer_models(self, connection: Connection, menu: QMenu, names: list[str]) -> None:
        menu.clear()
        if not names:
            menu.addAction(self.tr("Asking for the models…")).setEnabled(False)
        for name in names:
            action = menu.addAction(name)
            action.setCheckable(True)
            current = self.conversation.model or self.connection().model
            action.setChecked(connection.id == self.connection().id and name == current)
            action.triggered.connect(lambda _checked=False, one=name: self._spawn(self.choose(connection.id, one)))

    async def choose(self, connection_id: str, model: str) -> None:
        """Have this conversation answered by another connection or model from now on."""
        self.conversation = replace(self.conversation, connection=connection_id, model=model)
        self._show_names()
        if self._messages:
            history = await self._parts.history
            await history.update_conversation(self.conversation.id, connection=connection_id, model=model)
        self.changed.emit(self.conversation)

    def _recall(self) -> None:
        """The last thing the person said, to say it again."""
        said = next((one.text for one in reversed(self._messages) if one.role is Role.USER), "")
        if said:
            self.composer.set_text(said)

    def toggle_thoughts(self) -> None:
        """Show or hide what the model thought before its last reply."""
        reply = self.last_reply()
        if reply is not None:
            self.transcript.toggle_thoughts(reply.id)

    def last_reply(self) -> Message | None:
        return next((one for one in reversed(self._messages) if one.role is Role.ASSISTANT), None)

    def redraw(self) -> None:
        """Once it has its place in the window (a font set before is lost), and after the theme, zoom, keys changed."""
        for label, scale in ((self.title, 1.08), (self._greeting, HERO)):
            font = self._parts.appearance.font(scale)
            font.setWeight(QFont.Weight.DemiBold)
            label.setFont(font)
        self.picker.setIcon(self._parts.appearance.icon("chevron-down", "muted"))
        self.composer.set_sending(with_control=self._parts.preferences.get("send_key") == "ctrl+enter")
        self.composer.redraw()
        self.composer.input.grow()
        for bar in (self._bar, self._find_bar):
            if bar is not None:
                bar.redraw()
        if self._transcript is not None:
            self._transcript.redraw()
        # The composer's text stands below the transcript's.
        self._foot.setMaximumWidth(self._parts.appearance.reading_width() + 2 * (CARD_PADDING + FOOT_MARGIN))

    def _spawn(self, coroutine: object) -> None:
        self._parts.tasks.spawn(coroutine, self.present)  # type: ignore[arg-type]
