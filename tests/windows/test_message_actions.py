"""What can be done with the message that is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.conversation import Conversation, Message, Role
from gui.settings.connections import Connection
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, until

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.message_actions import MessageActions
    from gui.windows.parts import Parts


async def talk(window: MainWindow, parts: Parts) -> None:
    history = await parts.history
    conversation = Conversation("Talk", connection="test")
    await history.add_conversation(conversation)
    asked = Message(conversation.id, Role.USER, "A question")
    await history.add_message(asked)
    await history.add_message(Message(conversation.id, Role.ASSISTANT, "The **reply**.\n\nIts end.", asked.id))
    await window.open(conversation.id)


def point_at(window: MainWindow, text: str) -> MessageActions:
    transcript = window.pane.transcript
    place = transcript.cursorRect(transcript.document().find(text)).center()
    # Not QTest.mouseMove, which runs the loop inside of the task that calls it.
    none, nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    global_place = transcript.viewport().mapToGlobal(place)
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), QPointF(global_place), none, none, nothing)
    QApplication.sendEvent(transcript.viewport(), event)
    return transcript.message_actions


def click(actions: MessageActions, name: str) -> None:
    QTest.mouseClick(getattr(actions, name), Qt.MouseButton.LeftButton)


def choose(actions: MessageActions, text: str) -> None:
    menu = actions.menu()
    next(one for one in menu.actions() if one.text() == text).trigger()
    menu.close()


def test_it_stands_at_the_heading_of_what_is_pointed_at(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts)
        transcript = window.pane.transcript
        actions = point_at(window, "Its end.")
        assert actions.isVisible()
        heading = transcript.cursorRect(transcript.document().find("Reply"))
        assert abs(actions.geometry().center().y() - heading.center().y()) < 12
        assert actions.geometry().right() <= transcript.viewport().width()
        assert actions.regenerate.isVisible()
        assert not point_at(window, "A question").regenerate.isVisible()

    visit(use)


def test_a_message_is_copied_formatted_and_as_markdown(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts)
        actions = point_at(window, "Its end.")
        click(actions, "copy")
        data = QGuiApplication.clipboard().mimeData()
        assert "<strong>reply</strong>" in data.html()
        assert data.text() == "The reply.\nIts end."
        choose(actions, "Copy as Markdown")
        assert QGuiApplication.clipboard().text() == "The **reply**.\n\nIts end."
        choose(actions, "Copy as plain text")
        assert QGuiApplication.clipboard().text() == "The reply.\nIts end."

    visit(use)


def test_a_quote_stands_above_what_is_being_written(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts)
        window.pane.composer.set_text("draft")
        choose(point_at(window, "Its end."), "Quote in the message")
        assert window.pane.composer.text == "> The **reply**.\n> \n> Its end.\n\ndraft"
        assert window.pane.composer.input.hasFocus()

    visit(use)


def test_the_last_reply_is_answered_again_as_another_version(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Another one.")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await talk(window, parts)
            click(point_at(window, "Its end."), "regenerate")
            await until(lambda: "Another one." in window.pane.transcript.toPlainText())
            await until(lambda: "2/2" in window.pane.transcript.toPlainText())

    visit(use)
