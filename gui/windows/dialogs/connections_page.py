"""Connections: added, changed and removed; their secrets go to the OS keyring."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.conversation import new_id
from gui.errors import QT_TRANSLATE_NOOP, GProChatError, KeyringError, KeyringMissing
from gui.settings.connections import Connection
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    from gui.settings.connections import ProviderName, SecretKind
    from gui.windows.parts import Parts

SECRETS: dict[ProviderName, dict[SecretKind, str]] = {
    "gprochat": {
        "secret_key": QT_TRANSLATE_NOOP("connections", "Secret key"),
        "password": QT_TRANSLATE_NOOP("connections", "Site password"),
    },
    "openai": {"api_key": QT_TRANSLATE_NOOP("connections", "API key")},
    "local": {},
}
"""The secrets that each provider has, by their names for the person."""

PROVIDERS: dict[ProviderName, str] = {
    "gprochat": QT_TRANSLATE_NOOP("connections", "GPROChat server"),
    "openai": QT_TRANSLATE_NOOP("connections", "OpenAI-compatible server"),
    "local": QT_TRANSLATE_NOOP("connections", "Embedded model"),
}

EXAMPLES: dict[ProviderName, str] = {
    "gprochat": "https://chat.example.org",
    "openai": "http://127.0.0.1:11434/v1",
    "local": "",
}


def roomy_item(text: str) -> QListWidgetItem:
    """An item of a list with room around its text; a style sheet's padding is not in the height Qt computes."""
    item = QListWidgetItem(text)
    item.setSizeHint(QSize(0, QFontMetrics(QApplication.font()).height() + 16))
    return item


class ConnectionsPage(QWidget):
    """Signals: changed() -- there are others now, or they have other names."""

    changed = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._shown: Connection | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Connections"))
        self.add_button = QPushButton(self.tr("Add"))
        self.remove_button = QPushButton(self.tr("Remove"))
        self._menu = QMenu(self.add_button)
        self._menu.addAction(translate("connections", PROVIDERS["gprochat"]), lambda: self.add("gprochat"))
        self._menu.addAction(translate("connections", PROVIDERS["openai"]), lambda: self.add("openai"))
        self.add_button.setMenu(self._menu)
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)
        self.kind = QLabel()
        self.kind.setObjectName("heading")
        self.explanation = QLabel()
        self.explanation.setObjectName("explanation")
        self.explanation.setWordWrap(True)
        self.name = QLineEdit()
        self.url = QLineEdit()
        self.model = QLineEdit()
        self.secrets: dict[SecretKind, QLineEdit] = {}
        self.default = QCheckBox(self.tr("Use for new chats"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.save_button = QPushButton(self.tr("Save"))
        self.session_button = QPushButton(self.tr("Keep for this session only"))
        self._form = QFormLayout()
        self._lay_out()
        self.list.currentItemChanged.connect(lambda item: self._show(item))
        self.remove_button.clicked.connect(lambda: self._spawn(self.remove()))
        self.save_button.clicked.connect(lambda: self._spawn(self.save()))
        self.session_button.clicked.connect(lambda: self._spawn(self.save(session_only=True)))
        self._fill(self._parts.connections.all()[0].id)

    def _lay_out(self) -> None:
        for kinds in SECRETS.values():
            for kind, label in kinds.items():
                field = QLineEdit()
                field.setEchoMode(QLineEdit.EchoMode.Password)
                field.setAccessibleName(translate("connections", label))
                self.secrets[kind] = field
        self._form.setVerticalSpacing(9)
        self._form.addRow(self.tr("Name"), self.name)
        self._form.addRow(self.tr("Address"), self.url)
        self._form.addRow(self.tr("Model"), self.model)
        for kinds in SECRETS.values():
            for kind, label in kinds.items():
                self._form.addRow(translate("connections", label), self.secrets[kind])
        for field, label in (
            (self.name, self.tr("Name")),
            (self.url, self.tr("Address")),
            (self.model, self.tr("Model")),
        ):
            field.setAccessibleName(label)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addLayout(buttons)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.session_button)
        below.addWidget(self.save_button)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.kind)
        right.addWidget(self.explanation)
        right.addLayout(self._form)
        right.addWidget(self.default)
        right.addWidget(self.note)
        right.addLayout(below)
        right.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addLayout(left, 2)
        layout.addLayout(right, 4)

    def add(self, provider: ProviderName) -> None:
        """A new connection, to be filled in and saved."""
        self.list.setCurrentRow(-1)
        self._show_connection(Connection(new_id(), translate("connections", PROVIDERS[provider]), provider))
        self.url.setFocus()

    async def save(self, *, session_only: bool = False) -> None:
        """Keep what stands in the fields; a secret is stored first, so that nothing refers to one that is not there."""
        if self._shown is None:
            return
        connection = replace(
            self._shown,
            name=self.name.text().strip() or translate("connections", PROVIDERS[self._shown.provider]),
            url=self.url.text().strip(),
            model=self.model.text().strip(),
        )
        stored = set(connection.secrets)
        try:
            for kind in SECRETS[connection.provider]:
                value = self.secrets[kind].text()
                if not value:
                    continue
                if session_only:
                    # Not noted as stored: the next start must not look for it in the keyring.
                    self._parts.secrets.keep_for_session(connection.secret_name(kind), value)
                    stored.discard(kind)
                else:
                    await self._parts.secrets.set(connection.secret_name(kind), value)
                    stored.add(kind)
            kept = replace(connection, secrets=tuple(kind for kind in SECRETS[connection.provider] if kind in stored))
            self._parts.connections.save(kept)
            if self.default.isChecked():
                self._parts.preferences.set("default_connection", kept.id)
            elif self._parts.preferences.get("default_connection") == kept.id:
                self._parts.preferences.reset("default_connection")
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            self.session_button.setVisible(isinstance(error, KeyringError))
            return
        self._fill(kept.id)
        self._say(self.tr("Saved."), trouble=False)
        self.changed.emit()

    async def remove(self) -> None:
        """Forget the connection shown, and its secrets with it."""
        if self._shown is None:
            return
        try:
            for kind in self._shown.secrets:
                # Where there is no keyring any more, there is nothing in it that could be left behind.
                with contextlib.suppress(KeyringMissing):
                    await self._parts.secrets.delete(self._shown.secret_name(kind))
            self._parts.connections.remove(self._shown.id)
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            return
        self._fill(self._parts.connections.all()[0].id)
        self.changed.emit()

    def _fill(self, chosen: str) -> None:
        self.list.clear()
        for connection in self._parts.connections.all():
            item = roomy_item(connection.name)
            item.setData(Qt.ItemDataRole.UserRole, connection.id)
            self.list.addItem(item)
            if connection.id == chosen:
                self.list.setCurrentItem(item)

    def _show(self, item: QListWidgetItem | None) -> None:
        connection = self._parts.connections.get(item.data(Qt.ItemDataRole.UserRole)) if item else None
        if connection is not None:
            self._show_connection(connection)

    def _show_connection(self, connection: Connection) -> None:
        self._shown = connection
        local = connection.provider == "local"
        self.kind.setText(translate("connections", PROVIDERS[connection.provider]))
        self.explanation.setText(
            {
                "local": self.tr(
                    "SmolLM2 runs on this computer and needs no network. It is a tiny model: English, often wrong."
                ),
                "gprochat": self.tr("The server chooses its model. Its key and password are stored in the keyring."),
                "openai": self.tr("OpenAI, OpenRouter, Ollama, LM Studio, llama.cpp, vLLM and others."),
            }[connection.provider]
        )
        self.name.setText(connection.name)
        self.url.setText(connection.url)
        self.url.setPlaceholderText(EXAMPLES[connection.provider])
        self.model.setText(connection.model)
        self._form.setRowVisible(self.url, not local)
        self._form.setRowVisible(self.model, connection.provider == "openai")
        for kind, field in self.secrets.items():
            field.clear()
            self._form.setRowVisible(field, kind in SECRETS[connection.provider])
            there = kind in connection.secrets
            field.setPlaceholderText(self.tr("Stored; type to replace it") if there else self.tr("None"))
        preferred = self._parts.preferences.get("default_connection")
        self.default.setChecked(self._parts.connections.default(preferred).id == connection.id)
        self.remove_button.setEnabled(len(self._parts.connections.all()) > 1)
        self.session_button.hide()
        self._say("", trouble=False)

    def _say(self, text: str, *, trouble: bool) -> None:
        self.note.setObjectName("trouble" if trouble else "explanation")
        self.note.setText(text)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    def _spawn(self, coroutine: object) -> None:
        self._parts.tasks.spawn(coroutine)  # type: ignore[arg-type]
