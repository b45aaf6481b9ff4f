"""Messages that are sent while a reply runs: they wait, are edited and removed there, and sent in their turn."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton

from gui.conversation import Attachment, Role
from gui.settings.connections import Connection
from gui.windows.queue import Pause
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_conversation import button, type_and_send

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

SLOW = Reply(*(f"word{number} " for number in range(400)), delay=0.02)


async def with_server(parts: Parts, pane: Pane, server: GPROChatServer) -> None:
    parts.connections.save(Connection("test", "Test", "gprochat", server.url))
    await pane.choose("test", "")


def waiting(pane: Pane) -> list[str]:
    return [one.text for one in pane._queue.of(pane.conversation.id)]


def lines(pane: Pane) -> list[QPushButton]:
    """Of the strip, as they are seen."""
    return [one for one in pane.line.strip.findChildren(QPushButton, "queued") if one.isVisible()]


async def begin(window: MainWindow, parts: Parts, server: GPROChatServer, *queued: str) -> Pane:
    """A reply runs, and these wait behind it."""
    pane = window.pane
    await with_server(parts, pane, server)
    type_and_send(pane, "first")
    await until(lambda: len(window.replies) and not pane.composer.text)
    for text in queued:
        type_and_send(pane, text)
        await until(lambda: not pane.composer.text)
    return pane


async def said(window: MainWindow, parts: Parts) -> list[str]:
    history = await parts.history
    branch = await history.branch(window.pane.conversation.id)
    return [one.text for one in branch if one.role is Role.USER]


async def end(window: MainWindow, pane: Pane) -> None:
    """The reply that runs, before its server does."""
    (turn,) = window.replies.of(pane.conversation.id)
    await until(lambda: turn.reply.text)
    pane.stop()
    await until(lambda: not len(window.replies))


async def say(window: MainWindow, pane: Pane, text: str) -> None:
    """And have it answered."""
    type_and_send(pane, text)
    await until(lambda: len(pane.pages.messages) and not pane.composer.text)
    await until(lambda: pane.pages.messages[-1].role is Role.ASSISTANT and not len(window.replies))


def test_what_is_sent_while_a_reply_runs_waits_and_goes_in_its_turn(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        answers = [Reply(*"one ", delay=0.1), Reply("two"), Reply("three")]
        async with GPROChatServer(*answers) as server:
            pane = await begin(window, parts, server, "second", "third & last")
            assert waiting(pane) == ["second", "third & last"]
            assert [one.accessibleName() for one in lines(pane)] == ["second", "third & last"]
            assert pane.line.strip.why == "Sent when the reply has ended:"
            await until(lambda: "three" in shown(pane) and not len(window.replies))
            assert await said(window, parts) == ["first", "second", "third & last"]
            assert pane.line.strip.isHidden()

    visit(scenario)


def test_stop_stops_one_and_the_rest_waits_for_send_now(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(SLOW, Reply("two"), Reply("three")) as server:
            pane = await begin(window, parts, server, "second", "third")
            assert not pane.line.strip.go_on_button.isVisible()
            await until(lambda: "word1 " in shown(pane))
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Escape)
            await until(lambda: not len(window.replies))
            await asyncio.sleep(0.1)
            assert waiting(pane) == ["second", "third"]
            assert pane.line.strip.why == "Not sent, as the reply was stopped:"
            assert [one.text() for one in pane.bar.buttons][-1] == "Retry"
            QTest.mouseClick(pane.line.strip.go_on_button, Qt.MouseButton.LeftButton)
            await until(lambda: "three" in shown(pane) and not len(window.replies))
            assert await said(window, parts) == ["first", "second", "third"]

    visit(scenario)


def test_after_a_failure_the_order_is_kept_and_a_retry_that_succeeds_goes_on(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        answers = [Reply("Half ", "an ", "ans", delay=0.1, failing=True), Reply("whole"), Reply("two"), Reply("three")]
        async with GPROChatServer(*answers) as server:
            pane = await begin(window, parts, server, "second")
            await until(lambda: pane.bar.text)
            assert pane.line.strip.why == "Not sent, as the reply before failed:"
            type_and_send(pane, "third")
            await until(lambda: waiting(pane) == ["second", "third"])
            button(pane, "Retry").click()
            await until(lambda: "three" in shown(pane) and not len(window.replies))
            assert await said(window, parts) == ["first", "second", "third"]

    visit(scenario)


def test_one_that_is_edited_keeps_its_place_and_the_draft_comes_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(SLOW) as server:
            pane = await begin(window, parts, server, "second", "third")
            QTest.keyClicks(pane.composer.input, "draft")
            lines(pane)[0].setFocus()
            QTest.keyClick(lines(pane)[0], Qt.Key.Key_Space)
            assert pane.composer.text == "second"
            QTest.keyClicks(pane.composer.input, "!")
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)
            await until(lambda: waiting(pane) == ["second!", "third"])
            assert pane.composer.text == "draft"
            await end(window, pane)

    visit(scenario)


def test_one_that_is_edited_is_not_sent_until_that_has_ended(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*"one ", delay=0.1), Reply("two")) as server:
            pane = await begin(window, parts, server, "second")
            lines(pane)[0].click()
            await until(lambda: not len(window.replies))
            await asyncio.sleep(0.1)
            assert waiting(pane) == ["second"]
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Escape)
            await until(lambda: "two" in shown(pane) and not len(window.replies))
            assert await said(window, parts) == ["first", "second"]

    visit(scenario)


def test_one_that_is_removed_is_not_sent_and_comes_back_with_up(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(SLOW) as server:
            pane = await begin(window, parts, server, "second", "third")
            (remove, _) = [one for one in pane.line.strip.findChildren(QToolButton) if one.isVisible()]
            assert remove.accessibleName() == "Remove second"
            QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
            assert waiting(pane) == ["third"]
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Up)
            await until(lambda: pane.composer.text == "second")
            await end(window, pane)

    visit(scenario)


def test_it_goes_on_in_a_pane_that_was_closed(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*"one ", delay=0.1), Reply("two")) as server:
            pane = await begin(window, parts, server, "second")
            chat = pane.conversation.id
            window.workspace.close(pane)
            await until(lambda: not window.queue.of(chat))
            await until(lambda: not len(window.replies))
            branch = await (await parts.history).branch(chat)
            assert [one.text for one in branch] == ["first", "one ", "second", "two"]

    visit(scenario)


def test_it_is_there_at_the_next_start_with_its_files_and_waits(visit: Visit, data_dir: Path) -> None:
    async def leave(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(SLOW) as server:
            pane = await begin(window, parts, server, "second")
            pane.composer.set_attachments((Attachment("note.txt", "text/plain", b"remember"),))
            type_and_send(pane, "third")
            await until(lambda: waiting(pane) == ["second", "third"])
            # As a crash would leave it: nothing is written at the end.
            assert len(json.loads((data_dir / "queue.json").read_text())[pane.conversation.id]) == 2
            await end(window, pane)

    async def look(window: MainWindow, parts: Parts) -> None:
        pane = window.pane
        await until(lambda: "first" in shown(pane))
        await until(lambda: len(lines(pane)) == 2)
        assert [one.accessibleName() for one in lines(pane)] == ["second", "third  [note.txt]"]
        assert window.queue.pause(pane.conversation.id) is Pause.ENDED
        (file,) = window.queue.of(pane.conversation.id)[1].attachments
        assert file.content == b"remember"
        async with GPROChatServer(Reply("two"), Reply("three")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane.line.strip.go_on_button.click()
            await until(lambda: "three" in shown(pane) and not len(window.replies))
            assert await said(window, parts) == ["first", "second", "third"]

    visit(leave)
    visit(look)


def test_both_panes_of_a_conversation_show_the_line(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*"one ", delay=0.2), Reply("two")) as server:
            pane = await begin(window, parts, server)
            window.actions_by_name["split_right"].trigger()
            await until(lambda: window.pane is not pane and "first" in shown(window.pane))
            type_and_send(window.pane, "second")
            await until(lambda: waiting(pane))
            assert [one.accessibleName() for one in lines(pane)] == ["second"]
            await until(lambda: all("two" in shown(one) for one in window.panes()))

    visit(scenario)


def test_what_waits_in_a_chat_that_is_removed_for_good_is_forgotten(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(SLOW) as server:
            pane = await begin(window, parts, server, "secret")
            chat = pane.conversation.id
            history = await parts.history
            await end(window, pane)
            await history.delete_conversation(chat)
            window.news.deleted([chat])
            await history.empty_trash()
            await window.browsing._forget_drafts()
            await until(lambda: "secret" not in (data_dir / "queue.json").read_text())

    visit(scenario)


def test_up_and_down_walk_through_what_was_said(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("answer")) as server:
            pane = window.pane
            await with_server(parts, pane, server)
            await say(window, pane, "elsewhere")
            window.actions_by_name["new_chat"].trigger()
            pane = window.pane
            await pane.choose("test", "")
            await say(window, pane, "one")
            await say(window, pane, "two")
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Up)
            await until(lambda: pane.composer.text == "two")
            seen = []
            for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
                QTest.keyClick(pane.composer.input, key)
                seen.append(pane.composer.text)
            assert seen == ["one", "elsewhere", "elsewhere", "one", "two", ""]

    visit(scenario)


def test_esc_leaves_what_was_recalled_and_stops_no_reply(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(SLOW) as server:
            pane = await begin(window, parts, server)
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Up)
            await until(lambda: pane.composer.text == "first")
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Escape)
            assert not pane.composer.text
            await asyncio.sleep(0.1)
            assert len(window.replies) == 1
            await end(window, pane)

    visit(scenario)


def test_an_edited_message_waits_for_no_line_and_says_so(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(SLOW) as server:
            pane = await begin(window, parts, server)
            pane.edit_last()
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)
            await until(lambda: pane.bar.text)
            assert pane.bar.text == "An edited message can be sent when this reply has ended."
            assert not waiting(pane)
            assert pane.composer.text == "first"
            await end(window, pane)

    visit(scenario)
