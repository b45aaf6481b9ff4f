"""Where a text has formulas: rules for the Markdown parser. No Qt.

Inline as pandoc and GitHub have it: a dollar that opens is followed by no blank, one that closes follows none and
stands before no digit, capital or brace, so that prices and the variables of a shell stay text; $`…`$ is one too. What
is inside is not Markdown, and what is code is no formula.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

INLINE = "math"
BLOCK = "math_block"
"""The types of the tokens; their content is the formula with the marks around it."""

_INSIDE = r"(?:\\.|[^\\$`])"
_FORMULA = re.compile(
    r"(?<![$A-Za-z0-9])\$`(?P<quoted>[ \t]*[^`$\s][^`$\n]*)`\$"
    rf"|(?<![$A-Za-z0-9])\$(?![\s$]){_INSIDE}+(?<!\s)\$(?![\dA-Z{{$])"
    rf"|(?<!\$)\$\$(?=[^$]*[^\s$])(?:{_INSIDE}|\$(?!\$))+\$\$"
    r"|\\\((?=\s*[^\s\\]|\s*\\[^)\s])(?:\\[^)]|[^\\`])+\\\)"
    r"|\\\[(?=\s*[^\s\\]|\s*\\[^\]\s])(?:\\[^\]]|[^\\`])+\\\]",
    re.DOTALL,
)
_CLOSING = {"$$": "$$", "\\[": "\\]"}


def add_math(parser: MarkdownIt) -> None:
    """Have `parser` know formulas."""
    parser.inline.ruler.before("escape", INLINE, _inline)
    parser.block.ruler.before("fence", BLOCK, _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = _FORMULA.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push(INLINE, "", 0)
        token.content = f"${found['quoted'].strip()}$" if found["quoted"] else found[0]
    state.pos = found.end()
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that begins with $$ or \\[, up to the line that ends with $$ or \\].

    What is not closed before a blank line is a paragraph: how far it reaches does not depend on what is still to come.
    """
    first = _text(state, start)
    closing = _CLOSING.get(first[:2])
    if closing is None or state.is_code_block(start):
        return False
    if closing in first[2:] and not first[2:].endswith(closing):
        return False  # and text follows
    if silent:
        return True
    line, closed = start, first[2:].endswith(closing)
    while not closed and line + 1 < end and not _ends(state, line + 1):
        line += 1
        text = _text(state, line)
        if closing in text:
            closed = text.find(closing) == len(text) - 2
            if not closed:
                break
    if not closed:
        while line + 1 < end and not _ends(state, line + 1):
            line += 1
    state.line = line + 1
    content = state.getLines(start, line + 1, state.blkIndent, keepLastLF=False).strip()
    if closed and content[2:-2].strip():
        token = state.push(BLOCK, "", 0)
        token.content, token.map = content, [start, line + 1]
        return True
    opening = state.push("paragraph_open", "p", 1)
    inside = state.push("inline", "", 0)
    state.push("paragraph_close", "p", -1)
    opening.map = inside.map = [start, line + 1]
    inside.content, inside.children = content, []
    return True


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _ends(state: StateBlock, line: int) -> bool:
    """Whether a block cannot go on there: a blank line, or one outside of the list around."""
    return state.isEmpty(line) or state.sCount[line] < state.blkIndent
