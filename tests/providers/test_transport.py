"""The transport against servers that break HTTP, and the rules it keeps itself."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from gui import errors
from gui.providers import response as module
from gui.providers import tls, transport
from gui.providers.transport import Limits, is_loopback, open_session, request, server_address, shorten, well_formed
from tests.servers.gprochat import GPROChatServer
from tests.servers.proxies import free_port
from tests.servers.raw import CHUNKED, CLOSE, LAST, RESET, SILENCE, RawServer, Step, chunk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

QUICK = Limits(connect=2.0, first_byte=0.3, silence=0.3)
WHOLE = [CHUNKED, chunk(b"Hello"), LAST]


async def read(url: str, *, pause: float = 0.0, **options: Any) -> tuple[bytes, errors.GProChatError | None]:
    """What came, and the error after it; `pause` seconds are taken after each piece."""
    got = b""
    try:
        async with request("POST", URL(url), **{"body": {}, "limits": QUICK, **options}) as response:
            async for data, _ in response.pieces():
                got += data
                await asyncio.sleep(pause)
    except errors.GProChatError as error:
        return got, error
    return got, None


@pytest.mark.parametrize(
    ("steps", "got", "kind"),
    [
        pytest.param(WHOLE, b"Hello", None, id="whole"),
        pytest.param([CLOSE], b"", errors.ConnectionCut, id="closed before the head"),
        pytest.param([RESET], b"", errors.ConnectionCut, id="reset before the head"),
        pytest.param([CHUNKED[:20], CLOSE], b"", errors.ConnectionCut, id="closed in the head"),
        pytest.param([SILENCE], b"", errors.FirstByteTimeout, id="silent before the head"),
        pytest.param([CHUNKED, SILENCE], b"", errors.FirstByteTimeout, id="silent after the head"),
        pytest.param([CHUNKED, chunk(b"Hello"), SILENCE], b"Hello", errors.SilenceTimeout, id="silent in the body"),
        pytest.param([CHUNKED, chunk(b"Hello"), CLOSE], b"Hello", errors.ConnectionCut, id="closed in the body"),
        pytest.param([CHUNKED, chunk(b"Hello"), 0.05, RESET], b"Hello", errors.ConnectionCut, id="reset in the body"),
        pytest.param([CHUNKED, chunk(b"Hello")[:-4], CLOSE], b"Hel", errors.ConnectionCut, id="closed in a chunk"),
        pytest.param([CHUNKED, chunk(b"Hello"), 0.05, b"zz\r\nworld\r\n", SILENCE], b"Hello", errors.NetworkError,
                     id="malformed chunk size"),
        pytest.param([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHello", CLOSE], b"Hello", errors.ConnectionCut,
                     id="shorter than it said"),
        pytest.param([b"SSH-2.0-OpenSSH_9.2\r\n", SILENCE], b"", errors.NotThisProtocol, id="not HTTP"),
        pytest.param([b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n", SILENCE], b"", errors.NotThisProtocol,
                     id="endless head"),
    ],
)  # fmt: skip
async def test_broken_http_ends_in_an_error_of_ours_after_all_that_came(
    steps: Sequence[Step], got: bytes, kind: type[errors.GProChatError] | None
) -> None:
    async with RawServer(steps) as server:
        data, error = await asyncio.wait_for(read(server.url), 3)
    assert data == got
    assert isinstance(error, kind) if kind else error is None
    assert error is None or error.details["host"] == server.host


async def test_a_slow_reader_loses_nothing_to_a_cut() -> None:
    steps: list[Step] = [CHUNKED]
    for number in range(20):
        steps += [chunk(b"%02d" % number), 0.01]
    async with RawServer([*steps, RESET]) as server:
        data, error = await read(server.url, pause=0.05)
    assert data == b"".join(b"%02d" % number for number in range(20))
    assert isinstance(error, errors.ConnectionCut)


async def test_pieces_are_told_as_they_were_sent() -> None:
    joined = chunk(b"one") + chunk(b"two") + chunk(b"three")[:4]
    steps: list[Step] = [CHUNKED + joined, 0.05, chunk(b"three")[4:] + LAST]
    async with RawServer(steps) as server, request("GET", URL(server.url)) as response:
        assert response.chunked
        pieces = [piece async for piece in response.pieces()]
    assert pieces == [(b"one", True), (b"two", True), (b"t", True), (b"hree", False)]


# -- connections ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [CLOSE, RESET])
async def test_a_stale_connection_is_replaced_once(end: Step) -> None:
    async with RawServer(WHOLE, [end], WHOLE) as server, open_session(None) as session:
        assert await read(server.url, session=session) == (b"Hello", None)
        assert await read(server.url, session=session) == (b"Hello", None)
        assert (server.requests, server.connections) == (3, 2)


async def test_the_replacement_of_a_stale_connection_is_a_new_one() -> None:
    async with RawServer(WHOLE, WHOLE, [RESET], WHOLE) as server, open_session(None) as session:
        await asyncio.gather(*(read(server.url, session=session) for _ in range(2)))
        assert await read(server.url, session=session) == (b"Hello", None)
        assert (server.requests, server.connections) == (4, 3)


async def test_a_connection_that_ends_while_the_request_is_written_is_stale() -> None:
    # As aiohttp raises it when the end came between two turns of the loop, which no server can be made to hit.
    error = aiohttp.ClientOSError(None, "Can not write request body for …")
    error.__cause__ = aiohttp.ClientConnectionResetError("Cannot write to closing transport")
    attempt = transport._Attempt(asyncio.timeout(None), first_byte=1.0)
    attempt.connected = attempt.reused = True
    assert attempt.went_stale(error)
    attempt.reused = False
    assert not attempt.went_stale(error)


async def test_a_fresh_connection_is_not_tried_again() -> None:
    async with RawServer([CLOSE], WHOLE) as server, open_session(None) as session:
        assert isinstance((await read(server.url, session=session))[1], errors.ConnectionCut)
        assert server.requests == 1


@pytest.mark.parametrize("begun", [CHUNKED, CHUNKED[:30]])
async def test_a_request_whose_answer_had_begun_is_not_sent_again(begun: bytes) -> None:
    async with RawServer(WHOLE, [begun, CLOSE], WHOLE) as server, open_session(None) as session:
        await read(server.url, session=session)
        assert isinstance((await read(server.url, session=session))[1], errors.ConnectionCut)
        assert server.requests == 2


async def test_a_connection_that_never_works_is_given_up() -> None:
    async with RawServer(WHOLE, [RESET]) as server, open_session(None) as session:
        await read(server.url, session=session)
        assert isinstance((await read(server.url, session=session))[1], errors.ConnectionCut)
        assert server.requests == 3


async def test_nobody_listens() -> None:
    port = free_port()
    _, error = await read(f"http://127.0.0.1:{port}")
    assert isinstance(error, errors.ServerUnreachable)
    assert error.details == {"host": f"127.0.0.1:{port}"}


async def test_an_unknown_name() -> None:
    assert isinstance((await read("http://no-such-host.invalid/"))[1], errors.NameNotResolved)


async def test_a_connection_that_does_not_come_about() -> None:
    # A listener whose queue is full takes no further connection and refuses none.
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        _, error = await read(f"http://127.0.0.1:{address[1]}", limits=Limits(connect=0.3))
        for filler in fillers:
            filler.close()
    assert isinstance(error, errors.ConnectTimeout)
    assert "0.3 seconds" in str(error)


async def test_no_redirect_is_followed() -> None:
    async with RawServer(WHOLE) as other:
        head = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {other.url}/\r\nContent-Length: 0\r\n\r\n"
        async with RawServer([head.encode()]) as server, request("POST", URL(server.url), body={}) as response:
            assert response.status == 307
        assert other.requests == 0


async def test_an_error_s_body_is_read_in_part_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ERROR_BODY_SECONDS", 0.3)
    async with RawServer([CHUNKED, chunk(b"x" * 1_000_000), SILENCE], [CHUNKED, chunk(b"why"), SILENCE]) as server:
        async with request("POST", URL(server.url), body={}) as response:
            assert await response.error_text() == "x" * module.ERROR_BODY
        async with request("POST", URL(server.url), body={}) as response:
            assert await response.error_text() == "why"


# -- TLS --------------------------------------------------------------------------------------------------------


def certificate(folder: Path) -> tuple[Path, Path]:
    """A fresh self-signed one for localhost: (certificate, key) in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


@pytest.fixture
async def tls_server(tmp_path: Path) -> AsyncIterator[tuple[int, Path]]:
    """(port, certificate) of a server that says "Hello" to whoever trusts it."""
    trusted, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(trusted, key)

    async with RawServer([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello", CLOSE], tls=context) as server:
        yield int(server.host.rpartition(":")[2]), trusted


async def test_a_certificate_nobody_signed_is_refused(tls_server: tuple[int, Path]) -> None:
    _, error = await read(f"https://localhost:{tls_server[0]}/")
    assert isinstance(error, errors.CertificateRejected)
    assert "self-signed" in str(error)


async def test_the_system_s_certificates_are_trusted(
    tls_server: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_server[1]))
    tls.tls_context.cache_clear()
    assert await read(f"https://localhost:{tls_server[0]}/") == (b"Hello", None)
    _, error = await read(f"https://127.0.0.1:{tls_server[0]}/")
    assert isinstance(error, errors.CertificateRejected)  # it is localhost's
    tls.tls_context.cache_clear()


async def test_tls_to_a_server_without_it() -> None:
    async with RawServer(WHOLE) as server:
        _, error = await read(f"https://{server.host}/", limits=Limits(connect=0.2))
    assert isinstance(error, errors.ConnectTimeout)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as plain:
        _, error = await read(f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}/")
        await asyncio.sleep(0.01)
    assert isinstance(error, errors.TlsMissing)


async def test_certifi_s_list_is_used_where_the_system_has_none(
    tls_server: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")
    monkeypatch.setattr(tls, "_CERTIFICATES", ())
    monkeypatch.setattr("certifi.where", lambda: str(tls_server[1]))
    tls.tls_context.cache_clear()
    assert await read(f"https://localhost:{tls_server[0]}/") == (b"Hello", None)
    tls.tls_context.cache_clear()


# -- rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5h://127.0.0.1:9"])
@pytest.mark.parametrize("own", [True, False])
async def test_loopback_is_never_proxied(proxy: str, own: bool) -> None:
    async with (
        GPROChatServer() as server,
        open_session(proxy) as session,
        request("GET", URL(server.url), proxy=proxy, session=session if own else None) as response,
    ):
        assert response.status == 200


async def test_the_environment_s_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_loopback", lambda _host: False)
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with GPROChatServer() as server, request("GET", URL(server.url)) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "api.localhost", "127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "0.0.0.0"]
)
def test_loopback_hosts(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "localhost.example.org", "128.0.0.1", "10.0.0.1", "::2", "127.example.org"])
def test_other_hosts(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" https://chat.example.org/ ", "https://chat.example.org"),
        ("http://h:3000/sub/?a=b#c", "http://h:3000/sub"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://пример.рф/a%20b/", "https://xn--e1afmkfd.xn--p1ai/a%20b"),
    ],
)
def test_an_address_as_it_is_typed(typed: str, address: str) -> None:
    assert str(server_address(typed) / "x") == f"{address}/x"


@pytest.mark.parametrize(
    "proxy", ["proxy:8080", "ftp://p:1", "http://", "socks5://u:ü@p:1", "http://p:0x", f"socks5://{'u' * 256}:p@h:1"]
)
async def test_a_proxy_that_cannot_be_read(proxy: str) -> None:
    with pytest.raises(errors.ProxyUnreadable):
        open_session(proxy)


def test_what_a_server_says_is_one_short_line_without_secrets() -> None:
    assert shorten("a\n b\t\r\nc") == "a b c"
    assert len(shorten("word " * 1000)) == 300
    said = 'key p"w /ö in https://h/?k=p%22w%20%2F%C3%B6, {"pass": "p\\"w /\\u00f6"} and cCJ3IC/Dtg=='
    assert shorten(said, ['p"w /ö', ""]) == 'key … in https://h/?k=…, {"pass": "…"} and …'


def test_lone_surrogates() -> None:
    assert well_formed("a\ud800b\udc00\ud83d\ude00") == "a\ufffdb\ufffd😀"
