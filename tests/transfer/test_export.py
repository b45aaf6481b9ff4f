"""Conversations into one file."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.transfer.export import Form, Wanted, export, suffix
from gui.transfer.job import Ended, Job
from gui.transfer.take_in import take_in
from gui.transfer.words import Words
from tests.transfer.conftest import record

if TYPE_CHECKING:
    from gui.history.record import Record
    from gui.history.store import History

ROOT = Path(__file__).resolve().parents[2]


def write(records: list[Record], form: Form, file: Path, job: Job | None = None) -> int:
    found = {one.conversation.id: one for one in records}
    wanted = Wanted([one.conversation for one in records], form, file)
    return export(wanted, Words(), found.get, job or Job(), lambda one: f"PDF {one.conversation.title}".encode())


@pytest.mark.parametrize("form", Form)
def test_one_conversation_is_one_file(folder: Path, form: Form) -> None:
    file = folder / f"out{suffix(form, 1)}"
    assert write([record("Only", "Q", "A")], form, file) == 1
    assert b"Only" in file.read_bytes()
    assert not zipfile.is_zipfile(file)


def test_several_as_markdown_are_files_in_a_zip(folder: Path) -> None:
    file = folder / "out.zip"
    assert suffix(Form.MARKDOWN, 2) == ".zip"
    assert write([record("One", "Q", "first"), record("one", "Q", "second")], Form.MARKDOWN, file) == 2
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert [name[10:] for name in names] == [" One.md", " one (2).md"]
        assert "second" in archive.read(names[1]).decode()
        assert archive.testzip() is None


def test_several_as_html_and_json_are_one_file(folder: Path) -> None:
    records = [record("One", "Q"), record("Two", "Q")]
    for form in (Form.HTML, Form.JSON):
        file = folder / f"out{suffix(form, 2)}"
        assert write(records, form, file) == 2
        assert all(title in file.read_text() for title in ("One", "Two"))
    assert json.loads((folder / "out.json").read_text())["format"] == "gprochat-history"


def test_what_is_gone_is_left_out(folder: Path) -> None:
    one = record("One", "Q")
    wanted = Wanted([one.conversation, record("Gone").conversation], Form.HTML, folder / "a.html")
    found = {one.conversation.id: one}
    assert export(wanted, Words(), found.get, Job()) == 1


async def test_what_is_exported_as_json_comes_back_as_it_was(history: History, folder: Path) -> None:
    one = record("Там и обратно", "Q", "A", pinned=True)
    write([one], Form.JSON, folder / "out.json")
    taken = await take_in(history, folder / "out.json", Job())
    assert (taken.added, taken.messages) == ((one.conversation.id,), 2)
    kept = await history.record(one.conversation.id)
    assert kept is not None
    assert (kept.conversation, kept.messages) == (one.conversation, tuple(kept.messages))
    assert [replace(message, finished_at=None) for message in kept.messages] == list(one.messages)


def test_an_export_that_is_ended_leaves_nothing(folder: Path) -> None:
    job = Job()
    records = [record(f"Number {number}", "Q") for number in range(10)]
    found = {one.conversation.id: one for one in records}

    def record_of(name: str) -> Record | None:
        if name == records[5].conversation.id:
            job.end()
        return found.get(name)

    with pytest.raises(Ended):
        export(
            Wanted([one.conversation for one in records], Form.JSON, folder / "a.json"),
            Words(),
            record_of,
            job,
        )
    assert list(folder.iterdir()) == []
    assert 0.3 < job.part < 1


FULL = """
import resource, sys
from pathlib import Path
from gui.errors import ExportFailed
from tests.transfer.conftest import record
from tests.transfer.test_export import write
from gui.transfer.export import Form

folder = Path(sys.argv[1])
records = [record(f"Number {number}", "Q" * 50_000, repr(list(range(20_000)))) for number in range(20)]
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for form in Form:
    try:
        write(records, form, folder / "out")
    except ExportFailed as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a disk cannot be made full there")
def test_a_full_disk_is_told_and_leaves_what_was_there(folder: Path) -> None:
    (folder / "out").write_text("before")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=50, check=True
    )
    sentences = done.stdout.splitlines()
    assert len(sentences) == 3, done.stdout + done.stderr
    assert all("could not be written (File too large)" in sentence for sentence in sentences)
    assert [one.name for one in folder.iterdir()] == ["out"]


async def test_work_whose_waiting_is_cancelled_has_ended_before(folder: Path) -> None:
    job = Job()
    begun = threading.Event()
    ended = []

    def work() -> None:
        begun.set()
        try:
            while True:
                job.reached(0.5)
        except Ended:
            ended.append(True)
            raise

    task = asyncio.create_task(job.run(work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [True]
