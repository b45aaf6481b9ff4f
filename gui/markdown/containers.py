"""The quotes and lists around an open block, and how they stay open when what stands before it is cut off. No Qt.

Of each line that opens one of them its beginning is kept, with an empty heading behind it; of an alert, all of it. So
the parser reads what follows as it would have: it alone knows what belongs where.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from gui.markdown import math_rules
from gui.markdown.parser import CONTAINERS, LISTS, outline
from gui.markdown.reading import Before, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PLACEHOLDER = "#"
_DRAWN = {"inline", "fence", "code_block", "hr", math_rules.BLOCK, "list_item_open"}


class Outline:
    """The blocks of the first `whole` characters of `text`, which are whole lines."""

    def __init__(self, text: str, whole: int, before: Before) -> None:
        self._before = before
        self._places: dict[tuple[int, int], int | None] = {}
        self.tokens = outline(text[:whole], before.item, self._places)
        self.lines = text.split("\n")

    def last(self) -> int:
        """Where the last block is that is no container, or an empty one; -1 if there is none."""
        found, level = -1, 0
        while found < 0 or self.tokens[found].type in CONTAINERS:
            inside = (index for index in range(len(self.tokens) - 1, found, -1) if self._is_block(index, level))
            if (last := next(inside, None)) is None:
                break
            found, level = last, level + 1
        return found

    def _is_block(self, index: int, level: int) -> bool:
        token = self.tokens[index]
        return token.level == level and token.nesting >= 0 and token.map is not None

    def paragraphs(self) -> Iterator[tuple[int, str]]:
        """Those that are in nothing but containers, and what looks like one until it ends; with their text."""
        others = 0
        for index, token in enumerate(self.tokens):
            if token.type in {"paragraph_open", "heading_open"}:
                if not others and not token.markup.startswith("#"):
                    yield index, self.tokens[index + 1].content
            elif token.type.startswith("footnote"):
                others += token.nesting

    def around(self, index: int) -> list[int]:
        """The containers that a block is in, the outermost first."""
        found: list[int] = []
        for place, token in enumerate(self.tokens[:index]):
            if token.nesting > 0:
                found.append(place)
            elif token.nesting < 0:
                found.pop()
        return found

    def is_first(self, index: int, around: Sequence[int]) -> bool:
        """Whether nothing is drawn before a block."""
        others = sum(token.type != "definition" for token in self.tokens[:index])
        return others == len(around) + 3 * self._before.kept  # a heading is three tokens, as is an alert's title

    def begin(self, index: int, around: Sequence[int]) -> int | None:
        """The line above which all can be cut off, so that a block is the first one in its container."""
        before = self.tokens[index - 1]
        if not index or before.nesting > 0:
            return None
        line, first = line_of(self.tokens[index]), self._before.kept
        if before.type == "definition" and before.map and before.map[1] == line:
            line = line_of(before)  # what follows a definition at once may be its title
        if around and line_of(self.tokens[around[-1]]) >= first:
            if not any(token.type in _DRAWN for token in self.tokens[around[-1] + 1 : index]):
                return None  # the container's mark is still to be drawn
            first = line_of(self.tokens[around[-1]])
        return line if any(text.strip() for text in self.lines[first:line]) else None

    def keep(self, line: int, index: int, around: Sequence[int]) -> tuple[list[str], Before] | None:
        """What has to stand for all above `line`, where the block at `index` begins, and to be known of it."""
        kept: dict[int, str] = {}
        for token in (self.tokens[place] for place in around):
            if token.type not in LISTS:
                opened = line_of(token)
                prefix = self.prefix(opened, token.level + 1)
                if prefix is None:
                    return None
                kept[opened] = self.lines[opened] if token.type == "alert_open" else prefix + PLACEHOLDER
        blank = not self.lines[line - 1].strip()
        above = [*kept.values(), *([""] if kept and blank else [])]
        token = self.tokens[index]
        item = (len(above), token.level) if token.type == "list_item_open" else None
        return above, Before(numbers=self._numbers(index, around), blank=blank, kept=len(kept), item=item)

    def prefix(self, line: int, level: int) -> str | None:
        """What stands in a line before the first block of this level; None if that is code."""
        text = self.lines[line]
        column = self._places.get((line, level), -1)
        if column is None:
            return None
        return text[:column] if column >= 0 else f"{text.rstrip()} "  # or it begins below

    def _numbers(self, index: int, around: Sequence[int]) -> tuple[int, ...]:
        """Of the open item of each list."""
        numbers: list[int] = []
        for place, item in pairwise((*around, index)):
            opener = self.tokens[place]
            if opener.type in LISTS:
                lists = sum(token.type in LISTS for token in self.tokens[:place])
                known = self._before.numbers
                first = known[lists] if lists < len(known) else int(opener.attrs.get("start", 1))
                between = self.tokens[place + 1 : item]
                numbers.append(
                    first + sum(one.type == "list_item_open" and one.level == opener.level + 1 for one in between)
                )
        return tuple(numbers)
