"""The command palette, by keys, in the real window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from gui.windows.command_palette import FOUND, Command
from gui.windows.dialogs.about import AboutDialog
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import CONTROL, SHIFT, talk

if TYPE_CHECKING:
    from gui.windows.command_palette import CommandPalette
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


def opened(window: MainWindow) -> CommandPalette:
    window.pane.window().activateWindow()
    QTest.keyClick(window.pane.composer.input, Qt.Key.Key_P, CONTROL | SHIFT)
    assert window.commanding.panel is not None
    assert window.commanding.panel.isVisible()
    return window.commanding.panel


def listed(panel: CommandPalette) -> list[Command]:
    return [panel.commands.index(row).data(FOUND)[0] for row in range(panel.commands.rowCount())]


def test_it_offers_every_action_with_its_menu_and_keys(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        commands = {one.id: one for one in listed(panel)}
        named = [one for one in window.findChildren(QAction) if one in window.actions_by_name.values()]
        assert len(named) == len(window.actions_by_name)
        assert {f"action/{one.objectName()}" for one in named} <= commands.keys()
        search = commands["action/search"]
        assert (search.name, search.place, search.keys) == ("Search all chats…", "Edit", "Ctrl+K")

    visit(scenario)


def test_what_is_typed_is_found_and_enter_does_it(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        QTest.keyClicks(panel.input, "abou")
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        assert panel.isHidden()
        (dialog,) = window.findChildren(AboutDialog)
        assert dialog.isVisible()
        dialog.reject()

    visit(scenario)


def test_the_arrows_choose_another(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        QTest.keyClicks(panel.input, "zoom")
        assert [one.id for one in listed(panel)][:2] == ["action/zoom_in", "action/zoom_out"]
        QTest.keyClick(panel.input, Qt.Key.Key_Down)
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        assert parts.preferences.get("zoom") == 90

    visit(scenario)


def test_escape_leaves_it_and_the_keys_go_to_the_composer(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        QTest.keyClick(panel.input, Qt.Key.Key_Escape)
        assert panel.isHidden()
        assert window.pane.composer.input.hasFocus()

    visit(scenario)


def test_what_cannot_be_done_now_is_listed_and_not_done(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        QTest.keyClicks(panel.input, "stop the reply")
        assert [(one.id, one.enabled) for one in listed(panel)] == [("action/stop", False)]
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        assert panel.isVisible()

    visit(scenario)


def test_what_was_used_last_comes_first_also_after_the_next_start(visit: Visit) -> None:
    async def first(window: MainWindow, parts: Parts) -> None:
        for typed in ("split down", "side"):
            panel = opened(window)
            QTest.keyClicks(panel.input, typed)
            QTest.keyClick(panel.input, Qt.Key.Key_Return)

    async def second(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        assert [one.id for one in listed(panel)][:2] == ["action/sidebar", "action/split_down"]
        QTest.keyClicks(panel.input, "s")
        assert [one.id for one in listed(panel)][:2] == ["action/sidebar", "action/split_down"]

    visit(first)
    visit(second)


def test_a_chat_is_opened_by_its_title(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await talk(parts, "Weekend in Lisbon", ["where to"])
        panel = opened(window)
        QTest.keyClicks(panel.input, "lisbon")
        await until(panel.commands.rowCount)
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        await until(lambda: "where to" in shown(window.pane))

    visit(scenario)


def test_a_setting_is_shown_by_its_name(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = opened(window)
        QTest.keyClicks(panel.input, "theme")
        assert (listed(panel)[0].id, listed(panel)[0].place) == ("setting/theme", "Settings")
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        dialog = window.settings_dialog()
        assert dialog is not None
        dialog.reject()

    visit(scenario)


def test_in_a_window_of_its_own_a_pane_has_it_there(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one = await talk(parts, "one", ["said"])
        await window.open(one.id)
        window.actions_by_name["move_to_window"].trigger()
        (own,) = window.workspace.windows
        await until(own.isActiveWindow)
        panel = opened(window)
        assert panel.window() is own
        QTest.keyClicks(panel.input, "move to main")
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        assert not window.workspace.windows
        await until(window.isActiveWindow)
        assert opened(window).window() is window

    visit(scenario)


def test_no_palette_is_left_behind(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        from gui.windows.command_palette import CommandPalette

        for _time in range(3):
            opened(window)
        await until(lambda: len(window.findChildren(CommandPalette)) == 1)

    visit(scenario)
