"""The bar above a conversation in which one types what is to be found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from gui.windows.theme import Appearance

ICON = 16  # px
WIDEST = 30  # em, of the input


class FindBar(QFrame):
    """Signals: typed(text); stepped(by) -- 1 to the next one, -1 to the one before; closed()."""

    typed = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("findBar")
        self._appearance = appearance
        self.input = QLineEdit()
        self.input.setObjectName("findInput")
        self.input.setPlaceholderText(self.tr("Find in this chat"))
        self.input.setAccessibleName(self.tr("Find in this chat"))
        self.input.textChanged.connect(self.typed)
        self._icon = QAction(self)
        self.input.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self.count = QLabel()
        self.count.setObjectName("findCount")
        self.previous = self._button(self.tr("Previous (Shift+Enter)"), lambda: self.stepped.emit(-1))
        self.next = self._button(self.tr("Next (Enter)"), lambda: self.stepped.emit(1))
        self.close_button = self._button(self.tr("Close (Esc)"), self.closed.emit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 6, 14, 6)
        layout.setSpacing(4)
        layout.addWidget(self.input, 4)
        layout.addWidget(self.previous)
        layout.addWidget(self.next)
        layout.addSpacing(6)
        layout.addWidget(self.count)
        layout.addStretch(1)
        layout.addWidget(self.close_button)
        self.input.installEventFilter(self)
        self.redraw()
        self.show_count(0, 0, complete=True)

    def _button(self, name: str, does: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setObjectName("flat")
        button.setIconSize(QSize(ICON, ICON))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(does)
        button.installEventFilter(self)
        return button

    def open(self, text: str) -> None:
        """Show it, ready for typing; `text`, if there is any, takes the place of what was typed before."""
        self.show()
        if text and text != self.input.text():
            self.input.setText(text)
        else:
            self.typed.emit(self.input.text())
        self.input.selectAll()
        self.input.setFocus()

    def show_count(self, number: int, total: int, *, complete: bool) -> None:
        """Which of how many; 0 while it is not known which."""
        locale = QLocale()
        if not self.input.text():
            text = ""
        elif not complete:
            text = self.tr("{total} so far…").format(total=locale.toString(total))
        elif not total:
            text = self.tr("Nothing was found.")
        else:
            text = self.tr("{number} of {total}").format(
                number=locale.toString(number) if number else "–", total=locale.toString(total)
            )
        self.count.setText(text)
        self.count.setAccessibleName(text)
        self.previous.setEnabled(total > 0)
        self.next.setEnabled(total > 0)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self._icon.setIcon(self._appearance.icon("find", "muted"))
        self.previous.setIcon(self._appearance.icon("chevron-up", "muted"))
        self.next.setIcon(self._appearance.icon("chevron-down", "muted"))
        self.close_button.setIcon(self._appearance.icon("close", "muted"))
        self.input.setMaximumWidth(WIDEST * self.fontMetrics().height())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()  # or it would stop the reply
            return True
        return event.type() == QEvent.Type.KeyPress and self._pressed(watched, event)

    def _pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return False
        elif isinstance(watched, QToolButton):
            watched.click()
        else:
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        return True
