from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from typing_extensions import override

from gui.markdown.blocks import FOOTNOTE, Block, Kind, Span, Style
from gui.markdown.parser import DEEPEST, to_html
from gui.markdown.stream import PARAGRAPH_END, BlockStream, parse
from tests.markdown.texts import defined, nested, pieces, texts

many = settings(max_examples=600, deadline=None, database=None)


class Uncut(BlockStream):
    """Holds everything open, so that the parser gets all of the text at once."""

    @override
    def _finished(self) -> None:
        return None


def joined(blocks: list[Block]) -> list[Block]:
    """With the parts of a block that was cut as one."""
    whole: list[Block] = []
    for block in blocks:
        if not block.continues:
            whole.append(block)
            continue
        before = whole.pop()
        assert before.kind is block.kind
        if block.kind is Kind.CODE:
            whole.append(replace(before, spans=(Span(f"{before.text}\n{block.text}", Style.CODE),)))
        else:
            whole.append(replace(before, rows=before.rows + block.rows, spans=before.spans + block.spans))
    return [replace(block, goes_on=False) for block in whole]


def streamed(parts: list[str]) -> tuple[list[Block], list[Block]]:
    """All finished blocks, and the tail at the end."""
    stream, finished, tail = BlockStream(), list[Block](), list[Block]()
    for part in parts:
        done, tail = stream.feed(part)
        finished += done
    return finished, tail


def one(text: str) -> Block:
    (block,) = joined(parse(text))
    return block


def markers(text: str) -> list[tuple[str, int, str]]:
    return [(block.marker, block.depth, block.text) for block in parse(text)]


def links(text: str) -> list[tuple[str, str]]:
    cells = [cell for block in parse(text) for cell in (block.spans, *(cell for row in block.rows for cell in row))]
    return [(span.text, span.link) for cell in cells for span in cell if span.link and not span.style & Style.IMAGE]


# -- arriving in pieces -----------------------------------------------------------------------------------------------


@many
@given(pieces())
@example(["para\n#", "tag\n"])
@example(["para\n***", "bold***\n"])
@example(["para\n```", "a`b\n"])
@example(["[a]\n\nb\n\n", "[a]: https://c.example\n"])
@example(["a\r", "\nb\r\n", "\r", "\nc"])
@example(["> ```\n", "> a\n", "> ```\n", "b"])
@example(["[a]: /b\n'c", "\nd'\n\n", "e"])
@example(["[^a]: b\n\n", "    c\n\n", "d"])
@example(["- \n- ```|-\n", "---|--:\n"])
@example(["\ud83d", "\ude42"])
@example(["> # a\n", "    > a\n", "b"])
@example(["> > \n", "> a\n"])
def test_any_pieces_give_the_blocks_of_the_whole(parts: list[str]) -> None:
    (finished, tail), (whole, last) = streamed(parts), streamed(["".join(parts)])
    assert joined(finished + tail) == joined(whole + last)


@many
@given(pieces())
def test_finished_blocks_and_the_end_are_the_blocks_of_the_finished_text(parts: list[str]) -> None:
    stream = BlockStream(defined("".join(parts)))
    finished = [block for part in parts for block in stream.feed(part)[0]]
    assert joined([*finished, *stream.end()]) == joined(parse("".join(parts)))


@many
@given(texts)
def test_cutting_changes_nothing(text: str) -> None:
    whole = Uncut(defined(text))
    whole.feed(text)
    assert joined(parse(text)) == whole.end()


@settings(many, max_examples=1500)
@given(nested)
def test_what_lists_and_quotes_have_in_them_is_finished_alike(text: str) -> None:
    whole, stream = Uncut(defined(text)), BlockStream(defined(text))
    whole.feed(text)
    finished = [block for letter in text for block in stream.feed(letter)[0]]
    expected = whole.end()
    assert joined([*finished, *stream.end()]) == expected
    assert joined(parse(text)) == expected


def test_a_block_is_finished_once_the_next_one_has_a_whole_line() -> None:
    stream = BlockStream()
    assert stream.feed("one\n\n# tw") == (
        [],
        [Block(Kind.PARAGRAPH, (Span("one"),)), Block(Kind.HEADING, (Span("tw"),), 1)],
    )
    finished, tail = stream.feed("o\n")
    assert [block.text for block in finished] == ["one"]
    assert [block.text for block in tail] == ["two"]
    assert stream.feed("\nthree\n")[0] == tail


def test_what_is_finished_is_not_kept() -> None:
    stream = BlockStream()
    stream.feed("word " * 1000 + "\n\nnext\n")
    assert len(stream._open) == len("next\n")


LONG = {
    "code": "```python\n" + "".join(f"line = {number}\n" for number in range(3000)) + "```\n",
    "open code": "~~~\n" + "line\n\n" * 3000,
    "list": "".join(f"{number}. item *{number}*\n" + "\n" * (number % 7 == 0) for number in range(1, 2000)),
    "bullets": "".join(f"- item\n  - nested {number}\n" for number in range(2000)),
    "table": "|a|b|\n|-|-:|\n" + "".join(f"|{number}|*x*|\n" for number in range(500)),
    "paragraph": "Some words of a **sentence**, which `goes` on. " * 500,
    "no spaces": "日本語" * 5000,
    "lines": "a line of it\n" * 2000,
    "short lines": "a\n" * 4000,
    "quote": "> " + "Some words of a **sentence**, which `goes` on. " * 500,
    "quote of lines": "> a line of it\n" * 2000,
    "lazy quote": "> > a line of it\n> and another\n" * 500 + "and one more of its lines\n" * 500,
    "quote of paragraphs": "> A paragraph.\n>\n" * 1000 + "\nNo quote.\n",
    "quote of all": "> - item\n> - item\n>\n> > deep\n> > quote\n>\n> ```\n> code\n> ```\n" * 200,
    "code in an item": "1. Step:\n   ```python\n" + "   a = b\n\n" * 1500 + "   ```\n2. Next\n",
    "code beside a marker": "> - ~~~\n" + ">   a = b\n" * 1500 + "> - next\n",
    "table in an item": "- Item\n\n  |a|b|\n  |-|-:|\n" + "  |x|*y*|\n" * 500 + "- next\n",
    "table in a quote": "> |a|b|\n> |-|-:|\n" + "> |x|*y*|\n" * 500 + "\nNo quote.\n",
    "paragraphs in an item": "- Item\n" + "\n  A paragraph.\n" * 1000 + "- next\n",
    "paragraph in an item": "1. " + "Some words of a **sentence**, which `goes` on. " * 500 + "\n2. next\n",
    "lines in an item": "> - a line of it\n" + ">   and another\n" * 500 + "and one more\n" * 500 + "> - next\n",
    "lists in items": "1. First\n" + "   - item\n     4. inner\n\n        more\n" * 500 + "2. Second\n",
    "definitions": "".join(f"[l{number}]: https://e.org/{number}\n" for number in range(1000)) + "\n[l7] [l999]\n",
    "footnotes": "".join(f"[^{number}]: Note.\n\nText[^{number}]\n\n" for number in range(500)),
    "underlined": "a line of it\n" * 1000 + "===\n",
    "in a text": "First.\n\n" + "Words and words. " * 600 + "\n\n- a\n- b\n\n```\nx\ny\nz\n```\nLast.",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("size", [1, 61, 1999, 7000])
def test_a_long_block_is_finished_part_by_part(text: str, size: int) -> None:
    stream, finished = BlockStream(), list[Block]()
    text = text[:3000] if size == 1 else text
    for start in range(0, len(text), size):
        finished += stream.feed(text[start : start + size])[0]
        assert len(stream._open) < 8000 + size
    whole = joined(parse(text))
    assert joined([*finished, *stream.end()]) == whole


@pytest.mark.parametrize(
    "name",
    [
        *["paragraph", "no spaces", "lines", "table", "short lines", "quote", "lazy quote", "quote of lines"],
        *["table in an item", "table in a quote", "paragraph in an item", "lines in an item"],
    ],
)
def test_where_a_long_block_is_cut_does_not_depend_on_the_pieces(name: str) -> None:
    stream, finished = BlockStream(), list[Block]()
    text = LONG[name]
    for start in range(0, len(text), 77):
        finished += stream.feed(text[start : start + 77])[0]
    finished += stream.end()
    assert finished == parse(text)
    assert len(finished) > 2


def test_an_open_block_that_is_long_is_read_anew_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("gui.markdown.stream.time.perf_counter", lambda: now)
    stream = BlockStream()
    stream.feed("    a line of code\n" * 400)
    now, stream._due = 1.0, 2.0  # as if reading it had taken long
    assert "more" not in stream.feed("    more")[1][-1].text
    assert stream.lags
    now = 3.0
    assert "more" in stream.feed("")[1][-1].text
    assert not stream.lags


def test_a_paragraph_is_cut_between_its_marks() -> None:
    parts = parse(("word " * 900 + "**bold text of some words** " * 3 + "`and code` ") * 3)
    assert len(parts) > 1
    assert not any(mark in part.text for part in parts for mark in "*`")


# -- kinds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", range(1, 7))
def test_headings(level: int) -> None:
    assert one(f"{'#' * level} A *b* ##") == Block(Kind.HEADING, (Span("A "), Span("b", Style.ITALIC)), level)


def test_underlined_headings() -> None:
    assert [block.level for block in parse("a\n===\nb\n---\n")] == [1, 2]


def test_a_line_end_is_a_space_and_a_hard_break_a_line() -> None:
    assert one("a\nb").text == "a b"
    assert one("a  \nb").text == one("a\\\nb").text == "a\u2028b"


def test_styles_nest() -> None:
    assert one("**a *b* __c__ d** ~~e~~ `f*`").spans == (
        Span("a ", Style.BOLD),
        Span("b", Style.BOLD | Style.ITALIC),
        Span(" c d", Style.BOLD),
        Span(" "),
        Span("e", Style.STRIKE),
        Span(" "),
        Span("f*", Style.CODE),
    )


def test_lists() -> None:
    text = "- a\n- b\n\n  c\n\n3. d\n4. e\n   - f\n     1) g\n\n0. h\n"
    assert markers(text) == [
        *[("•", 1, "a"), ("•", 1, "b"), ("", 1, "c"), ("3.", 1, "d"), ("4.", 1, "e")],
        *[("•", 2, "f"), ("1)", 3, "g"), ("5.", 1, "h")],
    ]
    assert markers("0. h\n1. i") == [("0.", 1, "h"), ("1.", 1, "i")]


def test_lists_are_tight_or_loose() -> None:
    assert [block.tight for block in parse("- a\n- b")] == [False, True]
    assert [block.tight for block in parse("- a\n\n- b\n- c")] == [False, False, True]
    assert [block.tight for block in parse("- a\n  - b\n\n    c\n- d")] == [False, True, False, True]
    assert not one("a").tight


@pytest.mark.parametrize(
    ("inner", "kind"),
    [("- a", Kind.PARAGRAPH), ("```\n  a\n  ```", Kind.CODE), ("___", Kind.RULE), ("|a|b|\n  |-|-|", Kind.TABLE)],
)
def test_an_item_keeps_its_marker_whatever_it_begins_with(inner: str, kind: Kind) -> None:
    first, second = parse(f"* {inner}")
    assert (first.marker, first.depth, first.text) == ("•", 1, "")
    assert second.kind is kind


def test_empty_items() -> None:
    assert markers("-\n- a\n-") == [("•", 1, ""), ("•", 1, "a"), ("•", 1, "")]


def test_tasks() -> None:
    text = "- [ ] a\n- [x] b\n- [X] **c**\n- [y] d\n- [ ]e\n\n[ ] f"
    assert markers(text) == [
        *[("☐", 1, "a"), ("☑", 1, "b"), ("☑", 1, "c"), ("•", 1, "[y] d"), ("•", 1, "[ ]e"), ("", 0, "[ ] f")]
    ]


def test_tasks_have_no_number() -> None:
    assert markers("1. [ ] a\n2. [x] b\n3. c") == [("☐", 1, "a"), ("☑", 1, "b"), ("3.", 1, "c")]


def test_alerts() -> None:
    blocks = parse("> [!NOTE]\n> a\n>\n> > b\n\n> [!Caution]\n> - c\n\n> [!OTHER]\n> d")
    assert [(block.kind, block.text, block.alert, block.begins) for block in blocks] == [
        (Kind.ALERT, "Note", (1, "note"), 1),
        (Kind.PARAGRAPH, "a", (1, "note"), 0),
        (Kind.PARAGRAPH, "b", (1, "note"), 2),
        (Kind.ALERT, "Caution", (1, "caution"), 1),
        (Kind.PARAGRAPH, "c", (1, "caution"), 0),
        (Kind.PARAGRAPH, "[!OTHER] d", (0, ""), 1),
    ]


def test_one_tilde_strikes_too() -> None:
    assert one("~a~ ~~b~~ ~~~c~~~ ~5 to ~6").spans == (
        *(Span("a", Style.STRIKE), Span(" "), Span("b", Style.STRIKE)),
        Span(" ~~~c~~~ ~5 to ~6"),
    )


def test_formulas_in_dollars_and_backticks() -> None:
    assert one("a $`x_1 * y`$ b").spans == (Span("a "), Span("$x_1 * y$", Style.MATH), Span(" b"))
    assert one("`$`x`$`").text == "$x$"


def test_quotes() -> None:
    assert [(block.quotes, block.text) for block in parse("> a\n> > b\n\nc")] == [(1, "a"), (2, "b"), (0, "c")]


def test_two_quotes_in_a_row_are_two() -> None:
    blocks = parse("> a\n>\n> b\n\n> c\n> > d\n>\n> > e\n\n> - f\n> - g\n")
    assert [(block.text, block.begins) for block in blocks] == [
        *[("a", 1), ("b", 0), ("c", 1), ("d", 2), ("e", 2), ("f", 1), ("g", 0)],
    ]


def test_tables_with_alignment() -> None:
    block = one("| a | b | *c* | d |\n|---|:--|:-:|--:|\n| 1 | `2` | x\\|y |\n")
    assert block.align == ("left", "left", "center", "right")
    assert block.rows == (
        ((Span("a"),), (Span("b"),), (Span("c", Style.ITALIC),), (Span("d"),)),
        ((Span("1"),), (Span("2", Style.CODE),), (Span("x|y"),), ()),
    )


@pytest.mark.parametrize("text", ["---", "***", "_ _ _"])
def test_rules(text: str) -> None:
    assert one(text) == Block(Kind.RULE)


def test_code_with_its_language() -> None:
    code = Block(Kind.CODE, (Span("a\n\n  b", Style.CODE),))
    assert one("```C++ title=x\na\n\n  b\n```") == Block(Kind.CODE, code.spans, language="C++")
    assert one("~~~\na\n\n  b") == code
    assert one("    a\n\n      b") == code
    assert one("```\n\n```").text == ""


def test_raw_html_is_text() -> None:
    html = '<script src="https://a.example">x</script> <img src=x onerror=y> <!-- z -->'
    assert [block.kind for block in parse(html)] == [Kind.PARAGRAPH]
    assert one(html).text == html
    assert one("<div>\n<b>a</b>\n</div>").text == "<div> <b>a</b> </div>"


# -- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see www.a.example/b_c_d.", [("www.a.example/b_c_d", "http://www.a.example/b_c_d")]),
        ("(me.too+x@b.example)", [("me.too+x@b.example", "mailto:me.too+x@b.example")]),
        ("*www.a.example* mewww.a.example www.a a@b a@b.c- @c.example", [("www.a.example", "http://www.a.example")]),
        ("[www.a.example](http://b.example)", [("www.a.example", "http://b.example")]),
        ("`www.a.example` a@b.example.", [("a@b.example", "mailto:a@b.example")]),
    ],
)
def test_bare_names_and_mail_addresses_are_links(text: str, found: list[tuple[str, str]]) -> None:
    assert links(text) == found


def test_links() -> None:
    assert links("[a *b*](https://c.example 'd')") == [("a ", "https://c.example"), ("b", "https://c.example")]
    assert links("<https://a.example> <me@b.example>") == [
        ("https://a.example", "https://a.example"),
        ("me@b.example", "mailto:me@b.example"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[a][1]\n\n[1]: https://c.example\n",
        "[1]: https://c.example 'title'\n\n[a][1]",
        "[1]: https://c.example\n'a\ntitle'\n\n[a][1]\n",
        "- [1]: https://c.example\n\n  [a][1]",
        "[a][1]\n\n# b\n\n[1]:\nhttps://c.example",
        "[1]: https://c.example\n[1]: https://second.example\n[a][1]",
        "|[a][1]|\n|-|\n\n[1]: https://c.example",
    ],
)
def test_definitions_give_links_their_addresses_and_are_not_shown(text: str) -> None:
    assert links(text) == [("a", "https://c.example")]
    assert "https" not in "".join(block.text for block in parse(text))


def test_while_it_streams_a_definition_holds_for_what_is_below_it() -> None:
    finished, tail = streamed(["[a]\n\n[a]: https://c.example\n", "\n[a]\n\n"])
    assert [span.link for block in finished + tail for span in block.spans] == ["", "https://c.example"]


def test_a_definition_of_anything_but_the_web_links_nothing() -> None:
    assert links("[a]\n\n[a]: file:///etc/hostname\n") == []


def test_footnotes_are_raised_and_stand_where_they_are_written() -> None:
    reference, note, more, after = parse("Said[^n].\n\n[^n]: A *note*\n\n    and more\n\nafter [^none]")
    raised = reference.spans[1]
    assert (raised.text, raised.style, raised.link) == ("n", Style.RAISED, FOOTNOTE + "n")
    assert (note.marker, note.footnote, note.depth, note.text) == ("n", "n", 1, "A note")
    assert (more.marker, more.footnote, more.depth) == ("", "n", 1)
    assert (after.footnote, after.text) == ("", "after [^none]")


def test_a_reply_cannot_write_a_link_to_a_footnote() -> None:
    assert links("[a](<footnote: n>) [b](footnote:%20n)") == []


def test_html_has_definitions_and_footnotes() -> None:
    html = to_html("[a][1] b[^n]\n\n[1]: https://c.example\n\n[^n]: note")
    assert '<a href="https://c.example">a</a>' in html
    assert "footnote-item" in html


@pytest.mark.parametrize(
    "address",
    [
        *["javascript:alert(1)", "JAVASCRIPT:alert(1)", "&#106;avascript:alert(1)", "java\\script:a", "vbscript:a"],
        *[
            "file:///etc/passwd",
            "FILE:///etc/passwd",
            "data:text/html,a",
            "data:image/svg+xml;base64,AAAA",
            "ftp://a.example",
        ],
        *["//a.example", "/etc/passwd", "version:1", "tel:1", "#a", ""],
    ],
)
@pytest.mark.parametrize("form", ["[a]({})", "[a](<{}>)", "![a]({})", "<{}>", "{}", "[![b]({})]({})"])
def test_unsafe_schemes_give_no_link(address: str, form: str) -> None:
    assert links(form.replace("{}", address)) == images(form.replace("{}", address)) == []


def images(text: str) -> list[tuple[str, str]]:
    return [(span.text, span.link) for block in parse(text) for span in block.spans if span.style & Style.IMAGE]


def test_images_are_addresses() -> None:
    assert images("![a **b**](https://c.example/d.png)") == [("a b", "https://c.example/d.png")]
    assert images("![](https://c.example/d.png)") == [("https://c.example/d.png", "https://c.example/d.png")]
    assert images("![a](data:image/png;base64,AAAA)") == [("a", "data:image/png;base64,AAAA")]
    assert images("![a][b]\n\n[b]: https://c.example/d.png") == [("a", "https://c.example/d.png")]


def test_an_image_that_is_a_link_is_followed_by_it() -> None:
    text = "[![a](https://b.example/c.svg)](https://d.example)"
    assert images(text) == [("a", "https://b.example/c.svg")]
    assert ("a", "https://d.example") in [(label.strip(), address) for label, address in links(text)]


@pytest.mark.parametrize("address", ["a.png", "/etc/passwd", "ftp://a.example/b.png", "//a.example/b.png"])
def test_an_image_from_elsewhere_is_text_with_its_address(address: str) -> None:
    assert one(f"![a]({address})").spans == (Span(f"a ({address})"),)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "data:image/svg+xml;base64,AAAA", "javascript:a"])
def test_an_image_with_a_forbidden_address_is_what_was_written(address: str) -> None:
    assert one(f"![a]({address})").text == f"![a]({address})"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("(https://a.example/b_(c))!?", "https://a.example/b_(c)"),
        ("«https://a.example», «b»", "https://a.example"),
        ("[https://a.example]", "https://a.example"),
        ('"https://a.example/?b=c&d=e#f";', "https://a.example/?b=c&d=e#f"),
        ("**https://a.example**", "https://a.example"),
        ("https://a.example<br>", "https://a.example"),
        ("HTTPS://A.example", "HTTPS://A.example"),
        ("https:// http://a.example", "http://a.example"),
        ("https://пример.рф/а_б", "https://пример.рф/а_б"),
        ("https://a.example/b_c_d", "https://a.example/b_c_d"),
        ("https://a.example/__init__.py", "https://a.example/__init__.py"),
        ("https://a.example/*b*/~~c~~/$d$.x", "https://a.example/*b*/~~c~~/$d$.x"),
    ],
)
def test_bare_links_leave_punctuation_outside(text: str, address: str) -> None:
    assert links(text) == [(address, address)]
    assert one(text).text == text.strip("*")


def test_bare_links_are_not_looked_for_in_code_and_links() -> None:
    assert links("`https://a.example` http://") == []
    assert links("[https://a.example](https://b.example)") == [("https://a.example", "https://b.example")]


# -- nasty ------------------------------------------------------------------------------------------------------------


def test_characters_that_a_document_has_another_use_for() -> None:
    assert one("a\0b\ud83dc\ufdd0\ufeff").text == "a\ufffdb\ufffdc\ufffd"
    assert one("a\u2029b").text == "a\u2028b"
    assert one("a&#10;b&#13;c&#8233;d&#xfeff;").text == "a b c\u2028d"
    assert one("![a&#10;b](https://c.example)").text == "a b"


@pytest.mark.parametrize("mark", ["> ", ">", "- ", "1. ", "> - ", "* > "])
def test_deep_nesting_keeps_the_text(mark: str) -> None:
    blocks = parse(mark * 500 + "the end")
    assert blocks[-1].text.endswith("the end")
    assert max(block.depth + block.quotes for block in blocks) <= DEEPEST


def test_deeply_indented_lists_keep_the_text() -> None:
    blocks = parse("".join(f"{'  ' * level}- a{level}.\n" for level in range(500)))
    text = " ".join(block.text for block in blocks)
    assert all(f"a{level}." in text for level in range(500))


@pytest.mark.parametrize(
    "text",
    [
        *["[" * 3000, "![" * 2000 + "](a)" * 2000, "*a " * 3000, "**a__b" * 2000, "`" * 3001, "<a" * 3000, "&" * 5000],
        *["~~a" * 3000, "\\" * 5000, "(" * 3000, "[a](" * 2000, "|a" * 200 + "\n" + "|-" * 200 + "\n" + "|\n" * 50],
        *[
            "- " * 500 + "\n" + "a\n" * 50,
            "http://a" * 3000,
            "http://a" + ")" * 5000,
            "\r" * 5000,
            "-\n" * 1500,
            "> a\n" * 1500,
        ],
    ],
    ids=lambda text: text[:6].encode("unicode_escape").decode(),
)
def test_nothing_takes_long(text: str) -> None:
    begin = time.monotonic()
    parse(text)
    assert time.monotonic() - begin < 5.0


@pytest.mark.parametrize("mark", ["#", "=", "7", "🌸", "\ufffd", "-\u0301"])
def test_a_line_of_marks_without_end_is_cut_too(mark: str) -> None:
    assert max(len(block.text) for block in parse(mark * 20_000)) <= PARAGRAPH_END
