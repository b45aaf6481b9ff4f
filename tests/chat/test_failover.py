"""A connection of several addresses, some of which are not reached."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from gui.chat import turn as turn_module
from gui.chat.models import ModelLists
from gui.chat.retry import LONGEST, RETRIES
from gui.chat.turn import Turn, ask
from gui.conversation import Conversation, State
from gui.errors import BadApiKey, Overloaded, ServerUnreachable, from_json
from gui.providers.base import Progress, Stage
from gui.settings.connections import Connection
from tests.chat.conftest import Seen
from tests.servers.openai import Answer, OpenAIServer, delta, failure, stream
from tests.servers.raw import CLOSE, RawServer

if TYPE_CHECKING:
    from gui.conversation import Message
    from tests.chat.conftest import Place

NOWHERE = "http://127.0.0.1:9/v1"


async def reply_of(place: Place, connection: Connection) -> Message:
    conversation = Conversation()
    message = await ask(place.history, conversation, "Hello?", None)
    return await Turn(place.history, place.routes, connection, conversation, message.id).run()


async def test_the_next_address_answers_where_the_first_is_not_reached(place: Place) -> None:
    async with OpenAIServer(stream("Here.")) as server:
        reply = await reply_of(place, Connection("c", "C", "openai", NOWHERE, fallbacks=(NOWHERE, server.url)))
    assert (reply.text, reply.state) == ("Here.", State.COMPLETE)


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_server_that_has_nobody_to_answer_is_not_the_last_one(place: Place, status: int) -> None:
    busy = failure(status, b"<html>no worker</html>", "text/html")
    async with OpenAIServer(busy) as first, OpenAIServer(stream("Here.")) as second:
        connection = Connection("c", "C", "openai", first.url, fallbacks=(second.url,))
        assert (await reply_of(place, connection)).text == "Here."
        # The one that answered is asked first from now on.
        await reply_of(place, connection)
        assert (len(first.requests), len(second.requests)) == (1, 2)


async def test_where_no_address_is_reached_the_last_one_says_why(place: Place) -> None:
    reply = await reply_of(place, Connection("c", "C", "openai", NOWHERE, fallbacks=("http://127.0.0.1:8/v1",)))
    error = from_json(reply.error)
    assert isinstance(error, ServerUnreachable)
    assert error.details["host"] == "127.0.0.1:8"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn_module, "SECOND", 0.001)


def busy(seconds: int) -> Answer:
    return Answer((b"later",), 503, "text/plain", headers={"Retry-After": str(seconds)})


def counted(seen: Seen) -> list[int]:
    """The seconds that each countdown began with."""
    told = [piece.seconds for piece in seen.pieces if isinstance(piece, Progress) and piece.stage is Stage.WAITING]
    return [after for before, after in itertools.pairwise([0, *told]) if after > before]


async def watched(place: Place, connection: Connection) -> tuple[Message, Seen]:
    conversation = Conversation()
    message = await ask(place.history, conversation, "Hello?", None)
    turn, seen = Turn(place.history, place.routes, connection, conversation, message.id), Seen()
    turn.watchers.append(seen)
    return await turn.run(), seen


async def test_an_address_that_drops_the_connection_is_not_waited_for(place: Place) -> None:
    async with RawServer([CLOSE]) as first, OpenAIServer(stream("Here.")) as second:
        connection = Connection("c", "C", "openai", f"{first.url}/v1", fallbacks=(second.url,))
        reply, seen = await watched(place, connection)
    assert (reply.text, first.requests, counted(seen)) == ("Here.", 1, [])


@pytest.mark.usefixtures("quick")
async def test_all_are_asked_before_any_is_waited_for_and_then_as_long_as_the_one_that_wants_most(place: Place) -> None:
    async with OpenAIServer(busy(2), stream("Here.")) as first, OpenAIServer(busy(7)) as second:
        connection = Connection("c", "C", "openai", first.url, fallbacks=(second.url,))
        reply, seen = await watched(place, connection)
        assert (len(first.requests), len(second.requests)) == (2, 1)
    assert (reply.text, counted(seen)) == ("Here.", [7])


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("gone", [False, True], ids=["the first is gone", "the last is gone"])
async def test_one_that_is_busy_is_waited_for_where_the_other_is_gone(place: Place, *, gone: bool) -> None:
    async with OpenAIServer(busy(3), busy(2), stream("Here.")) as server:
        one, other = (server.url, NOWHERE) if gone else (NOWHERE, server.url)
        reply, seen = await watched(place, Connection("c", "C", "openai", one, fallbacks=(other,)))
    assert (reply.text, counted(seen)) == ("Here.", [3, 2])


@pytest.mark.usefixtures("quick")
async def test_one_that_wants_to_be_left_alone_is_not_asked_again(place: Place) -> None:
    async with OpenAIServer(busy(LONGEST + 1)) as first, OpenAIServer(busy(1)) as second:
        reply, seen = await watched(place, Connection("c", "C", "openai", first.url, fallbacks=(second.url,)))
        assert (len(first.requests), len(second.requests)) == (1, 1 + RETRIES)
    assert isinstance(from_json(reply.error), Overloaded)
    assert counted(seen) == [1, 1, 1]


@pytest.mark.usefixtures("quick")
async def test_what_has_begun_after_waiting_is_not_asked_for_at_another_address(place: Place) -> None:
    cut = Answer((delta(content="It begins"),), cut=True)
    async with OpenAIServer(busy(1), cut) as first, OpenAIServer(busy(1), stream("Here.")) as second:
        reply, _seen = await watched(place, Connection("c", "C", "openai", first.url, fallbacks=(second.url,)))
        assert (reply.text, reply.state) == ("It begins", State.FAILED)
        assert len(second.requests) == 1


async def test_a_refused_key_is_refused_everywhere(place: Place) -> None:
    async with OpenAIServer(key="k") as first, OpenAIServer(stream("Here.")) as second:
        reply = await reply_of(place, Connection("c", "C", "openai", first.url, fallbacks=(second.url,)))
        assert isinstance(from_json(reply.error), BadApiKey)
        assert not second.requests


async def test_a_reply_that_has_begun_is_not_asked_for_again(place: Place) -> None:
    cut = Answer((delta(content="It begins"),), cut=True)
    async with OpenAIServer(cut) as first, OpenAIServer(stream("Here.")) as second:
        reply = await reply_of(place, Connection("c", "C", "openai", first.url, fallbacks=(second.url,)))
        assert (reply.text, reply.state) == ("It begins", State.FAILED)
        assert not second.requests


async def test_the_models_are_listed_by_whichever_is_reached(place: Place) -> None:
    async with OpenAIServer() as server:
        connection = Connection("c", "C", "openai", NOWHERE, fallbacks=(server.url,))
        found = await ModelLists(place.file.parent / "models.json", place.routes).fetch(connection)
    assert [model.id for model in found.models] == ["one", "two"]
