"""Everything that can be done, by its name: a field, and below it the actions, settings and chats that fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate
from typing_extensions import override

from gui.windows.floating_panel import FloatingPanel, paint_card, paint_pieces
from gui.windows.matching import Match, match, pieces
from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtWidgets import QListView, QStyleOptionViewItem, QWidget

    from gui.windows.theme import Appearance

    Index = QModelIndex | QPersistentModelIndex

FOUND = Qt.ItemDataRole.UserRole
MOST = 100
"""Rows that are shown."""

USED = 0.45
"""More for what was used last, and less so the longer ago."""


@dataclass(frozen=True, slots=True)
class Command:
    """`id` is how it is remembered; `place` tells where else it is found; `keys` are as written for people."""

    id: str
    name: str
    place: str
    do: Callable[[], object]
    keys: str = ""
    enabled: bool = True


class CommandPalette(FloatingPanel):
    """Signals: chosen(Command)."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        self.commands = _Commands()
        super().__init__(appearance, window, self.commands, translate("CommandPalette", "What do you want to do?"))
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setItemDelegate(_Delegate(appearance, self.list))
        self._all: Sequence[Command] = ()
        self._recent: Sequence[str] = ()
        self.input.textChanged.connect(self._look)
        self.list.clicked.connect(self._choose)
        self.entered.connect(lambda: self._choose(self.list.currentIndex()))

    def open(self, commands: Sequence[Command], recent: Sequence[str]) -> None:
        """Show these; `recent` are the ids of those that were used, the last first."""
        self._recent = recent
        self.offer(commands)
        self.appear()

    def offer(self, commands: Sequence[Command]) -> None:
        """These are all there are."""
        self._all = commands
        if self.input.text().strip() or not self.commands.rowCount():
            self._look()  # else those that came are not shown yet

    def _look(self) -> None:
        typed = self.input.text()
        found = ranked(typed, self._all, self._recent)[:MOST]
        self.commands.show(found)
        self.list.setCurrentIndex(self.commands.index(0))
        self.list.scrollToTop()
        note = self.tr("Enter does it, ↑ ↓ choose, Esc leaves") if found else self.tr("Nothing was found.")
        self.say(note, instead=not found)

    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        command: Command = index.data(FOUND)[0]
        if command.enabled:
            self.hide()
            self.chosen.emit(command)


def ranked(typed: str, commands: Sequence[Command], recent: Sequence[str]) -> list[tuple[Command, Match]]:
    """Those that fit what is typed, the best first; with nothing typed, all but chats, the ones used last first."""
    used = {one: USED * (1 - place / len(recent)) for place, one in enumerate(recent)}
    found = [(one, fit) for one in commands if (fit := match(typed, one.name)) is not None]
    if not typed.strip():
        found = [(one, Match(0, ())) for one, _fit in found if not one.id.startswith("chat/")]
    return sorted(found, key=lambda each: (-(each[1].score + used.get(each[0].id, 0)), not each[0].enabled))


class _Commands(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self._found: Sequence[tuple[Command, Match]] = ()

    def show(self, found: Sequence[tuple[Command, Match]]) -> None:
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else len(self._found)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        command = self._found[index.row()][0]
        if role == FOUND:
            return self._found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return command.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (command.name, command.place, command.keys)))
        return None


class _Delegate(QStyledItemDelegate):
    """The name, in which what was typed stands out; at the other side where else it is, and its keys."""

    def __init__(self, appearance: Appearance, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(10, QFontMetrics(self._appearance.font()).height() + 16)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        command, fit = index.data(FOUND)
        painter.save()
        area = paint_card(painter, self._appearance, QRect(option.rect), option.state)
        right = self._paint_keys(painter, command.keys, area)
        small = self._appearance.font(0.86)
        painter.setFont(small)
        painter.setPen(self._appearance.colour("muted" if command.enabled else "faint"))
        place = QFontMetrics(small).elidedText(command.place, Qt.TextElideMode.ElideRight, area.width() // 3)
        beside = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(area.left(), area.top(), right - area.left(), area.height()), beside, place)
        painter.restore()
        area.setRight(right - QFontMetrics(small).horizontalAdvance(place) - 16)
        font = self._appearance.font()
        area.setTop(area.center().y() - QFontMetrics(font).height() // 2)
        name = pieces(command.name, fit.letters if command.enabled else ())
        paint_pieces(painter, self._appearance, name, area, font, "text" if command.enabled else "faint")

    def _paint_keys(self, painter: QPainter, keys: str, area: QRect) -> int:
        """At the right edge; where what stands before them has to end."""
        if not keys:
            return area.right()
        font = self._appearance.font(0.8)
        metrics = QFontMetrics(font)
        width, height = metrics.horizontalAdvance(keys) + 14, metrics.height() + 5
        cap = QRect(area.right() - width, area.center().y() - height // 2, width, height)
        painter.setPen(self._appearance.colour("line_strong"))
        painter.setBrush(self._appearance.colour("window"))
        painter.drawRoundedRect(cap, 5, 5)
        painter.setFont(font)
        painter.setPen(self._appearance.colour("muted"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, keys)
        return cap.left() - 12
