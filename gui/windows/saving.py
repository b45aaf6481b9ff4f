"""Files that a person asks for: where they are to be, and how they are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gui.errors import ExportFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


def write_whole(file: Path, data: bytes) -> None:
    """All of `data`, or what stood there before. Raises ExportFailed."""
    half = file.with_name(f".{file.name}.new")
    try:
        half.write_bytes(data)
        half.replace(file)
    except OSError as error:
        raise ExportFailed(file=str(file), reason=error.strerror or type(error).__name__) from error
    finally:
        half.unlink(missing_ok=True)


def ask_where(parent: QWidget, title: str, name: str, kind: str, then: Callable[[Path], object]) -> None:
    """Ask for the place of a file that is called `name` if nothing else is said; `kind` as "PDF (*.pdf)"."""
    dialog = QFileDialog(parent, title, name, kind)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.fileSelected.connect(lambda file: then(Path(file)))
    dialog.open()
