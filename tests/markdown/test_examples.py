"""The examples of CommonMark's specification and of GitHub's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFont

from gui.markdown import inline
from gui.markdown.document import Look
from gui.markdown.stream import BlockStream, parse
from tests.markdown.examples import examples
from tests.markdown.reference import ours, theirs
from tests.markdown.test_document import CODE, COLOURS, at_once, drawn, streamed
from tests.markdown.test_stream import joined
from tests.markdown.texts import defined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from gui.markdown.blocks import Block

pytestmark = pytest.mark.usefixtures("formulas_at_once")

DIFFERENT = {
    "12": r"what stands between \[ and \] is a formula",
    "14": r"a line that begins with \[ is the beginning of a formula until a blank line says that it is none",
    "39": "the line ends that entities spell are spaces: one paragraph is one block of the document",
    "602": "a bare address is a link, as GitHub has it",
    "608": "a bare address is a link, as GitHub has it",
    "611": "a bare address is a link, as GitHub has it",
    "612": "a bare address is a link, as GitHub has it",
}
"""Where we mean to read something else than markdown-it-py does, and why."""


@pytest.fixture
def any_address(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Links to anywhere: the examples lead to /url."""
    inline._read.cache_clear()
    monkeypatch.setattr(inline, "SAFE_SCHEMES", ("",))
    yield
    inline._read.cache_clear()


def test_all_of_them_are_there() -> None:
    names = examples().keys()
    assert {str(number) for number in range(1, 653)} < names
    assert sum(name.startswith("GFM 4.10 Tables") for name in names) == 8


@pytest.mark.usefixtures("any_address")
def test_they_are_read_as_markdown_it_py_reads_them() -> None:
    different = [name for name, text in examples().items() if ours(joined(parse(text))) != theirs(text)]
    assert different == [*DIFFERENT]


@pytest.mark.usefixtures("any_address")
def test_letter_by_letter_they_give_the_blocks_of_the_whole() -> None:
    def in_letters(text: str) -> list[Block]:
        stream = BlockStream(defined(text))
        finished = [block for letter in text for block in stream.feed(letter)[0]]
        return joined([*finished, *stream.end()])

    assert [name for name, text in examples().items() if in_letters(text) != joined(parse(text))] == []


@pytest.mark.usefixtures("any_address")
def test_letter_by_letter_they_give_the_document_of_the_whole(qapp: QApplication) -> None:
    look = Look(QFont("Sans", 10), QFont("Mono", 9), COLOURS, CODE)

    def is_same(text: str) -> bool:
        document, writer, stream = streamed([*text], look)
        whole, _writer, _stream = streamed([text], look)
        open_ones = drawn(document) == drawn(whole)
        writer.write(stream.end())
        return open_ones and drawn(document) == drawn(at_once(text, look))

    assert [name for name, text in examples().items() if not is_same(text)] == []
