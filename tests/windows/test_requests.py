"""What is done for each start: the first one, and those that find the program running."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.app import run_window
from gui.instance import address
from gui.request import Kind, Request, of_link
from gui.settings.connections import Connection
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import talk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

MAIN = Path(__file__).resolve().parent.parent.parent / "main.py"


async def start_again(data_dir: Path, *arguments: str, folder: Path | None = None) -> None:
    """As a person starts the program that runs already."""
    await until(Path(address(data_dir)).exists)
    second = await asyncio.create_subprocess_exec(
        *(sys.executable, str(MAIN), "--data-dir", str(data_dir), *arguments),
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_ACTIVATION_TOKEN": "a token"},
        cwd=folder,
    )
    assert await asyncio.wait_for(second.wait(), 20) == 0


def answered_by(parts: Parts, url: str) -> None:
    """Whatever is asked from now on in a new chat."""
    parts.connections.save(Connection("test", "Test", "gprochat", url))
    parts.preferences.set("default_connection", "test")


def started_with(
    request: Request, data_dir: Path, qapp: QApplication, scenario: Callable[[MainWindow, Parts], Awaitable[None]]
) -> None:
    qapp.setQuitOnLastWindowClosed(False)
    run_window(data_dir, f"GPROChat {data_dir}", scenario, qapp, request)


# -- handed over --------------------------------------------------------------------------------------------------


def test_new_opens_a_chat_beside_and_comes_forward(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", ["said", "answered"])).id)
        window.showMinimized()
        await start_again(data_dir, "--new")
        await until(lambda: len(window.panes()) == 2)
        assert window.pane.is_empty
        assert window.pane.composer.input.hasFocus()
        assert not window.isMinimized()
        assert os.environ.pop("XDG_ACTIVATION_TOKEN") == "a token"

    visit(scenario)


def test_conversation_opens_it_and_says_if_there_is_none(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one = await talk(parts, "one", ["said", "answered"])
        await start_again(data_dir, "--conversation", one.id)
        await until(lambda: window.pane.conversation.id == one.id)
        await start_again(data_dir, "--conversation", "nowhere")
        await until(lambda: window.pane.bar.text == "There is no chat “nowhere”.")
        os.environ.pop("XDG_ACTIVATION_TOKEN")

    visit(scenario)


def test_a_file_is_attached_from_the_folder_of_who_names_it(visit: Visit, data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("what was noted")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        await start_again(data_dir, "notes.txt", folder=tmp_path)
        await until(lambda: window.pane.composer.attachments)
        assert [one.name for one in window.pane.composer.attachments] == ["notes.txt"]
        os.environ.pop("XDG_ACTIVATION_TOKEN")

    visit(scenario)


# -- done ---------------------------------------------------------------------------------------------------------


def test_a_links_text_is_written_and_not_sent(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("no")) as server:
            answered_by(parts, server.url)
            await window.requests.fulfil(of_link("gprochat:new?text=Send+all%0Anow&send=1"))
            await asyncio.sleep(0.3)
            assert window.pane.composer.text == "Send all\nnow"
            assert not server.requests
            assert not len(window.replies)

    visit(scenario)


def test_a_link_overwrites_nothing_that_was_being_written(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        window.pane.composer.set_text("half a thought")
        await window.requests.fulfil(of_link("gprochat:new?text=other"))
        assert [pane.composer.text for pane in window.panes()] == ["half a thought", "other"]

    visit(scenario)


def test_a_link_that_leads_nowhere_is_said(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.requests.fulfil(of_link("gprochat:erase?all=1"))
        assert window.pane.bar.text == "This link leads nowhere: gprochat:erase?all=1"

    visit(scenario)


def test_a_models_file_becomes_a_connection(visit: Visit, tmp_path: Path) -> None:
    model = tmp_path / "small.gguf"
    model.write_bytes(b"GGUF")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.requests.fulfil(Request(files=(str(model),)))
        dialog = window.settings_dialog()
        assert dialog is not None
        assert dialog.connections.file.path.text() == str(model)
        dialog.close()

    visit(scenario)


# -- at the first start -------------------------------------------------------------------------------------------


def test_the_first_start_opens_the_conversation_after_what_was_open(
    visit: Visit, data_dir: Path, qapp: QApplication
) -> None:
    ids: list[str] = []

    async def before(window: MainWindow, parts: Parts) -> None:
        ids.extend([(await talk(parts, name, [f"said in {name}", "answered"])).id for name in ("one", "two")])
        await window.open(ids[0])

    async def scenario(window: MainWindow, parts: Parts) -> None:
        await until(lambda: window.pane.conversation.id == ids[1])
        await until(lambda: "said in two" in shown(window.pane))
        assert window.isVisible()

    visit(before)
    started_with(Request(Kind.CONVERSATION, conversation=ids[1]), data_dir, qapp, scenario)


def test_without_an_icon_the_background_is_no_place(data_dir: Path, qapp: QApplication) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await until(window.isVisible)

    started_with(Request(Kind.BACKGROUND), data_dir, qapp, scenario)


@pytest.mark.parametrize("way", [("--ask", "?"), ("--self-test",), ("--search", "?")])
async def test_files_beside_what_takes_none_are_refused(way: tuple[str, ...]) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(MAIN), *way, "--", "file.txt"), stderr=asyncio.subprocess.PIPE
    )
    _out, err = await process.communicate()
    assert process.returncode == 2
    assert b"file.txt" in err
