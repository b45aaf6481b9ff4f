"""The settings, filled in by hand, with a real keyring behind them; and what the window keeps of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from gui.conversation import Conversation, Message, Role
from gui.settings.connections import Connection
from gui.settings.network import ManualProxy
from gui.settings.preferences import Preferences
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_conversation import type_and_send

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.dialogs.settings import SettingsDialog
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.servers.secret_service import SecretService


def opened(window: MainWindow, page: str) -> SettingsDialog:
    window.open_settings(page)
    dialog = window.settings_dialog()
    assert dialog is not None
    return dialog


def files_with(folder: Path, text: str) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]


def test_a_connection_is_added_its_secrets_are_in_the_keyring_and_it_answers(
    visit: Visit, secret_service: SecretService, data_dir: Path
) -> None:
    async def add(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Signed and sealed."), secret="k3y-of-mine", password="pa55-word") as server:
            page = opened(window, "connections").connections
            page.add("gprochat")
            page.name.setText("My server")
            page.url.setText(server.url)
            page.secrets["secret_key"].setText("k3y-of-mine")
            page.secrets["password"].setText("pa55-word")
            page.default.setChecked(True)
            page.save_button.click()
            await until(lambda: page.note.text() == "Saved.")
            assert page.secrets["password"].text() == ""
            assert not files_with(data_dir, "k3y-of-mine")
            assert not files_with(data_dir, "pa55-word")
            window.new_chat()
            assert window.pane.connection().name == "My server"
            type_and_send(window.pane, "hello")
            await until(lambda: "Signed and sealed." in shown(window.pane))

    visit(add)


def test_a_connection_is_removed_with_its_secrets(visit: Visit, secret_service: SecretService) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        connection = Connection("gone", "Gone soon", "openai", "http://127.0.0.1:9/v1", secrets=("api_key",))
        parts.connections.save(connection)
        name = connection.secret_name("api_key")
        await parts.secrets.set(name, "sk-1")
        page = opened(window, "connections").connections
        page.list.items.setCurrentRow(1)
        assert page.name.text() == "Gone soon"
        page.list.remove_action.trigger()
        await until(lambda: page.list.items.count() == 1)
        assert parts.connections.get("gone") is None
        assert await parts.secrets.get(name) is None

    visit(scenario)


def test_without_a_keyring_a_secret_is_kept_for_the_session_only_and_never_in_a_file(
    visit: Visit, data_dir: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.add("openai")
        page.url.setText("http://127.0.0.1:9/v1")
        page.secrets["api_key"].setText("sk-not-in-a-file")
        page.save_button.click()
        await until(lambda: "no keyring" in page.note.text())
        assert page.session_button.isVisible()
        page.session_button.click()
        await until(lambda: page.note.text() == "Saved.")
        (kept,) = [one for one in parts.connections.all() if one.provider == "openai"]
        assert await parts.secrets.get(kept.secret_name("api_key")) == "sk-not-in-a-file"
        assert not files_with(data_dir, "sk-not-in-a-file")

    visit(scenario)


def test_the_manual_proxy_goes_to_the_keyring_as_a_whole(
    visit: Visit, secret_service: SecretService, data_dir: Path
) -> None:
    async def store(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "network").network
        page.modes["manual"].click()
        page.scheme.setCurrentIndex(page.scheme.findData("socks5"))
        page.host.setText("proxy.example.org")
        page.port.setValue(1081)
        page.user.setText("me@work")
        page.password.setText("s3cret:/ü")
        page.save_button.click()
        await until(lambda: "Stored in the keyring" in page.note.text())
        assert parts.preferences.get("proxy_mode") == "manual"
        assert not files_with(data_dir, "proxy.example.org")
        assert not files_with(data_dir, "s3cret")

    async def look(window: MainWindow, parts: Parts) -> None:
        assert await parts.network.manual() == ManualProxy("socks5", "proxy.example.org", 1081, "me@work", "s3cret:/ü")
        page = opened(window, "network").network
        await until(lambda: page.host.text() == "proxy.example.org")
        assert page.password.text() == "s3cret:/ü"

    visit(store)
    visit(look)


def test_a_proxy_that_cannot_be_is_said_and_not_stored(visit: Visit, secret_service: SecretService) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "network").network
        page.modes["manual"].click()
        page.host.setText("http://not a host")
        page.save_button.click()
        await until(lambda: "proxy’s host" in page.note.text())
        assert parts.preferences.get("proxy_mode") == "system"

    visit(scenario)


def test_nothing_is_sent_past_a_locked_keyring_and_the_window_stays_alive(
    visit: Visit, secret_service: SecretService
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.network.set_manual(ManualProxy("http", "127.0.0.1", 9))
        parts.preferences.set("proxy_mode", "manual")
        secret_service.lock()
        parts.connections.save(Connection("far", "Far", "gprochat", "http://chat.example.org"))
        pane = window.pane
        await pane.choose("far", "")
        type_and_send(pane, "hello")
        QTest.keyClicks(pane.composer.input, "")
        await until(lambda: "nothing was sent" in pane.bar.text)
        assert "locked" in pane.bar.text
        assert [one.text() for one in pane.bar.buttons] == ["Open proxy settings", "Retry"]

    visit(scenario)


def test_a_frozen_keyring_leaves_the_window_alive(visit: Visit, secret_service: SecretService) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.network.set_manual(ManualProxy("http", "127.0.0.1", 9))
        parts.preferences.set("proxy_mode", "manual")
        secret_service.freeze_daemon()
        parts.connections.save(Connection("far", "Far", "gprochat", "http://chat.example.org"))
        pane = window.pane
        await pane.choose("far", "")
        type_and_send(pane, "hello")
        await until(lambda: pane.transcript.streaming)
        QTest.keyClicks(pane.composer.input, "typed meanwhile")
        assert pane.composer.text == "typed meanwhile"
        await until(lambda: "does not answer" in pane.bar.text)

    visit(scenario)


def test_theme_and_language_are_taken_over(visit: Visit, data_dir: Path) -> None:
    async def choose(window: MainWindow, parts: Parts) -> None:
        parts.preferences.set("theme", "light")
        light = QApplication.palette().color(QPalette.ColorRole.Base)
        parts.preferences.set("theme", "dark")
        assert QApplication.palette().color(QPalette.ColorRole.Base).lightness() < light.lightness()
        parts.preferences.set("language", "ru")

    async def look(window: MainWindow, parts: Parts) -> None:
        assert window.sidebar.new_button.text() == "Новый чат"
        assert window.actions_by_name["settings"].text() == "Настройки…"
        parts.preferences.set("language", "en")

    visit(choose)
    visit(look)


def test_open_panes_and_drafts_are_on_disk_while_the_program_runs(visit: Visit, data_dir: Path) -> None:
    conversation = Conversation("open")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        await history.add_conversation(conversation)
        await history.add_message(Message(conversation.id, Role.USER, "in it"))
        await window.open(conversation.id)
        QTest.keyClicks(window.pane.composer.input, "a draft")

        def kept() -> Preferences:
            return Preferences(data_dir / "preferences.json")

        await until(lambda: kept().get("drafts") == {conversation.id: "a draft"})
        assert kept().get("open_conversations") == [conversation.id]

    visit(scenario)


def test_the_window_comes_back_as_it_was_left(visit: Visit) -> None:
    conversations = [Conversation("first"), Conversation("second")]

    async def leave(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        for conversation in conversations:
            await history.add_conversation(conversation)
            await history.add_message(Message(conversation.id, Role.USER, f"in {conversation.title}"))
            await window.open(conversation.id, beside=not window.pane.is_empty)
        window.resize(703, 507)
        QTest.keyClicks(window.pane.composer.input, "not sent yet")
        window.tabs.setCurrentIndex(0)
        window.actions_by_name["sidebar"].trigger()

    async def look(window: MainWindow, parts: Parts) -> None:
        assert [pane.conversation.title for pane in window.panes()] == ["first", "second"]
        assert window.tabs.currentIndex() == 0
        assert (window.width(), window.height()) == (703, 507)
        assert not window.sidebar.isVisible()
        assert window.panes()[1].composer.text == "not sent yet"

    visit(leave)
    visit(look)


def test_a_draft_of_a_new_chat_comes_back_beside_what_was_open_even_from_a_closed_pane(visit: Visit) -> None:
    conversation = Conversation("open")

    async def leave(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        await history.add_conversation(conversation)
        await history.add_message(Message(conversation.id, Role.USER, "in it"))
        await window.open(conversation.id)
        window.new_chat()
        QTest.keyClicks(window.pane.composer.input, "a thought")
        window.tabs.setCurrentIndex(0)

    async def close_it(window: MainWindow, parts: Parts) -> None:
        assert [pane.composer.text for pane in window.panes()] == ["a thought", ""]
        assert window.pane.conversation.id == conversation.id
        window.close_pane(0)

    async def look(window: MainWindow, parts: Parts) -> None:
        assert [pane.composer.text for pane in window.panes()] == ["a thought", ""]
        assert parts.preferences.get("drafts") == {"new": "a thought"}

    visit(leave)
    visit(close_it)
    visit(look)


def test_a_window_state_that_is_none_is_no_state(visit: Visit, data_dir: Path) -> None:
    Preferences(data_dir / "preferences.json").set("window", {"geometry": 5, "splitter": [], "front": 7})

    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert window.isVisible()
        assert not window.pane.bar.text

    visit(scenario)


def test_a_connection_whose_key_was_for_the_session_only_can_be_used_and_removed_later(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.add("openai")
        page.url.setText("http://127.0.0.1:9/v1")
        page.secrets["api_key"].setText("sk-1")
        await page.save(session_only=True)
        (kept,) = [one for one in parts.connections.all() if one.provider == "openai"]
        assert kept.secrets == ()
        assert (await parts.routes.to(kept)).options["api_key"] == "sk-1"
        page.list.remove_action.trigger()
        await until(lambda: parts.connections.get(kept.id) is None)

    visit(scenario)


def test_the_proxys_port_is_wide_enough_to_be_read(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "network").network
        page.modes["manual"].click()
        page.port.setValue(65535)
        await until(lambda: page.port.lineEdit().width() > 0)
        field = page.port.lineEdit()
        assert field.height() >= field.fontMetrics().height()
        assert field.contentsRect().width() >= field.fontMetrics().horizontalAdvance("65535")

    visit(scenario)


def test_a_title_is_no_html_in_a_tool_tip(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await (await parts.history).add_conversation(Conversation("<img src=x>"))
        await window.browsing.list_all()
        index = window.sidebar.model.index(1)
        assert index.data(Qt.ItemDataRole.ToolTipRole) == "<span>&lt;img src=x></span>"

    visit(scenario)


def test_what_looks_like_html_is_shown_as_it_is_written(visit: Visit) -> None:
    name = "<b>x</b><img src='/etc/hostname'>"

    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.connections.save(Connection("one", name, "openai", "http://127.0.0.1:9/v1", name))
        parts.preferences.set("default_connection", "one")
        window.new_chat()
        window.pane.open_options()
        page = opened(window, "connections").connections
        page._say(f"A server says {name}", trouble=True)
        page.add("file")
        for label in window.findChildren(QLabel):
            label.ensurePolished()
            assert label.textFormat() is Qt.TextFormat.PlainText, label.text()

    visit(scenario)
