"""The list of keyboard shortcuts, made from the actions themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction


class ShortcutsDialog(QDialog):
    def __init__(self, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        rows = [
            (self.tr("Send, new line"), self.tr("Enter, Shift+Enter (or as set)")),
            (self.tr("Recall the last message, in an empty input"), self.tr("Up")),
            *((action.text(), _keys(action)) for action in actions.values() if action.text() and action.shortcuts()),
            (self.tr("Go to a pane by its number"), "Ctrl+1 … Ctrl+9"),
        ]
        table = QWidget()
        grid = QGridLayout(table)
        grid.setHorizontalSpacing(36)
        grid.setVerticalSpacing(9)
        for row, (what, keys) in enumerate(rows):
            grid.addWidget(QLabel(what), row, 0)
            label = QLabel(keys)
            label.setObjectName("explanation")
            grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignRight)
        area = QScrollArea()
        area.setWidget(table)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.addWidget(area)
        layout.addWidget(buttons)
        self.resize(520, min(table.sizeHint().height() + 90, 620))


def _keys(action: QAction) -> str:
    return ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
