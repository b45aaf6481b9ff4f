"""What a text is made of: flat blocks of runs, each in one style. No Qt.

Nested lists and quotes become flat blocks with a depth, which is how a text document wants them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

TABLE_ROWS = 16
"""A table of more rows is cut in tables of so many."""

FOOTNOTE = "footnote: "
"""Begins a link to a footnote of the same text; its label follows. No address that a reply gives has a blank in it."""


class Style(enum.IntFlag):
    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    CODE = 8
    RAISED = 16
    MATH = 32
    IMAGE = 64


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; `link` is its address, "" for none.

    Of MATH the text is the formula with the marks around it. Of an IMAGE it is what stands for it where it is not
    drawn, and `link` says where it is: an http or https address, or the name of one that came with the text.
    """

    text: str
    style: Style = Style.PLAIN
    link: str = ""


class Kind(enum.StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    RULE = "rule"
    TABLE = "table"
    MATH = "math"
    ALERT = "alert"  # its title


@dataclass(frozen=True, slots=True)
class Block:
    """What becomes one block of the document (a code block becomes one a line, a table a table).

    `level`: of a heading, 1 to 6. `depth`: how many lists it is inside of. `bars`: of each block quote around, the
    outermost first, how many lists that is inside of. `begins`: the outermost quote that begins with it, 1 for the
    first; 0 for none. `alert`: the innermost one around, as the number of its quote and its kind, "note" or another.
    `marker`: of a list item's first block: "•", "3.", "☐", "☑"; of a footnote's: its label.
    `tight`: no space before it. `footnote`: the label of the footnote that it belongs to.
    `language`: of a code block; its text is the one span. `continues`: it goes on with the code, the table or the
    paragraph before it, which was too long to be kept open. `goes_on`: more of the code follows.
    `rows`: of a table, the header first unless it `continues` one; `align`: "left", "center" or "right" for each
    column.
    """

    kind: Kind
    spans: tuple[Span, ...] = ()
    level: int = 0
    depth: int = 0
    bars: tuple[int, ...] = ()
    begins: int = 0
    alert: tuple[int, str] = (0, "")
    marker: str = ""
    tight: bool = False
    footnote: str = ""
    language: str = ""
    continues: bool = False
    goes_on: bool = False
    rows: tuple[tuple[tuple[Span, ...], ...], ...] = ()
    align: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def quotes(self) -> int:
        """How many block quotes it is inside of."""
        return len(self.bars)
