"""A connection of several addresses, some of which are not reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.chat.models import ModelLists
from gui.chat.turn import Turn, ask
from gui.conversation import Conversation, State
from gui.errors import BadApiKey, ServerUnreachable, from_json
from gui.settings.connections import Connection
from tests.servers.openai import Answer, OpenAIServer, delta, failure, stream

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
