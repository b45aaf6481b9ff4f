"""Search over everything, by keyboard and mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from gui.conversation import Conversation, Message, Role
from gui.windows.search_panel import HIT
from tests.windows.conftest import Visit, shown, until

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.search_panel import SearchPanel


async def say(parts: Parts, title: str, *texts: str) -> list[Message]:
    """A conversation of these messages in a row."""
    history = await parts.history
    conversation = Conversation(title)
    await history.add_conversation(conversation)
    messages: list[Message] = []
    for number, text in enumerate(texts):
        role = Role.ASSISTANT if number % 2 else Role.USER
        messages.append(Message(conversation.id, role, text, messages[-1].id if messages else None))
        await history.add_message(messages[-1])
    return messages


def opened(window: MainWindow) -> SearchPanel:
    window.activateWindow()
    QTest.keyClick(window.pane.composer.input, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    return window.searching.panel


def test_control_k_finds_as_one_types_and_enter_shows_the_message(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await say(parts, "Other", "nothing here")
        messages = await say(parts, "Long", *(f"said {number}" for number in range(120)), "a needle", *(["more"] * 120))
        panel = opened(window)
        QTest.keyClicks(panel.input, "need")
        await until(panel.hits.rowCount)
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        await until(lambda: "a needle" in shown(window.pane))
        assert panel.isHidden()
        transcript = window.pane.transcript
        place = transcript.cursorRect(transcript.document().find("a needle"))
        await until(lambda: transcript.viewport().rect().contains(place))
        await until(transcript.extraSelections)
        assert window.pane.conversation.id == messages[0].conversation_id

    visit(use)


def test_the_field_of_the_sidebar_opens_it_and_tells_its_keys(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.history
        assert [label.text() for label in window.sidebar.search_button.findChildren(QLabel)] == ["Ctrl+K"]
        QTest.mouseClick(window.sidebar.search_button, Qt.MouseButton.LeftButton)
        assert window.searching.panel.isVisible()
        assert window.searching.panel.input.hasFocus()

    visit(scenario)


def test_enter_right_after_typing_opens_what_was_typed_last(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await say(parts, "First", "an apple")
        (said,) = await say(parts, "Second", "a pear")
        panel = opened(window)
        QTest.keyClicks(panel.input, "apple")
        await until(panel.hits.rowCount)
        panel.input.selectAll()
        QTest.keyClicks(panel.input, "pear")
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        await until(panel.isHidden)
        await until(lambda: window.pane.conversation.id == said.conversation_id)

    visit(use)


def test_where_both_have_no_room_the_field_of_the_sidebar_tells_no_keys(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.history
        (keys,) = window.sidebar.search_button.findChildren(QLabel)
        assert keys.isVisible()
        window.sidebar.search_button.setText("What is said in the longest of all languages")
        window.sidebar.redraw()
        assert not keys.isVisible()

    visit(scenario)


def test_a_message_of_another_branch_is_shown_on_its_branch(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        asked, _answer = await say(parts, "Versions", "question", "the unusual one")
        history = await parts.history
        await history.add_message(Message(asked.conversation_id, Role.ASSISTANT, "the other one", asked.id))
        await window.open(asked.conversation_id)
        assert "unusual" not in shown(window.pane)
        (hit,) = await history.search("unusual")
        await window.show_hit(hit)
        assert "unusual" in shown(window.pane)

    visit(use)


def test_arrows_choose_and_escape_goes_back_to_writing(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await say(parts, "One", "word one")
        await say(parts, "Two", "word two")
        panel = opened(window)
        QTest.keyClicks(panel.input, "word")
        await until(lambda: panel.hits.rowCount() == 2)
        QTest.keyClick(panel.input, Qt.Key.Key_Down)
        assert panel.list.currentIndex().row() == 1
        QTest.keyClick(panel.input, Qt.Key.Key_Escape)
        assert panel.isHidden()
        assert window.pane.composer.input.hasFocus()

    visit(use)


def test_a_click_opens_what_was_found(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await say(parts, "A title to find", "text")
        panel = opened(window)
        QTest.keyClicks(panel.input, "title")
        await until(panel.hits.rowCount)
        place = panel.list.visualRect(panel.hits.index(0)).center()
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await until(lambda: window.pane.conversation.title == "A title to find")

    visit(use)


def test_what_is_not_there_is_said(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        assert "-without" in panel.note.text()
        QTest.keyClicks(panel.input, "nothing like it")
        await until(lambda: panel.note.text() == "Nothing was found.")

    visit(use)


def test_what_was_looked_for_is_offered_again(visit: Visit) -> None:
    async def look(window: MainWindow, parts: Parts) -> None:
        await say(parts, "One", "a needle")
        panel = opened(window)
        QTest.keyClicks(panel.input, "needle")
        await until(panel.hits.rowCount)
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        await until(panel.isHidden)

    async def again(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        assert panel.hits.index(0).data() == "needle"
        QTest.keyClick(panel.input, Qt.Key.Key_Down)
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        assert panel.input.text() == "needle"
        await until(lambda: panel.hits.rowCount() and panel.hits.index(0).data().startswith("One"))

    visit(look)
    visit(again)


def test_a_filter_is_put_in_by_its_button(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await say(parts, "One", "word of mine", "word of a model")
        panel = opened(window)
        QTest.keyClicks(panel.input, "word")
        chip = next(one for one in panel.findChildren(QToolButton) if one.text() == "from:model")
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
        assert panel.input.text() == "word from:model "
        await until(lambda: panel.hits.rowCount() == 1)
        assert "of a model" in panel.hits.index(0).data()
        assert panel.input.hasFocus()

    visit(use)


def test_what_is_archived_is_found_and_said_to_be(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        (said,) = await say(parts, "One", "a needle")
        history = await parts.history
        await history.archive([said.conversation_id], archived=True)
        panel = opened(window)
        QTest.keyClicks(panel.input, "needle in:archive")
        await until(panel.hits.rowCount)
        assert panel.hits.index(0).data(HIT).archived

    visit(use)
