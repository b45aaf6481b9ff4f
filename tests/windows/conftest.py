"""The real window on the real loop, with a data folder of the test's own."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from gui.app import run_window
from gui.settings.connections import Connection, Connections
from gui.settings.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

LIMIT = 20.0  # seconds a visit may take


class Visit(Protocol):
    """Starts the program, hands its window to `scenario`, and shuts it down. Called again, it is the next start."""

    def __call__(self, scenario: Callable[[MainWindow, Parts], Awaitable[Any]]) -> None: ...


@pytest.fixture(autouse=True)
def _empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """The offscreen platform lets go of what is there after Python has ended, and dies of it."""
    yield
    qapp.clipboard().clear()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    # The servers of the tests play a script: what they are asked is what the test asks them.
    Preferences(folder / "preferences.json").set("titles_by_model", False)
    return folder


@pytest.fixture
def visit(qapp: QApplication, data_dir: Path) -> Visit:
    def run(scenario: Callable[[MainWindow, Parts], Awaitable[Any]]) -> None:
        async def limited(window: MainWindow, parts: Parts) -> None:
            async with asyncio.timeout(LIMIT):
                await scenario(window, parts)

        qapp.setQuitOnLastWindowClosed(False)  # as app.make_application does
        run_window(data_dir, f"GPROChat {data_dir}", limited, qapp)

    return run


def connect(data_dir: Path, url: str, provider: str = "gprochat") -> None:
    """Make the server at `url` the one that new chats are with."""
    connections = Connections(data_dir / "connections.json")
    connections.save(Connection("test", "Test server", provider, url))  # type: ignore[arg-type]
    connections.remove("local")


async def until(holds: Callable[[], object], seconds: float = 8.0) -> None:
    """Wait until `holds` is true; what it was then waiting for is in the failure's traceback."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.005)


def shown(pane: Pane) -> str:
    """All text in the pane's transcript."""
    return pane.transcript.toPlainText()
