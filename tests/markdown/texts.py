"""Texts to draw, and the pieces they arrive in."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from gui.markdown.stream import BlockStream

STARTS = [
    "",
    "",
    "",
    "- ",
    "* ",
    "1. ",
    "7) ",
    "  ",
    "    ",
    "\t",
    "> ",
    "# ",
    "### ",
    "- [x] ",
    "| ",
    "```",
    "~~~",
    "&",
]
WORDS = [
    *[
        "a",
        "b c",
        "Привет",
        "سلام",
        "🙂",
        "e\u0301",
        "*",
        "**",
        "***",
        "_",
        "__",
        "~~",
        "`",
        "``",
        "[",
        "](",
        ")",
        "!",
        "<",
        ">",
        "\\",
    ],
    *[
        "#",
        "-",
        "---",
        "===",
        "=",
        "+",
        "1.",
        "|",
        "|-",
        "|:-:|",
        "---|--:",
        "a|b",
        "```py",
        "```",
        "~~~",
        "x = 'y'",
        " ",
        "  ",
        "\t",
    ],
    *[
        "https://a.example/b_c",
        "(http://a.example)",
        "http://",
        "[a](https://b.example)",
        "![i](http://c.example/d.png)",
    ],
    *[
        "[a]: https://e.example",
        "[a]",
        "<b>",
        "&#10;",
        "&#xfeff;",
        "&#8233;",
        "&amp;",
        "[ ] ",
        "[x] ",
        "def f():",
        '"""',
        "$ ls",
        *["$", "$$", "$x$", "$$y$$", "\\[", "\\]", "\\(z\\)", "```math"],
    ],
    *[
        "\0",
        "\ud83d",
        "\ude42",
        "\ufeff",
        "\u2028",
        "\u2029",
        "\ufdd0",
        "\ufffc",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u200f",
    ],
]
LINE_ENDS = ["\n", "\n", "\n", "\n\n", "\r\n", "\r", "  \n", "\\\n", ""]

lines = st.builds(
    lambda starts, words, end: "".join((*starts, *words, end)),
    st.lists(st.sampled_from(STARTS), max_size=3),
    st.lists(st.sampled_from(WORDS), max_size=5),
    st.sampled_from(LINE_ENDS),
)
markdown = st.lists(lines, max_size=12).map("".join)
anything = st.text(
    st.characters(codec=None, exclude_categories=()) | st.sampled_from("\r\n#-*_`>|[]() \t1."), max_size=60
)
_INDENTS = [
    *["", "", "", "  ", "  ", "   ", "   ", "    ", "    ", " ", "     ", "      ", "\t", " \t"],
    *["> ", "> ", ">", "  > "],
]
_MARKS = [
    "",
    "",
    "",
    "",
    "- ",
    "- ",
    "* ",
    "-   ",
    "-     ",
    "-\t",
    "1. ",
    "2. ",
    "10) ",
    "> ",
    "> > ",
    "- > ",
    "> - ",
    "> [!TIP]\n> ",
    "- - ",
]
_CONTENTS = [
    *["", "", "a", "a", "b *c*", "```", "```py", "~~~", "a|b", "-|-", "|x|y|", "|x|y|", "# h", "---", "==="],
    *["[a]: /b", "[a]", "[^n]: c", "$$", "[ ] d", "'e'"],
]

nested = st.lists(
    st.builds(
        lambda indents, mark, content: f"{''.join(indents)}{mark}{content}\n",
        st.lists(st.sampled_from(_INDENTS), max_size=2),
        st.sampled_from(_MARKS),
        st.sampled_from(_CONTENTS),
    ),
    min_size=3,
    max_size=14,
).map("".join)
"""Lists and quotes inside of each other, indented well and badly."""

texts = st.one_of(markdown, markdown, anything)


@st.composite
def pieces(draw: st.DrawFn) -> list[str]:
    """A text cut anywhere, between a carriage return and its line feed too."""
    text = draw(texts)
    if draw(st.booleans()):
        return list(text)
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=8))
    return [text[start:end] for start, end in pairwise([0, *sorted(cuts), len(text)])]


def defined(text: str) -> dict[str, str]:
    """The addresses that `text` gives for labels."""
    stream = BlockStream()
    stream.feed(text)
    stream.end()
    return stream.references
