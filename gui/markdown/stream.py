"""Markdown text to blocks, as it streams. No Qt.

A top-level block of CommonMark cannot change any more once the next one has begun, so only the last one, the open
tail, is parsed again when text arrives. The definition of a link ("[1]: https://…") or of a footnote holds for what
stands below it; once a text is whole, it is read again with all of them known.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from gui.markdown.blocks import TABLE_ROWS, Block, Kind, Span, Style
from gui.markdown.containers import Outline
from gui.markdown.data_images import DataImages
from gui.markdown.inline import DRAWABLE
from gui.markdown.parser import outline
from gui.markdown.reading import Before, has_end, is_math, line_of, parts_of, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it.token import Token

CALM = 4000
"""Characters of an open block, from which on it is not read anew with each piece."""

LAG = 2000
REST = 12
"""It is when an eighth of it has come, at most LAG characters, or after so many times as long as reading it takes."""

PARAGRAPH_END = 5000  # characters
PARAGRAPH_LINES = 120
"""A paragraph of more than one of these is cut in parts, each of them at least CUT_FROM of it."""

CUT_FROM = 0.8

_MARKS = re.compile(r"(?:\s*(?:>|[-+*]\s|\d{1,9}[.)]\s))*\s*")
"""Of quotes and items, that a line begins with."""


def parse(text: str) -> list[Block]:
    """All blocks of a finished text."""
    blocks, references = _parse(text, {})
    # What stood above a definition had to do without it.
    return _parse(text, references)[0] if references else blocks


def _parse(text: str, known: Mapping[str, str]) -> tuple[list[Block], Mapping[str, str]]:
    stream = BlockStream(known)
    finished, _tail = stream.feed(text)
    return [*finished, *stream.end()], stream.references


class BlockStream:
    """Markdown that arrives in pieces.

    Of the open block, too, what cannot change any more is finished: the lines of a fence, the items of a list, the
    rows of a table, the paragraphs of a quote, and of a paragraph that is too long the first part. The block after such
    a part says that it `continues` it. Where a part ends follows from the text alone, never from its pieces.

    `references` are the addresses of the definitions so far, by their normalised labels; those that are handed in are
    known from the beginning. If there are any at the end, `parse` of the whole may know more.
    """

    def __init__(self, references: Mapping[str, str] | None = None) -> None:
        self.references = dict(references or {})
        self._images = DataImages()
        self._open = ""
        self._seen = 0  # how much of it has been searched for finished blocks
        self._uncut = False  # it begins with no paragraph that is cut in parts
        self.lags = False  # something has come that is not in the tail yet
        self._parsed = 0  # how long it was when `_tail` was made
        self._due = 0.0  # when an open block that is long may be read anew
        self._tail: list[Block] = []
        self._fence: _Fence | None = None  # `_open` is inside of it
        self._rows: Block | None = None  # of the table that `_open` goes on with, those that are no whole part yet
        self._before = Before()

    def feed(self, text: str) -> tuple[list[Block], list[Block]]:
        """Take in `text`: the blocks that are finished by it, and all that is still open.

        An open block of more than CALM characters is read anew only after a while or when much of it has come; until
        then the same tail is returned, and it `lags`.
        """
        return self._take(self._images.take(text))

    def _take(self, text: str) -> tuple[list[Block], list[Block]]:
        # The line ends as the parser counts them; a carriage return at the end may still get its line feed.
        held = self._open + text.translate(DRAWABLE)
        end = len(held) - held.endswith("\r")
        self._open = held[:end].replace("\r\n", "\n").replace("\r", "\n") + held[end:]
        length = len(self._open)
        began = time.perf_counter()
        few = length > CALM and 0 <= length - self._parsed < min(length // 8, LAG)
        self.lags = few and self._fence is None and began < self._due
        if self.lags:
            return [], self._tail
        finished: list[Block] = []
        while (more := self._finished()) is not None:
            finished += more
        self._tail = self._rest(finished=False)
        self._parsed = len(self._open)
        now = time.perf_counter()
        self._due = now + (now - began) * REST
        return finished, self._tail

    def end(self) -> list[Block]:
        """The text has ended, and with it what was open: the last blocks."""
        rest = self._images.rest()
        finished = self._take(rest)[0] if rest else []
        return [*finished, *self._rest(finished=True)]

    def _finished(self) -> list[Block] | None:
        """Cut off what is finished at the beginning of what is open; None if nothing is."""
        if self._fence is not None:
            return self._finished_open_code(self._fence)
        if not self._uncut:
            if (place := _soft_end(self._open)) is not None:
                return self._cut_paragraph(place)
            self._uncut = _is_long(self._open)  # what follows it changes nothing
        # Whole lines alone decide: a "#" begins a block, but as "#tag" it goes on with the paragraph above.
        whole = self._open.rfind("\n") + 1
        rest = len(self._open) - whole
        if rest > PARAGRAPH_END and (_begins_with_text(self._open[whole:]) or rest > 2 * PARAGRAPH_END):
            whole = len(self._open)  # nothing else than text, long before it has an end
        if whole == self._seen:
            return None
        self._seen = whole
        return self._finished_blocks(Outline(self._open, whole, self._before))

    def _finished_blocks(self, text: Outline) -> list[Block] | None:
        if not text.tokens:
            return None
        if begin := line_of(text.tokens[0]):  # blank lines
            self._advance(text.lines[begin:])
            self._before = replace(self._before, blank=True)
            return []
        long = next((index for index, content in text.paragraphs() if index and _is_long(content)), None)
        index = text.last() if long is None else long
        around = text.around(index)
        for depth, block in reversed([*enumerate((*around, index))]):
            if (done := self._cut_before(text, block, around[:depth])) is not None:
                return done
        return self._finished_inside(text, index, in_container=bool(around)) if text.is_first(index, around) else None

    def _finished_inside(self, text: Outline, index: int, *, in_container: bool) -> list[Block] | None:
        """Of a block that nothing stands before."""
        token = text.tokens[index]
        match token.type:
            case "fence":
                return self._finished_code(text, token) if in_container else self._enter_fence(token)
            case "table_open":
                return self._finished_rows(text, index)
            case "paragraph_open" | "heading_open" if index and _is_long(text.tokens[index + 1].content):
                return self._cut_long(text, index)
        return None

    def _cut_before(self, text: Outline, index: int, around: Sequence[int]) -> list[Block] | None:
        line = text.begin(index, around)
        kept = None if line is None else text.keep(line, index, around)
        if line is None or kept is None:
            return None
        above, before = kept
        return self._cut(text.lines[:line], [*above, *text.lines[line:]], before)

    def _finished_code(self, text: Outline, fence: Token) -> list[Block] | None:
        """Of an open fence in a container all whole lines but the last."""
        lines = fence.content.count("\n")
        if lines <= 1 or has_end(fence) or is_math(fence):
            return None
        *done, code = self._cut_inside(text, line_of(fence) + 1, lines - 1, Kind.CODE)
        return [*done, replace(code, goes_on=True)]

    def _finished_rows(self, text: Outline, index: int) -> list[Block] | None:
        """Of a table all parts that are full; its last row stays open."""
        rows = sum(token.type == "tr_open" for token in text.tokens[index:]) - 1
        if rows <= 1:
            return None
        *done, part = self._cut_inside(text, line_of(text.tokens[index]) + 2, rows - 1, Kind.TABLE)
        if len(part.rows) >= TABLE_ROWS + (not part.continues):
            return [*done, part]
        self._rows = part
        return done

    def _cut_inside(self, text: Outline, begin: int, count: int, kind: Kind) -> list[Block]:
        """The `count` lines from `begin` on; what stands above them stays, for what follows to be read alike."""
        end = begin + count
        rest = [*text.lines[:begin], *text.lines[end:]]
        return self._cut(text.lines[:end], rest, replace(self._before, continues=kind))

    def _cut_long(self, text: Outline, index: int) -> list[Block] | None:
        """All parts but the last one of a long paragraph in a container."""
        first, rest = line_of(text.tokens[index]), text.tokens[index + 1].content
        prefix, lines, done = text.prefix(first, text.tokens[index].level), text.lines, list[Block]()
        while _is_long(rest):
            length = rest.count("\n")
            rest = rest[_soft_end(rest) or _limit(rest) :].lstrip()
            line = first + length - rest.count("\n")
            column = lines[line].rfind(rest.partition("\n")[0])
            if prefix is None or column < 0:
                break
            above, (cut, *below) = lines[:line], lines[line:]
            lines = [*above[:first], prefix + cut[column:], *below]
            done += self._cut([*above, cut[:column].rstrip()], lines, replace(self._before, continues=Kind.PARAGRAPH))
        return done or None

    def _cut(self, done: Sequence[str], rest: Sequence[str], before: Before) -> list[Block]:
        """Finish the lines `done`; `before` says what `rest` has to know of them."""
        finished = self._read("\n".join((*done, "")), done, self.references)
        self._rows = None
        self._advance(rest)
        self._before = before
        return finished

    def _advance(self, rest: Sequence[str]) -> None:
        self._open = "\n".join(rest)
        self._seen = 0
        self._uncut = False

    def _cut_paragraph(self, cut: int) -> list[Block]:
        done = self._open[:cut].rstrip().split("\n")
        return self._cut(done, [self._open[cut:]], Before(continues=Kind.PARAGRAPH))

    def _enter_fence(self, token: Token) -> list[Block] | None:
        """All whole lines of its code but the last: it is not known to be followed by another one."""
        lines = self._open.partition("\n")[2]
        is_open = self._open.startswith(token.markup) and not has_end(token) and not is_math(token)
        if not is_open or lines.count("\n") <= 1:
            return None
        language = token.info.split()[0] if token.info.strip() else ""
        self._fence = _Fence(re.compile(rf" {{0,3}}{token.markup[0]}{{{len(token.markup)},}}[ \t]*"), language)
        self._advance([lines])
        return self._finished_open_code(self._fence) or []

    def _finished_open_code(self, fence: _Fence) -> list[Block] | None:
        if self._open.count("\n") <= 1:
            return None
        *lines, rest = self._open.split("\n")
        for number, line in enumerate(lines):
            if fence.end.fullmatch(line):
                done = fence.block(lines[:number], goes_on=False)
                self._fence = None
                self._before = Before()
                self._advance([*lines[number + 1 :], rest])
                return [done]
        done = fence.block(lines[:-1], goes_on=True)
        fence.begun = True
        self._open = f"{lines[-1]}\n{rest}"
        return [done]

    def _rest(self, *, finished: bool) -> list[Block]:
        text = self._open.replace("\r", "\n") if finished else self._open
        if self._fence is not None:
            *lines, rest = text.split("\n")
            if rest:
                lines.append(rest)
            if lines and self._fence.end.fullmatch(lines[-1]):
                lines.pop()
            return [self._fence.block(lines, goes_on=False)]
        # The last line gets its end, for `has_end` to count it.
        text = text if text.endswith(("\n", "\r")) else f"{text}\n"
        return self._read(text, text.split("\n"), self.references if finished else dict(self.references))

    def _read(self, text: str, lines: Sequence[str], references: dict[str, str]) -> list[Block]:
        blocks = list(read(outline(text, self._before.item), lines, self._before, references))
        if self._rows is None:
            return blocks
        more = [*takewhile(lambda block: block.continues, blocks)]
        rows = chain(self._rows.rows, *(block.rows for block in more))
        return [*parts_of(replace(self._rows, rows=tuple(rows))), *blocks[len(more) :]]


@dataclass(slots=True)
class _Fence:
    """An open one: the line that ends it, and whether some of its code is finished."""

    end: re.Pattern[str]
    language: str
    begun: bool = False

    def block(self, lines: Sequence[str], *, goes_on: bool) -> Block:
        code = (Span("\n".join(lines), Style.CODE),)
        return Block(Kind.CODE, code, language=self.language, continues=self.begun, goes_on=goes_on)


def _limit(source: str) -> int:
    """How much of a paragraph is kept in one."""
    head, *rest = source[:PARAGRAPH_END].rsplit("\n", max(source.count("\n", 0, PARAGRAPH_END) - PARAGRAPH_LINES, 0))
    return len(head) if rest else PARAGRAPH_END


def _is_long(source: str) -> bool:
    return len(source) > _limit(source)


def _soft_end(source: str) -> int | None:
    """Where the first part of a long paragraph ends, if `source` begins with one: near its limit, at the end of a
    sentence, or else of a line or a word, outside of marks that would be torn apart.
    """
    limit = _limit(source)
    if len(source) <= limit:
        return None
    head = source[:limit]
    if "\n\n" in head:
        return None
    tokens = outline(head)
    if not tokens or tokens[0].type != "paragraph_open" or tokens[-1] is not tokens[2]:
        return None
    places = [place for place in range(int(limit * CUT_FROM), limit) if _is_text(head[place])]
    words = [place for place in places if head[place - 1].isspace()]
    sentences = [place for place in words if head[: place - 1].rstrip().endswith((".", "!", "?"))]
    lines = [place for place in words if head[place - 1] == "\n"]
    fitting = next((place for place in (*sentences, *lines, *words) if _balanced(head[:place])), None)
    # Thousands of marks in a row are nothing to read, and would be laid out as one line anew with each piece.
    return fitting or next(iter(words), None) or next(iter(places), limit)


def _begins_with_text(line: str) -> bool:
    marks = _MARKS.match(line)
    return marks is not None and _is_text(line[marks.end() : marks.end() + 1])


def _is_text(letter: str) -> bool:
    """Whether it neither begins a block nor is a mark."""
    return letter.isalpha() or (not letter.isascii() and not letter.isspace())


def _balanced(text: str) -> bool:
    return not any(text.count(mark) % 2 for mark in "`*_~$") and text.count("[") == text.count("]")
