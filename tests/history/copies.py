"""Histories for the tests of what passes between them: edits at random, and all that one says."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import strategies as st

from gui.conversation import Conversation, Folder, Message, Role, State
from gui.history.database import transaction
from gui.history.record import FolderRecord, Purged
from gui.history.store import History
from gui.history.words import indexed_message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gui.history.record import Item, Record

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)

ACTIONS = (
    "add conversation",
    "add message",
    "begin reply",
    "add sibling",
    "finish",
    "rename",
    "pin",
    "add folder",
    "rename folder",
    "delete folder",
    "move",
    "archive",
    "options",
    "show branch",
    "delete",
    "restore",
    "purge",
)


@dataclass(frozen=True)
class Edit:
    """What a person does at `moment`, a clock that need not be right; `which` chooses what it is done to."""

    action: str
    moment: int
    which: int
    text: str


EDITS = st.lists(
    st.builds(Edit, st.sampled_from(ACTIONS), st.integers(1, 9), st.integers(0, 30), ANY_TEXT), max_size=14
)


@asynccontextmanager
async def histories(count: int) -> AsyncIterator[list[History]]:
    # Nobody cuts the power here.
    light = partial(transaction, durable=False)
    with (
        TemporaryDirectory() as folder,
        patch("gui.history.store.transaction", lambda c, write, durable=True: light(c, write=write)),
    ):
        opened = [await History.open(Path(folder) / str(number) / "h") for number in range(count)]
        yield opened
        for history in opened:
            await history.close()


async def everything(history: History) -> list[Item]:
    """What a history gives to another one."""
    records = [await history.record(one) for one in await history.record_ids(trash=True)]
    return [*await history.folder_records(), *(one for one in records if one), *await history.purged()]


async def contents(history: History) -> dict[str, Any]:
    """All that it says, by id, in no order; its index is what its texts ask for."""
    with closing(sqlite3.connect(history.file)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert index(connection) == expected_index(connection)
    said: dict[str, Any] = {}
    for item in await everything(history):
        match item:
            case FolderRecord():
                said[f"folder {item.folder.id}"] = item
            case Purged():
                said[f"purged {item.id}"] = item
            case _:
                said[item.conversation.id] = replace(item, messages=())
                said |= {message.id: message for message in item.messages}
    return said


def index(connection: sqlite3.Connection) -> set[tuple[str, str, int, int]]:
    """Which word stands where in which text."""
    found = set()
    for table in ("message_words", "title_words"):
        connection.execute(f"CREATE VIRTUAL TABLE temp.seen_{table} USING fts5vocab (main, {table}, instance)")
        rows = connection.execute(f"SELECT term, doc, offset FROM temp.seen_{table}")
        found |= {(table, *row) for row in rows}
    return found


def expected_index(connection: sqlite3.Connection) -> set[tuple[str, str, int, int]]:
    names: dict[str, list[str]] = {}
    for message, name in connection.execute("SELECT message_id, name FROM attachment ORDER BY number"):
        names.setdefault(message, []).append(name)
    with closing(sqlite3.connect(":memory:")) as fresh:
        for table, query in (
            ("message_words", "SELECT number, text, id FROM message WHERE state <> 'running'"),
            ("title_words", "SELECT number, title, '' FROM conversation"),
        ):
            fresh.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5 (x, content = '', tokenize = 'unicode61 remove_diacritics 2')"
            )
            texts = [
                (number, indexed_message(text, names.get(one, ()))) for number, text, one in connection.execute(query)
            ]
            fresh.executemany(f"INSERT INTO {table} (rowid, x) VALUES (?, ?)", texts)
        return index(fresh)


async def edit(history: History, edits: list[Edit]) -> None:
    for one in edits:
        with patch("gui.history.rows.now", lambda moment=one.moment: moment):
            await _edit(history, one)


async def _edit(history: History, one: Edit) -> None:
    ids = await history.record_ids(trash=True)
    if one.action == "add conversation" or not ids:
        await history.add_conversation(Conversation(one.text, created_at=one.moment, updated_at=one.moment))
        return
    record = await history.record(ids[one.which % len(ids)])
    assert record is not None
    folders = await history.folder_records()
    folder = folders[one.which % len(folders)] if folders else None
    if "folder" in one.action:
        await _edit_folder(history, one, folder)
    elif one.action in {"add message", "add sibling", "begin reply", "finish"}:
        await _edit_messages(history, one, record)
    else:
        await _edit_conversation(history, one, record, folder)


async def _edit_conversation(history: History, one: Edit, record: Record, folder: FolderRecord | None) -> None:
    chosen = record.conversation.id
    match one.action:
        case "rename":
            await history.update_conversation(chosen, title=one.text)
        case "pin":
            await history.update_conversation(chosen, pinned=one.which % 2 == 0)
        case "options":
            await history.update_conversation(chosen, options=one.text, system_prompt=one.text)
        case "archive":
            await history.update_conversation(chosen, archived=one.which % 2 == 0)
        case "show branch":
            shown = record.messages[one.which % len(record.messages)].id if record.messages else None
            await history.update_conversation(chosen, leaf_id=shown)
        case "move":
            await history.update_conversation(chosen, folder_id=folder.folder.id if folder else None)
        case "delete":
            await history.delete_conversation(chosen)
        case "restore":
            await history.restore_conversation(chosen)
        case "purge":
            await history.take_in([Purged(chosen, one.moment)])


async def _edit_messages(history: History, one: Edit, record: Record) -> None:
    message = record.messages[one.which % len(record.messages)] if record.messages else None
    new = Message(record.conversation.id, Role.USER, one.text, created_at=one.moment)
    match one.action:
        case "add message":
            await history.add_message(replace(new, parent_id=record.conversation.leaf_id))
        case "begin reply":
            reply = replace(new, parent_id=message.id if message else None, role=Role.ASSISTANT, state=State.RUNNING)
            await history.add_message(reply)
            await history.append_part(reply.id, one.text, one.text)
        case "add sibling":
            await history.add_message(replace(new, parent_id=message.parent_id if message else None))
        case "finish":
            await finish(history, one.moment)


async def _edit_folder(history: History, one: Edit, folder: FolderRecord | None) -> None:
    if folder is None or one.action == "add folder":
        await history.take_in([FolderRecord(Folder(one.text, created_at=one.moment))])
    elif one.action == "rename folder":
        stamps = {**folder.stamps, "name": one.moment}
        await history.take_in([replace(folder, folder=replace(folder.folder, name=one.text), stamps=stamps)])
    else:
        stamps = {**folder.stamps, "deleted_at": one.moment}
        await history.take_in([replace(folder, deleted_at=one.moment, stamps=stamps)])


async def finish(history: History, moment: int = 9) -> None:
    """Every reply that runs there."""
    query = "SELECT id FROM message WHERE runner IS NOT NULL"
    for (message_id,) in await history._read(lambda connection: connection.execute(query).fetchall()):
        message = await history.message(message_id)
        assert message is not None
        await history.finish_message(replace(message, state=State.COMPLETE, finished_at=moment))
