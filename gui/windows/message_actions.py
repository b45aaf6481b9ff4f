"""What can be done with a message: a few buttons at the right of its heading, while the mouse is over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

if TYPE_CHECKING:
    from gui.windows.theme import Appearance


class MessageActions(QFrame):
    """One for all messages, moved to the one that is pointed at. Signals, with the message's id: copy_requested;
    regenerate_requested; markdown_requested, text_requested -- copied as that; quote_requested.
    """

    copy_requested = Signal(str)
    regenerate_requested = Signal(str)
    markdown_requested = Signal(str)
    text_requested = Signal(str)
    quote_requested = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("messageActions")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._appearance = appearance
        self.message_id = ""
        self.copy = self._button(self.tr("Copy message"))
        self.regenerate = self._button(self.tr("Answer again, as another version"))
        self.more = self._button(self.tr("More"))
        self.copy.clicked.connect(lambda: self.copy_requested.emit(self.message_id))
        self.regenerate.clicked.connect(lambda: self.regenerate_requested.emit(self.message_id))
        self.more.clicked.connect(lambda: self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height()))))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(0)
        for button in (self.copy, self.regenerate, self.more):
            layout.addWidget(button)
        self.hide()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("flat")
        button.setIconSize(QSize(16, 16))
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def show_at(self, message_id: str, corner: QPoint, *, is_reply: bool) -> None:
        """For this message, the top right corner at `corner`."""
        if message_id != self.message_id or self.isHidden():
            self.message_id = message_id
            for name, button in (("copy", self.copy), ("refresh", self.regenerate), ("more", self.more)):
                button.setIcon(self._appearance.icon(name, "muted"))
            self.regenerate.setVisible(is_reply)
            self.adjustSize()
            self.show()
        self.move(corner.x() - self.width(), corner.y())

    def menu(self) -> QMenu:
        """All that there is, for the message that is pointed at."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one = self.message_id
        menu.addAction(self.tr("Copy as Markdown"), lambda: self.markdown_requested.emit(one))
        menu.addAction(self.tr("Copy as plain text"), lambda: self.text_requested.emit(one))
        menu.addSeparator()
        menu.addAction(self.tr("Quote in the message"), lambda: self.quote_requested.emit(one))
        return menu
