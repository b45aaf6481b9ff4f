"""A conversation on paper."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from gui.conversation import Conversation, Message, Role
from gui.errors import ExportFailed
from gui.windows.printing import pdf_of, write
from tests.servers.raw import RawServer
from tests.windows.test_images import encoded, written

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.windows.conftest import Visit

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


async def test_no_table_is_wider_than_the_page(qapp: QApplication) -> None:
    narrow = "| a | b |\n|---|---|\n| " + "some words " * 9 + "| " + "and others " * 9 + "|\n"
    wide = "|" + " head |" * 12 + "\n|" + "---|" * 12 + "\n|" + " a cell of some words |" * 12 + "\n"
    document = await write([Message("c", Role.ASSISTANT, f"{narrow}\n\ntext\n\n{wide}")], lambda _one: "Model")
    pdf_of(document, "Tables")
    layout, page = document.documentLayout(), document.pageSize().width()
    widths = [layout.frameBoundingRect(frame).width() for frame in document.rootFrame().childFrames()]
    assert len(widths) == 2
    assert all(page * 0.9 < width <= page for width in widths)


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


@pytest.mark.parametrize("above", range(28, 48))
def test_a_heading_stands_on_the_page_of_its_text(visit: Visit, tmp_path: Path, above: int) -> None:
    async def use(window: MainWindow, parts: Parts) -> None:
        await talk(window, parts, "\n".join(["line"] * above), "# Heading\n\n## Another\n\nIts text.")
        await window.pane.save_pdf(tmp_path / "out.pdf")
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "out.pdf").pages]
        assert sum("Heading" in text and "Another" in text and "Its text." in text for text in pages) == 1

    visit(use)
