"""What is asked for again: bounded, with a countdown, and only while nothing had come of a reply."""

from __future__ import annotations

import asyncio
import time
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from gui import errors
from gui.chat import turn as turn_module
from gui.chat.retry import LONGEST, RETRIES, wait_before_retry
from gui.conversation import State
from gui.errors import from_json
from gui.providers.base import Progress, Stage
from tests.servers.gprochat import Failure, GPROChatServer, Reply
from tests.servers.raw import CHUNKED, CLOSE, LAST, RESET, RawServer, Step, chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chat.conftest import Place, Seen

WHOLE: list[Step] = [CHUNKED, chunk(b"Hello"), LAST]


def busy(status: int = 429, header: str = "", body: bytes = b"slow down") -> list[Step]:
    lines = [f"HTTP/1.1 {status} x", "Content-Type: text/plain", f"Content-Length: {len(body)}"]
    return ["\r\n".join([*lines, *([header] if header else []), "", ""]).encode() + body]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn_module, "SECOND", 0.001)


def counted(seen: Seen) -> list[int]:
    return [piece.seconds for piece in seen.pieces if isinstance(piece, Progress) and piece.stage is Stage.WAITING]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("first", "seconds"),
    [
        ([CLOSE], [1, 0]),
        ([RESET], [1, 0]),
        (busy(), [1, 0]),
        (busy(503), [1, 0]),
        (busy(429, "Retry-After: 3"), [3, 2, 1, 0]),
        (busy(503, "retry-after: 0"), [0]),
        (busy(429, "Retry-After: soon"), [1, 0]),
        (busy(429, "Retry-After: -5"), [1, 0]),
    ],
)
async def test_one_failure_and_the_reply_comes(place: Place, first: Sequence[Step], seconds: list[int]) -> None:
    async with RawServer(first, WHOLE) as server:
        turn, seen = await place.turn(server.url)
        reply = await turn.run()
        assert server.requests == 2
    assert (reply.state, reply.text) == (State.COMPLETE, "Hello")
    assert counted(seen) == seconds


@pytest.mark.usefixtures("quick")
async def test_a_date_is_one_of_the_servers_clock(place: Place) -> None:
    now = time.time() + 3600  # as the server has it
    dates = f"Date: {formatdate(now, usegmt=True)}\r\nRetry-After: {formatdate(now + 5, usegmt=True)}"
    async with RawServer(busy(503, dates), WHOLE) as server:
        turn, seen = await place.turn(server.url)
        await turn.run()
    assert counted(seen) in ([5, 4, 3, 2, 1, 0], [6, 5, 4, 3, 2, 1, 0])


@pytest.mark.usefixtures("quick")
async def test_a_storm_of_429_is_given_up(place: Place) -> None:
    async with RawServer(busy()) as server:
        turn, seen = await place.turn(server.url)
        reply = await turn.run()
        assert server.requests == 1 + RETRIES
    assert isinstance(from_json(reply.error), errors.RateLimited)
    assert counted(seen) == [1, 0, 2, 1, 0, 4, 3, 2, 1, 0]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(busy(429, f"Retry-After: {LONGEST + 1}"), errors.RateLimited, id="a wish for more than is waited"),
        pytest.param(busy(500), errors.ServerFailed, id="500"),
        pytest.param([CHUNKED, chunk(b"Hel"), RESET], errors.ConnectionCut, id="reset after the first byte"),
        pytest.param([CHUNKED[:20], CLOSE], errors.ConnectionCut, id="closed in the head"),
        pytest.param(
            busy(500, body=Failure.upstream(429, "Too Many Requests", "quota").body.encode()),  # type: ignore[union-attr]
            errors.QuotaUsedUp,
            id="quota",
        ),
    ],
)
async def test_what_is_not_asked_for_again(
    place: Place, answer: Sequence[Step], kind: type[errors.GProChatError]
) -> None:
    async with RawServer(answer, WHOLE) as server:
        turn, seen = await place.turn(server.url)
        reply = await turn.run()
        assert server.requests == 1
    assert type(from_json(reply.error)) is kind
    assert not counted(seen)


async def test_stop_ends_the_countdown(place: Place) -> None:
    async with RawServer(busy(429, "Retry-After: 60"), WHOLE) as server:
        turn, seen = await place.turn(server.url)
        running = asyncio.create_task(turn.run())
        while not counted(seen):
            await asyncio.sleep(0.01)
        turn.stop()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(running, 1)
        assert server.requests == 1
    assert turn.reply.state is State.STOPPED


async def test_the_countdown_says_why(place: Place) -> None:
    async with RawServer(busy(503, "Retry-After: 60")) as server:
        turn, seen = await place.turn(server.url)
        running = asyncio.create_task(turn.run())
        while not counted(seen):
            await asyncio.sleep(0.01)
        turn.stop()
        await asyncio.wait([running])
    assert turn.progress is not None
    assert isinstance(turn.progress.why, errors.Overloaded)
    assert turn.progress.seconds == 60


@pytest.mark.usefixtures("quick")
async def test_an_upstream_that_is_overloaded_is_asked_again(place: Place) -> None:
    async with GPROChatServer(Failure.upstream(503, "Service Unavailable"), Reply("Hello")) as server:
        turn, _seen = await place.turn(server.url)
        assert (await turn.run()).text == "Hello"


def test_the_number_of_tries_is_bounded() -> None:
    busy_server = errors.RateLimited(host="h", message="", retry_after=0)
    assert [wait_before_retry(busy_server, tries) for tries in range(1, RETRIES + 2)] == [0, 0, 0, None]
