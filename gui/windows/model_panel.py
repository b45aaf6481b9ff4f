"""The models to choose from: a field to search in, favourites first, and a name that is on no list typed by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.errors import GProChatError
from gui.windows.model_rows import Kind, Row, rows_for, short_count
from gui.windows.wording import explain, plain_tooltip, translate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QEvent, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.settings.connections import Connection
    from gui.windows.parts import Parts
    from gui.windows.theme import Appearance

    Index = QModelIndex | QPersistentModelIndex

WIDTH, HEIGHT = 400, 440  # px at the most
STAR = 34  # px at the end of a row that a click marks as a favourite in
ROW = Qt.ItemDataRole.UserRole
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class ModelPanel(QFrame):
    """Below a button, above the rest of its window. Signals: chosen(connection id, model); left();
    connections_requested(); starred() -- a model became a favourite, or is none any more.
    """

    chosen = Signal(str, str)
    left = Signal()
    connections_requested = Signal()
    starred = Signal()

    def __init__(self, parts: Parts, anchor: QWidget, *, whole: bool) -> None:
        """`whole`: with what leads to the connections below it."""
        super().__init__(anchor.window())
        self.setObjectName("searchPanel")
        self._parts = parts
        self._anchor = anchor
        self._window = anchor.window()
        self._connections: Sequence[Connection] = ()
        self._unfolded: frozenset[str] = frozenset()
        self._notes: dict[str, str] = {}
        self._stepped_to: tuple[str, str] | None = None  # (connection id, model), by key
        self._given: Mapping[str, str] | None = None
        self.current = ("", "")
        self.input = QLineEdit()
        self.input.setObjectName("searchInput")
        self.input.setAccessibleName(self.tr("Find or type a model"))
        self.input.setPlaceholderText(self.tr("Find or type a model"))
        self.refresh_button = QToolButton()
        self.refresh_button.setObjectName("flat")
        self.refresh_button.setIcon(parts.appearance.icon("refresh", "muted"))
        self.refresh_button.setToolTip(self.tr("Ask the servers for their models again"))
        self.refresh_button.setAccessibleName(self.tr("Refresh"))
        self.refresh_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows = _Rows()
        self.list = _List()
        self.list.setObjectName("searchHits")
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(_Delegate(parts.appearance, self, self.list))
        self.list.star_clicked.connect(self._star)
        self.list.row_clicked.connect(self._take)
        top = QHBoxLayout()
        top.addWidget(self.input, 1)
        top.addWidget(self.refresh_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        if whole:
            layout.addLayout(self._foot())
        self.input.textChanged.connect(self._typed)
        self.input.installEventFilter(self)
        self.refresh_button.clicked.connect(self._refresh)
        self._window.installEventFilter(self)
        self.hide()

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        button = QPushButton(self.tr("Manage connections…"))
        button.setObjectName("panelFoot")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self.hide)
        button.clicked.connect(self.connections_requested)
        foot.addWidget(button)
        foot.addStretch(1)
        return foot

    def open(
        self, connections: Sequence[Connection], current: tuple[str, str], given: Mapping[str, str] | None = None
    ) -> None:
        """Of one connection, or of many; `current` (connection id, model) is marked. Old lists are asked for anew,
        with the secrets that are `given` instead of those that are kept.
        """
        self._connections = connections
        self._given = given
        self._notes = {}
        self._unfolded = frozenset()
        self.current = current
        self.input.clear()
        self._stepped_to = None
        self._fill()
        self._place()
        self.show()
        self.raise_()
        self.input.setFocus()
        for connection in connections:
            known = self._parts.models.known(connection)
            if connection.provider == "openai" and connection.url and (known is None or known.is_old):
                self._fetch_soon(connection)

    def _refresh(self) -> None:
        for connection in self._connections:
            if connection.provider == "openai":
                self._fetch_soon(connection)

    def _fetch_soon(self, connection: Connection) -> None:
        self._parts.tasks.bind(self._parts.tasks.spawn(self._fetch(connection)), self)

    async def _fetch(self, connection: Connection) -> None:
        self._note(connection, self.tr("Asking…"))
        try:
            found = await self._parts.models.fetch(connection, self._given)
        except GProChatError as error:
            self._note(connection, explain(error))
        else:
            self._note(connection, "" if found.models else self.tr("It names none: type one"))

    def _note(self, connection: Connection, text: str) -> None:
        self._notes[connection.id] = text
        self._fill()

    def _typed(self) -> None:
        self._stepped_to = None
        self._fill()

    def _fill(self) -> None:
        typed = self.input.text().strip()
        self.rows.show(rows_for(self._connections, self._parts.models.known, self._notes, typed, self._unfolded))
        for wanted in (self._stepped_to, self.current):
            for place, row in enumerate(self.rows.all):
                if row.kind is Kind.MODEL and (row.connection.id, row.model) == wanted:
                    self._go_to(place)
                    return
        if places := self._places():
            self._go_to(places[0])

    def _places(self) -> list[int]:
        """Of what can be chosen."""
        return [place for place, row in enumerate(self.rows.all) if row.kind is not Kind.HEADING]

    def _go_to(self, place: int) -> None:
        self.list.setCurrentIndex(self.rows.index(place))
        if place <= 1:
            self.list.scrollToTop()  # with the heading

    def _step(self, by: int) -> None:
        places, now = self._places(), self.list.currentIndex().row()
        if places:
            at = places.index(now) if now in places else 0
            self._go_to(places[min(max(at + by, 0), len(places) - 1)])
            row: Row = self.list.currentIndex().data(ROW)
            self._stepped_to = (row.connection.id, row.model)

    def _take(self, row: Row) -> None:
        if row.kind is Kind.MORE:
            self._unfolded |= {row.connection.id}
            self._fill()
        elif row.kind is not Kind.HEADING:
            self.hide()
            self.chosen.emit(row.connection.id, row.model)
            self.left.emit()

    def _star(self, row: Row) -> None:
        connection = self._parts.connections.get(row.connection.id)
        if row.kind is not Kind.MODEL or not row.model or connection is None:
            return
        others = tuple(model for model in connection.favourites if model != row.model)
        marked = replace(connection, favourites=others if row.favourite else (*others, row.model))
        try:
            self._parts.connections.save(marked)
        except GProChatError as error:
            self._note(connection, explain(error))
            return
        self._connections = [marked if one.id == marked.id else one for one in self._connections]
        self._fill()
        self.starred.emit()

    def _place(self) -> None:
        zoom, window = self._parts.appearance.zoom, self._window
        width = min(WIDTH * zoom // 100, window.width() - 24)
        height = min(HEIGHT * zoom // 100, window.height() - 60)
        corner = self._anchor.mapTo(window, QPoint(self._anchor.width() - width, self._anchor.height() + 4))
        left = min(max(corner.x(), 12), window.width() - width - 12)
        top = min(corner.y(), window.height() - height - 12)
        self.setGeometry(left, top, width, height)

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == event.Type.Resize and self.isVisible():
            self._place()
        if watched is self.input and event.type() == event.Type.FocusOut and self._window.isActiveWindow():
            self.hide()  # somebody clicked beside it
        if watched is self.input and event.type() == event.Type.ShortcutOverride:
            escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            event.setAccepted(escape)  # it leaves the panel, and does not stop the reply
            return escape
        if watched is self.input and isinstance(event, QKeyEvent) and event.type() == event.Type.KeyPress:
            return self._pressed(event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        row = self.list.currentIndex().data(ROW) if self.list.currentIndex().isValid() else None
        if key == Qt.Key.Key_Escape:
            self._leave()
        elif key in STEPS:
            self._step(STEPS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if row is not None:
                self._take(row)
        elif key == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            if row is not None:
                self._star(row)
        else:
            return False
        return True


class _List(QListView):
    """Signals: row_clicked(Row); star_clicked(Row)."""

    row_clicked = Signal(object)
    star_clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)

    @override
    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        super().mouseReleaseEvent(e)
        place = e.position().toPoint()
        index = self.indexAt(place)
        if index.isValid() and e.button() == Qt.MouseButton.LeftButton:
            row: Row = index.data(ROW)
            on_star = row.kind is Kind.MODEL and row.model and place.x() > self.visualRect(index).right() - STAR
            (self.star_clicked if on_star else self.row_clicked).emit(row)


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.all: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.all = rows
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else len(self.all)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags & ~Qt.ItemFlag.ItemIsSelectable if self.all[index.row()].kind is Kind.HEADING else flags

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.all[index.row()]
        if role == ROW:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return text_of(row)
        if role == Qt.ItemDataRole.ToolTipRole and row.kind is Kind.MODEL and row.model:
            star = translate("ModelPanel", "Ctrl+D marks it as a favourite")
            return translate("ModelPanel", "Reads up to {count} tokens. {star}").format(
                count=row.context, star=star
            ) if row.context else star  # fmt: skip
        return plain_tooltip(row.note) if row.note and role == Qt.ItemDataRole.ToolTipRole else None


def text_of(row: Row) -> str:
    """What a row says, without what stands at its end."""
    match row.kind:
        case Kind.MORE:
            return translate("ModelPanel", "{count} more").format(count=row.count)
        case Kind.TYPED:
            return translate("ModelPanel", "Use “{model}”").format(model=row.model)
        case _:
            return row.model if row.kind is Kind.MODEL and row.model else row.connection.name


def _gap(index: Index) -> int:
    """Pixels above a row, in which a line is drawn: between what belongs to two connections."""
    if index.row() == 0:
        return 0
    above: Row = index.model().index(index.row() - 1, 0).data(ROW)
    one: Row = index.data(ROW)
    alike = not above.model and not one.model and above.kind is one.kind  # neither has a list
    return 0 if alike or above.connection.id == one.connection.id else 9


class _Delegate(QStyledItemDelegate):
    """A heading is small; a model has its context and its star at the end."""

    def __init__(self, appearance: Appearance, panel: ModelPanel, parent: QListView) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._panel = panel

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(10, QFontMetrics(self._appearance.font()).height() + 12 + _gap(index))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW)
        colour = self._appearance.colour
        area = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if _gap(index):
            painter.setPen(colour("line"))
            painter.drawLine(area.left() + 10, area.top() + 4, area.right() - 10, area.top() + 4)
            area.setTop(area.top() + _gap(index))
        if row.kind is Kind.HEADING:
            self._paint_heading(painter, area.adjusted(10, 0, -10, 0), row)
            painter.restore()
            return
        state: QStyle.StateFlag = option.state
        selected, hovered = (
            bool(state & QStyle.StateFlag.State_Selected),
            bool(state & QStyle.StateFlag.State_MouseOver),
        )
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("selected" if selected else "hover"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 7, 7)
        text = area.adjusted(10, 0, -STAR - 2, 0)
        if row.kind is Kind.MODEL and row.model and (row.favourite or selected or hovered):
            icon = self._appearance.icon(
                "star-full" if row.favourite else "star", "accent" if row.favourite else "faint"
            )
            icon.paint(painter, QRect(area.right() - STAR + 8, area.center().y() - 8, 17, 17))
        if row.context:
            text.setRight(self._paint_context(painter, text, short_count(row.context)))
        font = self._appearance.font()
        if (row.connection.id, row.model) == self._panel.current and row.kind is Kind.MODEL:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour("text" if row.kind is Kind.MODEL else "link"))
        name = QFontMetrics(font).elidedText(text_of(row), Qt.TextElideMode.ElideMiddle, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.restore()

    def _paint_context(self, painter: QPainter, area: QRect, said: str) -> int:
        """Returns where the name has to end."""
        small = self._appearance.font(0.86)
        painter.setFont(small)
        painter.setPen(self._appearance.colour("muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, said)
        return area.right() - QFontMetrics(small).horizontalAdvance(said) - 12

    def _paint_heading(self, painter: QPainter, area: QRect, row: Row) -> None:
        small = self._appearance.font(0.86)
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setPen(self._appearance.colour("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        metrics = QFontMetrics(small)
        name = metrics.elidedText(row.connection.name, Qt.TextElideMode.ElideRight, area.width() * 2 // 3)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, name)
        if row.note:
            small.setWeight(QFont.Weight.Normal)
            painter.setFont(small)
            painter.setPen(self._appearance.colour("faint"))
            room = area.width() - metrics.horizontalAdvance(name) - 16
            note = QFontMetrics(small).elidedText(row.note, Qt.TextElideMode.ElideRight, room)
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, note)
