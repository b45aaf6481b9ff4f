"""What stands above the input of a pane that has one of several replies to the same question."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.windows.elided_label import ElidedLabel


class KeepStrip(QWidget):
    """Signals: kept() -- this reply is the way on."""

    kept = Signal()

    def __init__(self) -> None:
        super().__init__()
        text = ElidedLabel()
        text.setObjectName("hint")
        text.setText(self.tr("One of several answers"))
        self.button = QPushButton(self.tr("Keep this one"))
        self.button.setToolTip(self.tr("Go on with this answer; the others stay as its versions"))
        self.button.clicked.connect(self.kept)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(text, 1)
        layout.addWidget(self.button)
