"""Titles by the model, in the background, in the real window."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.settings.connections import Connection
from tests.servers.gprochat import Failure, GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import press

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


async def say(window: MainWindow, text: str) -> None:
    QTest.keyClicks(window.pane.composer.input, text)
    press(window, Qt.Key.Key_Return)
    await until(lambda: len(window.replies) == 1)


async def settled(window: MainWindow, server: GPROChatServer, requests: int) -> None:
    """So many requests were made, and nothing more is under way."""
    await until(lambda: len(server.requests) == requests and not window.replies)
    await asyncio.sleep(0.2)
    assert len(server.requests) == requests


async def prepare(window: MainWindow, parts: Parts, server: GPROChatServer, *, asked: bool = True) -> None:
    parts.preferences.set("titles_by_model", asked)
    parts.connections.save(Connection("test", "Test", "gprochat", server.url))
    await window.pane.choose("test", "")


def test_a_new_chat_is_titled_by_the_model_after_its_first_reply(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("In Portugal."), Reply('"A trip to Lisbon."')) as server:
            await prepare(window, parts, server)
            await say(window, "where is lisbon")
            assert window.pane.title.text() == "where is lisbon"
            await until(lambda: window.pane.title.text() == "A trip to Lisbon")
            kept = await (await parts.history).conversation(window.pane.conversation.id)
            assert kept is not None
            assert kept.title == "A trip to Lisbon"
            assert "A trip to Lisbon" not in shown(window.pane)
            await say(window, "and porto")
            await settled(window, server, 3)

    visit(scenario)


def test_a_title_that_was_typed_meanwhile_stays(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("In Portugal."), Reply("The model’s", first=0.4)) as server:
            await prepare(window, parts, server)
            await say(window, "where is lisbon")
            await until(lambda: len(server.requests) == 2)
            await window.news.rename(window.pane.conversation.id, "Mine")
            await asyncio.sleep(0.6)
            assert window.pane.title.text() == "Mine"
            kept = await (await parts.history).conversation(window.pane.conversation.id)
            assert kept is not None
            assert kept.title == "Mine"

    visit(scenario)


def test_for_a_title_that_was_typed_nothing_is_asked(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("In Portugal.", first=0.2), Reply("The model’s")) as server:
            await prepare(window, parts, server)
            await say(window, "where is lisbon")
            await window.news.rename(window.pane.conversation.id, "Mine")
            await settled(window, server, 1)

    visit(scenario)


def test_the_next_message_ends_the_asking_and_is_not_held_up(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        script = (Reply("In Portugal."), Reply("Late", first=30), Reply("There, too."), Reply("Two cities"))
        async with GPROChatServer(*script) as server:
            await prepare(window, parts, server)
            await say(window, "where is lisbon")
            await until(lambda: len(server.requests) == 2)
            await say(window, "and porto")
            await until(lambda: "There, too." in shown(window.pane))
            await until(lambda: window.pane.title.text() == "Two cities")

    visit(scenario)


@pytest.mark.parametrize("answer", [Failure(500), Reply(""), Reply("word " * 100)])
def test_without_a_sound_answer_the_first_words_stay(visit: Visit, answer: Reply | Failure) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("In Portugal."), answer) as server:
            await prepare(window, parts, server)
            await say(window, "where is lisbon")
            await settled(window, server, 2)
            assert window.pane.title.text() == "where is lisbon"
            assert not window.pane.bar.isVisible()

    visit(scenario)


def test_it_can_be_switched_off(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("In Portugal."), Reply("The model’s")) as server:
            await prepare(window, parts, server, asked=False)
            await say(window, "where is lisbon")
            await settled(window, server, 1)

    visit(scenario)


def test_a_reply_that_failed_is_no_exchange(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("In Por", failing=True), Reply("The model’s")) as server:
            await prepare(window, parts, server)
            await say(window, "where is lisbon")
            await settled(window, server, 1)

    visit(scenario)


def test_the_end_of_the_program_ends_it(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("In Portugal."), Reply("Late", first=30)) as server:
            await prepare(window, parts, server)
            await say(window, "where is lisbon")
            await until(lambda: len(server.requests) == 2)
            async with asyncio.timeout(2):
                await parts.tasks.end()

    visit(scenario)
