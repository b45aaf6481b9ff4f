"""How far a long work is, in the bar above the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from gui.transfer.job import Job
    from gui.windows.message_bar import MessageBar

INTERVAL = 150  # ms between two looks at how far it is


class Progress:
    """Says in a bar how far a job is, with a button that ends it; until something else is said there.

    `text` has a place for {part}; `cancel` is what the button is called.
    """

    def __init__(self, bar: MessageBar, text: str, cancel: str, job: Job) -> None:
        self._bar = bar
        self._text = text
        self._cancel = cancel
        self._job = job
        self._said = ""
        self._timer = QTimer(bar)
        self._timer.timeout.connect(self._look)
        self._timer.start(INTERVAL)

    def end(self) -> None:
        self._timer.stop()
        self._timer.deleteLater()
        if self._said and self._bar.text == self._said:
            self._bar.dismiss()

    def _look(self) -> None:
        text = self._text.format(part=f"{self._job.part:.0%}")
        if not self._said:
            self._bar.show_message(text, [(self._cancel, self._job.end)], trouble=False, lasting=True)
        elif self._bar.text == self._said:
            self._bar.put(text)
        else:
            return
        self._said = text
