"""One window to a data folder: a second start hands over what is wanted of it to the first one, and ends.

Both sides know the address alone. The second start comes here before it has a window: what is imported for it is
little, and nothing where nobody ran before. gui/windows/second_starts.py is the other side.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from gui.request import Request, to_line

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 2.0
"""Seconds that a window which does not answer is waited for: it may hang, and then a second one opens."""

SHOWN = b"shown\n"
"""The answer."""

LONGEST = 2_000_000
"""Bytes of a request."""

TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
"""With what a desktop says that the person wants to see what was started; who shows the window needs it."""


def address(data_dir: Path) -> str:
    """Where the window of this folder listens: a socket in it, or on Windows a pipe, in whose name no backslash is."""
    if sys.platform == "win32":
        return "gprochat-" + str(data_dir).lower().replace("\\", "-").replace(":", "")
    return str(data_dir / "window.socket")


def hand_over(data_dir: Path, request: Request | None = None) -> bool:
    """Whether the program runs with this folder already, and does now what is wanted."""
    token = next((os.environ[name] for name in TOKENS if os.environ.get(name)), "")
    ask = _ask_pipe if sys.platform == "win32" else _ask_socket
    return ask(address(data_dir), to_line(request or Request(), token)) == SHOWN


def _ask_socket(path: str, request: bytes) -> bytes:
    if not os.path.exists(path):  # noqa: PTH110 -- what a Path would be made of is not imported yet
        return b""
    from _socket import AF_UNIX, SOCK_STREAM, socket  # `socket` itself takes ten times as long

    client = socket(AF_UNIX, SOCK_STREAM)
    try:
        client.settimeout(PATIENCE)
        client.connect(path)
        client.sendall(request)
        return client.recv(len(SHOWN))
    except OSError:  # it is dead, or hangs
        return b""
    finally:
        client.close()


def _ask_pipe(name: str, request: bytes) -> bytes:
    answers = []

    def ask() -> None:
        try:
            with open(rf"\\.\pipe\{name}", "r+b", buffering=0) as pipe:  # noqa: PTH123 -- no file
                _let_it_come_forward()
                pipe.write(request)
                answers.append(pipe.read(len(SHOWN)))
        except OSError:
            pass

    # A pipe knows no limit in time.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    return answers[0] if answers else b""


def _let_it_come_forward() -> None:
    """Windows lets nobody take the focus to whom the one that was started last does not give it."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
