"""The quick window: asked in, hidden, had again, and moved on to the main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.request import Kind, Request
from gui.windows import quick_window
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import CONTROL, NONE, talk
from tests.windows.test_requests import answered_by, started_with

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.quick_window import QuickWindow


async def open_quick(window: MainWindow, text: str = "") -> QuickWindow:
    await window.requests.fulfil(Request(Kind.QUICK, text))
    quick = window.requests.quick_window
    assert quick is not None
    return quick


def press(quick: QuickWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    quick.activateWindow()
    QTest.keyClick(quick.pane.composer.input, key, modifiers)


def test_it_is_above_others_and_enter_asks_in_a_kept_conversation(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("An ", "answer.", delay=0.05)) as server:
            answered_by(parts, server.url)
            quick = await open_quick(window, "A question?")
            assert quick.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
            await until(quick.pane.composer.input.hasFocus)
            assert not server.requests, "it is the person who sends it"
            press(quick, Qt.Key.Key_Return)
            await until(lambda: "An answer." in shown(quick.pane))
            await until(lambda: not len(window.replies))
            kept = await (await parts.history).conversation(quick.pane.conversation.id)
            assert kept is not None
            assert kept.title == "A question?"
            assert window.pane.is_empty, "the main window is as it was"

    visit(scenario)


def test_escape_hides_it_while_the_reply_goes_on_and_quick_shows_it_again(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*("word " for _ in range(20)), "last", delay=0.02)) as server:
            answered_by(parts, server.url)
            quick = await open_quick(window, "?")
            press(quick, Qt.Key.Key_Return)
            await until(lambda: "word" in shown(quick.pane))
            press(quick, Qt.Key.Key_Escape)
            assert not quick.isVisible()
            assert len(window.replies) == 1
            assert window.isVisible()
            await until(lambda: not len(window.replies))
            assert await open_quick(window) is quick
            assert quick.isVisible()
            await until(lambda: "last" in shown(quick.pane))

    visit(scenario)


def test_a_text_or_a_long_while_begins_anew(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Yes.")) as server:
            answered_by(parts, server.url)
            quick = await open_quick(window, "first")
            asked = [quick.pane.conversation.id]
            press(quick, Qt.Key.Key_Return)
            await until(lambda: "Yes." in shown(quick.pane))
            await until(lambda: not len(window.replies))
            await open_quick(window, "second")
            asked.append(quick.pane.conversation.id)
            assert quick.pane.composer.text == "second"
            press(quick, Qt.Key.Key_Return)
            await until(lambda: "Yes." in shown(quick.pane))
            quick.hide()
            monkeypatch.setattr(quick_window, "FRESH", -1.0)
            await open_quick(window)
            asked.append(quick.pane.conversation.id)
            assert quick.pane.is_empty
            assert len(set(asked)) == 3

    visit(scenario)


def test_what_was_asked_goes_on_as_a_tab_of_the_window(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", ["said", "answered"])).id)
        async with GPROChatServer(Reply(*("word " for _ in range(20)), "last", delay=0.02)) as server:
            answered_by(parts, server.url)
            quick = await open_quick(window, "Why?")
            pane = quick.pane
            press(quick, Qt.Key.Key_Return)
            await until(lambda: "word" in shown(pane))
            press(quick, Qt.Key.Key_O, CONTROL)
            assert not quick.isVisible()
            assert window.workspace.group.panes()[-1] is window.pane is pane
            await until(pane.composer.input.hasFocus)
            await until(lambda: "last" in shown(pane))
            assert window.workspace.group.tabText(1) == "Why?"
            again = await open_quick(window)
            assert again is not quick
            assert again.pane.is_empty

    visit(scenario)


def test_it_is_in_step_with_the_same_conversation_in_the_window(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Yes.")) as server:
            answered_by(parts, server.url)
            quick = await open_quick(window, "first")
            press(quick, Qt.Key.Key_Return)
            await until(lambda: "Yes." in shown(quick.pane))
            await until(lambda: not len(window.replies))
            await window.open(quick.pane.conversation.id)
            assert window.pane is not quick.pane
            assert "Yes." in shown(window.pane)
            await window.browsing.delete([quick.pane.conversation.id])
            await until(lambda: quick.pane.is_empty)

    visit(scenario)


def test_new_chat_by_key_begins_anew_in_it(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Yes.")) as server:
            answered_by(parts, server.url)
            quick = await open_quick(window, "first")
            press(quick, Qt.Key.Key_Return)
            await until(lambda: "Yes." in shown(quick.pane))
            press(quick, Qt.Key.Key_N, CONTROL)
            assert quick.pane.is_empty
            assert len(window.workspace.group.panes()) == 1

    visit(scenario)


def test_the_program_starts_with_it_alone(visit: Visit, data_dir: Path, qapp: QApplication) -> None:
    async def before(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", ["said", "answered"])).id)
        window.workspace.add(window.workspace.group).start_new(window.workspace.new_conversation())
        window.arranging.move_to_window(window.pane)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert [one for one in qapp.topLevelWidgets() if one.isVisible()] == [window.requests.quick_window]
        window.come_forward()
        assert window.isVisible()
        assert [own.isVisible() for own in window.workspace.windows] == [True]
        assert "one" in [pane.conversation.title for pane in window.panes()]

    visit(before)
    started_with(Request(Kind.QUICK), data_dir, qapp, scenario)


def test_no_start_finds_it_among_the_windows_that_were_open(visit: Visit) -> None:
    async def before(window: MainWindow, parts: Parts) -> None:
        await open_quick(window, "a draft")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert not window.workspace.windows
        assert not parts.preferences.get("drafts")

    visit(before)
    visit(scenario)
