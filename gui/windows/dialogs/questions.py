"""What is asked in a small dialog: for a title or a name, for a text, and whether something is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox

from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QCheckBox, QWidget


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


def ask_for_text(window: QWidget, title: str, label: str, text: str, done: str, take: Callable[[str], object]) -> None:
    """As `ask_for_line`, for any number of lines, none among them; `done` is the button that hands them over."""
    dialog = QInputDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setOkButtonText(done)
    dialog.setCancelButtonText(translate("dialogs", "Cancel"))
    dialog.setTextValue(text)
    dialog.resize(460, 240)
    dialog.textValueSelected.connect(take)
    dialog.open()


def ask_whether(
    window: QWidget, text: str, yes: str, do: Callable[[], object], option: QCheckBox | None = None
) -> None:
    """Ask before something that cannot be taken back; `yes` is the button that does it, `option` stands below."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(text)
    if option is not None:
        box.setCheckBox(option)
    box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole).clicked.connect(do)
    box.setDefaultButton(box.addButton(translate("dialogs", "Cancel"), QMessageBox.ButtonRole.RejectRole))
    box.open()
