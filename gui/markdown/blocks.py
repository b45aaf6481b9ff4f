"""Markdown text to flat blocks, as it streams. No Qt.

A top-level block of CommonMark cannot change any more once the next one has begun, so only the last one, the open
tail, is parsed again when text arrives. Nested lists and quotes become flat blocks with a depth, which is how a text
document wants them. Raw HTML is text and images are links: nothing here makes anything fetch. Link reference
definitions ("[1]: https://…") are text too, since they would reach back into what is finished.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    Rule = Callable[[StateBlock, int, int, bool], bool]

SAFE_SCHEMES = ("http://", "https://", "mailto:")
DEEPEST = 40  # levels of quotes, and twice of lists, which take two; the marks of deeper ones stay text

CALM = 4000
LAG = 2000

# What a text document takes for something else: the end of a block, the borders of a frame, a byte order mark (which
# is lost at the start of a run alone); and halves of characters, which cannot be encoded.
_DRAWABLE = {
    0x2029: "\u2028",
    0xFEFF: None,
    **dict.fromkeys((0, 0xFDD0, 0xFDD1, *range(0xD800, 0xE000)), "\ufffd"),
}
_IN_LINE = {**_DRAWABLE, **dict.fromkeys(map(ord, "\n\r"), " ")}  # entities can spell these: &#10;


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
    # Imported at first use: the first paint does not wait for it.
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import blockquote, list_block

    # "html" off: raw HTML comes out as text. Bare links are found by `_autolinked`.
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 2 * DEEPEST})
    parser.enable(["table", "strikethrough"]).disable("reference")
    # Beyond "maxNesting" the parser drops the text, so nothing may get there.
    ruler = parser.block.ruler
    ruler.at("blockquote", _bounded(blockquote), {"alt": ["paragraph", "blockquote", "list"]})
    ruler.at("list", _bounded(list_block), {"alt": ["paragraph", "blockquote"]})
    return parser


def _bounded(rule: Rule) -> Rule:
    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, start, end, silent)

    return bounded


def parse(text: str) -> list[Block]:
    """All blocks of a finished text."""
    stream = BlockStream()
    finished, _tail = stream.feed(text)
    return [*finished, *stream.end()]


class BlockStream:
    """Markdown that arrives in pieces."""

    def __init__(self) -> None:
        self._open = ""
        self._seen = 0  # how much of it has been searched for finished blocks
        self._parsed = 0  # how long it was when `_tail` was made
        self._tail: list[Block] = []

    def feed(self, text: str) -> tuple[list[Block], list[Block]]:
        """Take in `text`: the blocks that are finished by it, and all that is still open.

        An open block of more than CALM characters is parsed again only when an eighth of it, at most LAG, has come;
        until then the same tail is returned.
        """
        # The line ends as the parser counts them; a carriage return at the end may still get its line feed.
        held = self._open + text.translate(_DRAWABLE)
        end = len(held) - held.endswith("\r")
        self._open = held[:end].replace("\r\n", "\n").replace("\r", "\n") + held[end:]
        length = len(self._open)
        if length > CALM and 0 <= length - self._parsed < min(length // 8, LAG):
            return [], self._tail
        finished = self._finished()
        self._tail = self._blocks(finished=False)
        self._parsed = len(self._open)
        return finished, self._tail

    def end(self) -> list[Block]:
        """The text has ended, and with it what was open: the last blocks."""
        return self._blocks(finished=True)

    def _finished(self) -> list[Block]:
        """Cut off all blocks but the last one."""
        # Whole lines alone decide: a "#" begins a block, but as "#tag" it goes on with the paragraph above.
        whole = self._open.rfind("\n") + 1
        if whole == self._seen:
            return []
        tokens = _parser().parse(self._open[:whole])
        starts = [
            (index, token.map[0])
            for index, token in enumerate(tokens)
            if token.level == 0 and token.map and token.nesting >= 0
        ]
        self._seen = whole
        if not starts[1:]:
            return []
        index, line = starts[-1]
        rest = self._open.split("\n", line)[line]
        self._seen -= len(self._open) - len(rest)
        self._open = rest
        return list(_blocks(tokens[:index], finished=True))

    def _blocks(self, *, finished: bool) -> list[Block]:
        # The last line gets its end, for `_has_end` to count it.
        text = self._open if self._open.endswith(("\n", "\r")) else f"{self._open}\n"
        return list(_blocks(_parser().parse(text), finished=finished))


# Before these, or where there is nothing, an item's marker stands alone.
_WITHOUT_MARKER = {
    "bullet_list_open",
    "ordered_list_open",
    "list_item_close",
    "fence",
    "code_block",
    "hr",
    "table_open",
}


def _blocks(tokens: Sequence[Token], *, finished: bool) -> Iterator[Block]:
    depth = quotes = 0
    markers: list[str] = []  # of the lists around: "•", or the number that comes next
    marker = ""
    fresh = False  # the next block is the first of its item
    tight = False
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if fresh and token.type in _WITHOUT_MARKER:
            yield Block(Kind.PARAGRAPH, depth=depth, quotes=quotes, marker=marker, tight=True)
            fresh = False
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                markers.append(str(token.attrs.get("start", 1)) if token.type.startswith("ordered") else "•")
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                markers.pop()
                depth -= 1
            case "list_item_open":
                marker = markers[-1] if markers[-1] == "•" else f"{markers[-1]}{token.markup or '.'}"
                if markers[-1] != "•":
                    markers[-1] = str(int(markers[-1]) + 1)
                fresh = True
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
                    language=token.info.split()[0] if token.info.strip() else "",
                    closed=finished or token.type == "code_block" or _has_end(token),
                )
            case "hr":
                yield Block(Kind.RULE, depth=depth, quotes=quotes)
            case "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                yield _table(tokens[index:end], depth, quotes)
                index = end
        index += 1


def _has_end(fence: Token) -> bool:
    """Whether its lines are those of the code and two more."""
    first, end = fence.map or (0, 0)
    return end - first == fence.content.count("\n") + 2


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
    styles, link = [Style.PLAIN], ""
    for token in tokens:
        style = styles[-1]
        name = token.type.removesuffix("_open").removesuffix("_close")
        match token.type:
            case "text":
                text = token.content.translate(_IN_LINE)
                yield from (Span(text, style, link),) if link else _autolinked(text, style)
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
                alt = "".join(child.content for child in token.children or ()).translate(_IN_LINE)
                yield Span(f"🖼 {alt or address}", style, link or _safe(address))
            case _ if name in _STYLES and token.nesting > 0:
                styles.append(style | _STYLES[name])
            case _ if name in _STYLES:
                styles.pop()


_ADDRESS = re.compile(r"https?://[^\W_][^\s<]*", re.IGNORECASE)
_CLOSING = ".,;:!?'\"*_~»”’…。，、"


def _safe(address: str) -> str:
    return address if address.lower().startswith(SAFE_SCHEMES) else ""


def _autolinked(text: str, style: Style) -> Iterator[Span]:
    """Bare addresses become links (GitHub's addition); closing punctuation stays outside."""
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found[0]
        while address[-1] in _CLOSING or any(
            address[-1] == close and address.count(close) > address.count(opener) for opener, close in ("()", "[]")
        ):
            address = address[:-1]
        yield Span(text[end : found.start()], style)
        yield Span(address, style, address)
        end = found.start() + len(address)
    yield Span(text[end:], style)


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
