"""The whole program with marked secrets, through success and every fault; test_marks.py runs it as a process.

Reads one line of JSON on its input, {"data_dir", "secret_key", "password", "api_key", "proxy_user", "proxy_password"};
says "done N" when N faults were played, writes what the clipboard holds, and then dies of an abort.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gui.app import run_window
from gui.chat import turn
from gui.providers import gprochat, response
from gui.settings.network import Network
from tests.faults.table import BEFORE, BODIES, EVENT_STREAMS, OPENAI_STATUSES, STATUSES
from tests.servers.gprochat import Failure, GPROChatServer, Reply
from tests.servers.openai import OpenAIServer
from tests.servers.openai import failure as openai_failure
from tests.servers.raw import RawServer
from tests.windows.conftest import until

if TYPE_CHECKING:
    from gui.settings.connections import ProviderName
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

PLAYED = [fault for fault in (*BEFORE, *STATUSES, *OPENAI_STATUSES, *BODIES, *EVENT_STREAMS)
          if fault.error != "stop" and len(fault.text) < 1000]  # fmt: skip


class Person:
    """Does with the window what a person does."""

    def __init__(self, window: MainWindow, parts: Parts, marks: dict[str, str]) -> None:
        self.window, self.parts, self.marks = window, parts, marks

    async def connect(self, provider: ProviderName, url: str) -> None:
        """Enter a connection with its secrets in the settings."""
        from gui.settings.connections import Connection

        kinds = {"gprochat": ("secret_key", "password"), "openai": ("api_key",)}[provider]
        connection = Connection(provider, provider, provider, url, "m", secrets=kinds)  # type: ignore[arg-type]
        for kind in kinds:
            await self.parts.secrets.set(connection.secret_name(kind), self.marks[kind])
        self.parts.connections.save(connection)
        self.window.new_chat()
        await self.window.pane.choose(provider, "")

    async def enter_proxy(self) -> None:
        self.window.open_settings("network")
        dialog = self.window.settings_dialog()
        assert dialog is not None
        page = dialog.network
        page.modes["manual"].click()
        page.host.setText("127.0.0.1")
        page.port.setValue(9)
        page.user.setText(self.marks["proxy_user"])
        page.password.setText(self.marks["proxy_password"])
        page.save_button.click()
        await until(lambda: "Stored in the keyring" in page.note.text())
        dialog.reject()

    async def ask(self, text: str) -> None:
        """Ask, and wait until the reply has ended."""
        pane = self.window.pane
        QTest.keyClicks(pane.composer.input, text)
        pane.composer.submitted.emit(text)
        await until(lambda: len(self.window.replies))
        await until(lambda: not len(self.window.replies))
        await asyncio.sleep(0)

    async def test(self, url: str) -> str:
        """Enter a connection with its secrets and have it tested, unsaved; what is said of it."""
        self.window.open_settings("connections")
        dialog = self.window.settings_dialog()
        assert dialog is not None
        page = dialog.connections
        page.add("gprochat")
        page.url.setText(url)
        for kind in ("secret_key", "password"):
            page.secrets[kind].setText(self.marks[kind])
        page.test_button.click()
        await until(lambda: not page.test.running)
        said = page.test.verdict.text()
        dialog.reject()
        return f"{said}\n"

    def copy_everything(self) -> str:
        """The transcript and the bar as a person can take them along."""
        self.window.pane.transcript.selectAll()
        self.window.pane.transcript.copy()
        return f"{QGuiApplication.clipboard().text()}\n{self.window.pane.bar.text}\n"


async def live(person: Person) -> None:
    marks, copied = person.marks, ""
    everything = f"{marks['secret_key']} {marks['password']}"
    async with GPROChatServer(Reply("Hello."), secret=marks["secret_key"], password=marks["password"]) as server:
        await person.connect("gprochat", server.url)
        await person.ask("one")
        copied += person.copy_everything()
        assert "Hello." in copied
        for status in (400, 401, 403, 429, 500, 503):  # a server that repeats all it was told
            server.script = [Failure.said(status, everything)]
            await person.ask("two")
            server.script = [Failure.said(status, everything)]
            copied += await person.test(server.url)
        copied += person.copy_everything()
    async with OpenAIServer(
        openai_failure(401, {"error": {"message": marks["api_key"]}}), key=marks["api_key"]
    ) as peer:
        await person.connect("openai", peer.url)
        await person.ask("three")
        copied += person.copy_everything()
    for fault in PLAYED:
        async with RawServer(fault.steps) as raw:
            await person.connect(fault.provider, raw.url)
            await person.ask("four")
        copied += person.copy_everything()

    def bug(_response: object) -> None:
        raise ValueError

    async with GPROChatServer() as server:
        gprochat._read_reply, before = bug, gprochat._read_reply  # type: ignore[assignment]
        await person.connect("gprochat", server.url)
        await person.ask("five")
        gprochat._read_reply = before
    await person.enter_proxy()
    await person.connect("gprochat", "http://chat.invalid")
    await person.ask("six")
    copied += person.copy_everything()
    await person.window.pane.choose("local", "")
    await person.ask("seven")
    sys.stdout.write(f"{copied}\ndone {len(PLAYED)}\n")
    sys.stdout.flush()


def main() -> None:
    told = json.loads(sys.stdin.readline())
    data_dir = Path(told.pop("data_dir"))
    # Quick, and otherwise as it is.
    Network.limits = {"connect": 1.0, "first_byte": 0.3, "silence": 0.3}  # type: ignore[assignment, method-assign]
    response.ERROR_BODY_SECONDS = 0.3  # type: ignore[misc]
    turn.SECOND = 0.001

    async def visit(window: MainWindow, parts: Parts) -> None:
        await live(Person(window, parts, told))

    run_window(data_dir, f"GPROChat {data_dir}", visit)
    os.abort()


if __name__ == "__main__":
    main()
