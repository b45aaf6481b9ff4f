"""The program was started once more on the same data folder: what is wanted of it is done here.

asyncio listens, which is there anyhow: QtNetwork would be 3 MB of memory for this alone.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from gui.instance import LONGEST, SHOWN, address
from gui.override import override
from gui.request import Request, of_line

if TYPE_CHECKING:
    from collections.abc import Callable

ALIVE = 0.2
"""Seconds in which somebody who lives takes a connection, even where it then hangs."""


class SecondStarts(QObject):
    """Signals: came(Request, token) -- `token` is the desktop's leave to come to the front, or ""."""

    came = Signal(object, str)

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._address = address(data_dir)
        self._server: asyncio.AbstractServer | None = None

    async def listen(self) -> bool:
        """False where another window of this folder does, or none can: then there will be two, which is safe."""
        loop = asyncio.get_running_loop()
        try:
            if sys.platform == "win32":  # where a name can be had once
                (self._server,) = await loop.start_serving_pipe(self._request, rf"\\.\pipe\{self._address}")
            else:
                # In two steps: cancelled in the second one, there is a server to be closed.
                bound = _bind(self._address)
                self._server = await loop.create_unix_server(self._request, sock=bound, start_serving=False)
                await self._server.start_serving()
        except OSError:
            return False
        return True

    def end(self) -> None:
        """Whoever starts from now on opens a window."""
        if self._server is None:
            return
        self._server.close()
        if sys.platform != "win32":
            Path(self._address).unlink(missing_ok=True)

    def _request(self) -> _Said:
        return _Said(self.came.emit)


class _Said(asyncio.Protocol):
    """What one who was started says, in one line."""

    def __init__(self, came: Callable[[Request, str], object]) -> None:
        self._came = came
        self._said = bytearray()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._said += data
        if len(self._said) > LONGEST:
            self._transport.close()
            return
        line, ended, _ = self._said.partition(b"\n")
        if not ended:
            return
        with suppress(ValueError, RecursionError):  # it was none of ours
            self._came(*of_line(bytes(line)))
            self._transport.write(SHOWN)
        self._transport.close()


def _bind(path: str) -> socket.socket:
    """A socket that listens there. Raises OSError where somebody does already, or nobody can."""
    if _somebody_listens(path):
        raise FileExistsError(path)
    # It gets its name when it is ready, over that of one that died: where it is, it answers, and to its user alone.
    making = Path(f"{path}~")
    making.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX)
    try:
        bound.bind(str(making))
        making.chmod(0o600)
        bound.listen()
        making.replace(path)
    except OSError:
        bound.close()
        raise
    return bound


def _somebody_listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(ALIVE)
        try:
            client.connect(path)
        except OSError:
            return False
        return True
