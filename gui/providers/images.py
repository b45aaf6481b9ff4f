"""A picture of a reply, fetched because a person asked for it."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from gui.errors import ImageElsewhere, ImageRefused, ImageTooLarge, ImageUnreadable, InvalidAddress, SilenceTimeout
from gui.providers.proxy import parse_url
from gui.providers.transport import Limits, host_of, is_loopback, request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from yarl import URL

    from gui.providers.response import Response

LARGEST: Final = 10 * 1024 * 1024  # bytes
SECONDS: Final = 120.0  # for all of it
LIMITS: Final = Limits(connect=15.0, first_byte=30.0, silence=20.0)
HOPS: Final = 5  # redirects

ACCEPTED: Final = "image/png, image/jpeg, image/gif, image/webp, image/bmp"
_UNTOLD: Final = {"", "application/octet-stream", "binary/octet-stream"}
_REDIRECTS: Final = {301, 302, 303, 307, 308}


async def fetch_image(
    address: str,
    proxy_for: Callable[[str], Awaitable[str | None]],
    arrived: Callable[[int, int | None], None] = lambda _bytes, _all: None,
) -> bytes:
    """The bytes at an http or https `address`; nothing is said of who asks, or from where.

    `proxy_for` decides anew for each redirect. One that leads to this computer or its network is not followed from
    outside. `arrived` is told the bytes so far, and how many there are if that is known. Raises an ImageError, a
    NetworkError, InvalidAddress, or what `proxy_for` raises.
    """
    url = _usable(parse_url(address), InvalidAddress(url=address))
    first = url
    try:
        async with asyncio.timeout(SECONDS):
            for _hop in range(HOPS + 1):
                got = await _get(url, await proxy_for(str(url)), arrived)
                if isinstance(got, bytes):
                    return got
                elsewhere = ImageElsewhere(host=host_of(first))
                target = _usable(parse_url(str(url.join(got))), elsewhere)
                if _is_inside(target) and not _is_inside(url):
                    raise elsewhere
                url = target
    except TimeoutError:
        late = True
    else:
        late = False
    raise SilenceTimeout(host=host_of(url), seconds=f"{SECONDS:g}") if late else ImageElsewhere(host=host_of(first))


async def _get(url: URL, proxy: str | None, arrived: Callable[[int, int | None], None]) -> bytes | URL:
    async with request("GET", url, proxy=proxy, headers={"Accept": ACCEPTED}, limits=LIMITS) as response:
        if response.status in _REDIRECTS and (target := parse_url(response.location)) is not None:
            return target
        if response.status != HTTPStatus.OK:
            raise ImageRefused(host=response.host, status=response.status)
        if response.content_type not in _UNTOLD and not response.content_type.startswith("image/"):
            raise ImageUnreadable
        return await _body(response, arrived)


async def _body(response: Response, arrived: Callable[[int, int | None], None]) -> bytes:
    if (response.length or 0) > LARGEST:
        raise ImageTooLarge
    body = bytearray()
    async with contextlib.aclosing(response.pieces()) as pieces:
        async for data, _begins in pieces:
            body += data
            if len(body) > LARGEST:
                raise ImageTooLarge
            arrived(len(body), response.length)
    return bytes(body)


def _usable(url: URL | None, error: Exception) -> URL:
    """A login in an address would be sent to whoever wrote it there."""
    if url is None or url.scheme not in {"http", "https"} or not url.host or url.raw_user or url.raw_password:
        raise error
    return url


def _is_inside(url: URL) -> bool:
    """Whether it is this computer or, by its number, its network."""
    host = url.host or ""
    try:
        return is_loopback(host) or not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
