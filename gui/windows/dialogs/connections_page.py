"""Connections: added, changed, ordered and removed; their secrets go to the OS keyring."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
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
from gui.errors import (
    QT_TRANSLATE_NOOP,
    GProChatError,
    KeyringError,
    KeyringMissing,
    ModelFileMissing,
    SilenceTimeout,
)
from gui.providers.local import find_model
from gui.settings.connections import EMBEDDED, SecretKind, completed, refuse_secrets
from gui.settings.network import OwnNetwork
from gui.settings.presets import preset_of, presets
from gui.windows.dialogs.connection_list import ConnectionList
from gui.windows.dialogs.connection_test import ConnectionTest
from gui.windows.dialogs.model_file import ModelFile
from gui.windows.model_panel import ModelPanel
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine, Iterable, Iterator
    from typing import Any

    from gui.chat.diagnose import Step
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
    """Signals: changed() -- there are others now, or they have other names; network_requested(connection id, setting)
    -- "" is for all connections, and the setting one of NetworkPage.show_of; secrets_requested().
    """

    changed = Signal()
    network_requested = Signal(str, str)
    secrets_requested = Signal()

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
        self.network_button = QPushButton(self.tr("Proxy and encryption…"))
        self.network_button.setToolTip(self.tr("What this connection has of its own; it is saved first"))
        self.warning = QLabel(self.tr("It checks no certificate: whoever is between can read and change everything."))
        self.warning.setObjectName("trouble")
        self.warning.setWordWrap(True)
        self.default = QCheckBox(self.tr("Use for new chats"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.save_button = QPushButton(self.tr("Save"))
        self.session_button = QPushButton(self.tr("Keep for this session only"))
        self.test_button = QPushButton()
        self.test_button.setToolTip(
            self.tr("Try the way to the server with what is entered here; it is asked one short question")
        )
        self.test = ConnectionTest(parts)
        buttons = (self.key_button, self.network_button, self.models_button, self.save_button, self.session_button)
        for button in (*buttons, self.test_button):
            button.setAutoDefault(False)
        self._form = QFormLayout()
        self._lay_out()
        self._wire()
        self._fill(self._parts.connections.all()[0].id)

    def _wire(self) -> None:
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
        self.network_button.clicked.connect(lambda: self._spawn(self.open_network("")))
        self.test_button.clicked.connect(self.try_it)
        self.test.running_changed.connect(self._show_running)
        # What has grown has its new size after the event loop's next turn.
        self.test.grown.connect(lambda: QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self.test)))
        self.test.change_requested.connect(lambda step: self._spawn(self.lead_to(step)))
        self._show_running(running=False)

    def _lay_out(self) -> None:
        for kinds in SECRETS.values():
            for kind in kinds:
                field = QLineEdit()
                field.setEchoMode(QLineEdit.EchoMode.Password)
                self.secrets[kind] = field
        self._form.setVerticalSpacing(9)
        self._form.setHorizontalSpacing(10)
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
        self._network_row = QHBoxLayout()
        self._network_row.addWidget(self.network_button)
        self._network_row.addStretch(1)
        self._form.addRow(self.tr("Network"), self._network_row)
        self._form.addRow("", self.warning)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.list, 2)
        layout.addWidget(self._lay_out_fields(), 4)

    def _lay_out_fields(self) -> QScrollArea:
        below = QHBoxLayout()
        below.addWidget(self.test_button)
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
        right.addWidget(self.test)
        right.addStretch(1)
        self._area = area = QScrollArea()
        area.setObjectName("fieldsArea")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(fields)
        return area

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

    async def save(self, *, session_only: bool = False) -> bool:
        """Keep what stands in the fields; a secret is stored first, so that nothing refers to one that is not there.
        Returns whether that went well.
        """
        shown = self._shown
        if shown is None:
            return False
        connections, secrets = self._parts.connections, self._parts.secrets
        entered = self._entered(self._as_kept(shown))
        if is_file(entered) and not entered.options["file"]:
            self._say(self.tr("Choose a model’s file, or fetch one."), trouble=True)
            return False
        stored: set[SecretKind] = set()
        try:
            _check_addresses(entered)
            for kind, value in self._typed_secrets(entered).items():
                if session_only:
                    # Not noted as stored: the next start must not look for it in the keyring.
                    secrets.keep_for_session(entered.secret_name(kind), value)
                else:
                    await secrets.set(entered.secret_name(kind), value)
                    stored.add(kind)
            # Other pages may have changed what is theirs meanwhile.
            entered = self._entered(self._as_kept(shown))
            kinds = stored.union(entered.secrets)
            kept = replace(entered, secrets=tuple(kind for kind in get_args(SecretKind) if kind in kinds))
            connections.save(kept)
            if self.default.isChecked():
                self._parts.preferences.set("default_connection", kept.id)
            elif self._parts.preferences.get("default_connection") == kept.id:
                self._parts.preferences.reset("default_connection")
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            self.session_button.setVisible(isinstance(error, KeyringError))
            await self._take_back(entered, stored)
            return False
        self._fill(kept.id)
        self._say(self.tr("Saved."), trouble=False)
        self.changed.emit()
        return True

    async def _take_back(self, connection: Connection, stored: Iterable[SecretKind]) -> None:
        """Delete of these what no connection that is kept refers to."""
        kept = self._parts.connections.get(connection.id)
        for kind in stored:
            if kept is None or kind not in kept.secrets:
                with contextlib.suppress(KeyringError):
                    await self._parts.secrets.delete(connection.secret_name(kind))

    def _as_kept(self, connection: Connection) -> Connection:
        """As it is by now: the pages beside this one change parts of it too."""
        return self._parts.connections.get(connection.id) or connection

    def _typed_secrets(self, connection: Connection) -> dict[SecretKind, str]:
        return {kind: text for kind in SECRETS[connection.provider] if (text := self.secrets[kind].text())}

    def _entered(self, connection: Connection) -> Connection:
        name = self.name.text().strip() or self._kind_of(connection)
        if self._takes_file(connection):
            file = Path(self.file.path.text().strip())
            return replace(connection, name=name, model=file.stem, options=self.file.options(connection.options))
        return replace(
            connection,
            name=name,
            url=completed(self.url.text()),
            fallbacks=tuple(completed(one) for one in re.split(r"[\s,;]+", self.fallbacks.text()) if one),
            model=self.model.text().strip(),
        )

    def _given(self, connection: Connection) -> dict[str, str]:
        return dict(self._typed_secrets(connection).items())

    def choose_model(self) -> None:
        """Offer what the server has, asked as it is entered here, saved or not."""
        if self._shown is None:
            return
        connection = self._entered(self._as_kept(self._shown))
        self.models.open([connection], (connection.id, connection.model), self._given(connection))

    def try_it(self) -> None:
        """Try the way to the server as it is entered here, saved or not; or end that."""
        if self.test.running:
            self.test.stop()
        elif self._shown is not None:
            connection = self._entered(self._as_kept(self._shown))
            self.test.start(connection, self._given(connection))

    def _show_running(self, running: bool) -> None:
        self.test_button.setText(self.tr("Stop") if running else self.tr("Test"))

    async def lead_to(self, step: Step) -> None:
        """Put the focus to what has to be changed for this hop to work."""
        if self._shown is None:
            return
        match step.setting:
            case "certificates":
                await self.open_network("certificates")
            case "proxy":
                await self.open_network("proxy", own=bool(OwnNetwork.of(self._as_kept(self._shown)).proxy))
            case "limits":
                silence = isinstance(step.error, SilenceTimeout)
                self.network_requested.emit("", "silence_limit" if silence else "first_byte_limit")
            case "keyring":
                self.secrets_requested.emit()
            case "secret_key" | "password" | "api_key" as kind:
                self._focus(self.secrets[kind])
            case "model":
                self._focus(self.file.path if is_file(self._shown) else self.model)
            case _:
                self._focus(self.url)

    def _focus(self, field: QLineEdit) -> None:
        self._area.ensureWidgetVisible(field)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    async def open_network(self, setting: str, *, own: bool = True) -> None:
        """What the connection shown has of its own (a new one is saved first); or what all have."""
        if self._shown is None:
            return
        one = self._shown
        if own and self._parts.connections.get(one.id) is None and not await self.save():
            return
        self.network_requested.emit(one.id if own else "", setting)

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
        one = self._parts.connections.get(self._shown.id) if self._shown else None
        if one is None:
            return
        other = replace(one, id=new_id(), name=self.tr("{name} (copy)").format(name=one.name))
        secrets = self._parts.secrets
        try:
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
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            await self._take_back(other, one.secrets)
            return
        self._fill(other.id)
        self.name.setFocus()
        self.name.selectAll()
        self.changed.emit()

    async def remove(self) -> None:
        """Forget the connection shown, and its secrets with it."""
        if self._shown is None:
            return
        one, secrets, preferences = self._as_kept(self._shown), self._parts.secrets, self._parts.preferences
        with self._telling():
            for kind in get_args(SecretKind):
                name = one.secret_name(kind)
                secrets.forget_for_session(name)
                if kind in one.secrets:
                    try:
                        await secrets.delete(name)
                    except KeyringMissing:  # it may never come back; if it does, the secret goes
                        left = preferences.get("secrets_left_behind")
                        preferences.set("secrets_left_behind", [*left, name])
            self._parts.connections.remove(one.id)
            self._parts.models.forget(one.id)
            if preferences.get("default_connection") == one.id:
                preferences.reset("default_connection")
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

    def show_of(self, connection_id: str) -> None:
        """Show the connection of this id, if there is one."""
        if self._parts.connections.get(connection_id) is not None:
            self._fill(connection_id)

    def _fill(self, chosen: str) -> None:
        default = self._parts.connections.default(self._parts.preferences.get("default_connection"))
        self.list.show_connections(self._parts.connections.all(), default.id, chosen)

    def _show(self, connection_id: str) -> None:
        connection = self._parts.connections.get(connection_id)
        if connection is not None:
            self._show_connection(connection)

    def _show_connection(self, connection: Connection) -> None:
        self.test.clear()
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
        for field in (self.name, self.url, self.model):
            field.setCursorPosition(0)
        self.file.setVisible(file)
        self._align_labels(file=file)
        if file:
            self.file.show_options(connection.options)
        self._form.setRowVisible(self.url, not local)
        self.fallbacks.setText(" ".join(connection.fallbacks))
        self._form.setRowVisible(self.fallbacks, not local)
        self._form.setRowVisible(self._model_row, connection.provider == "openai")
        for kind, field in self.secrets.items():
            field.clear()
            self._form.setRowVisible(field, kind in SECRETS[connection.provider])
        self._form.setRowVisible(self._network_row, not local)
        self._show_kept(connection)
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

    def _align_labels(self, *, file: bool) -> None:
        """The fields of a file are in a form of their own, which stands below the name as if it were one with it."""
        mine, theirs = _labels(self._form)[0], _labels(self.file.form)
        width = max(label.sizeHint().width() for label in (mine, *theirs)) if file else 0
        for label in (mine, theirs[0]):
            label.setMinimumWidth(width)

    def _show_kept(self, connection: Connection) -> None:
        """What of it is not in the fields."""
        preset = preset_of(connection)
        for kind, field in self.secrets.items():
            there = kind in connection.secrets
            field.setPlaceholderText(self.tr("Stored; type to replace it") if there else self.tr("None"))
        has_key = any(kind in SECRETS[connection.provider] for kind in connection.secrets)
        self._form.setRowVisible(self._key_row, bool(preset and preset.key_page) and not has_key)
        self._form.setRowVisible(self.warning, connection.takes_any_certificate)

    def take_news(self) -> None:
        """Another page changed the connection shown; what is typed here stays."""
        if self._shown is not None:
            self._shown = self._as_kept(self._shown)
            self._show_kept(self._shown)

    @staticmethod
    def _kind_of(connection: Connection) -> str:
        preset = preset_of(connection)
        return translate("connections", preset.name if preset else PROVIDERS[connection.provider])

    def _open_key_page(self) -> None:
        preset = preset_of(self._shown) if self._shown else None
        if preset is not None:
            QDesktopServices.openUrl(QUrl(preset.key_page))

    def _say(self, text: str, *, trouble: bool) -> None:
        self.note.setVisible(bool(text))
        self.note.setObjectName("trouble" if trouble else "explanation")
        self.note.setText(text)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return self._parts.tasks.spawn(coroutine)


def _check_addresses(connection: Connection) -> None:
    """Raises SecretInAddress, or InvalidAddress for one that nothing can be sent to."""
    from gui.providers.transport import server_address  # brings aiohttp along

    if connection.provider != "local":
        for url in (connection.url, *connection.fallbacks):
            refuse_secrets(url)
            server_address(url)


def _labels(form: QFormLayout) -> list[QWidget]:
    items = (form.itemAt(row, QFormLayout.ItemRole.LabelRole) for row in range(form.rowCount()))
    return [label for item in items if item is not None and (label := item.widget()) is not None]


def is_file(connection: Connection) -> bool:
    """Whether it is a model's file on this machine, and not the embedded model."""
    return connection.provider == "local" and (connection.preset == "file" or "file" in connection.options)
