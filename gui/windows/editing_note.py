"""What stands above the input while an earlier message is edited in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

if TYPE_CHECKING:
    from gui.windows.theme import Appearance

ICON = 16  # px


class EditingNote(QWidget):
    """Signals: cancelled()."""

    cancelled = Signal()

    def __init__(self, appearance: Appearance, says: str = "") -> None:
        super().__init__()
        self._appearance = appearance
        self._icon = QLabel()
        text = QLabel(says or self.tr("Editing an earlier message"))
        text.setObjectName("editing")
        self.close_button = QToolButton()
        self.close_button.setObjectName("flat")
        self.close_button.setToolTip(self.tr("Cancel (Esc)"))
        self.close_button.setAccessibleName(self.tr("Cancel editing"))
        self.close_button.clicked.connect(self.cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon)
        layout.addWidget(text, 1)
        layout.addWidget(self.close_button)
        self.redraw()

    def redraw(self) -> None:
        """After the theme changed."""
        self._icon.setPixmap(self._appearance.icon("edit", "accent").pixmap(ICON, ICON))
        self.close_button.setIcon(self._appearance.icon("close", "muted"))
