"""What a person says of a message: notes, pins, removals; and which branch was on show last."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Message, Role, State
from gui.history.exchange import read, write
from gui.history.merging import merged_message
from gui.history.store import History
from tests.history.copies import expected_index, index

if TYPE_CHECKING:
    from pathlib import Path

    from gui.conversation import Conversation


async def fork(history: History, chat: Conversation) -> tuple[Message, Message, Message, Message]:
    """A question, two replies to it, and what was said to the first of them: the second reply is the way on."""
    asked = Message(chat.id, Role.USER, "asked")
    first = Message(chat.id, Role.ASSISTANT, "first", asked.id)
    more = Message(chat.id, Role.USER, "more", first.id)
    second = Message(chat.id, Role.ASSISTANT, "second", asked.id)
    for one in (asked, first, more, second):
        await history.add_message(one)
    return asked, first, more, second


async def branch(history: History, chat: Conversation) -> list[str]:
    return [one.text for one in await history.branch(chat.id)]


async def test_a_note_is_kept_and_found_and_found_no_more_when_it_is_another(
    history: History, chat: Conversation, file: Path
) -> None:
    asked, *_others = await fork(history, chat)
    await history.mark_message(asked.id, note="Check the\nnumbers")
    (hit,) = await history.search("numbers")
    assert (hit.message_id, hit.snippet) == (asked.id, (("Check the ", False), ("numbers", True), (" · asked", False)))
    await history.mark_message(asked.id, note="Checked")
    assert not await history.search("numbers")
    kept = await history.message(asked.id)
    assert kept is not None
    assert (kept.note, kept.text) == ("Checked", "asked")
    await history.close()
    with closing(sqlite3.connect(file)) as connection:
        assert index(connection) == expected_index(connection)


async def test_a_note_on_a_running_reply_outlives_its_end(history: History, chat: Conversation) -> None:
    asked = Message(chat.id, Role.USER, "asked")
    reply = Message(chat.id, Role.ASSISTANT, "", asked.id, State.RUNNING)
    await history.add_message(asked)
    await history.add_message(reply)
    await history.mark_message(reply.id, note="interesting", pinned=True)
    await history.finish_message(replace(reply, text="said", state=State.COMPLETE))
    kept = await history.message(reply.id)
    assert kept is not None
    assert (kept.text, kept.note, kept.pinned) == ("said", "interesting", True)
    assert [hit.message_id for hit in await history.search("interesting")] == [reply.id]


async def test_what_is_removed_is_no_version_and_not_found_until_it_is_restored(
    history: History, chat: Conversation
) -> None:
    asked, first, more, second = await fork(history, chat)
    assert await history.remove_message(second.id) == [second.id]
    assert await branch(history, chat) == ["asked", "first", "more"]
    assert await history.siblings(first.id) == [first.id]
    assert await history.versions([first.id]) == {first.id: [first.id]}
    assert not await history.search("second")
    await history.restore_messages([second.id], second.id)
    assert await branch(history, chat) == ["asked", "second"]
    assert await history.versions([first.id]) == {first.id: [first.id, second.id]}
    assert await history.search("second")
    assert more.parent_id == first.id
    assert asked.parent_id is None


async def test_what_follows_goes_with_it_and_the_branch_ends_above(history: History, chat: Conversation) -> None:
    asked, first, more, second = await fork(history, chat)
    await history.remove_message(second.id)
    assert await history.remove_message(first.id) == [first.id, more.id]
    assert await branch(history, chat) == ["asked"]
    assert await history.remove_message(asked.id) == [asked.id]
    assert await branch(history, chat) == []
    await history.restore_messages([asked.id], asked.id)
    assert await branch(history, chat) == ["asked"]


async def test_to_remove_what_is_on_no_branch_on_show_leaves_that_one(history: History, chat: Conversation) -> None:
    _asked, first, _more, _second = await fork(history, chat)
    await history.remove_message(first.id)
    assert await branch(history, chat) == ["asked", "second"]


async def test_what_is_not_there_cannot_be_marked_nor_removed(history: History) -> None:
    with pytest.raises(LookupError):
        await history.mark_message("nobody", pinned=True)
    with pytest.raises(LookupError):
        await history.remove_message("nobody")


async def test_the_way_on_is_the_one_that_was_on_show_last(history: History, chat: Conversation, file: Path) -> None:
    _asked, first, more, second = await fork(history, chat)
    other = Message(chat.id, Role.USER, "other", first.id)
    await history.add_message(other)
    await history.update_conversation(chat.id, leaf_id=more.id)
    await history.update_conversation(chat.id, leaf_id=second.id)
    assert await history.leaf_below(first.id) == more.id, "not the newest"
    await history.close()
    again = await History.open(file)
    try:
        assert await again.leaf_below(first.id) == more.id
        answer = Message(chat.id, Role.ASSISTANT, "answer", more.id)
        await again.add_message(answer)
        await again.update_conversation(chat.id, leaf_id=second.id)
        assert await again.leaf_below(first.id) == answer.id
    finally:
        await again.close()


async def test_marks_are_in_the_file_that_is_exported(history: History, chat: Conversation) -> None:
    asked, *_others = await fork(history, chat)
    await history.mark_message(asked.id, note="ein Zettel", pinned=True)
    await history.remove_message(asked.id)
    record = await history.record(chat.id)
    assert record is not None
    assert record.messages[0].removed
    file = io.BytesIO()
    write([record], file)
    file.seek(0)
    assert list(read(file)) == [record]
    await history.restore_messages([one.id for one in record.messages], asked.id)
    await history.mark_message(asked.id, note="")
    await history.take_in([record])
    kept = await history.message(asked.id)
    assert kept is not None
    assert (kept.note, kept.pinned, kept.removed) == ("", True, False), "what was said later holds"


def test_of_two_copies_each_mark_is_the_one_that_was_made_later() -> None:
    one = Message("c", Role.USER, "said")
    noted = replace(one, note="here", noted_at=20, pinned=True, pinned_at=5)
    removed = replace(one, note="there", noted_at=10, pinned_at=6, removed=True, removed_at=1)
    both = replace(one, note="here", noted_at=20, pinned_at=6, removed=True, removed_at=1)
    assert merged_message(noted, removed) == merged_message(removed, noted) == both


async def test_a_note_is_gone_from_the_file_with_its_conversation(
    history: History, chat: Conversation, file: Path
) -> None:
    asked, *_others = await fork(history, chat)
    await history.mark_message(asked.id, note="a secret nobody is to read")
    await history.delete_conversation(chat.id)
    await history.remove([chat.id])
    await history.close()
    assert not [one for one in file.parent.glob("history*") if b"secret nobody" in one.read_bytes()]
