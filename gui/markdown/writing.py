"""Blocks to Markdown: what is read again as they are. No Qt.

Marks are escaped only where they would mean something, which is found out by reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.markdown.blocks import FOOTNOTE, Block, Kind, Span, Style
from gui.markdown.parser import ADDRESS, without_closing
from gui.markdown.stream import BlockStream

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = {Style.BOLD: "**", Style.ITALIC: "*", Style.STRIKE: "~~"}
_BOXES = {"•": "-", "☐": "- [ ]", "☑": "- [x]"}
_NEVER_READ = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;'’\"«»“”()–—?]|[.:](?!\S)|(?<=[^\W_])-(?=[^\W_]))*")
_SPECIAL = re.compile(r"[\\`*\]<>~$&]|(?<![^\W_])_|_(?![^\W_])")  # what is between \\[ and \\] would be a formula
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_AT_BEGIN = re.compile(r"(?m)^(\s*)(?:([-+=#:|])|(\d+)([.)]))")
_BREAKING = re.compile(r"[\s()<>]")
_CLOSING = re.compile(r"(?:(?<= )|^)#+$")  # of a heading
_TICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list that is open: `width` of its marker, with the blank behind it."""

    depth: int
    quotes: int
    width: int


def markdown_of(blocks: Sequence[Block]) -> str:
    """Markdown that becomes `blocks`, as far as it can say what they are."""
    lines: list[str] = []
    items: list[_Item] = []
    before: Block | None = None
    for block in blocks:
        goes_on = False  # the list of the item before
        while items and _is_over(items[-1], block):
            goes_on = items.pop().depth == block.depth
        outside = _quotes_outside(block)
        prefix = _prefix(items, outside)
        if before is not None and not _is_close(before, block, goes_on=goes_on):
            lines.append(_blank(prefix, before, block))
        marker = _marker(block)
        if marker:
            items.append(_Item(block.depth, outside, len(_BOXES["•"]) + 1 if "[" in marker else len(marker) + 1))
        inside = "> " * (block.quotes - outside)
        first, *others = _body(block)
        lines.append(f"{prefix}{marker} {inside}{first}".rstrip() if marker else f"{prefix}{first}")
        rest = prefix + " " * (items[-1].width if marker else 0) + inside
        lines += [f"{rest}{line}" if line else rest.rstrip() for line in others]
        before = block
    return "\n".join(lines)


def _is_over(item: _Item, block: Block) -> bool:
    is_next = bool(block.marker) and item.depth == block.depth
    return item.depth > block.depth or item.quotes > block.quotes or is_next


def _quotes_outside(block: Block) -> int:
    """How many of its quotes are around its item as well, where it begins one."""
    return sum(lists < block.depth for lists in block.bars) if block.marker else block.quotes


def _prefix(items: Sequence[_Item], outside: int) -> str:
    """What stands before each line: the marks of the quotes and the indents of the items around it."""
    prefix, quotes = "", 0
    for item in items:
        prefix += "> " * (item.quotes - quotes) + " " * item.width
        quotes = item.quotes
    return prefix + "> " * (outside - quotes)


def _is_close(before: Block, block: Block, *, goes_on: bool) -> bool:
    """Whether no blank line is between them."""
    if before.kind is Kind.ALERT:
        return True
    if before.marker and not before.spans:  # or what follows would be outside of the item
        return block.depth > before.depth or (block.depth == before.depth and not block.marker)
    if block.continues:
        return True
    interrupts = goes_on or not block.marker[:1].isdecimal() or block.marker[:-1] == "1"
    return block.tight and interrupts


def _blank(prefix: str, before: Block, block: Block) -> str:
    quotes = min(before.quotes, block.quotes)
    if block.begins:
        quotes = min(quotes, block.begins - 1)
    end = 0
    for _quote in range(quotes):
        end = prefix.index(">", end) + 1
    return prefix[:end]


def _marker(block: Block) -> str:
    if block.footnote and block.marker == block.footnote:
        return f"[^{block.footnote}]:"
    return _BOXES.get(block.marker, block.marker)


def _body(block: Block) -> list[str]:
    match block.kind:
        case Kind.CODE:
            lines = _fenced(block)
        case Kind.RULE:
            lines = ["---"]
        case Kind.ALERT:
            lines = [f"[!{block.alert[1].upper()}]"]
        case Kind.TABLE:
            lines = _table(block)
        case Kind.MATH:
            lines = block.text.split("\n")
        case Kind.HEADING:
            lines = ["#" * block.level + " " + _CLOSING.sub(r"\\\g<0>", _line(block.spans))]
        case _:
            lines = _lines(block.spans).split("\n")
    return lines


def _fenced(block: Block) -> list[str]:
    longest = max((len(ticks) for ticks in _TICKS.findall(block.text)), default=0)
    fence = "`" * max(longest + 1, 3)
    return [f"{fence}{block.language}", *block.text.split("\n"), fence]


def _table(block: Block) -> list[str]:
    rules = {"center": ":-:", "right": "--:"}
    header, *rows = [[_line(cell).replace("|", "\\|") for cell in row] for row in block.rows]
    rule = [rules.get(align, "---") for align in block.align]
    return [f"| {' | '.join(row)} |" for row in (header, rule, *rows)]


def _line(spans: Sequence[Span]) -> str:
    """In one line, for a heading or a cell."""
    return _lines([replace(span, text=span.text.replace("\u2028", " ")) for span in spans]).replace("\n", " ")


def _lines(spans: Sequence[Span]) -> str:
    if all(span == Span(span.text) and _NEVER_READ.fullmatch(span.text) for span in spans):
        return "".join(span.text for span in spans)
    text = _written(spans, frozenset(), escape=False)
    return text if _reads_as(text, spans) else _written(spans, frozenset(), escape=True)


def _reads_as(text: str, spans: Sequence[Span]) -> bool:
    from markdown_it.common.utils import normalizeReference

    notes = {span.link for span in spans if span.link.startswith(FOOTNOTE)}
    stream = BlockStream({normalizeReference(f"^{note.removeprefix(FOOTNOTE)}"): note for note in notes})
    finished, _tail = stream.feed(text)
    read = [*finished, *stream.end()]
    return len(read) == 1 and read[0].kind in {Kind.PARAGRAPH, Kind.MATH} and [*read[0].spans] == [*spans]


def _written(spans: Sequence[Span], around: frozenset[Style | str], *, escape: bool) -> str:
    """`around`: the styles and the link that are open; of those that begin here the longest is the outermost."""
    parts, index = [], 0
    while index < len(spans):
        inner = [mark for mark in _marks_of(spans[index]) if mark not in around]
        if not inner:
            parts.append(_leaf(spans[index], escape=escape, first=index == 0))
            index += 1
            continue
        ends = {mark: _end(spans, index, mark) for mark in inner}
        mark = max(inner, key=lambda one: ends[one])
        part = spans[index : ends[mark]]
        parts.append(_marked(mark, part, _written(part, around | {mark}, escape=escape)))
        index = ends[mark]
    return "".join(parts)


def _marks_of(span: Span) -> list[Style | str]:
    links: list[Style | str] = [span.link] if span.link and not span.style & Style.IMAGE else []
    return [*links, *(style for style in _MARKS if span.style & style)]


def _end(spans: Sequence[Span], begin: int, mark: Style | str) -> int:
    return next((n for n in range(begin, len(spans)) if mark not in _marks_of(spans[n])), len(spans))


def _marked(mark: Style | str, spans: Sequence[Span], inner: str) -> str:
    if isinstance(mark, Style):
        text = inner.strip()
        begin = inner.index(text)
        sign = _MARKS[mark]
        return f"{inner[:begin]}{sign}{text}{sign}{inner[begin + len(text) :]}" if text else inner
    if mark.startswith(FOOTNOTE):
        return f"[^{mark.removeprefix(FOOTNOTE)}]"
    if (
        tuple(spans) == (Span(mark, spans[0].style, mark),)
        and ADDRESS.fullmatch(mark)
        and without_closing(mark) == mark
    ):
        return mark
    return f"[{inner}]({address(mark)})"


def address(link: str) -> str:
    """As it is written behind a link's text."""
    return f"<{link}>" if _BREAKING.search(link) else link


def _leaf(span: Span, *, escape: bool, first: bool) -> str:
    if span.style & Style.MATH:
        return span.text
    if span.style & Style.IMAGE:
        return f"![{span.text}]({address(span.link)})" if span.link else span.text
    if span.style & Style.CODE:
        ticks = "`" * (max((len(one) for one in _TICKS.findall(span.text)), default=0) + 1)
        room = " " if span.text.strip(" ") and {span.text[0], span.text[-1]} & {"`", " "} else ""
        return f"{ticks}{room}{span.text}{room}{ticks}"
    # Raw HTML is text for us alone.
    text = (_SPECIAL if escape else _TAG).sub(r"\\\g<0>", span.text)
    text = text.replace("\u2028", "\\\n")
    if escape and first:
        text = _AT_BEGIN.sub(lambda at: f"{at[1]}\\{at[2]}" if at[2] else f"{at[1]}{at[3]}\\{at[4]}", text)
    return text
