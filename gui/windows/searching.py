"""The search over everything: its panel, what is typed in it, and the way to what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.errors import HistoryError
from gui.windows.wording import explain

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.history.search import Hit
    from gui.windows.parts import Parts
    from gui.windows.search_panel import SearchPanel

RECENT = 8
"""Searches that are offered again."""


class Searching(QObject):
    """Signals: chosen(Hit); left() -- without a choice."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parts: Parts, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts
        self._window = window
        self._panel: SearchPanel | None = None
        self._searches = 0

    @property
    def panel(self) -> SearchPanel:
        """Made when it is first asked for."""
        if self._panel is None:
            from gui.windows.search_panel import SearchPanel

            self._panel = SearchPanel(self._parts.appearance, self._window)
            self._panel.typed.connect(lambda typed: self._parts.tasks.spawn(self._search(typed)))
            self._panel.chosen.connect(self._choose)
            self._panel.left.connect(self.left)
        return self._panel

    def open(self) -> None:
        self.panel.open(self._parts.preferences.get("recent_searches"))

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        if self._panel is not None:
            self._panel.redraw()

    async def _search(self, typed: str) -> None:
        self._searches += 1
        number = self._searches
        try:
            history = await self._parts.history
            hits = await history.search(typed)
        except HistoryError as error:
            self.panel.show_trouble(explain(error))
            return
        if number == self._searches:  # one that was ended by the next has found nothing
            self.panel.show_hits(hits)

    def _choose(self, hit: Hit) -> None:
        if typed := self.panel.input.text().strip():
            recent = self._parts.preferences.get("recent_searches")
            kept = [typed, *(one for one in recent if one != typed)][:RECENT]
            self._parts.preferences.set("recent_searches", kept)
        self.panel.hide()
        self.chosen.emit(hit)
