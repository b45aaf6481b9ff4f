"""A pane: one conversation with its transcript, its composer and what there is to say about trouble."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.conversation import Conversation, Message, Role, State
from gui.errors import (
    AttachmentNotTaken,
    GProChatError,
    HistoryError,
    KeyringError,
    NetworkError,
    ProxyUnreadable,
    Remedy,
    from_json,
)
from gui.windows.attachments import Attachments
from gui.windows.composer import Composer
from gui.windows.pages import Pages
from gui.windows.picker import Picker
from gui.windows.wording import explain, one_line, remedy_text

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine, Sequence

    from PySide6.QtGui import QImage
    from PySide6.QtPrintSupport import QPrinter

    from gui.chat.turn import Turn
    from gui.conversation import Attachment
    from gui.providers.base import Piece, Progress
    from gui.settings.connections import Connection
    from gui.windows.attachments import Maker
    from gui.windows.find_bar import FindBar
    from gui.windows.finding import Finding
    from gui.windows.message_actions import MessageActions
    from gui.windows.message_bar import MessageBar
    from gui.windows.parts import Parts
    from gui.windows.replies import Replies
    from gui.windows.transcript import Transcript

FOOT_MARGIN = 12  # px at the left and the right of the composer
CARD_PADDING = 14  # px, as of the transcript's cards

HERO = 1.7
"""The size of the greeting, in the font's."""


class Pane(QFrame):
    """Signals, all about the conversation shown: changed(Conversation) -- title, connection or time are others now;
    settings_requested(page); test_requested() -- of its connection; connect_requested(preset id); new_requested();
    shown(Conversation). About the history: repair_requested().
    """

    changed = Signal(object)
    shown = Signal(object)
    settings_requested = Signal(str)
    test_requested = Signal()
    connect_requested = Signal(str)
    new_requested = Signal()
    repair_requested = Signal()

    def __init__(self, parts: Parts, replies: Replies) -> None:
        super().__init__()
        self.setObjectName("pane")
        self._parts = parts
        self._replies = replies
        self._turn: Turn | None = None
        self._edited: Message | None = None
        self._noticing: asyncio.Task[Any] | None = None
        self._warning: QLabel | None = None
        self.conversation = Conversation()
        self.pages = Pages(parts, lambda: self.transcript, self._running)
        self.title = QLabel()
        self.title.setObjectName("title")
        self.picker = Picker(parts)
        self.picker.chosen.connect(lambda connection, model: self._spawn(self.choose(connection, model)))
        self.picker.connections_requested.connect(lambda: self.settings_requested.emit("connections"))
        self.options_button = QToolButton()
        self.options_button.setObjectName("flat")
        self.options_button.setAccessibleName(self.tr("Options of this chat"))
        self._transcript: Transcript | None = None
        self.message_actions: MessageActions  # with the transcript
        self._bar: MessageBar | None = None
        self._find_bar: FindBar | None = None
        self._finding: Finding | None = None
        self.composer = Composer(parts.appearance)
        self._attachments = Attachments(parts.tasks, lambda: self.bar)
        self._sending = False
        self._greeting = QLabel(self.tr("What is on your mind?"))
        self._greeting.setObjectName("greeting")
        self._greeting_hint = QLabel()
        self._greeting_hint.setObjectName("emptyHint")
        self.connect_button = QPushButton(self.tr("Connect to another server…"))
        self.connect_menu = QMenu(self.connect_button)
        self._foot = QWidget()
        self._foot_layout = QVBoxLayout(self._foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_page())
        self._lay_out()
        self.composer.submitted.connect(self._submit)
        self.composer.stop_requested.connect(self.stop)
        self.composer.files_requested.connect(self._ask_for_files)
        self.composer.files_pasted.connect(lambda files: self.attach([Path(file) for file in files]))
        self.composer.image_pasted.connect(self._attach_image)
        self.composer.recall_requested.connect(self._recall)
        self.composer.editing_ended.connect(self._editing_ended)
        self.picker.left.connect(self.composer.setFocus)
        self.options_button.clicked.connect(self.open_options)

    @property
    def transcript(self) -> Transcript:
        """Made for the first message: with it comes all that draws Markdown, which a new chat does not wait for."""
        if self._transcript is None:
            from gui.windows.transcript import Transcript

            self._transcript = Transcript(self._parts.appearance, self._parts.images)
            self._transcript.link_requested.connect(self._show_link)
            self._transcript.version_requested.connect(lambda version: self._spawn(self.show_version(version)))
            self._transcript.image_requested.connect(lambda address: self._spawn(self._load_image(address)))
            self._transcript.older_requested.connect(lambda: self._spawn(self.pages.load_older()))
            self._transcript.newer_requested.connect(lambda: self._spawn(self.pages.load_newer()))
            self._transcript.jump.clicked.connect(self.pages.to_latest)
            self._transcript.first_requested.connect(lambda: self._spawn(self.pages.to_first()))
            self._transcript.latest_requested.connect(self.pages.to_latest)
            self._stack.addWidget(self._transcript)
            self.message_actions = self._make_actions(self._transcript)
        return self._transcript

    def _make_actions(self, transcript: Transcript) -> MessageActions:
        from gui.windows.message_actions import MessageActions

        actions = MessageActions(transcript, self._parts.appearance, lambda: self._running() is not None)
        actions.edit_requested.connect(lambda one: self._with(one, self.edit))
        actions.regenerate_requested.connect(lambda one: self._with(one, lambda it: self._spawn(self.regenerate(it))))
        actions.version_requested.connect(lambda one: self._spawn(self.show_version(one)))
        actions.quote_requested.connect(self._quote)
        actions.save_image_requested.connect(self._ask_for_image)
        actions.left.connect(self.composer.setFocus)
        return actions

    def _with(self, message_id: str, do: Callable[[Message], object]) -> None:
        message = self.pages.get(message_id)
        if message is not None:
            do(message)

    async def step(self, by: int) -> None:
        """Choose the message above (-1) or below (1) the chosen one, or else one in sight, for what is done by key."""
        if not self.pages.messages:
            return
        chosen = self.transcript.chosen
        ids = [message.id for message in self.pages.window]
        if not chosen:
            self.message_actions.choose(self.transcript.headings.in_sight(last=by < 0))
            return
        if chosen == ids[0] and by < 0:
            await self.pages.load_older()
        elif chosen == ids[-1] and by > 0:
            await self.pages.load_newer()
        ids = [message.id for message in self.pages.window]
        place = ids.index(chosen) + by if chosen in ids else -1
        if 0 <= place < len(ids):
            self.message_actions.choose(ids[place])

    @property
    def find_bar(self) -> FindBar:
        """Made when it is first asked for."""
        if self._find_bar is None:
            from gui.windows.find_bar import FindBar
            from gui.windows.finding import Finding

            self._find_bar = bar = FindBar(self._parts.appearance)
            self._finding = finding = Finding(self._parts, self.pages, self.transcript, self._spawn)
            bar.typed.connect(finding.look_for)
            bar.stepped.connect(finding.step)
            bar.closed.connect(self._leave_find)
            finding.counted.connect(lambda number, total, all_: bar.show_count(number, total, complete=all_))
            self._layout.insertWidget(1, bar)
        return self._find_bar

    def open_find(self) -> None:
        """Have something found in this conversation: what is selected, if that is one line."""
        if self.pages.messages:
            source = self.composer.input if self.composer.input.hasFocus() else self.transcript
            selected = (source.textCursor().selectedText() or self.transcript.textCursor().selectedText()).strip()
            self.find_bar.open("" if "\u2029" in selected else selected)

    def find_step(self, by: int) -> None:
        """To the next one (1) or the one before (-1); if nothing is looked for, that begins."""
        if self._find_bar is None or self._find_bar.isHidden():
            self.open_find()
        else:
            self._find_bar.stepped.emit(by)

    def _leave_find(self) -> None:
        self._close_find()
        self.composer.setFocus()

    def _close_find(self) -> None:
        if self._find_bar is not None and self._finding is not None:
            self._find_bar.hide()
            self._finding.end()

    @property
    def bar(self) -> MessageBar:
        """Made for the first message: most panes never have any."""
        if self._bar is None:
            from gui.windows.message_bar import MessageBar

            self._bar = MessageBar(self._parts.appearance)
            self._bar.left.connect(self._offer_remedies)
            self._foot_layout.insertWidget(0, self._bar)
        return self._bar

    def _dismiss_bar(self) -> None:
        if self._bar is not None:
            self._bar.dismiss()

    @property
    def _is_bar_taken(self) -> bool:
        """Whether something is said there that is not of this conversation alone."""
        return self._bar is not None and self._bar.lasting

    def _clear_bar(self) -> None:
        """Take away what is said of this conversation."""
        if not self._is_bar_taken:
            self._dismiss_bar()

    def take_back(self, text: str) -> None:
        """No longer say this, if it is what the bar says."""
        if self._bar is not None and text and self._bar.text == text:
            self._bar.dismiss()

    def _empty_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setSpacing(10)
        layout.addStretch(3)
        for label in (self._greeting, self._greeting_hint):
            label.setWordWrap(True)
            layout.addWidget(label)
        self.connect_button.setObjectName("connect")
        self.connect_button.setMenu(self.connect_menu)
        self.connect_menu.aboutToShow.connect(self._offer_presets)
        self.connect_menu.triggered.connect(lambda action: self.connect_requested.emit(action.data()))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.connect_button)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(4)
        return page

    def _offer_presets(self) -> None:
        from gui.windows.dialogs.connection_list import fill_presets

        self.connect_menu.clear()
        fill_presets(self.connect_menu, embedded=False)

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(20, 9, 14, 7)
        header.addWidget(self.title, 1)
        header.addWidget(self.picker)
        header.addWidget(self.options_button)
        self._foot_layout.setContentsMargins(FOOT_MARGIN, 4, FOOT_MARGIN, 14)
        self._foot_layout.setSpacing(8)
        self._foot_layout.addWidget(self.composer)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._foot, 1000)
        middle.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addLayout(header)
        self._layout.addWidget(self._stack, 1)
        self._layout.addLayout(middle)
        self.setFocusProxy(self.composer)

    # -- showing a conversation ---------------------------------------------------------------------------------

    async def show_conversation(self, conversation: Conversation) -> None:
        """Show `conversation` from its end; a reply under way goes on before the reader's eyes."""
        self.put_away()
        self.unwatch()
        self._close_find()
        self.conversation = conversation
        self.pages.clear(conversation.id)
        self._clear_bar()
        self.composer.set_text(self._parts.preferences.get("drafts").get(conversation.id, ""))
        self.composer.set_attachments(self._parts.attached.pop(conversation.id, ()))
        self._show_names()
        await self._load(keep_place=False)
        self.shown.emit(conversation)

    def start_new(self, conversation: Conversation) -> None:
        """Show a conversation that has nothing in it and is not kept yet."""
        self.put_away()
        self.unwatch()
        self._close_find()
        self.conversation = conversation
        self.pages.clear(conversation.id)
        if self._transcript is not None:
            self._transcript.show_messages([])
        self._stack.setCurrentIndex(0)
        self.composer.set_running(running=False)
        self.composer.set_attachments(self._parts.attached.pop("new", ()))
        if not self.composer.text:
            self.composer.set_text(self._parts.draft)
            self._parts.draft = ""
        self._show_names()
        self.shown.emit(conversation)

    def put_away(self) -> None:
        """Keep the message that is being written in a new conversation, and what was to go along with any, until it is
        shown again.
        """
        self.composer.stop_editing()
        if self.is_empty and self.composer.text.strip():
            self._parts.draft = self.composer.text
        if self.composer.attachments:
            self._parts.attached[self._draft_key] = self.composer.attachments

    @property
    def _draft_key(self) -> str:
        return "new" if self.is_empty else self.conversation.id

    def _running(self) -> Message | None:
        turn = self._replies.of(self.conversation.id)
        return turn.reply if turn is not None else None

    @property
    def is_empty(self) -> bool:
        return not self.pages.messages and self._turn is None

    def update_conversation(self, conversation: Conversation) -> None:
        """It was renamed, or its connection changed."""
        self.conversation = conversation
        self._show_names()

    async def take_news(self) -> None:
        """What was said in this conversation on another computer: shown below, where the reader stays where they are.

        Not while a reply runs here, nor while another part is read: it is there when its place is shown again.
        """
        if self._replies.of(self.conversation.id) is not None or not self.pages.at_end:
            return
        last = self.pages.messages[-1:]
        if not await self.pages.follow():
            await self._load(keep_place=True)
        elif self.pages.messages[-1:] != last:
            self._clear_bar()
            if not self._is_bar_taken:
                self._offer_remedies()

    async def reload(self) -> None:
        """Show anew what is kept."""
        await self._load(keep_place=True)

    async def _load(self, *, keep_place: bool) -> None:
        if not await self.pages.load(keep_place=keep_place):
            return
        turn = self._replies.of(self.conversation.id)
        self.unwatch()
        self._stack.setCurrentIndex(1 if self.pages.messages else 0)
        if turn is not None and not turn.is_over:
            self._watch(turn)
        else:
            self.composer.set_running(running=False)
            if not self._is_bar_taken:
                self._offer_remedies()

    async def reveal(self, message_id: str) -> bool:
        """Scroll to a message of this branch, loading what is around it; False if there is none of this id."""
        return await self.pages.reveal(message_id)

    # -- on paper -----------------------------------------------------------------------------------------------

    def export_pdf(self) -> None:
        """Ask where to, and write all of the conversation there."""
        from gui.transfer.files import file_name
        from gui.windows.saving import ask_where

        name = file_name(self.conversation.title, ".pdf")
        ask_where(self, self.tr("Export as PDF"), name, "PDF (*.pdf)", lambda file: self._spawn(self.save_pdf(file)))

    async def save_pdf(self, file: Path) -> None:
        """Write all of the conversation to `file`. Raises ExportFailed and HistoryError."""
        import asyncio

        from gui.transfer.job import Ended, Job
        from gui.windows.printing import pdf_of
        from gui.windows.progress import Progress
        from gui.windows.saving import write_whole

        job, title = Job(), self.conversation.title
        progress = Progress(self.bar, self.tr("Writing the PDF… {part}"), self.tr("Cancel"), job)
        try:
            data = await pdf_of(await self._branch(), self.pages.author, title, self._parts.images, job.reached)
            await asyncio.to_thread(write_whole, file, data)
        except Ended:
            self.bar.show_message(self.tr("The export was cancelled. No file was written."), trouble=False)
            return
        finally:
            progress.end()
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
        from gui.transfer.job import Ended, Job
        from gui.windows.printing import paint
        from gui.windows.progress import Progress

        job, title = Job(), self.conversation.title
        progress = Progress(self.bar, self.tr("Printing… {part}"), self.tr("Cancel"), job)
        try:
            await paint(await self._branch(), self.pages.author, printer, title, self._parts.images, job.reached)
        except Ended:
            printer.abort()
        finally:
            progress.end()

    async def _branch(self) -> list[Message]:
        """All of the conversation that is shown."""
        history = await self._parts.history
        conversation_id = self.conversation.id
        return await history.branch(conversation_id, limit=len(await history.branch_ids(conversation_id)))

    async def show_found(self, message_id: str) -> None:
        """Show a message of this conversation and mark it; where it stands on another branch, that one is gone to."""
        if not await self.reveal(message_id):
            history = await self._parts.history
            await history.update_conversation(self.conversation.id, leaf_id=await history.leaf_below(message_id))
            await self._load(keep_place=False)
            await self.reveal(message_id)
        self.transcript.mark(message_id)

    async def show_version(self, message_id: str) -> None:
        """Show the branch of this version of a message, which stands where the other one stood; not while one grows."""
        if self._replies.of(self.conversation.id) is not None:
            self.bar.show_message(self._no_other_version, [(self.tr("Stop the reply"), self.stop)], trouble=False)
            return
        history = await self._parts.history
        before = next((one for one in await history.siblings(message_id) if self.pages.get(one)), None)
        top = self.transcript.headings.rectangle(before).top() if before is not None else None
        await history.update_conversation(self.conversation.id, leaf_id=await history.leaf_below(message_id))
        self._clear_bar()
        chosen = self.transcript.chosen == before
        await self._load(keep_place=True)
        await self.pages.reveal(message_id, top)
        if before and chosen:
            self.message_actions.choose(message_id)

    @property
    def _no_other_version(self) -> str:
        return self.tr("Another version can be shown when this reply has ended.")

    # -- the turn -----------------------------------------------------------------------------------------------

    def connection(self) -> Connection:
        """Who answers here: the conversation's connection, or the default one if that is gone."""
        return self._parts.connections.get(self.conversation.connection) or self._parts.connections.default(
            self._parts.preferences.get("default_connection")
        )

    def _submit(self, text: str) -> None:
        """Send it; where it cannot be kept it stays in the composer, and is tried again from there."""

        def failed(error: GProChatError) -> None:
            actions = self._actions_for(error, lambda: self._submit(self.composer.text or text))
            self.bar.show_message(explain(error), actions)

        self._parts.tasks.spawn(self.send(text), failed)

    async def send(self, text: str) -> None:
        """Keep what was written and have it answered; what was edited becomes another version of its message.

        Where a file that was to go along cannot, nothing is sent.
        """
        if (turn := self._replies.of(self.conversation.id)) is not None:
            if turn.is_over:  # it waits to be kept
                (await self._parts.history).retry()
            return
        if self._sending:
            return
        self._sending, chat = True, self.conversation.id
        try:
            # Another conversation may be shown by then: what was written for this one is its draft.
            if await self._attachments.settled() and self.conversation.id == chat:
                await self._send(text)
        finally:
            self._sending = False

    async def _send(self, text: str) -> None:
        from gui.chat.turn import ask

        self._check_attachments()
        attachments = self.composer.attachments
        history = await self._parts.history
        conversation = replace(self.conversation, connection=self.connection().id)
        edited = self._edited
        last = self.pages.messages[-1].id if self.pages.messages else None
        message = await ask(history, conversation, text, edited.parent_id if edited else last, attachments)
        # It is on disk: from here on the input may be emptied.
        if edited is not None:
            self.composer.stop_editing()
        elif self.composer.text == text:
            self.composer.set_text("")
            self.composer.set_attachments(())
        self.conversation = await history.conversation(conversation.id) or conversation
        self._dismiss_bar()
        self._show_names()
        await self.pages.end_at(message.parent_id)
        await self.pages.add(message)
        self._stack.setCurrentIndex(1)
        self.transcript.jump_to_latest()
        self.changed.emit(self.conversation)
        await self._answer(message.id)

    async def regenerate(self, reply: Message | None = None) -> None:
        """Answer again what `reply` answers, or else the last message of the person; the old one stays as a version."""
        if self._replies.of(self.conversation.id) is not None or not self.pages.messages:
            return
        last = reply or self.pages.messages[-1]
        parent = last.parent_id if last.role is Role.ASSISTANT else last.id
        if parent is not None:
            await self._answer(parent)

    async def continue_reply(self) -> None:
        """Go on from where the last reply was cut, as another version of it."""
        last = self.pages.messages[-1]
        if last.role is Role.ASSISTANT and last.parent_id is not None:
            await self._answer(last.parent_id, continued=last)

    def edit(self, message: Message) -> None:
        """Have a message of the person's in the input; sent, it is another version, and what was said stays."""
        self._edited = message
        self.composer.edit(message.text, message.attachments)
        self.message_actions.leave()

    # -- what goes along with a message ----------------------------------------------------------------------------

    def attach(self, files: Sequence[Path]) -> None:
        """Have these said along with the message that is being written."""
        from gui.windows.attaching import attach

        self._attach([(file.name, partial(attach, file)) for file in files])

    def _attach(self, makers: Sequence[Maker]) -> None:
        chat, key = self.conversation.id, self._draft_key

        def take(one: Attachment) -> None:
            if self.conversation.id == chat:
                self._take_attachment(one)
            else:  # another conversation is shown by now, and it is none of its business
                self._parts.attached[key] = (*self._parts.attached.get(key, ()), one)

        self._dismiss_bar()
        self._attachments.make(makers, take)

    def _attach_image(self, image: QImage) -> None:
        from gui.windows.attaching import attach_image

        if not image.isNull():
            name = self.tr("image.png")
            self._attach([(name, partial(attach_image, image, name))])

    def _take_attachment(self, attachment: Attachment) -> None:
        self.composer.set_attachments((*self.composer.attachments, attachment))
        try:
            self._check_attachments()
        except GProChatError as error:
            self.present(error)

    def _check_attachments(self) -> None:
        """Raises AttachmentNotTaken."""
        images = [one for one in self.composer.attachments if one.is_image]
        connection = self.connection()
        if images and not self._parts.routes.takes_images(connection):
            raise AttachmentNotTaken(connection=connection.name, file=images[0].name)

    def _ask_for_files(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self, self.tr("Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda files: self.attach([Path(file) for file in files]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def edit_last(self) -> None:
        said = self._last_of(Role.USER)
        if said is not None:
            self.edit(said)

    def _quote(self, text: str) -> None:
        self.composer.quote(text)
        self.message_actions.leave()

    def _editing_ended(self) -> None:
        self._edited = None

    def stop(self) -> None:
        self._replies.stop(self.conversation.id)

    async def _answer(self, parent_id: str, continued: Message | None = None) -> None:
        from gui.chat.turn import Turn

        history = await self._parts.history
        if self._replies.of(self.conversation.id) is not None:
            return
        await self.pages.end_at(parent_id)
        if self._replies.of(self.conversation.id) is not None:
            return
        self._dismiss_bar()
        turn = Turn(history, self._parts.routes, self.connection(), self.conversation, parent_id, continued)
        self._replies.start(turn)
        self.composer.setFocus()  # not to what comes after the button that was pressed and is gone
        self.pages.append(turn.reply)
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
        if self._noticing is not None:
            self._noticing.cancel()
            self._noticing = None

    def arrived(self, piece: Piece) -> None:
        """Of the turn that is watched."""
        if not self.pages.at_end:
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
        self.take_back(self._no_other_version)
        self.pages.messages[-1] = reply
        if self.pages.at_end:
            self.transcript.end(reply)
        self.composer.set_running(running=False)
        self._offer_remedies()
        self._spawn(self._after_reply(reply))

    def omitted(self, count: int) -> None:
        """Of the turn that is watched."""
        if self._turn is not None and self.pages.at_end:
            self.transcript.tell(replace(self._turn.reply, omitted=count))

    def not_kept(self, error: HistoryError) -> None:
        """Of the turn that is watched: the window says it, once for all that waits to be kept."""

    async def _after_reply(self, reply: Message) -> None:
        history = await self._parts.history
        if len(await history.siblings(reply.id)) > 1 and self._replies.of(self.conversation.id) is None:
            if self.pages.at_end:
                await self._load(keep_place=True)
            else:
                await self.pages.load_versions()

    def _waiting_for(self, progress: Progress | None) -> str:
        from gui.providers.base import Stage

        if progress is None or (progress.stage is Stage.WAITING and not progress.seconds):
            return self.tr("Waiting for the first word…")
        if progress.why is not None:
            again = self.tr("Trying again in {seconds} s…").format(seconds=progress.seconds)
            why = explain(progress.why)  # it may end with what the server said
            return f"{why}{'' if why.endswith(('.', '!', '?', '…')) else '.'} {again}"
        if progress.stage is Stage.STARTING:
            if progress.done is not None:
                return self.tr("Loading the model… {percent} %").format(percent=round(progress.done * 100))
            return self.tr("Starting the embedded model…")
        if progress.done is None:
            return self.tr("Reading…")
        return self.tr("Reading… {percent} %").format(percent=round(progress.done * 100))

    # -- trouble ------------------------------------------------------------------------------------------------

    def present(self, error: GProChatError) -> None:
        """Say what went wrong outside of a reply."""
        is_history = isinstance(error, HistoryError) and error.remedy is Remedy.RETRY
        retry = (lambda: self._spawn(self._retry_history())) if is_history else None
        self.bar.show_message(explain(error), self._actions_for(error, retry))

    async def _retry_history(self) -> None:
        (await self._parts.history).retry()

    def _offer_remedies(self) -> None:
        """Beside a reply that was not completed: what happened, what was kept, what can be done."""
        last = self.pages.messages[-1] if self.pages.messages else None
        if last is None:
            return
        retry: Callable[[], object] = lambda: self._spawn(self.regenerate())  # noqa: E731 -- handed on as a value
        go_on = (self.tr("Continue"), lambda: self._spawn(self.continue_reply()))
        if last.state is State.FAILED:
            error = from_json(last.error)
            kept = self.tr("What had arrived is kept.") if last.text else ""
            actions = self._actions_for(error, retry)
            if isinstance(error, NetworkError):
                actions.append((self.tr("Test the connection"), self.test_requested.emit))
            self.bar.show_message(f"{explain(error)} {kept}".strip(), [go_on, *actions] if last.text else actions)
            if isinstance(error, (KeyringError, ProxyUnreadable)):
                self._noticing = self._spawn(self._notice_keyring(error, retry))
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
        elif error.remedy is Remedy.REPAIR:
            actions.append((remedy_text(error.remedy), self.repair_requested.emit))
        if retry is not None and error.remedy is not Remedy.REPAIR:
            actions.append((remedy_text(Remedy.RETRY), retry))
        if retry is not None and isinstance(error, KeyringError) and self.connection().secrets:
            actions.append((self.tr("Enter for this session…"), lambda: self._ask_for_secrets(retry)))
        return actions

    def _ask_for_secrets(self, entered: Callable[[], object]) -> None:
        from gui.windows.keyring_trouble import SessionSecrets

        SessionSecrets(self._parts.secrets, self.connection(), entered, self).open()

    async def _notice_keyring(self, error: GProChatError, retry: Callable[[], object]) -> None:
        """Say that the keyring is back, if it was away and the bar still tells of that."""
        from gui.windows.keyring_trouble import wait_for_keyring

        said = self.bar.text
        if isinstance(error, ProxyUnreadable) and await self._parts.secrets.available():
            return  # the proxy itself is what cannot be read
        await wait_for_keyring(self._parts.secrets)
        if self.bar.text == said:
            self.bar.show_message(
                self.tr("The system’s keyring is back."), [(remedy_text(Remedy.RETRY), retry)], trouble=False
            )

    async def _load_image(self, address: str) -> None:
        await self._parts.images.load(address, self._parts.network.proxy_for)

    def _ask_for_image(self, address: str) -> None:
        from gui.windows.saving import ask_where

        ask_where(
            self,
            self.tr("Save image"),
            "image.png",
            "PNG (*.png)",
            lambda file: self._spawn(self.save_image(address, file)),
        )

    async def save_image(self, address: str, file: Path) -> None:
        """Write a picture that is shown to `file`, as PNG. Raises ExportFailed."""
        import asyncio

        from gui.windows.images import write_image

        image = self._parts.images.of(address).image
        if image is not None:
            await asyncio.to_thread(write_image, image, file)
            self.bar.show_message(self.tr("The image was written to {file}.").format(file=file), trouble=False)

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

    @property
    def warning(self) -> str:
        """What stands above the box all the time; "" for nothing."""
        return self._warning.text() if self._warning is not None and not self._warning.isHidden() else ""

    def _warn(self, connection: Connection) -> None:
        """As long as it lasts, of a connection that looks at no certificate."""
        if self._warning is None and connection.takes_any_certificate:
            self._warning = QLabel(
                self.tr("This connection checks no certificate: whoever is between can read and change everything.")
            )
            self._warning.setObjectName("trouble")
            self._warning.setWordWrap(True)
            self._foot_layout.insertWidget(self._foot_layout.indexOf(self.composer), self._warning)
        if self._warning is not None:
            self._warning.setVisible(connection.takes_any_certificate)

    def _show_names(self) -> None:
        connection = self.connection()
        self._warn(connection)
        model = self.conversation.model or connection.model
        self.title.setText(one_line(self.conversation.title))
        self.picker.show_current(connection, model)
        self._show_options()
        self.composer.set_recipient(connection.name)
        if connection.provider == "local" and not connection.options.get("file"):
            self._greeting_hint.setText(
                self.tr("A small model on this computer answers: no account, no network. It is often wrong.")
            )
        else:
            self._greeting_hint.setText(self.tr("{name} answers.").format(name=connection.name))
        self.connect_button.setHidden(self._parts.connections.configured)

    async def choose(self, connection_id: str, model: str) -> None:
        """Have this conversation answered by another connection or model from now on."""
        chat = self.conversation.id
        self._answered_by(connection_id, model)
        if self.pages.messages:
            history = await self._parts.history
            await history.update_conversation(chat, connection=connection_id, model=model)
            if self.conversation.id != chat:
                return
            self._answered_by(connection_id, model)  # what was read before that may have come meanwhile
        self._tell_of_images()
        self.changed.emit(self.conversation)

    def _answered_by(self, connection_id: str, model: str) -> None:
        self.conversation = replace(self.conversation, connection=connection_id, model=model)
        self._show_names()

    def _tell_of_images(self) -> None:
        """Before anything is sent: who answers from now on may not see what was shown to somebody else."""
        connection = self.connection()
        seen = any(one.is_image for message in self.pages.messages for one in message.attachments)
        if seen and not self._parts.routes.takes_images(connection):
            text = self.tr("{name} takes no images: of those in this chat it is told the names.")
            self.bar.show_message(text.format(name=connection.name), trouble=False)

    def open_options(self) -> None:
        """Have it chosen what the model is asked with."""
        from gui.chat.options import Options
        from gui.windows.dialogs.chat_options import ChatOptionsDialog

        one, connection = self.conversation, self.connection()
        settable = self._parts.routes.settable(connection)
        dialog = ChatOptionsDialog(
            connection, settable, one.system_prompt, Options.from_json(one.options), self.window()
        )
        dialog.chosen.connect(lambda prompt, options: self._spawn(self.set_options(prompt, options.to_json())))
        dialog.open()

    async def set_options(self, system_prompt: str, options: str) -> None:
        """Ask the model with these from now on."""
        self.conversation = replace(self.conversation, system_prompt=system_prompt, options=options)
        self._show_options()
        if self.pages.messages:
            history = await self._parts.history
            await history.update_conversation(self.conversation.id, system_prompt=system_prompt, options=options)
        self.changed.emit(self.conversation)

    def _show_options(self) -> None:
        chosen = bool(self.conversation.system_prompt or self.conversation.options)
        self.options_button.setIcon(self._parts.appearance.icon("settings", "accent" if chosen else "muted"))
        tip = self.tr("Options of this chat")
        self.options_button.setToolTip(self.tr("Options of this chat: some were chosen") if chosen else tip)

    def _recall(self) -> None:
        """The last thing the person said, to say it again."""
        said = self._last_of(Role.USER)
        if said is not None:
            self.composer.set_text(said.text)

    def toggle_thoughts(self) -> None:
        """Show or hide what the model thought before its last reply."""
        reply = self.last_reply()
        if reply is not None:
            self.transcript.toggle_thoughts(reply.id)

    def last_reply(self) -> Message | None:
        return self._last_of(Role.ASSISTANT)

    def _last_of(self, role: Role) -> Message | None:
        return next((one for one in reversed(self.pages.messages) if one.role is role), None)

    def redraw(self) -> None:
        """Once it has its place in the window (a font set before is lost), and after the theme, zoom, keys changed."""
        for label, scale in ((self.title, 1.08), (self._greeting, HERO)):
            font = self._parts.appearance.font(scale)
            font.setWeight(QFont.Weight.DemiBold)
            label.setFont(font)
        self.picker.redraw()
        self._show_options()
        self.composer.set_sending(with_control=self._parts.preferences.get("send_key") == "ctrl+enter")
        self.composer.redraw()
        self.composer.input.grow()
        for bar in (self._bar, self._find_bar):
            if bar is not None:
                bar.redraw()
        if self._transcript is not None:
            self._transcript.redraw()
            self.message_actions.redraw()
        if self._find_bar is not None and self._finding is not None:
            self._find_bar.redraw()
            self._finding.tints.redraw()
        # The composer's text stands below the transcript's.
        self._foot.setMaximumWidth(self._parts.appearance.reading_width() + 2 * (CARD_PADDING + FOOT_MARGIN))

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return self._parts.tasks.spawn(coroutine, self.present)
