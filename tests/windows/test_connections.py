"""Connections in the settings: of presets, duplicated, ordered, removed; and what a first start offers."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
import secretstorage
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from gui.errors import SettingsUnwritable
from gui.settings.connections import EMBEDDED, Connection, Connections
from gui.settings.network import OwnNetwork
from gui.settings.presets import presets
from tests.servers.openai import OpenAIServer, stream
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_conversation import type_and_send
from tests.windows.test_settings import opened

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.dialogs.settings import SettingsDialog
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.servers.secret_service import SecretService

FAR = Connection("far", "Far", "openai", "http://127.0.0.1:9/v1", secrets=("api_key",))
NEAR = Connection("near", "Near", "openai", "http://127.0.0.1:8/v1")


@pytest.fixture
def three(data_dir: Path) -> None:
    """The embedded model, Far and Near."""
    connections = Connections(data_dir / "connections.json")
    connections.save(FAR)
    connections.save(NEAR)


def test_a_first_start_offers_the_others_in_one_step_and_one_of_them_answers(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(stream("Here ", "I am.")) as server:
            assert window.pane.connection() == EMBEDDED
            assert window.pane.connect_button.isVisible()
            window.pane.connect_menu.aboutToShow.emit()
            names = [action.text() for action in window.pane.connect_menu.actions()]
            assert names[:4] == ["GPROChat server", "OpenAI", "OpenRouter", "Ollama"]
            window.pane.connect_menu.actions()[3].trigger()
            dialog = window.settings_dialog()
            assert dialog is not None
            page = dialog.connections
            assert (page.kind.text(), page.url.text()) == ("Ollama", "http://127.0.0.1:11434/v1")
            page.url.setText(server.url)
            page.default.setChecked(True)
            page.save_button.click()
            await until(lambda: page.note.text() == "Saved.")
            dialog.close()
            window.new_chat()
            assert not window.pane.connect_button.isVisible()
            type_and_send(window.pane, "are you there?")
            await until(lambda: "Here I am." in shown(window.pane))

    visit(scenario)


@pytest.mark.parametrize("preset", [one for one in presets() if one.id != "file"], ids=lambda preset: preset.id)
def test_each_preset_fills_in_what_is_known_and_asks_for_a_key_where_there_is_one(visit: Visit, preset: object) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.add(preset.id)  # type: ignore[attr-defined]
        assert page.url.text() == preset.url  # type: ignore[attr-defined]
        assert page.url.placeholderText()
        assert page.key_button.isVisible() == bool(preset.key_page)  # type: ignore[attr-defined]
        assert page.secrets["api_key"].isVisible() == (preset.provider == "openai")  # type: ignore[attr-defined]

    visit(scenario)


def test_they_are_moved_by_key_and_stay_where_they_were_put(visit: Visit, three: None) -> None:
    async def move(window: MainWindow, parts: Parts) -> None:
        items = opened(window, "connections").connections.list.items
        items.setCurrentRow(2)
        QTest.keyClick(items, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert items.currentRow() == 1
        QTest.keyClick(items, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(items, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)  # it is at the top

    async def look(window: MainWindow, parts: Parts) -> None:
        assert [one.name for one in parts.connections.all()] == ["Near", "Embedded model", "Far"]

    visit(move)
    visit(look)


def test_one_that_is_dropped_at_another_place_stays_there(visit: Visit, three: None) -> None:
    async def drop(window: MainWindow, parts: Parts) -> None:
        items = opened(window, "connections").connections.list.items
        # What a drop in the list ends in; the dragging before it is a loop of the system's.
        assert items.model().moveRow(QModelIndex(), 2, QModelIndex(), 0)

    async def look(window: MainWindow, parts: Parts) -> None:
        assert [one.name for one in parts.connections.all()] == ["Near", "Embedded model", "Far"]

    visit(drop)
    visit(look)


def test_a_duplicate_has_secrets_of_its_own_that_outlive_the_first(
    visit: Visit, three: None, secret_service: SecretService
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.secrets.set(FAR.secret_name("api_key"), "sk-far")
        page = opened(window, "connections").connections
        page.list.items.setCurrentRow(1)
        page.list.duplicate_action.trigger()
        await until(lambda: len(parts.connections.all()) == 4)
        assert [one.name for one in parts.connections.all()] == ["Embedded model", "Far", "Far (copy)", "Near"]
        copy = parts.connections.all()[2]
        assert page.name.text() == "Far (copy)"
        page.list.items.setCurrentRow(1)
        page.list.remove_action.trigger()
        await until(lambda: len(parts.connections.all()) == 3)
        assert await parts.secrets.get(FAR.secret_name("api_key")) is None
        assert await parts.secrets.get(copy.secret_name("api_key")) == "sk-far"

    visit(scenario)


def test_a_renamed_one_keeps_its_secret(visit: Visit, three: None, secret_service: SecretService) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.secrets.set(FAR.secret_name("api_key"), "sk-far")
        page = opened(window, "connections").connections
        page.list.items.setCurrentRow(1)
        page.name.setText("Further")
        page.save_button.click()
        await until(lambda: page.note.text() == "Saved.")
        (renamed,) = [one for one in parts.connections.all() if one.name == "Further"]
        assert (await parts.routes.to(renamed)).options["api_key"] == "sk-far"

    visit(scenario)


def test_removing_leaves_no_secret_of_the_session_either(visit: Visit, three: None) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.secrets.keep_for_session(NEAR.secret_name("api_key"), "sk-near")
        parts.preferences.set("default_connection", NEAR.id)
        page = opened(window, "connections").connections
        page.list.items.setCurrentRow(2)
        page.list.remove_action.trigger()
        await until(lambda: len(parts.connections.all()) == 2)
        assert parts.secrets.for_session(NEAR.secret_name("api_key")) is None
        assert parts.preferences.get("default_connection") == ""

    visit(scenario)


def test_the_one_for_new_chats_is_marked_and_changed_by_menu(visit: Visit, three: None) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.list.items.setCurrentRow(2)
        page.list.default_action.trigger()
        assert [page.list.items.item(row).toolTip() for row in range(3)] == ["", "", "Answers new chats"]
        window.new_chat()
        assert window.pane.connection() == NEAR

    visit(scenario)


def test_the_embedded_model_can_be_had_back(visit: Visit, three: None) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        assert page.list.add_menu.actions()[-1].data() == "file"
        page.list.remove_action.trigger()
        await until(lambda: EMBEDDED not in parts.connections.all())
        page.list.add_menu.actions()[-1].trigger()
        assert parts.connections.all()[-1] == EMBEDDED

    visit(scenario)


def test_other_addresses_are_typed_one_after_the_other(visit: Visit, three: None) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.list.items.setCurrentRow(2)
        page.fallbacks.setText("  http://10.0.0.2/v1,  10.0.0.3/v1; ")
        page.save_button.click()
        await until(lambda: page.note.text() == "Saved.")
        assert parts.connections.named("Near").fallbacks == ("http://10.0.0.2/v1", "http://10.0.0.3/v1")
        assert page.fallbacks.text() == "http://10.0.0.2/v1 http://10.0.0.3/v1"

    visit(scenario)


def kept_secrets() -> set[str]:
    """The names of all that is in the keyring."""
    with closing(secretstorage.dbus_init()) as bus:
        items = secretstorage.get_default_collection(bus).get_all_items()
        return {item.get_attributes().get("username", "") for item in items}


async def give_own_proxy(dialog: SettingsDialog, connection: Connection) -> None:
    """By the Network page."""
    page = dialog.network
    page.show_of(connection.id, "proxy")
    page.modes["own"].click()
    page.host.setText("proxy.example.org")
    page.user.setText("me")
    page.password.setText("word")
    page.save_button.click()
    await until(lambda: "Stored" in page.note.text())


def test_a_proxy_of_its_own_outlives_saving_is_copied_and_removed_with_it(
    visit: Visit, three: None, secret_service: SecretService
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.secrets.set(FAR.secret_name("api_key"), "sk-far")
        dialog = opened(window, "connections")
        page = dialog.connections
        page.list.items.setCurrentRow(1)
        await give_own_proxy(dialog, FAR)
        page.name.setText("Further")
        page.save_button.click()
        await until(lambda: page.note.text() == "Saved.")
        further = parts.connections.named("Further")
        assert (further.secrets, OwnNetwork.of(further).proxy) == (("api_key", "proxy"), "own")
        page.list.duplicate_action.trigger()
        await until(lambda: len(parts.connections.all()) == 4)
        other = parts.connections.named("Further (copy)")
        assert await parts.network.proxy_for("http://example.org", other) == "http://me:word@proxy.example.org:80"
        assert kept_secrets() == {one.secret_name(kind) for one in (further, other) for kind in ("api_key", "proxy")}
        for row in (2, 1):
            page.list.items.setCurrentRow(row)
            page.list.remove_action.trigger()
            await until(lambda row=row: len(parts.connections.all()) == row + 1)  # type: ignore[misc]
        assert kept_secrets() == set()

    visit(scenario)


def test_what_is_kept_for_the_session_hides_nothing_that_would_be_left_behind(
    visit: Visit, three: None, secret_service: SecretService
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.secrets.set(FAR.secret_name("api_key"), "sk-far")
        dialog = opened(window, "connections")
        page = dialog.connections
        page.list.items.setCurrentRow(1)
        await give_own_proxy(dialog, FAR)
        page.secrets["api_key"].setText("sk-for-today")
        await page.save(session_only=True)
        await dialog.network.save(session_only=True)
        page.list.remove_action.trigger()
        await until(lambda: len(parts.connections.all()) == 2)
        assert kept_secrets() == set()

    visit(scenario)


def test_one_that_cannot_be_saved_leaves_no_secret_behind(
    visit: Visit, data_dir: Path, secret_service: SecretService
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.add("vllm")
        page.secrets["api_key"].setText("sk-1")
        page.url.setText("http://me:word@127.0.0.1:9/v1")
        assert not await page.save()
        assert kept_secrets() == set()
        page.url.setText("http://127.0.0.1:9/v1")
        with patch.object(parts.connections, "save", side_effect=SettingsUnwritable(file="f", reason="full")):
            assert not await page.save()
        assert kept_secrets() == set()

    visit(scenario)


def test_a_keyring_that_was_away_gives_up_the_secrets_of_what_was_removed_at_the_next_start(
    visit: Visit, three: None, secret_service: SecretService
) -> None:
    async def remove(window: MainWindow, parts: Parts) -> None:
        await parts.secrets.set(FAR.secret_name("api_key"), "sk-far")
        secret_service.kill_bus()
        page = opened(window, "connections").connections
        page.list.items.setCurrentRow(1)
        page.secrets["api_key"].setText("sk-for-today")
        await page.save(session_only=True)
        page.list.remove_action.trigger()
        await until(lambda: len(parts.connections.all()) == 2)
        assert parts.preferences.get("secrets_left_behind") == [FAR.secret_name("api_key")]

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: not parts.preferences.get("secrets_left_behind"))
        assert kept_secrets() == set()

    visit(remove)
    secret_service.start_bus()
    secret_service.start_daemon()
    assert kept_secrets() == {FAR.secret_name("api_key")}
    visit(look)


def test_the_network_page_names_the_connections_that_there_are(visit: Visit, three: None) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window, "connections")
        page, scope = dialog.connections, dialog.network.scope
        page.list.items.setCurrentRow(1)
        page.name.setText("Further")
        page.save_button.click()
        await until(lambda: page.note.text() == "Saved.")
        page.network_button.click()
        await until(dialog.network.isVisible)
        assert [scope.itemText(row) for row in range(scope.count())] == [
            "For all connections",
            "For “Further”",
            "For “Near”",
        ]
        assert scope.currentText() == "For “Further”"
        await page.remove()
        assert (scope.count(), scope.currentIndex(), dialog.network.for_all.isHidden()) == (2, 0, False)

    visit(scenario)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("https://", "is not an address a server can have"),
        ("", "is not an address a server can have"),
        ("http://127.0.0.1:99999", "is not an address a server can have"),
        ("https://me:geheim@chat.example/v1", "holds a login"),
        ("https://chat.example/v1?key=geheim", "holds a login or a “?”"),
    ],
)
def test_an_address_that_cannot_be_is_told_when_it_is_saved_and_leaves_no_secret(
    visit: Visit, data_dir: Path, secret_service: SecretService, typed: str, told: str
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.add("openai")
        page.url.setText(typed)
        page.secrets["api_key"].setText("sk-marked")
        await page.save()
        assert told in page.note.text()
        assert [one.id for one in parts.connections.all()] == [EMBEDDED.id]
        assert page._shown is not None
        assert await parts.secrets.get(page._shown.secret_name("api_key")) is None

    visit(scenario)
    assert not (data_dir / "connections.json").exists()


def test_what_is_left_out_before_an_address_is_put_there(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.add("ollama")
        page.url.setText("192.168.1.5:11434")
        await page.save()
        assert page.url.text() == "http://192.168.1.5:11434"

    visit(scenario)


def test_a_model_s_file_is_chosen_before_it_is_saved(visit: Visit, data_dir: Path) -> None:
    """Without one the embedded model would answer in its name."""

    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "connections").connections
        page.add("file")
        await page.save()
        assert page.note.text() == "Choose a model’s file, or fetch one."

    visit(scenario)
    assert not (data_dir / "connections.json").exists()
