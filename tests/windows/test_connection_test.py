"""The Test button of the connections: each hop as it is tried, and the way to the setting that has to be changed."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.settings.connections import Connection, Connections
from tests.providers.test_transport import certificate
from tests.servers.gprochat import GPROChatServer, Reply
from tests.servers.openai import OpenAIServer
from tests.servers.raw import CHUNKED, CLOSE, SILENCE, RawServer, chunk
from tests.windows.conftest import Visit, connect, until
from tests.windows.test_conversation import type_and_send
from tests.windows.test_settings import opened

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.dialogs.connections_page import ConnectionsPage
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


def rows(page: ConnectionsPage) -> list[str]:
    """What a screen reader says of each row."""
    hops = page.test.hops
    return [
        item.data(0, Qt.ItemDataRole.AccessibleTextRole) or item.text(0)
        for number in range(hops.topLevelItemCount())
        if (item := hops.topLevelItem(number)) is not None
    ]


def states(page: ConnectionsPage) -> list[str]:
    """The same without the times."""
    return [row.split(",")[0] for row in rows(page)]


async def tried(page: ConnectionsPage) -> None:
    page.test_button.setFocus()
    QTest.keyClick(page.test_button, Qt.Key.Key_Space)
    assert page.test.running
    await until(lambda: not page.test.running)


def focused() -> object:
    return QApplication.focusWidget()


def test_what_is_entered_is_tried_without_being_saved(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(secret="k", password="p") as server:
            page = opened(window, "connections").connections
            page.add("gprochat")
            page.url.setText(server.url)
            page.secrets["secret_key"].setText("k")
            page.secrets["password"].setText("p")
            await tried(page)
            hops = ["Connection", "HTTP", "Login", "Signature", "Model", "First token"]
            assert states(page) == [f"{hop}: works" for hop in hops]
            assert rows(page)[0].endswith(" ms")
            assert page.test.verdict.text() == "It answers."
            assert not page.test.change_button.isVisible()
            assert len(parts.connections.all()) == 1

    visit(scenario)


def test_a_wrong_password_leads_to_its_field(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(password="right") as server:
            page = opened(window, "connections").connections
            page.add("gprochat")
            page.url.setText(server.url)
            page.secrets["password"].setText("wrong")
            await tried(page)
            assert states(page)[-1] == "Login: fails"
            assert "refuses the site password" in page.test.verdict.text()
            assert page.test.change_button.text() == "Enter the site password"
            page.test.change_button.click()
            await until(lambda: focused() is page.secrets["password"])

    visit(scenario)


def test_it_ends_where_it_is_told_to_and_with_the_dialog(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with RawServer([SILENCE]) as server:
            parts.connections.save(Connection("slow", "Slow", "openai", f"{server.url}/v1"))
            dialog = opened(window, "connections")
            page = dialog.connections
            page.list.items.setCurrentRow(1)
            page.test_button.click()
            await until(lambda: states(page) == ["Connection: works"])
            assert page.test_button.text() == "Stop"
            page.test_button.click()
            assert (page.test_button.text(), page.test.verdict.text()) == ("Test", "Stopped.")
            await until(lambda: server.open == 0)
            page.test_button.click()
            await until(lambda: server.open == 1)
            dialog.close()
            await until(lambda: server.open == 0)

    visit(scenario)


def test_another_connection_ends_it(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with RawServer([SILENCE]) as server:
            parts.connections.save(Connection("slow", "Slow", "openai", f"{server.url}/v1"))
            page = opened(window, "connections").connections
            page.list.items.setCurrentRow(1)
            page.test_button.click()
            await until(lambda: server.open == 1)
            page.list.items.setCurrentRow(0)
            assert not page.test.isVisible()
            await until(lambda: server.open == 0)

    visit(scenario)


def test_each_address_is_tried(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            page = opened(window, "connections").connections
            page.add("vllm")
            page.url.setText("http://127.0.0.1:9/v1")
            page.fallbacks.setText(server.url)
            await tried(page)
            assert states(page)[:3] == ["http://127.0.0.1:9/v1", "Connection: fails", server.url]
            assert states(page)[-1] == "First token: works"
            assert page.test.verdict.text().startswith("1 of 2 addresses answer.\nhttp://127.0.0.1:9/v1: ")
            page.test.change_button.click()
            await until(lambda: focused() is page.url)

    visit(scenario)


def test_a_certificate_that_nobody_knows_leads_to_the_encryption_of_the_connection_saved_first(
    visit: Visit, tmp_path: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate(tmp_path))
        async with RawServer([b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", CLOSE], tls=context) as server:
            dialog = opened(window, "connections")
            page = dialog.connections
            page.add("gprochat")
            page.url.setText(server.url.replace("http:", "https:"))
            await tried(page)
            assert states(page)[-1] == "Encryption (TLS): fails"
            page.test.change_button.click()
            await until(dialog.network.isVisible)
            (kept,) = [one for one in parts.connections.all() if one.provider == "gprochat"]
            assert dialog.network.connection == kept
            await until(lambda: focused() is dialog.network.tls.authorities)
            dialog.network.tls.check.click()
            dialog.show_page("connections")
            assert page.warning.isVisible()
            await tried(page)
            assert "Encryption (TLS): works" in states(page)

    visit(scenario)


def test_a_proxy_that_cannot_be_had_leads_to_it(visit: Visit, data_dir: Path) -> None:
    connect(data_dir, "http://chat.example.org")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.preferences.set("proxy_mode", "manual")
        dialog = opened(window, "connections")
        await tried(dialog.connections)
        assert states(dialog.connections) == ["Proxy: fails"]
        dialog.connections.test.change_button.click()
        await until(lambda: focused() is dialog.network.host)
        assert dialog.network.connection is None

    visit(scenario)


@pytest.mark.parametrize("limit", ["first_byte_limit", "silence_limit"])
def test_a_limit_that_is_over_leads_to_it(visit: Visit, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        monkeypatch.setattr(type(parts.network), "limits", {"connect": 5.0, "first_byte": 0.3, "silence": 0.3})
        no_list = [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]
        begun = [CHUNKED, chunk(b": still here\n\n")] if limit == "silence_limit" else []
        async with RawServer(no_list, [*begun, SILENCE]) as server:
            parts.connections.save(Connection("slow", "Slow", "openai", server.url))
            dialog = opened(window, "connections")
            dialog.connections.list.items.setCurrentRow(1)
            await tried(dialog.connections)
            dialog.connections.test.change_button.click()
            await until(lambda: focused() is dialog.network.limits[limit])

    visit(scenario)


def test_the_keyring_leads_to_the_secrets(visit: Visit, data_dir: Path) -> None:
    Connections(data_dir / "connections.json").save(
        Connection("bound", "Bound", "openai", "http://127.0.0.1:9/v1", secrets=("api_key",))
    )

    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window, "connections")
        dialog.connections.list.items.setCurrentRow(1)
        await tried(dialog.connections)
        assert "no keyring" in dialog.connections.test.verdict.text()
        dialog.connections.test.change_button.click()
        await until(dialog.secrets.isVisible)
        await until(lambda: focused() is dialog.secrets.list)

    visit(scenario)


def test_the_clock_is_none_of_ours(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("!"), secret="k", skew=True, ahead=-900.0) as server:
            page = opened(window, "connections").connections
            page.add("gprochat")
            page.url.setText(server.url)
            page.secrets["secret_key"].setText("k")
            await tried(page)
            assert "minutes" in page.test.verdict.text()
            assert not page.test.change_button.isVisible()

    visit(scenario)


def test_a_reply_that_failed_on_its_way_leads_to_the_test_of_its_connection(visit: Visit, data_dir: Path) -> None:
    Connections(data_dir / "connections.json").save(Connection("gone", "Gone", "gprochat", "http://127.0.0.1:9"))

    async def scenario(window: MainWindow, parts: Parts) -> None:
        pane = window.pane
        await pane.choose("gone", "")
        type_and_send(pane, "hello")
        await until(lambda: pane.bar.text)
        assert [button.text() for button in pane.bar.buttons] == ["Retry", "Test the connection"]
        pane.bar.buttons[1].click()
        dialog = window.settings_dialog()
        assert dialog is not None
        assert dialog.connections.name.text() == "Gone"
        await until(lambda: states(dialog.connections) == ["Connection: fails"])

    visit(scenario)
