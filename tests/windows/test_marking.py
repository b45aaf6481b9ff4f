"""Notes, pins, removals, other models, reading aloud, and conversations made of a part of one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMenu

from gui.conversation import Message, Role, State
from gui.settings.connections import Connection
from gui.windows.speech import LONGEST, pieces
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import talk
from tests.windows.test_message_actions import SAID, menu_of, pick, texts

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts


async def menu_at(pane: Pane, number: int) -> QMenu:
    """The menu of the n-th message that is shown, opened by keys."""
    pane.message_actions.choose(pane.pages.window[number].id)
    QTest.keyClick(pane.transcript, Qt.Key.Key_Return)
    return menu_of(pane)


def test_a_note_is_shown_below_its_message_found_and_there_at_the_next_start(visit: Visit) -> None:
    async def first(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = window.pane
        pick(await menu_at(pane, 1), "Add note…")
        await until(lambda: window.findChildren(QInputDialog))
        (dialog,) = window.findChildren(QInputDialog)
        dialog.setTextValue("check the\nsources ")
        dialog.accept()
        await until(lambda: "sources" in shown(pane))
        text = shown(pane)
        assert text.index("first reply") < text.index("check the\nsources") < text.index("second question")

    async def second(window: MainWindow, parts: Parts) -> None:
        pane = window.pane
        await until(lambda: "check the\nsources" in shown(pane))
        (hit,) = await (await parts.history).search("sources")
        assert hit.message_id == pane.pages.messages[1].id
        assert "Edit note…" in texts(await menu_at(pane, 1))

    visit(first)
    visit(second)


def test_a_note_is_no_text_of_its_message(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = window.pane
        await pane.marking.note(pane.pages.messages[1], "mine alone")
        pick(await menu_at(pane, 1), "Copy message")
        assert QGuiApplication.clipboard().text() == "first reply"

    visit(scenario)


def test_a_pin_stands_in_the_heading_until_it_is_taken_off(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = window.pane
        pick(await menu_at(pane, 1), "Pin")
        await until(lambda: "Pinned" in shown(pane))
        assert (await (await parts.history).branch(pane.conversation.id))[1].pinned
        pick(await menu_at(pane, 1), "Unpin")
        await until(lambda: "Pinned" not in shown(pane))

    visit(scenario)


def test_what_was_deleted_by_key_comes_back_with_all_that_followed_it(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        pane = window.pane
        pane.message_actions.choose(pane.pages.messages[1].id)
        QTest.keyClick(pane.transcript, Qt.Key.Key_Delete)
        await until(lambda: "second reply" not in shown(pane))
        assert "first question" in shown(pane)
        assert "first reply" not in shown(pane)
        await until(lambda: "with all that follows it" in pane.bar.text)
        pane.bar.buttons[0].click()
        await until(lambda: "second reply" in shown(pane))
        assert [one.text for one in pane.pages.messages] == list(SAID)

    visit(scenario)


def test_in_place_of_a_deleted_reply_its_other_version_is_shown(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation = await talk(parts, "one", SAID)
        history = await parts.history
        asked = (await history.branch(conversation.id))[2]
        await history.add_message(Message(conversation.id, Role.ASSISTANT, "another reply", asked.id))
        await window.open(conversation.id)
        pane = window.pane
        pick(await menu_at(pane, 3), "Delete")
        await until(lambda: "second reply" in shown(pane))
        assert "another reply" not in shown(pane)
        assert "/2" not in shown(pane)

    visit(scenario)


def test_a_reply_is_answered_again_by_another_model_this_once(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("from the other one")) as server:
            parts.connections.save(Connection("other", "Other & more", "gprochat", server.url))
            await window.open((await talk(parts, "one", SAID)).id)
            pane = window.pane
            before = pane.connection().id
            menu = await menu_at(pane, 3)
            others = next(one.menu() for one in menu.actions() if one.text() == "Answer again with")
            assert isinstance(others, QMenu)
            assert "Another model…" in texts(others)
            pick(others, "Other && more")
            await until(lambda: "from the other one" in shown(pane) and not len(window.replies))
            await until(lambda: "2/2" in shown(pane))
            assert pane.pages.messages[-1].connection == "other"
            assert pane.connection().id == before

    visit(scenario)


def test_a_cut_reply_is_continued_from_its_menu_as_another_version(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply(" and the end")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            conversation = await talk(parts, "one", SAID[:1])
            history = await parts.history
            (asked,) = await history.branch(conversation.id)
            cut = Message(conversation.id, Role.ASSISTANT, "The beginning", asked.id, State.STOPPED)
            await history.add_message(cut)
            await history.add_message(Message(conversation.id, Role.USER, "then", cut.id))
            await window.open(conversation.id)
            pane = window.pane
            await pane.choose("test", "")
            pick(await menu_at(pane, 1), "Continue the reply")
            await until(lambda: "The beginning and the end" in shown(pane) and not len(window.replies))
            await until(lambda: "2/2" in shown(pane))
            assert (await history.message(cut.id)) == cut

    visit(scenario)


def test_a_conversation_from_a_message_on_is_opened_beside_this_one(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation = await talk(parts, "one", SAID)
        await window.open(conversation.id)
        origin = window.pane
        pick(await menu_at(origin, 1), "New conversation from here")
        await until(lambda: window.pane is not origin and "first reply" in shown(window.pane))
        made = window.pane
        assert [one.text for one in made.pages.messages] == list(SAID[:2])
        assert made.conversation.title == "one"
        assert made.conversation.id != conversation.id
        assert {one.id for one in made.pages.messages}.isdisjoint(one.id for one in origin.pages.messages)
        assert [one.text for one in origin.pages.messages] == list(SAID)

    visit(scenario)


def test_all_code_of_a_reply_is_copied(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", ("?", "```\na\naa\n```\nand\n```\nb\n```"))).id)
        pick(await menu_at(window.pane, 1), "Copy all code")
        assert QGuiApplication.clipboard().text() == "a\naa\n\nb"

    visit(scenario)


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a voice has said, a line each time; it takes a while for what is long."""
    said = tmp_path / "said"
    program = tmp_path / "bin" / ("say" if sys.platform == "darwin" else "espeak-ng")
    program.parent.mkdir()
    script = f'echo $$ > {tmp_path / "pid"}\nprintf "%s\\n" "$2" >> {said}\ncase "$2" in *long*) exec sleep 30;; esac\n'
    program.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return said


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_message_is_read_aloud_until_it_is_stopped(visit: Visit, voice: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", ("?", "**short** one\n\na long one\n\nnever said"))).id)
        pane = window.pane
        pick(await menu_at(pane, 1), "Read aloud")
        await until(lambda: voice.exists() and "long" in voice.read_text())
        assert pane.bar.text == "Reading aloud…"
        speaker = int((voice.parent / "pid").read_text())
        assert is_running(speaker)
        pane.bar.buttons[0].click()
        await until(lambda: not pane.bar.text and not is_running(speaker))
        assert voice.read_text() == "short one\na long one\n"

    visit(scenario)


def test_without_a_voice_nothing_is_offered(visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await talk(parts, "one", SAID)).id)
        assert "Read aloud" not in texts(await menu_at(window.pane, 1))

    visit(scenario)


def test_a_long_paragraph_is_said_in_pieces() -> None:
    said = pieces(f"one\n\n\n\n{'word ' * LONGEST}")
    assert said[0] == "one"
    assert all(len(piece) <= LONGEST for piece in said)
    assert " ".join(said[1:]).split() == ["word"] * LONGEST
