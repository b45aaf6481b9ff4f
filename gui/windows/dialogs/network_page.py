"""The proxy: none, the system's, or one by hand that is kept in the OS keyring as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.errors import GProChatError, KeyringError
from gui.settings.network import DEFAULT_PORTS, HIGHEST_PORT, SCHEMES, ManualProxy
from gui.settings.preferences import SETTINGS
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    from gui.windows.parts import Parts

SCHEME_NAMES = {
    "http": "HTTP",
    "https": "HTTPS",
    "socks5": "SOCKS5",
    "socks5h": "SOCKS5h",
    "socks4": "SOCKS4",
}


class NetworkPage(QWidget):
    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self.modes: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setSpacing(6)
        heading = QLabel(translate("settings", SETTINGS["proxy_mode"].description))
        heading.setObjectName("heading")
        layout.addWidget(heading)
        for mode, label in SETTINGS["proxy_mode"].choices.items():
            button = QRadioButton(translate("settings", label))
            group.addButton(button)
            layout.addWidget(button)
            self.modes[mode] = button
        self.modes[parts.preferences.get("proxy_mode")].setChecked(True)
        self.fields = QWidget()
        layout.addWidget(self.fields)
        self._make_fields()
        self.note = QLabel()
        self.note.setWordWrap(True)
        layout.addWidget(self.note)
        self.save_button = QPushButton(self.tr("Store in the keyring"))
        self.session_button = QPushButton(self.tr("Keep for this session only"))
        self.session_button.hide()
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.session_button)
        below.addWidget(self.save_button)
        layout.addLayout(below)
        layout.addStretch(1)
        for mode, button in self.modes.items():
            button.toggled.connect(lambda on, one=mode: self._choose(one) if on else None)
        self.save_button.clicked.connect(lambda: self._spawn(self.save()))
        self.session_button.clicked.connect(lambda: self._spawn(self.save(session_only=True)))
        self._show_mode()
        if self.mode == "manual":
            self._spawn(self._load())

    def _make_fields(self) -> None:
        form = QFormLayout(self.fields)
        form.setContentsMargins(22, 4, 0, 4)
        form.setVerticalSpacing(9)
        self.scheme = QComboBox()
        for scheme in SCHEMES:
            self.scheme.addItem(SCHEME_NAMES[scheme], scheme)
        self.host = QLineEdit()
        self.host.setPlaceholderText("proxy.example.org")
        self.port = QSpinBox()
        self.port.setRange(1, HIGHEST_PORT)
        self.port.setValue(DEFAULT_PORTS["http"])
        self.port.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.port.setMinimumWidth(self.port.fontMetrics().horizontalAdvance("0") * 8)
        self.port.setMinimumHeight(self.host.sizeHint().height())
        self.user = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        address = QHBoxLayout()
        address.setSpacing(8)
        address.addWidget(self.scheme)
        address.addWidget(self.host, 1)
        address.addWidget(self.port)
        form.addRow(self.tr("Address"), address)
        form.addRow(self.tr("User name"), self.user)
        form.addRow(self.tr("Password"), self.password)
        for field, name in (
            (self.scheme, self.tr("Kind of proxy")),
            (self.host, self.tr("Address")),
            (self.port, self.tr("Port")),
            (self.user, self.tr("User name")),
            (self.password, self.tr("Password")),
        ):
            field.setAccessibleName(name)
        self.scheme.activated.connect(lambda: self.port.setValue(DEFAULT_PORTS[self.scheme.currentData()]))

    @property
    def mode(self) -> str:
        return next(mode for mode, button in self.modes.items() if button.isChecked())

    def proxy(self) -> ManualProxy:
        """As it stands in the fields. Raises a ProxyInvalid."""
        return ManualProxy(
            self.scheme.currentData(),
            self.host.text().strip(),
            self.port.value(),
            self.user.text(),
            self.password.text(),
        )

    async def save(self, *, session_only: bool = False) -> None:
        """Store the fields; only when that went well is the proxy in use."""
        try:
            await self._parts.network.set_manual(self.proxy(), session_only=session_only)
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            self.session_button.setVisible(isinstance(error, KeyringError))
            return
        self._parts.preferences.set("proxy_mode", "manual")
        self.session_button.hide()
        self._say(
            self.tr("In use until the program ends.") if session_only else self.tr("Stored in the keyring, in use."),
            trouble=False,
        )

    async def _load(self) -> None:
        try:
            proxy = await self._parts.network.manual()
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            return
        if proxy is not None:
            self.scheme.setCurrentIndex(self.scheme.findData(proxy.scheme))
            self.host.setText(proxy.host)
            self.port.setValue(proxy.port)
            self.user.setText(proxy.user)
            self.password.setText(proxy.password)

    def _choose(self, mode: str) -> None:
        self._show_mode()
        if mode == "manual":
            self._spawn(self._load())
        else:
            # A manual proxy is in use only once it is stored; the other two need nothing more.
            self._parts.preferences.set("proxy_mode", mode)

    def _show_mode(self) -> None:
        manual = self.mode == "manual"
        for widget in (self.fields, self.save_button):
            widget.setVisible(manual)
        self.session_button.hide()
        self._say(
            self.tr("Requests to this computer itself never go through a proxy."),
            trouble=False,
        )

    def _say(self, text: str, *, trouble: bool) -> None:
        self.note.setObjectName("trouble" if trouble else "explanation")
        self.note.setText(text)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    def _spawn(self, coroutine: object) -> None:
        self._parts.tasks.spawn(coroutine)  # type: ignore[arg-type]
