"""One line that is asked for: a title, a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


def ask_for_line(window: QWidget, title: str, label: str, text: str, take: Callable[[str], object]) -> None:
    """Open a dialog of this title; `take` is handed what was typed, its blanks joined, unless it is nothing."""
    dialog = QInputDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setOkButtonText(title)
    dialog.setCancelButtonText(translate("dialogs", "Cancel"))
    dialog.setTextValue(text)
    dialog.resize(420, dialog.height())
    dialog.textValueSelected.connect(lambda line: take(" ".join(line.split())) if line.strip() else None)
    dialog.open()
