"""Files into the history."""

from __future__ import annotations

import asyncio
import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from gui.errors import ImportMisshapen, ImportNotOurs
from gui.history.imports import reader
from gui.override import override
from gui.transfer import take_in as module
from gui.transfer.export import Form
from gui.transfer.job import Ended, Job
from gui.transfer.take_in import take_in
from tests.history.imports import samples
from tests.transfer.conftest import record
from tests.transfer.test_export import write

if TYPE_CHECKING:
    from pathlib import Path

    from gui.history.store import History

COUNTS = {"chatgpt": 2, "claude": 2, "open_webui": 2, "chatbox": 3, "gprochat_page": 1}


async def everything(history: History) -> list[Any]:
    return [await history.record(one) for one in await history.record_ids(trash=True)]


@pytest.mark.parametrize("name", samples.ALL)
async def test_the_same_file_twice_changes_nothing(history: History, tmp_path: Path, name: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps(samples.ALL[name]))
    first = await take_in(history, file, Job())
    before = await everything(history)
    again = await take_in(history, file, Job())
    assert (len(first.added), first.there) == (COUNTS[name], 0)
    assert (again.added, again.changed, again.unchanged, again.messages) == ((), 0, COUNTS[name], 0)
    assert await everything(history) == before


async def test_what_was_said_since_is_added(history: History, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps(samples.chatgpt()))
    await take_in(history, file, Job())
    data = deepcopy(samples.chatgpt())
    data[1]["mapping"]["more"] = samples.gpt_node(
        "more", "pic", [], samples.gpt_message("user", samples.gpt_text("!"), 200)
    )
    data[1]["current_node"] = "more"
    file.write_text(json.dumps(data))
    taken = await take_in(history, file, Job())
    assert (taken.added, taken.changed, taken.messages) == ((), 1, 1)
    found = next(one for one in await history.conversations() if one.title == "Write a poem")
    assert [message.text for message in await history.branch(found.id)][-1] == "!"


async def test_what_was_imported_is_found(history: History, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(samples.chatgpt()))
    await take_in(history, tmp_path / "a.json", Job())
    assert [hit.title for hit in await history.search("спасибо")] == ["Adding numbers"]


async def test_what_was_removed_for_good_is_told_from_what_is_there(history: History, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps(samples.chatgpt()))
    first = await take_in(history, file, Job())
    await history.delete_conversation(first.added[0])
    await history.empty_trash()
    again = await take_in(history, file, Job())
    assert (again.added, again.there, again.removed) == ((), 1, 1)


async def test_what_is_in_the_trash_stays_there(history: History, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(samples.claude()))
    first = await take_in(history, tmp_path / "a.json", Job())
    await history.delete_conversation(first.added[0])
    again = await take_in(history, tmp_path / "a.json", Job())
    assert (again.unchanged, again.in_trash) == (2, first.added[:1])
    assert len(await history.record_ids()) == 1


async def test_a_refused_file_changes_nothing(history: History, tmp_path: Path) -> None:
    data = samples.chatgpt()
    data[1]["mapping"]["q"]["message"]["author"]["role"] = "robot"
    (tmp_path / "a.json").write_text(json.dumps(data))
    with pytest.raises(ImportMisshapen):
        await take_in(history, tmp_path / "a.json", Job())
    assert await history.record_ids(trash=True) == []


@pytest.mark.parametrize("at", [0.1, 0.8])
async def test_an_import_that_is_ended_has_changed_nothing(
    history: History, tmp_path: Path, at: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ending(Job):
        @override
        def reached(self, part: float) -> None:
            if part > at:
                self.end()
            super().reached(part)

    file = tmp_path / "a.json"
    file.write_text(json.dumps([{**one, "id": f"{number}"} for number in range(400) for one in samples.chatgpt()[1:2]]))
    with pytest.raises(Ended):
        await take_in(history, file, Ending())
    assert await history.record_ids(trash=True) == []
    assert len((await take_in(history, file, Job())).added) == 400


async def test_an_import_whose_waiting_is_cancelled_has_changed_nothing(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()
    one_by_one = module._one_by_one

    def told(items: Any, job: Job) -> Any:
        for item in one_by_one(items, job):
            loop.call_soon_threadsafe(begun.set)
            yield item

    monkeypatch.setattr(module, "_one_by_one", told)
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{**samples.chatgpt()[0], "conversation_id": f"{number}"} for number in range(500)]))
    task = asyncio.create_task(take_in(history, file, Job()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await history.record_ids(trash=True) == []


async def test_what_our_own_file_says_wrong_is_refused_with_its_place(history: History, tmp_path: Path) -> None:
    write([record("One", "Q", "A"), record("Two", "Q", "A")], Form.JSON, tmp_path / "a.json")
    data = json.loads((tmp_path / "a.json").read_text())
    message = data["items"][1]["conversation"]["messages"][1]
    for change, kind, place in (
        ({"role": "robot"}, ImportNotOurs, "items[1].conversation.messages[1].role"),
        ({"parent_id": "nobody"}, ImportMisshapen, str(message["id"])),
    ):
        changed = deepcopy(data)
        changed["items"][1]["conversation"]["messages"][1].update(change)
        (tmp_path / "a.json").write_text(json.dumps(changed))
        with pytest.raises(kind) as refused:
            await take_in(history, tmp_path / "a.json", Job())
        assert place in str(refused.value)
    assert await history.record_ids(trash=True) == []


async def test_what_was_removed_elsewhere_is_not_removed_by_opening_a_file(history: History, tmp_path: Path) -> None:
    one = record("One", "Q", "A")
    await history.take_in([one])
    purged = {"purged": {"id": one.conversation.id, "purged_at": 1_900_000_000_000}}
    data = {"format": "gprochat-history", "version": 1, "items": [purged]}
    (tmp_path / "a.json").write_text(json.dumps(data))
    await take_in(history, tmp_path / "a.json", Job())
    assert await history.record_ids() == [one.conversation.id]


def test_a_history_of_our_own_is_recognised_by_its_beginning(tmp_path: Path) -> None:
    write([record("One", "Q")], Form.JSON, tmp_path / "a.txt")
    assert len(reader.read(tmp_path / "a.txt")) == 1
