"""The keys of the actions: listed, chosen by pressing them, taken from others only after that was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.windows.dialogs.shortcuts import ShortcutsDialog
from gui.windows.shortcuts import fixed_use, is_typed
from tests.windows.conftest import Visit, until
from tests.windows.test_keys import CONTROL, SHIFT, press, talk

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

ALT = Qt.KeyboardModifier.AltModifier


def opened(window: MainWindow) -> ShortcutsDialog:
    press(window, Qt.Key.Key_Slash, CONTROL)
    (dialog,) = [one for one in window.findChildren(ShortcutsDialog) if one.isVisible()]
    return dialog


def keys_of(dialog: ShortcutsDialog, name: str) -> str:
    dialog.choose(name)
    item = dialog.tree.currentItem()
    assert item is not None
    return item.text(1)


def test_every_action_is_listed_with_its_keys(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window)
        for name, action in window.actions_by_name.items():
            keys = [one.toString(one.SequenceFormat.NativeText) for one in action.shortcuts()]
            assert keys_of(dialog, name) == ", ".join(keys)
        dialog.reject()

    visit(scenario)


def test_keys_are_chosen_by_pressing_them_and_hold_at_once_and_after_the_next_start(visit: Visit) -> None:
    async def first(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window)
        QTest.keyClicks(dialog.search, "sidebar")
        assert dialog.chosen == "sidebar"
        QTest.keyClick(dialog.field, Qt.Key.Key_J, CONTROL | ALT)
        QTest.mouseClick(dialog.assign_button, Qt.MouseButton.LeftButton)
        assert keys_of(dialog, "sidebar") == "Ctrl+Alt+J"
        dialog.reject()
        press(window, Qt.Key.Key_B, CONTROL)
        assert window.sidebar.isVisible()
        press(window, Qt.Key.Key_J, CONTROL | ALT)
        assert window.sidebar.isHidden()

    async def second(window: MainWindow, parts: Parts) -> None:
        press(window, Qt.Key.Key_J, CONTROL | ALT)
        assert window.sidebar.isVisible()

    visit(first)
    visit(second)


def test_keys_of_another_action_are_said_to_be_its_before_they_are_taken(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window)
        dialog.choose("find")
        QTest.keyClick(dialog.field, Qt.Key.Key_K, CONTROL)
        assert "Search all chats" in dialog.note.text()
        assert window.shortcuts.of("search") == ["Ctrl+K"]
        dialog.assign_button.click()
        assert window.shortcuts.of("find") == ["Ctrl+K"]
        assert window.shortcuts.of("search") == []
        dialog.reject()

    visit(scenario)


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_C, CONTROL),
        (Qt.Key.Key_Return, CONTROL),
        (Qt.Key.Key_Left, CONTROL),
        (Qt.Key.Key_A, SHIFT),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_keys_of_fields_for_text_cannot_be_had(visit: Visit, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window)
        dialog.choose("about")
        QTest.keyClick(dialog.field, key, modifiers)
        assert dialog.note.text()
        assert not dialog.assign_button.isEnabled()
        dialog.reject()

    visit(scenario)


def test_one_is_reset_and_all_are(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        window.shortcuts.choose("find", ["Ctrl+K"])
        window.shortcuts.choose("about", ["F1"])
        dialog = opened(window)
        dialog.choose("search")
        dialog.reset_button.click()
        assert window.shortcuts.of("search") == ["Ctrl+K"]
        assert window.shortcuts.of("find") == []
        assert window.shortcuts.of("about") == ["F1"]
        dialog.reset_all_button.click()
        assert window.shortcuts.of("find") == ["Ctrl+F"]
        assert window.shortcuts.of("about") == []
        assert not dialog.reset_all_button.isEnabled()
        dialog.reject()

    visit(scenario)


def test_the_search_finds_by_keys(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window)
        QTest.keyClicks(dialog.search, "ctrl+k")
        assert dialog.chosen == "search"
        dialog.reject()

    visit(scenario)


def test_the_sidebar_and_the_stop_button_tell_the_new_keys(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        window.shortcuts.choose("search", ["Ctrl+Alt+K"])
        window.shortcuts.choose("stop", ["Ctrl+."])
        (label,) = window.sidebar.search_button.findChildren(QLabel)
        assert label.text() == "Ctrl+Alt+K"
        window.actions_by_name["split_right"].trigger()
        for pane in window.panes():
            pane.composer.set_running(running=True)
            assert pane.composer.button.toolTip().endswith("(Ctrl+.)")
            pane.composer.set_running(running=False)

    visit(scenario)


def test_they_hold_in_a_window_of_its_own(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one = await talk(parts, "one", ["said"])
        await window.open(one.id)
        window.actions_by_name["move_to_window"].trigger()
        (own,) = window.workspace.windows
        await until(own.isActiveWindow)
        window.shortcuts.choose("zoom_in", ["Ctrl+Alt+Z"])
        QTest.keyClick(window.pane.composer.input, Qt.Key.Key_Z, CONTROL | ALT)
        assert parts.preferences.get("zoom") == 110

    visit(scenario)


def test_no_action_is_declared_with_keys_of_fields_or_of_another(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        shortcuts = window.shortcuts
        for name in window.actions_by_name:
            for keys in shortcuts.of(name):
                assert not shortcuts.holder(keys, name), (name, keys)
                assert not fixed_use(keys), (name, keys)
                assert not is_typed(keys), (name, keys)

    visit(scenario)
