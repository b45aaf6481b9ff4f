"""The options of a chat: chosen in the window, kept with the conversation, heard by the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from gui.settings.connections import Connection
from gui.windows.dialogs.chat_options import ChatOptionsDialog
from tests.servers.gprochat import GPROChatServer, Reply
from tests.servers.openai import OpenAIServer
from tests.windows.conftest import Visit, connect, until
from tests.windows.test_keys import CONTROL, SHIFT, press

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


def opened(window: MainWindow) -> ChatOptionsDialog:
    press(window, Qt.Key.Key_M, CONTROL | SHIFT)
    (dialog,) = [one for one in window.findChildren(ChatOptionsDialog) if one.isVisible()]
    return dialog


def test_what_is_chosen_is_sent_and_still_chosen_after_a_restart(visit: Visit, data_dir: Path) -> None:
    async def choose(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            parts.connections.save(Connection("far", "Far", "openai", server.url))
            await window.pane.choose("far", "m")
            dialog = opened(window)
            dialog.system_prompt.setPlainText("Be brief.")
            dialog.temperature.setValue(0.0)
            dialog.top_p.setValue(0.9)
            dialog.max_tokens.setValue(64)
            dialog.stop.setText(r"END \n\n")
            dialog.accept()
            await until(lambda: window.pane.conversation.options)
            await window.pane.send("hello")
            await until(lambda: server.requests)
            request = server.requests[0]
            assert request["messages"][0] == {"role": "system", "content": "Be brief."}
            assert {name: request[name] for name in ("temperature", "top_p", "max_tokens", "stop")} == {
                "temperature": 0.0,
                "top_p": 0.9,
                "max_tokens": 64,
                "stop": ["END", "\n\n"],
            }
            await until(lambda: not len(window.replies))

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: window.pane.conversation.model == "m")
        dialog = opened(window)
        assert dialog.system_prompt.toPlainText() == "Be brief."
        assert (dialog.temperature.value(), dialog.top_p.value(), dialog.max_tokens.value()) == (0.0, 0.9, 64)
        assert dialog.stop.text() == r"END \n\n"
        dialog.reset()
        dialog.accept()
        history = await parts.history
        await until(lambda: not window.pane.conversation.options)
        kept = await history.conversation(window.pane.conversation.id)
        assert kept is not None
        assert (kept.system_prompt, kept.options) == ("", "")

    visit(choose)
    visit(look)


def test_nothing_chosen_is_left_to_the_server(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            parts.connections.save(Connection("far", "Far", "openai", server.url))
            await window.pane.choose("far", "")
            opened(window).accept()
            await window.pane.send("hello")
            await until(lambda: server.requests)
            assert not {"temperature", "top_p", "max_tokens", "stop"} & server.requests[0].keys()

    visit(scenario)


def test_only_what_the_provider_has_is_shown_and_the_rest_is_kept(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Hi.")) as server:
            connect(data_dir, server.url)
            parts.connections.save(Connection("site", "Site", "gprochat", server.url))
            await window.pane.set_options("", '{"temperature": 0.5}')
            await window.pane.choose("site", "")
            dialog = opened(window)
            assert dialog.system_prompt.isVisible()
            assert not any(
                one.isVisible() for one in (dialog.temperature, dialog.top_p, dialog.max_tokens, dialog.stop)
            )
            dialog.system_prompt.setPlainText("Rhyme.")
            dialog.accept()
            await until(lambda: window.pane.conversation.system_prompt == "Rhyme.")
            assert window.pane.conversation.options == '{"temperature": 0.5}'

    visit(scenario)


@pytest.mark.parametrize("stop", ["END", "two words", "\n", r"a\b", r"\n", r"\\s", "\t\\"])
def test_a_stop_can_hold_anything(visit: Visit, stop: str) -> None:
    from gui.chat.options import Options

    async def scenario(window: MainWindow, parts: Parts) -> None:
        found = []
        await window.pane.set_options("", Options(stop=(stop, "x")).to_json())
        dialog = opened(window)
        dialog.chosen.connect(lambda _prompt, options: found.append(options.stop))
        dialog.accept()
        assert found == [(stop, "x")]

    visit(scenario)
