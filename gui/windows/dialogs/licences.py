"""What the packaged program brings along, and under which licence each part of it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QListWidget, QPlainTextEdit, QVBoxLayout

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


class LicencesDialog(QDialog):
    """The parts, and the text of the one that is chosen. `file` is written by packaging/bill.py."""

    def __init__(self, file: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Licences"))
        self._parts: list[dict[str, str]] = sorted(
            json.loads(file.read_text("utf-8")), key=lambda one: one["name"].casefold()
        )
        self.parts = QListWidget()
        self.parts.setAccessibleName(self.tr("What this program is made of"))
        self.parts.addItems([f"{one['name']} {one['version']}".strip() for one in self._parts])
        self.text = QPlainTextEdit()
        self.text.setObjectName("plain")
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Its licence"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(self.parts, 3)
        both.addWidget(self.text, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 16, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(both)
        layout.addWidget(buttons)
        self.resize(900, 580)
        self.parts.currentRowChanged.connect(self._show)
        self.parts.setCurrentRow(0)

    def _show(self, row: int) -> None:
        one = self._parts[row]
        self.text.setPlainText(f"{one['licence']}\n\n{one['text']}".strip())
