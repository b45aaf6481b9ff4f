"""“/” at the beginning of a message: the prompts and personas that are kept, filtered as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.override import override
from gui.windows.dialogs.connection_list import roomy_item
from gui.windows.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.conversation import Template
    from gui.windows.composer import Composer
    from gui.windows.theme import Appearance

MOST_ROWS = 8  # in sight at once
GAP = 6  # px above the composer
ROOM = 12  # px of the list around its rows
PREVIEW = 90  # letters of a prompt
KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Escape}


class TemplatePopup(QFrame):
    """Over the transcript, the keys stay with the input. Signals: chosen(Template); manage_requested()."""

    chosen = Signal(object)
    manage_requested = Signal()

    def __init__(self, composer: Composer, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("templates")
        self._composer = composer
        self._around = parent
        self._appearance = appearance
        self._templates: Sequence[Template] = ()
        self.list = QListWidget()
        self.list.setObjectName("templateList")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Prompts and personas"))
        self.list.itemClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5, 5, 5, 5)
        layout.addWidget(self.list)
        composer.input.textChanged.connect(self._filter)
        composer.input.installEventFilter(self)
        self.hide()

    def open(self, templates: Sequence[Template]) -> None:
        """With these, as far as they fit what is typed."""
        self._templates = templates
        self._fill()

    def _filter(self) -> None:
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        text = self._composer.text
        typed = text[1:].casefold()
        self.list.clear()
        if text.startswith("/") and "\n" not in text:
            for one in self._templates:
                if typed in one.name.casefold():
                    self._add(one)
            if not typed:
                item = roomy_item(self.tr("Edit prompts and personas…"))
                item.setIcon(self._appearance.icon("settings", "muted"))
                self.list.addItem(item)
        self.setVisible(self.list.count() > 0)
        if self.isVisible():
            self.list.setCurrentRow(0)
            self._put_in_place()

    def _add(self, one: Template) -> None:
        preview = one_line(one.text)[:PREVIEW]
        item = roomy_item(f"{one_line(one.name)}  —  {preview}" if preview else one_line(one.name))
        item.setIcon(self._appearance.icon("star" if one.is_persona else "edit", "accent"))
        item.setToolTip(one.text)
        item.setData(Qt.ItemDataRole.UserRole, one)
        self.list.addItem(item)

    def _put_in_place(self) -> None:
        row = self.list.sizeHintForRow(0)
        self.list.setFixedHeight(row * min(self.list.count(), MOST_ROWS) + ROOM)
        self.setFixedWidth(self._composer.width())
        self.adjustSize()
        place = self._composer.mapTo(self._around, QPoint(0, -self.height() - GAP))
        self.move(place)
        self.raise_()

    def _choose(self, item: QListWidgetItem) -> None:
        self.hide()
        one = item.data(Qt.ItemDataRole.UserRole)
        if one is None:
            self.manage_requested.emit()
        else:
            self.chosen.emit(one)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if not self.isVisible() or not isinstance(event, QKeyEvent) or event.key() not in KEYS or event.modifiers():
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
        else:
            self._choose(self.list.currentItem())
        return True
