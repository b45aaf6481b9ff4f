"""Files that a person asks for: where they are to be, and how they are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gui.transfer.files import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


def write_whole(file: Path, data: bytes) -> None:
    """All of `data`, or what stood there before. Raises ExportFailed."""
    with whole_file(file) as opened:
        opened.write(data)


def ask_where(parent: QWidget, title: str, name: str, kind: str, then: Callable[[Path], object]) -> None:
    """Ask for the place of a file that is called `name` if nothing else is said; `kind` as "PDF (*.pdf)"."""
    dialog = QFileDialog(parent, title, name, kind)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.fileSelected.connect(lambda file: then(Path(file)))
    dialog.open()
