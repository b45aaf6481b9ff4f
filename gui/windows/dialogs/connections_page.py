"""Connections: added, changed, ordered and removed; their secrets go to the OS keyring."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.conversation import new_id
from gui.errors import QT_TRANSLATE_NOOP, GProChatError, KeyringError, KeyringMissing, ModelFileMissing
from gui.providers.local import find_model
from gui.settings.connections import EMBEDDED, SecretKind
from gui.settings.presets import preset_of, presets
from gui.windows.dialogs.connection_list import ConnectionList
from gui.windows.dialogs.model_file import ModelFile
from gui.windows.model_panel import ModelPanel
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine, Iterator
    from typing import Any

    from gui.settings.connections import Connection, ProviderName
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


class ConnectionsPage(QWidget):
    """Signals: changed() -- there are others now, or they have other names."""

    changed = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._shown: Connection | None = None
        self.list = ConnectionList(parts.appearance)
        self.kind = QLabel()
        self.kind.setObjectName("heading")
        self.explanation = QLabel()
        self.explanation.setObjectName("explanation")
        self.explanation.setWordWrap(True)
        self.name = QLineEdit()
        self.url = QLineEdit()
        self.fallbacks = QLineEdit()
        self.fallbacks.setPlaceholderText(self.tr("None"))
        self.fallbacks.setToolTip(self.tr("Addresses of the same, with blanks between them, tried one after the other"))
        self.model = QLineEdit()
        self.model.setPlaceholderText(self.tr("Chosen by the server"))
        self.models_button = QPushButton(self.tr("Choose…"))
        self._models: ModelPanel | None = None
        self.secrets: dict[SecretKind, QLineEdit] = {}
        self.file = ModelFile(parts)
        self.key_button = QPushButton(self.tr("Get a key…"))
        self.default = QCheckBox(self.tr("Use for new chats"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.save_button = QPushButton(self.tr("Save"))
        self.session_button = QPushButton(self.tr("Keep for this session only"))
        for button in (self.key_button, self.models_button, self.save_button, self.session_button):
            button.setAutoDefault(False)
        self._form = QFormLayout()
        self._lay_out()
        self.list.chosen.connect(self._show)
        self.list.add_requested.connect(self.add)
        self.list.arranged.connect(self._arrange)
        self.list.duplicate_requested.connect(lambda: self._spawn(self.duplicate()))
        self.list.remove_requested.connect(lambda: self._spawn(self.remove()))
        self.list.default_requested.connect(self._make_default)
        self.file.named.connect(self._name_after)
        self.key_button.clicked.connect(self._open_key_page)
        self.models_button.clicked.connect(self.choose_model)
        self.save_button.clicked.connect(lambda: self._spawn(self.save()))
        self.session_button.clicked.connect(lambda: self._spawn(self.save(session_only=True)))
        self._fill(self._parts.connections.all()[0].id)

    def _lay_out(self) -> None:
        for kinds in SECRETS.values():
            for kind in kinds:
                field = QLineEdit()
                field.setEchoMode(QLineEdit.EchoMode.Password)
                self.secrets[kind] = field
        self._form.setVerticalSpacing(9)
        self._row(self.tr("Name"), self.name)
        self._row(self.tr("Address"), self.url)
        self._row(self.tr("If it is not reached"), self.fallbacks)
        for kinds in SECRETS.values():
            for kind, label in kinds.items():
                self._row(translate("connections", label), self.secrets[kind])
        self._key_row = QHBoxLayout()
        self._key_row.addWidget(self.key_button)
        self._key_row.addStretch(1)
        self._form.addRow("", self._key_row)
        self._model_row = QHBoxLayout()
        self._model_row.setSpacing(6)
        self._model_row.addWidget(self.model, 1)
        self._model_row.addWidget(self.models_button)
        self.model.setAccessibleName(self.tr("Model"))
        self._form.addRow(self.tr("Model"), self._model_row)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.session_button)
        below.addWidget(self.save_button)
        fields = QWidget()
        fields.setObjectName("fields")
        right = QVBoxLayout(fields)
        right.setContentsMargins(0, 0, 6, 0)
        right.setSpacing(10)
        right.addWidget(self.kind)
        right.addWidget(self.explanation)
        right.addLayout(self._form)
        right.addWidget(self.file)
        right.addWidget(self.default)
        right.addWidget(self.note)
        right.addLayout(below)
        right.addStretch(1)
        area = QScrollArea()
        area.setObjectName("fieldsArea")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(fields)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.list, 2)
        layout.addWidget(area, 4)

    def _row(self, label: str, field: QWidget) -> None:
        field.setAccessibleName(label)
        self._form.addRow(label, field)

    # -- what is done with one ----------------------------------------------------------------------------------

    def add(self, preset_id: str) -> None:
        """A new connection, to be filled in and saved; "" is the embedded model, which has nothing to fill in."""
        preset = next((one for one in presets() if one.id == preset_id), None)
        if preset is None:
            with self._telling():
                self._parts.connections.save(EMBEDDED)
                self._fill(EMBEDDED.id)
                self.changed.emit()
            return
        self.list.choose_none()
        self._show_connection(preset.connection(translate("connections", preset.name)))
        needs_key = preset.key == "needed"
        field = self.file.path if preset.provider == "local" else self.url
        (self.secrets["api_key"] if needs_key else field).setFocus()

    def add_file(self, file: Path) -> None:
        """A new connection of a model's file."""
        self.add("file")
        self.file.set_path(file)

    def _name_after(self, model: str) -> None:
        if self._shown is not None and self.name.text() in {"", self._kind_of(self._shown)}:
            self.name.setText(model)

    async def save(self, *, session_only: bool = False) -> None:
        """Keep what stands in the fields; a secret is stored first, so that nothing refers to one that is not there."""
        if self._shown is None:
            return
        connection = self._entered(self._shown)
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

    def _entered(self, connection: Connection) -> Connection:
        name = self.name.text().strip() or self._kind_of(connection)
        if self._takes_file(connection):
            file = Path(self.file.path.text().strip())
            return replace(connection, name=name, model=file.stem, options=self.file.options(connection.options))
        return replace(
            connection,
            name=name,
            url=self.url.text().strip(),
            fallbacks=tuple(self.fallbacks.text().split()),
            model=self.model.text().strip(),
        )

    def choose_model(self) -> None:
        """Offer what the server has, asked as it is entered here, saved or not."""
        if self._shown is None:
            return
        connection = self._entered(self._shown)
        given: dict[str, str] = {
            kind: text for kind in SECRETS[connection.provider] if (text := self.secrets[kind].text())
        }
        self.models.open([connection], (connection.id, connection.model), given)

    @property
    def models(self) -> ModelPanel:
        """Made when it is first asked for."""
        if self._models is None:
            self._models = ModelPanel(self._parts, self.models_button, whole=False)
            self._models.chosen.connect(lambda _connection, model: self.model.setText(model))
            self._models.left.connect(self.model.setFocus)
            self._models.starred.connect(self._starred)
        return self._models

    def _starred(self) -> None:
        kept = self._parts.connections.get(self._shown.id) if self._shown else None
        if self._shown is not None and kept is not None:
            self._shown = replace(self._shown, favourites=kept.favourites)

    async def duplicate(self) -> None:
        """Another one like the one shown, below it, with secrets of its own that say the same."""
        if self._shown is None or self._parts.connections.get(self._shown.id) is None:
            return
        one = self._shown
        other = replace(one, id=new_id(), name=self.tr("{name} (copy)").format(name=one.name))
        secrets = self._parts.secrets
        with self._telling():
            for kind in one.secrets:
                await secrets.set(other.secret_name(kind), await secrets.get(one.secret_name(kind)) or "")
            for kind in get_args(SecretKind):
                value = secrets.for_session(one.secret_name(kind))
                if value is not None:
                    secrets.keep_for_session(other.secret_name(kind), value)
            self._parts.connections.save(other)
            ids = [connection.id for connection in self._parts.connections.all() if connection.id != other.id]
            ids.insert(ids.index(one.id) + 1, other.id)
            self._parts.connections.arrange(ids)
            self._fill(other.id)
            self.name.setFocus()
            self.name.selectAll()
            self.changed.emit()

    async def remove(self) -> None:
        """Forget the connection shown, and its secrets with it."""
        if self._shown is None:
            return
        one, secrets = self._shown, self._parts.secrets
        with self._telling():
            for kind in get_args(SecretKind):
                name = one.secret_name(kind)
                if kind in one.secrets or secrets.for_session(name) is not None:
                    # Where there is no keyring any more, there is nothing in it that could be left behind.
                    with contextlib.suppress(KeyringMissing):
                        await secrets.delete(name)
            self._parts.connections.remove(one.id)
            self._parts.models.forget(one.id)
            if self._parts.preferences.get("default_connection") == one.id:
                self._parts.preferences.reset("default_connection")
            self._fill(self._parts.connections.all()[0].id)
            self.changed.emit()

    def _arrange(self, ids: list[str]) -> None:
        with self._telling():
            self._parts.connections.arrange(ids)
            self.changed.emit()

    def _make_default(self) -> None:
        if self._shown is not None:
            with self._telling():
                self._parts.preferences.set("default_connection", self._shown.id)
                self._fill(self._shown.id)
                self.changed.emit()

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Say here what goes wrong: the dialog stands before the window."""
        try:
            yield
        except GProChatError as error:
            self._say(explain(error), trouble=True)

    # -- what is shown ------------------------------------------------------------------------------------------

    def _fill(self, chosen: str) -> None:
        default = self._parts.connections.default(self._parts.preferences.get("default_connection"))
        self.list.show_connections(self._parts.connections.all(), default.id, chosen)

    def _show(self, connection_id: str) -> None:
        connection = self._parts.connections.get(connection_id)
        if connection is not None:
            self._show_connection(connection)

    def _show_connection(self, connection: Connection) -> None:
        self._shown = connection
        preset = preset_of(connection)
        local, file = connection.provider == "local", self._takes_file(connection)
        self.kind.setText(self._kind_of(connection))
        self.explanation.setText(
            {
                "local": self._of_this_computer(connection),
                "gprochat": self.tr("The server chooses its model. Its key and password are stored in the keyring."),
                "openai": self.tr("Speaks the protocol of OpenAI’s chat completions. A key is stored in the keyring."),
            }[connection.provider]
        )
        self.name.setText(connection.name)
        self.url.setText(connection.url)
        self.url.setPlaceholderText((preset and (preset.url or preset.example)) or EXAMPLES[connection.provider])
        self.model.setText(connection.model)
        self.file.setVisible(file)
        if file:
            self.file.show_options(connection.options)
        self._form.setRowVisible(self.url, not local)
        self.fallbacks.setText(" ".join(connection.fallbacks))
        self._form.setRowVisible(self.fallbacks, not local)
        self._form.setRowVisible(self._model_row, connection.provider == "openai")
        for kind, field in self.secrets.items():
            field.clear()
            self._form.setRowVisible(field, kind in SECRETS[connection.provider])
            there = kind in connection.secrets
            field.setPlaceholderText(self.tr("Stored; type to replace it") if there else self.tr("None"))
        self._form.setRowVisible(self._key_row, bool(preset and preset.key_page) and not connection.secrets)
        preferred = self._parts.preferences.get("default_connection")
        self.default.setChecked(self._parts.connections.default(preferred).id == connection.id)
        self.session_button.hide()
        self._say("", trouble=False)

    def _takes_file(self, connection: Connection) -> bool:
        """Whether a person has to say which file: that of the embedded model may not have come along."""
        if connection.provider != "local" or is_file(connection):
            return is_file(connection)
        try:
            find_model(self._parts.data_dir)
        except ModelFileMissing:
            return True
        return False

    def _of_this_computer(self, connection: Connection) -> str:
        if is_file(connection):
            return self.tr("The model in this file runs on this computer and needs no network.")
        if self._takes_file(connection):
            return self.tr(
                "This program came without its model. Choose the file of one, or fetch one from an address: it runs on "
                "this computer and needs no network."
            )
        return self.tr("SmolLM2 runs on this computer and needs no network. It is a tiny model: English, often wrong.")

    @staticmethod
    def _kind_of(connection: Connection) -> str:
        preset = preset_of(connection)
        return translate("connections", preset.name if preset else PROVIDERS[connection.provider])

    def _open_key_page(self) -> None:
        preset = preset_of(self._shown) if self._shown else None
        if preset is not None:
            QDesktopServices.openUrl(QUrl(preset.key_page))

    def _say(self, text: str, *, trouble: bool) -> None:
        self.note.setObjectName("trouble" if trouble else "explanation")
        self.note.setText(text)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return self._parts.tasks.spawn(coroutine)


def is_file(connection: Connection) -> bool:
    """Whether it is a model's file on this machine, and not the embedded model."""
    return connection.provider == "local" and (connection.preset == "file" or "file" in connection.options)
