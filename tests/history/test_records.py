"""Two histories and what becomes of both."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.conversation import Conversation, Folder, Message, Role, State
from gui.history.record import FolderRecord, Purged, Record
from gui.history.records import Incomplete, Taken
from tests.history.copies import EDITS, Edit, contents, edit, everything, finish, histories

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.history.store import History


def a_record(name: str = "A chat", **stamps: int) -> Record:
    chat = Conversation(name, id="c", created_at=1, updated_at=5, leaf_id="b")
    first = Message("c", Role.USER, "Question", id="a", created_at=2)
    reply = Message("c", Role.ASSISTANT, "Answer", "a", id="b", created_at=3, finished_at=5)
    return Record(chat, (first, reply), stamps)


@settings(max_examples=30, deadline=None)
@given(common=EDITS, ours=EDITS, theirs=EDITS, after=EDITS)
async def test_two_copies_become_the_same_whichever_takes_in_the_other_first(
    common: list[Edit], ours: list[Edit], theirs: list[Edit], after: list[Edit]
) -> None:
    async with histories(2) as (one, other):
        await edit(one, common)
        await other.take_in(await everything(one))
        await edit(one, ours)
        await edit(other, theirs)
        for history in (one, other):
            await finish(history)
        said, answered = await everything(one), await everything(other)
        await one.take_in(answered)
        await other.take_in(said)
        assert await contents(one) == await contents(other)

        await edit(one, after)
        await finish(one)
        await other.take_in(await everything(one))
        await one.take_in(await everything(other))
        assert await contents(one) == await contents(other)


@settings(max_examples=20, deadline=None)
@given(common=EDITS, parts=st.tuples(EDITS, EDITS, EDITS), order=st.permutations(range(3)))
async def test_three_copies_become_the_same_in_any_order_and_again_changes_nothing(
    common: list[Edit], parts: tuple[list[Edit], list[Edit], list[Edit]], order: list[int]
) -> None:
    async with histories(5) as (*copies, forwards, anyhow):
        await edit(copies[0], common)
        for copy, edits in zip(copies, parts, strict=True):
            await copy.take_in(await everything(copies[0]))
            await edit(copy, edits)
            await finish(copy)
        said = [await everything(copy) for copy in copies]
        for part in said:
            await forwards.take_in(part)
        for number in order:
            await anyhow.take_in(said[number])
        whole = await contents(forwards)
        assert await contents(anyhow) == whole

        for part in (*said, await everything(forwards)):
            again = await anyhow.take_in(part)
            assert (again.added, again.changed, again.messages) == (0, 0, 0)
        assert await contents(anyhow) == whole


async def test_what_is_new_is_counted_and_found(history: History) -> None:
    assert await history.take_in([a_record()]) == Taken(added=1, messages=2)
    assert await history.take_in([a_record()]) == Taken(unchanged=1)
    assert await history.take_in([a_record("New name", title=7)]) == Taken(changed=1)

    assert await history.record("c") == a_record("New name", title=7)
    assert [hit.message_id for hit in await history.search("answer")] == ["b"]
    assert await history.search("chat") == []
    assert [hit.title for hit in await history.search("name")] == ["New name"]


async def test_an_empty_folder_and_a_deleted_one_come_along(history: History) -> None:
    empty = FolderRecord(Folder("Empty", "f", 1))
    deleted = FolderRecord(Folder("Gone", "g", 2), {"deleted_at": 5}, deleted_at=5)
    await history.take_in([empty, deleted])

    assert await history.folder_records() == [empty, deleted]


async def test_record_ids_are_those_of_folders_and_the_trash_if_asked(history: History) -> None:
    folder = Folder("Work", "f", 1)
    kept = replace(a_record(), conversation=replace(a_record().conversation, folder_id="f"), folder=folder)
    thrown = Record(Conversation(id="d", created_at=2), deleted_at=3)
    await history.take_in([kept, thrown])

    assert await history.record_ids() == ["c"]
    assert await history.record_ids(trash=True) == ["c", "d"]
    assert await history.record_ids(["f"]) == ["c"]
    assert await history.record_ids(["g"]) == []


async def test_a_message_whose_parent_is_not_there_is_refused_and_nothing_of_the_rest_is_kept(
    history: History,
) -> None:
    orphan = replace(a_record(), messages=a_record().messages[1:])
    with pytest.raises(Incomplete, match="message a, which b answers, is not there"):
        await history.take_in([FolderRecord(Folder("Work")), orphan])

    assert await history.folder_records() == []
    assert await history.take_in([a_record()]) == Taken(added=1, messages=2)


async def test_messages_that_go_on_from_what_is_there_need_not_bring_it(history: History) -> None:
    await history.take_in([a_record()])
    later = Message("c", Role.USER, "More", "b", id="d", created_at=9)
    part = Record(replace(a_record().conversation, leaf_id="d"), (later,), {"leaf_id": 9})

    assert await history.take_in([part]) == Taken(changed=1, messages=1)
    assert await history.branch_ids("c") == ["a", "b", "d"]


@pytest.mark.parametrize("wrong", ["leaf", "folder", "conversation"])
async def test_what_cannot_be_true_is_refused(history: History, wrong: str) -> None:
    record = a_record()
    match wrong:
        case "leaf":
            record = replace(record, conversation=replace(record.conversation, leaf_id="x"))
        case "folder":
            record = replace(record, conversation=replace(record.conversation, folder_id="x"))
        case "conversation":
            await history.take_in([Record(replace(record.conversation, id="x", leaf_id=None))])
            record = replace(record, conversation=replace(record.conversation, id="x"))
    with pytest.raises(ValueError, match=r"x is not there|x: message a belongs to another one"):
        await history.take_in([record])


async def test_purging_wins_over_everything_and_leaves_no_word(history: History) -> None:
    await history.take_in([a_record()])
    await history.take_in([Purged("c", 8)])
    assert await history.take_in([a_record("Changed later", title=99)]) == Taken(unchanged=1)

    assert await history.record("c") is None
    assert await history.search("answer") == []
    assert list(await contents(history)) == ["purged c"]


async def test_a_reply_that_runs_here_is_given_as_interrupted_and_not_touched(history: History) -> None:
    await history.take_in([a_record()])
    reply = Message("c", Role.ASSISTANT, parent_id="a", state=State.RUNNING, id="r", created_at=7)
    await history.add_message(reply)
    await history.append_part("r", "Half")
    given = await history.record("c")
    assert given is not None
    assert given.messages[-1] == replace(reply, state=State.INTERRUPTED, text="Half")

    forged = replace(given.messages[-1], state=State.COMPLETE, text="Something else", finished_at=8)
    assert await history.take_in([replace(given, messages=(*given.messages[:-1], forged))]) == Taken(unchanged=1)
    assert await history.take_in([Purged("c", 9)]) == Taken(postponed=1)
    await history.finish_message(replace(reply, state=State.COMPLETE, text="Whole", finished_at=9))

    assert await history.message("r") == replace(reply, state=State.COMPLETE, text="Whole", finished_at=9)
    assert await history.take_in([Purged("c", 9)]) == Taken(changed=1)


async def test_a_message_that_lost_its_parent_to_damage_finds_it_again(history: History) -> None:
    first, reply = a_record().messages
    await history.take_in([replace(a_record(), messages=(replace(reply, parent_id=None),))])
    await history.take_in([a_record()])

    assert await history.branch_ids("c") == [first.id, reply.id]


async def test_two_messages_that_each_claim_to_answer_the_other_make_no_ring(history: History) -> None:
    chat = a_record().conversation
    first, reply = a_record().messages
    await history.take_in([a_record()])
    turned = (replace(reply, parent_id=None), replace(first, parent_id="b"))
    await history.take_in([Record(chat, turned)])

    assert await history.branch_ids("c") == ["a", "b"]


async def test_what_damage_cut_off_is_given_as_something_whole(history: History, file: Path) -> None:
    await history.take_in([a_record()])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM message WHERE id = 'a'")
        connection.execute("UPDATE conversation SET leaf_id = 'lost'")
        connection.commit()
    given = await history.record("c")

    assert given is not None
    assert given.messages == (replace(a_record().messages[1], parent_id=None),)
    assert given.conversation.leaf_id == "b"


async def test_an_error_of_what_is_gone_through_takes_everything_back(history: History) -> None:
    def broken() -> Iterator[Record]:
        yield a_record()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await history.take_in(broken())

    assert await history.record_ids() == []


async def test_an_edit_is_later_than_what_a_clock_that_goes_ahead_has_stamped(history: History) -> None:
    ahead = 2**45
    await history.take_in([a_record("From the future", title=ahead)])
    await history.update_conversation("c", title="Renamed here")
    await history.take_in([a_record("From the future", title=ahead)])

    chat = await history.conversation("c")
    assert chat is not None
    assert chat.title == "Renamed here"


async def test_all_conversations_are_archived_ones_too_and_none_of_the_trash(history: History) -> None:
    for name in ("a", "b", "c"):
        await history.add_conversation(Conversation(name, name, updated_at=ord(name), archived=name == "b"))
    await history.delete_conversation("a")
    assert [one.id for one in await history.all_conversations()] == ["c", "b"]
