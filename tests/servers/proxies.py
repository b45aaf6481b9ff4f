"""Real proxies on free loopback ports, each ended by its process when the context is left."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

START = 5.0  # s


def installed() -> bool:
    return bool(shutil.which("tinyproxy") and shutil.which("microsocks"))


@contextlib.contextmanager
def tinyproxy(user: str = "", password: str = "") -> Iterator[str]:
    """An HTTP proxy; gives "host:port". Its settings have no quoting: no @, quotation mark or blank in a login."""
    port = free_port()
    lines = [f"Port {port}", "Listen 127.0.0.1", "Allow 127.0.0.1", "MaxClients 20", "Timeout 60"]
    if user:
        lines.append(f"BasicAuth {user} {password}")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "tinyproxy.conf"
        settings.write_text("\n".join(lines) + "\n")
        with _running(["tinyproxy", "-d", "-c", str(settings)], port):
            yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def microsocks(user: str = "", password: str = "") -> Iterator[str]:
    """A SOCKS5 proxy; gives "host:port"."""
    port = free_port()
    login = ["-u", user, "-P", password] if user else []
    with _running(["microsocks", "-i", "127.0.0.1", "-p", str(port), *login], port):
        yield f"127.0.0.1:{port}"


def proxy_url(scheme: str, address: str, user: str = "", password: str = "") -> str:
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    return f"{scheme}://{login}{address}"


def free_port() -> int:
    """A loopback port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + START
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > limit:
                    raise
                time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(timeout=5)
