"""Files: packed, huge, broken, of no kind that is known."""

from __future__ import annotations

import io
import json
import os
import sys
import time
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.conversation import Conversation, Folder, Message, Role, State
from gui.errors import (
    ImportMisshapen,
    ImportNotJson,
    ImportNotOurs,
    ImportRefused,
    ImportTooLarge,
    ImportUnknown,
    ImportUnreadable,
)
from gui.history import exchange
from gui.history.imports import reader, stream
from gui.history.imports.reader import read
from gui.history.record import Record
from tests.history.imports import samples

if TYPE_CHECKING:
    from tests.history.imports.conftest import Reading


def packed(**members: Any) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name.replace("__", "/").replace("_json", ".json"), data)
    return archive.getvalue()


def test_the_zip_that_an_export_comes_in_is_read_as_it_is(reading: Reading) -> None:
    text = json.dumps(samples.chatgpt())
    records = reading(packed(export__conversations_json=text, user_json="{}", export__photo_png="x"))
    assert len(records) == 2


def test_an_export_in_several_parts_is_read_whole(reading: Reading) -> None:
    first, second = samples.chatgpt()[:2]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("conversations-000.json", json.dumps([first]))
        opened.writestr("conversations-001.json", json.dumps([second]))
    assert [one.conversation.title for one in reading(archive.getvalue())] == ["Adding numbers", "Write a poem"]


def test_a_zip_without_conversations_is_of_no_known_kind(reading: Reading) -> None:
    with pytest.raises(ImportUnknown, match=r"any name\.bin was not imported"):
        reading(packed(letters_json="[]"))


def test_a_history_of_ours_that_somebody_packed_is_read(reading: Reading) -> None:
    file = io.BytesIO()
    exchange.write([Record(Conversation("Packed"), ())], file)
    (record,) = reading(packed(all_json=file.getvalue(), other_json="[]"))
    assert record.conversation.title == "Packed"


def test_what_was_packed_to_fill_the_memory_is_not_unpacked(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "HARMLESS", 2**20)
    bomb = packed(conversations_json='{"format": "gprochat-history", "items": ["' + "a" * 3_000_000)
    with pytest.raises(ImportTooLarge, match="more than 1 MB"):
        reading(bomb)


def test_a_zip_whose_end_is_missing_is_told_from_json(reading: Reading) -> None:
    whole = packed(conversations_json=json.dumps(samples.chatgpt()))
    with pytest.raises(ImportUnreadable, match="whose end is missing"):
        reading(whole[:-30])


def test_a_history_of_ours_is_known_whatever_comes_first_in_it(reading: Reading) -> None:
    file = io.BytesIO()
    exchange.write([Record(Conversation("x" * 5000), ())], file)
    text = json.dumps(dict(reversed(json.loads(file.getvalue()).items())))
    assert len(reading(text.encode())) == 1


def test_a_chat_about_our_histories_is_none(reading: Reading) -> None:
    data = samples.claude()
    data[0]["name"] = exchange.FORMAT
    assert exchange.FORMAT in {one.conversation.title for one in reading(data)}


def test_much_room_between_two_words_takes_no_time(reading: Reading) -> None:
    began = time.process_time()
    with pytest.raises(ImportNotJson):
        reading(b"[" + b" " * 30_000_000)
    assert time.process_time() - began < 1


def test_what_is_no_file_is_refused_before_it_is_waited_for(tmp_path: Path) -> None:
    files = [Path(os.devnull)]
    if sys.platform != "win32":
        files.append(tmp_path / "pipe.json")
        os.mkfifo(files[-1])
    for file in files:
        with pytest.raises(ImportUnreadable, match="it is no file"):
            read(file)


def test_a_damaged_zip_is_refused(reading: Reading) -> None:
    whole = packed(conversations_json=json.dumps(samples.chatgpt()))
    with pytest.raises(ImportRefused):
        reading(whole[:60] + b"\0\0\0\0" + whole[64:])


def test_more_than_is_bearable_is_refused_while_it_is_unpacked(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "LARGEST", 2**20)
    bomb = packed(conversations_json="[" + '{"mapping": {}},' * 200_000)
    assert len(bomb) < 20_000
    with pytest.raises(ImportTooLarge):
        reading(bomb)


def test_one_entry_without_an_end_is_not_held_for_ever(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LONGEST", 2**20)
    with pytest.raises(ImportTooLarge):
        reading(b'["' + b"a" * 5_000_000)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportUnreadable, match=r"none\.json was not imported: it cannot be read"):
        read(tmp_path / "none.json")


@pytest.mark.parametrize(
    "text", ["", " ", "hello", "12", '"text"', "[1]", "[[]]", "{}", '{"a": 1}', '[{"a": 1}]', "null"]
)
def test_what_is_no_history_is_of_no_known_kind(reading: Reading, text: str) -> None:
    with pytest.raises(ImportUnknown):
        reading(text.encode())


def test_a_list_without_conversations_has_none(reading: Reading) -> None:
    assert reading([]) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ('[{"mapping": {}},\n {"mapping": {}, 1}]', 2, 18, "quotation marks"),
        ('[{"mapping": {}}\n\n {"mapping": {}}]', 3, 2, "comma"),
        ('[{"mapping": {}},\n {"mapping"', 2, 12, "breaks off"),
        ('[{"mapping": {}}', 1, 17, "breaks off"),
        ('[{"mapping": tru}]', 1, 14, "value"),
        ('[{"mapping": {}}]\nmore', 2, 1, "nothing more"),
        ('{"session:a": {"id": "x\ty"}}', 1, 24, "control character"),
        ('{"session:a" 1}', 1, 14, "colon"),
        ("{session: 1}", 1, 2, "quotation marks"),
        ('[{"title": "\\x"}]', 1, 13, "backslash"),
        ('[{"title": ' + "1" * 5000 + "}]", 1, 2, "too long"),
        ("[" * 100_000, 1, 2, "nested"),
    ],
)
def test_broken_json_is_refused_with_line_and_column(
    reading: Reading, text: str, line: int, column: int, reason: str
) -> None:
    with pytest.raises(ImportNotJson) as refused:
        reading(text.encode())
    details = refused.value.details
    assert (details["line"], details["column"]) == (line, column)
    assert reason in str(details["reason"])
    assert "any name.bin" in str(refused.value)


def test_the_place_is_right_far_into_a_file(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHUNK", 100)
    text = "[\n" + '{"mapping": {}},\n' * 1000 + "  oops"
    with pytest.raises(ImportNotJson) as refused:
        reading(text.encode())
    assert (refused.value.details["line"], refused.value.details["column"]) == (1002, 3)


def test_what_is_not_utf8_is_refused(reading: Reading) -> None:
    with pytest.raises(ImportNotJson, match="UTF-8"):
        reading(b'[{"title": "\xff\xfe"}]')


def test_a_byte_order_mark_does_no_harm(reading: Reading) -> None:
    assert len(reading(b"\xef\xbb\xbf" + json.dumps(samples.claude()).encode())) == 2


def at(data: Any, *path: str | int, value: Any) -> Any:
    """A copy of `data` with something else at that place."""
    data = deepcopy(data)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("name", "path", "value", "place"),
    [
        ("chatgpt", (1, "mapping", "q", "message", "author", "role"), "robot", "[1].mapping.q.message.author.role"),
        ("chatgpt", (0, "mapping"), [], "[0].mapping"),
        ("chatgpt", (0, "create_time"), "yesterday", "[0].create_time"),
        ("chatgpt", (0, "create_time"), 1e400, "[0].create_time"),
        ("chatgpt", (0, "mapping", "ask", "parent"), "thanks", "[0].mapping.ask"),
        ("chatgpt", (2,), "text", "[2]"),
        ("claude", (0, "chat_messages", 1, "sender"), None, "[0].chat_messages[1].sender"),
        ("claude", (0, "chat_messages", 1, "content", 1, "text"), 5, "[0].chat_messages[1].content[1].text"),
        ("open_webui", (0, "chat", "history", "messages", "u1"), 5, "[0].chat.history.messages.u1"),
        ("chatbox", ("session:s1", "messages"), {}, '["session:s1"].messages'),
        ("gprochat_page", (1, "role"), "tool", "[1].role"),
        ("gprochat_page", (1,), {"role": "user"}, "[1]"),
    ],
)
def test_what_has_another_shape_is_refused_with_its_place(
    reading: Reading, name: str, path: tuple[str | int, ...], value: Any, place: str
) -> None:
    with pytest.raises(ImportMisshapen) as refused:
        reading(at(samples.ALL[name], *path, value=value))
    assert refused.value.details["place"] == place
    assert f"at {place}" in str(refused.value)


def test_reading_tells_how_far_it_is_and_can_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ended(Exception):
        pass

    def progress(part: float) -> None:
        told.append(part)
        if part > 0.5:
            raise Ended

    told: list[float] = []
    monkeypatch.setattr(stream, "CHUNK", 1000)
    file = tmp_path / "a.json"
    file.write_text(json.dumps(samples.chatgpt() * 500))
    with pytest.raises(Ended):
        read(file, progress)
    assert told == sorted(told)
    assert len(told) > 3


# -- anything at all --------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def ours() -> Any:
    """A history of this program."""
    file = io.BytesIO()
    folder = Folder("Work", "f", 1)
    conversation = Conversation("One", "c", 2, 3, "m2", folder_id="f", pinned=True)
    asked = Message("c", Role.USER, "Q", id="m1", created_at=2)
    failed = Message("c", Role.ASSISTANT, "A", "m1", State.FAILED, "m2", 3, 3, error="{}", prompt_tokens=4)
    exchange.write([Record(conversation, (asked, failed), {"title": 5}, folder, {"name": 6})], file)
    return json.loads(file.getvalue())


EVERY = {**samples.ALL, "ours": ours()}

PLACES = [(name, path) for name, data in EVERY.items() for path in places(data) if path]


@given(st.sampled_from(PLACES), JSON)
@settings(max_examples=200, deadline=None)
def test_a_file_with_something_else_anywhere_is_taken_in_or_refused_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, where: tuple[str, tuple[str | int, ...]], value: Any
) -> None:
    name, path = where
    file = tmp_path_factory.getbasetemp() / "mutated.json"
    file.write_text(json.dumps(at(EVERY[name], *path, value=value)))
    try:
        records = read(file)
    except ImportRefused as error:
        refused = error
    else:
        for record in records:
            assert isinstance(record, Record)
            known: set[str | None] = {message.id for message in record.messages}
            assert record.conversation.leaf_id in known | ({None} if name == "ours" else set())
            assert all(message.parent_id is None or message.parent_id in known for message in record.messages)
        return
    assert refused.details.get("place") or isinstance(refused, ImportNotJson | ImportUnknown)


@given(st.sampled_from(list(EVERY)), st.data())
@settings(max_examples=200, deadline=None)
def test_a_file_with_wrong_bytes_is_taken_in_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    whole = json.dumps(EVERY[name]).encode()
    begin = data.draw(st.integers(0, len(whole)))
    end = begin + data.draw(st.integers(0, 20))
    file = tmp_path_factory.getbasetemp() / "bytes.json"
    file.write_bytes(whole[:begin] + data.draw(st.binary(max_size=4)) + whole[end:])
    try:
        read(file)
    except ImportRefused as error:
        refused = error
    else:
        return
    assert isinstance(refused, ImportNotJson | ImportMisshapen | ImportNotOurs | ImportUnknown | ImportUnreadable)
    assert refused.details["file"] == file.name


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_zip_with_wrong_bytes_is_taken_in_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(packed(conversations_json=json.dumps(samples.gprochat_page())))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=3)):
        whole[place] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.getbasetemp() / "bytes.zip"
    file.write_bytes(whole)
    try:
        read(file)
    except ImportRefused as error:
        refused = error
    else:
        return
    assert str(refused.details["file"]).startswith(file.name)
