"""A response as it comes: its head, and its body in pieces, each read with a limit in time."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
import zlib
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

import aiohttp

from gui.errors import ConnectionCut, FirstByteTimeout, NetworkError, NotThisProtocol, SilenceTimeout

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from gui.providers.transport import Limits

ERROR_BODY: Final = 64 * 1024  # bytes read of an error's body,
ERROR_BODY_SECONDS: Final = 10.0  # and how long that may take

_UNPACKED: Final = 1024 * 1024  # bytes at once


def _seconds_from_now(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None


def _retry_after(told: str, ahead: float) -> int | None:
    """Whole seconds from now; None for no such wish, or one that cannot be read. It is a number of seconds or a date
    of the server's clock.
    """
    told = told.strip()
    if told.isascii() and told.isdigit():
        return int(told[:9])
    later = _seconds_from_now(told)
    return None if later is None else max(0, math.ceil(later - ahead))


class _Watch:
    """Ends a read, inside of which it is entered, with TimeoutError after `seconds`.

    It has one timer for all reads, which looks at the latest one when it runs out: a limit in time for each token takes
    a timer for each, and costs the event loop more than the reading.
    """

    def __init__(self, content: aiohttp.StreamReader, seconds: float) -> None:
        self._content, self._seconds = content, seconds
        self._loop = asyncio.get_running_loop()
        self._since: float | None = None  # when the read under way began
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        self._since = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._look)

    def __exit__(self, *_error: object) -> None:
        self._since = None

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if self._since is None:
            return
        due = self._since + self._seconds
        if self._loop.time() < due:
            self._timer = self._loop.call_at(due, self._look)
        else:
            self._content.set_exception(TimeoutError())


class Response:
    """The head of a response, and its body as it comes.

    `content_type` is lower-case, without parameters. `delimited`: the body tells its own end, so that a cut shows.
    `length`: its bytes, if the head says so. `location`: of a redirect, which nobody follows for the caller.
    `etag`, `content_range`: these headers.
    `ahead`: seconds that the server's clock is before ours, 0.0 if it tells no time. `retry_after`: seconds until it
    wants to be asked again, None if it does not say.
    `chunked`: its pieces are visible as the sender (or the last machine on the way that joined them) wrote them.
    """

    def __init__(
        self, raw: aiohttp.ClientResponse, host: str, secrets: tuple[str, ...], limits: Limits, deadline: float
    ) -> None:
        self._raw, self._limits, self._deadline = raw, limits, deadline
        self._watch = _Watch(raw.content, limits.silence)
        self.status = raw.status
        self.reason = raw.reason or ""
        self.host, self.secrets = host, secrets
        self.content_type = raw.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        self.chunked = "chunked" in raw.headers.get("Transfer-Encoding", "").lower()
        self.delimited = self.chunked or "Content-Length" in raw.headers
        self.via_proxy = "Via" in raw.headers
        self.length = raw.content_length
        self.location = raw.headers.get("Location", "")
        self.etag = raw.headers.get("ETag", "")
        self.content_range = raw.headers.get("Content-Range", "")
        self.ahead = _seconds_from_now(raw.headers.get("Date", "")) or 0.0
        self.retry_after = _retry_after(raw.headers.get("Retry-After", ""), self.ahead)

    @property
    def is_html(self) -> bool:
        return self.content_type in {"text/html", "application/xhtml+xml"}

    async def pieces(self) -> AsyncGenerator[tuple[bytes, bool], None]:
        """(bytes, whether they begin a piece as it was sent) until the body ends.

        Raises FirstByteTimeout, SilenceTimeout or ConnectionCut, after giving all that had arrived.
        """
        unpacking = self._unpacking()
        begins = True
        try:
            while True:
                data, ends = await self._read()
                if data:
                    self._deadline = 0.0
                    if unpacking is None:
                        yield data, begins
                    else:
                        for part in self._unpacked(unpacking, data):
                            yield part, False
                elif not ends or self._raw.content.at_eof():
                    break  # where there is no body at all (204), aiohttp gives the end of a chunk for ever
                begins = ends
        finally:
            self._watch.end()
        if unpacking is not None and not unpacking.eof:
            raise ConnectionCut(host=self.host)

    def _unpacking(self) -> zlib._Decompress | None:
        """Nobody was asked to pack anything; some do. Not left to aiohttp, which takes a cut for the end."""
        packed = self._raw.headers.get("Content-Encoding", "").strip().lower()
        if packed in {"", "identity"}:
            return None
        if packed not in {"gzip", "x-gzip", "deflate"}:
            raise NotThisProtocol(host=self.host, status=self.status, message="")
        return zlib.decompressobj(wbits=47)  # either of them, by its head

    def _unpacked(self, unpacking: zlib._Decompress, data: bytes) -> Iterator[bytes]:
        """In parts that fit into memory, however much was packed into it."""
        try:
            while data:
                yield unpacking.decompress(data, _UNPACKED)
                data = unpacking.unconsumed_tail
        except zlib.error:
            raise ConnectionCut(host=self.host) from None

    async def data(self) -> AsyncGenerator[bytes, None]:
        """As `pieces`, for whom their borders mean nothing: all that has arrived is one."""
        unpacking = self._unpacking()
        try:
            while data := await self._read_any():
                self._deadline = 0.0
                if unpacking is None:
                    yield data
                else:
                    for part in self._unpacked(unpacking, data):
                        yield part
        finally:
            self._watch.end()
        if unpacking is not None and not unpacking.eof:
            raise ConnectionCut(host=self.host)

    async def _read(self) -> tuple[bytes, bool]:
        content = self._raw.content
        failure: NetworkError
        try:
            # Of its own: a malformed chunk size leaves aiohttp waiting, past its own limits.
            if self._deadline > 0:
                async with asyncio.timeout_at(self._deadline):
                    return await content.readchunk()
            with self._watch:
                return await content.readchunk()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            if rest := self._rest(error):
                return rest, False
            failure = self._explain(error)
        raise failure

    async def _read_any(self) -> bytes:
        content = self._raw.content
        failure: NetworkError
        try:
            if self._deadline > 0:
                async with asyncio.timeout_at(self._deadline):
                    return await content.readany()
            with self._watch:
                return await content.readany()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            if rest := self._rest(error):
                return rest
            failure = self._explain(error)
        raise failure

    def _rest(self, error: Exception) -> bytes:
        """What aiohttp had read and does not hand over, since it raises before."""
        if isinstance(error, TimeoutError):
            return b""
        return self._raw.content._read_nowait(-1)  # noqa: SLF001 -- there is no public way to it

    def _explain(self, error: Exception) -> NetworkError:
        if not isinstance(error, TimeoutError):
            return ConnectionCut(host=self.host)
        first = self._deadline > 0
        kind, seconds = (FirstByteTimeout, self._limits.first_byte) if first else (SilenceTimeout, self._limits.silence)
        return kind(host=self.host, seconds=f"{seconds:g}")

    async def text(self, limit: int) -> str:
        """The whole body, or its first `limit` bytes. Raises as `pieces` does."""
        body = bytearray()
        await self._collect(body, limit)
        return body.decode("utf-8-sig", "replace")

    async def error_text(self) -> str:
        """What can be had of an error's body, quickly."""
        body = bytearray()
        with contextlib.suppress(NetworkError, TimeoutError):
            async with asyncio.timeout(ERROR_BODY_SECONDS):
                await self._collect(body, ERROR_BODY)
        return body.decode("utf-8-sig", "replace")

    async def _collect(self, body: bytearray, limit: int) -> None:
        async with contextlib.aclosing(self.data()) as pieces:
            async for data in pieces:
                body += data[: limit - len(body)]
                if len(body) >= limit:
                    return
