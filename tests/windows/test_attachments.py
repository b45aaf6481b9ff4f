"""Attachments in the window: pasted, dropped, chosen, removed, sent, shown, and refused before anything is sent."""

from __future__ import annotations

import asyncio
import base64
import os
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QToolButton

from gui.conversation import Conversation, Message, Role
from gui.errors import AttachmentUnfit
from gui.settings.connections import Connection
from gui.windows.attaching import LONGEST_SIDE, attach, attach_image
from tests.servers.gprochat import GPROChatServer
from tests.servers.openai import OpenAIServer, stream
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_model_file import drop

if TYPE_CHECKING:
    from pathlib import Path

    from gui.conversation import Attachment
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


def picture(width: int = 40, height: int = 20, colour: str = "red") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def test_a_picture_that_is_pasted_is_sent_shown_and_still_there_later(visit: Visit, data_dir: Path) -> None:
    async def send(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(stream("Red.")) as server:
            parts.connections.save(Connection("eye", "Eye", "openai", server.url))
            pane = window.pane
            await pane.choose("eye", "")
            QGuiApplication.clipboard().setImage(picture())
            pane.composer.input.paste()
            await until(lambda: len(pane.composer.attachments) == 1)
            assert pane.composer.button.isEnabled()
            pane.composer.button.click()
            await until(lambda: server.requests)
            (part,) = server.requests[0]["messages"][0]["content"]
            sent = QImage.fromData(base64.b64decode(part["image_url"]["url"].partition(",")[2]))
            assert (sent.width(), sent.height()) == (40, 20)
            await until(lambda: pane.composer.attachments == ())
            await until(lambda: "Red." in shown(pane))

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: window.pane.pages.messages)
        (one,) = window.pane.pages.messages[0].attachments
        address = f"attachment:{one.id}"
        await until(lambda: parts.images.of(address).image is not None)
        assert window.pane.transcript.pictures.places(address)

    visit(send)
    visit(look)


def test_files_that_are_dropped_become_chips_that_can_be_removed(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        for name in ("one.py", "two.md"):
            (tmp_path / name).write_text(f"# {name}\n")
            drop(window, tmp_path / name)
        pane = window.pane
        await until(lambda: len(pane.composer.attachments) == 2)
        strip = pane.composer._strip
        assert strip is not None
        assert strip.isVisible()
        (remove, *_others) = [one for one in strip.findChildren(QToolButton) if one.toolTip() == "Remove"]
        gone = remove.accessibleName().removeprefix("Remove ")
        remove.click()
        assert gone not in [one.name for one in pane.composer.attachments]
        assert len(pane.composer.attachments) == 1

    visit(scenario)


def test_a_connection_without_eyes_says_so_before_anything_is_sent(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer() as server:
            parts.connections.save(Connection("site", "Site", "gprochat", server.url))
            pane = window.pane
            await pane.choose("site", "")
            pane.composer.image_pasted.emit(picture())
            await until(lambda: "Site takes no images" in pane.bar.text)
            pane.bar.dismiss()
            pane.composer.set_text("What is this?")
            pane.composer.button.click()
            await until(lambda: "Site takes no images" in pane.bar.text)
            assert not server.requests
            assert pane.composer.text == "What is this?"
            assert len(pane.composer.attachments) == 1

    visit(scenario)


def test_a_connection_without_eyes_says_so_when_it_takes_over_a_chat_with_images(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            parts.connections.save(Connection("eye", "Eye", "openai", server.url))
            parts.connections.save(Connection("site", "Site", "gprochat", server.url))
            pane = window.pane
            await pane.choose("eye", "")
            pane.composer.image_pasted.emit(picture())
            await until(lambda: pane.composer.attachments)
            await pane.send("look")
            await until(lambda: server.requests and not len(window.replies))
            await pane.choose("site", "")
            assert "Site takes no images: of those in this chat it is told the names." in pane.bar.text

    visit(scenario)


def test_what_cannot_be_attached_is_said(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        (tmp_path / "program.bin").write_bytes(bytes(100))
        drop(window, tmp_path / "program.bin")
        await until(lambda: "program.bin cannot be attached: it is no text." in window.pane.bar.text)
        (tmp_path / "broken.png").write_bytes(b"no picture")
        drop(window, tmp_path / "broken.png")
        await until(lambda: "broken.png cannot be attached: it cannot be read." in window.pane.bar.text)

    visit(scenario)


def test_an_edited_message_has_its_attachments_and_the_draft_its_own(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            parts.connections.save(Connection("eye", "Eye", "openai", server.url))
            pane = window.pane
            await pane.choose("eye", "")
            pane.composer.image_pasted.emit(picture())
            await until(lambda: pane.composer.attachments)
            pane.composer.set_text("look")
            pane.composer.button.click()
            await until(lambda: server.requests and not len(window.replies))
            pane.composer.image_pasted.emit(picture(10, 10))
            await until(lambda: pane.composer.attachments)
            draft = pane.composer.attachments
            pane.edit_last()
            assert pane.composer.attachments == pane.pages.messages[0].attachments
            pane.composer.stop_editing()
            assert pane.composer.attachments == draft

    visit(scenario)


def _has_been_asked(server: OpenAIServer, text: str) -> bool:
    return bool(server.requests) and text in str(server.requests[-1])


def test_an_edited_message_is_sent_with_its_attachments_and_keeps_them(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            parts.connections.save(Connection("eye", "Eye", "openai", server.url))
            pane = window.pane
            await pane.choose("eye", "")
            (tmp_path / "notes.txt").write_text("banana")
            for text in ("look", "look again"):
                if text == "look":
                    pane.attach([tmp_path / "notes.txt"])
                    await until(lambda: pane.composer.attachments)
                else:
                    pane.edit_last()
                pane.composer.set_text(text)
                pane.composer.button.click()
                await until(partial(_has_been_asked, server, text))
                await until(lambda: not len(window.replies))
                assert "banana" in server.requests[-1]["messages"][0]["content"]
            history = await parts.history
            (message, _reply) = await history.branch(pane.conversation.id, pane.pages.messages[-1].id)
            assert [one.name for one in message.attachments] == ["notes.txt"]

    visit(scenario)


def test_what_is_attached_stays_with_its_conversation(visit: Visit, tmp_path: Path) -> None:
    """Another one may be with another server."""

    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        (tmp_path / "secret.txt").write_text("geheim")
        for title in ("One", "Two"):
            chat = Conversation(title, title, connection="local")
            await history.add_message(Message(title, Role.USER, text="hi"), chat)
        pane = window.pane
        for title in ("One", "Two"):
            await window.open(title)
            if title == "One":
                pane.attach([tmp_path / "secret.txt"])
                await until(lambda: pane.composer.attachments)
                pane.attach([tmp_path / "secret.txt"])  # and is read when the other one is shown
        await pane._attachments.settled()
        assert (pane.conversation.id, pane.composer.attachments) == ("Two", ())
        window.new_chat()
        assert window.pane.composer.attachments == ()
        await window.open("Two")
        await window.open("One")
        assert [one.name for one in pane.composer.attachments] == ["secret.txt", "secret.txt"]
        window.close_pane(window.tabs.indexOf(pane))
        await window.open("One")
        assert len(window.pane.composer.attachments) == 2

    visit(scenario)


def test_a_large_picture_that_is_pasted_does_not_hold_the_window_up(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = threading.Event()

    def slow(image: QImage, name: str) -> Attachment:
        late.wait(5)
        return attach_image(image, name)

    monkeypatch.setattr("gui.windows.attaching.attach_image", slow)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        window.pane.composer.image_pasted.emit(picture())
        assert window.pane.composer.attachments == ()
        late.set()
        await until(lambda: [one.name for one in window.pane.composer.attachments] == ["image.png"])

    visit(scenario)


def test_a_file_that_cannot_go_along_keeps_no_other_one_back(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        files = [tmp_path / f"{number}.txt" for number in range(9)]
        for number, file in enumerate(files):
            file.write_bytes(b"text" if number % 4 else bytes(9))
        drop(window, *files)
        await until(lambda: "8.txt cannot be attached" in window.pane.bar.text)
        assert "0.txt cannot be attached" in window.pane.bar.text
        assert [one.name for one in window.pane.composer.attachments] == [f"{n}.txt" for n in (1, 2, 3, 5, 6, 7)]

    visit(scenario)


def test_files_of_histories_that_come_with_others_are_attached_like_these(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        for name in ("one.py", "two.json", "three.html"):
            (tmp_path / name).write_text("{}")
        drop(window, tmp_path / "one.py", tmp_path / "two.json", tmp_path / "three.html")
        await until(lambda: len(window.pane.composer.attachments) == 3)
        window.pane.composer.set_attachments(())
        drop(window, tmp_path / "two.json")
        await until(lambda: "Import the chats in two.json?" in window.pane.bar.text)
        next(button for button in window.pane.bar.buttons if button.text() == "Attach").click()
        await until(lambda: [one.name for one in window.pane.composer.attachments] == ["two.json"])

    visit(scenario)


def test_a_message_waits_for_what_is_to_go_along(visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large file that takes a while; and where that cannot go along, nothing is sent."""
    late = threading.Event()

    def slow(file: Path) -> Attachment:
        late.wait(5)
        return attach(file)

    monkeypatch.setattr("gui.windows.attaching.attach", slow)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            parts.connections.save(Connection("eye", "Eye", "openai", server.url))
            pane = window.pane
            await pane.choose("eye", "")
            for name, content in (("bad.txt", bytes(9)), ("good.txt", b"banana")):
                late.clear()
                (tmp_path / name).write_bytes(content)
                pane.attach([tmp_path / name])
                pane.composer.set_text("look")
                pane.composer.button.click()
                pane.composer.button.click()
                await until(lambda: pane.bar.text.startswith("Reading"))
                assert name in pane.bar.text
                late.set()
                if name == "bad.txt":
                    await until(lambda: "bad.txt cannot be attached" in pane.bar.text)
            await until(lambda: server.requests and not len(window.replies))
            assert len(server.requests) == 1
            assert "banana" in server.requests[0]["messages"][0]["content"]

    visit(scenario)


def test_a_message_that_waits_is_not_sent_to_the_conversation_that_is_shown_meanwhile(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = threading.Event()

    def slow(file: Path) -> Attachment:
        late.wait(5)
        return attach(file)

    monkeypatch.setattr("gui.windows.attaching.attach", slow)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        (tmp_path / "secret.txt").write_text("geheim")
        for title in ("One", "Two"):
            chat = Conversation(title, title, connection="local")
            await history.add_message(Message(title, Role.USER, text="hi"), chat)
        pane = window.pane
        await window.open("One")
        pane.attach([tmp_path / "secret.txt"])
        pane.composer.set_text("for one alone")
        sending = asyncio.ensure_future(pane.send("for one alone"))
        await asyncio.sleep(0)
        await window.open("Two")
        late.set()
        await sending
        assert [one.text for one in await history.branch("Two")] == ["hi"]
        await window.open("One")
        assert pane.composer.text == "for one alone"
        assert len(pane.composer.attachments) == 1

    visit(scenario)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("old.txt", "Привет, мир".encode("cp1251"), "not in UTF-8"),
        ("picture.heic", b"\0\0\0\x18ftypheic", "save it as PNG or JPEG"),
        ("folder", None, "it cannot be read"),
    ],
)
def test_why_a_file_cannot_be_attached(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    file = tmp_path / name
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(AttachmentUnfit, match=reason):
        attach(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none here")
@pytest.mark.parametrize("name", ["pipe.txt", "pipe.png"])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(AttachmentUnfit, match="it cannot be read"):
        attach(tmp_path / name)


def test_a_name_cannot_turn_its_ending_around_nor_begin_a_line(tmp_path: Path) -> None:
    for name in ("in\u202egpj.txt", "one\nother: said.txt"):
        (tmp_path / name).write_text("x")
        assert attach(tmp_path / name).name == name.replace("\u202e", "_").replace("\n", "_")


def test_a_picture_is_one_whatever_it_is_called(tmp_path: Path) -> None:
    picture().save(str(tmp_path / "picture"), "png")  # type: ignore[call-overload]
    (tmp_path / "BMW.txt").write_text("BMW")
    assert attach(tmp_path / "picture").is_image
    assert attach(tmp_path / "BMW.txt").text == "BMW"


def test_large_images_are_scaled_and_what_shines_through_stays_so() -> None:
    large = attach_image(picture(4000, 1000), "large.png")
    clear = QImage(10, 10, QImage.Format.Format_ARGB32)
    clear.fill(QColor(255, 0, 0, 0))

    image = QImage.fromData(large.content)
    assert (image.width(), image.height()) == (LONGEST_SIDE, LONGEST_SIDE // 4)
    assert attach_image(clear, "clear.png").type == "image/png"
    assert QImage.fromData(attach_image(clear, "clear.png").content).pixelColor(0, 0).alpha() == 0


def test_text_that_is_pasted_is_text(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        data = QMimeData()
        data.setText("words")
        data.setImageData(picture())  # as a table of an office program comes
        window.pane.composer.input.insertFromMimeData(data)
        assert window.pane.composer.text == "words"
        assert not window.pane.composer.attachments

    visit(scenario)
