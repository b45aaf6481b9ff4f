"""A model's file from an address that a person gave: gone on with where it was cut, and checked."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import shutil
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from gui.errors import (
    ChecksumUnusable,
    DownloadDamaged,
    DownloadRefused,
    DownloadTooLarge,
    DownloadUnwritable,
    InvalidAddress,
    ModelFileUnfit,
)
from gui.providers.gguf import MAGIC, NOT_GGUF
from gui.providers.proxy import parse_url
from gui.providers.transport import Limits, host_of, request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from typing import IO

    from yarl import URL

    from gui.providers.response import Response

SPARE: Final = 256 << 20  # bytes that are left free on the disk
CHUNK: Final = 1 << 20  # bytes written at once
HOPS: Final = 5
LIMITS: Final = Limits(connect=15.0, first_byte=60.0, silence=60.0)
_REDIRECTS: Final = {301, 302, 303, 307, 308}


def name_of(address: str) -> str:
    """What the file at an address is called, as a file can be; "" for an address without a name."""
    url = parse_url(address)
    name = url.name if url is not None else ""
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name).strip(". ")[:200]


async def download(
    address: str,
    target: Path,
    proxy_for: Callable[[str], Awaitable[str | None]],
    sha256: str = "",
    arrived: Callable[[int, int | None], None] = lambda _bytes, _all: None,
) -> None:
    """Have what is at `address` in `target`. What there is of it stays beside it, as NAME.part, when this is cancelled
    or cut, and the next call goes on from there if the server has still the same. `arrived` is told the bytes so far,
    and how many there are if that is known. `sha256` is a checksum as it may be copied, with words around it.

    Raises a DownloadError, ModelFileUnfit for what is no GGUF file (a page that asks for a login), a NetworkError,
    InvalidAddress, or what `proxy_for` raises.
    """
    part = _Part(target)
    checksum = _checksum(sha256)
    url = _usable(parse_url(address), address)
    try:
        for _hop in range(HOPS + 1):
            found = await _get(url, await proxy_for(str(url)), part, arrived)
            if found is None:
                break
            url = _usable(parse_url(str(url.join(found))), address)
        else:
            raise DownloadRefused(host=host_of(url), status=HTTPStatus.LOOP_DETECTED.value)
        if checksum and await asyncio.to_thread(_sha256, part.file) != checksum:
            part.throw_away()
            raise DownloadDamaged(file=target.name)
        part.take_its_place()
    except OSError as error:
        raise DownloadUnwritable(file=str(part.file), reason=error.strerror or type(error).__name__) from None


class _Part:
    """What there is of a file, and what its server calls this very content (an ETag)."""

    def __init__(self, target: Path) -> None:
        self.name = target.name
        self._target = target
        self.file = target.with_name(f"{target.name}.part")
        self._tag = target.with_name(f"{target.name}.part-tag")

    def size(self) -> int:
        """Bytes to go on from: without a tag, what comes could belong to something else."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        return self.file.stat().st_size if self.file.exists() and self._tag.exists() else 0

    def is_of(self, response: Response) -> bool:
        """Whether what comes belongs to what is there; some servers send the rest of whatever they have by now."""
        return not response.etag or response.etag == self._tag.read_text("utf-8")

    def wish(self, there: int) -> dict[str, str]:
        """The headers that ask for the rest."""
        return {"Range": f"bytes={there}-", "If-Range": self._tag.read_text("utf-8")} if there else {}

    def open(self, response: Response, there: int) -> IO[bytes]:
        """For what comes, behind what is `there`. Raises DownloadTooLarge."""
        free = shutil.disk_usage(self.file.parent).free
        if not there and self.file.exists():
            free += self.file.stat().st_size
        if response.length is not None and response.length + SPARE > free:
            needed, left = (f"{size / 1e9:.1f}" for size in (response.length + SPARE, free))
            raise DownloadTooLarge(file=self._target.name, needed=needed, free=left, folder=str(self.file.parent))
        if response.etag and not response.etag.startswith("W/"):
            self._tag.write_text(response.etag, "utf-8")
        else:
            self._tag.unlink(missing_ok=True)
        return self.file.open("ab" if there else "wb")

    def throw_away(self) -> None:
        self.file.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)

    def take_its_place(self) -> None:
        self.file.replace(self._target)
        self._tag.unlink(missing_ok=True)


async def _get(url: URL, proxy: str | None, part: _Part, arrived: Callable[[int, int | None], None]) -> URL | None:
    """None once all of it is there; else where it is."""
    there = part.size()
    async with request("GET", url, proxy=proxy, headers=part.wish(there), limits=LIMITS) as response:
        if response.status in _REDIRECTS and (elsewhere := parse_url(response.location)) is not None:
            return elsewhere
        if there and response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            if response.content_range == f"bytes */{there}":
                return None  # it was complete
            part.throw_away()
            return url
        if response.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            raise DownloadRefused(host=response.host, status=response.status)
        if there and response.status == HTTPStatus.PARTIAL_CONTENT and not part.is_of(response):
            part.throw_away()
            return url
        if response.status == HTTPStatus.OK or not response.content_range.startswith(f"bytes {there}-"):
            there = 0
        with part.open(response, there) as file:
            fit = await _take(response, file, there, arrived)
    if not fit:
        part.throw_away()
        raise ModelFileUnfit(file=part.name, reason=NOT_GGUF)
    return None


async def _take(response: Response, file: IO[bytes], there: int, arrived: Callable[[int, int | None], None]) -> bool:
    """Whether it is a model's file, by how it begins; what is none is not read on."""
    whole = there + response.length if response.length is not None else None
    begins = bytearray(MAGIC if there else b"")
    waiting = bytearray()
    try:
        async with contextlib.aclosing(response.pieces()) as pieces:
            async for data, _begins in pieces:
                waiting += data
                begins += data[: len(MAGIC) - len(begins)]
                if not MAGIC.startswith(begins):
                    return False
                if len(waiting) >= CHUNK:
                    there += len(waiting)
                    taken, waiting = bytes(waiting), bytearray()
                    await asyncio.to_thread(file.write, taken)
                    arrived(there, whole)
    finally:
        file.write(waiting)  # a cut does not cost what came before it
    arrived(there + len(waiting), whole)
    return begins == MAGIC


def _checksum(told: str) -> str:
    """ "" for none. Raises ChecksumUnusable."""
    found = re.search(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", told.lower())
    if found is None and told.strip():
        raise ChecksumUnusable
    return found[0] if found else ""


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _usable(url: URL | None, address: str) -> URL:
    if url is None or url.scheme not in {"http", "https"} or not url.host or url.raw_user or url.raw_password:
        raise InvalidAddress(url=address.rpartition("@")[2])
    return url
