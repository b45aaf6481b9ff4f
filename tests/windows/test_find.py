"""Finding in a conversation, typed and stepped through in the real window."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.conversation import Conversation, Message, Role
from gui.settings.connections import Connection
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import CONTROL, SHIFT, press, talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLabel

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

SAID = ("An apple", "Some **ap**ples, `Apple` and\n\n| apple | b |\n|--|--|\n| c | APPLE |", "no fruit", "apple pie")


async def find(window: MainWindow, text: str) -> Pane:
    press(window, Qt.Key.Key_F, CONTROL)
    pane = window.pane
    pane.find_bar.input.clear()
    pane.find_bar.input.insert(text)  # QTest.keyClicks knows ASCII alone
    await until(lambda: pane._finding is not None and pane._finding._complete)
    return pane


def tinted(pane: Pane) -> list[str]:
    return [one.cursor.selectedText() for one in pane.transcript.extraSelections()]


def reads(label: QLabel, text: str) -> bool:
    return label.text() == text


def stands_out(pane: Pane, parts: Parts, text: str) -> bool:
    return text in shown(pane) and bool(current(pane, parts))


def current(pane: Pane, parts: Parts) -> list[tuple[int, str]]:
    """Where what stands out most begins, and what it is."""
    colour = parts.appearance.colour("found_now")
    return [
        (one.cursor.selectionStart(), one.cursor.selectedText())
        for one in pane.transcript.extraSelections()
        if one.format.background().color() == colour
    ]


def test_all_that_is_seen_is_counted_and_tinted(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = await find(window, "APPLE")
        assert pane.find_bar.count.text() == "1 of 6"
        assert tinted(pane) == ["apple", "apple", "Apple", "apple", "APPLE", "apple"]
        assert [text for _place, text in current(pane, parts)] == ["apple"]

    visit(scenario)


def test_enter_and_f3_step_and_wrap_around(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = await find(window, "apple")
        field, count = pane.find_bar.input, pane.find_bar.count
        places = [current(pane, parts)]
        for key, modifiers, said in (
            (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "2 of 6"),
            (Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier, "3 of 6"),
            (Qt.Key.Key_F3, SHIFT, "2 of 6"),
            (Qt.Key.Key_Return, SHIFT, "1 of 6"),
            (Qt.Key.Key_Return, SHIFT, "6 of 6"),
            (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "1 of 6"),
        ):
            QTest.keyClick(field, key, modifiers)
            await until(partial(reads, count, said))
            await asyncio.sleep(0)
            places.append(current(pane, parts))
        assert places[1] == places[3]
        assert places[0] == places[4] == places[6]
        assert len({place[0] for place in places}) == 4
        pane.find_bar.previous.click()
        await until(lambda: count.text() == "6 of 6")

    visit(scenario)


def test_escape_closes_and_goes_back_to_writing(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = await find(window, "apple")
        assert pane.find_bar.input.hasFocus()
        QTest.keyClick(pane.find_bar.input, Qt.Key.Key_Escape)
        assert pane.find_bar.isHidden()
        assert not pane.transcript.extraSelections()
        assert pane.composer.input.hasFocus()
        press(window, Qt.Key.Key_F3)
        await until(lambda: pane.find_bar.count.text() == "1 of 6")
        assert pane.find_bar.isVisible()

    visit(scenario)


def test_what_is_selected_is_looked_for_and_is_the_first(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = window.pane
        pane.transcript.setTextCursor(pane.transcript.document().find("APPLE", 60))
        place = pane.transcript.textCursor().selectionStart()
        press(window, Qt.Key.Key_F, CONTROL)
        assert pane.find_bar.input.text() == pane.transcript.textCursor().selectedText()
        await until(lambda: current(pane, parts))
        assert current(pane, parts)[0][0] == place

    visit(scenario)


def test_what_is_not_there_is_said(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = await find(window, "pear")
        assert pane.find_bar.count.text() == "Nothing was found."
        assert not pane.find_bar.next.isEnabled()
        pane = await find(window, "You")
        assert pane.find_bar.count.text() == "Nothing was found.", "headings were not said"

    visit(scenario)


def test_hits_far_above_are_counted_and_shown(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        said = [f"said {number}" if number % 100 else f"a needle {number}" for number in range(401)]
        await window.open((await talk(parts, "long", said)).id)
        pane = await find(window, "needle")
        assert pane.find_bar.count.text() == "5 of 5"
        for number in (3, 2, 1, 0, 4):
            QTest.keyClick(pane.find_bar.input, Qt.Key.Key_Return, SHIFT)
            await until(partial(reads, pane.find_bar.count, f"{number + 1} of 5"))
            await until(partial(stands_out, pane, parts, f"a needle {number * 100}"))
            place = pane.transcript.cursorRect(pane.transcript.document().find(f"needle {number * 100}"))
            assert pane.transcript.viewport().rect().contains(place)
        assert "a needle 0" not in shown(pane)

    visit(scenario)


def test_the_tints_follow_theme_zoom_older_messages_and_a_reply_that_streams(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        words = ["an apple", *(" and more" for _ in range(30)), " and one more apple"]
        async with GPROChatServer(Reply(*words, delay=0.01)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.open((await talk(parts, "one", [*(["filler"] * 80), *SAID])).id)
            await window.pane.choose("test", "")
            pane = await find(window, "apple")
            before = tinted(pane)
            parts.preferences.set("theme", "dark")
            press(window, Qt.Key.Key_Plus, CONTROL)
            await until(lambda: tinted(pane) == before and current(pane, parts))
            await pane.pages.load_older()
            pane.transcript.jump_to_latest()
            await until(lambda: tinted(pane) == before and current(pane, parts))
            press(window, Qt.Key.Key_0, CONTROL)
            await pane.send("go on")
            await until(lambda: pane.find_bar.count.text().endswith("of 7"))
            assert len(window.replies), "counted while it is written"
            await until(lambda: pane.find_bar.count.text() == "1 of 8")
            await until(lambda: not len(window.replies))

    visit(scenario)


async def keep_many(parts: Parts, texts: Sequence[str]) -> Conversation:
    history = await parts.history
    conversation = Conversation("Long")
    await history.add_conversation(conversation)
    parent, last = None, None
    for number, text in enumerate(texts):
        message = Message(conversation.id, Role.ASSISTANT if number % 2 else Role.USER, text, parent)
        parent = message.id
        last = history.add_message(message)
        await last
    return conversation


def test_the_window_is_not_kept_waiting_by_a_long_conversation(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        said = [f"word {number}: **some** [more](https://a.example/{number}) words" for number in range(2000)]
        await window.open((await keep_many(parts, said)).id)
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        others = asyncio.create_task(turn())
        pane = await find(window, "some more")
        others.cancel()
        assert pane.find_bar.count.text().replace(",", "").endswith("of 1000")
        assert turns > 20, "of the loop, while two thousand messages were read"

    visit(scenario)


LONG = """1. слово **bold** words, 1.5
2. [y] 日本語 🌸🌸 caf&eacute; Straße

```
** code 1.
```

A [link](https://a.example/x) and $a^2$ more, ![alt](https://a.example/y.png)

| слово | b |
|-|-|
| c | 1. |
"""
MARKED = ("Слово 1. **as typed**", LONG)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *[("слово", 3), ("bold words", 1), ("**", 3), ("as typed", 1), ("1.", 5), ("[y]", 1), ("日本", 1), ("🌸", 2)],
        *[("café", 1), ("STRASSE", 1), ("link and", 1), ("example", 0), ("a^2", 0), ("alt", 0), ("cb", 0), ("b", 2)],
    ],
)
def test_the_number_that_is_told_is_the_number_that_is_marked(visit: Visit, text: str, count: int) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", MARKED)).id)
        pane = await find(window, text)
        assert len(tinted(pane)) == count
        assert pane.find_bar.count.text().endswith(f"of {count}" if count else "Nothing was found.")

    visit(scenario)
