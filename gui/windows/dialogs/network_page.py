"""How servers are reached: proxy, exceptions and limits in time; for one connection its own proxy and TLS."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.errors import QT_TRANSLATE_NOOP, GProChatError, KeyringError
from gui.settings.exceptions import Exceptions
from gui.settings.network import ManualProxy, OwnNetwork
from gui.settings.preferences import SETTINGS
from gui.windows.dialogs.numbers import indent_number
from gui.windows.dialogs.proxy_fields import ProxyFields
from gui.windows.dialogs.tls_fields import TlsFields
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from gui.settings.connections import Connection
    from gui.windows.parts import Parts

LIMITS = ("connect_limit", "first_byte_limit", "silence_limit")
OWN = {
    "": QT_TRANSLATE_NOOP("settings", "As for all connections"),
    "none": SETTINGS["proxy_mode"].choices["none"],
    "system": SETTINGS["proxy_mode"].choices["system"],
    "own": QT_TRANSLATE_NOOP("settings", "Its own (stored in the system’s keyring)"),
}
"""A connection's choices."""


class NetworkPage(QScrollArea):
    """For all connections, or for the one that `scope` names. Signals: changed() -- a connection has another way."""

    changed = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        inside = QWidget()
        self.setWidget(inside)
        self._layout = QVBoxLayout(inside)
        self._layout.setSpacing(6)
        self._layout.setContentsMargins(0, 0, 8, 0)
        self.scope = QComboBox()
        self.scope.setAccessibleName(self.tr("Connection"))
        self.list_scopes()
        self._layout.addWidget(self.scope)
        self._make_proxy()
        self._make_rest()
        self._layout.addStretch(1)
        self.scope.activated.connect(lambda: self._show_scope())
        self._show_scope()

    def _make_proxy(self) -> None:
        self._layout.addWidget(self._heading(translate("settings", SETTINGS["proxy_mode"].description)))
        self.modes: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        for mode, label in {**OWN, **SETTINGS["proxy_mode"].choices}.items():
            button = QRadioButton(translate("settings", label))
            group.addButton(button)
            self._layout.addWidget(button)
            self.modes[mode] = button
            button.clicked.connect(lambda _on, one=mode: self._choose(one))
            button.toggled.connect(lambda _on: self._show_mode())
        self.fields = ProxyFields()
        self.scheme, self.host, self.port = self.fields.scheme, self.fields.host, self.fields.port
        self.user, self.password = self.fields.user, self.fields.password
        self.pac = self._line("pac_address")
        self.pac.setPlaceholderText("https://intranet.example.org/proxy.pac")
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.save_button = QPushButton(self.tr("Store in the keyring"))
        self.session_button = QPushButton(self.tr("Keep for this session only"))
        below = QHBoxLayout()
        below.addStretch(1)
        for push in (self.session_button, self.save_button):
            push.setAutoDefault(False)
            below.addWidget(push)
        for widget in (self.fields, self.pac, self.note):
            self._layout.addWidget(widget)
        self._layout.addLayout(below)
        self.save_button.clicked.connect(lambda: self._spawn(self.save()))
        self.session_button.clicked.connect(lambda: self._spawn(self.save(session_only=True)))

    def _make_rest(self) -> None:
        self.for_all = QWidget()
        form = QFormLayout(self.for_all)
        form.setContentsMargins(0, 8, 0, 4)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.exceptions = self._line("proxy_exceptions")
        self.exceptions.setPlaceholderText("*.example.org, 10.0.0.0/8, <local>")
        form.addRow(self.exceptions.accessibleName(), self.exceptions)
        form.addRow(self._heading(self.tr("How long is waited")))
        self.limits: dict[str, QSpinBox] = {}
        for key in LIMITS:
            box = QSpinBox()
            span = SETTINGS[key].span
            assert span  # noqa: S101 -- declared there
            indent_number(box)
            box.setRange(*span)
            box.setSuffix(self.tr(" s"))
            box.setValue(self._parts.preferences.get(key))
            box.valueChanged.connect(lambda seconds, name=key: self._parts.preferences.set(name, seconds))
            label = translate("settings", SETTINGS[key].description)
            box.setAccessibleName(label)
            box.setMinimumWidth(box.fontMetrics().horizontalAdvance("0") * 15)
            form.addRow(label, box)
            self.limits[key] = box
        self.tls = TlsFields()
        self.tls_heading = self._heading(self.tr("Encryption (TLS)"))
        self.tls.changed.connect(lambda: self._keep_own(self.tls.into(self._own())))
        for widget in (self.for_all, self.tls_heading, self.tls):
            self._layout.addWidget(widget)

    def _heading(self, text: str) -> QLabel:
        heading = QLabel(text)
        heading.setObjectName("heading")
        heading.setContentsMargins(0, 8, 0, 2)
        return heading

    def _line(self, key: str) -> QLineEdit:
        field = QLineEdit(self._parts.preferences.get(key))
        field.setAccessibleName(translate("settings", SETTINGS[key].description))
        field.editingFinished.connect(lambda: self._keep_line(key, field))
        return field

    def _keep_line(self, key: str, field: QLineEdit) -> None:
        self._parts.preferences.set(key, field.text().strip())
        unreadable = Exceptions(field.text()).unreadable if key == "proxy_exceptions" else []
        if unreadable:
            said = self.tr("No host, network or port: {entries}").format(entries=", ".join(unreadable))
            self._say(said, trouble=True)
        else:
            self._say_rule()

    # -- whose network ------------------------------------------------------------------------------------------

    def list_scopes(self) -> None:
        """The connections that there are now. The one shown stays, if it is still one of them."""
        chosen = self.scope.currentData()
        self.scope.clear()
        self.scope.addItem(self.tr("For all connections"), "")
        for connection in self._parts.connections.all():
            if connection.provider != "local":
                self.scope.addItem(self.tr("For “{name}”").format(name=connection.name), connection.id)
        if chosen:
            self.scope.setCurrentIndex(max(self.scope.findData(chosen), 0))
            if self.scope.currentData() != chosen:
                self._show_scope()

    def show_of(self, connection_id: str, setting: str) -> None:
        """The page of this connection, "" of all, with the focus on a setting: "proxy", "certificates", one of LIMITS,
        or "" for none of them.
        """
        self.scope.setCurrentIndex(max(self.scope.findData(connection_id), 0))
        self._show_scope()
        if setting in self.limits:
            field: QWidget = self.limits[setting]
        elif setting == "certificates":
            field = self.tls.authorities
        elif setting == "proxy":
            by_mode = {"manual": self.fields.host, "own": self.fields.host, "pac": self.pac}
            field = by_mode.get(self.mode, self.modes[self.mode])
        else:
            field = self.scope
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        # What is shown only now has no place yet.
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(field))

    @property
    def connection(self) -> Connection | None:
        """Whose network this is; None for all."""
        return self._parts.connections.get(self.scope.currentData())

    @property
    def mode(self) -> str:
        return next((mode for mode, button in self.modes.items() if button.isChecked()), "")

    def _own(self) -> OwnNetwork:
        return OwnNetwork.of(self.connection) if self.connection else OwnNetwork()

    def _keep_own(self, own: OwnNetwork, *, stored: bool = False) -> None:
        """`stored`: the keyring has its proxy by now; else it has it if it had it before."""
        connection = self.connection
        if connection is None:
            return
        rest = tuple(kind for kind in connection.secrets if kind != "proxy")
        secrets = (*rest, "proxy") if stored or "proxy" in connection.secrets else rest
        kept: dict[str, Any] = {"options": own.options(connection.options), "secrets": secrets}
        self._parts.connections.save(replace(connection, **kept))
        self.changed.emit()

    def _show_scope(self) -> None:
        connection = self.connection
        choices = OWN if connection else SETTINGS["proxy_mode"].choices
        for mode, button in self.modes.items():
            button.setVisible(mode in choices)
        chosen = self._own().proxy if connection else self._parts.preferences.get("proxy_mode")
        self.modes.get(chosen, self.modes["system"]).setChecked(True)
        self.for_all.setVisible(connection is None)
        self.tls_heading.setVisible(connection is not None)
        self.tls.setVisible(connection is not None)
        self.tls.show_own(self._own())
        self.fields.show_proxy(None)
        self._show_mode()
        if self.mode in {"manual", "own"}:
            self._spawn(self._load())

    # -- the proxy ----------------------------------------------------------------------------------------------

    async def save(self, *, session_only: bool = False) -> None:
        """Store the fields; only when that went well is the proxy in use."""
        connection = self.connection
        try:
            proxy = self.fields.proxy()
            if connection is None:
                await self._parts.network.set_manual(proxy, session_only=session_only)
                self._parts.preferences.set("proxy_mode", "manual")
            else:
                name = connection.secret_name("proxy")
                if session_only:
                    self._parts.secrets.keep_for_session(name, proxy.url())
                else:
                    await self._parts.secrets.set(name, proxy.url())
                self._keep_own(replace(self._own(), proxy="own"), stored=not session_only)
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            self.session_button.setVisible(isinstance(error, KeyringError))
            return
        self.session_button.hide()
        self._say(
            self.tr("In use until the program ends.") if session_only else self.tr("Stored in the keyring, in use."),
            trouble=False,
        )

    async def _load(self) -> None:
        connection = self.connection
        try:
            if connection is None:
                proxy = await self._parts.network.manual()
            else:
                stored = await self._parts.secrets.get(connection.secret_name("proxy"))
                proxy = ManualProxy.parse(stored) if stored else None
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            self.session_button.setVisible(isinstance(error, KeyringError))
            return
        if proxy is not None and connection == self.connection:
            self.fields.show_proxy(proxy)

    def _choose(self, mode: str) -> None:
        """By the person. A proxy of the fields is in use only once it is stored; the others need nothing more."""
        if mode in {"manual", "own"}:
            self._spawn(self._load())
        elif self.connection is None:
            self._parts.preferences.set("proxy_mode", mode)
        else:
            self._keep_own(replace(self._own(), proxy=mode))

    def _show_mode(self) -> None:
        by_hand = self.mode in {"manual", "own"}
        for widget in (self.fields, self.save_button):
            widget.setVisible(by_hand)
        self.pac.setVisible(self.mode == "pac")
        self.session_button.hide()
        self._say_rule()

    def _say_rule(self) -> None:
        self._say(self.tr("Requests to this computer itself never go through a proxy."), trouble=False)

    def _say(self, text: str, *, trouble: bool) -> None:
        self.note.setObjectName("trouble" if trouble else "explanation")
        self.note.setText(text)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._parts.tasks.spawn(coroutine)
