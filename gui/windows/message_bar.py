"""The bar above the composer: what happened, what was kept, and the button that does something about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.windows.theme import Appearance


class MessageBar(QFrame):
    """One message at a time; the next one takes its place.

    `lasting`: what is shown is about more than the conversation below it, and stays when another one is opened there.
    Signals: left() -- the person has taken a lasting message away.
    """

    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("messageBar")
        self._appearance = appearance
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setObjectName("message")
        self._buttons: list[QPushButton] = []
        self._close = QToolButton()
        self._close.setObjectName("flat")
        self._close.setToolTip(self.tr("Dismiss"))
        self._close.setAccessibleName(self.tr("Dismiss"))
        self._close.clicked.connect(self._leave)
        self._trouble = False
        self._lasting = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; "" if nothing is."""
        return "" if self.isHidden() else self._text.text()

    @property
    def lasting(self) -> bool:
        return self._lasting and not self.isHidden()

    @property
    def buttons(self) -> list[QPushButton]:
        return list(self._buttons)

    def show_message(
        self,
        text: str,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        *,
        trouble: bool = True,
        lasting: bool = False,
    ) -> None:
        """Show `text` with a button for each of `actions`; pressing one also takes the message away."""
        self._clear_buttons()
        self._trouble = trouble
        self._lasting = lasting
        self.setProperty("trouble", "true" if trouble else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        self.put(text)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)  # noqa: S101 -- ours, made above
        for label, action in actions:
            button = QPushButton(label)
            button.clicked.connect(lambda _checked=False, act=action: self._pressed(act))
            layout.insertWidget(layout.count() - 1, button)
            self._buttons.append(button)
        self.redraw()
        self.show()

    def put(self, text: str) -> None:
        """Other words in the message that is shown."""
        self._text.setText(text)
        self.setAccessibleName(text)

    def dismiss(self) -> None:
        self.hide()
        self._clear_buttons()

    def _leave(self) -> None:
        lasting = self.lasting
        self.dismiss()
        if lasting:
            self.left.emit()

    def redraw(self) -> None:
        """After the theme changed."""
        name, colour = ("warning", "danger") if self._trouble else ("info", "accent")
        self._icon.setPixmap(self._appearance.icon(name, colour).pixmap(20, 20))
        self._close.setIcon(self._appearance.icon("close", "muted"))

    def _pressed(self, action: Callable[[], object]) -> None:
        self._leave()
        action()

    def _clear_buttons(self) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons.clear()
