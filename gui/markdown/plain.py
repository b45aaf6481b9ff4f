"""What is drawn of a text, without how it is drawn. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.markdown.blocks import Kind, Style
from gui.markdown.math import FORMULAS
from gui.markdown.stream import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.markdown.blocks import Block, Span


def drawn_lines(text: str) -> Iterator[str]:
    """Of Markdown: the text of each block of the document that it becomes, in order; empty ones may be left out."""
    for block in parse(text):
        if block.kind is Kind.TABLE:
            for row in block.rows:
                yield from ("".join(map(_drawn, cell)) for cell in row)
        elif block.kind is Kind.CODE:
            yield from block.text.split("\n")
        elif block.kind is Kind.ALERT:
            pass  # its title is no text of the message
        else:
            text = "".join(map(_drawn, block.spans))
            yield f"{block.marker}\t{text}" if block.marker else text


def _drawn(span: Span) -> str:
    """A picture or a formula is one object; a formula that cannot be set is text."""
    is_object = span.style & Style.IMAGE or (span.style & Style.MATH and FORMULAS.get(span.text) is not None)
    if is_object:
        return "\ufffc"
    return span.text.replace("\n", " ") if span.style & Style.MATH else span.text


def plain_text(text: str) -> str:
    """Markdown as text to be read: paragraphs apart, the cells of a row with tabs between them."""
    parts: list[str] = []
    for block in parse(text):
        if parts and not block.tight and not block.continues:
            parts.append("")
        if block.kind is Kind.TABLE:
            parts += ["\t".join("".join(span.text for span in cell) for cell in row) for row in block.rows]
        else:
            parts.append(_line(block).replace("\u2028", "\n"))
    return "\n".join(parts)


def _line(block: Block) -> str:
    return f"{block.marker}\t{block.text}" if block.marker else block.text
