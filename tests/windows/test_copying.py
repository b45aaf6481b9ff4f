from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from gui.conversation import Message, Role
from gui.markdown.objects import OBJECT
from gui.settings.preferences import Preferences
from gui.windows.copying import MARKDOWN
from gui.windows.theme import Appearance
from gui.windows.transcript import Shown, Transcript

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
    assert data.text().startswith("Title\nSome bold text")


def test_nothing_that_is_fetched_and_no_colour_is_on_the_clipboard(transcript: Transcript) -> None:
    html = copied(transcript, "Title", OBJECT).html()
    assert "<img" not in html
    assert "style" not in html
    assert '<a href="https://a.example/cat.png">cat</a>' in html


def test_a_part_is_text(transcript: Transcript) -> None:
    data = copied(transcript, "bold", "one")
    assert markdown(data) == "bold text & <b>raw</b>.\n•\tone"
    assert "<p>bold text &amp; &lt;b&gt;raw&lt;/b&gt;.</p>" in data.html()


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
    assert data.text() == "so $x^2$ and bold $\\frac{a}{b}$ on\n$$\ny\n$$\nen"
    assert markdown(data) == data.text()
    assert "<p>so $x^2$ and bold $\\frac{a}{b}$ on</p>" in data.html()


def test_an_image_is_copied_as_it_is_written(transcript: Transcript) -> None:
    assert markdown(copied(transcript, "two", OBJECT)) == "two\n![cat](https://a.example/cat.png)"


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
