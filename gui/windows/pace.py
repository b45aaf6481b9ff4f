"""When what streams is drawn: all transcripts at the same moments, together so seldom that no key waits for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME, SLOWEST = 16, 40  # ms between two drawings of one reply
REST = 24  # times as long as a drawing took, so that what is fast is smooth and nothing takes all of a machine

TOGETHER_SLOWEST, TOGETHER_REST = 100, 8
"""The same for several: of all their drawings together."""

TYPING_SLOWEST, TYPING_REST = 250, 20
"""The same while somebody types: a key that meets a drawing waits for its end."""

TYPING = 1.0  # s after a key
STREAMING = 0.5  # s after a drawing


class Pace:
    """What is drawn at once is also painted at once, so a window with eight replies is painted no more often than with
    one. `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._drawn: dict[int, tuple[float, float]] = {}  # when each was last, and how long it took
        self._typed = -TYPING
        self._due = 0.0

    def typed(self) -> None:
        """A key was pressed."""
        self._typed = self._clock()

    def rest(self, who: int, took: float) -> int:
        """Milliseconds until the next drawing, after one that took `took` milliseconds. `who`: whose, an id."""
        now = self._clock()
        self._drawn[who] = (now, took)
        if len(self._drawn) > 1:
            self._drawn = {one: (at, ms) for one, (at, ms) in self._drawn.items() if now - at < STREAMING}
        pause = min(max(FRAME, took * REST), SLOWEST)
        if len(self._drawn) > 1:
            typing = now - self._typed < TYPING
            rest, slowest = (TYPING_REST, TYPING_SLOWEST) if typing else (TOGETHER_REST, TOGETHER_SLOWEST)
            pause = max(pause, min(sum(ms for _at, ms in self._drawn.values()) * rest, slowest))
        if now >= self._due:
            self._due = now + pause / 1000
        return max(round((self._due - now) * 1000), 1)


PACE = Pace()
"""The program's: all its windows are drawn in one thread."""
