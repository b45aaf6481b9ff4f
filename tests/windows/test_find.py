"""Finding words in one conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.conversation import Conversation, Message, Role
from gui.windows.finding import pattern, places
from gui.windows.transcript import Shown, Transcript
from tests.windows.conftest import Visit, until

if TYPE_CHECKING:
    from gui.windows.find_bar import FindBar
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


async def talk(window: MainWindow, parts: Parts, *texts: str) -> list[Message]:
    """Open a conversation of these messages in turn."""
    history = await parts.history
    conversation = Conversation("Find")
    await history.add_conversation(conversation)
    messages: list[Message] = []
    for number, text in enumerate(texts):
        role = Role.ASSISTANT if number % 2 else Role.USER
        messages.append(Message(conversation.id, role, text, messages[-1].id if messages else None))
        await history.add_message(messages[-1])
    await window.open(conversation.id)
    return messages


def opened(window: MainWindow, text: str) -> FindBar:
    window.activateWindow()
    QTest.keyClick(window.pane.composer.input, Qt.Key.Key_F, CONTROL)
    bar = window.pane.find_bar
    QTest.keyClicks(bar.input, text)
    return bar


def tinted(transcript: Transcript) -> list[str]:
    return [one.cursor.selectedText() for one in transcript.extraSelections()]


def current(window: MainWindow, parts: Parts) -> int | None:
    """Where the place begins that stands out from the others."""
    colour = parts.appearance.colour("found_now")
    tints = window.pane.transcript.extraSelections()
    return next((one.cursor.selectionStart() for one in tints if one.format.background().color() == colour), None)


def test_all_places_are_counted_and_marked_and_enter_goes_round(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "a word", "The **Word** and\n\n- another word\n\n| word |\n|---|\n| no |")
        bar = opened(window, "word")
        await until(lambda: bar.count.text() == "1 of 4")
        transcript = window.pane.transcript
        assert tinted(transcript) == ["word", "Word", "word", "word"]
        positions = []
        for _time in range(4):
            positions.append(current(window, parts))
            QTest.keyClick(bar.input, Qt.Key.Key_Return)
            await until(lambda: current(window, parts) not in {None, positions[-1]})
        assert positions == sorted(one for one in positions if one is not None)
        assert bar.count.text() == "1 of 4"
        QTest.keyClick(bar.input, Qt.Key.Key_Return, SHIFT)
        await until(lambda: bar.count.text() == "4 of 4")

    visit(use)


def test_what_is_not_loaded_is_found_too(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        messages = await talk(window, parts, "the needle", *(f"said {number}" for number in range(150)))
        assert not window.pane.transcript.shows(messages[0].id)
        bar = opened(window, "needle")
        await until(lambda: current(window, parts))
        assert bar.count.text() == "1 of 1"
        transcript = window.pane.transcript
        assert transcript.viewport().rect().contains(transcript.cursorRect(transcript.document().find("needle")))

    visit(use)


def test_escape_leaves_and_marks_nothing(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "a word")
        bar = opened(window, "word")
        await until(lambda: tinted(window.pane.transcript))
        QTest.keyClick(bar.input, Qt.Key.Key_Escape)
        assert bar.isHidden()
        assert not tinted(window.pane.transcript)
        assert window.pane.composer.input.hasFocus()

    visit(use)


def test_what_is_selected_is_looked_for(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "one two", "two")
        transcript = window.pane.transcript
        transcript.setTextCursor(transcript.document().find("two"))
        bar = opened(window, "")
        assert bar.input.text() == "two"
        await until(lambda: bar.count.text().endswith("of 2"))

    visit(use)


def test_what_is_not_there_is_said(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "one")
        bar = opened(window, "two")
        await until(lambda: bar.count.text() == "Not found")

    visit(use)


@pytest.mark.parametrize("text", ["1.", "[x]", "**", "Слово", "日本", "🌸", "Stopped"])
def test_the_number_that_is_told_is_the_number_that_is_marked(visit: Visit, text: str) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        said = "1. слово **a** 1.5\n2. [x] 日本語 🌸🌸\n\n```\n** code 1.\n```\n\nслово"
        await talk(window, parts, "Слово 1. Stopped", said)
        bar = opened(window, "")
        bar.input.setText(text)
        await until(bar.count.text)
        found = len(tinted(window.pane.transcript))
        assert bar.count.text() == (f"1 of {found}" if found else "Not found")

    visit(use)


def test_marks_follow_when_the_zoom_changes(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "a word")
        opened(window, "word")
        await until(lambda: tinted(window.pane.transcript))
        parts.appearance.set_zoom(150)
        assert tinted(window.pane.transcript) == ["word"]

    visit(use)


def test_places_are_those_of_the_messages_own_text(visit: Visit) -> None:
    async def use(window: MainWindow, _parts: Parts) -> None:
        transcript = window.pane.transcript
        thoughtful = Message("c", Role.ASSISTANT, "word", reasoning="word", model="word")
        transcript.show_messages([Shown(thoughtful, "word")])
        transcript.toggle_thoughts(thoughtful.id)
        assert [number for _id, number, _cursor in places(transcript.document(), pattern("word"))] == [0]

    visit(use)
