"""What is written of blocks is read again as these."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.markdown.blocks import Block, Kind, Span, Style
from gui.markdown.stream import parse
from gui.markdown.writing import markdown_of
from tests.markdown.examples import examples
from tests.markdown.test_stream import joined

pytestmark = pytest.mark.usefixtures("formulas_at_once")

DIFFERENT = {
    "25": "a blank at the beginning, which was spelled as an entity",
    "40": "a tab there",
    "538": "a bracket in an address that is the text of its link",
    "603": "a backslash there",
}
"""What cannot be said again, and why."""


def bare(blocks: list[Block]) -> list[Block]:
    """Without the gaps between them, and what nothing is drawn of."""
    return [
        Block(
            block.kind,
            block.spans,
            level=block.level,
            depth=block.depth,
            bars=block.bars,
            alert=block.alert,
            marker=block.marker,
            language=block.language,
            rows=block.rows,
            align=block.align,
        )
        for block in joined(blocks)
        if block.spans or block.rows or block.marker or block.kind is Kind.RULE
    ]


def test_examples() -> None:
    differ = []
    for number, text in examples().items():
        blocks = joined(parse(text))
        if bare(parse(markdown_of(blocks))) != bare(blocks):
            differ.append(number)
    assert differ == list(DIFFERENT)


WORDS = [
    *("a", "words", "Привет", "日本語", "سلام", "🙂", "snake_case_name", "2*3", "*", "**bold**", "_", "__init__", "`"),
    *("``", "[a]", "](b)", "![", "#", "##", "1.", "2)", "-", "+", "---", "===", ">", "<b>", "<!--", "&amp;", "&", "|"),
    *("|--|", "$5", "$x$", "$$", "\\", "\\(a\\)", "\\[", "~~", "~~~", "[^1]", "[1]:", "!", ":", "- [ ]", "http:"),
]


def test_any_words_stay_words() -> None:
    @settings(max_examples=400, deadline=None, database=None)
    @given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join))
    def same(text: str) -> None:
        for block in (
            Block(Kind.PARAGRAPH, (Span(text),)),
            Block(Kind.HEADING, (Span(text),), level=2),
            Block(Kind.PARAGRAPH, (Span(text),), bars=(0,)),
            Block(Kind.TABLE, rows=(((Span(text),),), ((Span(text),),)), align=("left",)),
        ):
            assert bare(parse(markdown_of([block]))) == [block]

    same()


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ([Span("bo", Style.BOLD), Span("ld")], "**bo**ld"),
        ([Span("a "), Span("b ", Style.BOLD), Span("c", Style.BOLD | Style.ITALIC)], "a **b *c***"),
        ([Span("not *here* and 2 * 3")], "not \\*here\\* and 2 \\* 3"),
        ([Span("snake_case, 2 * 3, a[0] & (b)")], "snake_case, 2 * 3, a[0] & (b)"),
        ([Span("a < b <i>")], "a < b \\<i>"),
        ([Span("a`b", Style.CODE)], "``a`b``"),
        ([Span("link", Style.BOLD, "https://a.example/x_(y)")], "[**link**](<https://a.example/x_(y)>)"),
        ([Span("https://a.example/x", link="https://a.example/x")], "https://a.example/x"),
        ([Span("cat", Style.IMAGE, "https://a.example/c.png")], "![cat](https://a.example/c.png)"),
        ([Span("one\u2028two")], "one\\\ntwo"),
    ],
)
def test_marks_are_few_and_readable(spans: list[Span], text: str) -> None:
    block = Block(Kind.PARAGRAPH, tuple(spans))
    assert markdown_of([block]) == text
    assert bare(parse(text)) == [block]
