"""What a model thinks before its reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from gui.conversation import Message, Role, State
from gui.settings.connections import Connection
from gui.windows.transcript import Shown, Transcript
from tests.servers.openai import DONE, Answer, OpenAIServer, delta
from tests.windows.conftest import Visit, shown, until

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

THOUGHTFUL = Answer(
    (
        delta(reasoning_content="Let me "),
        delta(reasoning_content="think."),
        delta(content="Done."),
        delta("stop"),
        DONE,
    ),
    delay=0.05,
)


def transcript_of(window: MainWindow, *messages: Message) -> Transcript:
    transcript = window.pane.transcript
    window.pane._stack.setCurrentWidget(transcript)
    transcript.show_messages([Shown(message, "Model") for message in messages])
    return transcript


def reply(text: str, reasoning: str, state: State = State.COMPLETE) -> Message:
    return Message("c", Role.ASSISTANT, text, reasoning=reasoning, state=state)


def click_on(transcript: Transcript, text: str) -> None:
    place = transcript.cursorRect(transcript.document().find(text)).center() - QPoint(6, 0)
    QTest.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_thoughts_are_folded_and_never_sent_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(THOUGHTFUL) as server:
            parts.connections.save(Connection("test", "Test", "openai", server.url, "m"))
            pane = window.pane
            await pane.choose("test", "")
            await pane.send("A question")
            await until(lambda: "Thinking…" in shown(pane))
            await until(lambda: not len(window.replies))
            assert "Thought for 1 s" in shown(pane)
            assert "think." not in shown(pane)
            await pane.send("Another")
            await until(lambda: len(server.requests) == 2)
            assert [one["content"] for one in server.requests[1]["messages"]] == ["A question", "Done.", "Another"]
            await until(lambda: not len(window.replies))

    visit(scenario)


def test_a_click_unfolds_them_and_another_folds_them(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        transcript = transcript_of(window, reply("Done.", "First *this*, then that."))
        click_on(transcript, "Thoughts")
        assert "First this, then that." in transcript.toPlainText()
        click_on(transcript, "Thoughts")
        assert "First" not in transcript.toPlainText()

    visit(scenario)


def test_the_line_that_unfolds_them_stays_where_it_is(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        above = [reply("Words.\n\n" * 30, "") for _number in range(2)]
        thoughtful = reply("Done.\n\n" * 40, "A thought.\n\n" * 30)
        transcript = transcript_of(window, *above, thoughtful)
        transcript.show_message(thoughtful.id)
        before = transcript.cursorRect(transcript.document().find("Thoughts")).top()
        for _time in range(2):
            click_on(transcript, "Thoughts")
            assert transcript.cursorRect(transcript.document().find("Thoughts")).top() == before

    visit(scenario)


def test_unfolded_they_grow_while_they_come(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        running = reply("", "", State.RUNNING)
        transcript = transcript_of(window, running)
        transcript.extend_thoughts("It goes ")
        transcript.toggle_thoughts(running.id)
        transcript.extend_thoughts("on")
        transcript.draw_waiting()
        assert transcript.toPlainText().endswith("It goes on")
        transcript.extend("Done.")
        transcript.draw_waiting()
        assert transcript.toPlainText().endswith("It goes on\nDone.")
        transcript.end(Message("c", Role.ASSISTANT, "Done.", id=running.id, reasoning="It goes on"))
        assert transcript.toPlainText().endswith("It goes on\nDone.")

    visit(scenario)


def test_thoughts_that_begin_after_the_reply_are_there(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        running = reply("", "", State.RUNNING)
        transcript = transcript_of(window, running)
        transcript.extend("Some *text*")
        transcript.extend_thoughts("Late ")
        transcript.extend(", and more")
        transcript.draw_waiting()
        assert transcript.toPlainText().endswith("Thoughts\nSome text, and more")
        transcript.extend_thoughts("one")
        transcript.toggle_thoughts(running.id)
        assert transcript.toPlainText().endswith("Late one\nSome text, and more")
        transcript.extend_thoughts("s.")
        transcript.end(Message("c", Role.ASSISTANT, "Some *text*, and more", id=running.id, reasoning="Late ones."))
        assert transcript.toPlainText().endswith("Late ones.\nSome text, and more")

    visit(scenario)


def test_two_thoughts_with_text_between_them_stand_apart(visit: Visit) -> None:
    thoughts = (delta(reasoning_content="One."), delta(content="Well, "), delta(reasoning_content="Two."))

    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(Answer((*thoughts, delta(content="done."), delta("stop"), DONE))) as server:
            parts.connections.save(Connection("test", "Test", "openai", server.url, "m"))
            pane = window.pane
            await pane.choose("test", "")
            await pane.send("A question")
            await until(lambda: not len(window.replies))
            pane.toggle_thoughts()
            assert shown(pane).endswith("One.\nTwo.\nWell, done.")

    visit(scenario)


def test_what_was_thought_of_a_reply_that_never_came_is_kept(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        only = Answer((delta(content="<think>Hm. "), delta(content="No end"), delta("stop"), DONE))
        async with OpenAIServer(only) as server:
            parts.connections.save(Connection("test", "Test", "openai", server.url, "m"))
            pane = window.pane
            await pane.choose("test", "")
            await pane.send("A question")
            await until(lambda: not len(window.replies))
            await until(lambda: "empty reply" in pane.bar.text)
            pane.toggle_thoughts()
            assert "Hm. No end" in shown(pane)

    visit(scenario)


def test_a_whole_message_is_copied_without_them(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        message = reply("The **reply**.", "A thought.")
        transcript = transcript_of(window, message)
        transcript.toggle_thoughts(message.id)
        transcript.selectAll()
        data = transcript.createMimeDataFromSelection()
        markdown = bytes(data.data("text/markdown").data()).decode()
        assert "The **reply**." in markdown
        assert "A thought." not in markdown
        transcript.setTextCursor(QTextCursor(transcript.document().find("A thought.")))
        assert "A thought." in transcript.createMimeDataFromSelection().text()

    visit(scenario)
