"""The settings: made from the declared preferences, and pages for connections and the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.settings.network import OwnNetwork
from gui.windows.dialogs.all_settings import AllSettingsPage
from gui.windows.dialogs.connection_list import roomy_item
from gui.windows.dialogs.connections_page import ConnectionsPage
from gui.windows.dialogs.network_page import NetworkPage
from gui.windows.dialogs.secrets_page import SecretsPage
from gui.windows.dialogs.setting_row import SettingRow
from gui.windows.dialogs.sync_page import SyncPage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.settings.preferences import Preferences
    from gui.windows.parts import Parts

PAGES = ("general", "connections", "network", "secrets", "sync", "all")


class GeneralPage(QWidget):
    """What most people look for."""

    KEYS = (
        "theme",
        "language",
        "send_key",
        "long_lines",
        "notifications",
        "titles_by_model",
        "tray",
        "close_to_tray",
        "start_at_login",
    )

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.rows = {key: SettingRow(key, preferences) for key in self.KEYS}
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        for row in self.rows.values():
            layout.addWidget(row)
        note = QLabel(self.tr("Another language is used from the next start on."))
        note.setObjectName("explanation")
        layout.addWidget(note)
        layout.addStretch(1)

    def show_value(self, key: str) -> None:
        """It was set elsewhere."""
        if key in self.rows:
            self.rows[key].show_value()


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
        names = (
            self.tr("General"),
            self.tr("Connections"),
            self.tr("Network"),
            self.tr("Secrets"),
            self.tr("Sync"),
            self.tr("All settings"),
        )
        for name in names:
            self.sections.addItem(roomy_item(name))
        self.general = GeneralPage(parts.preferences)
        self.connections = ConnectionsPage(parts)
        self.network = NetworkPage(parts)
        self.secrets = SecretsPage(parts)
        self.sync = SyncPage(parts.preferences)
        self.all = AllSettingsPage(parts)
        self.pages = QStackedWidget()
        for page in (self.general, self.connections, self.network, self.secrets, self.sync, self.all):
            self.pages.addWidget(page)
        self._wire_all(names)
        self.destroyed.connect(_ender(parts.preferences.watch(self._follow)))
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

    def _wire_all(self, names: Sequence[str]) -> None:
        """The page of all settings; `names` are those of the pages."""
        others = (self.connections, self.network, self.secrets, self.sync)
        self.all.search_also(dict(zip(names[1:-1], others, strict=True)))
        self.all.page_requested.connect(self.show_page)
        self.all.field_requested.connect(self._show_field)
        self.all.imported.connect(self.connections.list_anew)
        self.all.imported.connect(self.network.list_scopes)
        self.all.imported.connect(self.connections_changed)

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

    def _follow(self, key: str) -> None:
        """A setting has another value."""
        self.general.show_value(key)
        self.all.show_value(key)
        self.network.show_value(key)

    def _show_field(self, field: QWidget) -> None:
        """It is on one of the pages."""
        pages = (self.connections, self.network, self.secrets, self.sync)
        self.sections.setCurrentRow(self.pages.indexOf(next(page for page in pages if page.isAncestorOf(field))))
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_network(self, connection_id: str, setting: str) -> None:
        self.show_page("network")
        self.network.show_of(connection_id, setting)

    def _show_secrets(self) -> None:
        self.show_page("secrets")
        self.secrets.list.setFocus(Qt.FocusReason.OtherFocusReason)


def _ender(end: Callable[[], None]) -> Callable[..., None]:
    """`end`, called with whatever a signal brings."""
    return lambda *_what: end()
