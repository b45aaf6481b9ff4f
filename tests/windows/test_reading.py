"""Reading a long conversation: pages above and below, nothing moving before the reader's eyes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor, QTextFormat
from PySide6.QtTest import QTest

from gui.conversation import Conversation, Message, Role, State
from gui.markdown.document import BULLET_WIDTH, CARD, MESSAGE
from gui.settings.connections import Connection
from gui.windows.pages import MOST, PAGE
from gui.windows.transcript import Shown, Transcript
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.history.store import History
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

REPLIES = (
    "Some **bold** words and a list:\n\n- one\n- two\n\n> quoted",
    "```python\na = 1\n\n```\n\nand\n\n| a | b |\n|--|--|\n| c | d |",
    "| a | b |\n|--|--|\n| table | alone |",
    "Code at the end:\n\n```\nx\n\n\n```",
    "",
)


def line(count: int) -> list[Message]:
    """Questions and replies in turn, of all shapes; each the parent of the next."""
    conversation = Conversation("Long")
    messages: list[Message] = []
    for number in range(count):
        role = Role.ASSISTANT if number % 2 else Role.USER
        text = f"said {number:04}\n" if role is Role.USER else REPLIES[number // 2 % len(REPLIES)]
        state = State.STOPPED if number % 7 == 1 else State.COMPLETE
        parent = messages[-1].id if messages else None
        messages.append(Message(conversation.id, role, text, parent, state=state))
    return messages


async def keep(history: History, messages: Sequence[Message]) -> Conversation:
    conversation = Conversation("Long", id=messages[0].conversation_id)
    await history.add_conversation(conversation)
    for message in messages:
        await history.add_message(message)
    return conversation


def blocks(transcript: Transcript) -> list[object]:
    """All that is drawn, without the numbers of cards, which only have to differ."""
    found: list[object] = []
    block = transcript.document().firstBlock()
    numbers: dict[int, int] = {}
    while block.isValid():
        look = block.blockFormat()
        card = look.intProperty(CARD)
        kept = {key: value for key, value in look.properties().items() if key != CARD}
        if look.hasProperty(MESSAGE):  # to whole pixels
            kept[QTextFormat.Property.BlockTopMargin] = int(look.topMargin())
        found.append((block.text(), kept, numbers.setdefault(card, len(numbers))))
        block = block.next()
    return found


def test_zoom_and_width_leave_the_reader_at_the_same_words(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        text = "\n\n".join(f"Paragraph {number} of words, " + "and some more of them " * 9 for number in range(30))
        messages = [replace(one, text=text) for one in line(8)]
        await window.open((await keep(history, messages)).id)
        transcript = window.pane.transcript
        bar = transcript.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)

        def at_the_top() -> int:
            return transcript.cursorForPosition(QPoint(0, 0)).block().blockNumber()

        before = at_the_top()
        for zoom in (125, 150, 100):
            parts.appearance.set_zoom(zoom)
            assert at_the_top() == before
        for width in (700, 620, 1100):
            window.resize(width, 700)
            await asyncio.sleep(0.05)
            assert at_the_top() == before

    visit(scenario)


def test_what_is_drawn_above_is_as_if_all_had_been_drawn_at_once(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        said = [Shown(message, "Author") for message in line(24)]
        whole, grown = Transcript(parts.appearance), Transcript(parts.appearance)
        for one in (whole, grown):
            one.resize(700, 500)
        whole.show_messages(said)
        grown.show_messages(said[-2:])
        for older in reversed(said[:-2]):
            grown.prepend(older)

        assert blocks(grown) == blocks(whole)
        grown.drop_before(said[10].message.id)
        whole.show_messages(said[10:])
        assert blocks(grown) == blocks(whole)
        whole.deleteLater()
        grown.deleteLater()

    visit(scenario)


def test_keys_go_to_the_first_message_of_the_conversation_and_back_to_the_last(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await keep(await parts.history, line(300))).id)
        pane, transcript = window.pane, window.pane.transcript
        for _again in range(2):
            QTest.keyClick(transcript, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
            await until(lambda: "said 0000" in shown(pane))
            await asyncio.sleep(0.05)
            assert transcript.verticalScrollBar().value() == 0
            assert transcript.textCursor().position() == 0
            assert transcript.headings.in_sight(last=False) == pane.pages.window[0].id
            assert "said 0298" not in shown(pane)
            QTest.keyClick(transcript, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
            await until(lambda: "said 0298" in shown(pane))
            assert transcript.verticalScrollBar().value() == transcript.verticalScrollBar().maximum()
            assert transcript.textCursor().atEnd()
        transcript.moveCursor(QTextCursor.MoveOperation.Left)
        QTest.keyClick(transcript, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        assert transcript.textCursor().atEnd()

    visit(scenario)


def test_scrolling_up_to_the_first_message_moves_nothing_and_jumping_back_lets_go(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        said = line(300)
        await window.open((await keep(await parts.history, said)).id)
        pane, transcript = window.pane, window.pane.transcript
        bar = transcript.verticalScrollBar()
        assert "said 0298" in shown(pane)
        assert "said 0248" not in shown(pane)
        drifts = []
        draw = transcript.prepend

        def prepend(one: Shown) -> None:
            middle = transcript.cursorForPosition(QPoint(100, 200))
            before = transcript.cursorRect(middle)
            draw(one)
            drifts.append(transcript.cursorRect(middle).translated(-before.topLeft()).topLeft())

        transcript.prepend = prepend  # type: ignore[method-assign, assignment]
        while "said 0000" not in shown(pane):
            bar.setValue(0)
            await asyncio.sleep(0.01)
        assert len(drifts) == 250
        assert set(drifts) == {QPoint(0, 0)}
        transcript.jump.click()
        assert "said 0248" not in shown(pane)
        assert bar.value() == bar.maximum()

    visit(scenario)


def test_a_selection_and_the_place_survive_a_streaming_reply_and_older_messages(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        words = [f"**word{number}** " for number in range(100)]
        async with GPROChatServer(Reply(*words, delay=0.01)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            await window.open((await keep(await parts.history, line(121))).id)
            pane, transcript = window.pane, window.pane.transcript
            await pane.choose("test", "")
            await pane.regenerate()
            await until(lambda: "word3" in shown(pane))
            cursor = transcript.document().find("said 0110")
            transcript.setTextCursor(cursor)
            transcript.verticalScrollBar().setValue(0)
            top = transcript.cursorForPosition(QPoint(50, 100))
            place = transcript.cursorRect(top).top()
            await until(lambda: "said 0040" in shown(pane))
            assert transcript.streaming
            assert transcript.textCursor().selectedText() == "said 0110"
            assert transcript.cursorRect(top).top() == place
            await until(lambda: not len(window.replies))
            assert transcript.textCursor().selectedText() == "said 0110"
            assert shown(pane).endswith("".join(words).replace("**", "").strip())

    visit(scenario)


def test_a_message_far_above_is_revealed_and_the_reader_can_go_on_from_there(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        said = line(400)
        await window.open((await keep(await parts.history, said)).id)
        pane, transcript = window.pane, window.pane.transcript
        bar = transcript.verticalScrollBar()
        assert await pane.reveal(said[100].id)
        at = transcript.document().find("said 0100")
        assert 0 <= transcript.cursorRect(at).top() < transcript.viewport().height() // 2
        assert "said 0398" not in shown(pane)
        assert pane.last_reply() == said[-1], "the conversation still ends where it ends"
        end = asyncio.get_running_loop().time() + 10
        while "said 0398" not in shown(pane):
            assert asyncio.get_running_loop().time() < end
            bar.setValue(bar.maximum())
            await asyncio.sleep(0.01)
        assert not await pane.reveal("nobody")
        found = [number for number in range(0, 400, 2) if f"said {number:04}" in shown(pane)]
        assert found == list(range(found[0], 400, 2)), "without a gap"
        assert await pane.reveal(said[4].id)
        transcript.jump.click()
        assert len([one for one in said if one.text.strip() and one.text.strip() in shown(pane)]) <= MOST
        assert "said 0398" in shown(pane)

    visit(scenario)


def test_a_reply_runs_out_of_sight_and_is_whole_when_the_reader_is_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        words = [f"word{number} " for number in range(60)]
        async with GPROChatServer(Reply(*words, delay=0.01)) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            said = line(301)
            await window.open((await keep(await parts.history, said)).id)
            pane = window.pane
            await pane.choose("test", "")
            await pane.regenerate()
            await until(lambda: "word3" in shown(pane))
            await pane.reveal(said[20].id)
            assert "word3" not in shown(pane)
            await asyncio.sleep(0.1)
            pane.transcript.jump.click()
            assert "word3" in shown(pane)
            assert len(window.replies)
            await until(lambda: not len(window.replies))
            assert shown(pane).endswith("".join(words).strip())

    visit(scenario)


def test_the_page_that_is_opened_is_one_page(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await window.open((await keep(await parts.history, line(PAGE + 30))).id)
        cursor = QTextCursor(window.pane.transcript.document())
        headings = 0
        while True:
            headings += cursor.block().text().startswith(("You", "Reply"))
            if not cursor.movePosition(QTextCursor.MoveOperation.NextBlock):
                break
        assert headings == PAGE

    visit(scenario)


def test_a_table_has_lines_between_its_cells(visit: Visit) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        transcript = window.pane.transcript
        window.pane._stack.setCurrentWidget(transcript)
        reply = Message("c", Role.ASSISTANT, "| a | b |\n|---|---|\n| c | d |")
        transcript.show_messages([Shown(reply, "Model")])
        cell = transcript.document().find("b")
        place = transcript.cursorRect(cell)
        picture = transcript.viewport().grab().toImage()
        line = parts.appearance.colour("line_strong")
        left = [picture.pixelColor(x, place.center().y()) for x in range(place.left() - 18, place.left() - 6)]
        assert left.count(line) == 1, "one line at the left of the second column"
        below = [picture.pixelColor(place.left(), y) for y in range(place.bottom(), place.bottom() + 14)]
        assert below.count(line) == 1, "and one below the header"

    visit(use)


def test_a_click_on_a_footnote_shows_it(visit: Visit) -> None:
    async def use(window: MainWindow, _parts: Parts) -> None:
        transcript = window.pane.transcript
        window.pane._stack.setCurrentWidget(transcript)
        text = "Said[^n].\n\n" + "Words.\n\n" * 80 + "[^n]: noted"
        transcript.show_messages([Shown(Message("c", Role.ASSISTANT, text), "Model")])
        transcript.verticalScrollBar().setValue(0)
        reference = transcript.cursorRect(transcript.document().find("Said"))
        QTest.mouseClick(
            transcript.viewport(),
            Qt.MouseButton.LeftButton,
            pos=reference.topRight() + QPoint(3, reference.height() // 3),
        )
        place = transcript.cursorRect(transcript.document().find("noted"))
        assert transcript.viewport().rect().contains(place)

    visit(use)


def test_a_definition_at_the_end_makes_links_of_what_stands_above_it(visit: Visit) -> None:
    async def use(window: MainWindow, _parts: Parts) -> None:
        transcript = window.pane.transcript
        running = Message("c", Role.ASSISTANT, state=State.RUNNING)
        transcript.show_messages([Shown(running, "Model")])
        text = "See [this][1].\n\n[1]: https://a.example\n"
        for letter in text:
            transcript.extend(letter)
            transcript.draw_waiting()
        transcript.end(Message("c", Role.ASSISTANT, text, id=running.id))
        found = transcript.document().find("this")
        assert found.charFormat().anchorHref() == "https://a.example"
        assert transcript.toPlainText().endswith("See this.")

    visit(use)


def test_an_item_from_right_to_left_stands_away_from_its_bullet(visit: Visit) -> None:
    async def use(window: MainWindow, _parts: Parts) -> None:
        transcript = window.pane.transcript
        window.pane._stack.setCurrentWidget(transcript)
        transcript.show_messages([Shown(Message("c", Role.ASSISTANT, "- قائمة"), "Model")])
        item = transcript.document().lastBlock()
        bullet, text = QTextCursor(item), QTextCursor(item)
        text.setPosition(item.position() + 2)
        assert transcript.cursorRect(bullet).x() - transcript.cursorRect(text).x() >= BULLET_WIDTH - 1

    visit(use)
