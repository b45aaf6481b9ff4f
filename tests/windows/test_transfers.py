"""Exports and imports in the window."""

from __future__ import annotations

import asyncio
import io
import json
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gui.conversation import Conversation, Folder, Message, Role
from gui.history.incoming import is_left
from gui.history.record import FolderRecord, Record
from gui.transfer.export import Form, Wanted
from gui.windows import progress
from gui.windows.dialogs.export import ExportDialog
from tests.history.imports import samples
from tests.windows.conftest import until

if TYPE_CHECKING:
    import pytest
    from PySide6.QtWidgets import QPushButton

    from gui.history.store import History
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.windows.conftest import Visit


def button(window: MainWindow, text: str) -> QPushButton:
    return next(one for one in window.pane.bar.buttons if one.text() == text)


async def keep(history: History, *titles: str, **more: Any) -> list[Conversation]:
    kept = []
    for title in titles:
        conversation = Conversation(title, **more)
        message = Message(conversation.id, Role.USER, f"said in {title}")
        await history.take_in([Record(conversation, (message,))])
        await history.update_conversation(conversation.id, leaf_id=message.id)
        kept.append(conversation)
    return kept


def listed(dialog: ExportDialog) -> list[str]:
    return [str(dialog.list.model().index(row, 0).data()) for row in range(dialog.list.model().rowCount())]


def test_a_file_is_imported_shown_and_taken_back(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        file = tmp_path / "conversations.json"
        file.write_text(json.dumps(samples.claude()))
        history = await parts.history
        await window.transfers.take_in([file])
        assert window.pane.bar.text == "Chats imported: 2."
        await until(lambda: {"Sums", "Hi"} <= {entry.text for entry in window.sidebar.model.entries})
        button(window, "Undo").click()
        await until(lambda: "in the trash now" in window.pane.bar.text)
        assert await history.conversations() == []
        await until(lambda: "Sums" not in {entry.text for entry in window.sidebar.model.entries})
        await window.transfers.take_in([file])
        assert window.pane.bar.text == (
            "Chats imported: 0. There already: 2. Of these in the trash, where they stay: 2."
        )
        button(window, "Restore").click()
        await until(lambda: {"Sums", "Hi"} <= {entry.text for entry in window.sidebar.model.entries})
        assert len(await history.conversations()) == 2

    visit(use)


def test_the_way_back_stays_when_another_chat_is_opened_and_its_own_message_comes_after_it(
    visit: Visit, tmp_path: Path
) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        (tmp_path / "a.json").write_text(json.dumps(samples.gprochat_page()))
        history = await parts.history
        first, second = await keep(history, "Without a reply", "Another one")
        await window.open(first.id)
        assert window.pane.bar.text == "This message has no reply yet."
        await window.transfers.take_in([tmp_path / "a.json"])
        for one in (second, first):
            await window.open(one.id)
            assert window.pane.bar.text == "Chats imported: 1."
        button(window, "Undo").click()
        await until(lambda: "in the trash now" in window.pane.bar.text)
        await window.open(second.id)
        assert "in the trash now" in window.pane.bar.text
        window.pane.bar._close.click()
        assert window.pane.bar.text == "This message has no reply yet."
        await window.open(first.id)
        window.pane.bar._close.click()
        assert window.pane.bar.text == "", "of the conversation, it is said once"

    visit(use)


def test_how_far_an_import_is_stays_when_another_chat_is_opened(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        monkeypatch.setattr(progress, "INTERVAL", 1)
        file = tmp_path / "a.json"
        one = samples.chatgpt()[0]
        file.write_text(json.dumps([{**one, "conversation_id": f"{number}"} for number in range(3000)]))
        (other,) = await keep(await parts.history, "Another one")
        parts.tasks.spawn(window.transfers.take_in([file]))
        await until(lambda: window.pane.bar.text.startswith("Importing"))
        await window.open(other.id)
        button(window, "Cancel").click()
        await until(lambda: "cancelled" in window.pane.bar.text)

    visit(use)


def test_a_conversation_that_is_taken_back_is_not_left_open(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        (tmp_path / "a.json").write_text(json.dumps(samples.gprochat_page()))
        await window.transfers.take_in([tmp_path / "a.json"])
        (one,) = await (await parts.history).conversations()
        await window.open(one.id, beside=True)
        window.workspace.show_number(1)
        button(window, "Undo").click()
        await until(lambda: "in the trash now" in window.pane.bar.text)
        assert [pane.is_empty for pane in window.panes()] == [True]

    visit(use)


def test_a_file_that_is_refused_is_told_with_the_place(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        data = samples.claude()
        data[0]["chat_messages"][1]["sender"] = "robot"
        (tmp_path / "a.json").write_text(json.dumps(data))
        (tmp_path / "b.json").write_text(json.dumps(samples.gprochat_page()))
        await window.transfers.take_in([tmp_path / "a.json", tmp_path / "b.json"])
        assert window.pane.bar.text == (
            "a.json was not imported: at [0].chat_messages[1].sender, a role was expected. Chats imported: 1."
        )
        assert len(await (await parts.history).conversations()) == 1

    visit(use)


def test_an_import_tells_how_far_it_is_and_can_be_cancelled(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        monkeypatch.setattr("gui.windows.progress.INTERVAL", 1)
        file = tmp_path / "a{0}.json"
        one = samples.chatgpt()[0]
        file.write_text(json.dumps([{**one, "conversation_id": f"{number}"} for number in range(3000)]))
        parts.tasks.spawn(window.transfers.take_in([file]))
        await until(lambda: window.pane.bar.text.startswith("Importing a{0}.json… "))
        button(window, "Cancel").click()
        await until(lambda: "cancelled" in window.pane.bar.text)
        history = await parts.history
        assert await history.record_ids(trash=True) == []
        async with asyncio.timeout(10):  # it is also taken out of the file
            while await history.run(is_left, write=False):
                await asyncio.sleep(0.01)

    visit(use)


def test_a_file_dropped_on_the_window_is_asked_about(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        file = tmp_path / "a.json"
        file.write_text(json.dumps(samples.gprochat_page()))
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        above = QDragEnterEvent(window.rect().center(), *how)
        window.pane.composer.input.dragEnterEvent(above)
        assert not above.isAccepted(), "it is for the window"
        entering = QDragEnterEvent(window.rect().center(), *how)
        window.dragEnterEvent(entering)
        assert entering.isAccepted()
        window.dropEvent(QDropEvent(QPointF(window.rect().center()), *how))
        assert window.pane.bar.text == "Import the chats in a.json?"
        button(window, "Import").click()
        await until(lambda: window.pane.bar.text == "Chats imported: 1.")

    visit(use)


def test_what_is_chosen_is_exported(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        kept = await keep(history, "One", "Two")
        for form in Form:
            file = tmp_path / f"out.{form}"
            await window.transfers.export(Wanted(kept, form, file))
            assert window.pane.bar.text == f"Chats written to {file}: 2."
            assert [one.text() for one in window.pane.bar.buttons] == ["Open folder"]
        assert "said in Two" in (tmp_path / "out.html").read_text()
        with zipfile.ZipFile(tmp_path / "out.pdf") as archive:
            page = PdfReader(io.BytesIO(archive.read(archive.namelist()[1]))).pages[0]
        assert "said in Two" in " ".join(page.extract_text().split())

    visit(use)


def test_the_dialog_lists_chooses_and_filters(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        folder = Folder("Work")
        await history.take_in([FolderRecord(folder)])
        first, _second = await keep(history, "First one", "Second one", folder_id=folder.id)
        await keep(history, "Put away", archived=True)
        dialog = await window.transfers.open_export(first.id)
        chosen: list[Any] = []
        dialog.chosen.disconnect()
        dialog.chosen.connect(lambda *all_of_it: chosen.append(all_of_it))
        assert listed(dialog) == ["Put away", "Second one", "First one"]
        assert dialog.count.text() == "Chosen: 1"
        dialog.search.setText("ONE")
        assert listed(dialog) == ["Second one", "First one"]
        dialog.all.click()
        assert dialog.count.text() == "Chosen: 2"
        dialog.search.clear()
        dialog.folder.setCurrentText("Archive")
        assert listed(dialog) == ["Put away"]
        assert not dialog.all.isChecked()
        dialog.folder.setCurrentText("Work")
        assert listed(dialog) == ["Second one", "First one"]
        box = dialog.list.visualRect(dialog.list.model().index(1, 0))
        QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
        dialog.form.setCurrentText("Web page (HTML)")
        dialog.versions.click()
        dialog.export_button.click()
        ((conversations, form, options),) = chosen
        assert [one.title for one in conversations] == ["Second one", "First one"]
        assert (form, options) == (Form.HTML, {"thoughts": True, "versions": True})

    visit(use)


def test_nothing_chosen_nothing_to_export(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await keep(await parts.history, "One")
        dialog = await window.transfers.open_export("")
        assert not dialog.export_button.isEnabled()
        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
        QTest.keyClick(dialog.list, Qt.Key.Key_Space)
        assert dialog.export_button.isEnabled()
        dialog.reject()

    visit(use)


def test_the_window_stays_free_while_it_exports(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        text = "Some **words** and `code`.\n\n```python\nprint('x')\n```\n\n- item\n- item\n\n" * 40
        items = []
        for number in range(60):
            conversation = Conversation(f"Number {number}")
            message = Message(conversation.id, Role.ASSISTANT, text)
            items.append(Record(Conversation(conversation.title, conversation.id, leaf_id=message.id), (message,)))
        await history.take_in(items)
        exporting = parts.tasks.spawn(
            window.transfers.export(Wanted([one.conversation for one in items], Form.HTML, tmp_path / "a.html"))
        )
        longest, last = 0.0, time.perf_counter()
        while not exporting.done():
            await asyncio.sleep(0)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        assert longest < 0.25

    visit(use)


def test_the_menu_and_the_sidebar_lead_to_the_dialogs(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        (one,) = await keep(await parts.history, "One")
        for ask in (window.actions_by_name["export"].trigger, lambda: window.sidebar.export_requested.emit(one.id)):
            ask()
            await until(lambda: window.findChildren(ExportDialog))
            (dialog,) = window.findChildren(ExportDialog)
            dialog.form.setCurrentText("JSON, complete")
            dialog.all.setChecked(False)
            dialog.all.click()
            dialog.export_button.click()
            await until(lambda: window.findChildren(QFileDialog))
            (where,) = window.findChildren(QFileDialog)
            assert where.defaultSuffix() == "json"
            assert Path(where.selectedFiles()[0]).name == "One.json"
            where.reject()
            await until(lambda: not window.findChildren(QFileDialog) and not window.findChildren(ExportDialog))
        window.actions_by_name["import"].trigger()
        (which,) = window.findChildren(QFileDialog)
        assert which.fileMode() is QFileDialog.FileMode.ExistingFiles
        which.reject()

    visit(use)
