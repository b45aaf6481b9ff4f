"""The icon in the notification area, and how long the program goes on without a window."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QSystemTrayIcon

from gui.override import override
from gui.request import Kind, Request
from gui.settings.autostart import desktop_file
from gui.windows import presence
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, until
from tests.windows.test_conversation import type_and_send
from tests.windows.test_keys import talk
from tests.windows.test_requests import answered_by, started_with

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.tray import Tray


# The offscreen platform, when an icon is shown.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)


@pytest.fixture
def area(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop that has a place for icons: the offscreen one has none."""
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)


def switch_on(window: MainWindow, *names: str) -> None:
    """In the settings, as the person does."""
    window.open_settings("general")
    dialog = window.settings_dialog()
    assert dialog is not None
    for name in names:
        box = dialog.findChild(QCheckBox, f"setting_{name}")
        assert isinstance(box, QCheckBox)
        box.click()
    dialog.close()


def tray_of(window: MainWindow) -> Tray:
    assert window.presence.tray is not None
    return window.presence.tray


def choose(window: MainWindow, text: str) -> None:
    """In the icon's menu."""
    next(action for action in tray_of(window).menu.actions() if action.text() == text).trigger()


def close_by_mouse(window: MainWindow) -> None:
    class Clicked(QCloseEvent):
        @override
        def spontaneous(self) -> bool:
            return True

    window.closeEvent(Clicked())


@pytest.mark.usefixtures("area")
def test_there_is_no_icon_until_it_is_wanted(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert window.presence.tray is None
        switch_on(window, "tray")
        assert tray_of(window).icon.isVisible()
        switch_on(window, "tray")
        assert window.presence.tray is None

    visit(scenario)


def test_a_desktop_without_a_place_for_it_has_none(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        switch_on(window, "tray", "close_to_tray")
        assert window.presence.tray is None
        assert not window.presence.stays, "it could not be had back"

    visit(scenario)


@pytest.mark.usefixtures("area")
def test_its_menu_hides_and_shows_the_windows(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        switch_on(window, "tray")
        await window.open((await talk(parts, "one", ["said"])).id)
        window.new_chat()
        window.arranging.move_to_window(window.pane)
        (own,) = window.workspace.windows
        choose(window, "Show or hide GPROChat")
        assert not window.isVisible()
        assert not own.isVisible()
        choose(window, "Show or hide GPROChat")
        assert window.isVisible()
        assert own.isVisible()
        choose(window, "New chat")
        assert window.pane.is_empty
        choose(window, "Quick question")
        assert window.requests.quick_window is not None
        assert window.requests.quick_window.isVisible()

    visit(scenario)


@pytest.mark.usefixtures("area")
def test_closing_goes_on_in_it_only_where_that_is_chosen(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        asked: list[bool] = []
        window.quit_requested.connect(lambda: asked.append(True))
        switch_on(window, "tray", "close_to_tray")
        close_by_mouse(window)
        assert not window.isVisible()
        assert not asked
        choose(window, "Quit")
        assert asked == [True]
        switch_on(window, "close_to_tray")
        close_by_mouse(window)
        assert asked == [True, True]

    visit(scenario)


@pytest.mark.usefixtures("area")
def test_quit_asks_in_the_window_while_a_reply_runs(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        switch_on(window, "tray")
        async with GPROChatServer(Reply("word", end="silence")) as server:
            answered_by(parts, server.url)
            await window.pane.choose("test", "")
            type_and_send(window.pane, "?")
            await until(lambda: len(window.replies))
            choose(window, "Show or hide GPROChat")
            choose(window, "Quit")
            assert window.isVisible()
            assert "still being written" in window.pane.bar.text
            window.pane.stop()
            await until(lambda: not len(window.replies))

    visit(scenario)


@pytest.mark.usefixtures("area")
def test_it_is_marked_while_something_was_not_read(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        switch_on(window, "tray")
        plain = tray_of(window).icon.icon().pixmap(32).toImage()
        async with GPROChatServer(Reply("An ", "answer.", delay=0.1)) as server:
            answered_by(parts, server.url)
            await window.pane.choose("test", "")
            type_and_send(window.pane, "?")
            await until(lambda: len(window.replies))
            window.leave()
            await until(lambda: "1" in tray_of(window).icon.toolTip())
            assert tray_of(window).icon.icon().pixmap(32).toImage() != plain
            window.come_forward()
            await until(lambda: tray_of(window).icon.toolTip() == "GPROChat")
            assert tray_of(window).icon.icon().pixmap(32).toImage() == plain

    visit(scenario)


@pytest.mark.usefixtures("area")
def test_the_background_is_where_the_icon_is(visit: Visit, data_dir: Path, qapp: QApplication) -> None:
    async def before(window: MainWindow, parts: Parts) -> None:
        switch_on(window, "tray")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert not [one for one in qapp.topLevelWidgets() if one.isVisible()]
        assert tray_of(window).icon.isVisible()

    visit(before)
    started_with(Request(Kind.BACKGROUND), data_dir, qapp, scenario)


def test_out_of_sight_the_program_ends_in_a_while(
    data_dir: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "LINGER", 50)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        asked: list[bool] = []
        window.quit_requested.connect(lambda: asked.append(True))
        quick = window.requests.quick_window
        assert quick is not None
        quick.hide()
        await window.requests.fulfil(Request(Kind.QUICK))
        with pytest.raises(AssertionError):
            await until(lambda: asked, 0.3)
        quick.hide()
        await until(lambda: asked)

    started_with(Request(Kind.QUICK), data_dir, qapp, scenario)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have another place")
def test_start_at_login_is_switched_in_the_settings(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        switch_on(window, "start_at_login")
        assert f'"--background" "--data-dir" "{data_dir}"' in desktop_file().read_text("utf-8")
        switch_on(window, "start_at_login")
        assert not desktop_file().exists()

    visit(scenario)
