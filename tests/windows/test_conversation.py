"""A conversation in the window: typed, streamed, stopped, failed, tried again, found again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtTest import QTest
from typing_extensions import override

from gui.conversation import Conversation, Message, Role, State
from gui.history.store import History
from gui.settings.connections import Connection
from gui.windows.wording import clock
from tests.servers.gprochat import Failure, GPROChatServer, Reply
from tests.servers.openai import OpenAIServer, stream
from tests.servers.raw import CHUNKED, LAST, RawServer, chunk
from tests.windows.conftest import Visit, connect, shown, until
from tests.windows.test_keys import talk

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QPushButton

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

WORDS = tuple(f"word{number} " for number in range(200))


def type_and_send(pane: Pane, text: str) -> None:
    QTest.keyClicks(pane.composer.input, text)
    QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)


def button(pane: Pane, text: str) -> QPushButton:
    return next(one for one in pane.bar.buttons if one.text() == text)


def test_tokens_appear_while_the_reply_still_runs_and_esc_keeps_them(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS, delay=0.02)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "word3" in shown(pane))
            assert window.replies.of(pane.conversation.id)
            assert "word199" not in shown(pane)
            assert pane.composer.text == ""
            assert pane.composer.button.text() == "Stop"
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Escape)
            await until(lambda: not len(window.replies))
            history = await parts.history
            asked, reply = await history.branch(pane.conversation.id)
            assert (asked.role, asked.text) == (Role.USER, "hello")
            assert reply.state is State.STOPPED
            assert reply.text.startswith("word0 word1 word2 word3")
            await until(lambda: "Stopped." in shown(pane))
            assert [one.text() for one in pane.bar.buttons] == ["Continue", "Retry"]
            assert reply.text.strip() in shown(pane)
            assert pane.composer.button.text() == "Send"

    visit(scenario)


def test_the_heading_of_a_reply_keeps_its_time_while_the_reply_is_drawn_anew(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        # The first piece is a paragraph until the second makes it a heading: all of the tail is drawn again.
        async with GPROChatServer(Reply("Title\n", "===\n", delay=0.2)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: pane.last_reply() is not None and not len(window.replies))
            reply = pane.last_reply()
            assert reply is not None
            author, body = shown(pane).split("\n")[-2:]
            assert clock(reply.created_at) in author
            assert body == "Title"

    visit(scenario)


def test_a_conversation_is_there_at_the_next_start(visit: Visit) -> None:
    async def talk(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Some **bold** words.")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.pane.choose("test", "")
            type_and_send(window.pane, "A question of mine")
            await until(lambda: "Some bold words." in shown(window.pane) and not len(window.replies))

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: "Some bold words." in shown(window.pane))
        assert "A question of mine" in shown(window.pane)
        assert [entry.text for entry in window.sidebar.model.entries] == ["Today", "A question of mine"]
        assert window.windowTitle() == "A question of mine – GPROChat"

    visit(talk)
    visit(look)


def test_a_failure_keeps_the_text_and_retry_makes_a_version(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        server = GPROChatServer(Reply("Half an ans", failing=True), Reply("A whole answer."))
        async with server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: pane.bar.text)
            assert "Half an ans" in shown(pane)
            assert "What had arrived is kept." in pane.bar.text
            assert "Internal server error" not in shown(pane)
            button(pane, "Retry").click()
            await until(lambda: "A whole answer." in shown(pane) and not len(window.replies))
            await until(lambda: "2/2" in shown(pane))
            assert not pane.bar.text
            history = await parts.history
            reply = (await history.branch(pane.conversation.id))[-1]
            first, second = await history.siblings(reply.id)
            kept = await history.message(first)
            assert second == reply.id
            assert kept is not None
            assert (kept.text, kept.state) == ("Half an ans", State.FAILED)
            pane.transcript.version_requested.emit(first)
            await until(lambda: "Half an ans" in shown(pane) and "1/2" in shown(pane))

    visit(scenario)


def test_continue_goes_on_from_a_cut_reply(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("One, two, ", end="cut"), Reply("three.")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "count")
            await until(lambda: pane.bar.text)
            button(pane, "Continue").click()
            await until(lambda: "One, two, three." in shown(pane) and not len(window.replies))
            roles = [one["role"] for one in server.requests[-1]["messages"]]
            assert roles == ["user", "model", "user"]
            assert server.requests[-1]["messages"][1]["parts"] == [{"text": "One, two, "}]

    visit(scenario)


def test_a_wrong_password_is_said_with_the_button_that_mends_it(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("x"), password="right") as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "refuses the site password" in pane.bar.text)
            button(pane, "Open connections").click()
            await until(lambda: window.settings_dialog() is not None)
            dialog = window.settings_dialog()
            assert dialog is not None
            assert dialog.pages.currentWidget() is dialog.connections
            dialog.reject()

    visit(scenario)


def test_a_server_error_without_any_text_is_said(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Failure.upstream(429, "Too Many Requests", "Quota exceeded")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "quota of its model service is used up" in pane.bar.text)
            assert [one.text() for one in pane.bar.buttons] == ["Retry"]

    visit(scenario)


def test_a_reply_runs_on_when_its_pane_is_closed(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS[:40], delay=0.01)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "word1" in shown(pane))
            conversation = pane.conversation
            window.workspace.close(pane)
            assert "goes on being written" in window.pane.bar.text
            await until(lambda: not len(window.replies))
            history = await parts.history
            reply = (await history.branch(conversation.id))[-1]
            assert (reply.text, reply.state) == ("".join(WORDS[:40]), State.COMPLETE)
            await until(lambda: window.sidebar.model.get(conversation.id).unread)  # type: ignore[union-attr]

    visit(scenario)


def test_a_reply_goes_on_before_the_readers_eyes_when_its_conversation_is_shown_again(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS[:60], delay=0.01)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "word1" in shown(pane))
            running = pane.conversation.id
            other = Conversation("Another one")
            history = await parts.history
            await history.add_conversation(other)
            await history.add_message(Message(other.id, Role.USER, "said there"))
            await window.open(other.id)
            assert "word1" not in shown(pane)
            await window.open(running)
            assert window.replies.of(running)
            await until(lambda: not len(window.replies))
            assert "".join(WORDS[:60]).strip() in shown(pane)

    visit(scenario)


def test_quitting_in_the_middle_of_a_reply_keeps_it_and_the_next_start_offers_to_go_on(
    visit: Visit, data_dir: Path
) -> None:
    async def leave(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS, delay=0.02)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.pane.choose("test", "")
            type_and_send(window.pane, "hello")
            await until(lambda: "word3" in shown(window.pane))
            window.close()
            assert "still being written" in window.pane.bar.text

    async def come_back(window: MainWindow, parts: Parts) -> None:
        await until(lambda: "word3" in shown(window.pane))
        assert "The program ended before this reply was complete" in window.pane.bar.text
        assert [one.text() for one in window.pane.bar.buttons] == ["Continue", "Retry"]

    visit(leave)
    visit(come_back)


def test_only_the_last_page_of_a_long_conversation_is_drawn_until_the_reader_scrolls_up(
    visit: Visit, data_dir: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        conversation = Conversation("Long")
        await history.add_conversation(conversation)
        parent = None
        for number in range(120):
            message = Message(conversation.id, Role.USER, f"said {number:03}", parent)
            await history.add_message(message)
            parent = message.id
        await window.open(conversation.id)
        pane = window.pane
        assert "said 119" in shown(pane)
        assert "said 069" not in shown(pane)
        pane.transcript.verticalScrollBar().setValue(0)
        await until(lambda: "said 020" in shown(pane))
        assert pane.transcript.verticalScrollBar().value() > 0, "the reader stays where they were"

    visit(scenario)


def test_copying_the_last_reply_and_its_last_code(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        text = "See:\n\n```python\na = 1\n```\n\nand\n\n```\nb\nc\n```\n"
        async with GPROChatServer(Reply(text)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.pane.choose("test", "")
            type_and_send(window.pane, "hello")
            await until(lambda: window.pane.last_reply() is not None and not len(window.replies))
            window.actions_by_name["copy_reply"].trigger()
            assert QGuiApplication.clipboard().text() == text
            window.actions_by_name["copy_code"].trigger()
            assert QGuiApplication.clipboard().text() == "b\nc"

    visit(scenario)


def test_a_history_of_a_newer_version_is_left_alone_and_said(visit: Visit, data_dir: Path) -> None:
    import sqlite3

    async def make(window: MainWindow, parts: Parts) -> None:
        await parts.history

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: "newer version" in window.pane.bar.text)
        type_and_send(window.pane, "keep me")
        await until(lambda: "newer version" in window.pane.bar.text)
        assert window.pane.composer.text == "keep me"

    visit(make)
    with sqlite3.connect(data_dir / "history.sqlite3") as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()
    visit(look)


def test_what_was_sent_is_on_disk_before_the_server_has_it(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("late", first=1.0)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.pane.choose("test", "")
            type_and_send(window.pane, "first of all")
            await until(lambda: server.requests)
            other = await History.open(data_dir / "history.sqlite3")
            try:
                (conversation,) = await other.conversations()
                said = await other.branch(conversation.id)
            finally:
                await other.close()
            assert said[0].text == "first of all"

    visit(scenario)


def test_connect_helper_makes_the_server_the_default(visit: Visit, data_dir: Path) -> None:
    connect(data_dir, "http://127.0.0.1:9")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert window.pane.connection().id == "test"
        type_and_send(window.pane, "hello")
        await until(lambda: "No server answers" in window.pane.bar.text)

    visit(scenario)


def test_a_reply_at_its_length_limit_says_so_and_can_go_on(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(stream("Once upon", finish="length")) as server:
            parts.connections.save(Connection("test", "Test", "openai", server.url, "m"))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "tell")
            await until(lambda: "length limit" in pane.bar.text)
            assert [one.text() for one in pane.bar.buttons] == ["Continue", "Retry"]
            reply = pane.last_reply()
            assert reply is not None
            assert (reply.state, reply.text) == (State.STOPPED, "Once upon")

    visit(scenario)


class _Paints(QObject):
    """The heights of what a widget has painted."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: list[int] = []

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights.append(event.rect().height())
        return False


def test_a_token_paints_its_surroundings_and_not_the_whole_transcript(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS[:40], delay=0.02)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "word5 " in shown(pane))
            paints = _Paints()
            pane.transcript.viewport().installEventFilter(paints)
            await until(lambda: "word25 " in shown(pane))
            pane.transcript.viewport().removeEventFilter(paints)
            height = pane.transcript.viewport().height()
            assert paints.heights
            assert all(painted < height for painted in paints.heights)
            pane.stop()
            await until(lambda: not len(window.replies))

    visit(scenario)


def test_a_server_that_asks_for_patience_is_asked_again_and_the_wait_can_be_stopped(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        body = b"HTTP/1.1 429 x\r\nRetry-After: %d\r\nContent-Length: 0\r\n\r\n"
        async with RawServer([body % 1], [CHUNKED, chunk(b"Here I am."), LAST], [body % 90]) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "Trying again in 1 s" in pane.transcript.status)
            assert pane.transcript.status.startswith("Too many requests")
            await until(lambda: "Here I am." in shown(pane) and not len(window.replies))
            assert not pane.transcript.status
            type_and_send(pane, "again")
            await until(lambda: "Trying again in 90 s" in pane.transcript.status)
            await until(lambda: "Trying again in 89 s" in pane.transcript.status)
            QTest.keyClick(pane.composer.input, Qt.Key.Key_Escape)
            await until(lambda: not len(window.replies))
            assert not pane.transcript.status
            assert server.requests == 3

    visit(scenario)


def test_a_reply_that_begins_while_the_page_is_read_is_shown(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with RawServer([CHUNKED, chunk(b"One."), LAST], [CHUNKED, chunk(b"Two."), 30.0, LAST]) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            pane = window.pane
            await pane.choose("test", "")
            type_and_send(pane, "hello")
            await until(lambda: "One." in shown(pane) and not len(window.replies))
            read, go_on, versions_of = asyncio.Event(), asyncio.Event(), pane.pages._versions_of

            async def late(messages: list[Message]) -> dict[str, list[str]]:
                found = await versions_of(messages)
                read.set()
                await go_on.wait()
                return found

            monkeypatch.setattr(pane.pages, "_versions_of", late)
            loading = asyncio.ensure_future(pane.reload())
            await read.wait()
            monkeypatch.setattr(pane.pages, "_versions_of", versions_of)
            type_and_send(pane, "again")
            await until(lambda: len(window.replies))
            go_on.set()
            await loading
            await until(lambda: "Two." in shown(pane))
            pane.stop()
            await until(lambda: not len(window.replies))

    visit(scenario)


def test_what_is_written_for_a_new_chat_stays_in_its_pane_when_another_one_is_opened(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        await history.add_message(Message("One", Role.USER, text="hi"), Conversation("One", "One", connection="local"))
        begun = window.pane
        begun.composer.set_text("half a thought")
        await window.open("One")
        assert window.panes() == [begun, window.pane]
        assert window.pane.composer.text == ""
        assert begun.composer.text == "half a thought"

    visit(scenario)


def test_a_connection_that_is_chosen_stays_so_whatever_was_read_before(visit: Visit) -> None:
    """As a reply ends, its conversation is read again."""

    async def scenario(window: MainWindow, parts: Parts) -> None:
        for name in ("One", "Two"):
            parts.connections.save(Connection(name, name, "openai", "http://127.0.0.1:9/v1"))
        history = await parts.history
        await history.add_message(Message("chat", Role.USER, text="hi"), Conversation("Chat", "chat", connection="One"))
        await window.open("chat")
        before = window.pane.conversation
        choosing = asyncio.ensure_future(window.pane.choose("Two", ""))
        await asyncio.sleep(0)
        window.pane.update_conversation(before)
        await choosing
        assert window.pane.connection().name == "Two"

    visit(scenario)


@pytest.mark.parametrize("way", ["new chat", "open"])
def test_what_was_sent_is_answered_where_it_was_asked_whatever_is_opened_at_once(visit: Visit, way: str) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("The answer.")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            other = await talk(parts, "other", ["said", "answered"])
            for turns in range(12):  # of the loop, after which the person is elsewhere
                window.workspace.close(window.pane)
                pane = window.pane
                await pane.choose("test", "")
                asked = pane.conversation.id
                type_and_send(pane, "A question?")
                for _ in range(turns):
                    await asyncio.sleep(0.001)
                window.new_chat() if way == "new chat" else await window.open(other.id)
                history = await parts.history
                async with asyncio.timeout(8):
                    while [one.text for one in await history.branch(asked)] != ["A question?", "The answer."]:
                        await asyncio.sleep(0.01)
                await until(lambda: not len(window.replies))
                for one in window.panes():
                    if one.conversation.id != asked:
                        assert "A question?" not in shown(one)
                for one in window.panes():
                    window.workspace.close(one)

    visit(scenario)
