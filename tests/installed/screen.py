"""A screen of its own, what is typed on it, and pictures of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

LIMIT = 60.0
"""Seconds until a window is there."""

GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication(sys.argv)
assert application.primaryScreen().grabWindow(0).save(sys.argv[1])
"""


class Screen:
    """Context manager. `display` names it."""

    def __enter__(self) -> Screen:
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-screen", "0", "1280x860x24", "-ac", "-noreset", "-nolisten", "tcp", "-displayfd", str(writing)],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as answer:
            self.display = f":{answer.readline().strip()}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.terminate()
        self._server.wait()

    def focus(self, title: str) -> None:
        """Wait for a window whose title has `title`, and let what is typed go there."""
        self._do("search", "--sync", "--onlyvisible", "--name", title, "windowsize", "1180", "800")
        self._do("search", "--sync", "--onlyvisible", "--name", title, "windowmove", "40", "30", "windowfocus")
        time.sleep(1.0)

    def type(self, text: str) -> None:
        self._do("type", "--delay", "20", text)

    def press(self, key: str) -> None:
        self._do("key", key)

    def picture(self, file: Path) -> None:
        around = {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        subprocess.run([sys.executable, "-c", GRAB, str(file)], env=around, check=True)

    def _do(self, *command: str) -> None:
        around = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xdotool", *command], env=around, timeout=LIMIT, check=True, capture_output=True)
