"""What is in the trash can be had back; what is removed from it is nowhere any more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Attachment, Conversation, Message, Role, State, now
from gui.history.listing import Order, View
from gui.history.trash import DAY, DAYS

if TYPE_CHECKING:
    from pathlib import Path

    from gui.history.store import History

SECRET = "xyzzyplugh"


async def say(history: History, chat: Conversation, text: str, **values: object) -> Message:
    message = replace(Message(chat.id, Role.USER, text), **values)  # type: ignore[arg-type]
    await history.add_message(message)
    return message


def traces(file: Path, word: str = SECRET) -> list[str]:
    """The files in which any bytes of the word are, spelled as the text or as the index has it."""
    beside = [file, *file.parent.glob(f"{file.name}-*")]
    return [one.name for one in beside if word[:6].encode() in one.read_bytes().lower()]


async def test_nothing_of_what_was_removed_is_in_the_bytes_of_the_file(history: History, file: Path) -> None:
    kept, chat = Conversation("Kept"), Conversation(f"About {SECRET}")
    for one in (kept, chat):
        await history.add_conversation(one)
    for number in range(60):  # enough for an index of several levels
        await say(history, kept, f"word{number} and others that stay")
        await say(history, chat, f"the {SECRET.title()}{number} that nobody may read " * 30)
        await say(history, chat, "look", attachments=(Attachment(f"{SECRET}-{number}.txt", "text/plain", b"-"),))
        grown = await say(history, chat, "", role=Role.ASSISTANT, state=State.RUNNING)
        await history.finish_message(
            replace(grown, text=f"{SECRET} {number} " * 20 * (number % 7), state=State.COMPLETE)
        )
    running = await say(history, chat, "", role=Role.ASSISTANT, state=State.RUNNING)
    await history.append_part(running.id, f"half of {SECRET}", reasoning=SECRET)
    await history.delete_conversation(chat.id)
    await history.remove([chat.id])
    assert await history.message(running.id), "a reply that runs is waited for"
    await history.finish_message(replace(running, text=f"half of {SECRET}", state=State.STOPPED))
    assert traces(file)

    await history.remove([chat.id])

    assert traces(file) == []
    assert await history.search(SECRET[:5]) == []
    assert await history.message(running.id) is None
    assert len(await history.search("others")) == 50, "the rest is found as before"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT id FROM purged").fetchall() == [(chat.id,)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_what_is_not_in_the_trash_is_not_removed(history: History, chat: Conversation) -> None:
    await history.remove([chat.id])
    assert await history.conversation(chat.id) == chat


async def test_the_trash_keeps_what_is_younger_than_its_days(
    history: History, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    young = Conversation("Young")
    await history.add_conversation(young)
    monkeypatch.setattr("gui.history.store.now", lambda: now() - DAYS * DAY - 1)
    await history.delete_conversation(chat.id)
    monkeypatch.setattr("gui.history.store.now", lambda: now() - DAYS * DAY + DAY // 2)
    await history.delete_conversation(young.id)
    monkeypatch.setattr("gui.history.store.now", now)

    assert await history.days_left([chat.id, young.id, "none"]) == {chat.id: 0, young.id: 1}
    await history.remove_expired()

    (section,) = await history.sections(View.TRASH, Order.CHANGED)
    assert await history.part(section, 0, 9) == [young]
    await history.restore_conversation(young.id)
    assert await history.conversation(young.id) == young


async def test_an_emptied_trash_is_empty(history: History, file: Path) -> None:
    chats = [Conversation(f"{SECRET} {number}") for number in range(50)]
    for chat in chats:
        await history.add_conversation(chat)
        await say(history, chat, f"{SECRET} {chat.id}")
    await history.delete_conversations([chat.id for chat in chats])
    await history.empty_trash()
    assert await history.sections(View.TRASH, Order.CHANGED) == []
    assert traces(file) == []


async def test_a_removal_that_was_cut_off_goes_on_at_the_next_start(history: History, file: Path) -> None:
    from gui.history import trash

    chat = Conversation("A chat")
    await history.add_conversation(chat)
    for number in range(40):
        await say(history, chat, f"{SECRET}{number} and more")
    await history.delete_conversation(chat.id)
    await history._write(lambda connection: trash.remove(connection, [chat.id]))
    await history.remove_expired()
    assert traces(file) == []


async def test_many_are_deleted_together_or_not_at_all(history: History, chat: Conversation) -> None:
    with pytest.raises(LookupError):
        await history.delete_conversations([chat.id, "none"])
    assert await history.conversation(chat.id) == chat
