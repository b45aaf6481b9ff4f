"""One setting, as it is declared: what it is called, a field for its value, and the way back to its default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.settings.preferences import SETTINGS
from gui.windows.dialogs.numbers import indent_number
from gui.windows.wording import translate

if TYPE_CHECKING:
    from gui.settings.preferences import Preferences

PAGES = {"proxy_mode": "network", "default_connection": "connections", "sync_folder": "sync"}
"""Settings of which another page has more to ask."""


class SettingRow(QWidget):
    """Applied as soon as it is changed. Signals: page_requested(name) -- it is chosen on that page."""

    page_requested = Signal(str)

    def __init__(self, key: str, preferences: Preferences) -> None:
        super().__init__()
        self.key = key
        self._preferences = preferences
        self._setting = SETTINGS[key]
        self.name = translate("settings", self._setting.description)
        self.note = translate("settings", self._setting.note) if self._setting.note else ""
        self.field = self._make_field()
        self.field.setObjectName(f"setting_{key}")
        self.field.setAccessibleName(self.name)
        self.reset_button = QPushButton(self.tr("Reset"))
        self.reset_button.setAutoDefault(False)
        self.reset_button.setAccessibleName(self.tr("Reset: {setting}").format(setting=self.name))
        keep = self.reset_button.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(keep)
        self.reset_button.clicked.connect(lambda: preferences.reset(key))
        self._lay_out()
        self.show_value()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(12)
        if not isinstance(self.field, QCheckBox):
            label = QLabel(self.name)
            label.setWordWrap(True)
            label.setBuddy(self.field)
            line.addWidget(label, 3)
        line.addWidget(self.field, 4)
        line.addWidget(self.reset_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(line)
        if self.note:
            note = QLabel(self.note)
            note.setObjectName("explanation")
            note.setWordWrap(True)
            layout.addWidget(note)

    def _make_field(self) -> QWidget:
        if self.key in PAGES:
            button = QPushButton()
            button.setAutoDefault(False)
            button.clicked.connect(lambda: self.page_requested.emit(PAGES[self.key]))
            return button
        if self._setting.choices:
            box = QComboBox()
            for value, label in self._setting.choices.items():
                box.addItem(translate("settings", label), value)
            box.activated.connect(lambda _index: self._set(box.currentData()))
            return box
        if self._setting.type is bool:
            switch = QCheckBox(self.name)
            switch.toggled.connect(self._set)
            return switch
        if self._setting.span is not None:
            number = QSpinBox()
            indent_number(number)
            number.setRange(*self._setting.span)
            if self._setting.unit:
                number.setSuffix(f" {translate('settings', self._setting.unit)}")
            number.setKeyboardTracking(False)
            number.valueChanged.connect(self._set)
            return number
        line = QLineEdit()
        line.editingFinished.connect(lambda: self._set(line.text().strip()))
        return line

    def _set(self, value: Any) -> None:
        if value != self._preferences.get(self.key):
            self._preferences.set(self.key, value)

    def show_value(self) -> None:
        """As it is set now."""
        value = self._preferences.get(self.key)
        match self.field:
            case QComboBox() as box:
                box.setCurrentIndex(box.findData(value))
            case QCheckBox() as switch:
                switch.setChecked(value)
            case QSpinBox() as number:
                number.setValue(value)
            case QLineEdit() as line:
                line.setText(value)
            case QPushButton() as button:
                label = self._setting.choices.get(value)
                button.setText(f"{translate('settings', label)}…" if label else self.tr("Show…"))
        self.reset_button.setVisible(value != self._setting.default)
