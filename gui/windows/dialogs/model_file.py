"""The fields of a connection that is a GGUF file: which one, what is in it, whether it fits, and how to get one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.errors import GProChatError
from gui.providers.engine import CONTEXT_TOKENS
from gui.providers.gguf import read_gguf
from gui.windows.dialogs.numbers import indent_number
from gui.windows.wording import explain

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from gui.providers.gguf import Gguf
    from gui.windows.parts import Parts

MOST_CONTEXT = 1 << 22  # tokens
TYPING = 400  # ms from the last letter of a path until the file is looked at


def gguf_of(event: QDragEnterEvent | QDropEvent) -> Path | None:
    """The model's file that is dragged here."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((path for path in paths if path.suffix.lower() == ".gguf"), None)


class ModelFile(QWidget):
    """Signals: named(name) -- of the model in a file that was chosen."""

    named = Signal(str)

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._tasks = parts.tasks
        self._found: Gguf | None = None
        self._looking: asyncio.Task[Any] | None = None
        self._downloads = parts.downloads
        self.path = QLineEdit()
        self.path.setPlaceholderText(self.tr("Choose a file, drop one here, or fetch one"))
        self.choose_button = QPushButton(self.tr("Choose…"))
        self.context = QSpinBox()
        indent_number(self.context)
        self.context.setRange(256, MOST_CONTEXT)
        self.context.setGroupSeparatorShown(True)
        self.context.setSingleStep(1024)
        self.context.setValue(CONTEXT_TOKENS)
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://…/model.gguf")
        self.checksum = QLineEdit()
        self.checksum.setPlaceholderText(self.tr("SHA-256, if it is known"))
        self.fetch_button = QPushButton(self.tr("Fetch"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.progress = QLabel()
        self.progress.setWordWrap(True)
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING)
        self._typing.timeout.connect(self._look_soon)
        self.path.textEdited.connect(self._typing.start)
        self.context.valueChanged.connect(self._describe)
        self.choose_button.clicked.connect(self._choose)
        self.fetch_button.clicked.connect(self._fetch_or_stop)
        self._downloads.changed.connect(self._show_progress)
        self._downloads.ended.connect(self._ended)
        self._downloads.stopped.connect(self._stopped)
        self._show_idle()
        self._say_of_download("")
        self._show_progress()

    def _lay_out(self) -> None:
        self.form = form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(9)
        form.setHorizontalSpacing(10)
        for label, row in (
            (self.tr("File"), (self.path, self.choose_button)),
            (self.tr("Context, in tokens"), (self.context,)),
            ("", (self.about,)),
            (self.tr("Fetch from"), (self.address, self.fetch_button)),
            (self.tr("Checksum"), (self.checksum,)),
        ):
            line = QHBoxLayout()
            line.setSpacing(6)
            for field in row:
                line.addWidget(field, 0 if isinstance(field, QPushButton) else 1)
                if isinstance(field, QPushButton):
                    field.setAutoDefault(False)
                elif label:
                    field.setAccessibleName(label)
            form.addRow(label, line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self.bar)
        layout.addWidget(self.progress)

    # -- the file -----------------------------------------------------------------------------------------------

    def show_options(self, options: dict[str, Any]) -> None:
        """Of a connection."""
        context = options.get("context")
        self.path.setText(str(options.get("file", "")))
        self.context.setValue(context if isinstance(context, int) else CONTEXT_TOKENS)
        self._found = None
        self.about.clear()
        if self.path.text():
            self._look_soon()

    def options(self, before: dict[str, Any]) -> dict[str, Any]:
        """`before` with what is chosen here."""
        return before | {"file": self.path.text().strip(), "context": self.context.value()}

    def set_path(self, file: Path) -> None:
        """A file was chosen."""
        self.path.setText(str(file))
        self._look_soon(chosen=True)

    def _look_soon(self, *, chosen: bool = False) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._tasks.spawn(self.look(chosen=chosen))
        self._tasks.bind(self._looking, self)

    async def look(self, *, chosen: bool = False) -> None:
        """Read its header, and say what is in it."""
        self._found = None
        file = Path(self.path.text().strip())
        if not self.path.text().strip():
            self.about.clear()
            return
        try:
            self._found = await asyncio.to_thread(read_gguf, file)
        except GProChatError as error:
            self._say(explain(error), trouble=True)
        except OSError as error:
            self._say(self.tr("The file cannot be read ({reason}).").format(reason=error.strerror), trouble=True)
        else:
            self._describe()
            if chosen:
                self.named.emit(self._found.name)

    def _describe(self) -> None:
        """What is in the file, and whether there is room for it."""
        if self._found is None:
            return
        import psutil

        one, size = self._found, short_size
        needed, free = one.memory(self.context.value()), psutil.virtual_memory().available
        lines = [f"{one.name} · {one.architecture} · {size(one.size)}"]
        if one.context:
            lines.append(self.tr("Made for {count} tokens of context.").format(count=QLocale().toString(one.context)))
        if not one.template:
            lines.append(self.tr("It does not say how conversations are put to it: a common way is taken."))
        lines.append(
            self.tr("Takes about {needed} of memory; {free} are free.").format(needed=size(needed), free=size(free))
        )
        self._say("\n".join(lines), trouble=needed > free)

    def _say(self, text: str, *, trouble: bool) -> None:
        _tell(self.about, text, trouble=trouble)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a model"), str(Path(self.path.text()).parent))
        dialog.setNameFilters([self.tr("Models (*.gguf)"), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.set_path(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if gguf_of(event) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        file = gguf_of(event)
        if file is not None:
            event.acceptProposedAction()
            self.set_path(file)

    # -- from an address ----------------------------------------------------------------------------------------

    def _fetch_or_stop(self) -> None:
        if self._downloads.running:
            self._downloads.stop()
        elif self.address.text().strip():
            self._downloads.start(self.address.text().strip(), self.checksum.text())

    def _show_progress(self) -> None:
        """Of what is fetched, here or since before."""
        one, size = self._downloads, short_size
        if not one.running or one.target is None:
            return
        self.fetch_button.setText(self.tr("Stop"))
        self.bar.show()
        self.bar.setRange(0, 1000 if one.whole else 0)
        self.bar.setValue(one.there * 1000 // one.whole if one.whole else 0)
        if one.whole:
            said = self.tr("Fetching {name}: {there} of {whole}").format(
                name=one.target.name, there=size(one.there), whole=size(one.whole)
            )
        else:
            said = self.tr("Fetching {name}…").format(name=one.target.name)
        self._say_of_download(said)

    def _ended(self, error: GProChatError | None) -> None:
        target = self._downloads.target
        if error is not None:
            self._say_of_download(explain(error), trouble=True)
        elif target is not None:
            self._say_of_download(self.tr("{name} is here.").format(name=target.name))
            self.set_path(target)
        self._show_idle()

    def _stopped(self) -> None:
        self._say_of_download(self.tr("Stopped. Fetch again goes on from here."))
        self._show_idle()

    def _show_idle(self) -> None:
        self.bar.hide()
        self.fetch_button.setText(self.tr("Fetch"))

    def _say_of_download(self, text: str, *, trouble: bool = False) -> None:
        self.progress.setVisible(bool(text))
        _tell(self.progress, text, trouble=trouble)


def short_size(size: int) -> str:
    """98.4 MB, in one piece."""
    said = QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    return said.replace(" ", "\u00a0")


def _tell(label: QLabel, text: str, *, trouble: bool) -> None:
    label.setObjectName("trouble" if trouble else "explanation")
    label.setText(text)
    label.style().unpolish(label)
    label.style().polish(label)
