from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QGuiApplication, QTextCursor, QTextDocument
from PySide6.QtTest import QTest

from gui.conversation import Message, Role
from gui.markdown.document import Look, Writer
from gui.markdown.objects import OBJECT
from gui.markdown.parser import to_html
from gui.markdown.stream import parse
from gui.settings.preferences import Preferences
from gui.windows.copying import MARKDOWN
from gui.windows.excerpt import blocks_of
from gui.windows.theme import Appearance
from gui.windows.transcript import Shown, Transcript
from tests.markdown.examples import examples
from tests.markdown.test_writing import bare

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

REPLY = "# Title\n\nSome **bold** text & <b>raw</b>.\n\n- one\n- two\n\n![cat](https://a.example/cat.png)\n"


@pytest.fixture
def transcript(qapp: QApplication, tmp_path: Path) -> Iterator[Transcript]:
    appearance = Appearance(qapp, Preferences(tmp_path / "preferences.json"))
    edit = Transcript(appearance)
    edit.show_messages(
        [
            Shown(Message("c", Role.USER, "What is *this*?"), "You"),
            Shown(Message("c", Role.ASSISTANT, REPLY), "Model"),
            Shown(Message("c", Role.USER, "Thanks"), "You"),
        ]
    )
    yield edit
    edit.deleteLater()
    appearance.end()


def copied(transcript: Transcript, first: str, last: str) -> QMimeData:
    """What is on the clipboard when all from `first` to `last` is selected."""
    document = transcript.document()
    cursor = document.find(first)
    begin = cursor.selectionStart()
    cursor.setPosition(document.find(last, begin).selectionEnd())
    cursor.setPosition(begin, QTextCursor.MoveMode.KeepAnchor)
    transcript.setTextCursor(cursor)
    return transcript.createMimeDataFromSelection()


def markdown(data: QMimeData) -> str:
    return data.data(MARKDOWN).toStdString()


def test_a_whole_message_is_copied_as_it_was_written(transcript: Transcript) -> None:
    data = copied(transcript, "Title", OBJECT)
    assert markdown(data) == REPLY.strip("\n")
    assert "<strong>bold</strong>" in data.html()
    assert "<li>two</li>" in data.html()
    assert "&lt;b&gt;raw" in data.html()
    assert data.text().startswith("Title\n\nSome bold text")


def test_nothing_that_is_fetched_and_no_colour_is_on_the_clipboard(transcript: Transcript) -> None:
    html = copied(transcript, "Title", OBJECT).html()
    assert "<img" not in html
    assert "style" not in html
    assert '<a href="https://a.example/cat.png">cat</a>' in html


def show(transcript: Transcript, text: str) -> None:
    transcript.show_messages([Shown(Message("c", Role.ASSISTANT, text), "Model")])


LINE = "Words, **some bold ones**, *italic*, a [link](https://a.example/), `code` and $x^2$ here."
CODE = "Above.\n\n```python\ndef f(x):\n    return x\n\nf(1)\n```\n\nBelow."
LIST = "Above.\n\n1. one\n2. two **bold**\n   - nested *one*\n   - nested two\n3. three\n\nBelow."
TABLE = (
    "Above.\n\n| name | number | more |\n|:--|--:|---|\n"
    "| äh | eins | **x** |\n| beh | zwei | `y` |\n| zeh | drei | z |\n\nBelow."
)


@pytest.mark.parametrize(
    ("text", "first", "last", "plain", "written"),
    [
        (LINE, "bold", "ital", "bold ones, ital", "**bold ones**, *ital*"),
        (LINE, "a link", "here", "a link, code and $x^2$ here", "a [link](https://a.example/), `code` and $x^2$ here"),
        (CODE, "return", "return x", "return x", "`return x`"),
        (CODE, "def", "f(1)", "def f(x):\n    return x\n\nf(1)", "```python\ndef f(x):\n    return x\n\nf(1)\n```"),
        (CODE, "return", "Below", "return x\n\nf(1)\n\nBelow", "```python\nreturn x\n\nf(1)\n```\n\nBelow"),
        (LIST, "one", "bold", "one\n2.\ttwo bold", "1. one\n2. two **bold**"),
        (LIST, "two", "three", "two bold\n•\tnested one\n•\tnested two\n3.\tthree", LIST[15:-8]),
        (LIST, "two", "two", "two", "two"),
        (TABLE, "eins", "drei", "eins\nzwei\ndrei", "| number |\n| --: |\n| eins |\n| zwei |\n| drei |"),
        (
            TABLE,
            "beh",
            "drei",
            "beh\tzwei\nzeh\tdrei",
            "| name | number |\n| --- | --: |\n| beh | zwei |\n| zeh | drei |",
        ),
        ("> a *quote*\n>\n> > deeper\n\nBelow", "a q", "deep", "a quote\n\ndeep", "> a *quote*\n>\n> > deep"),
        ("## A *heading*\n\nBelow", "A h", "heading", "A heading", "## A *heading*"),
        ("## A *heading*\n\nBelow", "head", "head", "head", "*head*"),
        ("a\n\n$$\ny\n$$\n\nend of it", "a", "end", "a\n\n$$\ny\n$$\n\nend", "a\n\n$$\ny\n$$\n\nend"),
        ("> - in\n> - it\n\nBelow", "in", "it", "in\n•\tit", "> - in\n> - it"),
        ("a\n\n---\n\nb and", "a", "b", "a\n\n\n\nb", "a\n\n---\n\nb"),
        ("Above\n\n- [ ] open\n- [x] done\n\nBelow", "open", "done", "open\n☑\tdone", "- [ ] open\n- [x] done"),
    ],
)
def test_a_part_is_copied_with_its_marks(
    transcript: Transcript, text: str, first: str, last: str, plain: str, written: str
) -> None:
    show(transcript, text)
    data = copied(transcript, first, last)
    assert data.text() == plain
    assert markdown(data) == written
    assert data.html() == to_html(written)


def test_a_selection_that_ends_in_a_table_has_its_last_cell_apart(transcript: Transcript) -> None:
    show(transcript, TABLE)
    data = copied(transcript, "number", "Below")
    assert data.text() == "name\tnumber\tmore\näh\teins\tx\nbeh\tzwei\ty\nzeh\tdrei\tz\n\nBelow"
    assert markdown(data).endswith("| zeh | drei | z |\n\nBelow")
    assert "<td>z</td>" in data.html()


def test_rows_of_a_long_table_have_its_header(transcript: Transcript) -> None:
    rows = "".join(f"| row {number} | {number} |\n" for number in range(60))
    show(transcript, f"| head | number |\n|---|---|\n{rows}")
    data = copied(transcript, "row 40", "row 41")
    assert data.text() == "row 40\nrow 41"
    assert markdown(data) == "| head |\n| --- |\n| row 40 |\n| row 41 |"


def test_what_is_read_back_of_a_document_is_what_was_drawn(transcript: Transcript) -> None:
    look = Look(QFont("Sans", 10), QFont("Mono", 9), defaultdict(lambda: "#000001"), {})
    for text in examples().values():
        document = QTextDocument()
        blocks = parse(text)
        Writer(document, look).write(blocks)
        cursor = QTextCursor(document)
        cursor.select(QTextCursor.SelectionType.Document)
        assert bare(blocks_of(cursor)) == bare(blocks)


def test_across_messages_the_whole_ones_are_sources(transcript: Transcript) -> None:
    data = copied(transcript, "this", "Than")
    parts = markdown(data).split("\n\n")
    assert parts[0] == "this*?"
    assert parts[1].startswith("Model")
    assert REPLY.strip("\n") in markdown(data)
    assert parts[-1] == "Than"
    assert "\u2029" not in data.text()


def test_a_formula_is_copied_as_it_is_written(transcript: Transcript) -> None:
    text = "👩🏽‍💻 so $x^2$ and **bold** $\\frac{a}{b}$ on\n\n$$\ny\n$$\n\nend"
    transcript.show_messages([Shown(Message("c", Role.ASSISTANT, text), "Model")])
    data = copied(transcript, "so", "en")
    assert data.text() == "so $x^2$ and bold $\\frac{a}{b}$ on\n\n$$\ny\n$$\n\nen"
    assert markdown(data) == data.text().replace("bold", "**bold**")
    assert "<p>so $x^2$ and <strong>bold</strong> $\\frac{a}{b}$ on</p>" in data.html()


def test_an_image_is_copied_as_it_is_written(transcript: Transcript) -> None:
    assert markdown(copied(transcript, "two", OBJECT)) == "- two\n\n![cat](https://a.example/cat.png)"


def test_a_whole_message_has_the_sources_of_its_formulas(transcript: Transcript) -> None:
    text = "first $x<y$ last"
    transcript.show_messages([Shown(Message("c", Role.ASSISTANT, text), "Model")])
    data = copied(transcript, "first", "last")
    assert markdown(data) == text
    assert data.html().strip() == "<p>first $x&lt;y$ last</p>"


def test_the_copy_button_of_code_says_that_it_did_and_lets_it_be_said(
    transcript: Transcript, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event))
    transcript.show_messages([Shown(Message("c", Role.ASSISTANT, "```python\na = 1\nb = 2\n```"), "Model")])
    transcript.resize(600, 300)
    transcript.show()
    transcript.viewport().grab()
    places = (QPoint(x, y) for x in range(590, 300, -4) for y in range(0, 200, 4))
    place = next(one for one in places if transcript.backdrop.copy_button(one) is not None)
    button = QRect(place - QPoint(90, 5), QSize(100, 30))
    before = transcript.viewport().grab(button).toImage()
    QTest.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert QGuiApplication.clipboard().text() == "a = 1\nb = 2"
    assert transcript.viewport().grab(button).toImage() != before
    assert [event.message() for event in said if isinstance(event, QAccessibleAnnouncementEvent)] == [
        "Copied to the clipboard"
    ]
    qtbot.waitUntil(lambda: transcript.viewport().grab(button).toImage() == before, timeout=2500)
