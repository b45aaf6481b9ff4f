"""A model's answer as a title."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.chat import titles
from gui.chat.titles import cleaned, title_by_model
from gui.conversation import TITLE_LENGTH, Conversation, Message, Role
from gui.settings.connections import Connection
from tests.servers.gprochat import Failure, GPROChatServer, Reply

if TYPE_CHECKING:
    from tests.chat.conftest import Place


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Trip to Lisbon", "Trip to Lisbon"),
        ('"Trip to Lisbon."\n', "Trip to Lisbon"),
        ("\n**Title: «Поездка в Лиссабон»**\nI hope you like it!", "Поездка в Лиссабон"),
        ("# 日本語の敬語。", "日本語の敬語"),
        ("What is C++?", "What is C++?"),
        ("a\x00b\u2028c", "a b"),
        ("", ""),
        (' "" \n', ""),
        ("word " * 60, ""),
    ],
)
def test_it_is_one_line_without_what_stands_around_it(answer: str, title: str) -> None:
    assert cleaned(answer) == title


def test_a_long_one_is_cut_between_words() -> None:
    title = cleaned("word " * 16)
    assert len(title) <= TITLE_LENGTH
    assert title.endswith("word…")


async def _ask(place: Place, server: GPROChatServer) -> str:
    conversation = Conversation()
    asked = Message(conversation.id, Role.USER, "Where is Lisbon?" + "x" * 10_000)
    reply = Message(conversation.id, Role.ASSISTANT, "In Portugal." + "y" * 10_000, asked.id)
    connection = Connection("test", "Test", "gprochat", server.url)
    return await title_by_model(place.routes, connection, conversation, asked, reply)


async def test_the_model_is_asked_with_the_beginning_of_the_first_exchange(place: Place) -> None:
    async with GPROChatServer(Reply("Lisbon")) as server:
        assert await _ask(place, server) == "Lisbon"
        (message,) = server.requests[0]["messages"]
    (part,) = message["parts"]
    assert "Where is Lisbon?" in part["text"]
    assert "In Portugal." in part["text"]
    assert len(part["text"]) < 4000


async def test_a_failure_is_no_title(place: Place) -> None:
    async with GPROChatServer(Failure(500)) as server:
        assert not await _ask(place, server)


async def test_it_is_waited_for_only_so_long(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "PATIENCE", 0.1)
    async with GPROChatServer(Reply("Lisbon", end="silence", first=5)) as server:
        assert not await _ask(place, server)


async def test_an_answer_that_does_not_end_is_not_read_to_its_end(place: Place) -> None:
    async with GPROChatServer(Reply("Lisbon\n", *(["more"] * 1000), delay=0.1)) as server:
        assert await _ask(place, server) == "Lisbon"
