"""The list of conversations: folders, the archive, the trash, orders, keys, dragging; and a very long one."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QPushButton

from gui.conversation import Conversation, Folder, Message, Role, now
from gui.history import rows
from gui.history.database import open_database, transaction
from gui.history.listing import View
from gui.history.store import History
from gui.windows.conversations_model import MIME
from tests.windows.conftest import Visit, until

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QAbstractButton

    from gui.windows.conversation_list import ConversationList
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


async def fill(
    window: MainWindow, parts: Parts, *titles: str, folder: str = "", **values: object
) -> list[Conversation]:
    """Conversations, the first one the newest; in a new folder where one is named."""
    history = await parts.history
    kept = Folder(folder) if folder else None
    if kept:
        await history.add_folder(kept)
    moment = now()
    made = [
        Conversation(title, updated_at=moment - number, folder_id=kept and kept.id, **values)  # type: ignore[arg-type]
        for number, title in enumerate(titles)
    ]
    for conversation in made:
        await history.add_conversation(conversation)
    await window.browsing.list_all()
    return made


def texts(window: MainWindow) -> list[str]:
    return [entry.text for entry in window.sidebar.model.entries]


def click(shown: ConversationList, text: str, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(shown.viewport(), LEFT, modifier, middle(shown, text))


def middle(shown: ConversationList, text: str) -> QPoint:
    row = [entry.text for entry in shown.conversations.entries].index(text)
    return shown.visualRect(shown.conversations.index(row)).center()


def press(shown: ConversationList, key: Qt.Key) -> None:
    QTest.keyClick(shown, key)


def open_menu(shown: ConversationList, text: str) -> None:
    place = middle(shown, text)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.RightButton, NONE, place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, shown.viewport().mapToGlobal(place))
    shown.contextMenuEvent(event)


async def choose(window: MainWindow, *names: str) -> None:
    """From the menu that is open."""
    await until(lambda: any(menu.isVisible() for menu in window.sidebar.list.findChildren(QMenu)))
    menu = next(one for one in window.sidebar.list.findChildren(QMenu) if one.isVisible())
    for name in names[:-1]:
        menu = next(one.menu() for one in menu.actions() if one.text() == name)  # type: ignore[assignment]
    next(one for one in menu.actions() if one.text().split("\t")[0] == names[-1]).trigger()
    for one in window.sidebar.list.findChildren(QMenu):
        one.close()


def undo(window: MainWindow) -> None:
    next(one for one in window.pane.bar.buttons if one.text() == "Undo").click()


def button(box: QMessageBox, text: str) -> QAbstractButton:
    return next(one for one in box.buttons() if one.text() == text)


def test_several_are_moved_to_a_folder_by_the_menu_and_back_by_undo(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await fill(window, parts, "inside", folder="Work")
        await fill(window, parts, "a", "b", "c")
        shown = window.sidebar.list
        click(shown, "a", CONTROL)
        click(shown, "b", SHIFT)
        open_menu(shown, "b")
        await choose(window, "Move to", "Work")
        await until(lambda: texts(window) == ["Work", "a", "b", "inside", "Today", "c"])
        assert window.pane.bar.text == "Moved to “Work”."
        undo(window)
        await until(lambda: texts(window) == ["Work", "inside", "Today", "a", "b", "c"])

    visit(use)


def test_what_is_dragged_onto_a_folder_is_in_it(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await fill(window, parts, folder="Work")
        await fill(window, parts, "a", "b")
        shown = window.sidebar.list
        click(shown, "b", CONTROL)

        def drop(text: str) -> None:
            place = middle(shown, text)
            data = QMimeData()
            data.setData(MIME, b"")
            move = Qt.DropAction.MoveAction
            shown.dragEnterEvent(QDragEnterEvent(place, move, data, LEFT, NONE))
            shown.dragMoveEvent(QDragMoveEvent(place, move, data, LEFT, NONE))
            assert shown.rows.dropping >= 0, "it is shown where it would go"
            shown.dropEvent(QDropEvent(QPointF(place), move, data, LEFT, NONE))

        drop("Work")
        await until(lambda: texts(window) == ["Work", "b", "Today", "a"])
        click(shown, "b", CONTROL)
        click(shown, "b", CONTROL)
        drop("a")
        await until(lambda: texts(window) == ["Work", "Today", "a", "b"])

    visit(use)


def test_a_folder_is_made_renamed_and_deleted_and_nothing_in_it_is_lost(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await fill(window, parts, "a", "b")
        shown = window.sidebar.list

        def answer(text: str) -> None:
            dialog = window.findChildren(QInputDialog)[-1]
            dialog.setTextValue(text)
            dialog.accept()

        click(shown, "a", CONTROL)
        open_menu(shown, "a")
        await choose(window, "Move to", "New folder…")
        answer(" My\nfolder ")
        await until(lambda: texts(window) == ["My folder", "a", "Today", "b"])
        shown.setCurrentIndex(shown.conversations.index(0))
        press(shown, Qt.Key.Key_F2)
        answer("Other")
        await until(lambda: texts(window)[0] == "Other")
        shown.setCurrentIndex(shown.conversations.index(0))
        press(shown, Qt.Key.Key_Delete)
        await until(lambda: texts(window) == ["Today", "a", "b"])
        undo(window)
        await until(lambda: texts(window) == ["Other", "a", "Today", "b"])

    visit(use)


def test_a_closed_folder_stays_closed_at_the_next_start(visit: Visit) -> None:
    async def close(window: MainWindow, parts: Parts) -> None:
        await fill(window, parts, "a", folder="Work")
        click(window.sidebar.list, "Work")
        await until(lambda: texts(window) == ["Work"])

    async def open_it(window: MainWindow, parts: Parts) -> None:
        assert texts(window) == ["Work"]
        shown = window.sidebar.list
        shown.setCurrentIndex(shown.conversations.index(0))
        press(shown, Qt.Key.Key_Right)
        await until(lambda: texts(window) == ["Work", "a"])
        press(shown, Qt.Key.Key_Left)
        await until(lambda: texts(window) == ["Work"])

    visit(close)
    visit(open_it)


def test_what_is_archived_has_a_view_of_its_own_and_comes_back(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await fill(window, parts, "a", "b")
        shown = window.sidebar.list
        click(shown, "a", CONTROL)
        open_menu(shown, "a")
        await choose(window, "Archive")
        await until(lambda: texts(window) == ["Today", "b"])
        window.sidebar._buttons.archive.click()
        await until(lambda: texts(window) == ["a"])
        open_menu(shown, "a")
        await choose(window, "Back to the chats")
        await until(lambda: texts(window) == [])
        window.sidebar._bar.back.click()
        await until(lambda: texts(window) == ["Today", "a", "b"])

    visit(use)


def test_several_are_deleted_by_a_key_and_all_of_them_come_back_by_undo(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        made = await fill(window, parts, "a", "b", "c")
        await window.open(made[1].id)
        shown = window.sidebar.list
        click(shown, "a", CONTROL)
        click(shown, "b", SHIFT)
        press(shown, Qt.Key.Key_Delete)
        await until(lambda: texts(window) == ["Today", "c"])
        assert window.pane.bar.text == "Deleted chats: 2."
        assert window.pane.is_empty, "what was open is closed"
        undo(window)
        await until(lambda: texts(window) == ["Today", "a", "b", "c"])

    visit(use)


def test_the_trash_says_how_long_it_keeps_and_gives_back_or_removes(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        made = await fill(window, parts, "a", "b", "c")
        await window.browsing.delete([one.id for one in made])
        window.sidebar._buttons.trash.click()
        await until(lambda: sorted(texts(window)) == ["a", "b", "c"])
        shown = window.sidebar.list
        assert {entry.place for entry in shown.conversations.entries} == {"Days left: 30"}
        open_menu(shown, "a")
        await choose(window, "Restore")
        await until(lambda: sorted(texts(window)) == ["b", "c"])

        click(shown, "b")
        press(shown, Qt.Key.Key_Delete)
        await until(lambda: window.findChildren(QMessageBox))
        button(window.findChildren(QMessageBox)[-1], "Delete for good").click()
        await until(lambda: texts(window) == ["c"])

        await until(lambda: not window.findChildren(QMessageBox))
        window.sidebar._bar.empty.click()
        await until(lambda: window.findChildren(QMessageBox))
        button(window.findChildren(QMessageBox)[-1], "Cancel").click()
        assert texts(window) == ["c"]
        await until(lambda: not window.findChildren(QMessageBox))
        window.sidebar._bar.empty.click()
        await until(lambda: window.findChildren(QMessageBox))
        button(window.findChildren(QMessageBox)[-1], "Delete for good").click()
        await until(lambda: texts(window) == [])
        window.sidebar._bar.back.click()
        await until(lambda: texts(window) == ["Today", "a"])

    visit(use)


def test_what_was_chosen_is_what_is_deleted_even_if_rows_move_meanwhile(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        await fill(window, parts, "a", "b")
        shown = window.sidebar.list
        open_menu(shown, "a")
        await until(lambda: any(menu.isVisible() for menu in shown.findChildren(QMenu)))
        await history.add_conversation(Conversation("came meanwhile", updated_at=now() + 1))
        await choose(window, "Delete")
        await until(lambda: texts(window) == ["Today", "came meanwhile", "b"])

    visit(use)


def test_what_was_chosen_is_what_is_removed_for_good_even_if_more_is_deleted_meanwhile(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        kept, gone = await fill(window, parts, "kept", "gone")
        await history.delete_conversation(gone.id)
        window.sidebar._buttons.trash.click()
        await until(lambda: texts(window) == ["gone"])
        shown = window.sidebar.list
        click(shown, "gone", CONTROL)
        press(shown, Qt.Key.Key_Delete)
        await until(lambda: window.findChildren(QMessageBox))
        await history.delete_conversation(kept.id)
        button(window.findChildren(QMessageBox)[0], "Delete for good").click()
        await until(lambda: texts(window) == ["kept"])

    visit(use)


@pytest.mark.parametrize("ticked", [True, False])
def test_what_is_deleted_for_good_is_in_no_file_of_the_data_folder(visit: Visit, data_dir: Path, ticked: bool) -> None:
    def traces() -> list[Path]:
        return [one for one in data_dir.rglob("*") if one.is_file() and b"xyzzyplugh" in one.read_bytes()]

    async def use(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        (chat,) = await fill(window, parts, "About xyzzyplugh")
        await history.add_message(Message(chat.id, Role.USER, "xyzzyplugh " * 900))
        assert await history.snapshot()
        aside = data_dir / "history-damaged-2026-03-01-000000.sqlite3"
        aside.write_bytes(b"xyzzyplugh")
        await window.open(chat.id)
        window.pane.composer.set_text("and more of xyzzyplugh")
        window.remembering.keep()
        await window.browsing.delete([chat.id])
        window.pane.bar.dismiss()
        assert len(traces()) >= 4

        window.browsing.ask_to_empty()
        await until(lambda: window.findChildren(QMessageBox))
        (box,) = window.findChildren(QMessageBox)
        assert "snapshots" in box.text()
        if not ticked:
            box.checkBox().click()
        button(box, "Delete for good").click()
        await until(lambda: traces() == ([] if ticked else [aside]))

    visit(use)


def test_what_was_in_the_trash_for_too_long_is_removed_after_the_start(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.windows.browsing.EXPIRY_DELAY", 50)

    async def delete(window: MainWindow, parts: Parts) -> None:
        (old,) = await fill(window, parts, "old")
        history = await parts.history
        monkeypatch.setattr("gui.history.store.now", lambda: now() - 31 * 86_400_000)
        await history.delete_conversation(old.id)
        monkeypatch.setattr("gui.history.store.now", now)

    async def look(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        while await history.sections(View.TRASH, window.browsing.order):
            await window.browsing.list_all()

    visit(delete)
    visit(look)


def test_the_order_is_chosen_and_remembered(visit: Visit) -> None:
    async def choose_it(window: MainWindow, parts: Parts) -> None:
        await fill(window, parts, "c", "a", "Б", "b")
        assert texts(window) == ["Today", "c", "a", "Б", "b"]
        menu = window.sidebar.menu()
        next(one for one in menu.actions() if one.text() == "By title").trigger()
        await until(lambda: texts(window) == ["By title", "a", "b", "c", "Б"])

    async def look(window: MainWindow, parts: Parts) -> None:
        assert texts(window) == ["By title", "a", "b", "c", "Б"]
        assert [one.isChecked() for one in window.sidebar.menu().actions()[:3]] == [False, False, True]

    visit(choose_it)
    visit(look)


def test_keys_go_through_the_list_open_and_rename(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await fill(window, parts, "apple", "banana", "apricot")
        shown = window.sidebar.list
        shown.setFocus()
        press(shown, Qt.Key.Key_Down)
        QTest.keyClicks(shown, "apr")
        press(shown, Qt.Key.Key_Return)
        await until(lambda: window.pane.conversation.title == "apricot")
        shown.setFocus()
        press(shown, Qt.Key.Key_Up)
        press(shown, Qt.Key.Key_F2)
        (dialog,) = window.findChildren(QInputDialog)
        assert dialog.textValue() == "banana"
        dialog.reject()
        shown.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
        await choose(window, "Pin")
        await until(lambda: texts(window) == ["Pinned", "banana", "Today", "apple", "apricot"])

    visit(use)


def test_what_another_process_wrote_is_there_when_one_comes_back_to_the_window(visit: Visit, data_dir: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await fill(window, parts, "mine")
        window.activateWindow()
        await until(window.isActiveWindow)
        other = await History.open(data_dir / "history.sqlite3")
        await other.add_conversation(Conversation("theirs", updated_at=now() - 1000))
        await other.close()
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))
        await until(lambda: texts(window) == ["Today", "mine", "theirs"])

    visit(use)


def test_what_another_program_called_a_chat_takes_one_line(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        (made,) = await fill(window, parts, "two\n\tlines", folder=" ")
        assert texts(window) == ["Folder without a name", "two lines"]
        await window.open(made.id)
        assert window.pane.title.text() == window.workspace.group.tabText(0) == "two lines"
        (hit,) = await (await parts.history).search("lines")
        assert "".join(text for text, _found in hit.snippet) == "two lines"

    visit(use)


def test_home_end_and_escape_go_to_the_ends_and_out_of_the_trash(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        made = await fill(window, parts, "a", "b", "c", "")
        shown = window.sidebar.list
        for key, text in ((Qt.Key.Key_End, "New chat"), (Qt.Key.Key_Home, "a")):
            press(shown, key)
            assert texts(window)[shown.currentIndex().row()] == text
        QTest.keyClick(shown, Qt.Key.Key_End, SHIFT)
        assert shown.chosen_now().count == 4
        await window.browsing.delete([made[3].id])
        assert window.pane.bar.text == "“New chat” was deleted."
        window.sidebar._buttons.trash.click()
        await until(lambda: texts(window) == ["New chat"])
        press(shown, Qt.Key.Key_Escape)
        await until(lambda: texts(window) == ["Today", "a", "b", "c"])

    visit(use)


def test_a_click_opens_and_one_with_a_modifier_chooses(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        made = await fill(window, parts, "a", "b")
        shown = window.sidebar.list
        click(shown, "b")
        await until(lambda: window.pane.conversation.id == made[1].id)
        click(shown, "a", CONTROL)
        assert shown.chosen_now().count == 2
        assert window.pane.conversation.id == made[1].id

    visit(use)


def test_any_place_of_a_very_long_list_is_a_scroll_away(visit: Visit, data_dir: Path) -> None:
    connection = open_database(data_dir / "history.sqlite3", patience=1)
    with closing(connection), transaction(connection, write=True):
        for number in range(5000):
            moment = now() - number * 6 * 3_600_000
            rows.add_conversation(connection, Conversation(f"Chat {number}", updated_at=moment))

    async def use(window: MainWindow, parts: Parts) -> None:
        shown = window.sidebar.list
        model = shown.conversations
        assert model.rowCount() > 4000
        bar = shown.verticalScrollBar()
        bar.setValue(bar.maximum())
        last = model.rowCount() - 1
        await until(lambda: model.entry(last).conversation)
        assert shown.visualRect(model.index(last)).bottom() <= shown.viewport().height()
        bar.setValue(bar.maximum() // 2)
        place = bar.value()
        row = shown.rowAt(shown.viewport().height() // 2)
        await until(lambda: model.entry(row).conversation)
        middle = model.entry(row).conversation
        assert middle is not None
        history = await parts.history
        await history.update_conversation(middle.id, title="Renamed")
        changed = await history.conversation(middle.id)
        assert changed is not None
        began = time.perf_counter()
        model.put([changed])
        assert time.perf_counter() - began < 0.05
        assert any(entry.text == "Renamed" for entry in map(model.entry, range(*shown.rows_in_sight())))
        await window.browsing.list_all()
        assert bar.value() == place

        QTest.keyClicks(shown, "chat 4321")
        await until(lambda: model.entry(shown.currentIndex().row()).text == "Chat 4321")
        assert shown.visualRect(shown.currentIndex()).intersects(shown.viewport().rect())
        QTest.keyClicks(shown, "?")
        press(shown, Qt.Key.Key_Return)
        await until(lambda: window.pane.conversation.title == "Chat 4321", 3)

        shown.selectAll()
        chosen = shown.chosen_now()
        assert chosen.count == 5000
        assert len(set((await window.browsing._known(chosen)).ids)) == 5000, "also of those that were never seen"

    visit(use)


def test_the_buttons_of_the_views_are_named(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        names = [one.accessibleName() or one.text() for one in window.sidebar.findChildren(QPushButton)]
        assert names[0] == "New chat"
        assert window.sidebar.more_button.accessibleName() == "Order and folders"

    visit(use)
