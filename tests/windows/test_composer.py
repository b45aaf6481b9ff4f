"""The composer's own: how high it grows, what it says of the tokens, and a long text that is pasted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from gui.settings.connections import Connection
from gui.windows.token_count import DELAY
from tests.windows.conftest import Visit, until
from tests.windows.test_conversation import button

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

LONG = "\n".join(f"line {number}" for number in range(200))


def paste(pane: Pane, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(pane.composer.input, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_it_grows_with_its_text_up_to_a_third_of_the_pane(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        window.resize(700, 600)
        await asyncio.sleep(0.05)
        pane = window.pane
        low = pane.composer.input.height()
        pane.composer.set_text("one\ntwo\nthree")
        line = pane.composer.input.fontMetrics().lineSpacing()
        assert pane.composer.input.height() == low + 2 * line
        pane.composer.set_text("line\n" * 100)
        third = pane.height() / 3
        assert third - line < pane.composer.input.height() < third + line
        window.resize(700, 400)
        await asyncio.sleep(0.05)
        assert pane.composer.input.height() < third

    visit(scenario)


def test_it_says_how_many_tokens_are_written_and_how_many_there_is_room_for(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        pane = window.pane
        parts.connections.save(Connection("test", "Test", "openai", "http://127.0.0.1:9"))
        await pane.choose("test", "")
        QTest.keyClicks(pane.composer.input, "eight letters or so: 32 of them.")
        await until(lambda: pane.composer.count.text() == "≈ 8 tokens")
        small = Connection("small", "Small", "openai", "http://127.0.0.1:9", options={"context": 1024})
        parts.connections.save(small)
        await pane.choose("small", "")
        pane.composer.set_text("x" * 8000)
        said = f"≈ {QLocale().toString(2000)} / {QLocale().toString(1024)} tokens"
        await until(lambda: pane.composer.count.text() == said)
        assert pane.composer.count.property("tooMuch") == "true"
        pane.composer.set_text("")
        await asyncio.sleep(2 * DELAY / 1000)
        assert pane.composer.count.isHidden()

    visit(scenario)


def test_a_long_text_that_is_pasted_is_offered_as_a_file_and_comes_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        pane = window.pane
        QTest.keyClicks(pane.composer.input, "See: ")
        paste(pane, LONG)
        assert pane.composer.text == f"See: {LONG}"
        button(pane, "Attach it as a file").click()
        assert pane.composer.text == "See: "
        (file,) = pane.composer.attachments
        assert (file.name, file.text) == ("pasted.txt", LONG)
        button(pane, "Undo").click()
        assert pane.composer.text == f"See: {LONG}"
        assert not pane.composer.attachments

    visit(scenario)


def test_a_short_text_is_pasted_without_a_word(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        paste(window.pane, "short\n" * 20)
        assert window.pane.composer.text == "short\n" * 20
        assert not window.pane.bar.text

    visit(scenario)


@pytest.mark.parametrize(
    ("key", "modifiers", "result"),
    [
        (Qt.Key.Key_Asterisk, Qt.KeyboardModifier.ShiftModifier, "say *this*"),
        (Qt.Key.Key_QuoteLeft, Qt.KeyboardModifier.NoModifier, "say `this`"),
        (Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.NoModifier, "say [this]"),
        (Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier, "say *this*"),
        (Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "say x"),
    ],
)
def test_a_mark_that_is_typed_stands_around_what_is_selected(
    visit: Visit, key: Qt.Key, modifiers: Qt.KeyboardModifier, result: str
) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        composer = window.pane.composer
        composer.set_text("say this")
        composer.input.moveCursor(QTextCursor.MoveOperation.PreviousWord, QTextCursor.MoveMode.KeepAnchor)
        QTest.keyClick(composer.input, key, modifiers)
        assert composer.text == result
        composer.input.undo()
        assert composer.text == "say this"

    visit(scenario)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("- one", "- one\n- x"),
        ("  9. nine", "  9. nine\n  10. x"),
        ("- [x] done", "- [x] done\n- [ ] x"),
        ("- one\n- ", "- one\nx"),
        ("no list", "no list\nx"),
    ],
)
def test_a_new_line_in_a_list_is_its_next_item(visit: Visit, text: str, result: str) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        composer = window.pane.composer
        composer.set_text(text)
        QTest.keyClick(composer.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClicks(composer.input, "x")
        assert composer.text == result

    visit(scenario)


def test_tab_indents_in_a_list_and_goes_on_elsewhere(visit: Visit) -> None:
    async def scenario(window: MainWindow, _parts: Parts) -> None:
        composer = window.pane.composer
        composer.setFocus()
        composer.set_text("1. one\n2. two")
        QTest.keyClick(composer.input, Qt.Key.Key_Tab)
        assert composer.text == "1. one\n   2. two"
        QTest.keyClick(composer.input, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert composer.text == "1. one\n2. two"
        composer.set_text("no list")
        QTest.keyClick(composer.input, Qt.Key.Key_Tab)
        assert composer.text == "no list"
        assert not composer.input.hasFocus()

    visit(scenario)
