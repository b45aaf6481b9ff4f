"""Python's cyclic garbage, collected in the GUI thread alone.

Left to itself the collector runs in whatever thread allocates, the history's or the keyring's too, and takes Qt's
objects apart there: Qt forbids that, and it ends in a crash or a deadlock once in a long while.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL = 2000  # ms


class Garbage(QObject):
    """Collects, generation by generation, by the thresholds that the collector itself goes by."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect what is due, if anything is."""
        due = [count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[0]:
            gc.collect(2 if due[2] else 1 if due[1] else 0)

    def end(self) -> None:
        """Collect no more. Whoever gives the collector back to Python does that when this object is gone: what Qt takes
        apart holds a lock, and to collect others of its objects meanwhile may wait for that lock for ever.
        """
        self._timer.stop()
