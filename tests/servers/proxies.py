"""Real proxies (tinyproxy, squid, microsocks) on free loopback ports; leaving the context ends their processes."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

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


@contextlib.asynccontextmanager
async def behind_tls(address: str, context: ssl.SSLContext) -> AsyncIterator[str]:
    """The proxy at `address` as an HTTPS proxy, to be spoken to in TLS; gives "localhost:port"."""
    host, _, port = address.rpartition(":")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(host, int(port))
        await _join(reader, writer, *there)

    async with _listening(serve, context) as port_of_ours:
        yield f"localhost:{port_of_ours}"


@contextlib.asynccontextmanager
async def socks4(user: str = "") -> AsyncIterator[str]:
    """A SOCKS 4 proxy, which Debian has none of; with 4a's names. It knows a user by name alone, as the protocol does;
    gives "host:port".
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _version, _command, port = struct.unpack("!BBH", await reader.readexactly(4))
        raw = await reader.readexactly(4)
        who = (await reader.readuntil(b"\0"))[:-1].decode()
        name = (await reader.readuntil(b"\0"))[:-1].decode() if raw[:3] == b"\0\0\0" else socket.inet_ntoa(raw)
        if user and who != user:
            writer.write(b"\0\x5d" + bytes(6))
            writer.close()
            return
        there = await asyncio.open_connection(name, port)
        writer.write(b"\0\x5a" + bytes(6))
        await _join(reader, writer, *there)

    async with _listening(serve) as port_of_ours:
        yield f"127.0.0.1:{port_of_ours}"


@contextlib.asynccontextmanager
async def _listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:
    tasks: set[asyncio.Task[None]] = set()

    async def kept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(kept, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0.01)


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    """What comes on one side goes out on the other, until one of them ends."""

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()

    pumps = [asyncio.create_task(pump(reader, far_writer)), asyncio.create_task(pump(far_reader, writer))]
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in pumps:
            each.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        far_writer.transport.abort()
