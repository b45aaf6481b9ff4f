"""A turn: what arrives is seen at once, kept while it grows, and stays whatever ends it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.chat.turn import SAVE_INTERVAL, Turn, ask
from gui.conversation import TITLE_LENGTH, Role, State, title_of
from gui.errors import EmptyReply, HistoryUnavailable, ReplyBroken, ServerUnreachable, from_json
from gui.settings.connections import Connection
from tests.servers.gprochat import GPROChatServer, Reply

if TYPE_CHECKING:
    from tests.chat.conftest import Place

WORDS = tuple(f"w{number} " for number in range(100))


async def test_a_reply_is_seen_piece_by_piece_and_kept_whole(place: Place) -> None:
    async with GPROChatServer(Reply(*WORDS[:5], delay=0.01)) as server:
        turn, seen = await place.turn(server.url)
        reply = await turn.run()
    assert len(seen.pieces) > 1
    assert seen.text == reply.text == "".join(WORDS[:5])
    assert seen.ends == [reply]
    assert (reply.state, reply.role, reply.connection) == (State.COMPLETE, Role.ASSISTANT, "test")
    assert reply.finished_at is not None
    assert await place.history.message(reply.id) == reply


async def test_the_growing_reply_is_kept_while_it_runs(place: Place) -> None:
    async with GPROChatServer(Reply(*WORDS, delay=0.02)) as server:
        turn, seen = await place.turn(server.url)
        task = asyncio.create_task(turn.run())
        await asyncio.sleep(4 * SAVE_INTERVAL)
        kept = await place.history.message(turn.reply.id)
        turn.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert kept is not None
    assert kept.state is State.RUNNING
    assert kept.text.startswith("w0 w1 ")
    assert seen.text.startswith(kept.text)


async def test_stop_keeps_what_arrived_and_ends_the_request(place: Place) -> None:
    async with GPROChatServer(Reply(*WORDS, delay=0.02)) as server:
        turn, seen = await place.turn(server.url)
        task = asyncio.create_task(turn.run())
        while "w2 " not in seen.text:
            await asyncio.sleep(0.01)
        turn.stop()
        with pytest.raises(asyncio.CancelledError):
            await task
    kept = await place.history.message(turn.reply.id)
    assert kept is not None
    assert (kept.state, kept.text) == (State.STOPPED, seen.text)
    assert seen.ends == [kept]


async def test_stopped_before_it_began_nothing_is_sent(place: Place) -> None:
    async with GPROChatServer(Reply("x")) as server:
        turn, seen = await place.turn(server.url)
        task = asyncio.create_task(turn.run())
        turn.stop()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not server.requests
    assert [one.state for one in seen.ends] == [State.STOPPED]


async def test_cancelled_from_outside_it_counts_as_interrupted(place: Place) -> None:
    async with GPROChatServer(Reply(*WORDS, delay=0.02)) as server:
        turn, seen = await place.turn(server.url)
        task = asyncio.create_task(turn.run())
        while "w2 " not in seen.text:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    kept = await place.history.message(turn.reply.id)
    assert kept is not None
    assert (kept.state, kept.text) == (State.INTERRUPTED, seen.text)


@pytest.mark.parametrize(
    ("script", "error", "text"),
    [(Reply("Half", failing=True), ReplyBroken, "Half"), (Reply("  \n"), EmptyReply, "  \n")],
)
async def test_a_failure_is_kept_beside_the_text(
    script: Reply, error: type[Exception], text: str, place: Place
) -> None:
    async with GPROChatServer(script) as server:
        turn, _seen = await place.turn(server.url)
        reply = await turn.run()
    assert (reply.state, reply.text) == (State.FAILED, text)
    assert isinstance(from_json(reply.error), error)


async def test_a_server_that_is_not_there_fails_the_reply_not_the_program(place: Place) -> None:
    turn, seen = await place.turn("http://127.0.0.1:9")
    reply = await turn.run()
    assert reply.state is State.FAILED
    assert isinstance(from_json(reply.error), ServerUnreachable)
    assert seen.ends == [reply]


async def test_a_locked_history_is_told_and_the_reply_is_kept_when_it_works_again(place: Place) -> None:
    async with GPROChatServer(Reply(*WORDS[:40], delay=0.02)) as server:
        turn, seen = await place.turn(server.url)
        task = asyncio.create_task(turn.run())
        while not seen.text:
            await asyncio.sleep(0.01)
        with contextlib.closing(sqlite3.connect(place.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            while not seen.troubles:
                await asyncio.sleep(0.01)
            other.execute("ROLLBACK")
        reply = await task
    assert isinstance(seen.troubles[0], HistoryUnavailable)
    assert seen.text == reply.text == "".join(WORDS[:40])
    assert await place.history.message(reply.id) == reply


async def test_a_reply_that_ends_while_the_file_is_locked_is_kept_afterwards(place: Place) -> None:
    async with GPROChatServer(Reply(*WORDS[:20], delay=0.01)) as server:
        turn, seen = await place.turn(server.url)
        task = asyncio.create_task(turn.run())
        while not seen.text:
            await asyncio.sleep(0.01)
        with contextlib.closing(sqlite3.connect(place.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            while not seen.ends:
                await asyncio.sleep(0.01)
            assert turn.is_over
            assert not task.done()
            other.execute("ROLLBACK")
        reply = await task
    assert seen.ends == [reply]
    assert await place.history.message(reply.id) == reply


async def test_who_cannot_wait_is_told_that_the_reply_is_not_kept(place: Place) -> None:
    async with GPROChatServer(Reply("x", first=0.2)) as server:
        patient, _seen = await place.turn(server.url)
        turn = Turn(
            place.history,
            place.routes,
            patient._connection,
            patient._conversation,
            patient.reply.parent_id or "",
            patient=False,
        )
        task = asyncio.create_task(turn.run())
        while not server.requests:
            await asyncio.sleep(0.01)
        with contextlib.closing(sqlite3.connect(place.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(HistoryUnavailable):
                await task


async def test_the_history_of_the_branch_is_sent_with_its_roles(place: Place) -> None:
    async with GPROChatServer(Reply("one"), Reply("two")) as server:
        first, _seen = await place.turn(server.url, "first")
        answered = await first.run()
        conversation = await place.history.conversation(answered.conversation_id)
        assert conversation is not None
        asked = await ask(place.history, conversation, "second", answered.id)
        connection = Connection("test", "Test", "gprochat", server.url)
        await Turn(place.history, place.routes, connection, conversation, asked.id).run()
        sent = [(one["role"], one["parts"][0]["text"]) for one in server.requests[1]["messages"]]
    assert sent == [("user", "first"), ("model", "one"), ("user", "second")]


async def test_a_continued_reply_begins_with_the_cut_one_and_is_its_sibling(place: Place) -> None:
    async with GPROChatServer(Reply("one, ", end="cut"), Reply("two")) as server:
        first, _seen = await place.turn(server.url, "count")
        cut = await first.run()
        conversation = await place.history.conversation(cut.conversation_id)
        assert conversation is not None
        assert cut.parent_id is not None
        connection = Connection("test", "Test", "gprochat", server.url)
        second = Turn(place.history, place.routes, connection, conversation, cut.parent_id, continued=cut)
        assert second.reply.text == "one, "
        whole = await second.run()
    assert whole.text == "one, two"
    assert await place.history.siblings(whole.id) == [cut.id, whole.id]
    assert await place.history.message(cut.id) == cut


async def test_the_first_message_brings_its_conversation_and_title(place: Place) -> None:
    async with GPROChatServer(Reply("x")) as server:
        turn, _seen = await place.turn(server.url, "  What is\n\nthe answer?  ")
        await turn.run()
    (conversation,) = await place.history.conversations()
    assert conversation.title == "What is the answer?"
    assert conversation.leaf_id == turn.reply.id


async def test_a_secret_is_asked_for_only_where_one_is_stored(place: Place) -> None:
    # There is no keyring in this test: asking it would fail.
    free = await place.routes.to(Connection("a", "A", "openai", "http://127.0.0.1:9/v1"))
    assert free.options["api_key"] is None
    place.secrets.keep_for_session("connection/b/api_key", "sk-1")
    bound = await place.routes.to(Connection("b", "B", "openai", "http://127.0.0.1:9/v1", secrets=("api_key",)))
    assert bound.options["api_key"] == "sk-1"
    assert "sk-1" not in repr(bound)
    assert bound.options["session"] is free.options["session"], "one session for one proxy"


@given(st.text(max_size=300))
def test_a_title_is_one_short_line(text: str) -> None:
    title = title_of(text)
    assert len(title) <= TITLE_LENGTH + 1
    assert title == " ".join(title.split())
    assert title.isprintable()
    whole = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    assert whole.startswith(title.removesuffix("…").rstrip()) or title == whole


async def test_connections_with_another_trust_share_no_session(place: Place) -> None:
    plain = await place.routes.to(Connection("a", "A", "openai", "http://127.0.0.1:9/v1"))
    unchecked = {"network": {"check": False}}
    bare = await place.routes.to(Connection("b", "B", "openai", "http://127.0.0.1:9/v1", options=unchecked))
    assert plain.options["session"] is not bare.options["session"]
    assert plain.options["trust"].check
    assert not bare.options["trust"].check


async def test_what_a_file_says_that_nobody_can_be_asked_with_is_not_passed_on(place: Place) -> None:
    odd = {
        "system_prompt": 5,
        "session": 1,
        "api_key": "k",
        "temperature": "hot",
        "max_tokens": -1,
        "extra": "x",
        "new": 1,
    }
    route = await place.routes.to(
        Connection("a", "A", "openai", "http://127.0.0.1:9/v1", options={**odd, "top_p": 0.5})
    )
    assert set(route.options) == {"top_p", "url", "session", "trust", "limits", "api_key"}
    assert route.options["top_p"] == 0.5
    assert route.options["api_key"] is None
