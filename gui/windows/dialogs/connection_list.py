"""The list of the connections: their order, the default one, and what is done with one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.errors import QT_TRANSLATE_NOOP
from gui.settings.connections import EMBEDDED
from gui.settings.presets import presets
from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.settings.connections import Connection
    from gui.windows.theme import Appearance

PHRASES = (
    QT_TRANSLATE_NOOP("connections", "GPROChat server"),
    QT_TRANSLATE_NOOP("connections", "Other OpenAI-compatible server"),
    QT_TRANSLATE_NOOP("connections", "GGUF file on this machine"),
    QT_TRANSLATE_NOOP("connections", "Embedded model"),
)
"""Names of presets.toml that are no proper names, and the embedded model's."""

ICON = 14  # px
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def roomy_item(text: str) -> QListWidgetItem:
    """An item of a list with room around its text; a style sheet's padding is not in the height Qt computes."""
    item = QListWidgetItem(text)
    item.setSizeHint(QSize(0, QFontMetrics(QApplication.font()).height() + 16))
    return item


def fill_presets(menu: QMenu, *, embedded: bool) -> None:
    """An action for each preset, which is its data; `embedded`: and one with "", for the embedded model."""
    for preset in presets():
        menu.addAction(translate("connections", preset.name)).setData(preset.id)
    if embedded:
        menu.addSeparator()
        menu.addAction(translate("connections", EMBEDDED.name)).setData("")


class ConnectionList(QWidget):
    """Signals: chosen(connection id); add_requested(preset id) -- "" is the embedded model; arranged(ids);
    duplicate_requested(); remove_requested(); default_requested().
    """

    chosen = Signal(str)
    add_requested = Signal(str)
    arranged = Signal(list)
    duplicate_requested = Signal()
    remove_requested = Signal()
    default_requested = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        blank = QPixmap(ICON, ICON)
        blank.fill(Qt.GlobalColor.transparent)
        self._no_icon = QIcon(blank)  # so that all names begin at one place
        self.items = _Items()
        self.items.setAccessibleName(self.tr("Connections"))
        self.items.setToolTip(self.tr("Drag a connection to its place, or move it with Alt+↑ and Alt+↓"))
        self.add_button = QPushButton(self.tr("Add"))
        self.add_menu = QMenu(self.add_button)
        self.add_button.setMenu(self.add_menu)
        self.add_button.setAutoDefault(False)
        self.more_button = QToolButton()
        self.more_button.setObjectName("flat")
        self.more_button.setIcon(appearance.icon("more", "muted"))
        self.more_button.setAccessibleName(self.tr("More"))
        self.more_button.setToolTip(self.tr("Duplicate, move, remove"))
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.default_action = self.menu.addAction(self.tr("Use for new chats"), self.default_requested.emit)
        self.duplicate_action = self.menu.addAction(self.tr("Duplicate"), self.duplicate_requested.emit)
        self.menu.addSeparator()
        self.up_action = self.menu.addAction(self.tr("Move up"), lambda: self.move_chosen(-1))
        self.up_action.setShortcut(QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Up))
        self.down_action = self.menu.addAction(self.tr("Move down"), lambda: self.move_chosen(1))
        self.down_action.setShortcut(QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Down))
        self.menu.addSeparator()
        self.remove_action = self.menu.addAction(self.tr("Remove"), self.remove_requested.emit)
        self.more_button.setMenu(self.menu)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button, 1)
        buttons.addWidget(self.more_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.items, 1)
        layout.addLayout(buttons)
        self.items.currentItemChanged.connect(self._changed)
        self.items.model().rowsMoved.connect(lambda: self.arranged.emit(self.ids()))
        self.items.moved_by_key.connect(self.move_chosen)
        self.items.menu_requested.connect(self.menu.popup)
        self.add_menu.triggered.connect(lambda action: self.add_requested.emit(action.data()))

    def show_connections(self, connections: Sequence[Connection], default: str, chosen: str) -> None:
        """`default` and `chosen` are ids; nothing is chosen if there is none of this id."""
        self.items.blockSignals(True)
        self.items.clear()
        for connection in connections:
            item = roomy_item(connection.name)
            item.setData(Qt.ItemDataRole.UserRole, connection.id)
            item.setIcon(self._appearance.icon("check", "accent") if connection.id == default else self._no_icon)
            if connection.id == default:
                item.setToolTip(self.tr("Answers new chats"))
            self.items.addItem(item)
            if connection.id == chosen:
                self.items.setCurrentItem(item)
        self.items.blockSignals(False)
        self.add_menu.clear()
        fill_presets(self.add_menu, embedded=all(connection.id != EMBEDDED.id for connection in connections))
        self.remove_action.setEnabled(len(connections) > 1)
        self._changed(self.items.currentItem())

    def ids(self) -> list[str]:
        """In the order that is shown."""
        return [self.items.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.items.count())]

    def choose_none(self) -> None:
        self.items.setCurrentRow(-1)

    def move_chosen(self, by: int) -> None:
        """Up (-1) or down (1)."""
        row = self.items.currentRow()
        if row >= 0 and 0 <= row + by < self.items.count():
            self.items.blockSignals(True)
            self.items.insertItem(row + by, self.items.takeItem(row))
            self.items.setCurrentRow(row + by)
            self.items.blockSignals(False)
            self.arranged.emit(self.ids())
            self._changed(self.items.currentItem())

    def _changed(self, item: QListWidgetItem | None) -> None:
        row = self.items.currentRow()
        self.more_button.setEnabled(item is not None)
        self.up_action.setEnabled(row > 0)
        self.down_action.setEnabled(0 <= row < self.items.count() - 1)
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


class _Items(QListWidget):
    """Signals: moved_by_key(by); menu_requested(place on the screen)."""

    moved_by_key = Signal(int)
    menu_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(ICON, ICON))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_for_menu)

    def _ask_for_menu(self, place: QPoint) -> None:
        item = self.itemAt(place)
        if item is not None:
            self.setCurrentItem(item)
            self.menu_requested.emit(self.viewport().mapToGlobal(place))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in STEPS:
            self.moved_by_key.emit(STEPS[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)
