"""What the parser found, as flat blocks. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from gui.markdown import math_rules
from gui.markdown.blocks import FOOTNOTE, TABLE_ROWS, Block, Kind, Span, Style
from gui.markdown.inline import spans_of
from gui.markdown.math import is_display

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Before:
    """What has to be known of the part that is finished.

    `continues`: the kind of its last block, if the first one goes on with that. `numbers`: of the item that is open of
    each list around, the outermost first. `blank`: a blank line stands between. `kept`: so many lines stand for what
    is finished of the lists and the quotes around. `item`: the line and the level of the item that a list goes on with.
    """

    continues: Kind | None = None
    numbers: tuple[int, ...] = ()
    blank: bool = False
    kept: int = 0
    item: tuple[int, int] | None = None


# Before these, or where there is nothing, an item's marker stands alone.
_WITHOUT_MARKER = {
    "bullet_list_open",
    "ordered_list_open",
    "list_item_close",
    "alert_open",
    "fence",
    "code_block",
    "hr",
    "table_open",
    math_rules.BLOCK,
}


def read(tokens: Sequence[Token], lines: Sequence[str], before: Before, references: dict[str, str]) -> Iterator[Block]:
    """`lines` are those that `tokens` were made of. What is defined in them is added to `references`."""
    return _Reading(tokens, lines, before, references).blocks()


class _Reading:
    """One pass over the tokens, with what is around the one that is read."""

    def __init__(
        self, tokens: Sequence[Token], lines: Sequence[str], before: Before, references: dict[str, str]
    ) -> None:
        self._tokens = tokens
        self._lines = lines
        self._before = before
        self._references = references
        self._depth = 0
        self._bars: list[int] = []
        self._alerts: list[tuple[int, str]] = []
        self._begins = 0
        self._lists = 0  # that have begun so far
        self._footnotes: list[str] = []  # the labels of those around
        self._markers: list[str] = []  # of the lists around: "•", or the number that comes next
        self._marker = ""
        self._fresh = False  # the next block is the first of its item
        self._tight = False
        self._continues = before.continues

    def blocks(self) -> Iterator[Block]:
        skipped = 0
        for index, token in enumerate(self._tokens):
            if index < skipped:
                continue
            if self._fresh and token.type in _WITHOUT_MARKER:
                yield self._place(Block(Kind.PARAGRAPH, marker=self._marker, tight=True))
                self._fresh = False
            match token.type:
                case "heading_open" if is_placeholder(self._tokens, index, self._before):
                    skipped = index + 3
                case "inline":
                    yield from self._text(self._tokens[index - 1], token.content)
                case "fence" | "code_block" | math_rules.BLOCK:
                    yield self._place(_literal(token))
                case "hr":
                    yield self._place(Block(Kind.RULE))
                case "table_open":
                    skipped = next(i for i in range(index, len(self._tokens)) if self._tokens[i].type == "table_close")
                    table = self._place(_table(self._tokens[index:skipped], self._references))
                    yield from parts_of(replace(table, rows=table.rows[1:]) if table.continues else table)
                case "definition":
                    self._references.setdefault(token.meta["id"], token.meta["url"])
                case "footnote_reference_open" | "footnote_reference_close":
                    self._footnote(token)
                case "blockquote_open":
                    self._open_quote(token)
                case "alert_open":
                    self._open_quote(token)
                    self._alerts.append((len(self._bars), str(token.meta["kind"]).lower()))
                    if self._is_new(token):
                        yield self._place(Block(Kind.ALERT, (Span(self._tokens[index + 2].content, Style.BOLD),)))
                    skipped = index + 4  # the title, which is no text of the message
                case "blockquote_close":
                    self._close_quote()
                case "alert_close":
                    self._close_quote()
                    self._alerts.pop()
                case _:
                    self._list(index, token)

    def _open_quote(self, token: Token) -> None:
        self._bars.append(self._depth)
        if self._is_new(token):
            self._begins = self._begins or len(self._bars)

    def _close_quote(self) -> None:
        self._bars.pop()
        self._begins = self._begins if self._begins <= len(self._bars) else 0  # or it was an empty one

    def _place(self, block: Block) -> Block:
        begins, continues = self._begins, block.kind is self._continues
        self._begins, self._continues = 0, None
        alert = self._alerts[-1] if self._alerts else (0, "")
        return replace(
            block, depth=self._depth, bars=tuple(self._bars), begins=begins, alert=alert, continues=continues
        )

    def _is_new(self, opener: Token) -> bool:
        """Whether nothing of a container is finished."""
        return line_of(opener) >= self._before.kept and self._continues is None

    def _list(self, index: int, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._markers.append("•")
                self._lists += 1
                self._depth += 1
            case "ordered_list_open":
                known = self._before.numbers
                self._markers.append(
                    str(known[self._lists] if self._lists < len(known) else token.attrs.get("start", 1))
                )
                self._lists += 1
                self._depth += 1
            case "bullet_list_close" | "ordered_list_close":
                self._markers.pop()
                self._depth -= 1
            case "list_item_open":
                self._marker = self._markers[-1]
                if self._marker != "•":
                    self._markers[-1] = str(int(self._marker) + 1)
                    self._marker += token.markup or "."
                self._fresh = self._is_new(token)
                self._tight = _is_tight(self._tokens, index, self._lines, self._depth, self._before)

    def _footnote(self, token: Token) -> None:
        self._depth += token.nesting
        self._fresh = token.nesting > 0
        if not self._fresh:
            self._footnotes.pop()
            return
        self._marker = token.meta["label"]
        self._references.setdefault(_footnote_label(self._marker), FOOTNOTE + self._marker)
        self._footnotes.append(self._marker)
        line = line_of(token)
        self._tight = bool(self._lines[line - 1].strip()) if line else not self._before.blank

    def _text(self, opener: Token, content: str) -> Iterator[Block]:
        heading = opener.type == "heading_open" and self._continues is None
        block = Block(
            Kind.HEADING if heading else Kind.PARAGRAPH,
            spans_of(content, self._references),
            level=int(opener.tag[1]) if heading else 0,
            marker=self._marker if self._fresh else "",
            tight=self._fresh and self._tight and not heading,
            footnote=self._footnotes[-1] if self._footnotes else "",
        )
        block = self._place(block)
        yield from _apart(_task(block) if self._fresh else block)
        self._fresh = False


def _is_tight(tokens: Sequence[Token], index: int, lines: Sequence[str], depth: int, before: Before) -> bool:
    """Whether an item stands close to what is above it. CommonMark asks the whole list, which is not there yet."""
    line = line_of(tokens[index])
    if (line, tokens[index].level) == before.item:
        return not before.blank
    if tokens[index - 1].nesting > 0:  # the first of its list
        if depth == 1:
            return False
        if tokens[index - 2].nesting > 0 and line_of(tokens[index - 2]) == line:  # beside the marker of another
            return True
    return bool(lines[line - 1].strip())


def is_placeholder(tokens: Sequence[Token], index: int, before: Before) -> bool:
    """Whether a heading stands for what is finished of the container that it is in."""
    opener, inside = tokens[index : index + 2]
    return opener.markup == "#" and not inside.content and line_of(opener) < before.kept


def line_of(token: Token) -> int:
    return (token.map or (0, 0))[0]


def _literal(token: Token) -> Block:
    """What is not Markdown inside: code, or a formula."""
    if token.type == math_rules.BLOCK:
        return Block(Kind.MATH, (Span(token.content, Style.MATH),))
    if is_math(token) and has_end(token) and token.content.strip():
        return Block(Kind.MATH, (Span(f"$$\n{token.content}$$", Style.MATH),))
    language = token.info.split()[0] if token.info.strip() else ""
    return Block(Kind.CODE, (Span(token.content.removesuffix("\n"), Style.CODE),), language=language)


def is_math(fence: Token) -> bool:
    """GitHub's other way to write a formula."""
    return fence.info.strip() == "math"


def has_end(fence: Token) -> bool:
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
                more = replace(more, begins=0)
            for span in spans:
                yield replace(more, kind=Kind.MATH, spans=(span,), marker="", tight=False)
                more = replace(more, begins=0)
        elif any(span.text.strip() for span in spans):
            yield replace(more, spans=_trimmed(spans))
        else:
            continue
        more = replace(more, marker="", tight=False, continues=False, begins=0)


def _stands_alone(span: Span) -> bool:
    return bool(span.style & Style.MATH) and is_display(span.text)


def _trimmed(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Without the line ends that stood beside a formula."""
    first = replace(spans[0], text=spans[0].text.lstrip())
    spans = (first, *spans[1:])
    return (*spans[:-1], replace(spans[-1], text=spans[-1].text.rstrip()))


def _task(block: Block) -> Block:
    """A list item that begins with [ ] or [x] is a task, whatever its list (GitHub's addition)."""
    text = block.spans[0].text if block.spans else ""
    for box, marker in (("[ ] ", "☐"), ("[x] ", "☑"), ("[X] ", "☑")):
        if text.startswith(box) and not block.footnote:
            first = replace(block.spans[0], text=text[len(box) :])
            return replace(block, marker=marker, spans=(first, *block.spans[1:]))
    return block


def _footnote_label(label: str) -> str:
    """As a link looks for it that is written [^label]."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(f"^{label}")


def _table(tokens: Sequence[Token], references: Mapping[str, str]) -> Block:
    rows: list[list[tuple[Span, ...]]] = []
    align: list[str] = []
    for opener, token in pairwise(tokens):
        if opener.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            rows[-1].append(spans_of(token.content, references))
            if len(rows) == 1:
                align.append(str(opener.attrGet("style") or "").removeprefix("text-align:") or "left")
    return Block(Kind.TABLE, rows=tuple(tuple(row) for row in rows), align=tuple(align))


def parts_of(table: Block) -> Iterator[Block]:
    """A table of many rows as tables of TABLE_ROWS, the first of them with the header."""
    begin = 0
    while begin == 0 or begin < len(table.rows):
        end = begin + TABLE_ROWS + (begin == 0 and not table.continues)
        part = replace(table, rows=table.rows[begin:end])
        yield replace(part, continues=True, begins=0) if begin else part
        begin = end
