"""A keyring that is away: the window says so, goes on without it, and notices when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.settings.connections import Connection
from gui.windows import keyring_trouble
from gui.windows.keyring_trouble import SessionSecrets
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_conversation import button, type_and_send
from tests.windows.test_settings import files_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.servers.secret_service import SecretService

BOUND = Connection("test", "Test", "gprochat", secrets=("secret_key",))


async def ask_bound(window: MainWindow, parts: Parts, url: str) -> None:
    """Ask a server whose key is in the keyring."""
    parts.connections.save(Connection("test", "Test", "gprochat", url, secrets=("secret_key",)))
    await window.pane.choose("test", "")
    type_and_send(window.pane, "hello")


@pytest.mark.parametrize("trouble", ["missing", "locked"])
def test_what_is_entered_for_the_session_is_used_and_in_no_file(
    visit: Visit, secret_service: SecretService, data_dir: Path, trouble: str
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Let in."), secret="geheim-9c1") as server:
            await parts.secrets.set(BOUND.secret_name("secret_key"), "another")
            (secret_service.lock if trouble == "locked" else secret_service.kill_daemon)()
            await ask_bound(window, parts, server.url)
            pane = window.pane
            await until(lambda: "keyring" in pane.bar.text)
            assert [one.text() for one in pane.bar.buttons] == ["Retry", "Enter for this session…"]
            button(pane, "Enter for this session…").click()
            await until(lambda: pane.findChildren(SessionSecrets))
            (dialog,) = pane.findChildren(SessionSecrets)
            assert list(dialog.fields) == ["secret_key"]
            dialog.fields["secret_key"].setText("geheim-9c1")
            dialog.accept()
            await until(lambda: "Let in." in shown(pane))
        assert not files_with(data_dir, "geheim-9c1")

    visit(scenario)


def unlock(service: SecretService) -> None:
    service.kill_daemon()
    service.start_daemon()


@pytest.mark.parametrize(
    ("away", "back"),
    [
        pytest.param(lambda it: it.kill_daemon(), lambda it: it.start_daemon(), id="killed"),
        pytest.param(lambda it: it.lock(), unlock, id="locked"),
        pytest.param(lambda it: it.freeze_daemon(), lambda it: it.thaw_daemon(), id="frozen"),
    ],
)
def test_the_window_notices_that_the_keyring_is_back(
    visit: Visit,
    secret_service: SecretService,
    monkeypatch: pytest.MonkeyPatch,
    away: Callable[[SecretService], object],
    back: Callable[[SecretService], object],
) -> None:
    monkeypatch.setattr(keyring_trouble, "INTERVAL", 0.1)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Let in."), secret="geheim-9c1") as server:
            await parts.secrets.set(BOUND.secret_name("secret_key"), "geheim-9c1")
            away(secret_service)
            await ask_bound(window, parts, server.url)
            pane = window.pane
            await until(lambda: "keyring" in pane.bar.text, 12)
            back(secret_service)
            await until(lambda: pane.bar.text == "The system’s keyring is back.", 12)
            button(pane, "Retry").click()
            await until(lambda: "Let in." in shown(pane))

    visit(scenario)


def test_nobody_is_asked_to_unlock_a_keyring_that_is_only_looked_at(
    visit: Visit, secret_service: SecretService
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await parts.secrets.set("name", "x")
        assert await parts.secrets.available()
        secret_service.lock()
        assert not await parts.secrets.available()
        secret_service.kill_daemon()
        assert not await parts.secrets.available()

    visit(scenario)


def test_a_connection_that_checks_no_certificate_says_so_all_the_time(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("Hello.")) as server:
            unchecked = {"network": {"check": False}}
            parts.connections.save(Connection("bare", "Bare", "gprochat", server.url, options=unchecked))
            parts.connections.save(Connection("safe", "Safe", "gprochat", server.url))
            pane = window.pane
            await pane.choose("bare", "")
            assert "checks no certificate" in pane.warning
            type_and_send(pane, "hello")
            await until(lambda: "Hello." in shown(pane))
            assert "checks no certificate" in pane.warning
            await pane.choose("safe", "")
            assert pane.warning == ""

    visit(scenario)
