"""Our JSON: what is written is read again, and what is wrong is told with its place."""

from __future__ import annotations

import io
import json
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.conversation import LATEST, Attachment, Conversation, Folder, Message, Role, State
from gui.history.exchange import FORMAT, VERSION, Malformed, read, write
from gui.history.record import FolderRecord, Purged, Record
from tests.history.copies import EDITS, Edit, contents, edit, everything, finish, histories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.history.record import Item

TEXT = st.text(st.characters(exclude_categories=()))
ID = st.text(st.characters(exclude_categories=()), min_size=1, max_size=5)
TIME = st.integers(0, LATEST)
STAMPS = st.dictionaries(st.sampled_from(["title", "leaf_id", "folder_id", "deleted_at", "unread"]), TIME)
FOLDERS = st.builds(Folder, TEXT, ID, TIME)
FOLDER_RECORDS = st.builds(FolderRecord, FOLDERS, st.dictionaries(st.just("name"), TIME), deleted_at=st.none() | TIME)
MESSAGES = st.builds(
    Message,
    conversation_id=st.just(""),
    role=st.sampled_from(Role),
    text=TEXT,
    parent_id=st.none() | ID,
    state=st.sampled_from([state for state in State if state is not State.RUNNING]),
    id=ID,
    created_at=TIME,
    finished_at=st.none() | TIME,
    connection=TEXT,
    model=TEXT,
    reasoning=TEXT,
    error=TEXT,
    prompt_tokens=st.none() | st.integers(0, 2**53),
    completion_tokens=st.none() | st.integers(0, 2**53),
    first_at=st.none() | TIME,
    writing_ms=st.none() | st.integers(0, 2**53),
    omitted=st.integers(0, 2**53),
    attachments=st.lists(
        st.builds(Attachment, TEXT, st.sampled_from(["image/png", "text/plain"]), st.binary(), ID), max_size=2
    ).map(tuple),
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    folder = draw(st.none() | FOLDER_RECORDS)
    chat = draw(
        st.builds(
            Conversation,
            *(TEXT, ID, TIME, TIME, st.none() | ID, TEXT, TEXT, TEXT, st.booleans(), st.booleans()),
            folder_id=st.just(folder.folder.id if folder else None),
            archived=st.booleans(),
            options=TEXT,
        )
    )
    messages = tuple(replace(one, conversation_id=chat.id) for one in draw(st.lists(MESSAGES, max_size=3)))
    deleted_at = draw(st.none() | TIME)
    if folder is None:
        return Record(chat, messages, draw(STAMPS), deleted_at=deleted_at)
    return Record(chat, messages, draw(STAMPS), folder.folder, folder.stamps, folder.deleted_at, deleted_at)


ITEMS = st.lists(records() | FOLDER_RECORDS | st.builds(Purged, ID, TIME), max_size=4)

CHAT = Conversation("A “chat”", "c", 1, 5, "b")
MESSAGE = Message("c", Role.USER, "One\nline", id="b", created_at=2)
SOME: list[Item] = [FolderRecord(Folder("Work", "f", 1)), Record(CHAT, (MESSAGE,)), Purged("p", 7)]


def written(items: list[Item]) -> bytes:
    file = io.BytesIO()
    write(items, file)
    return file.getvalue()


def reading(content: bytes | str) -> list[Item]:
    return list(read(io.BytesIO(content.encode() if isinstance(content, str) else content)))


@given(items=ITEMS)
def test_what_is_written_is_read_again(items: list[Item]) -> None:
    assert reading(written(items)) == items


@given(items=ITEMS, indent=st.none() | st.integers(0, 4), ascii_only=st.booleans(), chunk=st.integers(1, 50))
def test_it_may_be_formatted_anyhow_and_come_in_pieces(
    items: list[Item], indent: int | None, ascii_only: bool, chunk: int
) -> None:
    value = json.loads(written(items))
    turned = {"comment": [1.5, None, "]}"], **dict(reversed(value.items()))}
    try:
        text = json.dumps(turned, indent=indent, ensure_ascii=ascii_only, sort_keys=ascii_only).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        text = json.dumps(turned, indent=indent).encode()
    with patch("gui.history.exchange.CHUNK", chunk):
        assert reading(b"\xef\xbb\xbf" + text) == items


def test_each_item_stands_in_one_line_of_plain_json() -> None:
    lines = written(SOME).decode().splitlines()

    assert len(lines) == 2 + len(SOME)
    assert json.loads(lines[2].rstrip(",")) == {
        "conversation": {
            "id": "c",
            "title": "A “chat”",
            "created_at": 1,
            "updated_at": 5,
            "leaf_id": "b",
            "messages": [{"id": "b", "role": "user", "text": "One\nline", "created_at": 2}],
        }
    }


def phrases() -> set[str]:
    """What the catalogues have of errors."""
    catalogue = ElementTree.parse(Path(__file__).parents[2] / "resources" / "translations" / "gprochat_ru.ts")
    (errors,) = (one for one in catalogue.iter("context") if one.findtext("name") == "errors")
    return {str(source.text) for source in errors.iter("source")}


@pytest.mark.parametrize("chunk", [1, 7, 2**20])
def test_a_file_that_is_cut_off_anywhere_is_refused(chunk: int) -> None:
    content = written(SOME).rstrip()
    with patch("gui.history.exchange.CHUNK", chunk):
        for length in range(len(content)):
            with pytest.raises(Malformed):
                reading(content[:length])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"title": "A “chat”"', '"title": 7', "line 3, items[1].conversation.title: expected a text"),
        (', "text": "One', ', "role": "robot", "text": "One', "items[1].conversation.messages[0].role: expected user"),
        ('"created_at": 2', '"created_at": 2.5', "messages[0].created_at: expected a time in milliseconds"),
        ('"created_at": 2', '"created_at": -2', "messages[0].created_at: expected a time in milliseconds"),
        ('"created_at": 2', '"created_at": true', "messages[0].created_at: expected a time in milliseconds"),
        ('"created_at": 2', f'"created_at": {"9" * 5000}', "line 3, items[1]: expected JSON of less depth and smaller"),
        ('"id": "b", ', "", "line 3, items[1].conversation.messages[0].id: expected an id"),
        ('"id": "c"', '"id": ""', "line 3, items[1].conversation.id: expected an id"),
        ('"leaf_id": "b"', '"leaf_id": "b", "stamps": {"title": "x"}', "items[1].conversation.stamps.title"),
        ('"leaf_id": "b"', '"leaf_id": "b", "folder": {"id": "f"}', "items[1].conversation.folder.name"),
        ('{"purged"', '{"burned"', 'line 4, items[2]: expected an object with "conversation"'),
        ('{"purged": ', '{"purged" ', "line 4, items[2]: expected valid JSON"),
        ("One\\nline", "One\nline", "line 3, items[1]: expected valid JSON"),
        ('"version": 1', '"version": 2', "line 1, version: expected version 1, which is all"),
        ('"version": 1, ', "", "version: expected 1"),
        ("gprochat-history", "recipes", 'line 1, format: expected "gprochat-history"'),
        ('"items": [', '"items": {', "line 1: expected an array"),
        ("\n]}", '\n]}{"more": 1}', "line 5: expected the end of the file"),
        ("},\n", "}\n", "line 3: expected a comma or ]"),
        ('{"format"', '["format"', "line 1: expected a JSON object of the format gprochat-history"),
        ('{"format"', '{3: 3, "format"', "line 1: expected a key"),
        ('"text": "One', '"text": ' + "[" * 100_000 + '"One', "line 3, items[1]: expected JSON of less depth"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(before: str, after: str, told: str) -> None:
    content = written(SOME).decode()
    assert before in content
    with pytest.raises(Malformed) as refused:
        reading(content.replace(before, after, 1))

    assert told in str(refused.value)
    assert refused.value.expected in {*phrases(), f'"{FORMAT}"', str(VERSION)}, "it cannot be translated"


def test_a_byte_that_is_no_utf_8_is_told_with_its_line() -> None:
    with pytest.raises(Malformed, match="line 3: expected UTF-8"):
        reading(written(SOME).replace("“".encode(), b"\xff"))


def test_neither_side_holds_the_whole_in_memory(tmp_path: Path) -> None:
    def many() -> Iterator[Item]:
        for number in range(300):
            chat = replace(CHAT, id=f"c{number}")
            yield Record(chat, tuple(Message(chat.id, Role.USER, "x" * 1000) for _ in range(100)))

    tracemalloc.start()
    with (tmp_path / "large").open("wb") as large:
        write(many(), large)
        assert large.tell() > 30_000_000
    with (tmp_path / "large").open("rb") as file:
        assert sum(1 for _ in read(file)) == 300
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 12_000_000


@settings(max_examples=25, deadline=None)
@given(edits=EDITS, more=EDITS)
async def test_a_history_that_went_through_a_file_is_the_same(edits: list[Edit], more: list[Edit]) -> None:
    async with histories(2) as (one, other):
        await edit(one, [*edits, *more])
        await finish(one)
        file = io.BytesIO(written(await everything(one)))
        await other.take_in(read(file))

        assert await contents(other) == await contents(one)
