"""Markdown text to flat blocks, as it streams. No Qt.

A top-level block of CommonMark cannot change any more once the next one has begun, so only the last one, the open
tail, is parsed again when text arrives. Nested lists and quotes become flat blocks with a depth, which is how a text
document wants them. Raw HTML is text, images are addresses: nothing here makes anything fetch. The definition of a link
("[1]: https://…") or of a footnote holds for what stands below it; once a text is whole, it is read again with all of
them known.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from html import escape
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from gui.markdown import math_rules
from gui.markdown.data_images import HELD, DataImages, without_addresses
from gui.markdown.math import is_display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    Rule = Callable[[StateBlock, int, int, bool], bool]

SAFE_SCHEMES = ("http://", "https://", "mailto:")
DEEPEST = 40  # levels of quotes, and twice of lists, which take two; the marks of deeper ones stay text

ITEM = "item"
"""In the parser's environment: the text begins with an item."""

CALM = 4000
LAG = 2000

PARAGRAPH = 4000
PARAGRAPH_END = 5000
"""A paragraph of more characters than this is cut in parts of at least PARAGRAPH."""

TABLE_ROWS = 16
"""A table of more rows is cut in tables of so many."""

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
    RAISED = 16
    MATH = 32
    IMAGE = 64


FOOTNOTE = "footnote: "
"""Begins a link to a footnote of the same text; its label follows. No address that a reply gives has a blank in it."""


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


@dataclass(frozen=True, slots=True)
class Block:
    """What becomes one block of the document (a code block becomes one a line, a table a table).

    `level`: of a heading, 1 to 6. `depth`: how many lists it is inside of. `quotes`: how many block quotes.
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
    quotes: int = 0
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


@cache
def _outline() -> MarkdownIt:
    """Finds the blocks, and leaves what is in their lines to `_inline`."""
    parser = _make_parser()
    parser.core.ruler.disable(["inline", "text_join"])
    return parser


@cache
def _parser() -> MarkdownIt:
    return _make_parser()


def _make_parser() -> MarkdownIt:
    # Imported at first use: the first paint does not wait for it.
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import blockquote, list_block, table
    from mdit_py_plugins.footnote.index import footnote_def

    # "html" off: raw HTML comes out as text. Bare links are found by `_autolinked`.
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 2 * DEEPEST, "inline_definitions": True})
    parser.enable(["table", "strikethrough"])
    # Beyond "maxNesting" the parser drops the text, so nothing may get there.
    ruler = parser.block.ruler
    ruler.at("blockquote", _bounded(blockquote), {"alt": ["paragraph", "blockquote", "list"]})
    ruler.at("list", _bounded(list_block), {"alt": ["paragraph", "blockquote"]})
    ruler.at("table", _outside_items(table), {"alt": ["paragraph", "reference"]})
    ruler.before("reference", "footnote_def", _bounded(footnote_def), {"alt": ["paragraph", "reference"]})
    math_rules.add_math(parser)
    return parser


def to_html(text: str) -> str:
    """For other programs: plain elements without styles; raw HTML is text, and an image a link to it."""
    from mdit_py_plugins.footnote import footnote_plugin

    parser = _make_parser()
    parser.options["inline_definitions"] = False
    parser.block.ruler.disable("footnote_def")
    parser.use(footnote_plugin)
    parser.add_render_rule("image", _image_as_link)
    parser.add_render_rule(math_rules.INLINE, _formula_as_text)
    parser.add_render_rule(math_rules.BLOCK, _formula_as_paragraph)
    return str(parser.render(without_addresses(text)))


def _image_as_link(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    address, text = str(tokens[index].attrGet("src") or ""), escape(tokens[index].content)
    if not address.lower().startswith(("http://", "https://")):
        return text
    return f'<a href="{escape(address)}">{text or escape(address)}</a>'


def _formula_as_text(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    return escape(tokens[index].content)


def _formula_as_paragraph(
    _renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object
) -> str:
    return f"<p>{escape(tokens[index].content)}</p>\n"


def _bounded(rule: Rule) -> Rule:
    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, start, end, silent)

    return bounded


def _outside_items(rule: Rule) -> Rule:
    """For a text that begins with an item of a list whose items before are cut off: that item is no table."""

    def outside(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return not (start == 0 and state.env.get(ITEM)) and rule(state, start, end, silent)

    return outside


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
    rows of a table, and of a paragraph of more than PARAGRAPH characters the first part. The block after such a part
    says that it `continues` it. Where a part ends follows from the text alone, never from its pieces.

    `references` are the addresses of the definitions so far, by their normalised labels; those that are handed in are
    known from the beginning. If there are any at the end, `parse` of the whole may know more.
    """

    def __init__(self, references: Mapping[str, str] | None = None) -> None:
        self.references = dict(references or {})
        self._images = DataImages()
        self._open = ""
        self._seen = 0  # how much of it has been searched for finished blocks
        self._parsed = 0  # how long it was when `_tail` was made
        self._tail: list[Block] = []
        self._fence: _Fence | None = None  # `_open` is inside of it
        self._table: _Table | None = None  # or of this
        self._before = _Before()

    def feed(self, text: str) -> tuple[list[Block], list[Block]]:
        """Take in `text`: the blocks that are finished by it, and all that is still open.

        An open block of more than CALM characters is parsed again only when an eighth of it, at most LAG, has come;
        until then the same tail is returned.
        """
        return self._take(self._images.take(text))

    def _take(self, text: str) -> tuple[list[Block], list[Block]]:
        # The line ends as the parser counts them; a carriage return at the end may still get its line feed.
        held = self._open + text.translate(_DRAWABLE)
        end = len(held) - held.endswith("\r")
        self._open = held[:end].replace("\r\n", "\n").replace("\r", "\n") + held[end:]
        length = len(self._open)
        inside = self._fence is not None or self._table is not None
        if length > CALM and 0 <= length - self._parsed < min(length // 8, LAG) and not inside:
            return [], self._tail
        finished: list[Block] = []
        while (more := self._finished()) is not None:
            finished += more
        self._tail = self._rest(finished=False)
        self._parsed = len(self._open)
        return finished, self._tail

    def end(self) -> list[Block]:
        """The text has ended, and with it what was open: the last blocks."""
        rest = self._images.rest()
        finished = self._take(rest)[0] if rest else []
        return [*finished, *self._rest(finished=True)]

    def _finished(self) -> list[Block] | None:  # noqa: PLR0911 -- a list of what can be finished, in order
        """Cut off what is finished at the beginning of what is open; None if nothing is."""
        if self._fence is not None:
            return self._finished_code(self._fence)
        if self._table is not None:
            return self._finished_rows(self._table)
        if (cut := _soft_end(self._open)) is not None:
            return self._cut_paragraph(cut)
        # Whole lines alone decide: a "#" begins a block, but as "#tag" it goes on with the paragraph above.
        whole = self._open.rfind("\n") + 1
        rest = len(self._open) - whole
        if rest > PARAGRAPH_END and (_is_text(self._open[whole]) or rest > 2 * PARAGRAPH_END):
            whole = len(self._open)  # nothing else than text, long before it has an end
        if whole == self._seen:
            return None
        self._seen = whole
        tokens = self._tokens(self._open[:whole])
        tops = [
            (index, token.map[0])
            for index, token in enumerate(tokens)
            if token.level == 0 and token.map and token.nesting >= 0
        ]
        if not tops:
            return None
        if tops[0][1]:  # blank lines
            self._advance(self._open.split("\n", tops[0][1])[-1])
            return []
        index, line = next((top for top in tops[1:] if _is_long(tokens[top[0]], self._open)), tops[-1])
        while tokens[index - 1].type == "definition" and (tokens[index - 1].map or (0, 0))[1] == line:
            index -= 1  # what follows a definition at once may be its title
            line = _line(tokens[index])
        if line:
            return self._cut(line, _Before())
        if index != tops[-1][0]:
            return None
        match tokens[0].type:
            case "fence" if (
                self._open.startswith(tokens[0].markup) and not _has_end(tokens[0]) and not _is_math(tokens[0])
            ):
                return self._enter_fence(tokens[0])
            case "bullet_list_open" | "ordered_list_open":
                return self._cut_list(tokens)
            case "table_open":
                return self._enter_table(tokens)
        return None

    def _cut(self, line: int, before: _Before) -> list[Block]:
        """Finish what stands above `line`; `before` says what comes then."""
        source = self._open.split("\n", line)
        rest = source.pop()
        done = self._read("\n".join((*source, "")), source)
        self._advance(rest)
        self._before = before
        return done

    def _advance(self, rest: str) -> None:
        self._open = rest
        self._seen = 0

    def _cut_paragraph(self, cut: int) -> list[Block]:
        source = self._open[:cut].rstrip()
        done = self._read(source, source.split("\n"))
        self._advance(self._open[cut:])
        self._before = _Before(continues=True)
        return done

    def _cut_list(self, tokens: Sequence[Token]) -> list[Block] | None:
        """All items but the last one."""
        items = [index for index, token in enumerate(tokens) if token.type == "list_item_open" and token.level == 1]
        if not items[1:]:
            return None
        begin = tokens[items[-1]].map or (0, 0)
        source = self._open.split("\n", begin[0])
        number = self._before.number if self._before.number is not None else tokens[0].attrs.get("start", 1)
        after = _Before(number=int(number) + len(items) - 1, blank=not source[begin[0] - 1].strip())
        return self._cut(begin[0], after)

    def _enter_table(self, tokens: Sequence[Token]) -> list[Block] | None:
        begin = tokens[0].map or (0, 0)
        *head, rest = self._open.split("\n", begin[0] + 2)[begin[0] :]
        self._table = _Table("\n".join(head), self.references)
        self._advance(rest)
        return []

    def _finished_rows(self, table: _Table) -> list[Block] | None:
        """The part of the table whose last row is followed by another one; all that is left where it ends."""
        while (end := self._open.find("\n")) >= 0:
            if not table.take(self._open[:end]):
                done = table.block()
                self._table = None
                self._before = _Before()
                self._seen = 0
                return [done]
            self._open = self._open[end + 1 :]
            if len(table.rows) > TABLE_ROWS:
                return [table.cut()]
        return None

    def _enter_fence(self, token: Token) -> list[Block] | None:
        """All whole lines of its code but the last: it is not known to be followed by another one."""
        lines = self._open.partition("\n")[2]
        if lines.count("\n") <= 1:
            return None
        language = token.info.split()[0] if token.info.strip() else ""
        self._fence = _Fence(re.compile(rf" {{0,3}}{token.markup[0]}{{{len(token.markup)},}}[ \t]*"), language)
        self._advance(lines)
        return self._finished_code(self._fence) or []

    def _finished_code(self, fence: _Fence) -> list[Block] | None:
        if self._open.count("\n") <= 1:
            return None
        *lines, rest = self._open.split("\n")
        for number, line in enumerate(lines):
            if fence.end.fullmatch(line):
                done = fence.block(lines[:number], goes_on=False)
                self._fence = None
                self._before = _Before()
                self._advance("\n".join((*lines[number + 1 :], rest)))
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
        if self._table is not None:
            return self._table.with_line(text.removesuffix("\n"))
        # The last line gets its end, for `_has_end` to count it.
        text = text if text.endswith(("\n", "\r")) else f"{text}\n"
        references = self.references if finished else dict(self.references)
        return list(_blocks(self._tokens(text), text.split("\n"), self._before, references))

    def _read(self, text: str, lines: Sequence[str]) -> list[Block]:
        """The blocks of a finished text."""
        return list(_blocks(self._tokens(text), lines, self._before, self.references))

    def _tokens(self, text: str) -> Sequence[Token]:
        return _outline().parse(text, {ITEM: self._before.number is not None})


@dataclass(slots=True)
class _Fence:
    """An open one: the line that ends it, and whether some of its code is finished."""

    end: re.Pattern[str]
    language: str
    begun: bool = False

    def block(self, lines: Sequence[str], *, goes_on: bool) -> Block:
        code = (Span("\n".join(lines), Style.CODE),)
        return Block(Kind.CODE, code, language=self.language, continues=self.begun, goes_on=goes_on)


class _Table:
    """An open one. Each of its lines is read once, behind the two that make it a table."""

    def __init__(self, head: str, references: dict[str, str]) -> None:
        self._head = head
        self._references = references
        self._begun = False  # some of its rows are finished
        self.rows: list[tuple[tuple[Span, ...], ...]] = []
        (self._empty,) = self._read("")

    def take(self, line: str) -> bool:
        """Whether `line` is one more row of it."""
        blocks = self._read(line)
        if len(blocks) > 1 or len(blocks[0].rows) != 2:  # noqa: PLR2004 -- the header and this row
            return False
        self.rows.append(blocks[0].rows[1])
        return True

    def block(self, *more: tuple[tuple[Span, ...], ...]) -> Block:
        """What is open of it, with these rows below."""
        header = () if self._begun else self._empty.rows
        return replace(self._empty, rows=(*header, *self.rows, *more), continues=self._begun)

    def with_line(self, line: str) -> list[Block]:
        """What is open of it, with a line that is still being written."""
        table, *others = self._read(line)
        return [self.block(*table.rows[1:]), *others]

    def cut(self) -> Block:
        """All rows but the last one, for good."""
        last = self.rows.pop()
        done = self.block()
        self.rows, self._begun = [last], True
        return done

    def _read(self, line: str) -> list[Block]:
        lines = [*self._head.split("\n"), line]
        return list(_blocks(_outline().parse("\n".join(lines)), lines, _Before(), dict(self._references)))


@dataclass(frozen=True, slots=True)
class _Before:
    """What the first block of a text has to know of the part that is finished.

    `continues`: it goes on with that. `number`: of the first item, None where no list goes on. `blank`: a blank line
    stands between.
    """

    continues: bool = False
    number: int | None = None
    blank: bool = False


def _is_long(token: Token, source: str) -> bool:
    """Whether a block is a paragraph, or a heading that looks like one until it ends, that is cut in parts."""
    if token.map is None or token.type not in {"paragraph_open", "heading_open"} or token.markup.startswith("#"):
        return False
    lines = source.split("\n")[token.map[0] : token.map[1]]
    return sum(map(len, lines)) + len(lines) > PARAGRAPH_END


def _soft_end(source: str) -> int | None:
    """Where the first part of a long paragraph ends, if `source` begins with one: beyond PARAGRAPH characters, at the
    end of a sentence, or else of a word, outside of marks that would be torn apart.
    """
    if len(source) <= PARAGRAPH_END:
        return None
    head = source[:PARAGRAPH_END]
    if "\n\n" in head:
        return None
    tokens = _outline().parse(head)
    if not tokens or tokens[0].type != "paragraph_open" or tokens[-1] is not tokens[2]:
        return None
    places = [place for place in range(PARAGRAPH, PARAGRAPH_END) if _is_text(head[place])]
    words = [place for place in places if head[place - 1].isspace()]
    ends = [place for place in words if head[: place - 1].rstrip().endswith((".", "!", "?"))] + words
    fitting = next((place for place in ends if _balanced(head[:place])), None)
    # Thousands of marks in a row are nothing to read, and would be laid out as one line anew with each piece.
    return fitting or next(iter(words), None) or next(iter(places), PARAGRAPH_END)


def _is_text(letter: str) -> bool:
    """Whether it neither begins a block nor is a mark."""
    return letter.isalpha() or (not letter.isascii() and not letter.isspace())


def _balanced(text: str) -> bool:
    return not any(text.count(mark) % 2 for mark in "`*_~$") and text.count("[") == text.count("]")


# Before these, or where there is nothing, an item's marker stands alone.
_WITHOUT_MARKER = {
    "bullet_list_open",
    "ordered_list_open",
    "list_item_close",
    "fence",
    "code_block",
    "hr",
    "table_open",
    math_rules.BLOCK,
}


def _blocks(  # noqa: PLR0915 -- one pass over the tokens, a case for each kind
    tokens: Sequence[Token], lines: Sequence[str], before: _Before, references: dict[str, str]
) -> Iterator[Block]:
    """`lines` are those that `tokens` were made of. What is defined in them is added to `references`."""
    depth = quotes = 0
    footnotes: list[str] = []  # the labels of those around
    markers: list[str] = []  # of the lists around: "•", or the number that comes next
    marker = ""
    fresh = False  # the next block is the first of its item
    tight = False
    continues = before.continues
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if fresh and token.type in _WITHOUT_MARKER:
            yield Block(Kind.PARAGRAPH, depth=depth, quotes=quotes, marker=marker, tight=True)
            fresh = False
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                start = before.number if index == 0 and before.number is not None else token.attrs.get("start", 1)
                markers.append(str(start) if token.type.startswith("ordered") else "•")
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                markers.pop()
                depth -= 1
            case "list_item_open":
                marker = markers[-1] if markers[-1] == "•" else f"{markers[-1]}{token.markup or '.'}"
                if markers[-1] != "•":
                    markers[-1] = str(int(markers[-1]) + 1)
                fresh = True
                tight = _is_tight(tokens, index, lines, depth, before)
            case "definition":
                references.setdefault(token.meta["id"], token.meta["url"])
            case "footnote_reference_open":
                marker = token.meta["label"]
                references.setdefault(_footnote_label(marker), FOOTNOTE + marker)
                footnotes.append(marker)
                depth += 1
                fresh, tight = True, bool(lines[max(_line(token) - 1, 0)].strip())
            case "footnote_reference_close":
                footnotes.pop()
                depth -= 1
                fresh = False
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "inline":
                opener = tokens[index - 1]
                spans = _inline(token.content, _needed(token.content, references))
                heading = opener.type == "heading_open" and not continues
                block = Block(
                    Kind.HEADING if heading else Kind.PARAGRAPH,
                    spans,
                    level=int(opener.tag[1]) if heading else 0,
                    depth=depth,
                    quotes=quotes,
                    marker=marker if fresh else "",
                    tight=fresh and tight and not heading,
                    footnote=footnotes[-1] if footnotes else "",
                    continues=continues,
                )
                yield from _apart(_task(block) if fresh else block)
                fresh = continues = False
            case "fence" | "code_block" | math_rules.BLOCK:
                block = _literal(token)
                yield replace(block, depth=depth, quotes=quotes)
            case "hr":
                yield Block(Kind.RULE, depth=depth, quotes=quotes)
            case "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                yield from _parts(_table(tokens[index:end], depth, quotes, references), continues=continues)
                continues = False
                index = end
        index += 1


def _is_tight(tokens: Sequence[Token], index: int, lines: Sequence[str], depth: int, before: _Before) -> bool:
    """Whether an item stands close to what is above it. CommonMark asks the whole list, which is not there yet."""
    line = _line(tokens[index])
    if tokens[index - 1].nesting > 0:  # the first of its list
        if depth == 1:
            return index == 1 and before.number is not None and not before.blank
        if tokens[index - 2].nesting > 0 and _line(tokens[index - 2]) == line:  # beside the marker of another
            return True
    return bool(lines[line - 1].strip())


def _line(token: Token) -> int:
    return (token.map or (0, 0))[0]


def _literal(token: Token) -> Block:
    """What is not Markdown inside: code, or a formula."""
    if token.type == math_rules.BLOCK:
        return Block(Kind.MATH, (Span(token.content, Style.MATH),))
    if _is_math(token) and _has_end(token) and token.content.strip():
        return Block(Kind.MATH, (Span(f"$$\n{token.content}$$", Style.MATH),))
    language = token.info.split()[0] if token.info.strip() else ""
    return Block(Kind.CODE, (Span(token.content.removesuffix("\n"), Style.CODE),), language=language)


def _is_math(fence: Token) -> bool:
    """GitHub's other way to write a formula."""
    return fence.info.strip() == "math"


def _has_end(fence: Token) -> bool:
    """Whether its lines are those of the code and two more."""
    first, end = fence.map or (0, 0)
    return end - first == fence.content.count("\n") + 2


def _apart(block: Block) -> Iterator[Block]:
    """Formulas that stand on a line of their own become blocks of their own."""
    if block.kind is not Kind.PARAGRAPH or not any(map(_stands_alone, block.spans)):
        yield block
        return
    more = block
    for alone, group in groupby(block.spans, key=_stands_alone):
        spans = tuple(group)
        if alone:
            if more.marker:
                yield replace(more, spans=())
            yield from (replace(more, kind=Kind.MATH, spans=(span,), marker="", tight=False) for span in spans)
        elif any(span.text.strip() for span in spans):
            yield replace(more, spans=_trimmed(spans))
        else:
            continue
        more = replace(more, marker="", tight=False, continues=False)


def _stands_alone(span: Span) -> bool:
    return bool(span.style & Style.MATH) and is_display(span.text)


def _trimmed(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Without the line ends that stood beside a formula."""
    first = replace(spans[0], text=spans[0].text.lstrip())
    spans = (first, *spans[1:])
    return (*spans[:-1], replace(spans[-1], text=spans[-1].text.rstrip()))


def _task(block: Block) -> Block:
    """A list item that begins with [ ] or [x] is a task (GitHub's addition)."""
    text = block.spans[0].text if block.spans else ""
    for box, marker in (("[ ] ", "☐"), ("[x] ", "☑"), ("[X] ", "☑")):
        if text.startswith(box) and block.marker == "•":
            first = replace(block.spans[0], text=text[len(box) :])
            return replace(block, marker=marker, spans=(first, *block.spans[1:]))
    return block


def _footnote_label(label: str) -> str:
    """As a link looks for it that is written [^label]."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(f"^{label}")


def _table(tokens: Sequence[Token], depth: int, quotes: int, references: Mapping[str, str]) -> Block:
    rows: list[list[tuple[Span, ...]]] = []
    align: list[str] = []
    for opener, token in pairwise(tokens):
        if opener.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            rows[-1].append(_inline(token.content, _needed(token.content, references)))
            if len(rows) == 1:
                align.append(str(opener.attrGet("style") or "").removeprefix("text-align:") or "left")
    return Block(Kind.TABLE, depth=depth, quotes=quotes, rows=tuple(tuple(row) for row in rows), align=tuple(align))


def _parts(table: Block, *, continues: bool) -> Iterator[Block]:
    """A table of many rows as tables of TABLE_ROWS, the first of them with the header."""
    header, *rows = table.rows
    for begin in range(0, max(len(rows), 1), TABLE_ROWS):
        part = tuple(rows[begin : begin + TABLE_ROWS])
        if begin or continues:
            yield replace(table, rows=part, continues=True)
        else:
            yield replace(table, rows=(header, *part))


def _needed(content: str, references: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Those that `content` may ask for, in a form that can be compared."""
    return tuple(references.items()) if references and "]" in content else ()


@lru_cache(maxsize=512)
def _inline(content: str, references: tuple[tuple[str, str], ...]) -> tuple[Span, ...]:
    """The runs of a block's lines. Those of a list or a table that stay open are asked for again with each frame."""
    defined = {label: {"href": address, "title": ""} for label, address in references}
    (token,) = _parser().parseInline(content, {"references": defined})
    return tuple(_merged(_spans(token.children or [])))


_STYLES = {"strong": Style.BOLD, "em": Style.ITALIC, "s": Style.STRIKE}


def _spans(tokens: Sequence[Token]) -> Iterator[Span]:
    styles, link = [Style.PLAIN], ""
    for token in tokens:
        style = styles[-1]
        name = token.type.removesuffix("_open").removesuffix("_close")
        match token.type:
            case "text":
                text = token.content.translate(_IN_LINE)
                if style & Style.RAISED:
                    text = text.removeprefix("^")
                yield from (Span(text, style, link),) if link else _autolinked(text, style)
            case "code_inline":
                yield Span(token.content, style | Style.CODE, link)
            case math_rules.INLINE:
                yield Span(token.content, style | Style.MATH, link)
            case "softbreak":
                yield Span(" ", style, link)
            case "hardbreak":
                yield Span("\u2028", style, link)
            case "link_open":
                link = _safe(str(token.attrGet("href") or ""))
                if link.startswith(FOOTNOTE):
                    styles.append(style | Style.RAISED)
            case "link_close":
                if link.startswith(FOOTNOTE):
                    styles.pop()
                link = ""
            case "image":
                address = str(token.attrGet("src") or "")
                alt = "".join(child.content for child in token.children or ()).translate(_IN_LINE)
                yield from _image(address, alt, style, link)
            case _ if name in _STYLES and token.nesting > 0:
                styles.append(style | _STYLES[name])
            case _ if name in _STYLES:
                styles.pop()


_ADDRESS = re.compile(r"https?://[^\W_][^\s<]*", re.IGNORECASE)
_CLOSING = ".,;:!?'\"*_~»”’…。，、"


def _safe(address: str) -> str:
    return address if address.lower().startswith((*SAFE_SCHEMES, FOOTNOTE)) else ""


def _image(address: str, alt: str, style: Style, link: str) -> Iterator[Span]:
    """What has no address that may be asked for is told, and that is all."""
    if not address.lower().startswith(("http://", "https://", "data:image/", HELD)):
        yield Span(f"{alt} ({address})" if alt else address, style, link)
        return
    yield Span(alt or address, style | Style.IMAGE, address)
    if link:
        yield Span(f" {alt or link}", style, link)


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
        same = held is not None and (held.style, held.link) == (span.style, span.link)
        if held is not None and same and not span.style & (Style.MATH | Style.IMAGE):
            held = replace(held, text=held.text + span.text)
            continue
        if held is not None and held.text:
            yield held
        held = span
    if held is not None and held.text:
        yield held
