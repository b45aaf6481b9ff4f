"""The keys that people are promised: each belongs to its action, and to the test that presses it."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu

from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, until
from tests.windows.test_keys import CONTROL, press, talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

KEYS = [
    # keys, the action that has them ("" where a field does), the test that presses them
    ("Return", "", "test_keys.test_shift_enter_is_a_new_line_and_enter_sends"),
    ("Shift+Return", "", "test_keys.test_shift_enter_is_a_new_line_and_enter_sends"),
    ("Esc", "stop", "test_conversation.test_tokens_appear_while_the_reply_still_runs_and_esc_keeps_them"),
    ("Esc", "", "test_find.test_escape_closes_and_goes_back_to_writing"),
    ("Esc", "", "test_search_panel.test_arrows_choose_and_escape_goes_back_to_writing"),
    ("Ctrl+N", "new_chat", "test_keys.test_new_panes_and_the_way_between_them"),
    ("Ctrl+T", "new_chat", "test_keys.test_new_panes_and_the_way_between_them"),
    ("Ctrl+K", "search", "test_search_panel.test_control_k_finds_as_one_types_and_enter_shows_the_message"),
    ("Ctrl+F", "find", "test_find.test_enter_and_f3_step_and_wrap_around"),
    ("Return", "", "test_find.test_enter_and_f3_step_and_wrap_around"),
    ("Shift+Return", "", "test_find.test_enter_and_f3_step_and_wrap_around"),
    ("Ctrl+Shift+P", "commands", "test_command_palette.test_what_is_typed_is_found_and_enter_does_it"),
    ("Ctrl+Tab", "next_pane", "test_keys.test_new_panes_and_the_way_between_them"),
    ("Ctrl+Shift+Tab", "previous_pane", "test_keys.test_new_panes_and_the_way_between_them"),
    *((f"Ctrl+{n}", f"pane_{n}", "test_interface_keys.test_each_pane_is_reached_by_its_number") for n in range(1, 10)),
    ("Ctrl+\\", "split_right", "test_panes.test_ctrl_backslash_shows_the_same_conversation_on_the_right"),
    ("Ctrl+W", "close_pane", "test_keys.test_new_panes_and_the_way_between_them"),
    ("Ctrl+R", "regenerate", "test_keys.test_regenerate_asks_again"),
    ("Up", "", "test_keys.test_up_in_an_empty_input_recalls_what_was_said"),
    ("Ctrl+Up", "edit_last", "test_message_actions.test_escape_ends_editing_and_brings_the_draft_back"),
    ("Ctrl+Shift+C", "copy_reply", "test_keys.test_copy_keys"),
    ("Ctrl+Shift+;", "copy_code", "test_keys.test_copy_keys"),
    ("Ctrl+B", "sidebar", "test_keys.test_the_sidebar_goes_and_comes"),
    ("F9", "sidebar", "test_keys.test_the_sidebar_goes_and_comes"),
    ("F2", "rename", "test_keys.test_rename"),
    ("Ctrl+,", "settings", "test_keys.test_settings_and_shortcuts_open_without_blocking"),
    ("Ctrl+/", "shortcuts", "test_keys.test_settings_and_shortcuts_open_without_blocking"),
    ("Ctrl++", "zoom_in", "test_keys.test_zoom"),
    ("Ctrl+-", "zoom_out", "test_keys.test_zoom"),
    ("Ctrl+0", "zoom_reset", "test_keys.test_zoom"),
    ("Ctrl+Q", "quit", "test_keys.test_control_q_ends_the_program"),
]

NAMES = {
    ";": "Semicolon",
    "\\": "Backslash",
    ",": "Comma",
    "/": "Slash",
    "+": "Plus",
    "-": "Minus",
    "Esc": "Escape",
}
"""Of Qt.Key, where it is not as it is written."""


@pytest.mark.parametrize(("keys", "test"), [(keys, test) for keys, _action, test in KEYS])
def test_each_is_pressed_by_a_test(keys: str, test: str) -> None:
    module_name, _, function = test.partition(".")
    module = importlib.import_module(f"tests.windows.{module_name}")
    assert inspect.isfunction(getattr(module, function))
    last = "+" if keys.endswith("++") else keys.rpartition("+")[2]
    name = "1" if keys.startswith("Ctrl+") and last in "23456789" else NAMES.get(last, last)
    assert f"Key_{name}" in inspect.getsource(module)


def test_each_belongs_to_its_action(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        for keys, action, _test in KEYS:
            assert not action or QKeySequence(keys) in window.actions_by_name[action].shortcuts(), keys

    visit(scenario)


def test_each_pane_is_reached_by_its_number(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        for number in range(9):
            conversation = await talk(parts, str(number), ["said"])
            await window.open(conversation.id, beside=number > 0)
        for number in (8, 3, 0, 1, 2, 4, 5, 6, 7):
            press(window, Qt.Key(Qt.Key.Key_1.value + number), CONTROL)
            assert window.pane.conversation.title == str(number)

    visit(scenario)


# -- menus ------------------------------------------------------------------------------------------------------


def in_menus(menus: Iterator[QMenu]) -> Iterator[QAction]:
    for menu in menus:
        for action in menu.actions():
            within = action.menu()
            if isinstance(within, QMenu):
                yield from in_menus(iter((within,)))
            else:
                yield action


def test_every_action_is_in_a_menu_once_and_has_a_name(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        listed = [one for one in in_menus(iter(window.menus.values())) if not one.isSeparator()]
        assert sorted(one.objectName() for one in listed) == sorted(window.actions_by_name)
        assert all(one.text() for one in listed)

    visit(scenario)


def enabled(window: MainWindow) -> set[str]:
    return {name for name, action in window.actions_by_name.items() if action.isEnabled()}


OF_A_CHAT = {
    "export_pdf",
    "print",
    "find",
    "find_next",
    "find_previous",
    "copy_reply",
    "regenerate",
    "branches",
    "edit_last",
    "message_above",
    "message_below",
    "rename",
    "delete",
}


def test_in_an_empty_chat_nothing_can_be_done_with_what_was_said(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        rest = {
            "copy",
            "copy_code",
            "stop",
            "thoughts",
            "next_pane",
            "next_group",
            "pane_2",
            "reopen_pane",
            "move_back",
        }
        assert not enabled(window) & (OF_A_CHAT | rest)
        one = await talk(parts, "one", ["first", "reply"])
        await window.open(one.id)
        assert enabled(window) >= OF_A_CHAT
        assert not enabled(window) & rest
        window.new_chat()
        assert not enabled(window) & OF_A_CHAT
        assert enabled(window) >= {"next_pane", "pane_2"}

    visit(scenario)


def test_while_a_reply_runs_it_can_be_stopped_and_not_made_anew(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        from gui.settings.connections import Connection

        async with GPROChatServer(Reply("a ", "reply", delay=0.5)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.pane.choose("test", "")
            window.pane.composer.set_text("hello")
            press(window, Qt.Key.Key_Return)
            await until(lambda: len(window.replies))
            assert window.actions_by_name["stop"].isEnabled()
            assert not window.actions_by_name["regenerate"].isEnabled()
            await until(lambda: not len(window.replies))
            assert not window.actions_by_name["stop"].isEnabled()
            assert enabled(window) >= OF_A_CHAT

    visit(scenario)


def test_what_was_closed_can_be_reopened_and_the_zoom_has_its_ends(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one = await talk(parts, "one", ["first", "reply\n\n```\ncode\n```"])
        await window.open(one.id)
        assert "copy_code" in enabled(window)
        press(window, Qt.Key.Key_W, CONTROL)
        assert "reopen_pane" in enabled(window)
        parts.appearance.set_zoom(300)
        assert "zoom_in" not in enabled(window)
        assert enabled(window) >= {"zoom_out", "zoom_reset"}

    visit(scenario)


def test_the_menu_key_opens_a_menu_wherever_the_keys_are(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one = await talk(parts, "one", ["first", "reply"])
        await window.open(one.id)
        await window.browsing.list_all()
        window.pane.open_find()
        window.activateWindow()
        places: list[QWidget] = [window.pane.composer.input, window.pane.transcript, window.pane.find_bar.input]
        for place in places:
            place.setFocus()
            await until(place.hasFocus)
            # As the desktop's platform plugins make one of the key; the one without a screen does not.
            middle = place.rect().center()
            asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, place.mapToGlobal(middle))
            QApplication.sendEvent(place, asked)
            await until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
            menu = QApplication.activePopupWidget()
            assert isinstance(menu, QMenu)
            assert [action for action in menu.actions() if action.text()]
            menu.close()

    visit(scenario)
