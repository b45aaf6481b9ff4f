"""The left of the window: a button for a new conversation, and the list of those that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.conversation import Conversation
    from gui.windows.conversation_list import ConversationList, ConversationsModel
    from gui.windows.theme import Appearance


class Sidebar(QFrame):
    """Signals: new_requested(); chosen(id); rename_requested(id); pin_requested(id, on); export_requested(id);
    delete_requested(id); more_wanted() -- the end of the conversations that are loaded came into sight.
    """

    new_requested = Signal()
    chosen = Signal(str)
    rename_requested = Signal(str)
    pin_requested = Signal(str, bool)
    export_requested = Signal(str)
    delete_requested = Signal(str)
    more_wanted = Signal()

    def __init__(self, appearance: Appearance, place_of: Callable[[Conversation], str]) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self._appearance = appearance
        self._place_of = place_of
        self._list: ConversationList | None = None
        self.new_button = QPushButton(self.tr("New chat"))
        self.new_button.setObjectName("newChat")
        self.new_button.clicked.connect(self.new_requested)
        top = QHBoxLayout()
        top.setContentsMargins(10, 10, 10, 4)
        top.addWidget(self.new_button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addLayout(top)
        self._layout.addStretch()  # where the list will be
        self.redraw()

    @property
    def list(self) -> ConversationList:
        """Made when there is something to list: the first paint does not wait for it."""
        if self._list is None:
            from gui.windows.conversation_list import ConversationList

            self._list = made = ConversationList(self._appearance, self._place_of)
            made.chosen.connect(self.chosen)
            made.rename_requested.connect(self.rename_requested)
            made.pin_requested.connect(self.pin_requested)
            made.export_requested.connect(self.export_requested)
            made.delete_requested.connect(self.delete_requested)
            made.conversations.more_wanted.connect(self.more_wanted)
            self._layout.takeAt(1)
            self._layout.addWidget(made)
        return self._list

    @property
    def model(self) -> ConversationsModel:
        return self.list.conversations

    def mark(self, conversation_id: str) -> None:
        """Show which conversation is before the person."""
        if self._list is not None:
            self._list.mark(conversation_id)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.new_button.setIcon(self._appearance.icon("new-chat", "accent_text"))
        if self._list is not None:
            self._list.conversations.layoutChanged.emit()
