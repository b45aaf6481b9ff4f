"""The button that says who answers, and opens the panel in which that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QToolButton

if TYPE_CHECKING:
    from gui.settings.connections import Connection
    from gui.windows.model_panel import ModelPanel
    from gui.windows.parts import Parts

EMS = 24
"""The room for the name, in heights of a line."""


class Picker(QToolButton):
    """Signals: chosen(connection id, model); connections_requested(); left()."""

    chosen = Signal(str, str)
    connections_requested = Signal()
    left = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.setObjectName("picker")
        self._parts = parts
        self._current = ("", "")
        self._panel: ModelPanel | None = None
        self.setIconSize(QSize(14, 14))
        self.setAccessibleName(self.tr("Connection and model"))
        self.setToolTip(self.tr("Who answers in this chat"))
        self.clicked.connect(self.open)

    @property
    def panel(self) -> ModelPanel:
        """Made when it is first asked for."""
        if self._panel is None:
            from gui.windows.model_panel import ModelPanel

            self._panel = ModelPanel(self._parts, self, whole=True)
            self._panel.chosen.connect(self.chosen)
            self._panel.connections_requested.connect(self.connections_requested)
            self._panel.left.connect(self.left)
            self.destroyed.connect(self._panel.deleteLater)
        return self._panel

    def open(self) -> None:
        """Have somebody chosen; the one who answers now comes first."""
        connections = sorted(self._parts.connections.all(), key=lambda one: one.id != self._current[0])
        self.panel.open(connections, self._current)

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
