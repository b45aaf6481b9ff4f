"""The button that says who answers, and the menu in which that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QMenu, QToolButton

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from gui.settings.connections import Connection
    from gui.windows.parts import Parts

EMS = 24
"""The room for the name, in heights of a line."""


class Picker(QToolButton):
    """Signals: chosen(connection id, model); connections_requested()."""

    chosen = Signal(str, str)
    connections_requested = Signal()

    def __init__(self, parts: Parts, spawn: Callable[[Coroutine[Any, Any, Any]], object]) -> None:
        super().__init__()
        self.setObjectName("picker")
        self._parts = parts
        self._spawn = spawn
        self._current = ("", "")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(14, 14))
        self.setAccessibleName(self.tr("Connection and model"))
        self.setToolTip(self.tr("Who answers in this chat"))
        self.picker_menu = QMenu(self)
        self.picker_menu.aboutToShow.connect(self._fill)
        self.setMenu(self.picker_menu)

    def show_current(self, connection: Connection, model: str) -> None:
        """Who answers now."""
        self._current = (connection.id, model)
        name = f"{connection.name} · {model}" if model else connection.name
        metrics = self.fontMetrics()
        room = EMS * metrics.height()
        if metrics.horizontalAdvance(name) > room:
            from PySide6.QtCore import Qt

            name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self.setText(name)

    def redraw(self) -> None:
        """After the theme changed."""
        self.setIcon(self._parts.appearance.icon("chevron-down", "muted"))

    def _fill(self) -> None:
        self.picker_menu.clear()
        for connection in self._parts.connections.all():
            if connection.provider != "openai":
                action = self.picker_menu.addAction(connection.name)
                action.setCheckable(True)
                action.setChecked(connection.id == self._current[0])
                action.triggered.connect(lambda _on=False, one=connection.id: self.chosen.emit(one, ""))
                continue
            menu = self.picker_menu.addMenu(connection.name)
            menu.aboutToShow.connect(lambda one=connection, into=menu: self._spawn(self._fill_models(one, into)))
            self._offer_models(connection, menu, [connection.model] if connection.model else [])
        self.picker_menu.addSeparator()
        self.picker_menu.addAction(self.tr("Manage connections…"), self.connections_requested.emit)

    async def _fill_models(self, connection: Connection, menu: QMenu) -> None:
        names = await self._parts.routes.models(connection)
        self._offer_models(connection, menu, names)

    def _offer_models(self, connection: Connection, menu: QMenu, names: list[str]) -> None:
        menu.clear()
        if not names:
            menu.addAction(self.tr("Asking for the models…")).setEnabled(False)
        for name in names:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked((connection.id, name) == self._current)
            action.triggered.connect(lambda _on=False, one=name: self.chosen.emit(connection.id, one))
