"""The overview of a conversation's branches."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.conversation import Conversation, Message, Role, make_id
from gui.history.record import Record
from gui.settings.connections import Connection
from gui.windows.branch_map import BranchMap
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import CONTROL, SHIFT, press, talk
from tests.windows.test_message_actions import SAID

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


async def with_another_branch(parts: Parts) -> Conversation:
    """What was SAID, and another first reply with what was said to that, which is on show."""
    conversation = await talk(parts, "one", SAID)
    history = await parts.history
    asked = (await history.branch(conversation.id))[0]
    reply = Message(conversation.id, Role.ASSISTANT, "another first reply", asked.id)
    await history.add_message(reply)
    await history.add_message(Message(conversation.id, Role.USER, "a last question", reply.id))
    return conversation


async def open_map(window: MainWindow) -> BranchMap:
    press(window, Qt.Key.Key_B, CONTROL | SHIFT)
    await until(lambda: [one for one in window.findChildren(BranchMap) if one.isVisible()])
    (overview,) = (one for one in window.findChildren(BranchMap) if one.isVisible())
    return overview


def chosen(overview: BranchMap) -> str:
    return str(overview.list.currentIndex().data())


def test_a_branch_is_found_with_the_arrows_and_shown_with_enter(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation = await with_another_branch(parts)
        await window.open(conversation.id)
        pane = window.pane
        overview = await open_map(window)
        keys = (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down)
        seen = []
        for key in keys:
            QTest.keyClick(overview.list, key)
            seen.append(chosen(overview))
        assert seen == ["first question", "first reply", "second question", "second reply"]
        QTest.keyClick(overview.list, Qt.Key.Key_Left)
        assert chosen(overview) == "second question"
        QTest.keyClick(overview.list, Qt.Key.Key_Return)
        await until(lambda: "second reply" in shown(pane))
        assert "another first reply" not in shown(pane)
        assert pane.composer.input.hasFocus()
        assert (await (await parts.history).branch(conversation.id))[-1].text == "second reply"

    visit(scenario)


def test_escape_leaves_it_and_nothing_is_left_of_it(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await with_another_branch(parts)).id)
        overview = await open_map(window)
        QTest.keyClick(overview.list, Qt.Key.Key_Escape)
        assert window.pane.composer.input.hasFocus()
        await until(lambda: not window.findChildren(BranchMap))
        assert "a last question" in shown(window.pane)

    visit(scenario)


def test_a_row_is_clicked(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await with_another_branch(parts)).id)
        overview = await open_map(window)
        row = next(n for n, twig in enumerate(overview.rows.all) if twig.node.beginning == "second reply")
        place = overview.list.visualRect(overview.rows.index(row)).center()
        QTest.mouseClick(overview.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await until(lambda: "second reply" in shown(window.pane))

    visit(scenario)


def test_no_other_branch_is_shown_while_a_reply_grows(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("it grows", " and ends", delay=0.6)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.open((await with_another_branch(parts)).id)
            pane = window.pane
            await pane.choose("test", "")
            await pane.regenerate()
            await until(lambda: "it grows" in shown(pane))
            overview = await open_map(window)
            QTest.keyClick(overview.list, Qt.Key.Key_Home)
            QTest.keyClick(overview.list, Qt.Key.Key_Right)
            QTest.keyClick(overview.list, Qt.Key.Key_Return)
            await until(lambda: "when this reply has ended" in pane.bar.text)
            await until(lambda: "and ends" in shown(pane) and not len(window.replies))

    visit(scenario)


def test_the_version_that_was_shown_last_is_shown_again_at_the_next_start(visit: Visit) -> None:
    ids: list[str] = []

    async def first(window: MainWindow, parts: Parts) -> None:
        conversation = await talk(parts, "one", SAID)
        history = await parts.history
        asked, reply, again, answer = await history.branch(conversation.id)
        await history.add_message(Message(conversation.id, Role.ASSISTANT, "newest", again.id))
        await window.open(conversation.id)
        await window.pane.show_version(answer.id)
        other = Message(conversation.id, Role.ASSISTANT, "another first reply", asked.id)
        await history.add_message(other)
        await window.pane.reload()
        ids.append(reply.id)

    async def second(window: MainWindow, parts: Parts) -> None:
        pane = window.pane
        await until(lambda: "another first reply" in shown(pane))
        await pane.show_version(ids[0])
        assert "second reply" in shown(pane)
        assert "newest" not in shown(pane)

    visit(first)
    visit(second)


def test_ten_thousand_messages_on_a_thousand_branches_are_walked_without_waiting(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation, history = Conversation("large"), await parts.history
        await history.add_conversation(conversation)
        trunk = Message(conversation.id, Role.USER, "root", id=make_id(1, 0, bytes(8)))
        rows, parent = [trunk], trunk
        for number in range(10_000):
            parent = parent if number % 10 else trunk
            text = f"message {number % 10} of branch {number // 10}"
            parent = Message(
                conversation.id, Role.USER, text, parent.id, id=make_id(2, number % 4096, number.to_bytes(8))
            )
            rows.append(parent)
        await history.take_in([Record(replace(conversation, leaf_id=parent.id), tuple(rows))])
        await window.open(conversation.id)
        began = time.perf_counter()
        overview = await open_map(window)
        overview.grab()
        opened = time.perf_counter() - began
        assert overview.rows.rowCount() == len(rows)
        slowest = 0.0
        for key in (Qt.Key.Key_End, Qt.Key.Key_Home, *[Qt.Key.Key_PageDown] * 20):
            began = time.perf_counter()
            QTest.keyClick(overview.list, key)
            overview.grab()
            slowest = max(slowest, time.perf_counter() - began)
        assert opened < 2  # seconds; a sixth of that on an idle machine
        assert slowest < 0.25

    visit(scenario)
