"""Markdown text to flat blocks, as it streams. No Qt.

A top-level block of CommonMark cannot change any more once the next one has begun, so only the last one, the open
tail, is parsed again when text arrives. Nested lists and quotes become flat blocks with a depth, which is how a text
document wants them. Raw HTML is text and images are links: nothing here makes anything fetch.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SAFE_SCHEMES = ("http://", "https://", "mailto:")


class Style(enum.IntFlag):
    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    CODE = 8


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; `link` is its address, "" for none."""

    text: str
    style: Style = Style.PLAIN
    link: str = ""


class Kind(enum.StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    RULE = "rule"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """What becomes one block of the document (a code block becomes one a line, a table a table).

    `level`: of a heading, 1 to 6. `depth`: how many lists it is inside of. `quotes`: how many block quotes.
    `marker`: of a list item's first block: "•", "3.", "☐", "☑". `tight`: no space before it.
    `language`: of a code block; its text is the one span. `closed`: a code block that has its end.
    `rows`: of a table, the header first; `align`: "left", "center" or "right" for each column.
    """

    kind: Kind
    spans: tuple[Span, ...] = ()
    level: int = 0
    depth: int = 0
    quotes: int = 0
    marker: str = ""
    tight: bool = False
    language: str = ""
    closed: bool = True
    rows: tuple[tuple[tuple[Span, ...], ...], ...] = ()
    align: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # imported at first use: the first paint does not wait for it

    # "html" off: raw HTML comes out as text. Bare links are found by `_autolinked`.
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def parse(text: str) -> list[Block]:
    """All blocks of a finished text."""
    stream = BlockStream()
    finished, tail = stream.feed(text)
    return [*finished, *(replace(block, closed=True) for block in tail)]


class BlockStream:
    """Markdown that arrives in pieces."""

    def __init__(self) -> None:
        self._open = ""

    def feed(self, text: str) -> tuple[list[Block], list[Block]]:
        """Take in `text`: the blocks that are finished by it, and all that is still open."""
        # The line ends as the parser counts them; a carriage return at the end may still get its line feed.
        held = self._open + text.replace("\0", "\ufffd")
        end = len(held) - held.endswith("\r")
        self._open = held[:end].replace("\r\n", "\n").replace("\r", "\n") + held[end:]
        tokens = _parser().parse(self._open)
        starts = [token.map[0] for token in tokens if token.level == 0 and token.map and token.nesting >= 0]
        if len(starts) <= 1:
            return [], list(_blocks(tokens, self._open))
        last = starts[-1]
        lines = self._open.split("\n")
        split = next(
            index
            for index, token in enumerate(tokens)
            if token.level == 0 and token.nesting >= 0 and token.map and token.map[0] == last
        )
        self._open = "\n".join(lines[last:])
        return list(_blocks(tokens[:split], "")), list(_blocks(tokens[split:], self._open))


def _blocks(tokens: Sequence[Token], source: str) -> Iterator[Block]:
    """The flat blocks of `tokens`; `source` is the open text they end with, "" if they are finished."""
    depth = quotes = 0
    markers: list[str] = []  # of the lists around: "•", or the number that comes next
    marker = ""
    fresh = False  # the next block is the first of its item
    tight = False
    index = 0
    while index < len(tokens):
        token = tokens[index]
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None
                markers.append("•" if start is None else str(start))
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                markers.pop()
                depth -= 1
            case "list_item_open":
                marker = markers[-1] if markers[-1] == "•" else f"{markers[-1]}{token.markup or '.'}"
                if markers[-1] != "•":
                    markers[-1] = str(int(markers[-1]) + 1)
                fresh = True
            case "list_item_close":
                if fresh:  # an item without anything in it
                    yield Block(Kind.PARAGRAPH, depth=depth, quotes=quotes, marker=marker, tight=True)
                fresh = False
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "paragraph_open":
                tight = token.hidden
            case "inline":
                opener = tokens[index - 1]
                spans = tuple(_merged(_spans(token.children or [])))
                heading = opener.type == "heading_open"
                block = Block(
                    Kind.HEADING if heading else Kind.PARAGRAPH,
                    spans,
                    level=int(opener.tag[1]) if heading else 0,
                    depth=depth,
                    quotes=quotes,
                    marker=marker if fresh else "",
                    tight=tight and not heading,
                )
                yield _task(block) if fresh else block
                fresh = False
            case "fence" | "code_block":
                yield Block(
                    Kind.CODE,
                    (Span(token.content.removesuffix("\n"), Style.CODE),),
                    depth=depth,
                    quotes=quotes,
                    marker=marker if fresh else "",
                    language=token.info.split()[0] if token.info.strip() else "",
                    closed=not (token.type == "fence" and source and not _fence_closed(token, source)),
                )
                fresh = False
            case "hr":
                yield Block(Kind.RULE, depth=depth, quotes=quotes)
            case "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                yield _table(tokens[index:end], depth, quotes)
                index = end
        index += 1


def _fence_closed(token: Token, source: str) -> bool:
    last = source.rstrip("\n").rsplit("\n", 1)[-1].strip()
    opener = source.lstrip("\n").split("\n", 1)[0]
    return last.startswith(token.markup) and not last.strip(token.markup[0]) and last != opener.strip()


def _task(block: Block) -> Block:
    """A list item that begins with [ ] or [x] is a task (GitHub's addition)."""
    text = block.spans[0].text if block.spans else ""
    for box, marker in (("[ ] ", "☐"), ("[x] ", "☑"), ("[X] ", "☑")):
        if text.startswith(box) and block.marker == "•":
            first = replace(block.spans[0], text=text[len(box) :])
            return replace(block, marker=marker, spans=(first, *block.spans[1:]))
    return block


def _table(tokens: Sequence[Token], depth: int, quotes: int) -> Block:
    rows: list[list[tuple[Span, ...]]] = []
    align: list[str] = []
    for opener, token in pairwise(tokens):
        if opener.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            rows[-1].append(tuple(_merged(_spans(token.children or []))))
            if len(rows) == 1:
                align.append(str(opener.attrGet("style") or "").removeprefix("text-align:") or "left")
    return Block(Kind.TABLE, depth=depth, quotes=quotes, rows=tuple(tuple(row) for row in rows), align=tuple(align))


_STYLES = {"strong": Style.BOLD, "em": Style.ITALIC, "s": Style.STRIKE}


def _spans(tokens: Sequence[Token]) -> Iterator[Span]:
    style, link = Style.PLAIN, ""
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        match token.type:
            case "text" | "html_inline":
                yield from (Span(token.content, style, link),) if link else _autolinked(token.content, style)
            case "code_inline":
                yield Span(token.content, style | Style.CODE, link)
            case "softbreak":
                yield Span(" ", style, link)
            case "hardbreak":
                yield Span("\u2028", style, link)
            case "link_open":
                link = _safe(str(token.attrGet("href") or ""))
            case "link_close":
                link = ""
            case "image":
                address = str(token.attrGet("src") or "")
                yield Span(f"🖼 {token.content or address}", style, _safe(address))
            case _ if name in _STYLES:
                style = style | _STYLES[name] if token.nesting > 0 else style & ~_STYLES[name]


def _safe(address: str) -> str:
    return address if address.lower().startswith(SAFE_SCHEMES) else ""


def _autolinked(text: str, style: Style) -> Iterator[Span]:
    """Bare addresses become links (GitHub's addition); closing punctuation stays outside."""
    while (start := _address(text)) >= 0:
        end = start + len(text[start:].split(None, 1)[0])
        while text[end - 1] in ".,;:!?'\"*_" or (
            text[end - 1] == ")" and text[start:end].count(")") > text[start:end].count("(")
        ):
            end -= 1
        if start:
            yield Span(text[:start], style)
        yield Span(text[start:end], style, text[start:end])
        text = text[end:]
    if text:
        yield Span(text, style)


def _address(text: str) -> int:
    """Where a bare address with something behind its scheme begins, or -1."""
    found = [
        at
        for scheme in ("http://", "https://")
        if (at := text.find(scheme)) >= 0 and text[at + len(scheme) : at + len(scheme) + 1].isalnum()
    ]
    return min(found, default=-1)


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    """Neighbours of one style as one span, so that equal text gives equal spans however it was tokenised."""
    held: Span | None = None
    for span in spans:
        if held is not None and (held.style, held.link) == (span.style, span.link):
            held = replace(held, text=held.text + span.text)
            continue
        if held is not None and held.text:
            yield held
        held = span
    if held is not None and held.text:
        yield held
