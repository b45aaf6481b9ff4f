"""The bar in which one looks for words in a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from gui.windows.theme import Appearance


class FindBar(QFrame):
    """Signals: typed(text); step_requested(1 or -1) -- to the next, or the previous place; left()."""

    typed = Signal(str)
    step_requested = Signal(int)
    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("findBar")
        self._appearance = appearance
        self.input = QLineEdit()
        self.input.setObjectName("findInput")
        self.input.setPlaceholderText(self.tr("Find in this chat"))
        self.input.setAccessibleName(self.tr("Find in this chat"))
        self.input.installEventFilter(self)
        self.input.textChanged.connect(self.typed)
        self.count = QLabel()
        self.count.setObjectName("findCount")
        self._buttons = {
            "chevron-up": self._button(self.tr("Previous (Shift+Enter)")),
            "chevron-down": self._button(self.tr("Next (Enter)")),
            "close": self._button(self.tr("Close (Esc)")),
        }
        self._buttons["chevron-up"].clicked.connect(lambda: self.step_requested.emit(-1))
        self._buttons["chevron-down"].clicked.connect(lambda: self.step_requested.emit(1))
        self._buttons["close"].clicked.connect(self.leave)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 10, 6)
        layout.setSpacing(4)
        layout.addWidget(self.input, 1)
        layout.addWidget(self.count)
        for button in self._buttons.values():
            layout.addWidget(button)
        self.redraw()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("flat")
        button.setIconSize(QSize(16, 16))
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

    def open(self, text: str) -> None:
        """Show it, with `text` to look for if there is any, or else with what was looked for last."""
        if text:
            self.input.setText(text)
        self.show()
        self.input.selectAll()
        self.input.setFocus()
        self.typed.emit(self.input.text())

    def leave(self) -> None:
        self.hide()
        self.left.emit()

    def show_count(self, place: int, count: int) -> None:
        """`place` counts from 1; 0 of 0 where nothing was found."""
        text = self.tr("{place} of {count}").format(place=place, count=count) if count else self.tr("Not found")
        self.count.setText(text if self.input.text() else "")

    def redraw(self) -> None:
        """After the theme changed."""
        for name, button in self._buttons.items():
            button.setIcon(self._appearance.icon(name, "muted"))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        escape = event.key() == Qt.Key.Key_Escape
        if event.type() == QEvent.Type.ShortcutOverride and escape:
            event.accept()  # it leaves the bar, and does not stop the reply
            return True
        if event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if escape:
            self.leave()
            return True
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step_requested.emit(-1 if back else 1)
            return True
        return super().eventFilter(watched, event)
