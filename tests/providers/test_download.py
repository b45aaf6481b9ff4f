"""A model's file from a real server that knows ranges: whole, cut and gone on with, changed meanwhile, too large."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from gui.errors import (
    ChecksumUnusable,
    DownloadDamaged,
    DownloadRefused,
    DownloadTooLarge,
    DownloadUnwritable,
    InvalidAddress,
    ModelFileUnfit,
    ServerUnreachable,
)
from gui.providers import download as module
from gui.providers.download import download, name_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CONTENT = b"GGUF" + bytes(range(256)) * 16_000  # 4 MB
SHA256 = hashlib.sha256(CONTENT).hexdigest()


async def direct(_address: str) -> None:
    return None


class FileServer:
    """Gives /model.gguf; cuts the connection after `cut` bytes of a reply, if that is set. `ranges`: what was asked."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "served.gguf"
        self.file.write_bytes(CONTENT)
        self.cut = 0
        self.slow = False
        self.ranges: list[str] = []
        self.url = ""

    async def send_on(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/model.gguf" if request.path == "/moved" else "/loop"})

    async def give(self, request: web.Request) -> web.StreamResponse:
        self.ranges.append(request.headers.get("Range", ""))
        if not self.cut and not self.slow:
            return web.FileResponse(self.file)
        found = self.file.stat()
        begin = int(self.ranges[-1].removeprefix("bytes=").removesuffix("-") or 0)
        response = web.StreamResponse(status=206 if begin else 200)
        response.content_length = found.st_size - begin
        response.headers["ETag"] = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
        if begin:
            response.headers["Content-Range"] = f"bytes {begin}-{found.st_size - 1}/{found.st_size}"
        await response.prepare(request)
        content = self.file.read_bytes()[begin : begin + self.cut if self.cut else None]
        for place in range(0, len(content), 1 << 18):
            await response.write(content[place : place + (1 << 18)])
            if self.slow:
                await asyncio.sleep(0.05)
        if self.cut and request.transport:
            request.transport.close()
        return response


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[FileServer]:
    made = FileServer(tmp_path)
    application = web.Application()
    application.router.add_get("/model.gguf", made.give)
    application.router.add_get("/moved", made.send_on)
    application.router.add_get("/loop", made.send_on)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


async def test_a_file_is_fetched_checked_and_alone_in_its_folder(server: FileServer, tmp_path: Path) -> None:
    target = tmp_path / "models" / "model.gguf"
    seen: list[tuple[int, int | None]] = []

    await download(f"{server.url}/moved", target, direct, SHA256.upper(), lambda *so_far: seen.append(so_far))

    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [there for there, _all in seen] == sorted(there for there, _all in seen)


async def test_one_that_was_cut_goes_on_from_there(server: FileServer, tmp_path: Path) -> None:
    target = tmp_path / "model.gguf"
    server.cut = 1_500_000
    with pytest.raises(Exception, match="broke"):
        await download(f"{server.url}/model.gguf", target, direct)
    assert not target.exists()

    server.cut = 0
    await download(f"{server.url}/model.gguf", target, direct, SHA256)

    assert server.ranges == ["", "bytes=1500000-"]
    assert target.read_bytes() == CONTENT


async def test_one_that_was_stopped_goes_on_from_there(server: FileServer, tmp_path: Path) -> None:
    target = tmp_path / "model.gguf"
    server.slow = True
    arrived = asyncio.Event()
    fetching = asyncio.create_task(
        download(f"{server.url}/model.gguf", target, direct, arrived=lambda *_so_far: arrived.set())
    )
    await arrived.wait()
    fetching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await fetching

    server.slow = False
    await download(f"{server.url}/model.gguf", target, direct, SHA256)

    assert int(server.ranges[1].removeprefix("bytes=").removesuffix("-")) >= 1 << 20


async def test_what_changed_meanwhile_is_fetched_anew(server: FileServer, tmp_path: Path) -> None:
    target = tmp_path / "model.gguf"
    server.cut = 1_500_000
    with pytest.raises(Exception, match="broke"):
        await download(f"{server.url}/model.gguf", target, direct)
    server.cut = 0
    server.file.write_bytes(b"GGUF" + CONTENT[::-1])

    await download(f"{server.url}/model.gguf", target, direct)

    assert target.read_bytes() == b"GGUF" + CONTENT[::-1]


async def test_one_that_is_not_what_it_should_be_is_thrown_away(server: FileServer, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    with pytest.raises(DownloadDamaged):
        await download(f"{server.url}/model.gguf", folder / "model.gguf", direct, "0" * 64)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("told", [f"sha256:{SHA256}", f" {SHA256.upper()}\n", f"{SHA256}  model.gguf"])
async def test_a_checksum_as_it_is_copied(server: FileServer, tmp_path: Path, told: str) -> None:
    await download(f"{server.url}/model.gguf", tmp_path / "model.gguf", direct, told)
    assert (tmp_path / "model.gguf").exists()


@pytest.mark.parametrize("told", ["d41d8cd98f00b204e9800998ecf8427e", "none", f"{SHA256}0"])
async def test_what_is_no_checksum_costs_no_download(server: FileServer, tmp_path: Path, told: str) -> None:
    with pytest.raises(ChecksumUnusable):
        await download(f"{server.url}/model.gguf", tmp_path / "model.gguf", direct, told)
    assert server.ranges == []


@pytest.mark.parametrize("content", [b"<html>Please log in</html>", b"GG", b""])
async def test_what_is_no_model_is_not_kept(server: FileServer, tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "model.gguf").write_bytes(CONTENT)
    server.file.write_bytes(content)
    with pytest.raises(ModelFileUnfit, match="no GGUF file"):
        await download(f"{server.url}/model.gguf", folder / "model.gguf", direct)
    assert [one.read_bytes() for one in folder.iterdir()] == [CONTENT]


async def test_one_that_has_no_room_is_not_begun(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SPARE", 1 << 60)
    folder = tmp_path / "models"
    with pytest.raises(DownloadTooLarge, match="are free in"):
        await download(f"{server.url}/model.gguf", folder / "model.gguf", direct)
    assert list(folder.iterdir()) == []


async def test_what_cannot_be_had(server: FileServer, tmp_path: Path) -> None:
    target = tmp_path / "model.gguf"
    with pytest.raises(DownloadRefused, match="status 404"):
        await download(f"{server.url}/nothing", target, direct)
    with pytest.raises(DownloadRefused):
        await download(f"{server.url}/loop", target, direct)
    with pytest.raises(ServerUnreachable):
        await download("http://127.0.0.1:9/model.gguf", target, direct)
    for address in ("ftp://example.org/x", "model.gguf", "https://user:geheim@example.org/x"):
        with pytest.raises(InvalidAddress) as caught:
            await download(address, target, direct)
        assert "geheim" not in str(caught.value)
    (tmp_path / "file").touch()
    with pytest.raises(DownloadUnwritable):
        await download(f"{server.url}/model.gguf", tmp_path / "file" / "model.gguf", direct)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.org/a/Model-Q4.gguf?download=true", "Model-Q4.gguf"),
        ("https://example.org/a/..%2F..%2Fevil.gguf", "_.._evil.gguf"),
        ("https://example.org/", ""),
    ],
)
def test_names_of_files_are_names_and_no_paths(address: str, name: str) -> None:
    assert name_of(address) == name
