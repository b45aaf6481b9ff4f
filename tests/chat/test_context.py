"""What of a long conversation is sent, by real servers with real limits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.chat.context import omitted_for, room, scale_of, size
from gui.chat.tokens import estimate
from gui.chat.turn import Turn, ask
from gui.conversation import Conversation, Message, Role, State
from gui.errors import ContextTooLong, from_json
from gui.providers.base import ChatMessage
from gui.settings.connections import EMBEDDED, Connection
from tests.servers.gprochat import GPROChatServer, Reply
from tests.servers.openai import OpenAIServer, failure, stream

if TYPE_CHECKING:
    from tests.chat.conftest import Place

TOO_LONG = failure(400, {"error": {"code": "context_length_exceeded", "message": "Too long."}})
SMALL = {"data": [{"id": "m", "max_model_len": 2048}]}
MESSAGES = st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=60)), min_size=1, max_size=12)


@given(MESSAGES, st.integers(0, 300), st.none() | st.integers(1, 12))
def test_what_is_sent_fits_and_ends_with_the_question(
    said: list[tuple[str, str]], budget: int, most: int | None
) -> None:
    messages = [ChatMessage(role=role, content=text) for role, text in said]
    omitted = omitted_for(messages, budget, most)
    sent = messages[omitted:]
    assert sent
    assert len(sent) == 1 or size(sent) <= budget
    assert most is None or len(sent) <= most
    assert omitted == 0 or len(sent) == 1 or sent[0]["role"] == "user"


async def test_what_does_not_fit_is_left_out_from_the_oldest_and_told(place: Place) -> None:
    async with OpenAIServer(models=SMALL) as server:
        turn, seen = await place.long_turn(Connection("c", "C", "openai", server.url), 30)
        reply = await turn.run()
    sent = [message["content"] for message in server.requests[0]["messages"]]
    assert reply.state is State.COMPLETE
    assert seen.left_out == [reply.omitted]
    assert 0 < reply.omitted == 31 - len(sent)
    assert sent[0].startswith(f"{reply.omitted}: ")
    assert sent[-1] == "a question"
    assert await place.history.message(reply.id) == reply


async def test_a_short_conversation_is_sent_whole_and_no_server_is_asked_how_much_it_takes(place: Place) -> None:
    async with OpenAIServer(models=SMALL) as server:
        turn, seen = await place.long_turn(Connection("c", "C", "openai", server.url), 4)
        await turn.run()
    assert len(server.requests[0]["messages"]) == 5
    assert not seen.left_out
    assert not server.asked


async def test_the_server_is_asked_once(place: Place) -> None:
    async with OpenAIServer(models=SMALL) as server:
        for _ in range(2):
            turn, _seen = await place.long_turn(Connection("c", "C", "openai", server.url), 30)
            await turn.run()
    assert server.asked == ["/v1/models"]


async def test_the_connections_own_limit_counts_before_the_servers(place: Place) -> None:
    async with OpenAIServer(models=SMALL) as server:
        connection = Connection("c", "C", "openai", server.url, options={"context": 100_000})
        turn, seen = await place.long_turn(connection, 30)
        await turn.run()
    assert len(server.requests[0]["messages"]) == 31
    assert not seen.left_out


async def test_a_server_that_says_it_is_too_long_is_asked_again_with_less(place: Place) -> None:
    async with OpenAIServer(TOO_LONG, TOO_LONG, stream("Now.")) as server:
        turn, seen = await place.long_turn(Connection("c", "C", "openai", server.url), 10)
        reply = await turn.run()
    first, second, third = (len(request["messages"]) for request in server.requests)
    assert reply.text == "Now."
    assert first > second > third
    assert seen.left_out == [11 - second, 11 - third]


async def test_a_single_message_that_is_too_long_fails(place: Place) -> None:
    async with OpenAIServer(TOO_LONG) as server:
        turn, _seen = await place.long_turn(Connection("c", "C", "openai", server.url), 1)
        reply = await turn.run()
    assert isinstance(from_json(reply.error), ContextTooLong)
    assert len(server.requests) <= 3


async def test_a_server_that_takes_so_many_messages_gets_no_more(place: Place) -> None:
    async with GPROChatServer(Reply("Hi.")) as server:
        turn, seen = await place.long_turn(Connection("c", "C", "gprochat", server.url), 150, words=1)
        await turn.run()
    assert seen.left_out == [52]
    assert len(server.requests[0]["messages"]) == 99


async def test_the_embedded_model_answers_a_conversation_longer_than_its_context(place: Place) -> None:
    small = replace(EMBEDDED, options={"context": 1024})
    turn, seen = await place.long_turn(small, 60, options='{"max_tokens": 8}')
    async with asyncio.timeout(50):
        reply = await turn.run()
    assert reply.text
    assert seen.left_out
    assert reply.prompt_tokens is not None
    assert 300 < reply.prompt_tokens < 1024


async def test_messages_beyond_what_is_loaded_are_counted_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.chat.turn.CONTEXT_MESSAGES", 6)
    async with OpenAIServer() as server:
        turn, seen = await place.long_turn(Connection("c", "C", "openai", server.url), 20, words=1)
        await turn.run()
    assert [message["content"][:2] for message in server.requests[0]["messages"]][-1] == "a "
    assert len(server.requests[0]["messages"]) == 21 - seen.left_out[0]


def test_a_measured_reply_tells_what_an_estimated_token_stands_for() -> None:
    chat = Conversation()
    question = Message(chat.id, Role.USER, "слово " * 400)
    reply = Message(chat.id, Role.ASSISTANT, "Да.", prompt_tokens=2 * (estimate(question.text) + 6))

    assert scale_of([question, reply], "") == pytest.approx(2.0)
    assert scale_of([question, replace(reply, prompt_tokens=None)], "") is None
    assert scale_of([question, replace(reply, omitted=3)], "") is None


def test_room_is_left_for_the_reply() -> None:
    assert room(4096, None) == 3072
    assert room(4096, 100) == 3996
    assert room(128_000, None) == 128_000 - 2048


async def test_tokens_and_times_of_a_reply_are_kept(place: Place) -> None:
    async with OpenAIServer(stream("a", "b")) as server:
        conversation = Conversation()
        message = await ask(place.history, conversation, "Hello?", None)
        reply = await Turn(
            place.history, place.routes, Connection("c", "C", "openai", server.url), conversation, message.id
        ).run()
    assert (reply.prompt_tokens, reply.completion_tokens, reply.writing_ms) == (7, 2, None)
    assert reply.first_at is not None
    assert reply.created_at <= reply.first_at <= (reply.finished_at or 0)


async def test_the_embedded_model_tells_how_long_it_wrote(place: Place) -> None:
    conversation = Conversation(options='{"max_tokens": 12}')
    message = await ask(place.history, conversation, "Count to five.", None)
    reply = await Turn(place.history, place.routes, EMBEDDED, conversation, message.id).run()
    assert reply.completion_tokens
    assert reply.writing_ms
    assert reply.writing_ms < 20_000


async def test_a_server_that_was_not_reached_is_asked_for_its_context_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = {"data": [{"id": "m", "context_length": 8192}]}
    async with OpenAIServer(models=models) as server:
        connection = Connection("c", "C", "openai", server.url, "m")
        with monkeypatch.context() as away:
            away.setattr("gui.providers.context.LIMIT", 0.0)
            assert await place.routes.context(connection, "m") is None
        assert await place.routes.context(connection, "m") == 8192
        assert await place.routes.context(connection, "m") == 8192
        assert server.asked == ["/v1/models"]
