"""The way to a server, hop by hop: the first one that fails, its sentence, and the setting to change."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gui import errors
from gui.chat.diagnose import Hop, Step, diagnose
from gui.providers import tls, transport
from gui.settings.connections import Connection
from tests.providers.test_transport import tls_server as tls_server  # noqa: PLC0414 -- a fixture
from tests.servers import proxies
from tests.servers.gprochat import Failure, GPROChatServer, Reply
from tests.servers.openai import OpenAIServer, failure
from tests.servers.proxies import free_port, proxy_url
from tests.servers.raw import CHUNKED, CLOSE, SILENCE, RawServer, chunk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.chat.conftest import Place

GPROCHAT = Connection("test", "Test", "gprochat")
OPENAI = Connection("test", "Test", "openai")


async def steps_of(place: Place, connection: Connection, url: str, **secrets: str) -> list[Step]:
    for kind, value in secrets.items():
        place.secrets.keep_for_session(connection.secret_name(kind), value)
    return [step async for step in diagnose(place.routes, replace(connection, url=url))]


def shown(steps: list[Step]) -> tuple[list[str], str, str]:
    """The hops that work, the one that does not, and the setting to change."""
    failed = [step for step in steps if step.error]
    assert len(failed) <= 1
    return (
        [step.hop for step in steps if not step.error],
        failed[0].hop if failed else "",
        failed[0].setting if failed else "",
    )


async def test_a_gprochat_server_that_answers(place: Place) -> None:
    async with GPROChatServer(secret="k", password="p") as server:
        steps = await steps_of(
            place, GPROCHAT, server.url.replace("127.0.0.1", "localhost"), secret_key="k", password="p"
        )
    hops = ["name", "connection", "http", "login", "signature", "model", "first_token"]
    assert shown(steps) == (hops, "", "")
    times = {step.hop: step.milliseconds for step in steps}
    assert times.pop(Hop.SIGNATURE) is times.pop(Hop.MODEL) is None
    assert all(time is not None and 0 < time < 5000 for time in times.values())


@pytest.mark.parametrize(
    ("server", "works", "fails", "setting"),
    [
        pytest.param({"secret": "other"}, ["login"], (Hop.SIGNATURE, errors.BadSignature), "secret_key", id="key"),
        pytest.param({"password": "other"}, [], (Hop.LOGIN, errors.BadPassword), "password", id="password"),
        pytest.param({"skew": True, "ahead": -900.0}, ["login"], (Hop.SIGNATURE, errors.ClockWrong), "clock",
                     id="clock"),
        pytest.param({"verification": True}, ["login"], (Hop.LOGIN, errors.VerificationRequired), "", id="browser"),
        pytest.param({"answer": Failure.upstream(429, "Too Many Requests", "quota")}, ["login", "signature"],
                     (Hop.MODEL, errors.QuotaUsedUp), "", id="quota"),
        pytest.param({"answer": Failure.upstream(503, "Service Unavailable")}, ["login", "signature"],
                     (Hop.MODEL, errors.Overloaded), "", id="overloaded"),
        pytest.param({"answer": Failure(502, "<html>", "text/html")}, ["login"], (Hop.HTTP, errors.ServerFailed), "",
                     id="page of a failure"),
        pytest.param({"answer": Reply()}, ["login", "signature", "model"], (Hop.FIRST, errors.EmptyReply), "",
                     id="empty"),
        pytest.param({"answer": Reply(failing=True)}, ["login", "signature", "model"],
                     (Hop.FIRST, errors.ReplyBroken), "", id="broken"),
    ],
)  # fmt: skip
async def test_a_gprochat_server_s_refusals_are_told_apart(
    place: Place, server: dict[str, Any], works: list[str], fails: tuple[Hop, type[errors.GProChatError]], setting: str
) -> None:
    options = {"secret": "k", "password": "p", **server}
    script = [options.pop("answer")] if "answer" in options else []
    async with GPROChatServer(*script, **options) as running:
        steps = await steps_of(place, GPROCHAT, running.url, secret_key="k", password="p")
    assert shown(steps) == (["connection", "http", *works], fails[0], setting)
    assert type(steps[-1].error) is fails[1]


async def test_what_is_given_stands_above_what_is_kept(place: Place) -> None:
    place.secrets.keep_for_session(GPROCHAT.secret_name("password"), "kept")
    async with GPROChatServer(password="given") as server:
        connection = replace(GPROCHAT, url=server.url)
        kept = [step async for step in diagnose(place.routes, connection)]
        given = [step async for step in diagnose(place.routes, connection, given={"password": "given"})]
    assert (kept[-1].setting, given[-1].error) == ("password", None)


async def test_a_hop_is_told_as_soon_as_it_is_passed_and_nothing_stays_open_when_that_is_enough(place: Place) -> None:
    async with RawServer([SILENCE]) as server:
        steps = diagnose(place.routes, replace(GPROCHAT, url=server.url))
        first = await asyncio.wait_for(anext(steps), 2)
        assert (first.hop, first.error) == (Hop.CONNECTION, None)
        assert server.open == 1
        await steps.aclose()
        await asyncio.sleep(0.05)
        assert server.open == 0


async def test_a_server_without_a_way_to_ask_for_the_password_alone(place: Place) -> None:
    refusal = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    async with RawServer([refusal], [CHUNKED, chunk(b"yes")]) as server:
        steps = await steps_of(place, GPROCHAT, server.url)
    assert shown(steps)[0] == ["connection", "http", "login", "signature", "model", "first_token"]


async def test_an_openai_server_that_answers(place: Place) -> None:
    async with OpenAIServer(key="sk-1") as server:
        steps = await steps_of(place, OPENAI, server.url, api_key="sk-1")
    assert shown(steps) == (["connection", "http", "login", "model", "first_token"], "", "")
    assert {step.hop: step.detail for step in steps}[Hop.MODEL] == "one"


async def test_an_openai_server_that_refuses_the_key(place: Place) -> None:
    async with OpenAIServer(key="sk-1") as server:
        steps = await steps_of(place, OPENAI, server.url, api_key="sk-wrong-9")
    assert shown(steps) == (["connection", "http"], "login", "api_key")
    assert "sk-wrong-9" not in str(steps[-1].to_json())


async def test_an_openai_server_without_the_model(place: Place) -> None:
    unknown = failure(404, {"error": {"message": "The model does not exist", "code": "model_not_found"}})
    async with OpenAIServer(unknown) as server:
        steps = await steps_of(place, OPENAI, server.url)
    assert shown(steps) == (["connection", "http", "login"], "model", "model")


@pytest.mark.parametrize("connection", [GPROCHAT, OPENAI])
@pytest.mark.parametrize(
    ("url", "works", "fails", "setting"),
    [
        ("not an address", [], "name", "url"),
        ("http://no-such-host.invalid", [], "name", "url"),
        ("http://localhost:9", ["name"], "connection", "url"),
    ],
)
async def test_a_server_that_is_not_there(
    place: Place, connection: Connection, url: str, works: list[str], fails: str, setting: str
) -> None:
    assert shown(await steps_of(place, connection, url)) == (works, fails, setting)


@pytest.mark.parametrize(
    ("answer", "fails", "setting"),
    [
        ([CLOSE], "http", ""),
        ([b"SSH-2.0-OpenSSH_9.2\r\n", SILENCE], "http", "url"),
    ],
)
async def test_something_that_does_not_speak_http(place: Place, answer: list[Any], fails: str, setting: str) -> None:
    async with RawServer(answer) as server:
        assert shown(await steps_of(place, GPROCHAT, server.url)) == (["connection"], fails, setting)


async def test_a_certificate_that_nobody_knows(place: Place, tls_server: tuple[int, Path]) -> None:
    steps = await steps_of(place, GPROCHAT, f"https://localhost:{tls_server[0]}")
    assert shown(steps) == (["name", "connection"], "tls", "certificates")


async def test_tls_has_its_own_time(
    place: Place, tls_server: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_server[1]))
    tls.tls_context.cache_clear()
    steps = await steps_of(place, GPROCHAT, f"https://localhost:{tls_server[0]}")
    tls.tls_context.cache_clear()
    assert [step.hop for step in steps][:4] == ["name", "connection", "tls", "http"]
    assert all(step.milliseconds for step in steps[:4])


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is never proxied; here it is, since the servers have no other place."""
    monkeypatch.setattr(transport, "is_loopback", lambda _host: False)
    monkeypatch.setattr("gui.settings.network.is_loopback", lambda _host: False)


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("scheme", ["http", "socks5h"])
@pytest.mark.parametrize(
    ("login", "works", "fails"),
    [
        (("user", "word"), ["proxy", "http", "login", "signature", "model", "first_token"], ""),
        (("user", "wrong"), [], "proxy"),
        (None, [], "proxy"),
    ],
)
async def test_a_proxy(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    login: tuple[str, str] | None,
    works: list[str],
    fails: str,
) -> None:
    async with AsyncExitStack() as running:
        server = await running.enter_async_context(GPROChatServer())
        start = proxies.tinyproxy if scheme == "http" else proxies.microsocks
        address = running.enter_context(start("user", "word")) if login else f"127.0.0.1:{free_port()}"
        monkeypatch.setenv("all_proxy", proxy_url(scheme, address, *(login or ())))
        steps = await steps_of(place, GPROCHAT, server.url)
    assert shown(steps) == (works, fails, "proxy" if fails else "")


async def test_a_keyring_that_is_not_there(place: Place) -> None:
    bound = replace(GPROCHAT, secrets=("secret_key",))
    assert shown(await steps_of(place, bound, "http://127.0.0.1:9")) == ([], "login", "keyring")


async def test_the_embedded_model(place: Place) -> None:
    steps = await steps_of(place, Connection("local", "Embedded model", "local"), "")
    assert shown(steps) == (["model", "first_token"], "", "")


async def test_nothing_stays_open(place: Place) -> None:
    async with RawServer(
        [b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"code":0}'], [CHUNKED, chunk(b"yes"), SILENCE]
    ) as server:
        steps = await steps_of(place, GPROCHAT, server.url)
        assert not steps[-1].error
        await place.routes.close()
        await asyncio.sleep(0.05)
        assert server.open == 0
