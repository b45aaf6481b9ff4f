"""The program while no window of it is seen: it goes on for its tray icon, for a reply, and for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.tray import Tray


LINGER = 300_000
"""Milliseconds for which it can be reached by another start, or by a notification, with no window and no icon."""


class Presence(QObject):
    """Makes and ends the tray icon, as the preferences say."""

    def __init__(self, parts: Parts, window: MainWindow) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._unread = 0
        self.tray: Tray | None = None
        self._lingering = QTimer(self)
        self._lingering.setSingleShot(True)
        self._lingering.setInterval(LINGER)
        self._lingering.timeout.connect(self._leave)

    @property
    def has_tray(self) -> bool:
        return self.tray is not None

    @property
    def stays(self) -> bool:
        """Whether the program goes on when its window is closed."""
        return self.has_tray and bool(self._parts.preferences.get("close_to_tray"))

    def take_over(self) -> None:
        """Have an icon, or none; where the desktop has no place for one, there is none."""
        wanted = self._parts.preferences.get("tray") and QSystemTrayIcon.isSystemTrayAvailable()
        if wanted and self.tray is None:
            from gui.windows.tray import Tray

            window = self._window
            self.tray = Tray(self)
            self.tray.toggled.connect(self.toggle)
            self.tray.new_requested.connect(self._new_chat)
            self.tray.quick_requested.connect(window.requests.open_quick)
            self.tray.quit_requested.connect(self._quit)
            self.tray.mark(self._unread)
        elif not wanted and self.tray is not None:
            self.end()
            self.look()

    def mark(self, unread: int) -> None:
        """So many conversations have something that was not read."""
        self._unread = unread
        if self.tray is not None:
            self.tray.mark(unread)

    def toggle(self) -> None:
        """Show the window, or hide all of them if it is before the person."""
        if self._window.isVisible() and not self._window.isMinimized():
            self._window.leave()
        else:
            self._window.come_forward()

    def look(self) -> None:
        """If no window is seen, no icon, and nothing runs any more: end the program in a while."""
        if self._is_out_of_sight():
            self._lingering.start()

    def _leave(self) -> None:
        if self._is_out_of_sight():
            self._window.quit_requested.emit()

    def _is_out_of_sight(self) -> bool:
        seen = any(one.isVisible() for one in QApplication.topLevelWidgets())
        return not seen and not self.has_tray and not len(self._window.replies)

    def start_at_login(self) -> None:
        """Have the desktop start the program with the session, or no more. Raises SettingsUnwritable."""
        from gui.settings.autostart import command, set_autostart

        set_autostart(command(self._parts.data_dir), wanted=self._parts.preferences.get("start_at_login"))

    def end(self) -> None:
        """Have no icon."""
        self._lingering.stop()
        if self.tray is not None:
            self.tray.end()
            self.tray = None

    def _new_chat(self) -> None:
        self._window.come_forward()
        self._window.new_chat()

    def _quit(self) -> None:
        if len(self._window.replies):
            self._window.come_forward()  # it is asked there
        self._window.close()
