"""What a person sees when the history cannot be read or written, and that nothing of theirs is lost by it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.conversation import Conversation, Message, Role, State
from gui.history.schema import MIGRATIONS
from gui.history.store import History
from gui.settings.connections import Connection
from tests.drives import small_drive, write_protected
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

WORDS = tuple(f"w{number} " for number in range(40))


def type_and_send(pane: Pane, text: str) -> None:
    QTest.keyClicks(pane.composer.input, text)
    QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)


def press(pane: Pane, text: str) -> None:
    next(one for one in pane.bar.buttons if one.text() == text).click()


async def answered_by(url: str, window: MainWindow, parts: Parts) -> None:
    parts.connections.save(Connection("test", "Test", "gprochat", url))
    await window.pane.choose("test", "")


async def impatient(parts: Parts) -> History:
    """The window's history, which does not wait five seconds for a lock."""
    history = await parts.history
    await history._read(lambda c: c.execute("PRAGMA busy_timeout = 50").fetchall())
    return history


async def keep_a_chat(file: Path, title: str = "Kept") -> Conversation:
    history = await History.open(file)
    chat = Conversation(title)
    await history.add_message(Message(chat.id, Role.USER, "words to find"), chat)
    await history.close()
    return chat


async def made_newer(file: Path) -> None:
    await keep_a_chat(file, "Of the future")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def damaged(folder: Path) -> list[Path]:
    return list(folder.glob("history-damaged-*.sqlite3"))


def move(one: Path, other: Path) -> None:
    one.rename(other)


def titles(window: MainWindow) -> set[str]:
    model = window.sidebar.model
    return {str(model.index(row, 0).data()) for row in range(model.rowCount())}


def test_a_damaged_file_is_repaired_at_the_start_and_it_is_said(data_dir: Path, visit: Visit) -> None:
    file = data_dir / "history.sqlite3"
    asyncio.run(keep_a_chat(file))
    with file.open("r+b") as stream:
        stream.write(b"\xff" * 4096)

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: "was damaged" in window.pane.bar.text)
        (kept,) = damaged(data_dir)
        assert kept.name in window.pane.bar.text
        assert "chats: 1, messages: 1" in window.pane.bar.text
        await until(lambda: "Kept" in titles(window))

    visit(look)


def test_damage_met_while_working_offers_the_repair(data_dir: Path, visit: Visit) -> None:
    file = data_dir / "history.sqlite3"

    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        chat = Conversation("Kept")
        await history.add_message(Message(chat.id, Role.USER, "words to find"), chat)
        with closing(sqlite3.connect(file)) as other:
            other.execute("UPDATE message_words_data SET block = x'5a5a5a5a5a5a'")
            other.commit()
        window.searching.panel.open()
        QTest.keyClicks(window.searching.panel.input, "find")
        await until(lambda: "damaged" in window.pane.bar.text)
        window.searching.panel.hide()
        press(window.pane, "Repair")
        await until(lambda: "All messages are there" in window.pane.bar.text)
        assert len(await history.search("words")) == 1

    visit(scenario)


def test_what_cannot_be_kept_stays_in_the_composer_and_is_sent_later(data_dir: Path, visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("an answer")) as server:
            await answered_by(server.url, window, parts)
            await impatient(parts)
            with closing(sqlite3.connect(data_dir / "history.sqlite3", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                type_and_send(window.pane, "keep me")
                await until(lambda: "locked" in window.pane.bar.text)
                assert window.pane.composer.text == "keep me"
                press(window.pane, "Retry")
                await until(lambda: "locked" in window.pane.bar.text)
                assert not server.requests, "what is not on disk is not sent"
                other.execute("ROLLBACK")
            await until(lambda: not window.pane.bar.text)
            assert window.pane.composer.text == "keep me"
            QTest.keyClick(window.pane.composer.input, Qt.Key.Key_Return)
            await until(lambda: "an answer" in shown(window.pane))
            assert window.pane.composer.text == ""

    visit(scenario)


def test_a_reply_that_cannot_be_written_stays_in_the_window_and_is_written_later(data_dir: Path, visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(*WORDS, delay=0.01)) as server:
            await answered_by(server.url, window, parts)
            history = await impatient(parts)
            type_and_send(window.pane, "go on")
            await until(lambda: "w2 " in shown(window.pane))
            with closing(sqlite3.connect(data_dir / "history.sqlite3", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                await until(lambda: "locked" in window.pane.bar.text)
                await until(lambda: "w39" in shown(window.pane) and window.pane._turn is None)
                assert "locked" in window.pane.bar.text
                shown_again = window.pane.conversation
                window.pane.start_new(Conversation())
                await window.pane.show_conversation(shown_again)
                assert "w39" in shown(window.pane)
                assert not window.pane.composer._running
                await until(lambda: "locked" in window.pane.bar.text)
                other.execute("ROLLBACK")
            press(window.pane, "Retry")
            await until(lambda: not len(window.replies))
            assert not window.pane.bar.text
            (chat,) = await history.conversations()
            reply = (await history.branch(chat.id))[-1]
            assert (reply.state, reply.text) == (State.COMPLETE, "".join(WORDS))

    visit(scenario)


def test_a_drive_that_was_full_takes_all_of_a_reply_when_there_is_room(tmp_path: Path, qapp: object) -> None:
    from gui.app import run_window

    with small_drive(tmp_path / "drive") as drive:

        async def scenario(window: MainWindow, parts: Parts) -> None:
            async with GPROChatServer(Reply(*(f"{word:2000}" for word in WORDS), delay=0.02)) as server:
                await answered_by(server.url, window, parts)
                history = await parts.history
                type_and_send(window.pane, "go on")
                await until(lambda: "w2 " in shown(window.pane))
                drive.fill()
                try:
                    await until(lambda: window.pane.bar.text)
                    await until(lambda: "w39" in shown(window.pane) and window.pane._turn is None)
                    type_and_send(window.pane, "more")
                    assert window.pane.composer.text == "more"
                finally:
                    drive.make_room()
                await until(lambda: not len(window.replies), 20)
                await until(lambda: not window.pane.bar.text)
                (chat,) = await history.conversations()
                reply = (await history.branch(chat.id))[-1]
                assert reply.text == "".join(f"{word:2000}" for word in WORDS)

        run_window(drive.folder, "GPROChat test", scenario, qapp)  # type: ignore[arg-type]


def test_a_folder_that_is_away_for_a_while_is_missed_and_found(data_dir: Path, visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await answered_by("http://127.0.0.1:9", window, parts)
        await parts.history
        move(data_dir, data_dir.with_name("elsewhere"))
        type_and_send(window.pane, "keep me")
        await until(lambda: "No such file" in window.pane.bar.text)
        assert window.pane.composer.text == "keep me"
        move(data_dir.with_name("elsewhere"), data_dir)
        await until(lambda: not window.pane.bar.text)
        press_enter(window.pane)
        await until(lambda: "No server answers" in window.pane.bar.text)
        assert "keep me" in shown(window.pane)

    visit(scenario)


def press_enter(pane: Pane) -> None:
    QTest.keyClick(pane.composer.input, Qt.Key.Key_Return)


def test_what_cannot_be_read_at_the_start_comes_when_it_can(data_dir: Path, visit: Visit) -> None:
    file = data_dir / "history.sqlite3"
    asyncio.run(keep_a_chat(file))
    file.rename(file.with_suffix(".away"))
    file.mkdir()

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: "cannot be used" in window.pane.bar.text)
        file.rmdir()
        file.with_suffix(".away").rename(file)
        await until(lambda: "Kept" in titles(window))
        assert not window.pane.bar.text

    visit(look)


def test_a_write_protected_folder_is_read_and_said_so_once(data_dir: Path, visit: Visit) -> None:
    async def fill(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        chat = Conversation("On a disc", "disc", connection="local")
        await history.add_message(Message("disc", Role.USER, "readable words"), chat)

    async def use(window: MainWindow, parts: Parts) -> None:
        await until(lambda: "write-protected" in window.pane.bar.text)
        await window.open("disc")
        await until(lambda: "readable words" in shown(window.pane))
        window.pane.composer.set_text("kept here")
        window.remembering._try()
        assert "could not be stored" not in window.pane.bar.text
        window.pane.bar.dismiss()
        QTest.keyClick(window.pane.composer.input, Qt.Key.Key_Return)
        await until(lambda: "write-protected" in window.pane.bar.text)
        assert window.pane.composer.text == "kept here"

    visit(fill)
    with write_protected(data_dir):
        visit(use)


def test_a_newer_versions_history_is_read_and_searched(data_dir: Path, visit: Visit) -> None:
    asyncio.run(made_newer(data_dir / "history.sqlite3"))
    before = (data_dir / "history.sqlite3").read_bytes()

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: "newer version" in window.pane.bar.text)
        assert "Of the future" in titles(window)
        (chat,) = await (await parts.history).conversations()
        await window.open(chat.id)
        assert "words to find" in shown(window.pane)
        assert len(await (await parts.history).search("find")) == 1
        type_and_send(window.pane, "keep me")
        await until(lambda: "newer version" in window.pane.bar.text)
        assert window.pane.composer.text == "keep me"

    visit(look)
    assert (data_dir / "history.sqlite3").read_bytes() == before


def test_a_copy_is_made_some_time_after_the_start(
    data_dir: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.loop.SNAPSHOT_DELAY", 0.05)
    monkeypatch.setattr("gui.loop.SNAPSHOT_INTERVAL", 0.05)

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: copies(data_dir))
        history = await parts.history
        await history.add_conversation(Conversation("later"))
        await asyncio.sleep(0.3)
        assert len(copies(data_dir)) == 1, "once a day"

    visit(look)


def copies(folder: Path) -> list[Path]:
    return list(folder.glob("snapshots/*-daily.sqlite3"))


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_all_that_is_kept_is_for_the_owner_alone(data_dir: Path, visit: Visit) -> None:
    shutil.rmtree(data_dir)
    seen: dict[str, int] = {}

    async def use(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("an answer")) as server:
            await answered_by(server.url, window, parts)
            type_and_send(window.pane, "hello")
            await until(lambda: "an answer" in shown(window.pane) and not len(window.replies))
        history = await parts.history
        break_schema(data_dir / "history.sqlite3")
        await window.keeping.repair()
        assert damaged(data_dir)
        await history.snapshot()
        await history.search("hello")
        await until(lambda: modes(data_dir).get("window.socket") == 0o600)
        seen.update(modes(data_dir))

    before = os.umask(0)
    try:
        visit(use)
    finally:
        os.umask(before)
    assert {
        "history.sqlite3",
        "history.sqlite3-wal",
        "history.sqlite3-shm",
        "connections.json",
        "snapshots",
    } <= seen.keys()
    assert any(name.endswith("-daily.sqlite3") for name in seen)
    assert {name for name, mode in seen.items() if mode == 0o700} == {".", "running", "snapshots"}
    assert set(seen.values()) == {0o600, 0o700}


def break_schema(file: Path) -> None:
    """So that it is no history any more, for all that SQLite minds."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("ALTER TABLE message RENAME COLUMN reasoning TO treasoning")
        other.commit()


def modes(folder: Path) -> dict[str, int]:
    return {str(one.relative_to(folder)): one.stat().st_mode & 0o777 for one in (folder, *folder.rglob("*"))}
