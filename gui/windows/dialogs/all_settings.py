"""All settings on one page: searched, applied at once, reset one by one, and taken to another computer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.errors import GProChatError
from gui.settings.portable import exported, take_in
from gui.settings.preferences import SETTINGS
from gui.windows.dialogs.setting_row import SettingRow
from gui.windows.matching import match
from gui.windows.saving import ask_where, write_whole
from gui.windows.wording import explain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.windows.parts import Parts

FIELDS = (QLineEdit, QComboBox, QSpinBox, QAbstractButton)
LARGEST = 10_000_000  # bytes of a file of settings


class AllSettingsPage(QWidget):
    """Signals: page_requested(name); field_requested(QWidget) -- a field of another page; imported()."""

    page_requested = Signal(str)
    field_requested = Signal(object)
    imported = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._others: Mapping[str, QWidget] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the settings"))
        self.search.setAccessibleName(self.tr("Search the settings"))
        self.search.setClearButtonEnabled(True)
        self.rows = {key: self._row(key) for key, setting in SETTINGS.items() if setting.description}
        self.elsewhere: list[QPushButton] = []
        self.note = QLabel()
        self.note.setObjectName("explanation")
        self.note.setWordWrap(True)
        self.export_button = QPushButton(self.tr("Export…"))
        self.import_button = QPushButton(self.tr("Import…"))
        self._lay_out()
        self.search.textChanged.connect(self._search)
        self.export_button.clicked.connect(self._ask_where)
        self.import_button.clicked.connect(self._ask_which)

    def _row(self, key: str) -> SettingRow:
        row = SettingRow(key, self._parts.preferences)
        row.page_requested.connect(self.page_requested)
        return row

    def _lay_out(self) -> None:
        within = QWidget()
        self._list = QVBoxLayout(within)
        self._list.setContentsMargins(0, 4, 10, 4)
        self._list.setSpacing(12)
        for row in self.rows.values():
            self._list.addWidget(row)
        self._list.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidget(within)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        below = QHBoxLayout()
        below.addWidget(self.note, 1)
        for button in (self.import_button, self.export_button):
            button.setAutoDefault(False)
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.search)
        layout.addWidget(self._area, 1)
        layout.addLayout(below)

    def search_also(self, pages: Mapping[str, QWidget]) -> None:
        """Find the fields of these pages, too, by their titles."""
        self._others = pages

    def find_setting(self, key: str) -> None:
        """Have it before the person, its field with the keys."""
        self.search.clear()
        row = self.rows[key]
        self._area.ensureWidgetVisible(row)
        row.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_value(self, key: str) -> None:
        """It was set elsewhere."""
        if key in self.rows:
            self.rows[key].show_value()

    # -- search -------------------------------------------------------------------------------------------------

    def _search(self, typed: str) -> None:
        for row in self.rows.values():
            row.setVisible(match(typed, row.name) is not None)
        for button in self.elsewhere:
            button.deleteLater()
        self.elsewhere = [
            self._lead(title, name, field)
            for title, page in (self._others.items() if typed.strip() else ())
            for name, field in _fields(page).items()
            if match(typed, name) is not None
        ]
        found = bool(self.elsewhere) or any(not row.isHidden() for row in self.rows.values())
        self.note.setText("" if found else self.tr("Nothing was found."))

    def _lead(self, title: str, name: str, field: QWidget) -> QPushButton:
        button = QPushButton(f"{title} › {name}".replace("&", "&&"))
        button.setAutoDefault(False)
        button.setObjectName("lead")
        button.clicked.connect(lambda: self.field_requested.emit(field))
        self._list.insertWidget(self._list.count() - 1, button)
        return button

    # -- to another computer ------------------------------------------------------------------------------------

    def _ask_where(self) -> None:
        ask_where(self, self.tr("Export settings"), "gprochat-settings.json", "JSON (*.json)", self.export_to)

    def export_to(self, file: Path) -> None:
        """Write the settings there, without secrets."""
        content = exported(self._parts.preferences, self._parts.connections)
        try:
            write_whole(file, json.dumps(content, indent=2, ensure_ascii=False).encode())
        except GProChatError as error:
            self.note.setText(explain(error))
            return
        self.note.setText(self.tr("Exported, without secrets: {file}").format(file=file.name))

    def _ask_which(self) -> None:
        dialog = QFileDialog(self, self.tr("Import settings"), "", "JSON (*.json)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda file: self.import_from(Path(file)))
        dialog.open()

    def import_from(self, file: Path) -> None:
        """Set what is written there."""
        try:
            with file.open("rb") as opened:
                text = opened.read(LARGEST)
            count = take_in(json.loads(text), self._parts.preferences, self._parts.connections)
        except (OSError, ValueError, RecursionError):
            self.note.setText(self.tr("{file} holds no settings of GPROChat.").format(file=file.name))
        except GProChatError as error:
            self.note.setText(explain(error))
        else:
            self.note.setText(self.tr("Imported settings and connections: {count}").format(count=count))
            self.imported.emit()


def _fields(page: QWidget) -> dict[str, QWidget]:
    """The fields that a page shows and that have a name, by it."""
    found: dict[str, QWidget] = {}
    for field in page.findChildren(QWidget):
        if isinstance(field, FIELDS) and field.isVisibleTo(page):
            name = field.accessibleName() or (field.text() if isinstance(field, QAbstractButton) else "")
            if name:
                found.setdefault(name.replace("&", ""), field)
    return found
