"""What is counted in a text is what stands in the document that is made of it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFont, QPyTextObject, QTextDocument
from typing_extensions import override

from gui.markdown.document import Look, Writer
from gui.markdown.find import Findable, fold, occurrences
from gui.markdown.objects import IMAGE
from gui.markdown.plain import drawn_lines, plain_text
from gui.markdown.stream import parse
from tests.markdown.texts import texts

if TYPE_CHECKING:
    from random import Random

    from PySide6.QtWidgets import QApplication

many = settings(max_examples=150, deadline=None, database=None)


@pytest.fixture(scope="module")
def look(qapp: QApplication) -> Look:
    return Look(QFont("Sans", 10), QFont("Mono", 9), defaultdict(lambda: "#000001"), {})


class Picture(QPyTextObject):
    """Has pictures drawn as such, as a transcript does."""

    @override
    def intrinsicSize(self, *_of: object) -> QSizeF:
        return QSizeF(10, 10)


def in_document(text: str, look: Look) -> list[str]:
    document = QTextDocument()
    document.documentLayout().registerHandler(IMAGE, Picture(document))
    Writer(document, look).write(parse(text))
    block, lines = document.firstBlock(), []
    while block.isValid():
        lines.append(block.text())
        block = block.next()
    return [line for line in lines if line.strip()]


def test_the_lines_are_those_of_the_document(look: Look) -> None:
    @many
    @given(texts)
    def same(text: str) -> None:
        drawn = [fold(line) for line in drawn_lines(text) if line.strip()]
        assert drawn == [fold(line) for line in in_document(text, look)]

    same()


def test_what_is_seen_is_found(look: Look) -> None:
    @many
    @given(texts, st.randoms())
    def found(text: str, chance: Random) -> None:
        lines = in_document(text, look)
        for line in lines:
            begin = chance.randrange(len(line))
            wanted = fold(line[begin : begin + chance.randrange(1, 12)])
            if wanted.strip():
                seen = sum(len(occurrences(one, wanted)) for one in lines)
                assert Findable(text, markdown=True).count(wanted) == seen, wanted

    found()


def test_words_across_marks_are_found_and_marks_are_not() -> None:
    text = Findable("a **bold** word, [lin](https://hidden.example)king, caf&eacute;, `x_y`", markdown=True)
    for wanted in ("bold word", "linking", "café", "x_y"):
        assert text.count(wanted) == 1
    assert text.count("**") == 0
    assert text.count("hidden") == 0


@pytest.mark.parametrize(
    "link",
    [
        "[lin](https://a.example/x_(y))king",
        '[lin](https://a.example/((a)(b(c))) "a title (of it)")king',
        "[lin](<https://a.example/)(>)king",
        "li[**n**](https://a.example/\\))king",
        "[lin][a \\[label\\]]king\n\n[a \\[label\\]]: https://a.example/",
        "[li](https://a.example/(1))[n](https://a.example/(2))king",
    ],
)
def test_words_beside_a_link_are_found_wherever_it_leads(link: str) -> None:
    assert Findable(f"Some words are {link}", markdown=True).count("are linking") == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Straße", "STRASSE"),
        ("ПРИВЕТ", "привет"),
        ("ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς"),
        ("İstanbul", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("日本語", "本"),
        ("a\u00a0b", "a b"),
    ],
)
def test_case_does_not_count_in_any_script(text: str, wanted: str) -> None:
    ((begin, end),) = occurrences(text, fold(wanted))
    assert fold(text[begin:end]) == fold(wanted)


def test_the_places_are_those_of_the_text_as_it_was_written() -> None:
    assert occurrences("ßßx Straße", "s") == [(0, 1), (0, 1), (1, 2), (1, 2), (4, 5), (8, 9), (8, 9)]
    assert occurrences("aaaa", "aa") == [(0, 2), (2, 4)]
    assert occurrences("text", "") == []


def test_plain_text_is_read_without_marks() -> None:
    text = "# Title\n\nSome **bold**\nwords.\n\n- one\n- two\n\n| a | b |\n|--|--|\n| c | d |\n\n```py\nx\n\ny\n```\n"
    assert plain_text(text) == "Title\n\nSome bold words.\n\n•\tone\n•\ttwo\n\na\tb\nc\td\n\nx\n\ny"
    assert not re.search(r"[*#|`]", plain_text(text))
