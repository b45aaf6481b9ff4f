"""The left of the window: a button for a new conversation, the list of those that there are, and its other views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from gui.errors import QT_TRANSLATE_NOOP
from gui.override import override
from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QMenu

    from gui.conversation import Conversation
    from gui.history.listing import View
    from gui.windows.conversation_list import ConversationList
    from gui.windows.conversations_model import ConversationsModel
    from gui.windows.sidebar_views import ViewBar, ViewButtons
    from gui.windows.theme import Appearance

ORDERS = {
    "changed": QT_TRANSLATE_NOOP("sidebar", "By last change"),
    "created": QT_TRANSLATE_NOOP("sidebar", "By creation"),
    "title": QT_TRANSLATE_NOOP("sidebar", "By title"),
}
"""history.listing.Order, in words."""


class Sidebar(QFrame):
    """Signals: new_requested(); chosen(id); view_changed(); order_chosen(listing.Order); folder_requested() -- a new
    one; empty_requested() -- the trash; export_requested(id); search_requested().
    """

    new_requested = Signal()
    search_requested = Signal()
    chosen = Signal(str)
    view_changed = Signal()
    order_chosen = Signal(str)
    folder_requested = Signal()
    empty_requested = Signal()
    export_requested = Signal(str)

    def __init__(self, appearance: Appearance, place_of: Callable[[Conversation], str]) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self._appearance = appearance
        self._place_of = place_of
        self._list: ConversationList | None = None
        self._bar: ViewBar
        self._buttons: ViewButtons
        self.order = "changed"
        self.new_button = QPushButton(self.tr("New chat"))
        self.new_button.setObjectName("newChat")
        self.new_button.clicked.connect(self.new_requested)
        self.more_button = QToolButton()
        self.more_button.setObjectName("flat")
        self.more_button.setToolTip(self.tr("Order and folders"))
        self.more_button.setAccessibleName(self.tr("Order and folders"))
        self.more_button.clicked.connect(self.open_menu)
        self.search_button = QPushButton(self.tr("Search all chats"))
        self.search_button.setObjectName("searchButton")
        self.search_button.clicked.connect(self.search_requested)
        self._search_keys = QLabel()
        self._search_keys.setObjectName("searchKeys")
        keys = QHBoxLayout(self.search_button)
        keys.setContentsMargins(0, 0, 9, 0)
        keys.addStretch(1)
        keys.addWidget(self._search_keys)
        top = QHBoxLayout()
        top.setContentsMargins(10, 10, 10, 4)
        top.addWidget(self.new_button, 1)
        top.addWidget(self.more_button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addLayout(top)
        search = QHBoxLayout()
        search.setContentsMargins(10, 0, 10, 6)
        search.addWidget(self.search_button)
        self._layout.addLayout(search)
        self._layout.addStretch()  # where the list will be
        self.redraw()

    @property
    def list(self) -> ConversationList:
        """Made when there is something to list: the first paint does not wait for it."""
        if self._list is None:
            from gui.windows.conversation_list import ConversationList
            from gui.windows.sidebar_views import ViewBar, ViewButtons

            self._list = made = ConversationList(self._appearance, self._place_of)
            made.chosen.connect(self.chosen)
            made.left.connect(self.show_main)
            self._bar = ViewBar(self._appearance)
            self._bar.left.connect(self.show_main)
            self._bar.empty_requested.connect(self.empty_requested)
            self._buttons = ViewButtons(self._appearance)
            self._buttons.chosen.connect(self._show_view)
            self._view = made.view
            self._layout.takeAt(2)
            self._layout.addWidget(self._bar)
            self._layout.addWidget(made, 1)
            self._layout.addWidget(self._buttons)
        return self._list

    @property
    def model(self) -> ConversationsModel:
        return self.list.conversations

    @property
    def view(self) -> View:
        """What is asked for; the list's own is what it shows until then."""
        return self._view if self._list is not None else self.list.view

    def show_main(self) -> None:
        """Back from the archive or the trash."""
        from gui.history.listing import View

        self._show_view(View.MAIN)

    def show_count(self, count: int) -> None:
        """How many conversations are in the view on show."""
        self._bar.show_view(self.view, count)

    def _show_view(self, view: View) -> None:
        self._view = view
        self._buttons.mark(view)
        self.view_changed.emit()

    def mark(self, conversation_id: str) -> None:
        """Show which conversation is before the person."""
        if self._list is not None:
            self._list.mark(conversation_id)

    def show_search_keys(self, keys: str) -> None:
        """With which keys the search opens, as they are written for people."""
        self._search_keys.setText(keys)
        self._fit_search()

    def _fit_search(self) -> None:
        """The keys stand beside what the field says, where there is room for both."""
        needed = self.search_button.sizeHint().width() + self._search_keys.sizeHint().width()
        self._search_keys.setVisible(needed <= self.search_button.width())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._layout.activate()  # or the field has the width that it had
        self._fit_search()

    def turn(self, angle: int) -> None:
        """The spinner has turned, where replies are written."""
        if self._list is not None:
            self._list.turn(angle)

    def open_menu(self) -> None:
        """The order of the list, and a new folder."""
        self.menu().popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def menu(self) -> QMenu:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QActionGroup
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for order, text in ORDERS.items():
            action = menu.addAction(translate("sidebar", text))
            action.setCheckable(True)
            action.setChecked(order == self.order)
            action.triggered.connect(lambda _on=False, one=order: self.order_chosen.emit(one))
            group.addAction(action)
        menu.addSeparator()
        menu.addAction(self.tr("New folder…"), self.folder_requested.emit)
        return menu

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.new_button.setIcon(self._appearance.icon("new-chat", "accent_text"))
        self.more_button.setIcon(self._appearance.icon("more", "muted"))
        self.search_button.setIcon(self._appearance.icon("find", "muted"))
        self._fit_search()
        if self._list is not None:
            self._list.redraw()
            self._bar.redraw()
            self._buttons.redraw()
