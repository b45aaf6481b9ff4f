"""Real proxies (tinyproxy, squid, microsocks) on free loopback ports; leaving the context ends their processes."""

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


class Address(str):
    """ "host:port" of a running proxy, and its process."""

    __slots__ = ("process",)
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """It is gone, and all its connections with it."""
        self.process.kill()
        self.process.wait(timeout=5)


def installed() -> bool:
    return all(shutil.which(name) for name in ("tinyproxy", "microsocks", "squid"))


@contextlib.contextmanager
def tinyproxy(user: str = "", password: str = "") -> Iterator[Address]:
    """An HTTP proxy; gives "host:port". Its settings have no quoting: no @, quotation mark or blank in a login."""
    port = free_port()
    lines = [f"Port {port}", "Listen 127.0.0.1", "Allow 127.0.0.1", "MaxClients 20", "Timeout 60"]
    if user:
        lines.append(f"BasicAuth {user} {password}")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "tinyproxy.conf"
        settings.write_text("\n".join(lines) + "\n")
        with _running(["tinyproxy", "-d", "-c", str(settings)], port) as address:
            yield address


@contextlib.contextmanager
def microsocks(user: str = "", password: str = "") -> Iterator[Address]:
    """A SOCKS5 proxy; gives "host:port"."""
    port = free_port()
    login = ["-u", user, "-P", password] if user else []
    with _running(["microsocks", "-i", "127.0.0.1", "-p", str(port), *login], port) as address:
        yield address


@contextlib.contextmanager
def squid(user: str = "", password: str = "") -> Iterator[Address]:
    """An HTTP proxy as companies have it, which answers 407 to a wrong login; gives "host:port"."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="squid-") as name:
        folder = Path(name)
        folder.chmod(0o777)  # started by root, it becomes another user
        lines = [
            f"http_port 127.0.0.1:{port}",
            "cache deny all",
            "cache_log /dev/null",
            "access_log none",
            "pid_filename none",
            f"coredump_dir {folder}",
            "shutdown_lifetime 0 seconds",
            "pinger_enable off",
            "dns_timeout 2 seconds",
        ]
        if user:
            # A helper of our own: one line "user password" in, OK or ERR out.
            helper = folder / "login"
            helper.write_text(f"""#!/bin/sh
while read -r user password; do
    if [ "$user" = {quote(user)} ] && [ "$password" = {quote(password)} ]; then echo OK; else echo ERR; fi
done
""")
            helper.chmod(0o755)
            lines += [f"auth_param basic program {helper}", "acl known proxy_auth REQUIRED", "http_access allow known"]
        lines.append("http_access deny all" if user else "http_access allow all")
        settings = folder / "squid.conf"
        settings.write_text("\n".join(lines) + "\n")
        with _running(["squid", "-N", "-n", f"test{port}", "-f", str(settings)], port) as address:
            yield address


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
def _running(command: list[str], port: int) -> Iterator[Address]:
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
        address = Address(f"127.0.0.1:{port}")
        address.process = process
        yield address
    finally:
        process.terminate()
        process.wait(timeout=5)
