"""The structure of a text as markdown-it-py sees it, in the same plain form as our blocks: two readings to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from gui.markdown.blocks import Kind, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token

    from gui.markdown.blocks import Block, Span

Runs = list[tuple[str, str, str]]
"""Text, the initials of its styles, and its address."""

Plain = tuple[str, dict[str, object]]
"""The kind of a block, and what of it is anything but 0 or empty."""

MARKS = {"strong": "b", "em": "i", "s": "s"}


def ours(blocks: Iterable[Block]) -> list[Plain]:
    """Our blocks in that form, but for what CommonMark knows nothing of: how close they stand."""
    return [
        _plain(
            block.kind,
            level=block.level,
            depth=block.depth,
            quotes=block.quotes,
            marker=block.marker,
            language=block.language,
            runs=[] if block.kind is Kind.CODE else _runs(block.spans),
            code=block.text if block.kind is Kind.CODE else "",
            rows=[[_runs(cell) for cell in row] for row in block.rows],
            align=list(block.align),
        )
        for block in blocks
    ]


def theirs(text: str) -> list[Plain]:
    """All of `text`, read at once by the parser as it comes, with tables and strikethrough."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader = _Reader()
    for token in parser.parse(text):
        reader.take(token)
    return reader.blocks


class _Reader:
    """Nested tokens to flat blocks. An item's marker is that of its first block, if that has lines of text."""

    def __init__(self) -> None:
        self.blocks: list[Plain] = []
        self._lists: list[tuple[str, int]] = []  # how its markers end, and the number of the next
        self._quotes = 0
        self._level = 0
        self._marker = ""
        self._rows: list[list[Runs]] | None = None
        self._align: list[str] = []

    def take(self, token: Token) -> None:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if self._marker and name not in {"blockquote", "paragraph", "heading", "inline"}:
            self._add(Kind.PARAGRAPH)
        match name, token.nesting:
            case "bullet_list" | "ordered_list", 1:
                self._lists.append(("" if name == "bullet_list" else token.markup, int(token.attrs.get("start", 1))))
            case "bullet_list" | "ordered_list", -1:
                self._lists.pop()
            case "list_item", 1:
                end, number = self._lists[-1]
                self._marker = f"{number}{end}" if end else "•"
                self._lists[-1] = (end, number + 1)
            case "blockquote", nesting:
                self._quotes += nesting
            case "heading", nesting:
                self._level = int(token.tag[1]) if nesting > 0 else 0
            case "table", 1:
                self._rows, self._align = [], []
            case "table", -1:
                self._add(Kind.TABLE, rows=self._rows, align=self._align)
                self._rows = None
            case "hr", _:
                self._add(Kind.RULE)
            case "fence" | "code_block", _:
                info = token.info.split()
                self._add(Kind.CODE, code=token.content.removesuffix("\n"), language=info[0] if info else "")
            case _ if self._rows is not None:
                self._take_cell(token, self._rows)
            case "inline", _:
                kind = Kind.HEADING if self._level else Kind.PARAGRAPH
                self._add(kind, level=self._level, runs=_inline(token.children or []))

    def _take_cell(self, token: Token, rows: list[list[Runs]]) -> None:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "th_open":
            self._align.append(str(token.attrs.get("style", "text-align:left")).removeprefix("text-align:"))
        elif token.type == "inline":
            rows[-1].append(_inline(token.children or []))

    def _add(self, kind: Kind, **content: object) -> None:
        place = {"depth": len(self._lists), "quotes": self._quotes, "marker": self._marker}
        self._marker = ""
        self.blocks.append(_plain(kind, **place, **content))


def _inline(tokens: Sequence[Token]) -> Runs:
    runs: Runs = []
    styles: list[str] = []
    address = ""
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        text = {"text": token.content, "code_inline": token.content, "softbreak": " ", "hardbreak": "\u2028"}.get(name)
        if name == "image":
            source = str(token.attrs["src"])
            alternative = "".join(child.content or " " * (child.type == "softbreak") for child in token.children or [])
            _append(runs, f"{alternative} ({source})" if alternative else source, styles, address)  # none is of the web
        elif text is not None:
            _append(runs, text, [*styles, "c"] if name == "code_inline" else styles, address)
        elif name == "link":
            address = str(token.attrs["href"]) if token.nesting > 0 else ""
        elif token.nesting > 0:
            styles.append(MARKS[name])
        else:
            styles.remove(MARKS[name])
    return runs


def _append(runs: Runs, text: str, styles: Iterable[str], address: str) -> None:
    marks = "".join(sorted({*styles}))
    if runs and runs[-1][1:] == (marks, address):
        text = runs.pop()[0] + text
    if text:
        runs.append((text, marks, address))


INITIALS = {
    Style.BOLD: "b",
    Style.ITALIC: "i",
    Style.STRIKE: "s",
    Style.CODE: "c",
    Style.RAISED: "r",
    Style.MATH: "m",
}


def _runs(spans: Iterable[Span]) -> Runs:
    return [(one.text, "".join(sorted(INITIALS[style] for style in one.style)), one.link) for one in spans]


def _plain(kind: Kind, **parts: object) -> Plain:
    return kind.value, {name: part for name, part in sorted(parts.items()) if part}
