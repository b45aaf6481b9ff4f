"""An hour's use of the window, replayed at speed.

`python -m tests.bench.programs.hour_of_use DATA_DIR ROUNDS THINGS`: after a round that does everything once, ROUNDS
rounds of THINGS things each. Bytes of memory at the rest after each round, and what there is more of after the last one
than before the first.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gui.app import run_window
from tests.bench.programs.report import memory, say_and_leave
from tests.bench.programs.serving import replying

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

ROUNDS, THINGS = map(int, sys.argv[2:])
LENGTH, PACE = 3000, 2000


def weigh() -> int:
    """What the allocator keeps for later is nobody's."""
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    return memory()


async def visit(window: MainWindow, parts: Parts) -> None:
    from tests.use import Use, census

    window.show()
    async with replying(LENGTH, PACE) as url:
        use = Use(window, parts, url, seed=6)
        for _ in range(2):
            await use.do_each()
            await use.rest()
        before = census()
        weights = []
        for _ in range(ROUNDS):
            await use.go_on(THINGS)
            await use.rest()
            weights.append((census(), weigh())[1])
        more = census() - before
    say_and_leave({"weights": weights, "more": dict(more), "done": dict(use.done)})


run_window(Path(sys.argv[1]), f"GPROChat {sys.argv[1]}", visit)
