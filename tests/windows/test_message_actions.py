"""What can be done with a message: with the mouse, by keyboard, from the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.conversation import Role
from gui.settings.connections import Connection
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import CONTROL, press, talk

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

SAID = ("first question", "first **reply**", "second question", "second reply")


def test_what_is_edited_and_sent_is_another_version_and_can_be_switched(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("an answer to the edit")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            conversation = await talk(parts, "one", SAID)
            await window.open(conversation.id)
            pane = window.pane
            await pane.choose("test", "")
            pane.edit(pane.pages.messages[0])
            pane.composer.set_text("edited question")
            press(window, Qt.Key.Key_Return)
            await until(lambda: "an answer to the edit" in shown(pane) and not len(window.replies))
            assert shown(pane).count("question") == 1
            assert "2/2" in shown(pane)
            assert [one["parts"] for one in server.requests[-1]["messages"]] == [[{"text": "edited question"}]]
            history = await parts.history
            edited = (await history.branch(conversation.id))[0]
            before, now = await history.siblings(edited.id)
            assert now == edited.id
            pane.transcript.version_requested.emit(before)
            await until(lambda: "second reply" in shown(pane))
            assert "1/2" in shown(pane)
            kept = await history.branch(conversation.id)
            assert [one.text for one in kept] == list(SAID)

    visit(scenario)


def test_escape_ends_editing_and_brings_the_draft_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation = await talk(parts, "one", SAID)
        await window.open(conversation.id)
        composer = window.pane.composer
        QTest.keyClicks(composer.input, "a draft")
        press(window, Qt.Key.Key_Up, CONTROL)
        assert composer.text == "second question"
        assert composer.editing
        assert composer.draft == "a draft"
        press(window, Qt.Key.Key_Escape)
        assert composer.text == "a draft"
        assert not composer.editing
        assert [one.role for one in window.pane.pages.messages] == [Role.USER, Role.ASSISTANT] * 2

    visit(scenario)


def test_what_was_edited_is_not_sent_in_another_conversation(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one, two = await talk(parts, "one", SAID), await talk(parts, "two", SAID)
        await window.open(one.id)
        press(window, Qt.Key.Key_Up, CONTROL)
        await window.open(two.id)
        assert not window.pane.composer.editing
        assert window.pane.composer.text == ""

    visit(scenario)


def test_a_reply_in_the_middle_is_answered_again_and_the_old_branch_stays(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("another first reply")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            conversation = await talk(parts, "one", SAID)
            await window.open(conversation.id)
            pane = window.pane
            await pane.choose("test", "")
            await pane.regenerate(pane.pages.messages[1])
            await until(lambda: "another first reply" in shown(pane) and not len(window.replies))
            await until(lambda: "2/2" in shown(pane))
            assert "second question" not in shown(pane)
            history = await parts.history
            first, _second = await history.siblings((await history.branch(conversation.id))[-1].id)
            await pane.show_version(first)
            assert shown(pane).endswith("second reply")

    visit(scenario)
