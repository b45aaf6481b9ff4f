"""What begins once the window is painted: the event loop, what only a message needs, and the end of it all."""

from __future__ import annotations

import asyncio
import importlib
import linecache
import logging
import signal
import socket
import sys
import threading
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtGui import QIcon
from qasync import QEventLoop

from gui.chat.models import ModelLists
from gui.chat.route import Routes
from gui.errors import HistoryError
from gui.settings.network import Network
from gui.settings.secrets import Secrets
from gui.windows.desktop_proxy import desktop_proxy
from gui.windows.downloads import Downloads
from gui.windows.images import Images
from gui.windows.theme import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from gui.history.store import History
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.second_starts import SecondStarts

Result = TypeVar("Result")

LATER = (
    "markdown_it",
    "pygments.lexers",
    "gui.providers.gprochat",
    "gui.providers.local",
)
"""What the first message needs, and the conversations that are kept do not."""

LATER_DELAY = 0.05  # seconds

SNAPSHOT_DELAY, SNAPSHOT_INTERVAL = 120.0, 3600.0
"""Seconds from the start until the day's copy of the history may be made, and until it is looked for again."""

UPDATE_DELAY = 20.0
"""Seconds from the start until it is asked whether there is a newer version, if anybody is to be asked."""

LISTEN_DELAY = 0.3
"""Seconds until a second start finds this one: nobody is so quick, and everything else comes first."""


def run_loop(
    application: QApplication,
    window: MainWindow,
    parts: Parts,
    visit: Callable[[MainWindow, Parts], Awaitable[Result]] | None,
) -> Result | None:
    """Run until the window is closed; or until `visit`, which is handed the window, returns."""
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)
    application.setWindowIcon(QIcon(str(RESOURCES / "icons" / "gprochat.svg")))  # drawn in each size there is
    _forget_sources()
    with QEventLoop(application) as loop:
        asyncio.set_event_loop(loop)
        result: Result | None = loop.run_until_complete(_live(window, parts, visit))
        loop.run_until_complete(loop.shutdown_asyncgens())
    asyncio.set_event_loop(None)
    return result


async def _live(
    window: MainWindow, parts: Parts, visit: Callable[[MainWindow, Parts], Awaitable[Result]] | None
) -> Result | None:
    async with AsyncExitStack() as ending:  # from its last line to its first
        parts.secrets = Secrets(parts.namespace)
        parts.network = Network(parts.preferences, parts.secrets, desktop_proxy)
        parts.images = Images()
        parts.downloads = Downloads(parts.data_dir / "models", parts.network.proxy_for, parts.tasks)
        parts.routes = Routes(parts.network, parts.secrets, parts.data_dir)
        parts.models = ModelLists(parts.data_dir / "models.json", parts.routes)
        parts.history = asyncio.ensure_future(_open_history(parts.data_dir / "history.sqlite3"))
        ending.push_async_callback(_close_history, parts.history)
        ending.push_async_callback(parts.routes.close)
        ending.push_async_callback(window.shut_down)
        ending.callback(window.hide)
        ending.callback(_on_second_starts(window, parts))
        asyncio.get_running_loop().set_exception_handler(_report_bugs)
        ending.callback(_on_signals(window.quit_requested.emit))
        quitting = asyncio.Event()
        window.quit_requested.connect(quitting.set)
        starting = parts.tasks.spawn(window.start())
        parts.tasks.spawn(_make_snapshots(parts.history))
        parts.tasks.spawn(_tell_of_updates(window, parts))
        if visit is None:
            await quitting.wait()
            return None
        await asyncio.wait([starting])
        return await visit(window, parts)


async def _open_history(file: Path) -> History:
    from gui.history.store import History

    history = History.begin(file)
    asyncio.get_running_loop().call_later(LATER_DELAY, _import_the_rest)
    return history


async def _make_snapshots(opening: asyncio.Future[History]) -> None:
    history = await opening
    await asyncio.sleep(SNAPSHOT_DELAY)
    while True:
        with suppress(HistoryError):  # damage is told by the history itself; anything else is no trouble of today
            await history.snapshot()
        await asyncio.sleep(SNAPSHOT_INTERVAL)


async def _tell_of_updates(window: MainWindow, parts: Parts) -> None:
    await parts.history
    await asyncio.sleep(UPDATE_DELAY)
    from gui.windows.updates import watch_for_updates

    await watch_for_updates(window, parts)


async def _close_history(opening: asyncio.Future[History]) -> None:
    await asyncio.wait([opening])
    if not opening.cancelled() and not opening.exception():
        await opening.result().close()


def _on_second_starts(window: MainWindow, parts: Parts) -> Callable[[], None]:
    """Soon the window comes to the front when the program is started once more. Returns what takes that back."""
    listening: list[SecondStarts] = []

    async def listen() -> None:
        await asyncio.sleep(LISTEN_DELAY)
        from gui.windows.second_starts import SecondStarts

        starts = SecondStarts(parts.data_dir)
        starts.came.connect(window.come_forward)
        listening.append(starts)
        await starts.listen()

    task = parts.tasks.spawn(listen())

    def forget() -> None:
        task.cancel()
        for starts in listening:
            starts.end()

    return forget


def _import_the_rest() -> None:
    """Away from the GUI thread."""

    def work() -> None:
        for name in LATER:
            importlib.import_module(name)
            _forget_sources()

    threading.Thread(target=work, name="imports", daemon=True).start()


def _forget_sources() -> None:
    """PySide6 reads the source of each module that is imported, and Python keeps what was read: 5 MB of it. Where that
    is let go between two imports, the second one uses its place again.
    """
    linecache.clearcache()


def _report_bugs(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody expected in a task is told as what nobody expected in a slot."""
    error = context.get("exception") or RuntimeError(context["message"])
    sys.excepthook(type(error), error, error.__traceback__)


def _on_signals(quit_program: Callable[[], None]) -> Callable[[], None]:
    """SIGINT and SIGTERM close the program as its window does. Returns what takes that back."""
    if sys.platform == "win32":
        return lambda: None
    # Python runs signal handlers between bytecodes, and an idle Qt loop runs none: the byte wakes it.
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    loop = asyncio.get_running_loop()
    wakeup = signal.set_wakeup_fd(theirs.fileno())
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}

    def woken() -> None:
        ours.recv(4096)
        quit_program()

    loop.add_reader(ours.fileno(), woken)

    def forget() -> None:
        loop.remove_reader(ours.fileno())
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        ours.close()
        theirs.close()

    return forget
