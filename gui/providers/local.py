"""The embedded model: a child process with a server on loopback (engine.py), spoken to as an OpenAI-compatible one."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import tomllib
from collections import deque
from concurrent.futures import Future
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from typing_extensions import override

from gui.errors import (
    EngineCrashed,
    EngineMissing,
    ModelFileDamaged,
    ModelFileMissing,
    ModelFileUnfit,
    ModelNotLoaded,
    NetworkError,
)
from gui.providers.base import AsyncGeneratorProvider, ChatMessage, Piece, Progress, ProviderModelMixin, Stage
from gui.providers.engine import CONTEXT_TOKENS, CONTEXT_VARIABLE, KEY_VARIABLE, ready_limit
from gui.providers.gguf import GONE, read_gguf
from gui.providers.openai import OpenAI
from gui.providers.transport import Limits

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

HOME = Path(__file__).parents[2]
"""What holds gui/ and resources/: the source tree, or a frozen program's bundle."""

with (HOME / "resources" / "models.toml").open("rb") as _file:
    _MODEL = tomllib.load(_file)["model"][0]

IDLE_LIMIT = 600.0
"""Seconds after a reply, after which the model's memory is given back."""

LOOK = 0.25
"""Seconds between two looks at how far the loading is."""

MODEL_NAME: str = _MODEL["name"]
MODEL_FILE: str = _MODEL["file"]
MODEL_SIZE: int = _MODEL["size"]
MODEL_SHA256: str = _MODEL["sha256"]


def find_model(data_dir: Path) -> Path:
    """The shipped model's file: beside the program, or in `data_dir`/models. Raises ModelFileMissing."""
    for folder in (HOME / "resources" / "models", data_dir / "models"):
        if (folder / MODEL_FILE).is_file():
            return folder / MODEL_FILE
    raise ModelFileMissing(file=MODEL_FILE)


class Local(AsyncGeneratorProvider, ProviderModelMixin):
    """The model inside the program. It is tiny: English, and often wrong; any other GGUF file can take its place."""

    default_model = MODEL_NAME
    settable = OpenAI.settable

    @classmethod
    @override
    async def create_async_generator(
        cls,
        model: str,
        messages: list[ChatMessage],
        proxy: str | None = None,
        *,
        engine: Engine | None = None,
        system_prompt: str | None = None,
        limits: Limits | None = None,
        temperature: float | None = 0.2,
        top_p: float | None = 0.9,
        max_tokens: int | None = 512,
        stop: list[str] | None = None,
        extra: dict[str, Any] | None = None,
        **_options: Any,
    ) -> AsyncGenerator[Piece, None]:
        """Stream the reply of `engine`, which is started first (Progress STARTING) where it is not up.

        The sampling is what suits the shipped model. `extra` goes into the request as it is. `proxy` is not used: the
        address is on loopback. Raises EngineError kinds (EngineMissing without `engine`), ContextTooLong, and what
        OpenAI raises.
        """
        if engine is None:
            raise EngineMissing
        async with engine.in_use():
            async with aclosing(engine.progress()) as loading:
                async for done in loading:
                    yield Progress(Stage.STARTING, done)
            address = await engine.start()
            reply = OpenAI.create_async_generator(
                cls.get_model(model),
                messages,
                None,
                url=f"{address.url}/v1",
                api_key=address.key,
                system_prompt=system_prompt,
                limits=limits or Limits(),
                temperature=temperature,
                top_p=top_p,
                max_tokens=max_tokens,
                stop=stop,
                # With progress on, a stop takes effect while the prompt is still being read.
                extra={"repeat_penalty": 1.1, "return_progress": True} | (extra or {}),
            )
            try:
                async with aclosing(reply) as pieces:
                    async for piece in pieces:
                        yield piece
            except NetworkError as error:
                reason = await engine.crash_reason()
                if reason is None:
                    raise
                raise EngineCrashed(reason=reason) from error


OF_A_PERSON: dict[str, Any] = {"temperature": None, "top_p": None, "max_tokens": None, "extra": {"repeat_penalty": 1.0}}
"""Options for a file that is not the shipped one: what its engine finds right."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running engine listens (`url` has no path) and the key it demands."""

    url: str
    key: str = field(repr=False)


class Engine:
    """The process of one model file; started when first needed, started anew after a crash, ended by `close`, and
    meanwhile when it has not been used for a while.

    `own`: the file is a person's, and is checked by its header, not by the checksum of what was shipped.
    """

    def __init__(
        self,
        model_file: Path,
        *,
        ready_limit: float | None = None,
        context: int = CONTEXT_TOKENS,
        own: bool = False,
        idle_limit: float = IDLE_LIMIT,
    ) -> None:
        self._model_file = model_file
        self._ready_limit = ready_limit
        self._context = context
        self._own = own
        self._idle_limit = idle_limit
        self._lock = asyncio.Lock()
        self._child: _Child | None = None
        self._checked: tuple[int, int] | None = None  # time and size of the file that was found whole
        self._closed = False
        self._users = 0
        self._idle: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether it is up and takes requests."""
        return self._child is not None and self._child.alive and self._child.is_ready

    @asynccontextmanager
    async def in_use(self) -> AsyncIterator[None]:
        """It is not ended within this but by `close`; some time after it, it is."""
        self._users += 1
        if self._idle is not None:
            self._idle.cancel()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users and not self._closed:
                self._idle = asyncio.create_task(self._end_later())

    async def _end_later(self) -> None:
        await asyncio.sleep(self._idle_limit)
        await self.unload()

    async def unload(self) -> None:
        """Give its memory back, unless it is in use; the next `start` loads it again."""
        if not self._users and self._child is not None:
            await self._child.end()

    async def progress(self) -> AsyncGenerator[float | None, None]:
        """Start it, and tell how much of the file is in memory until all of it is; nothing where it runs already.

        What goes wrong is for `start` to tell.
        """
        if self.running:
            return
        yield None
        starting = asyncio.ensure_future(self.start())
        try:
            while not (await asyncio.wait([starting], timeout=LOOK))[0]:
                done = self._child.loaded() if self._child is not None else None
                if done is not None:
                    yield done
        finally:
            starting.cancel()
            await asyncio.wait([starting])
            if not starting.cancelled():
                starting.exception()  # it has been seen

    async def start(self) -> Address:
        """The address of the running engine, which is started where there is none; any number of callers may wait.

        A cancelled caller leaves the engine loading for the next one. Raises ModelFileMissing, ModelFileDamaged
        (the shipped file is not what was shipped), ModelFileUnfit, ModelNotLoaded, EngineMissing, EngineCrashed.
        """
        async with self._lock:
            if self._child is None or not self._child.alive:
                await self._check_file()
                if self._closed:
                    raise EngineCrashed(reason="")
                self._child = _Child(self._model_file, self._context)
            child = self._child
        return await child.ready(ready_limit(self._model_file) if self._ready_limit is None else self._ready_limit)

    async def crash_reason(self) -> str | None:
        """Why the engine ended (one line), None if it lives; waits a moment, as its socket closes before it ends."""
        if self._child is None or not await self._child.gone(within=0.5):
            return None
        return self._child.last_words()

    async def close(self) -> None:
        """End the process, within about a second, also while it starts; for good: `start` then fails."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        if self._child is not None:
            await self._child.end()

    async def _check_file(self) -> None:
        try:
            state = self._model_file.stat()
            if self._own:
                await asyncio.to_thread(read_gguf, self._model_file)
                return
            if self._model_file.name != MODEL_FILE or self._checked == (state.st_mtime_ns, state.st_size):
                return
            # Damaged weights load without complaint, and talk nonsense.
            whole = state.st_size == MODEL_SIZE and await asyncio.to_thread(_sha256, self._model_file) == MODEL_SHA256
        except OSError:
            if self._own:
                raise ModelFileUnfit(file=self._model_file.name, reason=GONE) from None
            raise ModelFileMissing(file=self._model_file.name) from None
        if not whole:
            raise ModelFileDamaged(file=self._model_file.name)
        self._checked = (state.st_mtime_ns, state.st_size)


def _harmless(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without what may hold a secret: those of --ask, and proxies, whose addresses may hold a login."""
    return {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith("GPROCHAT_") and not name.upper().endswith("_PROXY")
    }


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


class _Child:
    """One run of the process, and the two threads that read what it says until it ends.

    Threads, because whether asyncio's own subprocesses work depends on the loop and the system: qasync's do on Unix.
    """

    def __init__(self, model_file: Path, context: int) -> None:
        self._file = model_file
        self._key = secrets.token_urlsafe(32)
        self._report: Future[dict[str, str]] = Future()  # its line on stdout; empty if it ended without one
        self._ended: Future[None] = Future()
        self._said: deque[str] = deque(maxlen=20)
        command = ["--engine"] if getattr(sys, "frozen", False) else ["-m", "gui.providers.engine"]
        try:
            self._process = subprocess.Popen(  # noqa: S603 -- our own program
                [sys.executable, *command, str(model_file.absolute())],
                cwd=HOME,
                env=_harmless(os.environ)
                | {KEY_VARIABLE: self._key, CONTEXT_VARIABLE: str(context)}
                | {"OMP_WAIT_POLICY": "PASSIVE", "GGML_NO_BACKTRACE": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise EngineCrashed(reason=error.strerror or "") from None
        for read, stream in ((self._read_report, self._process.stdout), (self._read_errors, self._process.stderr)):
            threading.Thread(target=read, args=(stream,), name=f"engine {self._process.pid}", daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def is_ready(self) -> bool:
        return self._report.done() and "url" in self._report.result()

    def loaded(self) -> float | None:
        """How much of the file is in the process's memory, 0 to 1; None if that cannot be seen."""
        import psutil

        with contextlib.suppress(psutil.Error, OSError):
            return min(psutil.Process(self._process.pid).memory_info().rss / max(self._file.stat().st_size, 1), 1.0)
        return None

    async def ready(self, limit: float) -> Address:
        if not await _done(self._report, limit):
            self._process.kill()
            raise EngineCrashed(reason=f"It was not ready within {limit:g} seconds.")
        report = self._report.result()
        if "url" in report:
            return Address(report["url"], self._key)
        match report.get("failed"):
            case "engine":
                raise EngineMissing
            case "model":
                # The first error is the cause, the others are those that followed from it.
                raise ModelNotLoaded(file=self._file.name, reason=self._said[0])
            case _:
                raise EngineCrashed(reason=self.last_words())

    async def gone(self, *, within: float) -> bool:
        return await _done(self._ended, within)

    def last_words(self) -> str:
        code = self._process.returncode
        ending = next((sign.name for sign in signal.Signals if sign == -code), f"exit status {code}")
        return f"{self._said[-1]} ({ending})" if self._said else ending

    async def end(self) -> None:
        self._close_stdin()
        for stop in (self._process.terminate, self._process.kill):
            if await self.gone(within=0.4):
                return
            stop()
        await self.gone(within=0.4)

    def _close_stdin(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()

    def _read_report(self, stdout: IO[bytes]) -> None:
        with stdout:
            line = stdout.readline()
        report = json.loads(line) if line else {}
        if "url" not in report:
            self._ended.result()  # then everything it said about it has been read
        self._report.set_result(report)

    def _read_errors(self, stderr: IO[bytes]) -> None:
        with stderr:
            while line := stderr.readline(1000).decode(errors="replace"):
                # llama.cpp puts the time and " E " before an error.
                self._said.append(line.partition(" E ")[2].strip() or line.strip())
        self._process.wait()
        self._close_stdin()
        self._ended.set_result(None)


async def _done(future: Future[Any], within: float) -> bool:
    await asyncio.wait([asyncio.wrap_future(future)], timeout=within)
    return future.done()
