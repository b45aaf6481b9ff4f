"""The embedded model, for real: its process, its file, its replies. Needs the model's file (packaging/dev.py setup)."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gui.errors import (
    BadApiKey,
    ContextTooLong,
    EngineCrashed,
    EngineMissing,
    ModelFileDamaged,
    ModelFileMissing,
    ModelFileUnfit,
    ModelNotLoaded,
)
from gui.providers import local
from gui.providers.base import ChatMessage, Finish, Piece, Progress, Stage, Usage
from gui.providers.engine import KEY_VARIABLE
from gui.providers.local import HOME, MODEL_FILE, Engine, Local, find_model
from gui.providers.openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

# Loads like a large file does: for long, and without letting Python run.
LOADS_FOREVER = """
import ctypes
class CommonParams:
    def __init__(self): self.model, self.cpuparams = type("", (), {})(), type("", (), {})()
class Server:
    def __init__(self, parameters): ctypes.PyDLL(None).sleep(50)
"""


@pytest.fixture(scope="session")
def model_file() -> Path:
    file = HOME / "resources" / "models" / MODEL_FILE
    assert file.is_file(), f"resources/models/{MODEL_FILE} is not here: run `python3 packaging/dev.py setup`"
    return file


@pytest.fixture
async def engine(model_file: Path) -> AsyncIterator[Engine]:
    engine = Engine(model_file)
    yield engine
    await engine.close()


@pytest.fixture
def replace_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make the engine's process import this source as xllamacpp."""

    def replace(source: str) -> None:
        (tmp_path / "xllamacpp.py").write_text(source)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return replace


def ask(text: str) -> list[ChatMessage]:
    return [{"role": "user", "content": text}]


def process(engine: Engine) -> subprocess.Popen[bytes]:
    assert engine._child
    return engine._child._process


async def process_of_starting(engine: Engine) -> subprocess.Popen[bytes]:
    async with asyncio.timeout(5):
        while engine._child is None:
            await asyncio.sleep(0.01)
    return process(engine)


async def reply(engine: Engine, text: str = "Say hello.", **options: Any) -> str:
    return await Local.create_async("", ask(text), engine=engine, **options)


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended but was not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pid: int, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while alive(pid):
        assert time.monotonic() < limit, f"still there after {seconds} s"
        time.sleep(0.01)


# -- the file ---------------------------------------------------------------------------------------------------


def test_the_model_is_found_beside_the_program(model_file: Path, tmp_path: Path) -> None:
    assert find_model(tmp_path) == model_file


def test_the_model_is_found_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "HOME", tmp_path / "program")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / MODEL_FILE).touch()
    assert find_model(tmp_path) == tmp_path / "models" / MODEL_FILE


def test_a_missing_model_is_named_without_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "HOME", tmp_path)
    with pytest.raises(ModelFileMissing) as raised:
        find_model(tmp_path)
    assert MODEL_FILE in str(raised.value)
    assert str(tmp_path) not in str(raised.value)


async def test_a_file_that_went_away_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelFileMissing):
        await Engine(tmp_path / "mine.gguf").start()


async def test_one_wrong_byte_in_the_shipped_file_is_noticed(model_file: Path, tmp_path: Path) -> None:
    copy = damaged_copy(model_file, tmp_path)
    with pytest.raises(ModelFileDamaged):
        await Engine(copy).start()


async def test_a_shipped_file_that_is_too_short_is_noticed(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"GGUF")
    with pytest.raises(ModelFileDamaged):
        await Engine(tmp_path / MODEL_FILE).start()


async def test_the_file_is_checked_once_as_long_as_it_stays_the_same(model_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / MODEL_FILE
    shutil.copyfile(model_file, copy)
    engine = Engine(copy)
    await engine._check_file()
    state = copy.stat()
    damaged_copy(model_file, tmp_path)
    os.utime(copy, ns=(state.st_atime_ns, state.st_mtime_ns))
    await engine._check_file()  # nothing tells that it changed, so it was not read again
    os.utime(copy)
    with pytest.raises(ModelFileDamaged):
        await engine._check_file()


def damaged_copy(model_file: Path, folder: Path) -> Path:
    copy = folder / MODEL_FILE
    shutil.copyfile(model_file, copy)
    with copy.open("r+b") as content:
        content.seek(-1000, os.SEEK_END)
        byte = content.read(1)
        content.seek(-1000, os.SEEK_END)
        content.write(bytes([byte[0] ^ 1]))
    return copy


async def test_a_file_of_ones_own_that_is_no_model_is_refused_with_the_cause(tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_bytes(b"not a model at all")
    with pytest.raises(ModelNotLoaded, match=r"mine\.gguf.*invalid magic"):
        await Engine(tmp_path / "mine.gguf").start()


async def test_a_file_of_ones_own_answers(model_file: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mein Modell ü.gguf"
    mine.symlink_to(model_file)
    engine = Engine(mine)
    assert await reply(engine, max_tokens=5)
    await engine.close()


# -- the process ------------------------------------------------------------------------------------------------


async def test_several_callers_start_one_process(engine: Engine) -> None:
    first, second = await asyncio.gather(engine.start(), engine.start())
    assert first == second
    assert engine.running


async def test_a_caller_that_gives_up_leaves_the_start_to_the_others(engine: Engine) -> None:
    impatient = asyncio.create_task(engine.start())
    pid = (await process_of_starting(engine)).pid
    impatient.cancel()
    await engine.start()
    assert process(engine).pid == pid


async def test_a_request_without_the_key_is_refused(engine: Engine) -> None:
    address = await engine.start()
    with pytest.raises(BadApiKey):
        await OpenAI.create_async("", ask("Hello"), url=f"{address.url}/v1", api_key="guessed")


@linux
async def test_the_key_is_seen_by_nobody(engine: Engine) -> None:
    address = await engine.start()
    assert address.key not in repr(address)
    assert address.key not in command_line(process(engine).pid)
    assert KEY_VARIABLE not in os.environ


async def test_a_file_of_the_person_s_own_that_has_gone_is_not_told_as_the_embedded_one(tmp_path: Path) -> None:
    with pytest.raises(ModelFileUnfit, match=r"gone\.gguf cannot be used: it cannot be found"):
        await Engine(tmp_path / "gone.gguf", own=True).start()


@linux
@pytest.mark.parametrize("name", ["GPROCHAT_API_KEY", "GPROCHAT_PASSWORD", "HTTPS_PROXY", "all_proxy"])
async def test_the_process_is_given_none_of_the_secrets_in_the_environment(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://me:geheim@proxy.example:3128")
    await engine.start()
    assert b"geheim" not in Path(f"/proc/{process(engine).pid}/environ").read_bytes()


async def test_ctrl_c_in_the_terminal_does_not_end_it(engine: Engine) -> None:
    await engine.start()
    process(engine).send_signal(signal.SIGINT)
    assert await reply(engine, max_tokens=5)


async def test_close_ends_the_process_and_may_be_repeated(engine: Engine) -> None:
    await engine.start()
    begin = time.monotonic()
    await engine.close()
    assert process(engine).returncode is not None
    assert time.monotonic() - begin < 1
    assert not engine.running
    await engine.close()
    with pytest.raises(EngineCrashed):
        await engine.start()


async def test_close_before_any_start_is_nothing(model_file: Path) -> None:
    await Engine(model_file).close()


async def test_close_ends_a_start_in_progress(engine: Engine) -> None:
    start = asyncio.create_task(engine.start())
    await process_of_starting(engine)
    await engine.close()
    with pytest.raises(EngineCrashed):
        await start
    assert process(engine).returncode is not None


async def test_close_while_the_file_is_checked_starts_nothing(engine: Engine) -> None:
    start = asyncio.create_task(engine.start())
    await asyncio.sleep(0)
    await engine.close()
    with pytest.raises(EngineCrashed):
        await start
    assert engine._child is None


@linux
async def test_close_ends_a_process_that_does_nothing_any_more(engine: Engine) -> None:
    await engine.start()
    process(engine).send_signal(signal.SIGSTOP)
    begin = time.monotonic()
    await engine.close()
    assert process(engine).returncode is not None
    assert time.monotonic() - begin < 1.5


async def test_a_start_that_takes_too_long_is_given_up(
    model_file: Path, replace_library: Callable[[str], None]
) -> None:
    replace_library(LOADS_FOREVER)
    engine = Engine(model_file, ready_limit=0.5)
    with pytest.raises(EngineCrashed, match=r"within 0\.5 seconds"):
        await engine.start()
    assert process(engine).wait(2) is not None
    await engine.close()


async def test_a_missing_engine_is_told_apart(model_file: Path, replace_library: Callable[[str], None]) -> None:
    replace_library("raise ImportError('not for this machine')")
    with pytest.raises(EngineMissing):
        await Engine(model_file).start()


async def test_a_crash_at_the_start_is_reported_with_its_last_words(
    model_file: Path, replace_library: Callable[[str], None]
) -> None:
    replace_library("import os; os.write(2, b'some noise\\nGGML_ASSERT(fits) failed\\n'); os.abort()")
    with pytest.raises(EngineCrashed, match=r"GGML_ASSERT\(fits\) failed \(SIGABRT\)"):
        await Engine(model_file).start()


async def test_a_chatty_engine_never_blocks(model_file: Path, replace_library: Callable[[str], None]) -> None:
    replace_library("import os; [os.write(fd, b'x' * 99 + b'\\n') for _ in range(20000) for fd in (1, 2)]; os._exit(7)")
    with pytest.raises(EngineCrashed, match=r"exit status 7"):
        await Engine(model_file).start()


# -- no orphan --------------------------------------------------------------------------------------------------

PROGRAM = """
import asyncio, sys
from pathlib import Path
from gui.providers.local import Engine, Local

async def main(phase):
    engine = Engine(Path(sys.argv[1]))
    if phase == "loading":
        start = asyncio.create_task(engine.start())
        while engine._child is None:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
    if phase == "idle":
        await engine.start()
    if phase == "replying":
        messages = [{"role": "user", "content": "Tell me a long story."}]
        pieces = Local.create_async_generator("", messages, engine=engine, max_tokens=4000, extra={"ignore_eos": True})
        while not isinstance(await anext(pieces), str):
            pass
    print(engine._child._process.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main(sys.argv[2]))
"""


@linux
@pytest.mark.parametrize("phase", ["loading", "idle", "replying"])
def test_nothing_is_left_when_the_program_is_killed(
    phase: str, model_file: Path, replace_library: Callable[[str], None]
) -> None:
    if phase == "loading":
        replace_library(LOADS_FOREVER)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, model_file, phase], cwd=HOME, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout
        pid = int(program.stdout.readline())
        assert alive(pid)
        program.kill()
        wait_until_gone(pid, seconds=2)


QT_PROGRAM = """
import sys
from pathlib import Path
import qasync
from PySide6.QtWidgets import QApplication
from gui.providers.local import Engine, Local

async def main():
    engine = Engine(Path(sys.argv[1]))
    print(await Local.create_async("", [{"role": "user", "content": "Hello"}], engine=engine, max_tokens=5))
    await engine.close()
    print(engine.running)

app = QApplication([])
qasync.run(main())
"""


def test_it_runs_under_the_loop_of_the_window(model_file: Path) -> None:
    program = subprocess.run(
        [sys.executable, "-W", "error", "-c", QT_PROGRAM, model_file],
        cwd=HOME,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    *text, running = program.stdout.splitlines()
    assert "".join(text)
    assert running == "False"
    assert program.stderr == ""


# -- the reply --------------------------------------------------------------------------------------------------


async def pieces_of(engine: Engine, text: str = "Say hello.", **options: Any) -> list[Piece]:
    return [piece async for piece in Local.create_async_generator("", ask(text), engine=engine, **options)]


async def test_a_first_reply_says_that_it_starts_and_then_streams(engine: Engine) -> None:
    pieces = await pieces_of(engine, "What is the capital of France?", max_tokens=30)
    assert pieces[0] == Progress(Stage.STARTING)
    text = [piece for piece in pieces if isinstance(piece, str)]
    assert len(text) > 3
    assert any(isinstance(piece, Usage) and piece.completion_tokens > 3 for piece in pieces)
    assert any(isinstance(piece, Finish) for piece in pieces)
    assert Progress(Stage.STARTING) not in await pieces_of(engine, max_tokens=5)


async def test_it_knows_the_conversation(engine: Engine) -> None:
    messages: list[ChatMessage] = [
        {"role": "user", "content": "My name is Alice. Remember it."},
        {"role": "assistant", "content": "Nice to meet you, Alice."},
        {"role": "user", "content": "What is my name?"},
    ]
    assert "Alice" in await Local.create_async("", messages, engine=engine, temperature=0.0, max_tokens=30)


async def test_a_proxy_is_not_used(engine: Engine) -> None:
    pieces = Local.create_async("", ask("Say hello."), "http://127.0.0.1:9", engine=engine, max_tokens=5)
    assert await pieces


async def test_a_prompt_that_does_not_fit_comes_through(engine: Engine) -> None:
    with pytest.raises(ContextTooLong):
        await reply(engine, "word " * 5000)
    assert engine.running


async def test_reading_a_long_prompt_tells_how_far_it_is(engine: Engine) -> None:
    pieces = await pieces_of(engine, f"Repeat this: {'word ' * 250}", max_tokens=8, extra={"ignore_eos": True})
    done = [
        piece.done
        for piece in pieces
        if isinstance(piece, Progress) and piece.stage is Stage.READING and piece.done is not None
    ]
    assert len(done) > 3
    assert done == sorted(done)
    assert done[0] < 0.5
    assert done[-1] == 1.0


async def test_two_replies_at_once_both_arrive(engine: Engine) -> None:
    replies = await asyncio.gather(reply(engine, max_tokens=20), reply(engine, max_tokens=20))
    assert all(replies)


async def test_a_crash_in_the_middle_keeps_the_text_and_the_next_try_starts_anew(engine: Engine) -> None:
    text = []

    async def talk_until_killed() -> None:
        options: dict[str, Any] = {"engine": engine, "max_tokens": 4000, "extra": {"ignore_eos": True}}
        async for piece in Local.create_async_generator("", ask("Tell me a long story."), **options):
            if isinstance(piece, str):
                text.append(piece)
                process(engine).kill()

    with pytest.raises(EngineCrashed, match="SIGKILL"):
        await talk_until_killed()
    assert text
    assert not engine.running
    assert await reply(engine, max_tokens=5)


async def test_a_crash_while_idle_is_mended_by_the_next_reply(engine: Engine) -> None:
    await engine.start()
    process(engine).kill()
    process(engine).wait()
    assert (await pieces_of(engine, max_tokens=5))[0] == Progress(Stage.STARTING)


@pytest.mark.parametrize("text", ["Tell me a long story.", "word " * 3000], ids=["replying", "reading"])
async def test_a_stopped_reply_leaves_the_engine_to_the_next(engine: Engine, text: str) -> None:
    await engine.start()
    pieces = Local.create_async_generator("", ask(text), engine=engine, max_tokens=4000, extra={"ignore_eos": True})
    async with aclosing(pieces):
        await anext(pieces)
    begin = time.monotonic()
    await reply(engine, max_tokens=3)
    assert time.monotonic() - begin < 4


# -- a file of the person's, and an engine that is not used -----------------------------------------------------------


async def test_an_engine_that_is_not_used_gives_its_memory_back_and_starts_again(model_file: Path) -> None:
    engine = Engine(model_file, idle_limit=0.3)
    try:
        assert await reply(engine, max_tokens=3)
        pid = process(engine).pid
        assert alive(pid)
        await asyncio.sleep(1.2)
        assert not alive(pid)
        assert await reply(engine, max_tokens=3)
    finally:
        await engine.close()


async def test_an_engine_that_is_used_is_not_unloaded(engine: Engine) -> None:
    async with aclosing(Local.create_async_generator("", ask("Count."), engine=engine, max_tokens=30)) as pieces:
        async for piece in pieces:
            if isinstance(piece, str):
                await engine.unload()
                break
        assert engine.running
    await engine.unload()
    assert not engine.running


async def test_the_context_is_as_large_as_was_asked_for(model_file: Path) -> None:
    engine = Engine(model_file, context=512)
    try:
        with pytest.raises(ContextTooLong):
            await reply(engine, "word " * 600)
    finally:
        await engine.close()


async def test_an_own_file_is_checked_by_its_header_alone(model_file: Path, tmp_path: Path) -> None:
    cut = tmp_path / MODEL_FILE
    cut.write_bytes(model_file.read_bytes()[:-1000])
    engine = Engine(cut, own=True)
    with pytest.raises(ModelFileUnfit, match="a part of it is missing"):
        await engine.start()
    await engine.close()


async def test_loading_tells_how_far_it_is(model_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "LOOK", 0.02)
    engine = Engine(model_file)
    try:
        found = [piece.done async for piece in Local.create_async_generator("", ask("Hi."), engine=engine, max_tokens=2)
                 if isinstance(piece, Progress) and piece.stage is Stage.STARTING]  # fmt: skip
        told = [done for done in found if done is not None]
        assert found[0] is None
        assert told
        assert all(0 <= done <= 1 for done in told)
    finally:
        await engine.close()
