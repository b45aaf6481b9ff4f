"""Each row of the table, over each of its ways, as a whole turn: what the person has of it, and what is left of it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.chat import turn as turn_module
from gui.chat.turn import Turn, ask
from gui.conversation import Conversation, Message, State
from gui.errors import GProChatError, from_json
from gui.providers import response, tls, transport
from gui.settings.connections import Connection
from gui.settings.network import Network
from tests.chat.conftest import Seen
from tests.chat.conftest import place as place  # noqa: PLC0414 -- a fixture
from tests.faults.table import PLAYS, TABLE, Fault, Way
from tests.servers import proxies
from tests.servers.certificates import Authority
from tests.servers.proxies import free_port, proxy_url
from tests.servers.raw import RawServer

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterator

    from tests.chat.conftest import Place

README = Path(__file__).resolve().parents[2] / "README.md"
USER, PASSWORD = "proxyuser", "Pr0xy.P-ss_w0rd"
SECRETS = {"secret_key": "s1gning-Key", "password": "s1te-P ss", "api_key": "sk-Api-K3y"}
MARKS = (PASSWORD, *SECRETS.values(), base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())
LIMITS = {"connect": 0.8, "first_byte": 0.3, "silence": 0.3}
LONGEST = 10.0  # s that a play may take


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, str]]:
    """Proxies that work: their addresses by way, and squid's."""
    with (
        proxies.tinyproxy(USER, PASSWORD) as http,
        proxies.microsocks(USER, PASSWORD) as socks,
        proxies.squid(USER, PASSWORD) as squid,
    ):
        yield {"http": http, "socks5": socks, "squid": squid}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ssl.SSLContext | None]:
    """What a server shows, by the table's word for it; `authority` is written where `trusted` finds it."""
    folder = tmp_path_factory.mktemp("certificates")
    known, stranger = Authority(folder), Authority(folder / "other")
    pairs = {
        "right": known.issue(),
        "expired": known.issue(begins=-3, ends=-1),
        "early": known.issue(begins=2, ends=3),
        "self-signed": known.issue(signed=False),
        "stranger": stranger.issue(),
        "wrong host": known.issue("other.example"),
    }
    contexts: dict[str, ssl.SSLContext | None] = {name: pair.server_context() for name, pair in pairs.items()}
    contexts["demanding"] = pairs["right"].server_context(clients=known.file)
    contexts["none"] = None
    os.environ["TEST_AUTHORITY"] = str(known.file)
    return contexts


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, certificates: object) -> Iterator[None]:
    """Short limits and seconds, an authority that is trusted, and loopback reached through proxies: the servers have no
    other place.
    """
    monkeypatch.setattr(Network, "limits", LIMITS)
    monkeypatch.setattr(response, "ERROR_BODY_SECONDS", 0.5)
    monkeypatch.setattr(turn_module, "SECOND", 0.001)
    monkeypatch.setattr(transport, "is_loopback", lambda _host: False)
    monkeypatch.setattr("gui.settings.network.is_loopback", lambda _host: False)
    monkeypatch.setenv("SSL_CERT_FILE", os.environ["TEST_AUTHORITY"])
    tls.tls_context.cache_clear()
    yield
    tls.tls_context.cache_clear()


@contextlib.asynccontextmanager
async def proxy_of(
    fault: Fault, way: Way, running: dict[str, str]
) -> AsyncIterator[tuple[str, proxies.Address | None]]:
    """The proxy's URL ("" for none), and the proxy that is to die."""
    scheme = {"http": "http", "socks5": "socks5h"}.get(way, "")
    login = (USER, PASSWORD)
    async with contextlib.AsyncExitStack() as stack:
        dying: proxies.Address | None = None
        match fault.proxy:
            case tuple():
                login = ("", "") if way == "socks5" and fault.proxy[:1] != (b"\x05\x02",) else login
                faulty = await stack.enter_async_context(RawServer(fault.proxy, asked=way == "http"))
                address = faulty.host
            case "nobody":
                address = f"127.0.0.1:{free_port()}"
            case "unknown":
                address = "no-such-host.invalid:8080"
            case "dies":
                start = proxies.tinyproxy if way == "http" else proxies.microsocks
                address = dying = stack.enter_context(start(USER, PASSWORD))
            case _:
                address = running["squid" if "squid" in fault.proxy else way] if scheme else ""
                if "wrong login" in fault.proxy:
                    login = (USER, f"{PASSWORD}-wrong")
                elif fault.proxy == "no login":
                    login = ("", "")
        yield proxy_url(scheme, address, *login) if scheme else "", dying


@contextlib.contextmanager
def full_listener() -> Iterator[str]:
    """A listener whose queue is full: it takes no further connection and refuses none."""
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextlib.asynccontextmanager
async def server_of(
    fault: Fault, certificates: dict[str, ssl.SSLContext | None]
) -> AsyncIterator[tuple[str, RawServer | None]]:
    if fault.url == "full":
        with full_listener() as url:
            yield url, None
    elif fault.url:
        yield f"http://127.0.0.1:{free_port()}" if fault.url == "refused" else fault.url, None
    else:
        context = certificates[fault.tls] if fault.tls else None
        async with RawServer(fault.steps, tls=context, asked=fault.tls != "none") as server:
            host = server.host.replace("127.0.0.1", "localhost")
            yield f"https://{host}" if fault.tls else server.url, server


def open_sockets() -> set[str]:
    """The sockets of this process, by their numbers in the kernel (Linux)."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(str(entry.readlink()))
    return {name for name in found if name.startswith("socket:")}


async def turn_of(place: Place, fault: Fault, url: str) -> tuple[Turn, Seen]:
    connection = Connection("test", "Test", fault.provider, url, "x" if fault.provider == "openai" else "")
    for kind, secret in SECRETS.items():
        place.secrets.keep_for_session(connection.secret_name(kind), secret)
    conversation = Conversation(connection="test")
    asked = await ask(place.history, conversation, "a question", None)
    turn, seen = Turn(place.history, place.routes, connection, conversation, asked.id), Seen()
    turn.watchers.append(seen)
    return turn, seen


async def run(turn: Turn, seen: Seen, fault: Fault, dying: proxies.Address | None) -> Message:
    """The reply when it has ended; what is to happen in its middle happens."""
    reading = asyncio.create_task(turn.run())
    if dying:
        while not seen.text:
            await asyncio.sleep(0.005)
        dying.kill()
    elif fault.error == "stop":
        await asyncio.sleep(0.5)
        turn.stop()
        await asyncio.wait([reading])
        assert reading.cancelled()
        return turn.reply
    return await asyncio.wait_for(reading, LONGEST)


@pytest.mark.parametrize(("fault", "way"), [pytest.param(fault, way, id=f"{fault.name}-{way}") for fault, way in PLAYS])
async def test_what_the_person_has_of_a_fault(
    fault: Fault,
    way: Way,
    place: Place,
    running: dict[str, str],
    certificates: dict[str, ssl.SSLContext | None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    in_the_servers_place = way == "http" and fault.http is not None
    kind = fault.http if in_the_servers_place else fault.error
    tries = 1 if in_the_servers_place else fault.tries
    sockets, tasks = open_sockets(), asyncio.all_tasks()
    async with proxy_of(fault, way, running) as (proxy, dying), server_of(fault, certificates) as (url, server):
        monkeypatch.setenv("all_proxy", proxy)
        turn, seen = await turn_of(place, fault, url)
        reply = await run(turn, seen, fault, dying)
        await place.routes.close()
        for _ in range(100):
            if server is None or way == "http" or not server.open:
                break
            await asyncio.sleep(0.01)
        # An HTTP proxy keeps its own for a while.
        assert server is None or way == "http" or server.open == 0, "a connection was left open"
        assert server is None or not server.requests or server.requests == tries
    await asyncio.sleep(0.02)
    assert asyncio.all_tasks() == tasks, "a task was left running"
    assert open_sockets() <= sockets, "a socket was left open"

    kept = await place.history.message(reply.id)
    assert kept == reply, "what is kept is not what was shown"
    error = from_json(reply.error) if reply.error else None
    if kind == "stop":
        assert reply.state is State.STOPPED
        assert reply.text == fault.text * (len(reply.text) // max(1, len(fault.text)))
        assert bool(reply.text) == bool(fault.text)
    elif kind is None:
        assert (error, reply.state) == (None, State.COMPLETE)
        assert reply.text == fault.text
    else:
        assert isinstance(error, kind), f"{error!r} {error}"
        assert reply.text == ("" if in_the_servers_place else fault.text)
        sentence = str(error).strip()
        assert "\n" not in sentence
        assert in_the_servers_place or fault.says in sentence
        assert 20 < len(sentence) < 600
        assert not re.search(r"\{\w+\}", sentence), "a gap in the sentence"
    assert_no_mark(error, reply, place.file, caplog)


def assert_no_mark(error: GProChatError | None, reply: Message, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    shown = f"{error} {error!r} {error.details if error else ''} {reply} {caplog.text}"
    files = b"".join(each.read_bytes() for each in file.parent.rglob("*") if each.is_file())
    for mark in MARKS:
        assert mark not in shown
        assert mark.encode() not in files


def test_the_readme_tells_how_many_faults_there_are() -> None:
    told = re.search(r"(\d+) faults, played (\d+) times", README.read_text(encoding="utf-8"))
    assert told is not None
    assert (int(told[1]), int(told[2])) == (len(TABLE), len(PLAYS))
    assert len(TABLE) >= 80


def test_no_two_rows_have_one_name() -> None:
    names = [fault.name for fault in TABLE]
    assert len(names) == len(set(names))
