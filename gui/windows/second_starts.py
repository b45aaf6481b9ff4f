"""The program was started once more on the same data folder: this window is what the person wants to see.

asyncio listens, which is there anyhow: QtNetwork would be 3 MB of memory for this alone.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from gui.instance import SHOW, SHOWN, address
from gui.override import override

if TYPE_CHECKING:
    from collections.abc import Callable

ALIVE = 0.2
"""Seconds in which somebody who lives takes a connection, even where it then hangs."""


class SecondStarts(QObject):
    """Signals: came(token) -- it is to come to the front; `token` is the desktop's leave to do so, or ""."""

    came = Signal(str)

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
                self._server = await loop.create_unix_server(self._request, sock=_bind(self._address))
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

    def _request(self) -> _Request:
        return _Request(self.came.emit)


class _Request(asyncio.Protocol):
    """What one who was started says, in one line."""

    def __init__(self, came: Callable[[str], object]) -> None:
        self._came = came
        self._said = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._said += data
        line, ended, _ = self._said.partition(b"\n")
        if not ended:
            return
        word, _, token = line.partition(b" ")
        if word == SHOW:
            self._came(token.decode("utf-8", "replace"))
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
