"""The parser: CommonMark, tables, strikethrough, footnotes and formulas; and HTML for other programs. No Qt.

Raw HTML is text, images are addresses: nothing here makes anything fetch.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from gui.markdown import math_rules
from gui.markdown.data_images import without_addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    Rule = Callable[[StateBlock, int, int, bool], bool]
    InlineRule = Callable[[StateInline, bool], bool]

DEEPEST = 40  # levels of quotes, and twice of lists, which take two; the marks of deeper ones stay text

ADDRESS = re.compile(r"https?://[^\W_][^\s<>\[\]`|\\]*", re.IGNORECASE)
"""Of the web, as it stands in a text."""

_CLOSING = ".,;:!?'\"*_~»”’…。，、"
BRACKETS = 8  # around one that may begin a link

LISTS = {"bullet_list_open", "ordered_list_open"}
QUOTES = {"blockquote_open", "alert_open"}
CONTAINERS = {"list_item_open", *LISTS, *QUOTES}
"""Types of tokens."""

_ITEM, _PLACES = "item", "places"


def outline(
    text: str, item: tuple[int, int] | None = None, places: dict[tuple[int, int], int | None] | None = None
) -> Sequence[Token]:
    """The blocks of `text`; what is in their lines is left to `line_parser`.

    `item`: the line and the level of the item that a list goes on with whose items before are cut off. `places` is
    filled in: in which column of its line a block begins, by the line and its level; None for code.
    """
    return _outline_parser().parse(text, {_ITEM: item, _PLACES: places})


@cache
def _outline_parser() -> MarkdownIt:
    parser = _make_parser()
    parser.core.ruler.disable(["inline", "text_join"])
    parser.block.ruler.before("table", "place", _note_place, {"alt": []})
    return parser


@cache
def line_parser() -> MarkdownIt:
    """Reads what is in the lines of one block."""
    return _make_parser()


def _make_parser(*, footnotes: bool = True) -> MarkdownIt:
    # Imported at first use: the first paint does not wait for it.
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import blockquote, list_block, table
    from markdown_it.rules_inline import image, link
    from mdit_py_plugins.footnote.index import footnote_def

    # "html" off: raw HTML comes out as text. Bare links are found by `autolinked`.
    github = {"alerts": True, "strikethrough_single_tilde": True}
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 2 * DEEPEST, "inline_definitions": True, **github})
    parser.enable(["table", "strikethrough"])
    # Beyond "maxNesting" the parser drops the text, so nothing may get there.
    ruler = parser.block.ruler
    ruler.at("blockquote", _bounded(blockquote), {"alt": ["paragraph", "blockquote", "list"]})
    ruler.at("list", _bounded(list_block), {"alt": ["paragraph", "blockquote"]})
    ruler.at("table", _outside_items(table), {"alt": ["paragraph", "reference"]})
    for name, brackets in (("link", link), ("image", image)):
        parser.inline.ruler.at(name, _shallow(brackets))
    if footnotes:
        ruler.before("reference", "footnote_def", _bounded(footnote_def), {"alt": ["paragraph", "reference"]})
    math_rules.add_math(parser)
    parser.inline.ruler.before("escape", "bare_address", _bare_address)
    return parser


def _note_place(state: StateBlock, start: int, _end: int, _silent: bool) -> bool:
    if (places := state.env[_PLACES]) is not None:
        place = state.bMarks[start] + state.tShift[start]
        column = place - state.src.rfind("\n", 0, place) - 1
        places[start, state.level] = None if state.is_code_block(start) else column
    return False


def _bounded(rule: Rule) -> Rule:
    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEEPEST and rule(state, start, end, silent)

    return bounded


def _shallow(rule: InlineRule) -> InlineRule:
    """Each bracket that may begin a link looks for its end anew: what is in too many of them is no link."""

    def shallow(state: StateInline, silent: bool) -> bool:
        source, begin = state.src, state.pos
        depth = source.count("[", 0, begin) - source.count("]", 0, begin)
        return depth < BRACKETS and source.find("]", begin) >= 0 and rule(state, silent)

    return shallow


def _bare_address(state: StateInline, silent: bool) -> bool:
    """What looks like a mark in an address is none (GitHub's addition)."""
    if state.src[state.pos] != ":" or (found := ADDRESS.search(state.src, max(state.pos - 5, 0))) is None:
        return False
    end = found.start() + len(without_closing(found[0]))
    if not found.start() < state.pos < end or state.src[found.start() : state.pos].lower() not in {"http", "https"}:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def without_closing(address: str) -> str:
    """A bare address without the punctuation that stands behind it."""
    while address[-1] in _CLOSING or any(
        address[-1] == close and address.count(close) > address.count(opener) for opener, close in ("()", "[]")
    ):
        address = address[:-1]
    return address


def _outside_items(rule: Rule) -> Rule:
    """What is known to be an item is no table, as nothing looks for one where a list goes on."""

    def outside(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        line, level = state.env.get(_ITEM) or (-1, 0)
        return not (start == line and state.level < level) and rule(state, start, end, silent)

    return outside


def to_html(text: str) -> str:
    """For other programs: plain elements without styles; raw HTML is text, and an image a link to it."""
    parser = whole_parser()
    parser.add_render_rule("image", _image_as_link)
    parser.add_render_rule(math_rules.INLINE, _formula_as_text)
    parser.add_render_rule(math_rules.BLOCK, _formula_as_paragraph)
    return str(parser.render(without_addresses(text)))


def whole_parser() -> MarkdownIt:
    """For a text that is rendered as a whole, its footnotes at its end."""
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.footnote.index import footnote_def

    parser = _make_parser(footnotes=False)
    parser.options["inline_definitions"] = False
    parser.use(footnote_plugin)
    parser.block.ruler.at("footnote_def", _outermost(footnote_def), {"alt": ["paragraph", "reference"]})
    return parser


def _outermost(rule: Rule) -> Rule:
    """What is moved to the end must not be torn out of what it is in."""

    def outermost(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level == 0 and rule(state, start, end, silent)

    return outermost


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
