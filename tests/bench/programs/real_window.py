"""The program as a person starts it.

`python -m tests.bench.programs.real_window paint`: what the first paint took, as after a double click.
`… memory DATA_DIR`: the memory of the idle window, its last conversation open.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gui import app
from tests.bench.programs.report import IDLE, memory, painted, say_and_leave

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


def watch_first_paint() -> None:
    """Have the window that `gui.app` makes say what its first paint took, and leave.

    The program has no hook for this and needs none. Nothing is imported in another order than without it.
    """
    make_application = app.make_application

    def make_and_watch() -> QApplication:
        application = make_application()
        from gui.windows import main_window

        # No class statement, for the reason that bare_window has none.
        watched = {"paintEvent": lambda _window, _event: painted()}
        main_window.MainWindow = type("Painted", (main_window.MainWindow,), watched)  # type: ignore[misc, assignment]
        return application

    app.make_application = make_and_watch


async def weigh(_window: MainWindow, _parts: Parts) -> None:
    import asyncio

    await asyncio.sleep(IDLE)
    say_and_leave({"bytes": memory()})


if sys.argv[1] == "paint":
    watch_first_paint()
    app.main([])
else:
    app.run_window(Path(sys.argv[2]), f"GPROChat {sys.argv[2]}", weigh)
