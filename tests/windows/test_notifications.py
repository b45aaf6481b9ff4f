"""What the desktop is told of replies that nobody sees, on a message bus of the test's own."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox

from gui.conversation import Message, Role, State
from gui.errors import BadPassword
from gui.settings.connections import Connection
from gui.windows.notifications import LENGTH, first_line
from gui.windows.session_bus import SessionBus
from tests.servers.gprochat import Failure, GPROChatServer, Reply
from tests.servers.notifications import Bus, Desktop
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_conversation import type_and_send
from tests.windows.test_keys import talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="no message bus there")


@pytest.fixture
def bus(isolated: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    if not shutil.which("dbus-daemon"):
        pytest.fail("dbus-daemon is missing; packaging/dev.py test installs it")
    with Bus(monkeypatch) as running:
        yield running


async def ask_and_look_away(window: MainWindow, parts: Parts, server: GPROChatServer) -> Pane:
    """The pane in which a reply runs, another one before it."""
    parts.connections.save(Connection("test", "Test", "gprochat", server.url))
    pane = window.pane
    await pane.choose("test", "")
    type_and_send(pane, "What is the way?")
    await until(lambda: len(window.replies))
    window.workspace.add(window.workspace.group)
    window.workspace.show_number(2)
    return pane


def test_a_reply_in_a_hidden_pane_is_told_and_a_click_opens_it(visit: Visit, bus: Bus) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        reply = Reply("# The **way** < that & this\n\nis _long_ and winding", delay=0.2)
        async with Desktop("actions", "body-markup") as desktop, GPROChatServer(reply) as server:
            pane = await ask_and_look_away(window, parts, server)
            await until(lambda: desktop.shown)
            (told,) = desktop.shown
            assert (told.title, told.text) == ("What is the way?", "The way &lt; that &amp; this")
            assert told.actions == ["default", "Open"]
            window.workspace.close(pane)
            await desktop.click(told.number, "leave")
            await until(lambda: window.pane.conversation.title == "What is the way?")
            await until(lambda: "winding" in shown(window.pane))
            await until(lambda: os.environ.pop("XDG_ACTIVATION_TOKEN", "") == "leave")

    visit(scenario)


def test_what_is_read_in_the_window_is_told_no_longer(visit: Visit, bus: Bus) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with Desktop() as desktop, GPROChatServer(Reply("a reply")) as server:
            pane = await ask_and_look_away(window, parts, server)
            await until(lambda: desktop.shown and pane.conversation.unread)
            assert desktop.withdrawn == []
            window.activateWindow()
            window.workspace.show(pane)
            await until(lambda: desktop.withdrawn == [desktop.shown[0].number])

    visit(scenario)


def test_a_click_leads_to_the_message_even_on_another_branch(visit: Visit, bus: Bus) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with Desktop("actions") as desktop, GPROChatServer(Reply("the newer reply", delay=0.1)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            conversation = await talk(parts, "one", ["asked", "the older reply"])
            await window.open(conversation.id)
            pane = window.pane
            older = pane.pages.messages[-1]
            await pane.choose("test", "")
            await pane.regenerate()
            window.workspace.add(window.workspace.group)
            window.workspace.show_number(2)
            await until(lambda: desktop.shown and not len(window.replies))
            await pane.show_version(older.id)
            await desktop.click(desktop.shown[0].number)
            await until(lambda: window.pane is pane and "the newer reply" in shown(pane))

    visit(scenario)


def test_a_reply_that_is_seen_is_not_told(visit: Visit, bus: Bus) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with Desktop("actions") as desktop, GPROChatServer(Reply("seen")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            window.activateWindow()
            await until(window.isActiveWindow)
            await window.pane.choose("test", "")
            type_and_send(window.pane, "hello")
            await until(lambda: "seen" in shown(window.pane) and not len(window.replies))
            await asyncio.sleep(0.3)
            assert desktop.shown == []

    visit(scenario)


def test_why_there_is_no_reply_is_told_as_well(visit: Visit, bus: Bus) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        failure = Failure.upstream(429, "Too Many Requests", "Quota exceeded")
        async with Desktop() as desktop, GPROChatServer(failure) as server:
            await ask_and_look_away(window, parts, server)
            await until(lambda: desktop.shown)
            assert "used up" in desktop.shown[0].text
            assert desktop.shown[0].actions == []

    visit(scenario)


def test_it_can_be_switched_off(visit: Visit, bus: Bus) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        window.open_settings("general")
        dialog = window.settings_dialog()
        assert dialog is not None
        switch = dialog.findChild(QCheckBox, "setting_notifications")
        assert switch is not None
        assert switch.isChecked()
        switch.click()
        dialog.reject()
        async with Desktop() as desktop, GPROChatServer(Reply("not told")) as server:
            pane = await ask_and_look_away(window, parts, server)
            await until(lambda: pane.conversation.unread)
            await asyncio.sleep(0.2)
            assert desktop.shown == []

    visit(scenario)


def test_another_reply_takes_the_place_of_the_one_told_before(visit: Visit, bus: Bus) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with Desktop() as desktop, GPROChatServer(Reply("again")) as server:
            pane = await ask_and_look_away(window, parts, server)
            await until(lambda: len(desktop.shown) == 1)
            await pane.regenerate()
            await until(lambda: len(desktop.shown) == 2)
            assert desktop.shown[1].replaces == desktop.shown[0].number

    visit(scenario)


def test_without_a_bus_nothing_happens_and_a_later_one_is_found(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("a reply")) as server:
            pane = await ask_and_look_away(window, parts, server)
            await until(lambda: pane.conversation.unread)
            with Bus(monkeypatch):
                async with Desktop() as desktop:
                    await pane.regenerate()
                    await until(lambda: desktop.shown)

    visit(scenario)


def test_a_program_that_ends_while_it_looks_for_the_bus_leaves_nothing_behind(visit: Visit, bus: Bus) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        session = SessionBus(lambda _key, _token: None)
        for pause in range(6):
            running = parts.tasks.spawn(session.run())
            await asyncio.sleep(pause / 1000)
            running.cancel()
            await asyncio.wait({running})

    visit(scenario)


def test_no_more_than_a_line_is_told() -> None:
    def said(text: str) -> str:
        return first_line(Message("c", Role.ASSISTANT, text))

    assert said("\n\n- one\n- two") == "•\tone"
    assert said("a < b & c\nmore") == "a < b & c more"
    assert len(said("long " * 1000)) <= LENGTH + 1
    assert said("") == ""
    failed = Message("c", Role.ASSISTANT, state=State.FAILED, error=BadPassword(host="h", message="").to_json())
    assert "password" in first_line(failed).lower()
