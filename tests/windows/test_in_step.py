"""The same conversation in two panes, and replies in panes that nobody sees."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from typing_extensions import override

from gui.conversation import State
from gui.settings.connections import Connection
from gui.windows.group import Side
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_conversation import WORDS, type_and_send
from tests.windows.test_keys import talk

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts


async def two_panes(window: MainWindow, parts: Parts, server: GPROChatServer) -> tuple[Pane, Pane]:
    """The same conversation on the left and on the right, answered by the server."""
    parts.connections.save(Connection("test", "Test", "gprochat", server.url))
    conversation = await talk(parts, "one", ["first question", "first reply"])
    await window.open(conversation.id)
    await window.pane.choose("test", "")
    window.arranging.split(Side.RIGHT)
    left, right = window.panes()
    await right.ready()
    return left, right


def test_what_is_sent_in_one_pane_streams_in_both(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS[:80], delay=0.02)) as server:
            left, right = await two_panes(window, parts, server)
            type_and_send(right, "second question")
            await until(lambda: "second question" in shown(left) and "word3" in shown(left))
            assert "word79" not in shown(left)
            assert left.composer.button.text() == "Stop"
            await until(lambda: not len(window.replies))
            await until(lambda: shown(left) == shown(right) and "word79" in shown(left))
            assert left.composer.button.text() == "Send"

    visit(scenario)


def test_the_other_pane_stops_what_one_has_asked_for(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS, delay=0.02)) as server:
            left, right = await two_panes(window, parts, server)
            type_and_send(right, "second question")
            await until(lambda: "word3" in shown(left))
            left.composer.button.click()
            await until(lambda: not len(window.replies))
            assert "word199" not in shown(right)
            await until(lambda: "Stopped." in shown(right) and "Stopped." in shown(left))

    visit(scenario)


def test_versions_are_changed_in_both(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("another reply")) as server:
            left, right = await two_panes(window, parts, server)
            first = right.pages.messages[-1]
            await right.regenerate()
            await until(lambda: "2/2" in shown(left) and "another reply" in shown(left) and not len(window.replies))
            await left.show_version(first.id)
            await until(lambda: "1/2" in shown(right) and "first reply" in shown(right))

    visit(scenario)


def test_an_edited_message_is_another_version_in_both(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("to the edited one")) as server:
            left, right = await two_panes(window, parts, server)
            right.edit_last()
            right.composer.set_text("edited question")
            QTest.keyClick(right.composer.input, Qt.Key.Key_Return)
            await until(lambda: "to the edited one" in shown(left))
            assert "edited question" in shown(left)
            assert "first question" not in shown(left)

    visit(scenario)


def test_title_and_connection_are_the_same_in_both(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer() as server:
            left, right = await two_panes(window, parts, server)
            await window.news.rename(left.conversation.id, "another title")
            assert [pane.title.text() for pane in (left, right)] == ["another title", "another title"]
            parts.connections.save(Connection("far", "Far away", "gprochat", server.url))
            await right.choose("far", "m")
            assert left.picker.text() == "Far away · m"

    visit(scenario)


def test_deleting_it_closes_both(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer() as server:
            left, _right = await two_panes(window, parts, server)
            await window.browsing.delete([left.conversation.id])
            await until(lambda: [pane.is_empty for pane in window.panes()] == [True])

    visit(scenario)


def test_a_draft_goes_along_with_the_person(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer() as server:
            left, right = await two_panes(window, parts, server)
            QTest.keyClicks(right.composer.input, "half a thought")
            assert left.composer.text == ""
            window.activateWindow()
            QTest.mouseClick(left.composer.input, Qt.MouseButton.LeftButton)
            await until(lambda: left.composer.text == "half a thought")
            left.composer.set_text("")
            window.workspace.step_group(1)
            assert right.composer.text == ""

    visit(scenario)


def test_a_reader_stays_where_they_are_while_the_other_pane_goes_on(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("the end")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            conversation = await talk(parts, "long", [f"number {number}\n" * 30 for number in range(12)])
            await window.open(conversation.id)
            await window.pane.choose("test", "")
            window.arranging.split(Side.RIGHT)
            left, right = window.panes()
            await right.ready()
            bar = left.transcript.verticalScrollBar()
            bar.setValue(bar.maximum() // 2)
            place = left.transcript.place
            type_and_send(right, "more")
            await until(lambda: "the end" in shown(left) and not len(window.replies))
            await asyncio.sleep(0.1)
            assert left.transcript.place == place
            assert right.transcript.place is None, "it follows"

    visit(scenario)


# -- panes that nobody sees ---------------------------------------------------------------------------------------


class Paints(QObject):
    """Counts what is painted in a widget and all that is in it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)
        for inside in widget.findChildren(QObject):
            inside.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_a_hidden_pane_draws_nothing_and_has_it_all_when_it_is_shown(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS[:100], delay=0.01)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "word3" in shown(pane))
            window.workspace.add(window.workspace.group)
            window.workspace.show_number(2)
            await asyncio.sleep(0.05)
            paints, blocks = Paints(pane), pane.transcript.document().characterCount()
            (turn,) = window.replies.of(pane.conversation.id)
            assert turn is not None
            await until(lambda: "word60" in turn.reply.text)
            assert paints.count == 0
            assert pane.transcript.document().characterCount() == blocks
            assert turn.watchers == []
            window.workspace.show_number(1)
            await until(lambda: "word60" in shown(pane))
            assert pane.transcript.streaming
            await until(lambda: "word99" in shown(pane) and not pane.transcript.streaming)

    visit(scenario)


def test_the_tab_tells_of_a_reply_that_runs_and_of_one_that_was_not_read(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS[:60], delay=0.01)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            window.activateWindow()
            await until(window.isActiveWindow)
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "word3" in shown(pane))
            (group,) = window.workspace.groups()
            button = group._button(0)
            assert button is not None
            assert button.running
            assert group.bar.accessibleTabName(0) == "hello, a reply is being written"
            angle = window.workspace.spinner.angle
            await until(lambda: window.workspace.spinner.angle != angle)
            window.workspace.add(group)
            window.workspace.show_number(2)
            await until(lambda: button.unread and not button.running)
            conversation = window.sidebar.model.get(pane.conversation.id)
            assert conversation is not None
            assert conversation.unread
            angle = window.workspace.spinner.angle
            await asyncio.sleep(0.3)
            assert window.workspace.spinner.angle == angle, "nothing turns when no reply runs"
            window.workspace.show_number(1)
            await until(lambda: not button.unread)
            history = await parts.history
            while (kept := await history.conversation(pane.conversation.id)) is None or kept.unread:
                await asyncio.sleep(0.01)

    visit(scenario)


def test_quitting_from_another_window_asks_there_and_once(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS, delay=0.02)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            asked: list[bool] = []
            window.quit_requested.connect(lambda: asked.append(True))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "word3" in shown(pane))
            other = window.workspace.add(window.workspace.group)
            window.arranging.move_to_window(other)
            await until(other.isActiveWindow)
            QTest.keyClick(other.composer.input, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
            assert "still being written" in other.bar.text
            assert not asked
            next(one for one in other.bar.buttons if one.text() == "Stay").click()
            QTest.keyClick(other.composer.input, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
            assert not asked
            QTest.keyClick(other.composer.input, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
            assert asked == [True]
            window.replies.stop(pane.conversation.id)
            await until(lambda: not len(window.replies))
            assert other.bar.text == "", "there is nothing to ask any more"

    visit(scenario)


def test_closing_another_window_stops_no_reply(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS[:40], delay=0.02)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "word3" in shown(pane))
            window.arranging.move_to_window(pane)
            await until(lambda: "word6" in shown(pane))
            conversation_id = pane.conversation.id
            window.workspace.windows[0].close()
            assert "goes on being written" in window.pane.bar.text
            await until(lambda: not len(window.replies))
            reply = (await (await parts.history).branch(conversation_id))[-1]
            assert (reply.text, reply.state) == ("".join(WORDS[:40]), State.COMPLETE)

    visit(scenario)


def test_a_pane_that_is_closed_while_it_sends_still_sends(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("answered")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            conversation_id = pane.conversation.id
            type_and_send(pane, "hello")
            window.workspace.close(pane)
            history = await parts.history

            async def answered() -> bool:
                branch = await history.branch(conversation_id)
                return len(branch) == 2 and branch[1].state is State.COMPLETE

            while not await answered():
                await asyncio.sleep(0.01)

    visit(scenario)


def test_a_message_sent_before_the_pane_is_loaded_follows_what_was_said(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("answered")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            conversation = await talk(parts, "one", ["first question", "first reply"])
            history = await parts.history
            await history.update_conversation(conversation.id, connection="test")
            pane = window.pane
            pane.prepare(replace(conversation, connection="test"), None)
            await pane.send("second question")
            await until(lambda: not len(window.replies))
            said = [message.text for message in await history.branch(conversation.id)]
            assert said == ["first question", "first reply", "second question", "answered"]

    visit(scenario)
