"""What is selected stays selected while its text is there, however often that is drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QTextCursor

from gui.conversation import Conversation, Message, Role, State
from gui.settings.connections import Connection
from gui.settings.preferences import Preferences
from gui.windows.selection import moved
from gui.windows.theme import Appearance
from gui.windows.transcript import Shown, Transcript
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

DEFINED = "An 👩🏽‍💻 and [a link][1] stand above [another][2], then all of these words.\n\n- some **more**\n- items\n\n"
DEFINITIONS = "[1]: https://a.example/\n[2]: https://b.example/\n"


@pytest.fixture
def transcript(qapp: QApplication, tmp_path: Path) -> Iterator[Transcript]:
    appearance = Appearance(qapp, Preferences(tmp_path / "preferences.json"))
    edit = Transcript(appearance)
    edit.resize(700, 400)
    yield edit
    edit.deleteLater()
    appearance.end()


def select(transcript: Transcript, first: str, last: str, *, upwards: bool = False) -> str:
    """All from `first` to `last`; what is selected now."""
    document = transcript.document()
    cursor = document.find(first)
    ends = [cursor.selectionStart(), document.find(last, cursor.selectionStart()).selectionEnd()]
    if upwards:
        ends.reverse()
    cursor.setPosition(ends[0])
    cursor.setPosition(ends[1], QTextCursor.MoveMode.KeepAnchor)
    transcript.setTextCursor(cursor)
    return transcript.selected_text()


def two(text: str, state: State = State.COMPLETE) -> list[Shown]:
    said = Message("c", Role.USER, "The question")
    return [Shown(said, "You"), Shown(Message("c", Role.ASSISTANT, text, said.id, state=state), "Model")]


@pytest.mark.parametrize("upwards", [False, True])
def test_it_stays_when_a_reply_with_definitions_ends(transcript: Transcript, upwards: bool) -> None:
    shown = two("", State.RUNNING)
    transcript.show_messages(shown)
    transcript.extend(DEFINED + DEFINITIONS)
    transcript.draw_waiting()
    assert select(transcript, "these", "items", upwards=upwards).startswith("these words")
    position = transcript.textCursor().position()
    before = transcript.selected_text()
    transcript.end(Message("c", Role.ASSISTANT, DEFINED + DEFINITIONS, shown[0].message.id, id=shown[1].message.id))
    assert "[1]" not in transcript.toPlainText()
    assert transcript.textCursor().position() != position
    assert transcript.selected_text() == before
    assert (transcript.textCursor().position() < transcript.textCursor().anchor()) is upwards


def test_it_stays_when_zoom_and_theme_draw_all_anew_and_nothing_is_scrolled(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        conversation = Conversation("Long")
        await history.add_conversation(conversation)
        parent = None
        for number in range(30):
            text = f"said {number} in **some** words\n\n| a | b |\n|---|---|\n| cell | {number} |\n"
            message = Message(conversation.id, Role.ASSISTANT if number % 2 else Role.USER, text, parent)
            await history.add_message(message)
            parent = message.id
        await window.open(conversation.id)
        transcript = window.pane.transcript
        before = select(transcript, "said 1 ", "said 3 in some")
        transcript.jump_to_latest()
        for zoom, theme in ((125, "light"), (125, "dark")):
            parts.appearance.set_zoom(zoom)
            parts.preferences.set("theme", theme)
            parts.appearance.apply()
            assert transcript.selected_text() == before
            assert transcript.verticalScrollBar().value() == transcript.verticalScrollBar().maximum()

    visit(scenario)


def test_it_stays_above_a_reply_that_is_answered_again(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with GPROChatServer(Reply("another reply")) as server:
            parts.connections.save(Connection("test", "Test", "gprochat", server.url))
            history = await parts.history
            conversation = Conversation("Twice", connection="test")
            await history.add_conversation(conversation)
            parent = None
            for role, text in ((Role.USER, "A question of words"), (Role.ASSISTANT, "the reply")):
                message = Message(conversation.id, role, text, parent)
                await history.add_message(message)
                parent = message.id
            await window.open(conversation.id)
            pane = window.pane
            assert select(pane.transcript, "question", "words") == "question of words"
            await pane.regenerate()
            await until(lambda: "2/2" in pane.transcript.toPlainText() and not len(window.replies))
            assert pane.transcript.selected_text() == "question of words"
            select(pane.transcript, "words", "another")
            await pane.regenerate()
            assert pane.transcript.selected_text().startswith("words")
            assert "another" not in pane.transcript.selected_text()

    visit(scenario)


def test_it_stays_beside_thoughts_that_are_unfolded(transcript: Transcript) -> None:
    shown = two("The first line\n\nand *the* second.")
    reply = shown[1].message
    shown[1] = Shown(
        Message("c", Role.ASSISTANT, reply.text, reply.parent_id, id=reply.id, reasoning="Hm.\n\nWell."), "M"
    )
    transcript.show_messages(shown)
    select(transcript, "line", "the second")
    for _each in range(2):
        transcript.toggle_thoughts(reply.id)
        assert transcript.selected_text() == "line\n\nand the second"


def test_what_streams_is_not_selected_with_what_stands_above_it(transcript: Transcript) -> None:
    shown = two("", State.RUNNING)
    transcript.show_messages(shown[:1])
    assert select(transcript, "question", "question") == "question"
    transcript.add(shown[1])
    for piece in ("Some words of ", "**a bold", " run** and more.", "\n\n| a | b |\n|--|--|\n| c |", " d |\n"):
        transcript.extend(piece)
        transcript.draw_waiting()
        assert transcript.selected_text() == "question"


def test_what_is_selected_of_a_line_that_is_written_again_stays_so(transcript: Transcript) -> None:
    transcript.show_messages(two("", State.RUNNING))
    for number, piece in enumerate(("First [some words](https://a.exa", "mple) and `code", "` and on\n\nand on")):
        transcript.extend(piece)
        transcript.draw_waiting()
        if not number:
            assert select(transcript, "some", "words") == "some words"
        assert transcript.selected_text() == "some words"


def test_what_is_not_there_any_more_is_not_selected(transcript: Transcript) -> None:
    transcript.show_messages(two("one"))
    select(transcript, "one", "one")
    transcript.show_messages(two("another text of one"))
    assert not transcript.textCursor().hasSelection()


@pytest.mark.parametrize(
    ("place", "before", "after", "now"),
    [
        ("SELECTED", "a [link][1] then SELECTED", "a link then SELECTED", "SELECTED"),
        ("SELECTED", "👩🏽‍💻 [x][1] SELECTED [y][2]", "👩🏽‍💻 x SELECTED y", "SELECTED"),
        ("gone", "all of it is gone", "all of it", ""),
    ],
)
def test_a_place_in_a_line_is_beside_the_same_words(place: str, before: str, after: str, now: str) -> None:
    begin = len(before[: before.index(place)].encode("utf-16-le")) // 2
    assert after.encode("utf-16-le")[2 * moved(begin, before, after) :].decode("utf-16-le").startswith(now)
