"""Markdown to HTML for a page of its own: nothing in it is run or fetched. No Qt.

Code is coloured by classes, which are named after the colours of a theme; formulas are outlines in the colour of the
text; what came as data: is a picture, and every other image a link. Each paragraph finds its own direction.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from gui.markdown import math_rules
from gui.markdown.blocks import Style
from gui.markdown.data_images import address_of, without_addresses
from gui.markdown.highlight import runs
from gui.markdown.inline import SAFE_SCHEMES, autolinked
from gui.markdown.math import FORMULAS, INK, is_display
from gui.markdown.parser import whole_parser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ADDRESSES = "addresses"
"""The type of a token of text with addresses in it."""

_DIRECTED = frozenset(
    (
        *("paragraph_open", "heading_open", "blockquote_open", "alert_open", "bullet_list_open", "ordered_list_open"),
        *("th_open", "td_open"),
    )
)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/]+=*", re.IGNORECASE)
_TASKS = {"[ ] ": "☐", "[x] ": "☑"}
_MAY_LINK = re.compile(r"://|www\.|@", re.IGNORECASE)
_SIZE = re.compile(r' width="[^"]*" height="[^"]*"')
_ALIGN = re.compile(r"text-align:(left|center|right)")


def page_html(text: str, name: str) -> str:
    """`name`: of the text on its page, for what is linked inside of it: ASCII letters and digits."""
    parser = _parser()
    environment: dict[str, Any] = {"docId": name}
    tokens = parser.parse(without_addresses(text), environment)
    for number, token in enumerate(tokens):
        if token.type == "inline" and number > 1 and tokens[number - 2].type == "list_item_open":
            _make_task(token.children or ())
        if token.type in _DIRECTED:
            token.attrSet("dir", "auto")
        align = _ALIGN.fullmatch(str(token.attrs.pop("style", "")))
        if align:
            token.attrSet("class", align[1])
        _make_safe(token.children or ())
    return str(parser.renderer.render(tokens, parser.options, environment))


@cache
def _parser() -> MarkdownIt:
    parser = whole_parser()
    parser.add_render_rule("image", _image)
    parser.add_render_rule(ADDRESSES, _addresses)
    parser.add_render_rule("fence", _code)
    parser.add_render_rule("code_block", _code)
    parser.add_render_rule("footnote_anchor", _footnote_anchor)
    parser.add_render_rule(math_rules.INLINE, _formula)
    parser.add_render_rule(math_rules.BLOCK, _formula)
    return parser


def _make_safe(tokens: Sequence[Token]) -> None:
    """Links lead to the web and to mail alone; bare addresses are links."""
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type == "text" and not inside and _MAY_LINK.search(token.content):
            token.type = ADDRESSES
        elif token.type == "link_open":
            address = str(token.attrs.pop("href", ""))
            token.attrs.clear()
            if address.lower().startswith(SAFE_SCHEMES):
                token.attrs = {"href": address, "rel": "noopener noreferrer"}


def _make_task(tokens: Sequence[Token]) -> None:
    """An item that begins with [ ] or [x]."""
    if tokens and tokens[0].type == "text" and (box := _TASKS.get(tokens[0].content[:4].lower())):
        tokens[0].content = f"{box} {tokens[0].content[4:]}"


def _image(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    address, text = address_of(str(tokens[index].attrGet("src") or "")), escape(tokens[index].content)
    if _PICTURE.fullmatch(address):
        return f'<img src="{address}" alt="{text}">'
    if not address.lower().startswith(("http://", "https://")):
        return text
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{text or escape(address)}</a>'


def _addresses(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    return "".join(
        f'<a href="{escape(span.link)}" rel="noopener noreferrer">{escape(span.text)}</a>'
        if span.link
        else escape(span.text)
        for span in autolinked(tokens[index].content, Style.PLAIN)
    )


def _code(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    language = tokens[index].info.split(maxsplit=1)[0] if tokens[index].info.strip() else ""
    coloured = "".join(
        f'<span class="c-{role}">{escape(run)}</span>' if role else escape(run)
        for run, role in runs(tokens[index].content.removesuffix("\n"), language)
    )
    label = f"<figcaption>{escape(language)}</figcaption>" if language else ""
    return f'<figure class="code" dir="ltr">{label}<pre><code>{coloured}</code></pre></figure>\n'


def _formula(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    source = tokens[index].content
    formula = FORMULAS.get(source)
    tag, kind = ("div", "formula display") if is_display(source) and tokens[index].block else ("span", "formula")
    if formula is None:
        return f'<{tag} class="{kind}"><code>{escape(source)}</code></{tag}>'
    size = f'width="{formula.width:.3f}em" height="{formula.height + formula.depth:.3f}em"'
    place = f'style="vertical-align:{-formula.depth:.3f}em"'
    svg = formula.svg.replace(INK, b'"currentColor"').decode().replace("<svg", f'<svg {place} aria-hidden="true"', 1)
    svg = _SIZE.sub(f" {size}", svg, count=1)
    label = escape(source)
    return f'<{tag} class="{kind}" dir="ltr" role="img" aria-label="{label}" title="{label}">{svg}</{tag}>'


def _footnote_anchor(renderer: Any, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    name = renderer.rules["footnote_anchor_name"](tokens, index, options, env)
    again = tokens[index].meta["subId"]
    return f' <a href="#fnref{name}{f":{again}" if again > 0 else ""}" class="back">↩</a>'
