"""Automatic configuration: real scripts in the real process, also such as never end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from gui.errors import PacFailed
from gui.settings.pac import find_proxy, read_answer
from tests.servers.raw import SILENCE, RawServer

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
function FindProxyForURL(url, host) {
    if (isPlainHostName(host) || dnsDomainIs(host, ".direct.example")) return "DIRECT";
    if (isInNet(host, "10.0.0.0", "255.0.0.0")) return "SOCKS5 socks.example:1081; DIRECT";
    if (shExpMatch(url, "https:*")) return "PROXY secure.example:3129";
    if (url.indexOf("geheim") >= 0) return "PROXY told.example:1";
    return "PROXY plain.example:3128; SOCKS other.example:1080";
}
"""


def script(folder: Path, text: str) -> str:
    file = folder / "proxy.pac"
    file.write_text(text)
    return file.as_uri()


@pytest.mark.parametrize(
    ("scheme", "host", "proxy"),
    [
        ("http", "chat.example", "http://plain.example:3128"),
        ("https", "chat.example", "http://secure.example:3129"),
        ("http", "10.1.2.3", "socks5://socks.example:1081"),
        ("http", "a.direct.example", None),
        ("http", "printer", None),
    ],
)
async def test_a_script_decides(tmp_path: Path, scheme: str, host: str, proxy: str | None) -> None:
    assert await find_proxy(script(tmp_path, SCRIPT), scheme, host, 8080) == proxy


async def test_a_script_from_a_server() -> None:
    body = SCRIPT.encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    async with RawServer([answer, "close"]) as server:
        assert await find_proxy(f"{server.url}/proxy.pac", "https", "chat.example", 443) == "http://secure.example:3129"
        assert server.requests == 1


@pytest.mark.parametrize(
    "text",
    ["", "function FindProxyForURL(", "function FindProxyForURL(u, h) { throw 1 }",
     "function FindProxyForURL(u, h) { return 'NONSENSE' }", "function FindProxyForURL(u, h) { return null }"],
)  # fmt: skip
async def test_a_script_that_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(PacFailed):
        await find_proxy(script(tmp_path, text), "http", "chat.example", 80)


async def test_a_script_that_never_ends_is_ended(tmp_path: Path) -> None:
    began = time.monotonic()
    endless = script(tmp_path, "function FindProxyForURL(u, h) { while (true) {} }")
    with pytest.raises(PacFailed, match=r"0\.5 seconds"):
        await find_proxy(endless, "http", "chat.example", 80, limit=0.5)
    assert time.monotonic() - began < 3


async def test_a_server_that_does_not_give_its_script() -> None:
    async with RawServer([SILENCE]) as server:
        with pytest.raises(PacFailed):
            await find_proxy(server.url, "http", "chat.example", 80, limit=0.5)


@pytest.mark.parametrize("address", ["", "ftp://x/proxy.pac", "file:///no/such/file", "http://127.0.0.1:9/"])
async def test_an_address_without_a_script(address: str) -> None:
    with pytest.raises(PacFailed):
        await find_proxy(address, "http", "chat.example", 80)


async def test_a_script_knows_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPROCHAT_API_KEY", "geheim")
    looks = "function FindProxyForURL(u, h) { return 'PROXY ' + JSON.stringify(process.env).replace(/ /g, '') }"
    told = await find_proxy(script(tmp_path, looks), "http", "chat.example", 80)
    assert told is not None
    assert "PATH" in told
    assert "geheim" not in told
    assert "HOME" not in told


@pytest.mark.parametrize(
    ("answer", "proxy"),
    [
        ("DIRECT", None),
        (" direct ; PROXY a:1", None),
        ("HTTPS a:1", "https://a:1"),
        ("SOCKS a:1", "socks5://a:1"),
        ("SOCKS4 a:1", "socks4://a:1"),
    ],
)
def test_answers(answer: str, proxy: str | None) -> None:
    assert read_answer(answer) == proxy


@pytest.mark.parametrize("answer", ["", ";", "PROXY", "QUIC a:1", "PROXY a:1 b"])
def test_answers_that_are_none(answer: str) -> None:
    with pytest.raises(PacFailed):
        read_answer(answer)
