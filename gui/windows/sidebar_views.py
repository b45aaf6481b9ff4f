"""The ways from the list of conversations to the archive and the trash, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from gui.history.listing import View
from gui.history.trash import DAYS

if TYPE_CHECKING:
    from gui.windows.theme import Appearance


class ViewBar(QFrame):
    """Above the list, while it shows anything but the main view. Signals: left(); empty_requested()."""

    left = Signal()
    empty_requested = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("viewBar")
        self._appearance = appearance
        self.back = QToolButton()
        self.back.setObjectName("flat")
        self.back.setToolTip(self.tr("Back to the chats"))
        self.back.setAccessibleName(self.tr("Back to the chats"))
        self.back.clicked.connect(self.left)
        self.title = QLabel()
        self.title.setObjectName("heading")
        self.empty = QPushButton(self.tr("Empty"))
        self.empty.setAccessibleName(self.tr("Empty the trash"))
        self.empty.clicked.connect(self.empty_requested)
        self.note = QLabel(self.tr("What is deleted stays here for {days} days.").format(days=DAYS))
        self.note.setObjectName("explanation")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(4, 0, 0, 2)  # where the titles below it begin
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.back)
        line.addWidget(self.title, 1)
        line.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 12, 4)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.note)
        self.redraw()
        self.hide()

    def show_view(self, view: View, count: int) -> None:
        """Of `count` conversations."""
        self.title.setText(self.tr("Trash") if view is View.TRASH else self.tr("Archive"))
        self.empty.setVisible(view is View.TRASH and count > 0)
        self.note.setVisible(view is View.TRASH and count > 0)
        self.setVisible(view is not View.MAIN)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.back.setIcon(self._appearance.icon("chevron-right" if right_to_left else "chevron-left"))


class ViewButtons(QFrame):
    """Below the list. Signals: chosen(View) -- pressed again, the main one."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("viewButtons")
        self._appearance = appearance
        self.archive = self._button(self.tr("Archive"), View.ARCHIVE)
        self.trash = self._button(self.tr("Trash"), View.TRASH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(self.archive)
        layout.addWidget(self.trash)
        layout.addStretch()
        self.redraw()

    def _button(self, text: str, view: View) -> QToolButton:
        button = QToolButton()
        button.setObjectName("flat")
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.clicked.connect(lambda on: self.chosen.emit(view if on else View.MAIN))
        return button

    def mark(self, view: View) -> None:
        """It is the one on show."""
        self.archive.setChecked(view is View.ARCHIVE)
        self.trash.setChecked(view is View.TRASH)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.archive.setIcon(self._appearance.icon("archive", "muted"))
        self.trash.setIcon(self._appearance.icon("trash", "muted"))
