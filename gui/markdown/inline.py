"""What is in the lines of a block, as runs in one style each. No Qt."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from gui.markdown import math_rules
from gui.markdown.blocks import FOOTNOTE, Span, Style
from gui.markdown.data_images import HELD
from gui.markdown.parser import ADDRESS, line_parser, without_closing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.token import Token

SAFE_SCHEMES = ("http://", "https://", "mailto:")

# What a text document takes for something else: the end of a block, the borders of a frame, a byte order mark (which
# is lost at the start of a run alone); and halves of characters, which cannot be encoded.
DRAWABLE = {
    0x2029: "\u2028",
    0xFEFF: None,
    **dict.fromkeys((0, 0xFDD0, 0xFDD1, *range(0xD800, 0xE000)), "\ufffd"),
}
_IN_LINE = {**DRAWABLE, **dict.fromkeys(map(ord, "\n\r"), " ")}  # entities can spell these: &#10;


def spans_of(content: str, references: Mapping[str, str]) -> tuple[Span, ...]:
    """`content` in runs, neighbours of one style as one. `references`: addresses by their normalised labels."""
    return _read(content, _needed(content, references))


def _needed(content: str, references: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Those that `content` may ask for, in a form that can be compared."""
    if not references or "]" not in content:
        return ()
    from markdown_it.common.utils import normalizeReference

    labels = {normalizeReference(label) for label in _LABEL.findall(content)}
    return tuple((label, references[label]) for label in sorted(labels & references.keys()))


@lru_cache(maxsize=512)
def _read(content: str, references: tuple[tuple[str, str], ...]) -> tuple[Span, ...]:
    """The runs of a block's lines. Those of a list or a table that stay open are asked for again with each frame."""
    defined = {label: {"href": address, "title": ""} for label, address in references}
    (token,) = line_parser().parseInline(content, {"references": defined})
    return tuple(_merged(_spans(token.children or [])))


_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]", re.DOTALL)
_BARE = re.compile(
    rf"{ADDRESS.pattern}"
    r"|(?<![^\s*_~(])(?P<bare>www\.)[\w-]+\.[^\W_][^\s<>\[\]`|\\]*"
    r"|(?<![^\s*_~(])(?P<mail>[a-z0-9._+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]+)(?![\w-])",
    re.IGNORECASE,
)
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
                yield from (Span(text, style, link),) if link else autolinked(text, style)
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


def autolinked(text: str, style: Style) -> Iterator[Span]:
    """Bare addresses become links (GitHub's addition); closing punctuation stays outside."""
    end = 0
    for found in _BARE.finditer(text):
        address = found[0] if found["mail"] else without_closing(found[0])
        begin = "mailto:" if found["mail"] else "http://" if found["bare"] else ""
        yield Span(text[end : found.start()], style)
        yield Span(address, style, begin + address)
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
