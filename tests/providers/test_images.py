from __future__ import annotations

import pytest

from gui import errors
from gui.providers import images
from gui.providers.images import LARGEST, fetch_image
from tests.servers.raw import CHUNKED, CLOSE, LAST, RESET, RawServer, chunk

OK = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n"


async def direct(_address: str) -> str | None:
    return None


def moved(target: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()


def status(line: str, kind: str = "image/png") -> bytes:
    return f"HTTP/1.1 {line}\r\nContent-Type: {kind}\r\nContent-Length: 2\r\n\r\nhi".encode()


async def test_the_bytes_as_they_arrive() -> None:
    told: list[tuple[int, int | None]] = []
    async with RawServer([OK % 6, b"abc", 0.05, b"def"]) as server:
        data = await fetch_image(f"{server.url}/a.png?b=c", direct, lambda *some: told.append(some))
    assert data == b"abcdef"
    assert told[-1] == (6, 6)


async def test_nothing_is_said_of_who_asks() -> None:
    async with RawServer([b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 1\r\n\r\na"]) as server:
        for _time in range(2):
            await fetch_image(f"{server.url}/a.png", direct)
        names = {line.partition(b":")[0].lower() for head in server.heads for line in head.split(b"\r\n")[1:] if line}
    assert names == {b"host", b"user-agent", b"accept", b"accept-encoding"}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ([status("404 Not Found")], errors.ImageRefused),
        ([status("200 OK", "text/html; charset=utf-8")], errors.ImageUnreadable),
        ([OK % (LARGEST + 1)], errors.ImageTooLarge),
        ([CHUNKED.replace(b"text/plain", b"image/png"), *[chunk(b"a" * LARGEST)] * 2, LAST], errors.ImageTooLarge),
        ([OK % 6, b"abc", CLOSE], errors.ConnectionCut),
        ([RESET], errors.ConnectionCut),
        ([moved("file:///etc/passwd")], errors.ImageElsewhere),
        ([moved("http://user:word@127.0.0.1/")], errors.ImageElsewhere),
        ([moved("/again")], errors.ImageElsewhere),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
async def test_trouble(answer: list[bytes], kind: type[errors.GProChatError]) -> None:
    async with RawServer(answer) as server:
        with pytest.raises(kind):
            await fetch_image(f"{server.url}/a.png", direct)


async def test_a_redirect_is_followed_and_asked_for_anew() -> None:
    asked: list[str] = []

    async def proxy_for(address: str) -> str | None:
        asked.append(address)
        return None

    async with RawServer([moved("/b.png")], [OK % 1, b"a"]) as server:
        assert await fetch_image(f"{server.url}/a.png", proxy_for) == b"a"
        assert asked == [f"{server.url}/a.png", f"{server.url}/b.png"]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/a", "http://localhost/a", "http://192.168.0.1/a", "http://[::1]/"]
)
async def test_no_redirect_leads_from_outside_to_this_computer_or_its_network(target: str) -> None:
    async with RawServer([moved(target)]) as server:

        async def through(_address: str) -> str | None:
            return server.url

        with pytest.raises(errors.ImageElsewhere):
            await fetch_image("http://images.example/a.png", through)
        assert [head.split(b"\r\n")[0] for head in server.heads] == [b"GET http://images.example/a.png HTTP/1.1"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://a.example/b", "http://u:p@a.example/b", "http://", "a"]
)
async def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(errors.InvalidAddress):
        await fetch_image(address, direct)


async def test_all_of_it_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "SECONDS", 0.2)
    async with RawServer([OK % 9, b"a", 0.1, b"a", 0.1, b"a", 0.1, b"a"]) as server:
        with pytest.raises(errors.SilenceTimeout):
            await fetch_image(f"{server.url}/a.png", direct)


async def test_where_the_proxy_cannot_be_read_nothing_is_sent() -> None:
    async def unreadable(_address: str) -> str | None:
        raise errors.ProxyUnreadable(reason="")

    async with RawServer([OK % 1, b"a"]) as server:
        with pytest.raises(errors.ProxyUnreadable):
            await fetch_image(f"{server.url}/a.png", unreadable)
        assert server.requests == 0
