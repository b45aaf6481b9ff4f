"""The messages that wait to be sent, above the composer: a line each, and why they wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.override import override
from gui.windows.elided_label import ElidedLabel
from gui.windows.queue import Pause
from gui.windows.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from gui.windows.queue import Waiting
    from gui.windows.theme import Appearance

MOST_ROWS = 4  # in sight at once
LEAST = 24  # px
ICON = 15  # px
SIDES = 20  # px of a line's padding


class _Line(QPushButton):
    """A message of which as much is shown as fits; pressed, it is edited."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setObjectName("queued")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line = text
        self.setAccessibleName(text)
        self.setText("Ay")  # as high as a line

    @override
    def sizeHint(self) -> QSize:
        return QSize(LEAST, super().sizeHint().height())

    minimumSizeHint = sizeHint  # noqa: N815 -- Qt's own name

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.width() - SIDES
        text = self.fontMetrics().elidedText(self._line, Qt.TextElideMode.ElideRight, room)
        option.text = text.replace("&", "&&")
        QStylePainter(self).drawControl(self.style().ControlElement.CE_PushButton, option)


class QueueStrip(QFrame):
    """Signals: edit_requested(Waiting), remove_requested(Waiting), go_on_requested()."""

    edit_requested = Signal(object)
    remove_requested = Signal(object)
    go_on_requested = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("queue")
        self._appearance = appearance
        self._shown: tuple[Sequence[Waiting], Pause | None, str] = ((), None, "")
        self._icon = QLabel()
        self._why = ElidedLabel()
        self._why.setObjectName("queueWhy")
        self.go_on_button = QPushButton(self.tr("Send now"))
        self.go_on_button.clicked.connect(self.go_on_requested)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 8, 0)
        head.setSpacing(7)
        head.addWidget(self._icon)
        head.addWidget(self._why, 1)
        head.addWidget(self.go_on_button)
        self._area = QScrollArea()
        self._area.setObjectName("fieldsArea")
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 5)
        layout.setSpacing(3)
        layout.addLayout(head)
        layout.addWidget(self._area)
        self.hide()

    @property
    def why(self) -> str:
        """What the head says."""
        return self._why.text()

    def show_waiting(self, waiting: Sequence[Waiting], pause: Pause | None, edited: str = "") -> None:
        """`edited`: the id of the one that is in the composer."""
        self._shown = (waiting, pause, edited)
        self.setVisible(bool(waiting))
        if not waiting:
            return
        self._why.setText(self._reason(pause))
        self.go_on_button.setVisible(pause is not None)
        rows = QWidget()
        rows.setObjectName("fields")
        layout = QVBoxLayout(rows)
        layout.setContentsMargins(2, 0, 8, 0)
        layout.setSpacing(0)
        for one in waiting:
            layout.addWidget(self._row(one, edited=one.id == edited))
        self._area.setWidget(rows)
        height = rows.sizeHint().height()
        self._area.setFixedHeight(height * min(len(waiting), MOST_ROWS) // len(waiting))
        self.redraw_icon()

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self.show_waiting(*self._shown)

    def redraw_icon(self) -> None:
        paused = self._shown[1] is not None
        icon = self._appearance.icon("recent", "accent" if paused else "muted")
        self._icon.setPixmap(icon.pixmap(ICON, ICON))

    def _reason(self, pause: Pause | None) -> str:
        match pause:
            case None:
                return self.tr("Sent when the reply has ended:")
            case Pause.STOPPED:
                return self.tr("Not sent, as the reply was stopped:")
            case Pause.FAILED:
                return self.tr("Not sent, as the reply before failed:")
            case Pause.ENDED:
                return self.tr("Not sent when the program ended:")

    def _row(self, one: Waiting, *, edited: bool) -> QWidget:
        text = one_line(one.text)
        if one.attachments:
            names = ", ".join(file.name for file in one.attachments)
            text = f"{text}  [{names}]" if text else names
        line = _Line(text)
        line.setToolTip(self.tr("Edit"))
        line.setProperty("edited", "true" if edited else "false")
        line.clicked.connect(lambda: self.edit_requested.emit(one))
        close = QToolButton()
        close.setObjectName("flat")
        close.setIcon(self._appearance.icon("close", "muted"))
        close.setIconSize(QSize(12, 12))
        close.setToolTip(self.tr("Remove"))
        close.setAccessibleName(self.tr("Remove {name}").format(name=text))
        close.clicked.connect(lambda: self.remove_requested.emit(one))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(line, 1)
        layout.addWidget(close)
        return row
