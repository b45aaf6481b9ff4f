"""Every key that does something, pressed in the real window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog

from gui.conversation import Conversation, Message, Role
from gui.windows.dialogs.shortcuts import ShortcutsDialog
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """As the keyboard does: to the widget that has the focus, shortcuts first."""
    window.activateWindow()
    QTest.keyClick(window.pane.composer.input, key, modifiers)


async def talk(parts: Parts, title: str, said: Sequence[str]) -> Conversation:
    """A conversation in the history: what was said by the person and by the model in turn."""
    history = await parts.history
    conversation = Conversation(title)
    await history.add_conversation(conversation)
    parent = None
    for number, text in enumerate(said):
        message = Message(conversation.id, Role.ASSISTANT if number % 2 else Role.USER, text, parent)
        await history.add_message(message)
        parent = message.id
    return conversation


def test_shift_enter_is_a_new_line_and_enter_sends(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        sent: list[str] = []
        window.pane.composer.submitted.disconnect()
        window.pane.composer.submitted.connect(sent.append)
        QTest.keyClicks(window.pane.composer.input, "one")
        press(window, Qt.Key.Key_Return, SHIFT)
        QTest.keyClicks(window.pane.composer.input, "two")
        press(window, Qt.Key.Key_Return)
        assert sent == ["one\ntwo"]

    visit(scenario)


def test_with_the_other_setting_control_enter_sends_and_enter_is_a_new_line(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.preferences.set("send_key", "ctrl+enter")
        sent: list[str] = []
        window.pane.composer.submitted.disconnect()
        window.pane.composer.submitted.connect(sent.append)
        QTest.keyClicks(window.pane.composer.input, "one")
        press(window, Qt.Key.Key_Return)
        assert not sent
        press(window, Qt.Key.Key_Return, CONTROL)
        assert sent == ["one\n"]

    visit(scenario)


def test_enter_does_not_send_while_an_input_method_composes(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        sent: list[str] = []
        window.pane.composer.submitted.disconnect()
        window.pane.composer.submitted.connect(sent.append)
        field = window.pane.composer.input
        QTest.keyClicks(field, "a")
        QApplication.sendEvent(field, QInputMethodEvent("にほ", []))
        press(window, Qt.Key.Key_Return)
        assert not sent
        done = QInputMethodEvent()
        done.setCommitString("日本")
        QApplication.sendEvent(field, done)
        press(window, Qt.Key.Key_Return)
        assert len(sent) == 1
        assert "日本" in sent[0]

    visit(scenario)


def test_new_panes_and_the_way_between_them(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one, two = await talk(parts, "one", ["said"]), await talk(parts, "two", ["said"])
        await window.open(one.id)
        await window.open(two.id, beside=True)
        press(window, Qt.Key.Key_N, CONTROL)
        assert len(window.panes()) == 3
        assert window.pane.is_empty
        assert window.pane.composer.input.hasFocus() or not window.isActiveWindow()
        press(window, Qt.Key.Key_T, CONTROL)
        assert len(window.panes()) == 3, "an empty chat is new already"
        press(window, Qt.Key.Key_1, CONTROL)
        assert window.pane.conversation.title == "one"
        press(window, Qt.Key.Key_Tab, CONTROL)
        assert window.pane.conversation.title == "two"
        press(window, Qt.Key.Key_Tab, CONTROL | SHIFT)
        assert window.pane.conversation.title == "one"
        press(window, Qt.Key.Key_W, CONTROL)
        assert [pane.conversation.title for pane in window.panes()] == ["two", ""]
        assert await (await parts.history).conversation(one.id) is not None

    visit(scenario)


def test_up_in_an_empty_input_recalls_what_was_said(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation = await talk(parts, "one", ["first", "reply", "second", "reply"])
        await window.open(conversation.id)
        press(window, Qt.Key.Key_Up)
        await until(lambda: window.pane.composer.text == "second")

    visit(scenario)


def test_regenerate_asks_again(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("another reply")) as server:
            from gui.settings.connections import Connection

            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            conversation = await talk(parts, "one", ["first", "the reply"])
            await window.open(conversation.id)
            await window.pane.choose("test", "")
            press(window, Qt.Key.Key_R, CONTROL)
            await until(lambda: "another reply" in shown(window.pane) and "2/2" in shown(window.pane))

    visit(scenario)


def test_copy_keys(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation = await talk(parts, "one", ["first", "Say\n\n```\ncode\nmore\n```"])
        await window.open(conversation.id)
        press(window, Qt.Key.Key_C, CONTROL | SHIFT)
        assert QGuiApplication.clipboard().text() == "Say\n\n```\ncode\nmore\n```"
        press(window, Qt.Key.Key_Semicolon, CONTROL | SHIFT)
        assert QGuiApplication.clipboard().text() == "code\nmore"

    visit(scenario)


def test_the_sidebar_goes_and_comes(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert window.sidebar.isVisible()
        press(window, Qt.Key.Key_B, CONTROL)
        assert not window.sidebar.isVisible()
        press(window, Qt.Key.Key_F9)
        assert window.sidebar.isVisible()

    visit(scenario)


def test_zoom(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        normal = window.pane.composer.input.fontInfo().pointSizeF()
        press(window, Qt.Key.Key_Plus, CONTROL)
        assert window.pane.composer.input.fontInfo().pointSizeF() > normal
        press(window, Qt.Key.Key_Minus, CONTROL)
        press(window, Qt.Key.Key_Minus, CONTROL)
        assert window.pane.composer.input.fontInfo().pointSizeF() < normal
        press(window, Qt.Key.Key_0, CONTROL)
        assert window.pane.composer.input.fontInfo().pointSizeF() == normal
        assert parts.preferences.get("zoom") == 100

    visit(scenario)


def test_rename(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        conversation = await talk(parts, "one", ["first"])
        await window.open(conversation.id)
        press(window, Qt.Key.Key_F2)
        (dialog,) = window.findChildren(QInputDialog)
        assert dialog.textValue() == "one"
        dialog.setTextValue("  A better\ntitle ")
        dialog.accept()
        await until(lambda: window.pane.title.text() == "A better title")
        kept = await (await parts.history).conversation(conversation.id)
        assert kept is not None
        assert kept.title == "A better title"

    visit(scenario)


def test_settings_and_shortcuts_open_without_blocking(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        press(window, Qt.Key.Key_Comma, CONTROL)
        dialog = window.settings_dialog()
        assert dialog is not None
        dialog.reject()
        press(window, Qt.Key.Key_Slash, CONTROL)
        (shortcuts,) = window.findChildren(ShortcutsDialog)
        assert shortcuts.isVisible()
        shortcuts.reject()

    visit(scenario)


def test_control_q_ends_the_program(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        asked: list[bool] = []
        window.quit_requested.connect(lambda: asked.append(True))
        press(window, Qt.Key.Key_Q, CONTROL)
        assert asked == [True]

    visit(scenario)


def test_an_event_that_closes_the_window_is_left_to_the_loop(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        event = QEvent(QEvent.Type.Close)
        assert event.isAccepted()
        assert not window.close()

    visit(scenario)
