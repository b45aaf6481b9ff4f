"""Prompts and personas: chosen with “/” in the composer, edited in the settings, kept in the history."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.conversation import Template
from gui.history.exchange import read
from gui.settings.connections import Connection
from tests.windows.conftest import Visit, until

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.dialogs.templates_page import TemplatesPage
    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts
    from gui.windows.template_popup import TemplatePopup

TRANSLATE = Template("Translate", "Into {{language}}: {{text}}\nOnly {{language}}, please 🌸.", place=0)
SUMMARY = Template("Summary", "Sum it up.", place=1)
PIRATE = Template(
    "Pirate", "You are a pirate.", is_persona=True, connection="test", model="sea", options='{"top_p": 0.5}', place=2
)


async def type_slash(window: MainWindow, parts: Parts, typed: str = "/") -> TemplatePopup:
    await (await parts.history).put_templates([TRANSLATE, SUMMARY, PIRATE])
    window.pane.composer.setFocus()
    QTest.keyClick(window.pane.composer.input, Qt.Key.Key_Slash)
    await until(lambda: window.pane.templates is not None and window.pane.templates.popup.isVisible())
    QTest.keyClicks(window.pane.composer.input, typed[1:])
    assert window.pane.templates is not None
    return window.pane.templates.popup


def rows(popup: TemplatePopup) -> list[str]:
    return [popup.list.item(row).text().split("  —  ")[0] for row in range(popup.list.count())]


def press(pane: Pane, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(pane.composer.input, key)


def test_slash_shows_what_is_kept_filtered_as_typed(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        popup = await type_slash(window, parts)
        assert rows(popup) == ["Translate", "Summary", "Pirate", "Edit prompts and personas…"]
        QTest.keyClicks(window.pane.composer.input, "SUM")
        assert rows(popup) == ["Summary"]
        QTest.keyClicks(window.pane.composer.input, "/usr")
        assert popup.isHidden()

    visit(scenario)


def test_arrows_and_enter_put_a_prompt_into_the_input_and_send_nothing(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        popup = await type_slash(window, parts)
        press(window.pane, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return)
        assert window.pane.composer.text == "Sum it up."
        assert popup.isHidden()
        assert window.pane.is_empty

    visit(scenario)


def test_esc_leaves_what_was_typed(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        popup = await type_slash(window, parts, "/s")
        press(window.pane, Qt.Key.Key_Escape)
        assert popup.isHidden()
        assert window.pane.composer.text == "/s"

    visit(scenario)


def test_tab_asks_for_each_variable_and_fills_those_of_its_name(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await type_slash(window, parts)
        pane = window.pane
        press(pane, Qt.Key.Key_Tab)
        assert pane.composer.input.textCursor().selectedText() == "{{language}}"
        QTest.keyClicks(pane.composer.input, "French")
        press(pane, Qt.Key.Key_Tab)
        assert pane.composer.input.textCursor().selectedText() == "{{text}}"
        QTest.keyClicks(pane.composer.input, "good morning")
        press(pane, Qt.Key.Key_Tab)
        assert pane.composer.text == "Into French: good morning\nOnly French, please 🌸."
        assert pane.composer.input.textCursor().atEnd()
        press(pane, Qt.Key.Key_Tab)  # as ever
        assert not pane.composer.input.hasFocus()

    visit(scenario)


def test_a_persona_answers_from_then_on(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.connections.save(Connection("test", "Test", "openai", "http://127.0.0.1:9"))
        await type_slash(window, parts, "/pir")
        press(window.pane, Qt.Key.Key_Return)
        await until(lambda: window.pane.conversation.system_prompt)
        one = window.pane.conversation
        assert (one.system_prompt, one.connection, one.model) == ("You are a pirate.", "test", "sea")
        assert one.options == '{"top_p": 0.5}'
        assert not window.pane.composer.text

    visit(scenario)


async def page_of(window: MainWindow, parts: Parts) -> TemplatesPage:
    await (await parts.history).put_templates([TRANSLATE, SUMMARY, PIRATE])
    window.open_settings("templates")
    dialog = window.settings_dialog()
    assert dialog is not None
    await until(lambda: dialog.templates.list.count() == 3)
    return dialog.templates


async def kept(parts: Parts) -> list[tuple[str, str]]:
    return [(one.name, one.text) for one in await (await parts.history).templates()]


def test_the_last_row_opens_the_settings(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await type_slash(window, parts)
        press(window.pane, Qt.Key.Key_Up, Qt.Key.Key_Return)
        dialog = window.settings_dialog()
        assert dialog is not None
        assert dialog.templates.isVisible()
        await until(lambda: dialog.templates.list.count() == 3)
        dialog.reject()

    visit(scenario)


def test_one_is_added_edited_and_kept_when_the_settings_are_left_at_once(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = await page_of(window, parts)
        QTest.mouseClick(page.add_prompt, Qt.MouseButton.LeftButton)
        QTest.keyClicks(page.name, "Mine")
        QTest.keyClicks(page.text, "Say it")
        page.window().close()
        history = await parts.history
        for _ in range(50):
            if ("Mine", "Say it") in await kept(parts):
                break
            await asyncio.sleep(0.02)
        assert [one.name for one in await history.templates()] == ["Translate", "Summary", "Pirate", "Mine"]
        assert (await kept(parts))[-1] == ("Mine", "Say it")

    visit(scenario)


def test_they_are_moved_removed_and_had_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = await page_of(window, parts)
        page.down.click()
        await asyncio.sleep(0.1)
        assert [name for name, _ in await kept(parts)] == ["Summary", "Translate", "Pirate"]
        page.remove.click()
        await asyncio.sleep(0.1)
        assert [name for name, _ in await kept(parts)] == ["Summary", "Pirate"]
        page.undo.click()
        await asyncio.sleep(0.1)
        assert [name for name, _ in await kept(parts)] == ["Summary", "Translate", "Pirate"]
        page.window().close()

    visit(scenario)


def test_what_is_exported_is_taken_in_again(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = await page_of(window, parts)
        await page.export(tmp_path / "prompts.json")
        history = await parts.history
        with (tmp_path / "prompts.json").open("rb") as file:
            items = list(read(file))
        there = await history.templates()
        assert items == there
        assert (await history.take_in(items)).unchanged == 3
        page.window().close()

    visit(scenario)
