from __future__ import annotations

import asyncio
import base64
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QMouseEvent, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from gui.conversation import Conversation, Message, Role
from gui.errors import ExportFailed, ImageTooLarge, ImageUnreadable
from gui.windows import images as module
from gui.windows.images import SHARPEST, Images, State, decode
from tests.servers.raw import RawServer
from tests.windows.conftest import Visit, until

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.transcript import Transcript

OK = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n%s"
REFUSED = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def encoded(width: int, height: int, kind: str = "PNG", colour: str = "#ff0000") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # type: ignore[call-overload]  # which has its name as a str
    return bytes(buffer.data().data())


def written(data: bytes, kind: str = "png") -> str:
    return f"![a](data:image/{kind};base64,{base64.b64encode(data).decode()})"


async def show(window: MainWindow, parts: Parts, text: str) -> Transcript:
    """A conversation whose one message is `text`."""
    history = await parts.history
    conversation = Conversation("Pictures", connection="local")
    await history.add_conversation(conversation)
    await history.add_message(Message(conversation.id, Role.ASSISTANT, text))
    window.resize(900, 700)
    await window.open(conversation.id)
    transcript = window.pane.transcript
    transcript.grab()
    return transcript


def middle_of_button(transcript: Transcript) -> QPoint:
    """Found as the mouse finds it."""
    for y in range(0, transcript.viewport().height(), 6):
        for x in range(0, transcript.viewport().width(), 10):
            if transcript.pictures.button_at(QPoint(x, y)):
                return QPoint(x + 8, y + 6)
    raise AssertionError("there is no button")


def click(transcript: Transcript) -> None:
    QTest.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=middle_of_button(transcript))


def hover(transcript: Transcript, place: QPoint) -> None:
    """QTest's would run what waits in the loop, inside of the task that calls it."""
    everywhere = QPointF(place), QPointF(transcript.viewport().mapToGlobal(place))
    nothing = Qt.MouseButton.NoButton
    modifiers = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        transcript.viewport(), QMouseEvent(QEvent.Type.MouseMove, *everywhere, nothing, nothing, modifiers)
    )
    assert transcript.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor


def area(transcript: Transcript, address: str) -> tuple[float, float]:
    (place,) = transcript.pictures.places(address)
    rectangle = transcript.pictures._area(place)
    return rectangle.width(), rectangle.height()


def colour_in_sight(transcript: Transcript, colour: str) -> bool:
    image = transcript.viewport().grab().toImage()
    return any(
        image.pixelColor(x, y) == QColor(colour)
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    )


def test_a_remote_image_is_asked_for_when_its_button_is_clicked(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        data = encoded(40, 30)
        async with RawServer([OK % (len(data), data)]) as server:
            address = f"{server.url}/a.png"
            transcript = await show(window, parts, f"see ![a cat]({address})")
            hover(transcript, middle_of_button(transcript))
            QTest.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
            parts.appearance.set_zoom(120)
            await asyncio.sleep(0.2)
            assert server.requests == server.connections == 0
            click(transcript)
            await until(lambda: parts.images.of(address).state is State.SHOWN)
            assert server.requests == 1
            assert area(transcript, address) == (40, 30)
            assert colour_in_sight(transcript, "#ff0000")

    visit(scenario)


def test_what_is_loaded_is_drawn_again_without_being_asked_for(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        data = encoded(40, 30)
        async with RawServer([OK % (len(data), data)]) as server:
            transcript = await show(window, parts, f"![a]({server.url}/a.png)")
            click(transcript)
            await until(lambda: parts.images.of(f"{server.url}/a.png").state is State.SHOWN)
            parts.preferences.set("theme", "dark")
            parts.appearance.apply()
            parts.appearance.set_zoom(150)
            transcript.grab()
            assert colour_in_sight(transcript, "#ff0000")
            await asyncio.sleep(0.05)
            assert server.requests == 1

    visit(scenario)


def test_trouble_stands_in_its_place_and_can_be_tried_again(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        data = encoded(40, 30)
        async with RawServer([REFUSED], [OK % (len(data), data)]) as server:
            address = f"{server.url}/a.png"
            transcript = await show(window, parts, f"![a]({address})")
            click(transcript)
            await until(lambda: parts.images.of(address).state is State.FAILED)
            assert "404" in parts.images.of(address).trouble
            assert not window.pane.bar.isVisible()
            click(transcript)
            await until(lambda: parts.images.of(address).state is State.SHOWN)

    visit(scenario)


def test_it_goes_through_the_proxy_of_the_settings(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        data = encoded(4, 3)
        async with RawServer([OK % (len(data), data)]) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            parts.preferences.set("proxy_mode", "system")
            transcript = await show(window, parts, "![a](http://images.example/a.png)")
            click(transcript)
            await until(lambda: parts.images.of("http://images.example/a.png").state is State.SHOWN)
            assert proxy.heads[0].startswith(b"GET http://images.example/a.png ")

    visit(scenario)


def test_closing_the_window_ends_what_is_loading(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with RawServer([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 60.0]) as server:
            transcript = await show(window, parts, f"![a]({server.url}/a.png)")
            click(transcript)
            await until(lambda: server.requests)
            await parts.tasks.end()
            assert parts.images.of(f"{server.url}/a.png").state is State.WAITING

    visit(scenario)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "bmp"])
def test_an_image_that_came_with_the_text_is_drawn(visit: Visit, kind: str) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        text = written(encoded(60, 50, kind.upper()) + bytes(2000), kind)
        transcript = await show(window, parts, f"so\n\n{text}")
        await until(lambda: any(one.state is State.SHOWN for one in parts.images._pictures.values()))
        ((address, picture),) = parts.images._pictures.items()
        assert picture.size is not None
        assert area(transcript, address) == (60, 50)

    visit(scenario)


def test_a_broken_one_says_so(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        transcript = await show(window, parts, written(encoded(60, 50)[:40]))
        await until(lambda: any(one.state is State.FAILED for one in parts.images._pictures.values()))
        with pytest.raises(AssertionError, match="no button"):
            middle_of_button(transcript)

    visit(scenario)


def test_it_is_as_wide_as_the_page_at_the_most_and_never_wider_than_it_is(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        text = "\n\n".join(written(encoded(*size)) for size in ((3000, 300), (30, 20), (20, 3000)))
        transcript = await show(window, parts, text)
        await until(lambda: [one.state for one in parts.images._pictures.values()] == [State.SHOWN] * 3)
        transcript.grab()
        sizes = {one.size.width(): area(transcript, name) for name, one in parts.images._pictures.items() if one.size}
        page = transcript.document().textWidth() - 2 * transcript.document().documentMargin()
        assert sizes[3000] == pytest.approx((page, page / 10), abs=0.1)
        assert sizes[30] == (30, 20)
        assert sizes[20][1] < transcript.viewport().height()
        window.resize(700, 700)
        await asyncio.sleep(0.05)
        transcript.grab()
        narrow = transcript.document().textWidth() - 2 * transcript.document().documentMargin()
        wide = next(name for name, one in parts.images._pictures.items() if one.size and one.size.width() == 3000)
        assert narrow < page
        assert area(transcript, wide)[0] == pytest.approx(narrow, abs=0.1)

    visit(scenario)


def test_the_reader_stays_where_they_are_when_an_image_above_is_drawn(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        data = encoded(400, 300)
        async with RawServer([OK % (len(data), data)]) as server:
            address = f"{server.url}/a.png"
            lines = "\n\n".join(f"line {number}" for number in range(80))
            transcript = await show(window, parts, f"![a]({address})\n\n{lines}")
            bar = transcript.verticalScrollBar()
            bar.setValue(bar.maximum() // 2)
            before = transcript.cursorForPosition(QPoint(30, 30)).position()
            transcript.image_requested.emit(address)
            await until(lambda: parts.images.of(address).state is State.SHOWN)
            await asyncio.sleep(0.02)
            assert transcript.cursorForPosition(QPoint(30, 30)).position() == before

    visit(scenario)


def test_a_document_reads_nothing_by_itself(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        file = tmp_path / "a.png"
        file.write_bytes(encoded(4, 3))
        transcript = await show(window, parts, f"![a]({file}) ![b]({file.as_uri()}) <img src='{file.as_uri()}'>")
        assert file.name in transcript.toPlainText()
        resource = QTextDocument.ResourceType.ImageResource
        assert not transcript.document().resource(resource.value, QUrl.fromLocalFile(str(file)))
        assert not parts.images._pictures

    visit(scenario)


# -- decoding ---------------------------------------------------------------------------------------------------------


def chunk_of(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_that_says(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk_of(b"IHDR", head) + chunk_of(b"IDAT", zlib.compress(b"")) + chunk_of(b"IEND", b"")
    )


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    with pytest.raises(ImageTooLarge):
        decode(png_that_says(10_000, 5_000))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='file:///etc/passwd'/></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"\x00\x00\x01\x00icon",
        b"BM",
        b"GIF89a",
        b"\xff\xd8\xff",
        png_that_says(0, 0),
        encoded(40, 30)[:60],
    ],
    ids=range(9),
)
def test_what_is_no_picture_is_told(data: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        decode(data)


def test_what_it_is_its_bytes_say() -> None:
    assert decode(encoded(7, 5, "JPEG"))[1].toTuple() == (7, 5)


def test_a_large_one_is_kept_smaller() -> None:
    image, size = decode(encoded(4000, 2000))
    assert size.toTuple() == (4000, 2000)
    assert image.width() * image.height() <= SHARPEST


async def test_the_oldest_go_when_they_are_too_many(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    images = Images()
    monkeypatch.setattr(module, "KEPT", 100 * 100 * 4 * 2)
    names = [
        written(encoded(100, 100, colour=colour)).split("(")[1][:-1] for colour in ("#111111", "#222222", "#333333")
    ]
    for name in names:
        await images.load(name, None)  # type: ignore[arg-type]  # nothing is fetched
    assert [images.of(name).state for name in names] == [State.WAITING, State.SHOWN, State.SHOWN]


def test_by_key_a_picture_is_loaded_copied_and_saved(visit: Visit, tmp_path: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        data = encoded(40, 30)
        async with RawServer([OK % (len(data), data)]) as server:
            transcript = await show(window, parts, f"![Red]({server.url}/a.png) and {written(encoded(8, 8))}")
            pane = window.pane

            def pick(text: str) -> None:
                pane.message_actions.open_menu()
                menu = next(one for one in transcript.findChildren(QMenu) if one.isVisible())
                action = next(one for one in menu.actions() if one.text() == text)
                menu.close()
                action.trigger()

            await pane.step(-1)
            pick("Load image (Red)")
            await until(lambda: parts.images.of(f"{server.url}/a.png").image is not None)
            pick("Copy image (Red)")
            assert QGuiApplication.clipboard().image().size().toTuple() == (40, 30)
            pick("Save image… (Red)")
            dialog = next(one for one in pane.findChildren(QFileDialog) if one.isVisible())
            dialog.selectFile(str(tmp_path / "red.png"))
            dialog.accept()
            await until((tmp_path / "red.png").exists)
            assert QImage(str(tmp_path / "red.png")).pixelColor(3, 3) == QColor("#ff0000")
            await until(lambda: "red.png" in pane.bar.text)
            with pytest.raises(ExportFailed):
                await pane.save_image(f"{server.url}/a.png", tmp_path / "missing" / "a.png")

    visit(scenario)
