"""A conversation's tree in short, and the rows that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.conversation import Message, Role
from gui.history.outline import BEGINNING, twigs

if TYPE_CHECKING:
    from gui.conversation import Conversation
    from gui.history.store import History


async def test_other_versions_stand_aside_and_the_branch_on_show_goes_on_straight(
    history: History, chat: Conversation
) -> None:
    asked = Message(chat.id, Role.USER, "asked")
    first = Message(chat.id, Role.ASSISTANT, "first", asked.id)
    second = Message(chat.id, Role.ASSISTANT, "second", asked.id)
    more = Message(chat.id, Role.USER, "more", second.id)
    third = Message(chat.id, Role.ASSISTANT, "third", asked.id)
    below = Message(chat.id, Role.USER, "below", third.id)
    for one in (asked, first, third, below, second, more):
        await history.add_message(one)
    on_show = frozenset(await history.branch_ids(chat.id))
    rows = twigs(await history.outline(chat.id), on_show)
    told = [(row.node.beginning, row.depth, row.on_show, row.begins, row.goes_on) for row in rows]
    assert told == [
        ("asked", 0, True, False, True),
        ("first", 1, False, True, False),
        ("third", 1, False, True, True),
        ("below", 1, False, False, False),
        ("second", 0, True, False, True),
        ("more", 0, True, False, False),
    ]


async def test_what_was_removed_is_not_in_it_and_a_long_text_is_cut(history: History, chat: Conversation) -> None:
    asked = Message(chat.id, Role.USER, "a\nlong\n\ttext " * 100)
    reply = Message(chat.id, Role.ASSISTANT, "reply", asked.id)
    await history.add_message(asked)
    await history.add_message(reply)
    await history.remove_message(reply.id)
    (node,) = await history.outline(chat.id)
    assert node.beginning.startswith("a\nlong")
    assert len(node.beginning) <= BEGINNING
