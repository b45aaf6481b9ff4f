"""The keys of every action: listed, searched, and chosen anew by pressing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.windows.actions import ACTIONS
from gui.windows.matching import match
from gui.windows.menus import VIEW
from gui.windows.shortcuts import FIXED, bindings, fixed_use, is_typed, pressed, shown
from gui.windows.wording import plain, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

    from gui.windows.shortcuts import Shortcuts

NAME = Qt.ItemDataRole.UserRole
MOST = 3
"""Keys that are written out, of those that are not to be changed."""


class KeyField(QLineEdit):
    """Says which keys are pressed in it, all but Tab and Esc. Signals: keys_pressed(portable text)."""

    keys_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not _is_for_dialog(event):
            if keys := pressed(event):
                self.keys_pressed.emit(keys)
            return True
        return super().event(event)


def _is_for_dialog(event: QKeyEvent) -> bool:
    plain_escape = event.key() == Qt.Key.Key_Escape and not event.modifiers()
    return plain_escape or event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}


class ShortcutsDialog(QDialog):
    """Applied at once. What other actions have, or fields for text, is said before it is taken."""

    def __init__(self, actions: Mapping[str, QAction], shortcuts: Shortcuts, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._shortcuts = shortcuts
        self._keys = ""  # that were pressed
        self._groups: list[QTreeWidgetItem] = []
        self._rows: list[QTreeWidgetItem] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search by name or keys"))
        self.search.setAccessibleName(self.tr("Search by name or keys"))
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setObjectName("shortcuts")
        self.tree.setAccessibleName(self.tr("Actions and their keys"))
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(14)
        self.field = KeyField()
        self.field.setAccessibleName(self.tr("New keys"))
        self.note = QLabel()
        self.note.setObjectName("explanation")
        self.note.setWordWrap(True)
        self.assign_button = self._button(self.tr("Assign"))
        self.clear_button = self._button(self.tr("No keys"))
        self.reset_button = self._button(self.tr("Reset"))
        self.reset_all_button = self._button(self.tr("Reset all"))
        self._lay_out()
        self._fill()
        self.search.textChanged.connect(self._search)
        self.tree.currentItemChanged.connect(self._start)
        self.tree.itemActivated.connect(lambda _item: self.field.setFocus())
        self.field.keys_pressed.connect(self._press)
        self.assign_button.clicked.connect(self._assign)
        self.clear_button.clicked.connect(lambda: shortcuts.choose(self.chosen, ()))
        self.reset_button.clicked.connect(lambda: shortcuts.reset(self.chosen))
        self.reset_all_button.clicked.connect(shortcuts.reset_all)
        shortcuts.changed.connect(self._list_keys)
        self._list_keys()
        self.search.setFocus()

    @property
    def chosen(self) -> str:
        """The name of the action that is chosen; "" for none."""
        item = self.tree.currentItem()
        return str(item.data(0, NAME) or "") if item is not None else ""

    def choose(self, name: str) -> None:
        """Have the action of this name chosen."""
        self.tree.setCurrentItem(next(item for item in self._rows if item.data(0, NAME) == name))

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        for button in (self.assign_button, self.clear_button, self.reset_button):
            line.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        close.setAutoDefault(False)
        buttons.addButton(self.reset_all_button, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addLayout(line)
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        self.note.setMinimumHeight(self.note.fontMetrics().lineSpacing() * 2)
        self.resize(600, 640)

    # -- the list -----------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for name, action in self._actions.items():
            menu = plain(translate("actions", ACTIONS[name].menu if name in ACTIONS else VIEW))
            if menu not in groups:
                groups[menu] = self._group(menu)
            self._row(groups[menu], plain(action.text())).setData(0, NAME, name)
        fixed = self._group(self.tr("In fields for text and in replies; not to be changed"))
        for use, sequences in FIXED.items():
            row = self._row(fixed, translate("shortcuts", use))
            keys = list(dict.fromkeys(shown(keys) for keys in bindings(sequences)))
            row.setText(1, ", ".join(keys[:MOST]) + (", …" if len(keys) > MOST else ""))
            row.setToolTip(1, ", ".join(keys))
            row.setDisabled(True)
        self.tree.expandAll()
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    def _group(self, title: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem(self.tree, [title])
        font = self.font()
        font.setBold(True)
        group.setFont(0, font)
        group.setFirstColumnSpanned(True)
        self._groups.append(group)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setSizeHint(0, QSize(0, QFontMetrics(font).height() + 18))
        return group

    def _row(self, group: QTreeWidgetItem, text: str) -> QTreeWidgetItem:
        row = QTreeWidgetItem(group, [text])
        self._rows.append(row)
        row.setSizeHint(0, QSize(0, self.fontMetrics().height() + 12))
        row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return row

    def _list_keys(self) -> None:
        """Of all actions; those that were chosen stand out."""
        for item in self._rows:
            name = item.data(0, NAME)
            if name:
                item.setText(1, ", ".join(shown(keys) for keys in self._shortcuts.of(name)))
                font = self.font()
                font.setBold(self._shortcuts.is_changed(name))
                item.setFont(1, font)
        self.reset_all_button.setEnabled(any(self._shortcuts.is_changed(name) for name in self._actions))
        self._start()

    def _search(self, typed: str) -> None:
        for item in self._rows:
            keys = item.text(1).casefold()
            item.setHidden(typed.strip().casefold() not in keys and match(typed, item.text(0)) is None)
        for group in self._groups:
            group.setHidden(all(row.isHidden() for row in self._rows if row.parent() is group))
        seen = [item for item in self._rows if not item.isHidden() and item.data(0, NAME)]
        if typed and seen:
            self.tree.setCurrentItem(seen[0])

    # -- keys of the chosen one ---------------------------------------------------------------------------------

    def _start(self) -> None:
        """Nothing was pressed for the one that is chosen now."""
        self._keys = ""
        name = self.chosen
        self.field.setEnabled(bool(name))
        self.field.setText("")
        self.field.setPlaceholderText(self.tr("Press the new keys here") if name else self.tr("Choose an action"))
        self.assign_button.setEnabled(False)
        self.assign_button.setText(self.tr("Assign"))
        self.clear_button.setEnabled(bool(name) and bool(self._shortcuts.of(name)))
        self.reset_button.setEnabled(bool(name) and self._shortcuts.is_changed(name))
        self.note.setText("")

    def _press(self, keys: str) -> None:
        self._keys = keys
        self.field.setText(shown(keys))
        holder, use = self._shortcuts.holder(keys, self.chosen), fixed_use(keys)
        self.assign_button.setText(self.tr("Take over") if holder else self.tr("Assign"))
        self.assign_button.setEnabled(not use and not is_typed(keys))
        if use:
            text = self.tr("In fields for text and in replies they are for: {use}. No action can have them.")
            self.note.setText(text.format(use=translate("shortcuts", use)))
        elif is_typed(keys):
            self.note.setText(self.tr("They are for writing. Press them together with Ctrl or Alt."))
        elif holder:
            text = self.tr("“{action}” has these keys. Taken over, it has them no longer.")
            self.note.setText(text.format(action=plain(self._actions[holder].text())))
        else:
            self.note.setText(self.tr("These keys are free."))

    def _assign(self) -> None:
        self._shortcuts.choose(self.chosen, (self._keys,))
        self.tree.setFocus()
