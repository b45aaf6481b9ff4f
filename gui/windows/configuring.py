"""The way to the settings, from wherever something is to be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from gui.errors import GProChatError
    from gui.windows.dialogs.settings import SettingsDialog
    from gui.windows.message_bar import MessageBar
    from gui.windows.parts import Parts
    from gui.windows.syncing import Syncing


class Configuring(QObject):
    """Signals: connections_changed(); failed(error) -- what was fetched for a connection did not come.

    `syncing` and `bar` give what the settings tell of, and where something is told once they are closed.
    """

    connections_changed = Signal()
    failed = Signal(object)

    def __init__(
        self, parts: Parts, window: QWidget, syncing: Callable[[], Syncing], bar: Callable[[], MessageBar]
    ) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._syncing = syncing
        self._bar = bar

    def dialog(self) -> SettingsDialog | None:
        """The settings, if they are open."""
        from gui.windows.dialogs.settings import SettingsDialog

        return next((one for one in self._window.findChildren(SettingsDialog) if one.isVisible()), None)

    def open(self, page: str, connection_id: str = "") -> SettingsDialog:
        """Show a page of them: one of `dialogs.settings.PAGES`. `connection_id`: whose settings are wanted, if one has
        some of its own there; "" for nobody's.
        """
        from gui.windows.dialogs.settings import SettingsDialog

        dialog = self.dialog()
        if dialog is None:
            dialog = SettingsDialog(self._parts, self._window)
            dialog.connections_changed.connect(self.connections_changed)
            syncing = self._syncing()
            dialog.sync.show_state(syncing.state)
            syncing.state_changed.connect(dialog.sync.show_state)
            dialog.show_page(page)
            dialog.open()
        dialog.show_page(page)
        dialog.show_of(connection_id)
        return dialog

    def show_setting(self, key: str) -> None:
        """Have a setting before the person, by its name in `preferences.SETTINGS`."""
        self.open("all").all.find_setting(key)

    def test_connection(self, connection_id: str) -> None:
        """Have the way to its server tried."""
        self.open("connections", connection_id).connections.try_it()

    def connect_to(self, preset_id: str) -> None:
        """Have a connection made of a preset: what it needs to know is asked in the settings."""
        self.open("connections").connections.add(preset_id)

    def connect_to_file(self, file: Path) -> None:
        """Have a connection made of a model's file."""
        self.open("connections").connections.add_file(file)

    def download_ended(self, error: GProChatError | None) -> None:
        """Where nobody looks at it any more: say so, and lead on."""
        target = self._parts.downloads.target
        if self.dialog() is not None or target is None:
            return
        if error is not None:
            self.failed.emit(error)
            return
        self._bar().show_message(
            self.tr("{name} is here.").format(name=target.name),
            [(self.tr("Make it a connection…"), lambda: self.connect_to_file(target))],
            trouble=False,
        )
