"""A proxy as it is entered: its kind, address and login."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from gui.settings.network import DEFAULT_PORTS, HIGHEST_PORT, SCHEMES, ManualProxy
from gui.windows.dialogs.numbers import indent_number

SCHEME_NAMES = {
    "http": "HTTP",
    "https": "HTTPS",
    "socks5": "SOCKS5",
    "socks5h": "SOCKS5h",
    "socks4": "SOCKS4",
}


class ProxyFields(QWidget):
    def __init__(self) -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(22, 4, 0, 4)
        form.setVerticalSpacing(9)
        self.scheme = QComboBox()
        for scheme in SCHEMES:
            self.scheme.addItem(SCHEME_NAMES[scheme], scheme)
        self.host = QLineEdit()
        self.host.setPlaceholderText("proxy.example.org")
        self.port = QSpinBox()
        indent_number(self.port)
        self.port.setRange(1, HIGHEST_PORT)
        self.port.setValue(DEFAULT_PORTS["http"])
        self.port.setObjectName("port")
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

    def proxy(self) -> ManualProxy:
        """As it stands here. Raises a ProxyInvalid."""
        return ManualProxy(
            self.scheme.currentData(),
            self.host.text().strip(),
            self.port.value(),
            self.user.text(),
            self.password.text(),
        )

    def show_proxy(self, proxy: ManualProxy | None) -> None:
        """None empties the fields."""
        self.scheme.setCurrentIndex(self.scheme.findData(proxy.scheme if proxy else "http"))
        self.host.setText(proxy.host if proxy else "")
        self.port.setValue(proxy.port if proxy else DEFAULT_PORTS["http"])
        self.user.setText(proxy.user if proxy else "")
        self.password.setText(proxy.password if proxy else "")
