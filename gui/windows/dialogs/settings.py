"""The settings: made from the declared preferences, and pages for connections and the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.settings.network import OwnNetwork
from gui.settings.preferences import SETTINGS
from gui.windows.dialogs.connection_list import roomy_item
from gui.windows.dialogs.connections_page import ConnectionsPage
from gui.windows.dialogs.network_page import NetworkPage
from gui.windows.dialogs.secrets_page import SecretsPage
from gui.windows.dialogs.sync_page import SyncPage
from gui.windows.wording import translate

if TYPE_CHECKING:
    from gui.settings.preferences import Preferences
    from gui.windows.parts import Parts

PAGES = ("general", "connections", "network", "secrets", "sync")


class GeneralPage(QWidget):
    """The preferences with choices; each is applied as soon as it is chosen."""

    KEYS = ("theme", "language", "send_key", "long_lines")

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(18)
        for key in self.KEYS:
            box = QComboBox()
            for value, label in SETTINGS[key].choices.items():
                box.addItem(translate("settings", label), value)
            box.setCurrentIndex(box.findData(preferences.get(key)))
            box.activated.connect(lambda _index, name=key, of=box: preferences.set(name, of.currentData()))
            box.setObjectName(f"setting_{key}")
            description = translate("settings", SETTINGS[key].description)
            box.setAccessibleName(description)
            form.addRow(description, box)
        self._note(form, self.tr("Another language is used from the next start on."))
        address = QLineEdit(preferences.get("update_address"))
        address.setObjectName("setting_update_address")
        address.setPlaceholderText(self.tr("None: nothing is asked"))
        address.editingFinished.connect(lambda: preferences.set("update_address", address.text().strip()))
        description = translate("settings", SETTINGS["update_address"].description)
        address.setAccessibleName(description)
        form.addRow(description, address)
        self._note(form, self.tr("It is asked once a day, and told nothing of you. Nothing is fetched or installed."))

    @staticmethod
    def _note(form: QFormLayout, text: str) -> None:
        note = QLabel(text)
        note.setObjectName("explanation")
        note.setWordWrap(True)
        form.addRow("", note)


class SettingsDialog(QDialog):
    """Signals: connections_changed()."""

    connections_changed = Signal()

    def __init__(self, parts: Parts, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts = parts
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings"))
        self.sections = QListWidget()
        self.sections.setObjectName("sections")
        self.sections.setAccessibleName(self.tr("Sections"))
        self.sections.setFixedWidth(170)
        for name in (
            self.tr("General"),
            self.tr("Connections"),
            self.tr("Network"),
            self.tr("Secrets"),
            self.tr("Sync"),
        ):
            self.sections.addItem(roomy_item(name))
        self.connections = ConnectionsPage(parts)
        self.network = NetworkPage(parts)
        self.secrets = SecretsPage(parts)
        self.sync = SyncPage(parts.preferences)
        self.pages = QStackedWidget()
        for page in (GeneralPage(parts.preferences), self.connections, self.network, self.secrets, self.sync):
            self.pages.addWidget(page)
        self.connections.changed.connect(self.connections_changed)
        self.network.changed.connect(self.connections_changed)
        self.secrets.changed.connect(self.connections_changed)
        self.connections.changed.connect(self.network.list_scopes)
        self.connections.network_requested.connect(self._show_network)
        self.connections.secrets_requested.connect(self._show_secrets)
        self.network.changed.connect(self.connections.take_news)
        self.secrets.changed.connect(self.connections.take_news)
        self.sections.currentRowChanged.connect(self.pages.setCurrentIndex)
        # The keyring is asked when somebody looks: it may want to be unlocked.
        self.sections.currentRowChanged.connect(
            lambda row: parts.tasks.spawn(self.secrets.show_entries()) if PAGES[row] == "secrets" else None
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        middle = QHBoxLayout()
        middle.setSpacing(18)
        middle.addWidget(self.sections)
        middle.addWidget(self.pages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 16, 18, 14)
        layout.addLayout(middle, 1)
        layout.addWidget(buttons)
        self.resize(880, 640)
        self.show_page("general")

    def show_page(self, name: str) -> None:
        """`name`: one of PAGES."""
        self.sections.setCurrentRow(PAGES.index(name))

    def show_of(self, connection_id: str) -> None:
        """Have the page show what is this connection's, if it is one of connections and this has something there."""
        page = PAGES[self.sections.currentRow()]
        connection = self._parts.connections.get(connection_id)
        if page == "connections":
            self.connections.show_of(connection_id)
        elif page == "network" and connection is not None and OwnNetwork.of(connection).proxy:
            self.network.show_of(connection_id, "proxy")

    def _show_network(self, connection_id: str, setting: str) -> None:
        self.show_page("network")
        self.network.show_of(connection_id, setting)

    def _show_secrets(self) -> None:
        self.show_page("secrets")
        self.secrets.list.setFocus(Qt.FocusReason.OtherFocusReason)
