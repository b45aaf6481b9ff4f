"""Exports and imports of the window: what is asked before, how far they are, and what came of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from gui.errors import HistoryError, ImportRefused
from gui.transfer.branches import branch
from gui.transfer.export import Form, Wanted, export, suffix
from gui.transfer.files import file_name
from gui.transfer.job import Ended, Job
from gui.transfer.take_in import TakenIn, take_in
from gui.transfer.words import Words
from gui.windows.progress import Progress
from gui.windows.saving import ask_where
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from gui.conversation import Conversation
    from gui.history.record import Record
    from gui.history.store import History
    from gui.windows.dialogs.export import ExportDialog
    from gui.windows.images import Images
    from gui.windows.message_bar import MessageBar
    from gui.windows.parts import Parts

FILTERS = {
    Form.MARKDOWN: "Markdown (*.md)",
    Form.HTML: "HTML (*.html)",
    Form.JSON: "JSON (*.json)",
    Form.PDF: "PDF (*.pdf)",
}


class Transfers(QObject):
    """Signals: came(ids) -- of conversations that are new; went(ids) -- that are not any more; restore_requested(ids)
    -- of those that are in the trash.
    """

    came = Signal(list)
    restore_requested = Signal(list)
    went = Signal(list)

    def __init__(self, parts: Parts, window: QWidget, bar: Callable[[], MessageBar]) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._bar = bar

    # -- out ----------------------------------------------------------------------------------------------------

    def ask_what_to_export(self, conversation_id: str) -> None:
        """Of all conversations; this one is chosen at the beginning."""
        self._parts.tasks.spawn(self.open_export(conversation_id))

    async def open_export(self, conversation_id: str) -> ExportDialog:
        from gui.windows.dialogs.export import ExportDialog

        history = await self._parts.history
        folders = [one.folder for one in await history.folder_records() if one.deleted_at is None]
        conversations = await history.all_conversations()
        muted = self._parts.appearance.colour("muted")
        dialog = ExportDialog(conversations, folders, {conversation_id}, muted, self._window)
        dialog.chosen.connect(self._ask_where)
        dialog.open()
        return dialog

    def _ask_where(self, conversations: list[Conversation], form: Form, options: dict[str, bool]) -> None:
        several = len(conversations) > 1
        ending = suffix(form, len(conversations))
        name = file_name("GPROChat" if several else conversations[0].title, ending)
        kinds = translate("export", "Archive of files (*.zip)") if ending == ".zip" else FILTERS[form]
        ask_where(
            self._window,
            translate("export", "Export"),
            name,
            kinds,
            lambda file: self._parts.tasks.spawn(self.export(Wanted(conversations, form, file, **options))),
        )

    async def export(self, wanted: Wanted) -> None:
        """Write what is wanted, and say so. Raises ExportFailed and HistoryError."""
        history = await self._parts.history
        loop = asyncio.get_running_loop()
        words = self.words()

        def record_of(conversation_id: str) -> Record | None:
            return asyncio.run_coroutine_threadsafe(history.record(conversation_id), loop).result()

        def pdf_of(record: Record) -> bytes:
            return asyncio.run_coroutine_threadsafe(_pdf(record, words, self._parts.images, job), loop).result()

        job, bar = Job(), self._bar()
        progress = Progress(bar, self.tr("Exporting… {part}"), self.tr("Cancel"), job)
        try:
            count = await job.run(lambda: export(wanted, words, record_of, job, pdf_of))
        except Ended:
            bar.show_message(self.tr("The export was cancelled. No file was written."), trouble=False, lasting=True)
            return
        finally:
            progress.end()
        text = (
            self.tr("The chat was written to {file}.") if count == 1 else self.tr("Chats written to {file}: {count}.")
        )
        folder = QUrl.fromLocalFile(str(wanted.file.parent))
        bar.show_message(
            text.format(file=wanted.file, count=count),
            [(self.tr("Open folder"), lambda: QDesktopServices.openUrl(folder))],
            trouble=False,
            lasting=True,
        )

    def words(self) -> Words:
        """What exports say, in the person's language."""
        from gui.errors import from_json

        return Words(
            you=translate("export", "You"),
            reply=translate("export", "Reply"),
            system=translate("export", "System prompt"),
            thoughts=translate("export", "Thoughts"),
            version=translate("export", "Another version"),
            stopped=translate("export", "The reply was stopped."),
            interrupted=translate("export", "This reply is not complete."),
            untitled=translate("export", "New chat"),
            contents=translate("export", "Contents"),
            connections={one.id: one.name for one in self._parts.connections.all()},
            explain=lambda error: explain(from_json(error)),
        )

    # -- in -----------------------------------------------------------------------------------------------------

    def ask_what_to_import(self) -> None:
        kinds = self.tr("Histories of GPROChat, ChatGPT, Claude, Open WebUI, Chatbox (*.json *.zip)")
        everything = self.tr("All files")
        dialog = QFileDialog(self._window, self.tr("Import"), "", f"{kinds};;{everything} (*)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda files: self._parts.tasks.spawn(self.take_in([Path(one) for one in files])))
        dialog.open()

    def offer(self, files: Sequence[Path], attach: Callable[[Sequence[Path]], object]) -> None:
        """Ask whether to take in what was dropped on the window, or to `attach` it."""
        names = ", ".join(file.name for file in files)
        self._bar().show_message(
            self.tr("Import the chats in {names}?").format(names=names),
            [
                (self.tr("Import"), lambda: self._parts.tasks.spawn(self.take_in(files))),
                (self.tr("Attach"), lambda: attach(files)),
            ],
            trouble=False,
            lasting=True,
        )

    async def take_in(self, files: Sequence[Path]) -> None:
        """Each file as a whole or not at all; then say what came, with the way back."""
        history = await self._parts.history
        taken: list[TakenIn] = []
        refused: list[str] = []
        bar = self._bar()
        for file in files:
            job = Job()
            text = self.tr("Importing {file}… {part}").replace(
                "{file}", file.name.replace("{", "{{").replace("}", "}}")
            )
            progress = Progress(bar, text, self.tr("Cancel"), job)
            try:
                taken.append(await take_in(history, file, job))
            except ImportRefused as error:
                refused.append(explain(error))
            except Ended:
                refused.append(
                    self.tr("The import of {file} was cancelled. Nothing was changed.").format(file=file.name)
                )
                self._parts.tasks.spawn(_take_out_rest(history))
                break
            finally:
                progress.end()
        ids = [one for each in taken for one in each.added]
        self.came.emit(ids)
        text = " ".join([*refused, *([self._summary(taken)] if taken else [])])
        trashed = [one for each in taken for one in each.in_trash]
        undo = [(self.tr("Undo"), lambda: self._parts.tasks.spawn(self.undo(ids)))] if ids else []
        restore = [(self.tr("Restore"), lambda: self.restore_requested.emit(trashed))] if trashed else []
        bar.show_message(text, [*undo, *restore], trouble=bool(refused), lasting=True)

    def _summary(self, taken: Sequence[TakenIn]) -> str:
        said = [self.tr("Chats imported: {count}.").format(count=sum(len(one.added) for one in taken))]
        for text, count in (
            (self.tr("There already: {count}."), sum(one.there for one in taken)),
            (self.tr("Of these with something new: {count}."), sum(one.changed for one in taken)),
            (self.tr("Of these in the trash, where they stay: {count}."), sum(len(one.in_trash) for one in taken)),
            (self.tr("Removed for good before, and left out: {count}."), sum(one.removed for one in taken)),
        ):
            if count:
                said.append(text.format(count=count))
        return " ".join(said)

    async def undo(self, conversation_ids: Sequence[str]) -> None:
        """Put what came into the trash, all of it at once."""
        history = await self._parts.history
        there = set(await history.record_ids())
        await history.delete_conversations([one for one in conversation_ids if one in there])
        self.went.emit(list(conversation_ids))
        self._bar().show_message(self.tr("What was imported is in the trash now."), trouble=False, lasting=True)


async def _take_out_rest(history: History) -> None:
    with suppress(HistoryError):  # the next start does it
        await history.take_out_rest()


async def _pdf(record: Record, words: Words, images: Images, job: Job) -> bytes:
    from gui.windows.printing import pdf_of

    title = record.conversation.title or words.untitled
    return await pdf_of(branch(record), words.author, title, images, lambda _part: job.reached(job.part))
