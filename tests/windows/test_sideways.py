"""What is wider than the page: code and tables are moved for themselves, the page stays where it is."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QCursor, QHelpEvent, QImage, QMouseEvent, QTextCursor, QTextTable, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolTip

from gui.conversation import Conversation, Message, Role, State
from gui.markdown.document import CARD, CARD_KIND, CARD_PADDING
from gui.windows.transcript import Shown, Transcript
from tests.windows.conftest import Visit, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.windows.areas import Sight
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

LONG = "begin " + "filling " * 40 + "needle end"
CODE = f"Text above.\n\n```python\nshort\n{LONG}\nlast\n```\n\nText below.\n"
HEADER = "|".join(f" column {number} " for number in range(9))
CELL = "some words that wrap in their cell, where there are enough of them"
TABLE = f"Above\n\n|{HEADER}|\n|{'--|' * 9}\n|{f' {CELL} |' * 8} [final](https://a.example/) |\n\nBelow\n"
LONG_TABLE = TABLE.replace("\n\nBelow", f"\n{'|' + ' x |' * 9}" * 40 + "\n\nBelow")


async def opened(window: MainWindow, parts: Parts, *replies: str) -> Transcript:
    """The transcript of a conversation with these replies, at its top."""
    window.resize(900, 700)
    history = await parts.history
    conversation = Conversation("Wide")
    await history.add_conversation(conversation)
    parent = None
    for text in replies:
        message = Message(conversation.id, Role.ASSISTANT, text, parent)
        await history.add_message(message)
        parent = message.id
    await window.open(conversation.id)
    transcript = window.pane.transcript
    transcript.verticalScrollBar().setValue(0)
    await asyncio.sleep(0.05)
    return transcript


def sight_at(transcript: Transcript, text: str) -> Sight:
    sight = transcript.areas.sight_of(transcript.document().find(text).block())
    assert sight is not None, "it fits"
    return sight


def place_of(transcript: Transcript, text: str) -> tuple[QPoint, QPoint]:
    """Where `text` begins and ends before the reader's eyes, in the middle of its line."""
    found = transcript.document().find(text)
    begin = QTextCursor(found)
    begin.setPosition(found.selectionStart())
    shift = QPoint(sight_at(transcript, text).offset, 0)
    return transcript.cursorRect(begin).center() - shift, transcript.cursorRect(found).center() - shift


def wheel(transcript: Transcript, place: QPoint, x: int, y: int, *, shift: bool = False) -> None:
    view = transcript.viewport()
    event = QWheelEvent(
        QPointF(place),
        QPointF(view.mapToGlobal(place)),
        QPoint(),
        QPoint(x, y),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def drag(transcript: Transcript, begin: QPoint, end: QPoint) -> None:
    view = transcript.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=begin)
    for place in ((begin + end) / 2, end):
        move(transcript, place)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def move(transcript: Transcript, place: QPoint) -> None:
    """The pointer, with its left button held."""
    view = transcript.viewport()
    held = Qt.MouseButton.LeftButton
    at = QPointF(view.mapToGlobal(place))
    QCursor.setPos(at.toPoint())  # which Qt asks for while it scrolls by itself
    none = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), at, at, Qt.MouseButton.NoButton, held, none)
    QApplication.sendEvent(view, event)


def picture(transcript: Transcript, area: QRect) -> QImage:
    return transcript.viewport().grab(area).toImage()


def run(visit: Visit, scenario: Callable[[Transcript], object], *replies: str) -> None:
    async def show(window: MainWindow, parts: Parts) -> None:
        transcript = await opened(window, parts, *replies)
        scenario(transcript)
        assert transcript.horizontalScrollBar().maximum() == 0, "the page has no other place"

    visit(show)


def test_a_long_line_of_code_is_one_line_and_stays_within_its_card(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        block = transcript.document().find(LONG).block()
        assert block.layout().lineCount() == 1
        sight = sight_at(transcript, LONG)
        assert sight.overflow > 500
        assert sight.rectangle.right() < transcript.viewport().width() - 12
        beyond = QRect(sight.rectangle.right() + 2, sight.rectangle.top(), 11, sight.rectangle.height())
        colours = {
            picture(transcript, beyond).pixelColor(x, y).name() for x in range(11) for y in range(beyond.height())
        }
        assert colours == {transcript._appearance.colour("base").name()}

    run(visit, scenario, CODE)


def test_wheels_move_code_sideways_and_only_across(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        place, _end = place_of(transcript, "begin")
        wheel(transcript, place, -120, 0)
        assert sight_at(transcript, LONG).offset == 60
        wheel(transcript, place, 0, -120, shift=True)
        assert sight_at(transcript, LONG).offset == 120
        wheel(transcript, place, 0, -120)
        assert sight_at(transcript, LONG).offset == 120
        wheel(transcript, place, 12000, 0)
        assert sight_at(transcript, LONG).offset == 0
        header = QPoint(place.x(), sight_at(transcript, "short").rectangle.top() - 10)
        wheel(transcript, header, -120, 0)
        assert sight_at(transcript, LONG).offset == 60
        wheel(transcript, transcript.cursorRect(transcript.document().find("Text above")).center(), -120, 0)
        assert sight_at(transcript, LONG).offset == 60

    run(visit, scenario, CODE)


def test_what_is_seen_is_the_text_moved(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        sight = sight_at(transcript, LONG)
        inside = sight.rectangle.adjusted(100, 0, -100, 0)
        before = picture(transcript, inside.translated(60, 0))
        above = picture(transcript, QRect(0, 0, 600, sight.rectangle.top() - 40))
        wheel(transcript, sight.rectangle.center(), -120, 0)
        assert picture(transcript, inside) == before
        assert picture(transcript, QRect(0, 0, 600, sight.rectangle.top() - 40)) == above

    run(visit, scenario, CODE)


def test_the_bar_below_is_dragged_to_the_end_and_clicked_back(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        bar = sight_at(transcript, "last")
        assert bar.ends
        drag(transcript, bar.handle.center(), QPoint(bar.bar.right() + 50, bar.bar.center().y()))
        assert sight_at(transcript, LONG).offset == bar.overflow
        assert not transcript.textCursor().hasSelection()
        _begin, end = place_of(transcript, "end")
        assert sight_at(transcript, LONG).rectangle.right() - end.x() < 20, "the end of the longest line is in sight"
        QTest.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=bar.bar.topLeft() + QPoint(1, 2))
        assert sight_at(transcript, LONG).offset == 0

    run(visit, scenario, CODE)


def test_selecting_in_moved_code_takes_what_is_under_the_pointer(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        sight = sight_at(transcript, LONG)
        wheel(transcript, sight.rectangle.center(), -120_000, 0)
        drag(transcript, *place_of(transcript, "needle"))
        assert transcript.textCursor().selectedText() == "needle"
        place, _end = place_of(transcript, "needle")
        QTest.mouseDClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(5, 0))
        assert transcript.textCursor().selectedText() == "needle"
        assert transcript.cursorForPosition(place).position() == transcript.textCursor().selectionStart()

    run(visit, scenario, CODE)


def test_selecting_at_the_edge_goes_on_to_the_end_of_the_line_and_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        transcript = await opened(window, parts, CODE)
        begin, _end = place_of(transcript, "begin")
        sight = sight_at(transcript, LONG)
        view = transcript.viewport()
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=begin)
        move(transcript, QPoint(sight.rectangle.right() + 8, begin.y()))
        await until(lambda: transcript.textCursor().selectedText() == LONG)
        assert sight_at(transcript, LONG).offset > sight.overflow - 60
        move(transcript, QPoint(sight.rectangle.left() - 8, begin.y()))
        await until(lambda: sight_at(transcript, LONG).offset == 0)
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=begin)
        assert transcript.horizontalScrollBar().value() == 0

    visit(scenario)


def test_the_keyboard_takes_code_along(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        begin, _end = place_of(transcript, "begin")
        QTest.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=begin)
        QTest.keyClick(transcript, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
        assert transcript.textCursor().selectedText().endswith("needle end")
        _begin, end = place_of(transcript, "end")
        assert sight_at(transcript, LONG).rectangle.contains(end)
        QTest.keyClick(transcript, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
        assert sight_at(transcript, LONG).offset == 0

    run(visit, scenario, CODE)


def test_the_setting_wraps_long_lines_at_once_and_the_menu_scrolls_them_again(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        transcript = await opened(window, parts, CODE)

        def lines() -> int:
            return transcript.document().find("needle").block().layout().lineCount()

        action = window.actions_by_name["wrap_code"]
        assert not action.isChecked()
        window.open_settings("general")
        dialog = window.settings_dialog()
        assert dialog is not None
        box = dialog.findChild(QComboBox, "setting_long_lines")
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(box.findData("wrap"))
        box.activated.emit(box.currentIndex())
        assert lines() > 1
        assert transcript.areas.sight_of(transcript.document().find("needle").block()) is None
        assert action.isChecked()
        action.trigger()
        assert lines() == 1
        assert parts.preferences.get("long_lines") == "scroll"

    visit(scenario)


def test_a_wide_table_keeps_comfortable_columns_and_its_last_one_can_be_reached(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        sight = sight_at(transcript, "column 0")
        table = QTextCursor(transcript.document().find("column 0")).currentTable()
        xs, _ys = transcript.areas.grid(table)
        assert all(right - left > 150 for left, right in pairwise(xs[:9]))
        cell = table.cellAt(1, 0).firstCursorPosition().block()
        assert 1 < cell.layout().lineCount() < 6, "it wraps, and not to a letter a line"
        drag(transcript, sight.handle.center(), QPoint(sight.bar.right() + 50, sight.bar.center().y()))
        drag(transcript, *place_of(transcript, "final"))
        assert transcript.textCursor().selectedText() == "final"
        assert sight.rectangle.contains(place_of(transcript, "final")[1])
        begin, end = place_of(transcript, "final")
        link = (begin + end) / 2
        assert transcript.anchorAt(link) == "https://a.example/"

    run(visit, scenario, TABLE)


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)  # the offscreen platform, of any tool tip
def test_the_tool_tip_of_a_link_in_a_moved_table_is_its_own(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        wheel(transcript, sight_at(transcript, "column 0").rectangle.center(), -120_000, 0)
        begin, end = place_of(transcript, "final")
        link, view = (begin + end) / 2, transcript.viewport()
        QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, link, view.mapToGlobal(link)))
        assert "https://a.example/" in QToolTip.text()
        QToolTip.hideText()

    run(visit, scenario, TABLE)


def test_the_lines_of_a_table_go_with_its_text(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        sight = sight_at(transcript, "column 0")
        inside = sight.rectangle.adjusted(100, 0, -100, 0)
        before = picture(transcript, inside.translated(60, 0))
        wheel(transcript, sight.rectangle.center(), -120, 0)
        assert picture(transcript, inside) == before

    run(visit, scenario, TABLE)


def test_the_parts_of_a_long_table_move_as_one(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        frames = transcript.document().rootFrame().childFrames()
        tables = [frame for frame in frames if isinstance(frame, QTextTable)]
        assert len(tables) == 3
        wheel(transcript, sight_at(transcript, "column 0").rectangle.center(), -120, 0)
        sights = [transcript.areas.sight_of(table.firstCursorPosition().block()) for table in tables]
        assert [sight.offset for sight in sights if sight is not None] == [60, 60, 60]
        assert [sight.overflow for sight in sights if sight is not None] == [sights[0].overflow] * 3  # type: ignore[union-attr]

    run(visit, scenario, LONG_TABLE)


def test_the_columns_of_a_table_follow_the_width_of_the_page(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        transcript = await opened(window, parts, f"| a | b |\n|--|--|\n| {CELL} | {CELL} |")
        block = transcript.document().find("some words").block()
        rights = []
        for width in (900, 740, 900):
            window.resize(width, 700)
            await asyncio.sleep(0.05)
            assert transcript.areas.sight_of(block) is None, "it fits"
            xs, _ys = transcript.areas.grid(QTextCursor(block).currentTable())
            rights.append(transcript.viewport().width() - xs[-1])
        assert all(abs(right - transcript.document().documentMargin()) < 3 for right in rights)
        window.resize(520, 700)
        await asyncio.sleep(0.05)
        assert transcript.areas.sight_of(block) is not None

    visit(scenario)


def test_the_place_of_code_survives_what_comes_below_and_above(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        reply = Message("c", Role.ASSISTANT, state=State.RUNNING)
        transcript.show_messages([Shown(Message("c", Role.USER, "?"), "You")])
        transcript.add(Shown(reply, "Model"))
        transcript.extend(f"```python\nshort\n{LONG}\n")
        transcript.draw_waiting()
        wheel(transcript, sight_at(transcript, LONG).rectangle.center(), -240, 0)
        for piece in ("more", " code\n", f"{LONG} even longer\n", "```\n\nand ", "text"):
            transcript.extend(piece)
            transcript.draw_waiting()
            assert sight_at(transcript, LONG).offset == 120
        assert sight_at(transcript, "short").overflow == sight_at(transcript, "even longer").overflow
        transcript.prepend(Shown(Message("c", Role.ASSISTANT, CODE.replace("needle", "pin")), "Model"))
        assert sight_at(transcript, "needle").offset == 120
        assert sight_at(transcript, "pin").offset == 0
        transcript.drop_before(reply.id)
        assert sight_at(transcript, "needle").offset == 120

    run(visit, scenario, "before")


def test_the_streaming_cursor_is_where_the_text_ends_or_out_of_sight(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        transcript.add(Shown(Message("c", Role.ASSISTANT, state=State.RUNNING), "Model"))
        transcript.extend(f"```\n{LONG}")
        transcript.draw_waiting()
        end = transcript.textCursor()
        end.movePosition(QTextCursor.MoveOperation.End)
        assert transcript.caret(end).isEmpty()
        assert transcript.reveal(end)
        sight = sight_at(transcript, LONG)
        assert sight.rectangle.contains(transcript.caret(end))
        seen = picture(transcript, sight.rectangle)
        colours = {seen.pixelColor(x, y).name() for x in range(seen.width()) for y in range(seen.height())}
        assert transcript._appearance.colour("accent").name() in colours

    run(visit, scenario, "before")


def test_the_place_of_a_table_survives_its_growing(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        transcript.add(Shown(Message("c", Role.ASSISTANT, state=State.RUNNING), "Model"))
        text = LONG_TABLE.replace("Below", "")
        transcript.extend(text[:800])
        transcript.draw_waiting()
        wheel(transcript, sight_at(transcript, "column 0").rectangle.center(), -240, 0)
        for start in range(800, len(text), 50):
            transcript.extend(text[start : start + 50])
            transcript.draw_waiting()
            assert sight_at(transcript, "column 0").offset == 120
        last = QTextCursor(transcript.document().findBlock(transcript.document().characterCount() - 4))
        assert transcript.areas.sight_of(last.block()) is not None

    run(visit, scenario, "before")


def test_scrolling_the_page_smears_nothing(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        transcript = await opened(window, parts, *[CODE + TABLE] * 4)
        wheel(transcript, sight_at(transcript, LONG).rectangle.center(), -240, 0)
        wheel(transcript, sight_at(transcript, "column 0").rectangle.center(), -600, 0)
        await asyncio.sleep(0.05)
        view = transcript.viewport()

        def seen() -> QImage:
            """What stands in the window; `grab` would paint it anew."""
            whole = window.screen().grabWindow(window.winId()).toImage()
            return whole.copy(QRect(view.mapTo(window, QPoint()), view.size()))

        for step in (37, 5, 260, -120, 61):
            bar = transcript.verticalScrollBar()
            bar.setValue(bar.value() + step)
            await asyncio.sleep(0.05)
            moved = seen()
            view.update()
            await asyncio.sleep(0.05)
            assert seen() == moved

    visit(scenario)


def test_code_is_written_from_left_to_right_beside_text_from_right_to_left(visit: Visit) -> None:
    arabic = "هذا نص من اليمين إلى اليسار"

    def scenario(transcript: Transcript) -> None:
        code = transcript.document().find("# ").block().next()
        assert code.text() == arabic
        assert code.layout().lineAt(0).naturalTextRect().left() == CARD_PADDING
        text = transcript.document().findBlock(transcript.document().characterCount() - 2)
        edge = transcript.areas.rectangle(text).left() + text.layout().lineAt(0).naturalTextRect().right()
        assert abs(edge - (transcript.viewport().width() - transcript.document().documentMargin())) < 3

    run(visit, scenario, f"```python\n{LONG}\n# {arabic}\n{arabic}\n```\n\n{arabic}")


def test_the_bar_of_a_quote_is_one_beside_all_that_is_quoted(visit: Visit) -> None:
    quoted = "first\n\nsecond\n\n- item\n- other\n\n```\ncode\n```\n\n| a | b |\n|--|--|\n| c | d |\n\nend"
    quote = "".join(f"> {line}\n" for line in quoted.split("\n"))

    def scenario(transcript: Transcript) -> None:
        top = transcript.cursorRect(transcript.document().find("first")).top()
        bottom = transcript.cursorRect(transcript.document().find("end")).bottom()
        bar = picture(transcript, QRect(15, top + 2, 1, bottom - top - 6))
        colours = {bar.pixelColor(0, y).name() for y in range(bar.height())}
        assert colours == {QColor(transcript._appearance.colour("quote_bar")).name()}

    run(visit, scenario, quote)


def test_all_code_of_a_card_is_one_area(visit: Visit) -> None:
    """Its bar and its place are those of all of its lines, wherever it is looked at."""

    def scenario(transcript: Transcript) -> None:
        block = transcript.document().find("first line").block()
        assert block.blockFormat().property(CARD_KIND) == "code"
        assert transcript.areas.sight_of(block).overflow == sight_at(transcript, "needle").overflow  # type: ignore[union-attr]
        assert block.blockFormat().intProperty(CARD)

    run(visit, scenario, "```\nfirst line\n" + "x\n" * 200 + f"{LONG}\n```\n")


def test_what_is_marked_stands_out_beside_what_is_wide(visit: Visit) -> None:
    def scenario(transcript: Transcript) -> None:
        asked = Message("c", Role.USER, "?")
        transcript.show_messages([Shown(asked, "You"), Shown(Message("c", Role.ASSISTANT, CODE), "Model")])
        transcript.mark(asked.id)
        assert sight_at(transcript, LONG).overflow
        seen = picture(transcript, transcript.viewport().rect())
        colours = {seen.pixelColor(x, y).name() for x in range(60) for y in range(60)}
        assert transcript._appearance.colour("found").name() in colours

    run(visit, scenario, "before")
