"""Whether there is a newer version: a question to an address that a person gave, which is told nothing of who asks.

The answer is JSON: {"version": "1.2.0", "page": "https://… where it is told of"}.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from gui.errors import InvalidAddress
from gui.providers.proxy import parse_url
from gui.providers.transport import Limits, request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LARGEST: Final = 10_000  # bytes of an answer
LIMITS: Final = Limits(connect=15.0, first_byte=15.0, silence=15.0)
_VERSION: Final = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}")


@dataclass(frozen=True, slots=True)
class Release:
    """`page` is an http or https address."""

    version: str
    page: str


async def newer_release(
    address: str, current: str, proxy_for: Callable[[str], Awaitable[str | None]]
) -> Release | None:
    """What `address` tells of, if it is newer than `current`; None for an answer that tells of nothing, too. Raises
    InvalidAddress, a NetworkError, or what `proxy_for` raises.
    """
    url = parse_url(address)
    if url is None or url.scheme not in {"http", "https"} or not url.host or url.raw_user or url.raw_password:
        raise InvalidAddress(url=address.rpartition("@")[2])
    async with request("GET", url, proxy=await proxy_for(address), limits=LIMITS) as response:
        text = await response.text(LARGEST) if response.status == HTTPStatus.OK else ""
        told = _read(text)
    return told if told is not None and _numbers(told.version) > _numbers(current) else None


def _read(text: str) -> Release | None:
    try:
        told = json.loads(text)
        version, page = told["version"], told["page"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(version, str) or not isinstance(page, str) or not _VERSION.fullmatch(version):
        return None
    leads = parse_url(page)
    return Release(version, page) if leads is not None and leads.scheme in {"http", "https"} else None


def _numbers(version: str) -> list[int]:
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    while numbers and not numbers[-1]:
        numbers.pop()  # 1.0 is 1
    return numbers
