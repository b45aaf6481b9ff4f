"""The way to a connection's server as it is tried: each hop with its time, and what to change where one fails."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.chat.diagnose import Hop, diagnose
from gui.errors import QT_TRANSLATE_NOOP
from gui.windows.wording import explain, plain_tooltip, translate

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from gui.chat.diagnose import Setting, Step
    from gui.settings.connections import Connection
    from gui.windows.parts import Parts

NAMES = {
    Hop.NAME: QT_TRANSLATE_NOOP("hops", "Name"),
    Hop.PROXY: QT_TRANSLATE_NOOP("hops", "Proxy"),
    Hop.CONNECTION: QT_TRANSLATE_NOOP("hops", "Connection"),
    Hop.TLS: QT_TRANSLATE_NOOP("hops", "Encryption (TLS)"),
    Hop.HTTP: QT_TRANSLATE_NOOP("hops", "HTTP"),
    Hop.LOGIN: QT_TRANSLATE_NOOP("hops", "Login"),
    Hop.SIGNATURE: QT_TRANSLATE_NOOP("hops", "Signature"),
    Hop.MODEL: QT_TRANSLATE_NOOP("hops", "Model"),
    Hop.FIRST: QT_TRANSLATE_NOOP("hops", "First token"),
}

CHANGES: dict[Setting, str] = {
    "url": QT_TRANSLATE_NOOP("hops", "Change the address"),
    "model": QT_TRANSLATE_NOOP("hops", "Change the model"),
    "secret_key": QT_TRANSLATE_NOOP("hops", "Enter the secret key"),
    "password": QT_TRANSLATE_NOOP("hops", "Enter the site password"),
    "api_key": QT_TRANSLATE_NOOP("hops", "Enter the API key"),
    "certificates": QT_TRANSLATE_NOOP("hops", "Open its encryption settings"),
    "proxy": QT_TRANSLATE_NOOP("hops", "Open the proxy settings"),
    "limits": QT_TRANSLATE_NOOP("hops", "Open the limits in time"),
    "keyring": QT_TRANSLATE_NOOP("hops", "Open the secrets"),
}
"""What the button says that leads to a setting. The computer's clock is none of ours."""

SECOND = 1000  # ms
MARGIN = 6  # px above and below the rows, with the frame


class ConnectionTest(QWidget):
    """Signals: running_changed(bool); grown() -- there is more to see; change_requested(Step) -- the setting of this
    failed hop is to be changed.
    """

    running_changed = Signal(bool)
    grown = Signal()
    change_requested = Signal(object)

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._task: asyncio.Task[Any] | None = None
        self._failed: list[tuple[Connection, Step]] = []
        self.hops = _Hops()
        self.hops.setAccessibleName(self.tr("The way to the server"))
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.change_button = QPushButton()
        self.change_button.setAutoDefault(False)
        self.change_button.clicked.connect(lambda: self.change_requested.emit(self._failed[0][1]))
        below = QHBoxLayout()
        below.addWidget(self.change_button)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.verdict)
        layout.addLayout(below)
        layout.addWidget(self.hops)
        self.hide()

    @property
    def running(self) -> bool:
        return self._task is not None

    def start(self, connection: Connection, given: Mapping[str, str]) -> None:
        """Try each address of `connection`, with the secrets that are `given` above those that are kept."""
        self.clear()
        self.show()
        self._say(self.tr("Trying…"), trouble=False)
        self._task = task = self._parts.tasks.spawn(self._try_each(connection, given))
        self._parts.tasks.bind(task, self)
        task.add_done_callback(self._ended)
        self.running_changed.emit(True)

    def stop(self) -> None:
        """Enough of it; what was found stays on show."""
        if self._task is not None:
            self._task.cancel()
            self._over()
            self._say(self.tr("Stopped."), trouble=False)

    def clear(self) -> None:
        """Show nothing, and try nothing any more."""
        self.stop()
        self.hops.clear()
        self._failed = []
        self.change_button.hide()
        self.hide()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if task is self._task and not task.cancelled():  # else it was stopped, or nothing is left to show it in
            self._over()

    def _over(self) -> None:
        self._task = None
        self.running_changed.emit(False)

    async def _try_each(self, connection: Connection, given: Mapping[str, str]) -> None:
        addresses = connection.at_each_address()
        for one in addresses:
            if len(addresses) > 1:
                self.hops.add_heading(one.url)
            rows: dict[Hop, QTreeWidgetItem] = {}
            steps = diagnose(self._parts.routes, one, given=given)
            async with contextlib.aclosing(steps):
                async for step in steps:
                    rows[step.hop] = self._show_step(step, rows.get(step.hop))
                    if step.error is not None:
                        self._failed.append((one, step))
            if rows and not self._failed and len(addresses) == 1:
                self._say(self.tr("It answers."), trouble=False)
        if len(addresses) > 1 or self._failed:
            self._conclude(len(addresses))

    def _show_step(self, step: Step, row: QTreeWidgetItem | None) -> QTreeWidgetItem:
        works = step.error is None
        icon = self._parts.appearance.icon(*(("check", "accent") if works else ("warning", "danger")))
        name, time = translate("hops", NAMES[step.hop]), duration(step.milliseconds)
        row = self.hops.put(row, icon, (name, step.detail, time))
        state = self.tr("works") if works else self.tr("fails")
        row.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{name}: {state}{f', {time}' if time else ''}")
        brush = QBrush(self._parts.appearance.colour("text" if works else "danger"))
        row.setForeground(0, brush)
        for column in (1, 2):
            row.setForeground(column, QBrush(self._parts.appearance.colour("muted")))
        self.grown.emit()
        return row

    def _conclude(self, addresses: int) -> None:
        """Of the addresses that fail, why; and a button for the first."""
        said = [f"{one.url}: {explain(step.error)}" if addresses > 1 else explain(step.error)
                for one, step in self._failed if step.error]  # fmt: skip
        if addresses > 1:
            answering = addresses - len(self._failed)
            counted = self.tr("{count} of {all} addresses answer.").format(count=answering, all=addresses)
            said.insert(0, counted)
        label = CHANGES.get(self._failed[0][1].setting, "") if self._failed else ""
        self.change_button.setText(translate("hops", label))
        self.change_button.setVisible(bool(label))
        self._say("\n".join(said), trouble=bool(self._failed))

    def _say(self, text: str, *, trouble: bool) -> None:
        self.verdict.setObjectName("trouble" if trouble else "explanation")
        self.verdict.setText(text)
        self.verdict.setAccessibleName(text)
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)
        self.grown.emit()


class _Hops(QTreeWidget):
    """As high as what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hops")
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Rows(self))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.header()
        header.setStretchLastSection(False)
        for column, mode in enumerate(("ResizeToContents", "Stretch", "ResizeToContents")):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode[mode])
        self._fit()

    def add_heading(self, text: str) -> None:
        """Above the hops of one address."""
        row = QTreeWidgetItem([text])
        font = self.font()
        font.setBold(True)
        row.setFont(0, font)
        row.setToolTip(0, plain_tooltip(text))
        self.addTopLevelItem(row)
        row.setFirstColumnSpanned(True)
        self._fit()

    def put(self, row: QTreeWidgetItem | None, icon: Any, texts: tuple[str, str, str]) -> QTreeWidgetItem:
        """These in `row`, or in a new one below the others."""
        if row is None:
            row = QTreeWidgetItem()
            self.addTopLevelItem(row)
        row.setIcon(0, icon)
        for column, text in enumerate(texts):
            row.setText(column, text)
        row.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._fit()
        return row

    @override
    def clear(self) -> None:
        super().clear()
        self._fit()

    def _fit(self) -> None:
        count = self.topLevelItemCount()
        self.setFixedHeight(count * row_height(self) + 2 * MARGIN)
        self.setVisible(count > 0)


class _Rows(QStyledItemDelegate):
    """A style sheet's padding is not in the height that Qt computes."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        parent = self.parent()
        assert isinstance(parent, QWidget)  # noqa: S101 -- the list
        return QSize(size.width(), row_height(parent))


def row_height(widget: QWidget) -> int:
    return widget.fontMetrics().height() + 8


def duration(milliseconds: float | None) -> str:
    """12 ms, 1.2 s; "" where it is not known."""
    if milliseconds is None:
        return ""
    if milliseconds < SECOND:
        digits = 0 if milliseconds >= 10 else 1  # noqa: PLR2004 -- two figures are enough
        return translate("hops", "{count} ms").format(count=QLocale().toString(milliseconds, "f", digits))
    return translate("hops", "{count} s").format(count=QLocale().toString(milliseconds / SECOND, "f", 1))
