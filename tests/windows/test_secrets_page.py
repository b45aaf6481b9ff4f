"""Secrets by their names, against a real keyring: listed, replaced, removed, and none of them shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QLineEdit

from gui.settings.connections import Connection
from gui.settings.network import ManualProxy
from gui.windows.dialogs.secrets_page import NewValue
from tests.windows.conftest import Visit, until
from tests.windows.test_settings import opened

if TYPE_CHECKING:
    from gui.windows.dialogs.secrets_page import SecretsPage
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.servers.secret_service import SecretService

WORK = Connection("work", "Work", "gprochat", "https://chat.example", secrets=("secret_key", "password"))


async def furnished(window: MainWindow, parts: Parts) -> SecretsPage:
    """The page with two secrets of a connection, and the proxy's."""
    parts.connections.save(WORK)
    await parts.secrets.set(WORK.secret_name("secret_key"), "geheim-1")
    await parts.secrets.set(WORK.secret_name("password"), "geheim-2")
    await parts.network.set_manual(ManualProxy("http", "geheim.example", 1))
    page = opened(window, "secrets").secrets
    await until(lambda: page.list.count() == 3)
    return page


def test_secrets_are_listed_by_name_alone(visit: Visit, secret_service: SecretService) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = await furnished(window, parts)
        names = [page.list.item(row).text() for row in range(3)]
        assert names == ["Work — Secret key", "Work — Site password", "The proxy for all connections"]
        assert "Secret Service" in page.note.text()
        dialog = window.settings_dialog()
        assert dialog is not None
        shown = [
            *(one.text() for one in dialog.findChildren(QLabel)),
            *(one.text() for one in dialog.findChildren(QLineEdit)),
        ]
        assert not any("geheim" in text for text in shown)

    visit(scenario)


def test_one_is_replaced(visit: Visit, secret_service: SecretService) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = await furnished(window, parts)
        page.list.setCurrentRow(0)
        page.replace_button.click()
        (dialog,) = page.findChildren(NewValue)
        assert dialog.field.text() == ""
        dialog.field.setText("geheim-9")
        dialog.accept()
        while await parts.secrets.get(WORK.secret_name("secret_key")) != "geheim-9":
            pass
        assert parts.connections.get("work") == WORK

    visit(scenario)


def test_one_is_removed_from_the_keyring_and_its_connection(visit: Visit, secret_service: SecretService) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = await furnished(window, parts)
        page.list.setCurrentRow(1)
        page.remove_button.click()
        await until(lambda: page.list.count() == 2)
        assert await parts.secrets.get(WORK.secret_name("password")) is None
        kept = parts.connections.get("work")
        assert kept is not None
        assert kept.secrets == ("secret_key",)
        page.list.setCurrentRow(1)
        assert not page.replace_button.isEnabled()
        page.remove_button.click()
        await until(lambda: page.list.count() == 1)
        assert await parts.network.manual() is None

    visit(scenario)


def test_a_renamed_connection_keeps_its_secrets(visit: Visit, secret_service: SecretService) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await furnished(window, parts)
        dialog = window.settings_dialog()
        assert dialog is not None
        page = dialog.connections
        dialog.show_page("connections")
        page.list.items.setCurrentRow(1)
        page.name.setText("Office")
        page.save_button.click()
        await until(lambda: parts.connections.get("work") != WORK)
        renamed = parts.connections.get("work")
        assert renamed is not None
        assert renamed.name == "Office"
        assert await parts.secrets.get(renamed.secret_name("secret_key")) == "geheim-1"

    visit(scenario)


def test_without_a_keyring_the_page_says_so(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.connections.save(WORK)
        parts.secrets.keep_for_session(WORK.secret_name("password"), "geheim")
        page = opened(window, "secrets").secrets
        await until(lambda: page.list.count() == 2)
        assert "no keyring" in page.note.text()
        assert page.list.item(1).text() == "Work — Site password (this session only)"

    visit(scenario)
