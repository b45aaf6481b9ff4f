"""A newer version is told of, where an address for that was given; everything else is silence."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from PySide6.QtWidgets import QLineEdit

from gui.windows.updates import watch_for_updates
from tests.windows.conftest import Visit, until
from tests.windows.test_settings import opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

NEWER = '{"version": "1000.2", "page": "https://chat.example.org/news"}'


@contextlib.asynccontextmanager
async def telling(text: str, asked: list[str]) -> AsyncIterator[str]:
    """A server that says `text`; gives its address, and notes who asked."""

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.headers.get("User-Agent", ""))
        return web.Response(text=text)

    application = web.Application()
    application.router.add_get("/latest.json", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/latest.json"
    finally:
        await runner.cleanup()


def test_a_newer_version_is_told_of_with_its_page(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with telling(NEWER, []) as address:
            field = opened(window, "general").findChild(QLineEdit, "setting_update_address")
            assert isinstance(field, QLineEdit)
            field.setText(address)
            field.editingFinished.emit()
            parts.tasks.spawn(watch_for_updates(window, parts))
            await until(lambda: "1000.2 is out: https://chat.example.org/news" in window.pane.bar.text)
            assert [button.text() for button in window.pane.bar.buttons] == ["Open in the browser"]

    visit(scenario)


@pytest.mark.parametrize(
    "text",
    [
        '{"version": "0.0.1", "page": "https://chat.example.org/news"}',
        '{"version": "1000.2", "page": "file:///etc/passwd"}',
        '{"version": "<b>9</b>", "page": "https://chat.example.org/news"}',
        "[]",
        "not JSON",
    ],
)
def test_anything_else_is_not_told_of(visit: Visit, text: str) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        asked: list[str] = []
        async with telling(text, asked) as address:
            parts.preferences.set("update_address", address)
            parts.tasks.spawn(watch_for_updates(window, parts))
            await until(lambda: bool(asked))
            await asyncio.sleep(0.1)
            assert window.pane.bar.isHidden()

    visit(scenario)


def test_an_address_that_does_not_answer_disturbs_nobody(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.preferences.set("update_address", "http://127.0.0.1:9/latest.json")
        parts.tasks.spawn(watch_for_updates(window, parts))
        await asyncio.sleep(0.3)
        assert window.pane.bar.isHidden()

    visit(scenario)
