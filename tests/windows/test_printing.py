"""A conversation on paper."""

from __future__ import annotations

import asyncio
import io
import os
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from gui.conversation import Attachment, Conversation, Message, Role
from gui.errors import ExportFailed
from gui.windows.images import Images
from gui.windows.paging import Pager
from gui.windows.paper import Paper, lay_out, paper_look
from gui.windows.printing import pdf_of
from tests.servers.raw import RawServer
from tests.windows.conftest import Visit, until
from tests.windows.test_images import encoded, written

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

REPLY = """A **reply** with `code`, русские слова and a list:

- one
- two

```python
value = compute(42)
```

| head | other |
|---|---|
| cell | last |

> quoted

---

$E = mc^2$
"""


async def talk(window: MainWindow, parts: Parts, *texts: str) -> None:
    history = await parts.history
    conversation = Conversation("On paper")
    await history.add_conversation(conversation)
    parent = None
    for number, text in enumerate(texts):
        message = Message(conversation.id, Role.ASSISTANT if number % 2 else Role.USER, text, parent)
        await history.add_message(message)
        parent = message.id
    await window.open(conversation.id)


def text_of(file: Path) -> str:
    """In one line: where blanks are is the reader's guess."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())


def test_all_of_a_conversation_is_in_the_pdf_as_text(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "The question", REPLY, *(f"said {number}" for number in range(120)))
        file = tmp_path / "out.pdf"
        await window.pane.save_pdf(file)
        text = text_of(file)
        for words in ("The question", "reply", "русские слова", "value =", "cell", "said 0", "said 119"):
            assert words in text
        pages = PdfReader(file).pages
        assert len(pages) > 2
        assert f"On paper {len(pages)} / {len(pages)}" in text
        assert str(file) in window.pane.bar.text

    visit(use)


def test_links_lead_somewhere(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "q", "A [link](https://a.example/page).")
        await window.pane.save_pdf(tmp_path / "out.pdf")
        (page,) = PdfReader(tmp_path / "out.pdf").pages
        annotations: Any = page["/Annots"]
        assert [one.get_object()["/A"]["/URI"] for one in annotations] == ["https://a.example/page"]

    visit(use)


def test_a_folder_that_cannot_be_written_is_told_and_nothing_half_done_stays(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "q", "a")
        with pytest.raises(ExportFailed, match="could not be written"):
            await window.pane.save_pdf(tmp_path / "missing" / "out.pdf")
        (tmp_path / "taken.pdf").mkdir()
        with pytest.raises(ExportFailed):
            await window.pane.save_pdf(tmp_path / "taken.pdf")
        assert not [name for name in os.listdir(tmp_path) if name.endswith(".new")]  # noqa: PTH208 -- a glance

    visit(use)


PAGE = QSizeF(640, 900)


async def laid_out(text: str) -> Paper:
    return await lay_out(Message("c", Role.ASSISTANT, text), "Model", paper_look(), PAGE)


async def test_no_table_is_wider_than_the_page_and_its_narrow_columns_keep_their_words(qapp: QApplication) -> None:
    narrow = "| a | words |\n|---|---|\n| " + "some words " * 90 + "| and others |\n"
    wide = "|" + " head |" * 12 + "\n|" + "---|" * 12 + "\n|" + " a cell of some words |" * 12 + "\n"
    paper = await laid_out(f"{narrow}\n\ntext\n\n{wide}")
    assert [grid.xs[-1] for grid in paper.grids] == pytest.approx([PAGE.width()] * 2, abs=2)
    letters = QFontMetricsF(paper_look().font).horizontalAdvance("and others")
    assert paper.grids[0].xs[2] - paper.grids[0].xs[1] > letters


async def test_a_table_of_many_rows_is_one_table(qapp: QApplication) -> None:
    rows = "".join(f"| {number} | cell |\n" for number in range(60))
    paper = await laid_out(f"| a | b |\n|---|---|\n{rows}")
    (grid,) = paper.grids
    assert len(grid.ys) == 62
    assert all(below - above > 20 for above, below in pairwise(grid.ys))


def test_rows_are_whole_and_each_page_has_the_header(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        rows = "".join(f"| begin{number:03} {'words ' * 40} end{number:03} | cell |\n" for number in range(60))
        await talk(window, parts, "q", f"| What is said | b |\n|---|---|\n{rows}\n\nafter it")
        await window.pane.save_pdf(tmp_path / "out.pdf")
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "out.pdf").pages]
        assert len(pages) > 3
        for text in pages:
            assert re.findall(r"begin(\d+)", text) == re.findall(r"end(\d+)", text)
            assert ("What is said" in text) is ("begin" in text)

    visit(use)


async def test_a_row_that_is_higher_than_a_page_is_cut_between_its_lines(qapp: QApplication) -> None:
    paper = await laid_out(f"| a | b |\n|---|---|\n| {'some words ' * 2000} | other words |\n")
    slices = Pager(PAGE.height()).place(paper.pieces, 0)
    lines = [(piece.top, piece.bottom) for piece in paper.pieces]
    assert len({one.page for one in slices}) > 2
    for one in slices:
        assert not [line for line in lines if line[0] < one.bottom - 1 and one.bottom + 1 < line[1]]
        assert one.y + one.bottom - one.top <= PAGE.height()


async def test_the_bar_of_a_quote_is_where_its_text_begins(qapp: QApplication) -> None:
    for text, column in (("> quoted", 3), ("> اقتباس باللغة", PAGE.width() - 4)):
        paper = await laid_out(text)
        image = QImage(PAGE.toSize(), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        paper.paint(painter, 0, PAGE.height())
        painter.end()
        bar = QColor(paper_look().colours["quote_bar"])
        middle = round((paper.pieces[-1].top + paper.pieces[-1].bottom) / 2)
        coloured = [x for x in range(image.width()) if image.pixelColor(x, middle) == bar]
        assert column in coloured
        assert len(coloured) == 3


def test_the_window_goes_on_while_a_long_conversation_is_written(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        said = [f"said {number}" for number in range(80)]
        await talk(window, parts, *said)
        await window.pane.save_pdf(tmp_path / "once.pdf")
        monkeypatch.setattr("gui.windows.printing.KEPT", 0)
        monkeypatch.setattr("gui.windows.paper.SLICE", 0.0)
        writing = asyncio.ensure_future(window.pane.save_pdf(tmp_path / "twice.pdf"))
        turns = 0
        while not writing.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 2 * len(said)
        assert text_of(tmp_path / "twice.pdf") == text_of(tmp_path / "once.pdf")

    visit(use)


def test_it_is_said_how_far_it_is_and_can_be_cancelled(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, *(REPLY for _number in range(80)))
        writing = asyncio.ensure_future(window.pane.save_pdf(tmp_path / "out.pdf"))
        await until(lambda: "Writing the PDF" in window.pane.bar.text and "%" in window.pane.bar.text)
        (cancel,) = window.pane.bar.buttons
        cancel.click()
        await writing
        assert "cancelled" in window.pane.bar.text
        assert not (tmp_path / "out.pdf").exists()

    visit(use)


def test_pictures_that_are_there_are_on_paper_and_nothing_is_fetched(visit: Visit, tmp_path: Path) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        async with RawServer() as server:
            await talk(window, parts, "q", f"{written(encoded(40, 30))} and ![a cat]({server.url}/cat.png)")
            await window.pane.save_pdf(tmp_path / "out.pdf")
            assert server.connections == 0
        (page,) = PdfReader(tmp_path / "out.pdf").pages
        resources: Any = page["/Resources"]
        objects = [one.get_object() for one in resources["/XObject"].values()]
        assert [(one["/Width"], one["/Height"]) for one in objects if one["/Subtype"] == "/Image"] == [(40, 30)]
        assert "a cat" in text_of(tmp_path / "out.pdf")

    visit(use)


async def test_what_was_attached_is_on_paper(qapp: QApplication) -> None:
    said = Attachment("cat.png", "image/png", encoded(40, 30)), Attachment("notes.txt", "text/plain", b"words")
    message = Message("c", Role.USER, "Look at these", attachments=said)
    data = await pdf_of([message], lambda _one: "You", "Title", Images())
    (page,) = PdfReader(io.BytesIO(data)).pages
    resources: Any = page["/Resources"]
    objects = [one.get_object() for one in resources["/XObject"].values()]
    assert [(one["/Width"], one["/Height"]) for one in objects if one["/Subtype"] == "/Image"] == [(40, 30)]
    assert "notes.txt" in page.extract_text()


@pytest.mark.parametrize("above", range(28, 48))
def test_a_heading_stands_on_the_page_of_its_text(visit: Visit, tmp_path: Path, above: int) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "\n".join(["line"] * above), "# Heading\n\n## Another\n\nIts text.")
        await window.pane.save_pdf(tmp_path / "out.pdf")
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "out.pdf").pages]
        assert sum("Heading" in text and "Another" in text and "Its text." in text for text in pages) == 1

    visit(use)
