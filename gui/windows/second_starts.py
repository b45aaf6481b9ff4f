"""The program was started once more on the same data folder: this window is what the person wants to see."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from gui.instance import SHOW, SHOWN, address

ALIVE = 200
"""Milliseconds in which somebody who lives takes a connection, even where it then hangs."""


class SecondStarts(QObject):
    """Signals: came(token) -- it is to come to the front; `token` is the desktop's leave to do so, or ""."""

    came = Signal(str)

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._address = address(data_dir)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take)

    def listen(self) -> bool:
        """False where another window of this folder does, or none can: then there will be two, which is safe."""
        if self._somebody_listens():
            return False
        QLocalServer.removeServer(self._address)  # of one that died
        if not self._server.listen(self._address):
            return False
        with suppress(OSError):  # on Windows it is no file
            Path(self._address).chmod(0o600)
        return True

    def end(self) -> None:
        """Whoever starts from now on opens a window."""
        self._server.close()

    def _somebody_listens(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._address)
        found = socket.waitForConnected(ALIVE)
        socket.abort()
        return found

    def _take(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda one=socket: self._read(one))
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        word, _, token = bytes(socket.readLine().data()).rstrip(b"\n").partition(b" ")
        if word == SHOW:
            self.came.emit(token.decode("utf-8", "replace"))
            socket.write(SHOWN)
            socket.flush()
        socket.disconnectFromServer()
