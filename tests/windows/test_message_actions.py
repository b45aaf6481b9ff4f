"""What can be done with a message: with the mouse, by keyboard, from the menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from gui.conversation import Message, Role
from gui.settings.connections import Connection
from gui.windows.copying import MARKDOWN
from gui.windows.message_actions import MessageActions
from gui.windows.pages import PAGE
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import CONTROL, press, talk

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts
    from gui.windows.transcript import Transcript

ALT = Qt.KeyboardModifier.AltModifier

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


def test_while_a_reply_grows_it_is_said_why_no_other_version_is_shown(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("another"), Reply("a third", " and on", delay=0.6)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.open((await talk(parts, "one", SAID)).id)
            pane = window.pane
            await pane.choose("test", "")
            await pane.regenerate(pane.pages.messages[1])
            await until(lambda: "2/2" in shown(pane) and not len(window.replies))
            await pane.send("go on")
            await until(lambda: "a third" in shown(pane))
            pane.transcript.version_requested.emit(pane.pages.messages[1].id)
            await until(lambda: "when this reply has ended" in pane.bar.text)
            assert "another" in shown(pane)
            await until(lambda: "and on" in shown(pane) and not len(window.replies))
            assert not pane.bar.text

    visit(scenario)


def heading(pane: Pane, number: int) -> QPoint:
    """A place in the heading of the n-th message that is shown."""
    return pane.transcript.headings.rectangle(pane.pages.window[number].id).center()


def point_at(pane: Pane, number: int) -> None:
    # Not QTest.mouseMove, which runs the loop inside of the task that calls it.
    place, viewport = heading(pane, number) + QPoint(30, 0), pane.transcript.viewport()
    none, nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    away = QPointF(viewport.mapToGlobal(place))
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), away, none, none, nothing)
    QApplication.sendEvent(viewport, event)


def test_the_toolbar_stands_beside_the_heading_of_the_message_under_the_mouse(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = window.pane
        bar = pane.message_actions
        assert bar.isHidden()
        point_at(pane, 0)
        assert bar.isVisible()
        assert bar.geometry().contains(QPoint(bar.geometry().center().x(), heading(pane, 0).y()))
        assert bar.edit.isVisible()
        assert not bar.again.isVisible()
        point_at(pane, 1)
        assert bar.geometry().contains(QPoint(bar.geometry().center().x(), heading(pane, 1).y()))
        assert not bar.edit.isVisible()
        assert bar.again.isVisible()
        bar.copy.click()
        data = QGuiApplication.clipboard().mimeData()
        assert data.text() == "first reply"
        assert "<strong>reply</strong>" in data.html()
        assert data.data(MARKDOWN).toStdString() == "first **reply**"

    visit(scenario)


def test_there_is_one_toolbar_and_it_is_not_moved_while_a_reply_streams(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        words = [f"word{number}\n\n" for number in range(60)]
        async with GPROChatServer(Reply(*words, delay=0.005)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.open((await talk(parts, "one", SAID)).id)
            pane = window.pane
            await pane.choose("test", "")
            placed: list[None] = []
            pane.message_actions._place = lambda: placed.append(None)  # type: ignore[method-assign]
            await pane.regenerate()
            await until(lambda: "word59" in shown(pane) and not len(window.replies))
            assert not placed
            assert len(pane.findChildren(MessageActions)) == 1

    visit(scenario)


def is_chosen(transcript: Transcript, message_id: str) -> bool:
    return transcript.chosen == message_id


def test_alt_up_walks_through_all_messages_and_escape_goes_back_to_writing(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        said = [f"said {number}" for number in range(2 * PAGE + 20)]
        await window.open((await talk(parts, "long", said)).id)
        pane, transcript = window.pane, window.pane.transcript
        history = await parts.history
        for one in reversed(await history.branch(pane.conversation.id, limit=1000)):
            press(window, Qt.Key.Key_Up, ALT)
            await until(partial(is_chosen, transcript, one.id))
            assert pane.message_actions.isVisible()
            assert transcript.viewport().rect().contains(transcript.headings.rectangle(one.id))
        press(window, Qt.Key.Key_Up, ALT)
        press(window, Qt.Key.Key_Down, ALT)
        await until(lambda: transcript.chosen == pane.pages.window[1].id)
        picture = transcript.viewport().grab().toImage()
        beside = transcript.headings.rectangle(transcript.chosen).center().y()
        assert picture.pixelColor(1, beside) == parts.appearance.colour("accent")
        assert transcript.hasFocus()
        QTest.keyClick(transcript, Qt.Key.Key_Escape)
        assert not transcript.chosen
        assert pane.message_actions.isHidden()
        assert pane.composer.input.hasFocus()

    visit(scenario)


def test_the_buttons_are_reached_with_tab_and_pressed_with_enter(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane, bar = window.pane, window.pane.message_actions
        press(window, Qt.Key.Key_Up, ALT)
        press(window, Qt.Key.Key_Up, ALT)
        await until(lambda: pane.transcript.chosen == pane.pages.messages[2].id)
        QTest.keyClick(pane.transcript, Qt.Key.Key_Tab)
        assert bar.copy.hasFocus()
        QTest.keyClick(bar.copy, Qt.Key.Key_Tab)
        assert bar.edit.hasFocus()
        QTest.keyClick(bar.edit, Qt.Key.Key_Return)
        assert pane.composer.text == "second question"
        assert pane.composer.input.hasFocus()
        assert not pane.transcript.chosen

    visit(scenario)


def menu_of(pane: Pane) -> QMenu:
    menus = [one for one in pane.transcript.findChildren(QMenu) if one.isVisible()]
    assert len(menus) == 1
    return menus[0]


def texts(menu: QMenu) -> list[str]:
    return [one.text() for one in menu.actions() if one.text() and one.isEnabled()]


def pick(menu: QMenu, text: str) -> None:
    action = next(one for one in menu.actions() if one.text() == text)
    menu.close()
    action.trigger()


def test_the_context_menu_is_of_what_is_under_the_mouse(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        said = ("question", "See [there](https://a.example).\n\n```\ncode\nmore\n```")
        await window.open((await talk(parts, "one", said)).id)
        pane, transcript = window.pane, window.pane.transcript

        def ask(word: str) -> QMenu:
            place = transcript.cursorRect(transcript.document().find(word)).center() - QPoint(4, 0)
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, transcript.viewport().mapToGlobal(place))
            QApplication.sendEvent(transcript.viewport(), event)
            return menu_of(pane)

        menu = ask("there")
        assert texts(menu) == [
            "Open link…",
            "Copy link",
            "Copy message",
            "Copy as Markdown",
            "Copy as plain text",
            "Quote",
            "Answer again",
            "Select all",
        ]
        pick(menu, "Copy link")
        assert QGuiApplication.clipboard().text() == "https://a.example"
        pick(ask("more"), "Copy code block")
        assert QGuiApplication.clipboard().text() == "code\nmore"
        pick(ask("more"), "Copy as Markdown")
        assert QGuiApplication.clipboard().text() == said[1]
        pick(ask("more"), "Copy as plain text")
        assert QGuiApplication.clipboard().text() == "See there.\n\ncode\nmore"
        pick(ask("more"), "Select all")
        pick(ask("question"), "Copy")
        assert "See there." in QGuiApplication.clipboard().text()

    visit(scenario)


def test_what_is_quoted_stands_below_the_draft(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", ("question", "one\n\ntwo"))).id)
        pane = window.pane
        QTest.keyClicks(pane.composer.input, "a draft")
        press(window, Qt.Key.Key_Up, ALT)
        await until(lambda: pane.transcript.chosen)
        QTest.keyClick(pane.transcript, Qt.Key.Key_Return)
        pick(menu_of(pane), "Quote")
        assert pane.composer.text == "a draft\n\n> one\n>\n> two\n\n"
        assert pane.composer.input.hasFocus()

    visit(scenario)


def test_versions_are_switched_by_key_where_a_message_is_chosen(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation = await talk(parts, "one", SAID)
        history = await parts.history
        asked = (await history.branch(conversation.id))[2]
        await history.add_message(Message(conversation.id, Role.ASSISTANT, "another reply", asked.id))
        await window.open(conversation.id)
        pane = window.pane
        press(window, Qt.Key.Key_Up, ALT)
        await until(lambda: pane.transcript.chosen)
        QTest.keyClick(pane.transcript, Qt.Key.Key_Left)
        await until(lambda: "second reply" in shown(pane) and "another reply" not in shown(pane))
        assert pane.transcript.chosen == pane.pages.messages[-1].id, "the other one is chosen in its place"
        QTest.keyClick(pane.transcript, Qt.Key.Key_Right)
        await until(lambda: "another reply" in shown(pane))

    visit(scenario)
