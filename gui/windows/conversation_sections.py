"""Which row of the sidebar belongs to which section, however many rows there are."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gui.history.listing import Kind, Section
from gui.windows.wording import period_of, translate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PAGE = 64  # conversations that are loaded at once

Span: TypeAlias = "tuple[Section, int, int]"
"""Conversations in a row: their section, the offset of the first, how many."""

PageKey: TypeAlias = "tuple[object, int]"
"""Which section, and the number of the page."""


@dataclass(frozen=True, slots=True)
class Block:
    """A section on show: the row it begins at, of its heading where it has one; how many of its conversations."""

    section: Section
    first: int
    heading: bool
    shown: int

    @property
    def body(self) -> int:
        """The row of its first conversation."""
        return self.first + self.heading


class Sections:
    """The blocks of these sections, one below the other. `closed`: the ids of the folders of which only the heading is
    shown. `rows`: how many there are of all.
    """

    def __init__(self, sections: Sequence[Section] = (), closed: frozenset[str] = frozenset()) -> None:
        self.closed = closed
        self.blocks: list[Block] = []
        self.rows = 0
        for section in sections:
            hidden = section.folder is not None and section.folder.id in closed
            block = Block(section, self.rows, heading_text(section) != "", 0 if hidden else section.count)
            self.blocks.append(block)
            self.rows = block.body + block.shown
        self._firsts = [block.first for block in self.blocks]

    @property
    def shape(self) -> list[tuple[int, int]]:
        """What is alike where the same rows are headings."""
        return [(block.first, block.shown) for block in self.blocks]

    def at(self, row: int) -> Block:
        return self.blocks[bisect_right(self._firsts, row) - 1]

    def row_of(self, key: object, offset: int) -> int:
        """Of a conversation of the section that is known by `key`; -1 if it is not shown."""
        rows = (block.body + offset for block in self.blocks if key_of(block.section) == key and offset < block.shown)
        return next(rows, -1)

    def spans(self, first: int, last: int) -> Iterator[Span]:
        """The conversations in these rows."""
        for block in self.blocks:
            begin, end = max(first - block.body, 0), min(last - block.body, block.shown - 1)
            if begin <= end:
                yield block.section, begin, end - begin + 1

    def pages(self, first: int, last: int) -> dict[PageKey, Section]:
        """Those that these rows are in."""
        return {
            (key_of(section), page): section
            for section, begin, count in self.spans(first, last)
            for page in range(begin // PAGE, (begin + count - 1) // PAGE + 1)
        }


def key_of(section: Section) -> object:
    """What a section is known by, however many there are in it."""
    return section.kind, section.folder and section.folder.id, section.begin


def heading_text(section: Section) -> str:
    """What stands above it; an empty text where nothing does."""
    match section.kind:
        case Kind.PINNED:
            return translate("sidebar", "Pinned")
        case Kind.FOLDER if section.folder:
            return " ".join(section.folder.name.split()) or translate("sidebar", "Folder without a name")
        case Kind.DAY | Kind.MONTH:
            return period_of(section.begin, month=section.kind is Kind.MONTH)
        case Kind.ALL:
            return translate("sidebar", "By title")
        case _:
            return ""
