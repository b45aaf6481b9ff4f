"""The network's settings by hand: for all connections, and for one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.settings.connections import Connection, Connections
from gui.settings.network import OwnNetwork
from tests.windows.conftest import Visit, until
from tests.windows.test_conversation import type_and_send
from tests.windows.test_settings import files_with, opened

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.servers.secret_service import SecretService

WORK = Connection("work", "Work", "openai", "https://chat.example.org/v1", secrets=("api_key",))


def test_limits_and_exceptions_are_kept_as_they_are_entered(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "network").network
        page.limits["first_byte_limit"].setValue(600)
        assert parts.network.limits == {"connect": 15.0, "first_byte": 600.0, "silence": 120.0}
        page.exceptions.setText("*.example.org, 10.0.0.0/99")
        page.exceptions.editingFinished.emit()
        assert parts.preferences.get("proxy_exceptions") == "*.example.org, 10.0.0.0/99"
        assert "10.0.0.0/99" in page.note.text()
        page.exceptions.setText("*.example.org")
        page.exceptions.editingFinished.emit()
        assert "never go through a proxy" in page.note.text()

    visit(scenario)


def test_automatic_configuration_is_chosen_with_its_address(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "network").network
        assert not page.pac.isVisible()
        page.modes["pac"].click()
        assert page.pac.isVisible()
        page.pac.setText("http://intranet.example/proxy.pac")
        page.pac.editingFinished.emit()
        assert parts.preferences.get("proxy_mode") == "pac"
        assert parts.preferences.get("pac_address") == "http://intranet.example/proxy.pac"

    visit(scenario)


def test_a_connection_has_a_proxy_of_its_own_in_the_keyring(
    visit: Visit, secret_service: SecretService, data_dir: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.connections.save(WORK)
        page = opened(window, "network").network
        page.scope.setCurrentIndex(page.scope.findData("work"))
        page.scope.activated.emit(page.scope.currentIndex())
        assert page.mode == ""
        assert page.tls.isVisible()
        assert not page.for_all.isVisible()
        page.modes["own"].click()
        page.host.setText("own.example.org")
        page.password.setText("geheim-3a")
        page.user.setText("me")
        page.save_button.click()
        await until(lambda: "Stored in the keyring" in page.note.text())
        kept = parts.connections.get("work")
        assert kept is not None
        assert kept.secrets == ("api_key", "proxy")
        assert await parts.network.proxy_for(WORK.url, kept) == "http://me:geheim-3a@own.example.org:80"
        assert await parts.network.proxy_for(WORK.url) is None
        assert not files_with(data_dir, "geheim-3a")
        assert not files_with(data_dir, "own.example.org")
        page.modes[""].click()
        kept = parts.connections.get("work")
        assert kept is not None
        assert OwnNetwork.of(kept) == OwnNetwork()

    visit(scenario)


def test_a_connection_that_checks_no_certificate_is_warned_of_here_and_in_its_chats(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.connections.save(WORK)
        await window.pane.choose("work", "")
        page = opened(window, "network").network
        page.scope.setCurrentIndex(page.scope.findData("work"))
        page.scope.activated.emit(page.scope.currentIndex())
        assert not page.tls.warning.isVisible()
        page.tls.check.click()
        assert page.tls.warning.isVisible()
        assert "checks no certificate" in window.pane.warning
        page.tls.check.click()
        assert window.pane.warning == ""

    visit(scenario)


def test_a_reply_that_fails_at_a_proxy_of_the_connections_own_leads_to_that(visit: Visit, data_dir: Path) -> None:
    bound = replace(WORK, secrets=(), options={"network": {"proxy": "own"}})
    Connections(data_dir / "connections.json").save(bound)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.secrets.keep_for_session(bound.secret_name("proxy"), "http://127.0.0.1:9")
        await window.pane.choose(bound.id, "m")
        type_and_send(window.pane, "hello")
        await until(lambda: window.pane.bar.text)
        window.pane.bar.buttons[0].click()
        dialog = window.settings_dialog()
        assert dialog is not None
        assert dialog.network.isVisible()
        assert dialog.network.connection == bound
        await until(lambda: dialog.network.host.text() == "127.0.0.1")

    visit(scenario)
