"""A GGUF file of the person's: chosen, dropped or fetched, looked at, and run by the embedded engine."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from typing import TYPE_CHECKING

import psutil
import pytest
from aiohttp import web
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from gui.errors import LengthLimitReached
from gui.providers import local
from gui.providers.local import find_model
from tests.servers.raw import RawServer
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_settings import opened

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


@pytest.fixture
def own_model(tmp_path: Path) -> Path:
    """A file of another name than the shipped one, so that it is a stranger's."""
    file = tmp_path / "my own model.gguf"
    shutil.copy(find_model(tmp_path), file)
    return file


def drop(on: QWidget, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    on.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )


def test_a_file_that_is_dropped_on_the_window_becomes_a_connection_that_answers(visit: Visit, own_model: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        drop(window, own_model)
        dialog = window.settings_dialog()
        assert dialog is not None
        page = dialog.connections
        await until(lambda: "of memory" in page.file.about.text())
        assert page.name.text() == "Smollm2 135M 8k Lc100K Mix1 Ep2"
        assert "Made for 8,192 tokens" in page.file.about.text() or "Made for 8192 tokens" in page.file.about.text()
        page.name.setText("Mine")
        page.file.context.setValue(1024)
        page.save_button.click()
        await until(lambda: page.note.text() == "Saved.")
        dialog.close()
        kept = parts.connections.named("Mine")
        assert (kept.provider, kept.model, kept.options["context"]) == ("local", "my own model", 1024)
        await window.pane.choose(kept.id, "")
        await window.pane.set_options("", '{"max_tokens": 8}')
        await window.pane.send("Say hello.")
        await until(lambda: not len(window.replies))
        reply = window.pane.last_reply()
        assert reply is not None
        assert (reply.text != "", reply.model, reply.error) == (True, "my own model", LengthLimitReached().to_json())
        assert "Mine · my own model" in shown(window.pane)

    visit(scenario)


def test_a_program_without_its_model_says_so_and_takes_one(
    visit: Visit, own_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "MODEL_FILE", "not-along.gguf")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.pane.send("Is anybody there?")
        await until(lambda: not len(window.replies))
        assert "not-along.gguf is not here. Choose a model’s file, or fetch one" in shown(window.pane)
        page = opened(window, "connections").connections
        assert "came without its model" in page.explanation.text()
        page.file.set_path(own_model)
        page.save_button.click()
        await until(lambda: page.note.text() == "Saved.")
        await window.pane.set_options("", '{"max_tokens": 8}')
        await window.pane.send("Say hello.")
        await until(lambda: not len(window.replies))
        reply = window.pane.last_reply()
        assert reply is not None
        assert (reply.text != "", reply.model) == (True, "my own model")

    visit(scenario)


def test_a_file_that_is_none_is_said_at_once_and_when_it_is_asked(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        file = tmp_path / "letter.gguf"
        file.write_text("Dear model,")
        page = opened(window, "connections").connections
        page.add("file")
        drop(page.file, file)
        await until(lambda: "letter.gguf cannot be used: it is no GGUF file." in page.file.about.text())
        page.save_button.click()
        await until(lambda: page.note.text() == "Saved.")
        kept = parts.connections.all()[-1]
        await window.pane.choose(kept.id, "")
        await window.pane.send("Hello?")
        await until(lambda: "it is no GGUF file" in window.pane.bar.text)

    visit(scenario)


def test_too_little_memory_is_told_before_it_is_loaded(
    visit: Visit, own_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.add_file(own_model)
        await until(lambda: "of memory" in page.file.about.text())
        assert page.file.about.objectName() == "explanation"
        page.file.context.setValue(1 << 22)  # 97 GB of it
        assert page.file.about.objectName() == (
            "trouble" if psutil.virtual_memory().available < 9e10 else "explanation"
        )

    visit(scenario)


def test_a_file_is_fetched_from_an_address(visit: Visit, own_model: Path, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async def give(_request: web.Request) -> web.FileResponse:
            return web.FileResponse(own_model)

        application = web.Application()
        application.router.add_get("/{name}", give)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        page = opened(window, "connections").connections
        page.add("file")
        page.file.address.setText(f"http://127.0.0.1:{runner.addresses[0][1]}/fetched.gguf")
        page.file.checksum.setText(hashlib.sha256(own_model.read_bytes()).hexdigest())
        page.file.fetch_button.click()
        await until(lambda: page.file.progress.text() == "fetched.gguf is here.")
        await until(lambda: "of memory" in page.file.about.text())
        assert page.file.path.text() == str(data_dir / "models" / "fetched.gguf")
        assert page.file.fetch_button.text() == "Fetch"
        page.file.fetch_button.click()  # another one of that name
        await until(lambda: page.file.progress.text() == "fetched-2.gguf is here.")
        assert (data_dir / "models" / "fetched.gguf").is_file()
        await runner.cleanup()

    visit(scenario)


def test_fetching_goes_through_the_proxy_of_the_settings(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with RawServer([b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nGGUF"]) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            parts.preferences.set("proxy_mode", "system")
            page = opened(window, "connections").connections
            page.add("file")
            page.file.address.setText("http://models.example/some.gguf")
            page.file.fetch_button.click()
            await until(lambda: page.file.progress.text() == "some.gguf is here.")
            assert proxy.heads[0].startswith(b"GET http://models.example/some.gguf ")

    visit(scenario)


def test_fetching_can_be_stopped(visit: Visit, own_model: Path, data_dir: Path) -> None:
    async def slowly(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "50000000", "ETag": '"1"'})
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"GGUF" * 125_000)
            await asyncio.sleep(0.05)
        return response

    async def scenario(window: MainWindow, parts: Parts) -> None:
        application = web.Application()
        application.router.add_get("/{name}", slowly)
        runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        page = opened(window, "connections").connections
        page.add("file")
        page.file.address.setText(f"http://127.0.0.1:{runner.addresses[0][1]}/slow.gguf")
        page.file.fetch_button.click()
        await until(lambda: page.file.bar.value() > 0)
        assert page.file.fetch_button.text() == "Stop"
        page.file.fetch_button.click()
        await until(lambda: "Stopped" in page.file.progress.text())
        assert (data_dir / "models" / "slow.gguf.part").stat().st_size > 0
        await runner.cleanup()

    visit(scenario)


def test_a_download_goes_on_without_the_settings_and_leads_back(visit: Visit, own_model: Path, data_dir: Path) -> None:
    async def give(_request: web.Request) -> web.StreamResponse:
        content = own_model.read_bytes()
        response = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await response.prepare(_request)
        await response.write(content[:100])
        await asyncio.sleep(0.4)
        await response.write(content[100:])
        return response

    async def scenario(window: MainWindow, parts: Parts) -> None:
        application = web.Application()
        application.router.add_get("/{name}", give)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        dialog = opened(window, "connections")
        dialog.connections.add("file")
        dialog.connections.file.address.setText(f"http://127.0.0.1:{runner.addresses[0][1]}/later.gguf")
        dialog.connections.file.fetch_button.click()
        await until(lambda: parts.downloads.running)
        dialog.close()
        await until(lambda: window.pane.bar.text == "later.gguf is here.")
        window.pane.bar.buttons[0].click()
        again = window.settings_dialog()
        assert again is not None
        await until(lambda: "of memory" in again.connections.file.about.text())
        await runner.cleanup()

    visit(scenario)
