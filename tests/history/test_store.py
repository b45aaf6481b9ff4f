from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.conversation import Attachment, Conversation, Message, Role, State
from gui.errors import HistoryUnavailable, ServerUnreachable
from gui.history.store import History

# Text as it may come from anywhere: any code point, NUL and lone surrogates among them.
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def as_kept(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


async def add(history: History, chat: Conversation, parent: Message | None = None, **values: Any) -> Message:
    message = Message(chat.id, values.pop("role", Role.USER), parent_id=parent.id if parent else None, **values)
    await history.add_message(message)
    return message


async def test_every_field_of_a_conversation_is_there_after_reopening(file: Path) -> None:
    history = await History.open(file)
    conversation = Conversation("Title", "c", 1, 2, None, "local", "m", "Be brief.", pinned=True, unread=True)
    await history.add_conversation(conversation)
    await history.close()

    history = await History.open(file)
    assert await history.conversation("c") == conversation
    await history.close()


async def test_every_field_of_a_message_is_there_after_reopening(file: Path) -> None:
    history = await History.open(file)
    chat = Conversation()
    await history.add_conversation(chat)
    root = await add(history, chat)
    message = Message(
        conversation_id=chat.id,
        role=Role.ASSISTANT,
        text="Half a rep",
        parent_id=root.id,
        state=State.FAILED,
        id="m",
        created_at=1,
        finished_at=2,
        connection="local",
        model="smol",
        reasoning="Hm.",
        error=ServerUnreachable(host="example.org").to_json(),
        prompt_tokens=3,
        completion_tokens=4,
        first_at=1,
        writing_ms=5,
        omitted=6,
        attachments=(Attachment("a.png", "image/png", b"\x89PNG\0"), Attachment("ü.txt", "text/plain", b"Hi")),
    )
    await history.add_message(message)
    await history.close()

    history = await History.open(file)
    assert await history.message("m") == message
    await history.close()


@settings(max_examples=40, deadline=None)
@given(title=ANY_TEXT, text=ANY_TEXT, parts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=5))
async def test_any_unicode_is_there_after_reopening(title: str, text: str, parts: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = await History.open(Path(folder) / "h")
        chat = Conversation(title=title)
        await history.add_conversation(chat)
        question = await add(history, chat, text=text)
        reply = await add(history, chat, question, role=Role.ASSISTANT, state=State.RUNNING)
        for part, reasoning in parts:
            await history.append_part(reply.id, part, reasoning)
        growing = await history.message(reply.id)
        await history.close()

        history = await History.open(Path(folder) / "h")
        kept = await history.conversation(chat.id)
        branch = await history.branch(chat.id)
        await history.close()

    assert kept is not None
    assert kept.title == as_kept(title)
    assert [message.text for message in branch] == [as_kept(text), "".join(as_kept(part) for part, _ in parts)]
    assert branch[1].reasoning == "".join(as_kept(reasoning) for _, reasoning in parts)
    assert growing == replace(branch[1], state=State.RUNNING)


async def test_a_lone_surrogate_becomes_the_replacement_character_and_a_pair_one_character(
    history: History, chat: Conversation
) -> None:
    await history.update_conversation(chat.id, title="a\ud83d|\0|\ud83d\ude00")

    kept = await history.conversation(chat.id)
    assert kept is not None
    assert kept.title == "a\ufffd|\0|\U0001f600"


async def test_a_new_message_is_the_leaf_and_dates_its_conversation(history: History, chat: Conversation) -> None:
    later = chat.updated_at + 5
    message = await add(history, chat, created_at=later)

    assert await history.conversation(chat.id) == replace(chat, leaf_id=message.id, updated_at=later)


async def test_a_clock_that_went_back_does_not_make_a_conversation_older(history: History, chat: Conversation) -> None:
    message = await add(history, chat, created_at=chat.updated_at - 5)

    assert await history.conversation(chat.id) == replace(chat, leaf_id=message.id)


async def test_finishing_puts_the_whole_text_in_place_of_the_parts(history: History, chat: Conversation) -> None:
    reply = await add(history, chat, role=Role.ASSISTANT, state=State.RUNNING)
    await history.append_part(reply.id, "Hel")
    finished = replace(reply, text="Hello", state=State.COMPLETE, finished_at=chat.updated_at + 77, completion_tokens=1)
    await history.finish_message(finished)

    assert await history.message(reply.id) == finished
    assert await history._read(lambda c: c.execute("SELECT count(*) FROM part").fetchone()[0]) == 0
    conversation = await history.conversation(chat.id)
    assert conversation is not None
    assert conversation.updated_at == chat.updated_at + 77


async def test_parts_continue_the_text_a_running_message_began_with(history: History, chat: Conversation) -> None:
    reply = await add(history, chat, text="Once upon", state=State.RUNNING)
    await history.append_part(reply.id, " a time", "Think")

    kept = await history.message(reply.id)
    assert kept is not None
    assert (kept.text, kept.reasoning) == ("Once upon a time", "Think")


async def test_parts_of_two_replies_do_not_mix(history: History, chat: Conversation) -> None:
    one = await add(history, chat, state=State.RUNNING)
    two = await add(history, chat, state=State.RUNNING)
    for number in range(5):
        await history.append_part(one.id, f"a{number}")
        await history.append_part(two.id, f"b{number}")
    await history.finish_message(replace(two, text="done", state=State.STOPPED))
    await history.append_part(one.id, "!")

    kept = await history.message(one.id)
    assert kept is not None
    assert kept.text == "a0a1a2a3a4!"


async def test_nothing_is_appended_to_a_finished_message(history: History, chat: Conversation) -> None:
    message = await add(history, chat)
    with pytest.raises(LookupError):
        await history.append_part(message.id, "late")


async def test_a_finished_message_cannot_be_running(history: History, chat: Conversation) -> None:
    reply = await add(history, chat, state=State.RUNNING)
    with pytest.raises(ValueError, match="running"):
        await history.finish_message(reply)


async def test_a_branch_goes_from_the_root_to_the_leaf_past_other_versions(
    history: History, chat: Conversation
) -> None:
    root = await add(history, chat, text="root")
    first = await add(history, chat, root, text="first answer")
    under_first = await add(history, chat, first, text="under the first")
    second = await add(history, chat, root, text="second answer")

    assert await history.branch(chat.id) == [root, second]
    assert await history.branch(chat.id, under_first.id) == [root, first, under_first]
    await history.update_conversation(chat.id, leaf_id=first.id)
    assert await history.branch(chat.id) == [root, first]


async def test_a_branch_is_paged_from_its_leaf(history: History, chat: Conversation) -> None:
    line = [await add(history, chat, text="0")]
    for number in range(1, 10):
        line.append(await add(history, chat, line[-1], text=str(number)))

    page = await history.branch(chat.id, limit=4)
    assert page == line[6:]
    assert await history.branch(chat.id, page[0].parent_id, limit=100) == line[:6]
    assert await history.branch(chat.id, limit=0) == []


async def test_an_empty_conversation_and_one_that_is_not_there_have_no_branch(
    history: History, chat: Conversation
) -> None:
    assert await history.branch(chat.id) == []
    assert await history.branch("nobody") == []


async def test_a_leaf_of_another_conversation_is_not_shown(history: History, chat: Conversation) -> None:
    other = Conversation()
    await history.add_conversation(other)
    message = await add(history, other)

    assert await history.branch(chat.id, message.id) == []


async def test_siblings_are_the_versions_in_the_order_of_time(history: History, chat: Conversation) -> None:
    other = Conversation()
    await history.add_conversation(other)
    await add(history, other)
    root = await add(history, chat, created_at=1)
    edited = await add(history, chat, created_at=5)
    late = await add(history, chat, root, created_at=9)
    early = await add(history, chat, root, created_at=8)

    assert await history.siblings(edited.id) == [root.id, edited.id]
    assert await history.siblings(late.id) == [early.id, late.id]
    assert await history.siblings("nobody") == []


async def test_pages_by_key_hold_every_conversation_once_where_times_are_equal(history: History) -> None:
    everyone = [Conversation(title=str(number), updated_at=number // 10) for number in range(45)]
    for conversation in everyone:
        await history.add_conversation(conversation)

    found: list[Conversation] = []
    while page := await history.conversations(limit=7, before=(found[-1].updated_at, found[-1].id) if found else None):
        found += page
    assert found == sorted(everyone, key=lambda c: (c.updated_at, c.id), reverse=True)


async def test_pinned_conversations_are_in_both_lists(history: History, chat: Conversation) -> None:
    pinned = Conversation(pinned=True, updated_at=1)
    await history.add_conversation(pinned)

    assert await history.pinned() == [pinned]
    assert await history.conversations() == [chat, pinned]


async def test_deleting_is_a_mark_that_can_be_taken_back(history: History, chat: Conversation) -> None:
    await history.update_conversation(chat.id, pinned=True)
    message = await add(history, chat)
    kept = await history.conversation(chat.id)
    await history.delete_conversation(chat.id)

    assert await history.conversations() == []
    assert await history.pinned() == []
    assert await history.conversation(chat.id) is None

    await history.restore_conversation(chat.id)
    assert await history.conversations() == [kept]
    assert await history.branch(chat.id) == [message]


async def test_changes_do_not_date_a_conversation(history: History) -> None:
    chat = Conversation(updated_at=5, pinned=True)
    await history.add_conversation(chat)
    changes: dict[str, Any] = {"title": "New", "model": "m", "connection": "c", "options": "{}", "pinned": False}
    await history.update_conversation(chat.id, unread=True, **changes)

    assert await history.conversation(chat.id) == replace(chat, unread=True, **changes)


async def test_a_change_of_anything_else_is_refused(history: History, chat: Conversation) -> None:
    with pytest.raises(TypeError, match="updated_at"):
        await history.update_conversation(chat.id, updated_at=1)  # type: ignore[call-arg]


async def test_an_id_that_is_not_there_is_a_lookup_error(history: History) -> None:
    with pytest.raises(LookupError):
        await history.update_conversation("nobody", title="x")
    with pytest.raises(LookupError):
        await history.delete_conversation("nobody")
    with pytest.raises(LookupError):
        await history.finish_message(Message("nobody", Role.USER))


async def test_writes_happen_in_the_order_of_their_calls(history: History, chat: Conversation) -> None:
    reply = await add(history, chat, state=State.RUNNING)
    await asyncio.gather(*(history.append_part(reply.id, f"{number},") for number in range(200)))

    kept = await history.message(reply.id)
    assert kept is not None
    assert kept.text == "".join(f"{number}," for number in range(200))


async def test_a_write_whose_wait_is_cancelled_is_done(history: History, chat: Conversation) -> None:
    message = Message(chat.id, Role.USER, "kept")
    task = asyncio.create_task(history.add_message(message))
    await asyncio.sleep(0)  # it has begun to wait
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await history.branch(chat.id) == [message]


async def test_a_cancelled_opening_leaves_nothing_open(file: Path) -> None:
    task = asyncio.create_task(History.open(file))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    threads = [thread for thread in threading.enumerate() if thread.name == "history"]
    for thread in threads:
        await asyncio.to_thread(thread.join, 5)
    assert not any(thread.is_alive() for thread in threads)
    assert list(file.parent.glob("running/*.lock")) == []


async def test_closing_writes_what_was_asked_for_and_can_be_done_twice(file: Path) -> None:
    history = await History.open(file)
    chat = Conversation()
    await history.add_conversation(chat)
    message = Message(chat.id, Role.USER)
    adding = asyncio.create_task(history.add_message(message))
    await asyncio.sleep(0)
    await asyncio.gather(history.close(), history.close())
    await history.close()
    await adding

    with pytest.raises(HistoryUnavailable, match="closed"):
        await history.conversations()
    history = await History.open(file)
    assert await history.branch(chat.id) == [message]
    await history.close()


async def test_the_versions_of_a_page_are_the_siblings_of_each(history: History, chat: Conversation) -> None:
    root = await add(history, chat, created_at=1)
    edited = await add(history, chat, created_at=2)
    late = await add(history, chat, root, created_at=9)
    early = await add(history, chat, root, created_at=8)

    found = await history.versions([edited.id, early.id, "nobody"])
    assert found == {edited.id: [root.id, edited.id], early.id: [early.id, late.id]}


async def test_the_ids_of_a_branch_are_those_of_its_messages(history: History, chat: Conversation) -> None:
    root = await add(history, chat)
    await add(history, chat, root, text="another version")
    reply = await add(history, chat, root, role=Role.ASSISTANT)
    assert await history.branch_ids(chat.id) == [root.id, reply.id]


async def test_writes_that_wait_share_a_transaction_and_one_that_fails_fails_alone(
    history: History, chat: Conversation
) -> None:
    statements: list[str] = []
    await history._read(lambda c: c.set_trace_callback(statements.append))
    busy = threading.Event()
    history._worker.submit(busy.wait)
    messages = [Message(chat.id, Role.USER, str(number)) for number in range(20)]
    writes = [asyncio.create_task(history.add_message(message)) for message in messages]
    await asyncio.sleep(0)
    busy.set()
    await asyncio.gather(*writes)
    assert statements.count("BEGIN IMMEDIATE") == 1
    assert statements.count("PRAGMA synchronous = FULL") == 1

    busy = threading.Event()
    history._worker.submit(busy.wait)
    good, bad = Message(chat.id, Role.USER, "good"), Message("nobody", Role.USER)
    writes = [asyncio.create_task(history.add_message(message)) for message in (bad, good)]
    await asyncio.sleep(0)
    busy.set()
    outcome = await asyncio.gather(*writes, return_exceptions=True)
    assert isinstance(outcome[0], sqlite3.IntegrityError)
    assert await history.message(good.id) == good
