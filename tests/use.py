"""A person at work in the program's window, played at speed: what is done is drawn by lot, the same for each seed.

`Use` does one thing after the other; `rest` closes everything; `census` counts what there is then.
"""

from __future__ import annotations

import asyncio
import gc
import random
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGesture
from shiboken6 import Shiboken

from gui.request import Kind, Request
from gui.settings.connections import Connection
from gui.windows.group import Side

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

MOST_PANES = 6
PATIENCE = 20.0  # seconds for anything
REST = 0.5  # seconds until what comes after a reply is done


class Use:
    """`done` counts what was done, by name."""

    def __init__(self, window: MainWindow, parts: Parts, url: str, seed: int) -> None:
        parts.connections.save(Connection("use", "Use", "openai", url, "some-model"))
        parts.preferences.set("default_connection", "use")
        self._window = window
        self._parts = parts
        self._chance = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.ways: dict[str, tuple[int, Callable[[], Awaitable[object]]]] = {
            "ask": (8, self._ask),
            "new chat": (4, self._new_chat),
            "open": (6, self._open),
            "open beside": (5, self._open_beside),
            "split": (4, self._split),
            "edit": (4, self._edit),
            "regenerate": (4, self._regenerate),
            "stop": (3, self._stop),
            "show a version": (2, self._show_version),
            "search": (3, self._search),
            "find": (3, self._find),
            "close": (8, self._close),
            "reopen": (2, self._reopen),
            "move to a window": (2, self._move_to_window),
            "look elsewhere": (4, self._look_elsewhere),
            "ask quickly": (2, self._ask_quickly),
            "settings": (2, self._settings),
            "theme": (1, self._theme),
            "delete": (1, self._delete),
        }

    async def do_each(self) -> None:
        """Everything once."""
        for name in self.ways:
            await self._do(name)

    async def go_on(self, times: int) -> None:
        names = list(self.ways)
        for name in self._chance.choices(names, [self.ways[one][0] for one in names], k=times):
            await self._do(name)

    async def _do(self, name: str) -> None:
        if len(self._window.panes()) > MOST_PANES:
            await self._close()
        await self.ways[name][1]()
        self.done[name] += 1
        await asyncio.sleep(0.01)

    async def rest(self) -> None:
        """Nothing runs, and one empty chat is open."""
        window = self._window
        if window.requests.quick_window is not None:
            window.requests.quick_window.move_on_button.click()
        for pane in window.panes():
            await self._settled(pane)
        await until(lambda: not len(window.replies))
        for pane in window.panes():
            window.workspace.close(pane)
        window.pane.composer.set_text("")
        await asyncio.sleep(REST)
        # A desktop that is not there is asked for a while.
        await until(lambda: not any("Notifications" in repr(task) for task in asyncio.all_tasks()))

    # -- what is done -------------------------------------------------------------------------------------------

    @property
    def _pane(self) -> Pane:
        return self._window.pane

    async def _settled(self, pane: Pane) -> None:
        """No reply is written there, and what comes after one is drawn."""
        replies = self._window.replies
        await until(lambda: not replies.of(pane.conversation.id) and not pane._running_tasks)

    async def _type(self, pane: Pane) -> None:
        QTest.keyClicks(pane.composer.input, f"question {self._chance.randrange(1000)} needle")
        QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)

    async def _ask(self) -> None:
        pane = self._pane
        await self._settled(pane)
        pane.composer.set_text("")
        await self._type(pane)
        await until(lambda: not pane.composer.text)
        if self._chance.random() < 0.5:
            await self._settled(pane)

    async def _new_chat(self) -> None:
        self._window.new_chat()

    async def _some(self) -> str:
        history = await self._parts.history
        kept = await history.conversations()
        return self._chance.choice(kept[:30]).id if kept else ""

    async def _open(self) -> None:
        await self._window.open(await self._some())

    async def _open_beside(self) -> None:
        await self._window.open(await self._some(), beside=True)

    async def _split(self) -> None:
        self._window.arranging.split(self._chance.choice([Side.RIGHT, Side.BOTTOM]))

    async def _edit(self) -> None:
        pane = self._pane
        await self._settled(pane)
        await pane.ready()
        if not pane.is_empty:
            pane.edit_last()
            await self._type(pane)
            await until(lambda: not pane.composer.editing)

    async def _regenerate(self) -> None:
        await self._settled(self._pane)
        await self._pane.regenerate()

    async def _stop(self) -> None:
        await self._regenerate()
        await asyncio.sleep(0.05)
        self._pane.stop()

    async def _show_version(self) -> None:
        pane = self._pane
        await self._settled(pane)
        await pane.ready()
        reply = pane.last_reply()
        if reply is not None:
            siblings = await (await self._parts.history).siblings(reply.id)
            await pane.show_version(self._chance.choice(list(siblings)))

    async def _search(self) -> None:
        self._window.searching.open()
        panel = self._window.searching.panel
        panel.input.setText("needle")
        await asyncio.sleep(0.15)
        QTest.keyClick(panel.input, self._chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))
        panel.hide()

    async def _find(self) -> None:
        pane = self._pane
        await pane.ready()
        pane.open_find()
        if pane.pages.messages:
            pane.find_bar.input.setText("reply")
            await asyncio.sleep(0.05)
            pane.find_step(1)
            QTest.keyClick(pane.find_bar.input, Qt.Key.Key_Escape)

    async def _close(self) -> None:
        self._window.workspace.close(self._pane)

    async def _reopen(self) -> None:
        await self._window.kept_tabs.reopen()

    async def _move_to_window(self) -> None:
        pane = self._pane
        self._window.arranging.move_to_window(pane)
        if self._chance.random() < 0.5:
            await asyncio.sleep(0.05)
            self._window.arranging.move_back(pane)

    async def _look_elsewhere(self) -> None:
        self._window.workspace.show(self._chance.choice(self._window.workspace.groups()[0].panes()))

    async def _ask_quickly(self) -> None:
        await self._window.requests.fulfil(Request(Kind.QUICK, "quick needle"))
        quick = self._window.requests.quick_window
        assert quick is not None
        QTest.keyClick(quick.pane.composer.input, Qt.Key.Key_Return)
        await until(lambda: not quick.pane.is_empty)
        if self._chance.random() < 0.5:
            quick.move_on_button.click()
        else:
            quick.hide()

    async def _settings(self) -> None:
        self._window.open_settings("general")
        dialog = self._window.settings_dialog()
        assert dialog is not None
        await asyncio.sleep(0.05)
        dialog.close()

    async def _theme(self) -> None:
        before = self._parts.preferences.get("theme")
        self._parts.preferences.set("theme", "dark" if before == "light" else "light")

    async def _delete(self) -> None:
        if not self._pane.is_empty:
            await self._settled(self._pane)
            await self._window.browsing.delete([self._pane.conversation.id])


def census() -> Counter[str]:
    """What there is: Qt's objects by their class, running timers, tasks, threads, and open files by their kind."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
    found: Counter[str] = Counter()
    seen: set[int] = set()
    for one in _objects():
        pointer = Shiboken.getCppPointer(one)[0]
        if pointer not in seen and not isinstance(one, QGesture):  # Qt keeps those of widgets that are gone a while
            seen.add(pointer)
            found[f"object {type(one).__module__}.{one.metaObject().className()}"] += 1
            found["running timers"] += isinstance(one, QTimer) and one.isActive()
    found.update(f"task {task.get_coro().__qualname__}" for task in asyncio.all_tasks())  # type: ignore[union-attr]
    found.update(f"thread {thread.name.rstrip('_0123456789')}" for thread in threading.enumerate())
    if sys.platform == "linux":
        found.update(_open_files())
    return found


def _objects() -> Iterator[QObject]:
    """Those that Python knows, and all below the application and the windows."""
    for one in gc.get_objects():
        if isinstance(one, QObject) and Shiboken.isValid(one):
            yield one
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    yield from application.findChildren(QObject)
    for window in QApplication.topLevelWidgets():
        yield window
        yield from window.findChildren(QObject)


def _open_files() -> Iterator[str]:
    for number in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # that of the listing
            place = str(number.readlink()).partition(":[")[0]
            if place != "anon_inode":  # the threads' own, which are counted
                yield f"file {place}"


async def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.005)
