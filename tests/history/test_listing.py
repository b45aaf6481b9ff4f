"""The list of conversations: its sections, its orders, its folders, and any part of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Folder
from gui.history.listing import Kind, Order, View

if TYPE_CHECKING:
    import sqlite3

    from gui.history.store import History


def days_ago(days: int) -> int:
    noon = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)
    return round((noon - timedelta(days=days)).timestamp() * 1000)


async def add(history: History, title: str, **values: object) -> Conversation:
    conversation = Conversation(title, **values)  # type: ignore[arg-type]
    await history.add_conversation(conversation)
    return conversation


async def listed(history: History, view: View = View.MAIN, order: Order = Order.CHANGED) -> list[list[str]]:
    """The titles of each section."""
    found = []
    for section in await history.sections(view, order):
        part = await history.part(section, 0, 99)
        assert len(part) == section.count
        found.append([conversation.title for conversation in part])
    return found


async def test_days_and_months_are_sections_the_newest_first(history: History) -> None:
    for title, days in (("today", 0), ("yesterday", 1), ("week", 4), ("older", 400), ("oldest", 800), ("now", 0)):
        moment = days_ago(days)
        await add(history, title, updated_at=moment + (title == "now"), created_at=days_ago(3))
    assert await listed(history) == [["now", "today"], ["yesterday"], ["week"], ["older"], ["oldest"]]
    kinds = [section.kind for section in await history.sections(View.MAIN, Order.CHANGED)]
    assert kinds == [Kind.DAY] * 3 + [Kind.MONTH] * 2


async def test_a_time_that_no_calendar_has_ends_the_list(history: History) -> None:
    await add(history, "older", updated_at=days_ago(400))
    await add(history, "damaged", updated_at=-(2**60))
    assert [section.count for section in await history.sections(View.MAIN, Order.CHANGED)] == [1, 1]


async def test_the_order_is_by_change_by_creation_or_by_title(history: History) -> None:
    for changed, title in enumerate(("Ёлка", "Арбуз", "яблоко", "zebra", "Apple")):
        await add(history, title, updated_at=days_ago(0) + changed, created_at=days_ago(0) - changed)
    assert await listed(history) == [["Apple", "zebra", "яблоко", "Арбуз", "Ёлка"]]
    assert await listed(history, order=Order.CREATED) == [["Ёлка", "Арбуз", "яблоко", "zebra", "Apple"]]
    assert await listed(history, order=Order.TITLE) == [["Apple", "zebra", "Арбуз", "Ёлка", "яблоко"]]


async def test_pinned_ones_and_folders_come_first_and_nothing_comes_twice(history: History) -> None:
    work, empty = Folder("Work"), Folder("another")
    await history.add_folder(work)
    await history.add_folder(empty)
    await add(history, "loose")
    await add(history, "inside", folder_id=work.id)
    await add(history, "pinned", pinned=True)
    await add(history, "pinned inside", pinned=True, folder_id=work.id)
    await add(history, "archived", archived=True, folder_id=work.id)
    deleted = await add(history, "deleted", folder_id=work.id, pinned=True)
    await history.delete_conversation(deleted.id)

    assert await listed(history) == [["pinned inside", "pinned"], [], ["inside"], ["loose"]]
    assert [one.folder for one in await history.sections(View.MAIN, Order.TITLE)] == [None, empty, work, None]
    assert await listed(history, View.ARCHIVE) == [["archived"]]
    assert await listed(history, View.TRASH) == [["deleted"]]


async def test_any_part_of_a_long_section_is_had(history: History) -> None:
    for number in range(30):
        await add(history, f"{number:02}")
    (section,) = await history.sections(View.MAIN, Order.TITLE)
    assert [one.title for one in await history.part(section, 17, 3)] == ["17", "18", "19"]


async def test_no_more_is_counted_than_is_enough(history: History) -> None:
    for number in range(30):
        await add(history, f"{number:02}", updated_at=days_ago(number * 40))
    found = await history.sections(View.MAIN, Order.CHANGED, enough=3)
    assert [section.count for section in found] == [1, 1, 1]


async def test_conversations_are_put_in_folders_and_back(history: History, chat: Conversation) -> None:
    work, home = Folder("Work"), Folder("Home")
    for folder in (work, home):
        await history.add_folder(folder)
    other = await add(history, "Other", folder_id=home.id)
    before = await history.put_in_folders({chat.id: work.id, other.id: work.id, "none": work.id})
    assert before == {chat.id: None, other.id: home.id}
    assert await listed(history) == [[], ["Other", "A chat"]]
    await history.put_in_folders(before)
    assert await listed(history) == [["Other"], [], ["A chat"]]


async def test_a_deleted_folder_gives_back_what_was_in_it(history: History) -> None:
    work = Folder("Work")
    await history.add_folder(work)
    inside = await add(history, "inside", folder_id=work.id)
    ids = await history.delete_folder(work.id)
    assert ids == [inside.id]
    assert await history.folders() == []
    assert await listed(history) == [["inside"]]
    await history.restore_folder(work.id, ids)
    assert await history.folders() == [work]
    (section,) = await history.sections(View.MAIN, Order.CHANGED)
    assert (section.folder, section.count) == (work, 1)


async def test_a_folder_is_renamed_and_says_when(history: History) -> None:
    work = Folder("Work")
    await history.add_folder(work)
    await history.rename_folder(work.id, "Дела")
    assert [folder.name for folder in await history.folders()] == ["Дела"]

    def stamps(connection: sqlite3.Connection) -> str:
        found: str = connection.execute("SELECT stamps FROM folder").fetchone()[0]
        return found

    assert '"name"' in await history._read(stamps)
    with pytest.raises(LookupError):
        await history.rename_folder("none", "x")


async def test_many_are_archived_together(history: History, chat: Conversation) -> None:
    other = await add(history, "Other")
    await history.archive([chat.id, other.id], archived=True)
    assert await listed(history) == []
    await history.archive([chat.id], archived=False)
    assert await listed(history) == [["A chat"]]


async def test_a_title_is_found_by_its_beginning_from_any_place_on(history: History) -> None:
    for number, title in enumerate(("Apfel", "Äpfel", "Birne", "apart")):
        await add(history, title, updated_at=days_ago(number))
    today, yesterday, week = await history.sections(View.MAIN, Order.CHANGED)
    spans = [(today, 0, 1), (yesterday, 0, 1), (week, 0, 2)]
    assert await history.first_titled(spans, "APF") == (today, 0)
    assert await history.first_titled([*spans[1:], *spans[:1]], "äP") == (yesterday, 0)
    assert await history.first_titled(spans, "apa") == (week, 1)
    assert await history.first_titled([(week, 0, 1)], "apa") is None
    assert await history.first_titled(spans, "pfel") is None
    (all_of_it,) = await history.sections(View.MAIN, Order.TITLE)
    assert await history.first_titled([(all_of_it, 1, 3)], "ap") == (all_of_it, 1)
