"""The window and a folder into which another computer writes too."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Message, Role
from gui.history import outbox
from gui.history.record import Purged
from gui.history.store import History
from gui.history.sync import Sync
from gui.override import override
from gui.settings.connections import Connection
from gui.windows import syncing
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_conversation import type_and_send
from tests.windows.test_settings import opened

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "PERIOD", 0.02)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


class Elsewhere:
    """Another computer."""

    def __init__(self, history: History, folder: Path) -> None:
        self.history = history
        self.sync = Sync(history, folder, "elsewhere")

    @classmethod
    async def begin(cls, tmp_path: Path, folder: Path) -> Elsewhere:
        return cls(await History.open(tmp_path / "elsewhere" / "h"), folder)

    async def say(self, conversation_id: str, text: str) -> None:
        leaf = (await self.history.branch_ids(conversation_id))[-1:]
        await self.history.add_message(
            Message(conversation_id, Role.ASSISTANT, text, leaf[0] if leaf else None, connection="elsewhere")
        )

    async def end(self) -> None:
        self.sync.close()
        await self.history.close()


def titles(window: MainWindow) -> list[str]:
    return [entry.text for entry in window.sidebar.model.entries if entry.conversation]


def test_what_another_computer_says_is_shown_and_the_reader_stays_where_they_are(
    visit: Visit, tmp_path: Path, folder: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        other = await Elsewhere.begin(tmp_path, folder)
        chat = Conversation("From elsewhere")
        await other.history.add_conversation(chat)
        for number in range(12):
            await other.say(chat.id, f"Paragraph {number}.\n\n" * 8)
        await other.sync.round()
        window.show()
        parts.preferences.set("sync_folder", str(folder))
        await until(lambda: titles(window) == ["From elsewhere"])

        await window.open(chat.id)
        bar = window.pane.transcript.verticalScrollBar()
        await until(lambda: bar.maximum() > 100)
        bar.setValue(bar.maximum() // 3)
        place, end = bar.value(), bar.maximum()
        await other.say(chat.id, "Said just now.")
        await other.history.update_conversation(chat.id, title="Renamed elsewhere")
        await other.sync.round()
        await until(lambda: "Said just now." in shown(window.pane))
        assert bar.value() == place
        assert bar.maximum() > end
        assert window.pane.title.text() == "Renamed elsewhere"
        await until(lambda: titles(window) == ["Renamed elsewhere"])
        await other.end()

    visit(scenario)


def test_a_reply_that_runs_here_is_not_disturbed_and_both_have_everything(
    visit: Visit, tmp_path: Path, folder: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("First."), Reply("One ", "two ", "three.", delay=0.3)) as server:
            parts.connections.save(Connection("test", "Test server", "gprochat", server.url))
            parts.connections.remove("local")
            window.new_chat()
            parts.preferences.set("sync_folder", str(folder))
            type_and_send(window.pane, "hello")
            await until(lambda: "First." in shown(window.pane) and not len(window.replies))
            other = await Elsewhere.begin(tmp_path, folder)
            chat = window.pane.conversation
            await until(lambda: any(folder.rglob("*.json")))
            while await other.history.conversation(chat.id) is None:
                await other.sync.round()
            type_and_send(window.pane, "more")
            await until(lambda: "One" in shown(window.pane))
            await other.history.update_conversation(chat.id, title="Renamed elsewhere")
            await other.sync.round()
            await until(lambda: window.pane.title.text() == "Renamed elsewhere")
            assert len(window.replies) == 1
            await until(lambda: "One two three." in shown(window.pane))
            while "One two three." not in [one.text for one in await other.history.branch(chat.id)]:
                await other.sync.round()
            await other.end()

    visit(scenario)


def test_a_chat_that_was_deleted_elsewhere_stays_before_the_reader_and_can_be_had_back(
    visit: Visit, tmp_path: Path, folder: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        other = await Elsewhere.begin(tmp_path, folder)
        chat = Conversation("Short-lived")
        await other.history.add_conversation(chat)
        await other.say(chat.id, "Remember me.")
        await other.sync.round()
        parts.preferences.set("sync_folder", str(folder))
        await until(lambda: titles(window) == ["Short-lived"])
        await window.open(chat.id)
        await other.history.delete_conversation(chat.id)
        await other.sync.round()
        await until(lambda: window.pane.bar.text == "“Short-lived” was deleted on another computer.")
        assert "Remember me." in shown(window.pane)
        await until(lambda: titles(window) == [])

        window.pane.bar.buttons[0].click()
        await until(lambda: titles(window) == ["Short-lived"])
        await other.history.take_in([Purged(chat.id, 5)])
        await other.sync.round()
        await until(lambda: titles(window) == [])
        await until(lambda: window.pane.is_empty)
        await other.end()

    visit(scenario)


def test_the_settings_say_how_it_does_and_a_folder_that_is_gone_is_told_once(
    visit: Visit, tmp_path: Path, folder: Path
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "sync").sync
        assert page.folder.text() == ""
        assert page.stop_button.isHidden()
        parts.preferences.set("sync_folder", str(folder))
        await until(lambda: page.status.text().startswith("Equal with the folder at "))
        assert page.folder.text() == str(folder)

        folder.rename(tmp_path / "elsewhere")
        await until(lambda: "cannot be used" in page.status.text())
        await until(lambda: str(folder) in window.pane.bar.text)
        window.pane.bar.dismiss()
        (tmp_path / "elsewhere").rename(folder)
        await until(lambda: page.status.text().startswith("Equal with the folder at "))
        assert window.pane.bar.text == ""
        page.stop_button.click()
        await until(lambda: page.folder.text() == "")
        assert parts.preferences.get("sync_folder") == ""

    visit(scenario)


def test_another_folder_gets_everything(
    visit: Visit, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Sync):
        @override
        async def send(self) -> None:
            await asyncio.sleep(0.1 if self.folder == folder else 0.5)
            await super().send()

    monkeypatch.setattr(syncing, "Sync", Slow)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        for number in range(20):
            await history.add_conversation(Conversation(f"Chat {number}"))
        parts.preferences.set("sync_folder", str(folder))
        await until(lambda: any(folder.rglob("*.json")))
        await history.add_conversation(Conversation("One more"))
        second = tmp_path / "second"
        second.mkdir()
        parts.preferences.set("sync_folder", str(second))
        await until(lambda: window.syncing.state.last is not None)
        other = await Elsewhere.begin(tmp_path, second)
        await other.sync.round()
        assert await other.history.record_ids() == await history.record_ids()
        await other.end()

    visit(scenario)


def test_what_was_said_last_is_in_the_folder_when_the_program_has_ended(
    visit: Visit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "PERIOD", 60.0)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.preferences.set("sync_folder", str(folder))
        await until(lambda: window.syncing.state.last is not None)
        await (await parts.history).add_conversation(Conversation("Said at the last moment"))

    visit(scenario)

    assert [file for file in folder.rglob("*.json") if "at the last moment" in file.read_text("utf-8")]


def test_what_damage_cost_comes_back_while_the_program_runs(visit: Visit, folder: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        chat = Conversation("Lost and found")
        await history.add_message(Message(chat.id, Role.USER, "Words"), chat)
        parts.preferences.set("sync_folder", str(folder))
        await until(lambda: list(folder.rglob("*.json")) and window.syncing.state.last)

        def lose(connection: sqlite3.Connection) -> None:  # as a repair leaves it
            connection.execute("DELETE FROM conversation")
            outbox.begin_anew(connection)

        await history.run(lose, write=True)
        window.keeping.restored.emit()
        await until(lambda: titles(window) == ["Lost and found"])

    visit(scenario)
