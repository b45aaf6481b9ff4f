from __future__ import annotations

import logging
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QTextCursor, QTextDocument, QTextTable

from gui.markdown.blocks import Block, Kind, Span, Style
from gui.markdown.document import Look, Writer
from gui.markdown.math import FORMULAS, KEPT, LONGEST, Formulas
from gui.markdown.objects import OBJECT, SOURCE, em_of
from gui.markdown.parser import to_html
from gui.markdown.stream import BlockStream, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QTextLine
    from PySide6.QtWidgets import QApplication

COLOURS = dict.fromkeys(("text", "muted", "link", "line_strong", "inline_code_back"), "#000000")


@pytest.fixture(scope="module")
def look(qapp: QApplication) -> Look:
    return Look(QFont("Sans", 10), QFont("Mono", 9), COLOURS, {})


def formulas(text: str) -> list[str]:
    """The formulas of a text, as they are written."""
    return [span.text for block in parse(text) for span in all_spans(block) if span.style & Style.MATH]


def all_spans(block: Block) -> list[Span]:
    return [*block.spans, *(span for row in block.rows for cell in row for span in cell)]


def drawn(text: str, look: Look, width: float = 500) -> QTextDocument:
    document = QTextDocument()
    document.setTextWidth(width)
    Writer(document, look).write(parse(text))
    document.size()
    return document


def objects(document: QTextDocument) -> list[str]:
    """The sources of the formulas that are drawn."""
    found = []
    cursor = QTextCursor(document)
    while cursor.movePosition(QTextCursor.MoveOperation.NextCharacter):
        if document.characterAt(cursor.position() - 1) == OBJECT:
            found.append(cursor.charFormat().property(SOURCE))
    return found


def line(document: QTextDocument) -> QTextLine:
    """The first one; it lives as long as the document does."""
    return document.firstBlock().layout().lineAt(0)


def heights(text: str, look: Look) -> tuple[float, float]:
    """Of its first line, above and below the baseline."""
    document = drawn(text, look)
    return line(document).ascent(), line(document).descent()


# -- where formulas are ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "$x$",
        "$$x$$",
        r"\(x\)",
        r"\[x\]",
        "$a_1 * b_2 * c$",
        "$x$-axis",
        "the $n$th",
        "函数$f(x)$是",
        r"$\$5$",
        r"$$\text{a $x$}$$",
        "$$\na\n- b\n= c\n$$",
        "\\[\na\n- b\n\\]",
    ],
)
def test_a_formula_is_found_as_it_is_written(text: str) -> None:
    assert [one for one in formulas(text) if one in text] == formulas(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "It costs $5, or US$6.",
        "from $5–$10",
        "5$ and 6$ more",
        "$HOME and $PATH",
        "$HOME/bin:$PATH",
        "($A,$B)",
        "${A}:${B}",
        "`$x$`",
        "```\n$x$\n$$\ny\n$$\n```",
        "    $x$",
        "`a` $b` and `c$ `d`",
        r"\$x\$",
        r"\\(x\\)",
        "$x",
        "$$x",
        "$ x$",
        "$x $",
        "$$\nx\n\ny\n$$",
        "$$ $$",
        r"\( \)",
        "$a\n\nb$",
    ],
)
def test_what_is_no_formula_stays_text(text: str) -> None:
    assert formulas(text) == []


def test_what_is_inside_is_not_markdown() -> None:
    (block,) = parse("$a_1 * b_2$ and *c*")
    assert [(span.text, span.style) for span in block.spans] == [
        ("$a_1 * b_2$", Style.MATH),
        (" and ", Style.PLAIN),
        ("c", Style.ITALIC),
    ]


@pytest.mark.parametrize(
    "formula", ["$$x$$", "$$\nx\n$$", r"\[x\]", "\\[\nx\n\\]", "$$x\n= y$$", "```math\nx\n```"], ids=repr
)
def test_a_display_formula_is_a_block_of_its_own(formula: str) -> None:
    blocks = parse(f"before\n{formula}\nafter")
    assert [block.kind for block in blocks] == [Kind.PARAGRAPH, Kind.MATH, Kind.PARAGRAPH]
    assert [blocks[0].text, blocks[2].text] == ["before", "after"]


def test_a_display_formula_in_a_line_is_one_too() -> None:
    blocks = parse("- so $$x$$ holds")
    assert [(block.kind, block.text, block.marker) for block in blocks] == [
        (Kind.PARAGRAPH, "so", "•"),
        (Kind.MATH, "$$x$$", ""),
        (Kind.PARAGRAPH, "holds", ""),
    ]


def test_in_lists_quotes_and_tables() -> None:
    assert formulas("- a\n\n  $$\n  x\n  $$\n\n> $y$\n\n| a |\n| - |\n| $z$ |") == ["$$\nx\n$$", "$y$", "$z$"]


def test_what_streams_is_text_until_it_closes() -> None:
    stream = BlockStream()
    finished, tail = stream.feed("so\n\n$$\na\n- b\n")
    assert [block.kind for block in (*finished, *tail)] == [Kind.PARAGRAPH, Kind.PARAGRAPH]
    assert [block.kind for block in stream.feed("$$")[1]] == [Kind.MATH]


def test_html_carries_the_source() -> None:
    assert to_html("a $x<y$ b\n\n$$\nz\n$$") == "<p>a $x&lt;y$ b</p>\n<p>$$\nz\n$$</p>\n"


# -- setting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{-b\pm\sqrt{b^2-4ac}}{2a}",
        r"\sum_{i=1}^n i^2",
        r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
        r"\begin{cases}x&\text{if }x>0\\-x&\text{otherwise}\end{cases}",
        r"\begin{aligned}a&=b\\&=c\end{aligned}",
        r"\alpha\beta\Gamma\nabla\partial\infty",
        r"\text{если } x>0",
        r"x \tag{1}",
        r"\binom{n}{k_{1}}",
        r"\int_0^\infty e^{-x^2}\,dx",
    ],
)
def test_what_people_write_is_set(latex: str) -> None:
    formula = FORMULAS.get(f"$${latex}$$")
    assert formula is not None
    assert formula.width > 0.5
    assert formula.height + formula.depth > 0.4
    assert formula.svg.startswith(b"<svg")


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1",
        r"\unknown{x}",
        r"\begin{tikzpicture}x\end{tikzpicture}",
        r"\def\a{\b\b}\a",
        r"\newcommand{\a}{b}\a",
        "日本",
        "}{",
        "&",
        "x+" * LONGEST,
        "x+" * (LONGEST // 2 - 1) + "x",
        "{" * 200 + "x" + "}" * 200,
        r"\includegraphics{file:///etc/passwd}",
        r"\text{\write18{ls}}",
    ],
    ids=lambda latex: latex[:20],
)
def test_what_cannot_be_set_is_told_at_once(
    latex: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    FORMULAS.get("$x$")  # has the library imported
    begin = time.process_time()
    with caplog.at_level(logging.DEBUG):
        assert FORMULAS.get(f"${latex}$") is None
    assert time.process_time() - begin < 0.5
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@pytest.mark.parametrize(
    "latex",
    [r"\frac{1}{" * 20 + "x" + "}" * 20, r"\left(" * 12 + "x" + r"\right)" * 12, "x_{" * 20 + "y" + "}" * 20],
    ids=["fractions", "brackets", "indices"],
)
def test_what_is_nested_is_set_in_no_time(latex: str) -> None:
    FORMULAS.get("$x$")
    begin = time.process_time()
    assert FORMULAS.get(f"${latex}$") is not None
    assert time.process_time() - begin < 0.5  # each level doubles it where rows are measured again and again


def test_nothing_is_set_twice() -> None:
    assert FORMULAS.get("$x+y$") is FORMULAS.get("$x+y$")


def test_no_more_are_kept_than_will_fit() -> None:
    kept = Formulas()
    for number in range(KEPT + 5):
        kept.get(f"${{{number}$")  # none of them can be set, which takes no time
    assert len(kept._set) == KEPT


def test_what_is_asked_for_ahead_is_set_in_another_thread() -> None:
    kept = Formulas()
    assert not kept.ready("$q$")
    end = time.monotonic() + 5
    while not kept.ready("$q$"):
        assert time.monotonic() < end
        time.sleep(0.002)
    assert any(thread.name.startswith("formulas") for thread in threading.enumerate())


def test_likely_formulas_are_set_ahead() -> None:
    kept = Formulas()
    texts = ["a $x$ b", "$$\ny\n$$ and \\(z\\)"]
    assert kept.waits_for(texts)
    kept.prepare(texts)
    assert {"$x$", "$$\ny\n$$", "\\(z\\)"} <= set(kept._set)
    assert not kept.waits_for(texts)


def test_a_text_without_formulas_does_not_import_the_library() -> None:
    import subprocess

    program = "import sys; from gui.markdown.stream import parse; parse('a $5 b'); print('ziamath' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "False"


# -- drawing ----------------------------------------------------------------------------------------------------------


def test_a_formula_is_one_character_with_its_source(look: Look) -> None:
    document = drawn("a $x^2$ b", look)
    assert document.toPlainText() == f"a {OBJECT} b"
    assert objects(document) == ["$x^2$"]


def test_what_cannot_be_set_is_code(look: Look) -> None:
    document = drawn("a $\\foo{x}$ b\n\n$$\n\\foo\n$$", look)
    assert document.toPlainText() == "a $\\foo{x}$ b\n$$\n\\foo\n$$"
    cursor = QTextCursor(document)
    cursor.setPosition(4)
    assert cursor.charFormat().font().family() == "Mono"


def test_small_formulas_leave_the_height_of_a_line_alone(look: Look) -> None:
    assert heights("a $x_1 + y^2$ c", look) == pytest.approx(heights("a b c", look), abs=1)


def test_a_line_has_room_for_a_fraction(look: Look) -> None:
    (tall_above, tall_below), (above, below) = heights(r"a $\frac{a}{b}$ c", look), heights("a b c", look)
    assert tall_above >= above
    assert tall_below > below * 1.5


def test_its_small_letters_are_as_high_as_the_texts(look: Look) -> None:
    big = Look(QFont("Sans", 40), look.code_font, COLOURS, {})
    rows = ink_rows(picture(drawn("$x$", big, 2000), QColor("white")))
    assert len(rows) == pytest.approx(QFontMetricsF(big.font).xHeight(), rel=0.12)


def test_it_stands_on_the_baseline(look: Look) -> None:
    big = Look(QFont("Sans", 40), look.code_font, COLOURS, {})
    text, formula = (ink_rows(picture(drawn(text, big, 2000), QColor("white"))) for text in ("x", "$x$"))
    assert text[-1] == pytest.approx(formula[-1], abs=3)


def test_a_fraction_stands_around_the_middle(look: Look) -> None:
    big = Look(QFont("Sans", 40), look.code_font, COLOURS, {})
    image = picture(drawn(r"$\frac{a}{a}$ –", big, 2000), QColor("white"))
    dash = ink_rows(image, after=image.width() - 60)
    whole = ink_rows(image)
    assert sum(dash) / len(dash) == pytest.approx((whole[0] + whole[-1]) / 2, abs=5)


def test_it_has_the_colour_of_the_text(look: Look) -> None:
    red = Look(look.font, look.code_font, {**COLOURS, "text": "#ff0000"}, {})
    image = picture(drawn("$x$", red), QColor("black"))
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    assert any(colour.red() > 200 for colour in colours)
    assert all(colour.green() == colour.blue() == 0 for colour in colours)


def test_a_long_one_is_made_to_fit_and_again_when_the_page_is_another(look: Look) -> None:
    source = "$$" + "+".join(f"a_{number}" for number in range(30)) + "$$"
    document = drawn(source, look, 300)
    assert line(document).naturalTextWidth() == pytest.approx(300 - 2 * document.documentMargin(), abs=1)
    document.setTextWidth(400)
    document.size()
    assert line(document).naturalTextWidth() == pytest.approx(400 - 2 * document.documentMargin(), abs=1)
    document.setTextWidth(4000)
    document.size()
    assert line(document).naturalTextWidth() < 3000


def test_a_column_is_as_wide_as_its_formulas(look: Look) -> None:
    wide = "$" + "+".join(f"a_{number}" for number in range(8)) + "$"
    document = drawn(f"| a | b |\n| - | - |\n| x | {wide} |", look, 700)
    (table,) = document.rootFrame().childFrames()
    assert isinstance(table, QTextTable)
    cell = table.cellAt(1, 1).firstCursorPosition().block()
    formula = FORMULAS.get(wide)
    assert formula is not None
    assert cell.layout().lineAt(0).naturalTextWidth() == pytest.approx(formula.width * em_of(look.font), abs=1)


def test_a_display_formula_is_in_the_middle(look: Look) -> None:
    document = drawn("$$x$$", look, 400)
    assert line(document).naturalTextRect().center().x() == pytest.approx(200 - document.documentMargin(), abs=1)


def test_a_stream_is_drawn_as_its_text_is_in_the_end(look: Look) -> None:
    text = "a $x$ b\n\n$$\n\\frac{a}{b}\n$$\n\nand $y_1$, $\\foo$ and $\\frac12$ on\n\n- $z$\n"
    text += "\n| $a$ | b |\n| --- | --- |\n| $c$ | d |\n"
    document = QTextDocument()
    writer = Writer(document, look)
    stream = BlockStream()
    for character in text:
        writer.stream(*stream.feed(character))
    writer.end(stream.end())
    whole = drawn(text, look)
    assert document.toPlainText() == whole.toPlainText()
    assert objects(document) == objects(whole)


def test_an_open_formula_is_drawn_when_it_is_set(look: Look) -> None:
    document = QTextDocument()
    writer = Writer(document, look)
    stream = BlockStream()
    writer.write(*stream.feed("so $u^{17}$ and"))
    assert document.toPlainText() == "so $u^{17}$ and"
    assert writer.waits
    end = time.monotonic() + 5
    while writer.waits:
        assert time.monotonic() < end
        time.sleep(0.002)
        writer.write(*stream.feed(""))
    assert document.toPlainText() == f"so {OBJECT} and"


def test_what_is_finished_stays_open_until_its_formulas_are_set(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    document = QTextDocument()
    writer = Writer(document, look)
    stream = BlockStream()
    text = "a $u^{18}$\n\n| $u^{19}$ |\n| --- |\n| $u^{20}$ |\n\n```\ncode\n```\n\nmore\n"
    with monkeypatch.context() as slow:
        slow.setattr(type(FORMULAS), "ready", lambda _self, _text: False)
        writer.stream(*stream.feed(text))
    assert document.toPlainText().startswith("a $u^{18}$\n\n$u^{19}$\n$u^{20}$")
    end = time.monotonic() + 5
    while writer.waits:
        assert time.monotonic() < end
        time.sleep(0.002)
        writer.stream(*stream.feed(""))
    writer.end(stream.end())
    assert document.toPlainText() == f"a {OBJECT}\n\n{OBJECT}\n{OBJECT}\ncode\nmore"
    assert objects(document) == objects(drawn(text, look))


def picture(document: QTextDocument, ground: QColor) -> QImage:
    size = QSize(int(document.idealWidth()) + 20, int(document.size().height()) + 4)
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(ground)
    painter = QPainter(image)
    document.drawContents(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return image


def ink_rows(image: QImage, after: int = 0) -> list[int]:
    """The rows that something dark is in."""
    dark: Callable[[int, int], bool] = lambda x, y: image.pixelColor(x, y).lightness() < 128  # noqa: E731 -- short
    return [y for y in range(image.height()) if any(dark(x, y) for x in range(after, image.width()))]
