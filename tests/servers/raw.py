"""HTTP gone wrong, byte by byte: a server that writes what it is told, whatever is asked."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence
    from types import TracebackType

RESET: Final[Literal["reset"]] = "reset"
CLOSE: Final[Literal["close"]] = "close"
SILENCE: Final[Literal["silence"]] = "silence"

Step = bytes | float | Literal["reset", "close", "silence"]
"""Bytes are written; a number of seconds is waited; RESET ends the connection with RST, CLOSE in order."""

CHUNKED: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
EVENTS: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
UNDELIMITED: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
LAST: Final = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


class RawServer:
    """Plays one answer (a list of steps) a request, the last one again and again; a connection stays open unless a
    step or the client ends it. `asked`: False plays the first answer to the first bytes of a connection, whatever they
    are (a proxy of any kind). `requests` and `connections` count, `heads` are what was asked; `open` are the
    connections that stand.
    """

    def __init__(self, *answers: Sequence[Step], tls: ssl.SSLContext | None = None, asked: bool = True) -> None:
        self._answers = answers
        self._asked = asked
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests = 0
        self.heads: list[bytes] = []
        self.connections = 0
        self.open = 0
        self.host = ""

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    async def __aenter__(self) -> RawServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.host = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        await asyncio.sleep(0.01)  # before Python 3.12 that does not wait for the sockets

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.connections += 1
        self.open += 1
        try:
            await self._talk(reader, writer)
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self.open -= 1

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await (reader.readuntil(b"\r\n\r\n") if self._asked else reader.read(65536))
            if not head:
                return
            length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            if length and self._asked:
                await reader.readexactly(int(length[0].partition(b":")[2]))
            self.requests += 1
            self.heads.append(head)
            for step in self._answers[min(self.requests, len(self._answers)) - 1]:
                if isinstance(step, bytes):
                    writer.write(step)
                    await writer.drain()
                elif isinstance(step, (int, float)):
                    await asyncio.sleep(step)
                elif step == SILENCE:
                    await reader.read()
                    return
                else:
                    if step == RESET:
                        raw = writer.get_extra_info("socket")
                        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
