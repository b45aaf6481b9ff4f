"""Where what is laid out in one piece is cut into pages. Pixels; no page is painted here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HIGHEST_HEAD = 0.4
"""Of a page, that the header of a table may take to stand on each page of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """From `top` to `bottom` of a text, on one page if it fits there: a line, a row of a table.

    `keep`: on the page of the next one. `head`: from and to, what stands again above it where it begins a page.
    """

    top: float
    bottom: float
    keep: bool = False
    head: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """From `top` to `bottom` of a text, which stands at `y` of a page; the first page is 0."""

    page: int
    y: float
    top: float
    bottom: float


class Pager:
    """Places one text below the other on pages of this height."""

    def __init__(self, height: float) -> None:
        self._height = height
        self._at = 0.0  # where on the page what comes next stands
        self.page = 0

    def place(self, pieces: Sequence[Piece], gap: float) -> list[Slice]:
        """Where the pieces of a text stand, `gap` below what stands above it on the same page."""
        if not pieces:
            return []
        slices: list[Slice] = []
        begin = pieces[0].top
        y = self._at + gap if self._at else 0.0

        def close(end: float) -> None:
            if end > begin:
                slices.append(Slice(self.page, y, begin, end))

        for group in self._groups(pieces):
            top, bottom = group[0].top, group[-1].bottom
            if y + bottom - begin > self._height and (y or top > begin):
                close(top)
                self.page += 1
                begin, y = top, 0.0
                if (head := group[0].head) is not None and head[1] - head[0] < HIGHEST_HEAD * self._height:
                    y = head[1] - head[0]
                    slices.append(Slice(self.page, 0.0, *head))
            while y + bottom - begin > self._height:  # it is higher than a page
                close(cut := begin + self._height - y)
                self.page += 1
                begin, y = cut, 0.0
        close(pieces[-1].bottom)
        self._at = y + pieces[-1].bottom - begin
        return slices

    def _groups(self, pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
        """What stands on one page, if a page is high enough for it."""
        group: list[Piece] = []
        for piece in pieces:
            group.append(piece)
            if not piece.keep:
                yield from [group] if group[-1].bottom - group[0].top <= self._height else ([one] for one in group)
                group = []
        if group:
            yield group
