"""The models to choose from, some of which are to answer the same question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget
from typing_extensions import override

from gui.windows.model_panel import ModelPanel
from gui.windows.model_rows import Kind, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent

    from gui.settings.connections import Connection
    from gui.windows.parts import Parts

LEAST, MOST = 2, 4


class ComparePanel(ModelPanel):
    """Enter or a click marks a model, Ctrl+Enter or the button is the end of it.

    Signals: several_chosen(list of (connection id, model)).
    """

    several_chosen = Signal(object)

    def __init__(self, parts: Parts, anchor: QWidget) -> None:
        self._marked: list[tuple[str, str]] = []
        super().__init__(parts, anchor, whole=True, once=True)

    @override
    def _foot(self) -> QHBoxLayout:
        self._said = QLabel()
        self._said.setObjectName("searchNote")
        self.button = QPushButton(self.tr("Compare"))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self._done)
        foot = QHBoxLayout()
        foot.addWidget(self._said, 1)
        foot.addWidget(self.button)
        return foot

    @override
    def open(
        self, connections: Sequence[Connection], current: tuple[str, str], given: Mapping[str, str] | None = None
    ) -> None:
        self._marked = []
        super().open(connections, current, given)
        row = next((one for one in self.rows.all if (one.connection.id, one.model) == current), None)
        if row is not None and row.kind is Kind.MODEL:
            self._marked.append(current)
        self._tell()

    @override
    def is_marked(self, row: Row) -> bool | None:
        return (row.connection.id, row.model) in self._marked if row.kind is Kind.MODEL else None

    @override
    def _take(self, row: Row) -> None:
        if row.kind not in {Kind.MODEL, Kind.TYPED}:
            super()._take(row)
            return
        who = (row.connection.id, row.model)
        if who in self._marked:
            self._marked.remove(who)
        elif len(self._marked) < MOST:
            self._marked.append(who)
        self._tell()

    def _tell(self) -> None:
        count = len(self._marked)
        self._said.setText(self.tr("{count} of {most} chosen").format(count=count, most=MOST))
        self.button.setEnabled(count >= LEAST)
        self.list.viewport().update()

    def _done(self) -> None:
        if len(self._marked) >= LEAST:
            self.hide()
            self.several_chosen.emit(list(self._marked))

    @override
    def _pressed(self, event: QKeyEvent) -> bool:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._done()
            return True
        return super()._pressed(event)
