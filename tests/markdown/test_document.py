from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)
from typing_extensions import override

from gui.markdown.document import (
    ALERT,
    BARS,
    CARD,
    CARD_KIND,
    CARD_PADDING,
    CELL_PADDING,
    CODE_BACK,
    CODE_FOOT,
    CODE_HEADER,
    GAP,
    LANGUAGE,
    LIST_INDENT,
    OUTSIDE,
    QUOTE_INDENT,
    QUOTES,
    RULE,
    TABLE_FOOT,
    Look,
    Writer,
    fit,
    table_before,
)
from gui.markdown.stream import BlockStream, parse
from tests.markdown.texts import defined, pieces

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QTextBlock
    from PySide6.QtWidgets import QApplication

pytestmark = pytest.mark.usefixtures("qapp")
pytestmark = pytest.mark.usefixtures("formulas_at_once")

many = settings(max_examples=150, deadline=None, database=None)

COLOURS = {
    "text": "#000001",
    "muted": "#000002",
    "link": "#000003",
    "line_strong": "#000004",
    "inline_code_back": "#000005",
    "tip": "#000006",
}
CODE = {"keyword": "#00000a", "string": "#00000b", "comment": "#00000c", "number": "#00000d", "function": "#00000e"}


@pytest.fixture(scope="module")
def look(qapp: QApplication) -> Look:
    return Look(QFont("Sans", 10), QFont("Mono", 9), COLOURS, CODE)


def blocks(document: QTextDocument) -> list[QTextBlock]:
    """They live as long as the document does."""
    found = [document.begin()]
    while found[-1].next().isValid():
        found.append(found[-1].next())
    return found


def without(look: Any, *names: int) -> Any:
    """A copy of a format; the index that ties it to an object is of no interest."""
    for name in (QTextFormat.Property.ObjectIndex, *names):
        look.clearProperty(name)
    return look


def letters(block: QTextBlock) -> list[tuple[str, QTextCharFormat]]:
    """The runs of one format: how the document holds them in pieces depends on how they came."""
    runs: list[tuple[str, QTextCharFormat]] = []
    at = block.begin()
    while not at.atEnd():
        text, look = at.fragment().text(), without(at.fragment().charFormat())
        if runs and runs[-1][1] == look:
            text = runs.pop()[0] + text
        runs.append((text, look))
        at += 1
    return runs


def drawn(document: QTextDocument) -> list[tuple[Any, ...]]:
    """All that a reader sees, block by block; a card by the order it comes in. But for the room below a table, which
    is that of what follows it.
    """
    cards = [0]
    result: list[tuple[Any, ...]] = []
    for block in blocks(document):
        card = block.blockFormat().intProperty(CARD)
        if card not in cards:
            cards.append(card)
        table = QTextCursor(block).currentTable()
        room = QTextFormat.Property.FrameBottomMargin
        grid = (without(table.format(), CARD, room), table.rows(), table.columns()) if table is not None else ()
        looks = without(block.blockFormat(), CARD), without(block.charFormat())
        result.append((block.text(), cards.index(card), *looks, letters(block), grid))
    return result


def at_once(text: str, look: Look) -> QTextDocument:
    document = QTextDocument()
    Writer(document, look).write(parse(text))
    return document


def streamed(parts: list[str], look: Look) -> tuple[QTextDocument, Writer, BlockStream]:
    document = QTextDocument()
    document.documentLayout()  # without one, nothing is said of changes
    writer, stream = Writer(document, look), BlockStream(defined("".join(parts)))
    for part in parts:
        writer.write(*stream.feed(part))
    return document, writer, stream


def block_of(document: QTextDocument, text: str) -> QTextBlock:
    return next(block for block in blocks(document) if block.text() == text)


def format_of(document: QTextDocument, text: str) -> QTextCharFormat:
    return next(look for block in blocks(document) for run, look in letters(block) if run == text)


# -- arriving in pieces -----------------------------------------------------------------------------------------------

TABLE = "|a|b|\n|-|-|\n|c|"
in_pieces = [
    ["- ```\n    \n", "a\n", ">"],
    ["*a", "*", " b"],
    ["para\n\n", TABLE, "d|\n", "e\n\n", "after", " all"],
    [TABLE, "\n\n", TABLE, "\n\nx", "\ny"],
    ["> |a|\n> |-|\n>\n> b", " *c", "*\n\n> d"],
    ["#\n\n", "```", "py\ndef f", "():\n\n", "  '''", "a\n'''\n", "``", "`\n", "b"],
    ["- a\n", "- ```\n  x\n", "\n  y\n", "  ```\n- ", "b"],
    ["#\n#\n", "*a", "*"],
    ["```\n\n\n", "```\n```\n", "\n"],
    ["-", " ", "a\n-", "\n\n", "  b"],
    ["سلام", "\n\nabc", "\n- x", "\nש"],
    ["```py\nde", "f"],
    ["https://a.example/b", "c d"],
    ["a\ufeff", "\ufeffb", "\ud83d", "\ude42"],
]


def test_the_same_whatever_the_pieces(look: Look) -> None:
    @many
    @given(pieces())
    def same(parts: list[str]) -> None:
        document, writer, stream = streamed(parts, look)
        whole, _writer, _stream = streamed(["".join(parts)], look)
        assert drawn(document) == drawn(whole)
        writer.write(stream.end())
        assert drawn(document) == drawn(at_once("".join(parts), look))

    for parts in in_pieces:
        same = example(parts)(same)
    same()


def test_finished_blocks_stay_as_they_are(look: Look) -> None:
    @many
    @given(pieces())
    def frozen(parts: list[str]) -> None:
        document, writer, stream = streamed([], look)
        finished_document, finished_writer, _stream = streamed([], look)
        changes: list[int] = []
        document.contentsChange.connect(lambda position, _removed, _added: changes.append(position))
        for part in parts:
            end = finished_document.characterCount() - 1
            if (table := table_before(finished_document.lastBlock())) is not None and finished_writer._reuse:
                end = table.firstPosition() - 1  # it gets its room below with what follows
            changes.clear()
            finished, tail = stream.feed(part)
            writer.write(finished, tail)
            finished_writer.write(finished)
            assert all(position >= end for position in changes)
            stays = drawn(finished_document)
            # The block after a table, and the one a document has from the start, are there for what comes.
            stays = stays[:-1] if finished_writer._reuse else stays
            assert drawn(document)[: len(stays)] == stays

    for parts in in_pieces:
        frozen = example(parts)(frozen)
    frozen()


def test_a_longer_tail_is_appended_to(look: Look) -> None:
    document, writer, stream = streamed(["some *words*"], look)
    changes: list[tuple[int, int, int]] = []
    document.contentsChange.connect(lambda *change: changes.append(change))
    writer.write(*stream.feed(" and more"))
    assert changes == [(len("some words"), 0, len(" and more"))]


def test_writing_begins_behind_what_others_wrote(look: Look) -> None:
    document, writer, _stream = streamed([], look)
    writer.paragraph("Model", QTextCharFormat(), QTextBlockFormat())
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertText(", 12:00")
    stream = BlockStream()
    for part in ("*a", "*", "\n\nb\n"):
        writer.write(*stream.feed(part))
    assert document.toPlainText() == "Model, 12:00\na\nb"


@pytest.mark.parametrize("text", ["```\na\n\n```", "a\n\n#", TABLE])
def test_another_writer_leaves_what_stands(look: Look, text: str) -> None:
    document = at_once(text, look)
    before = drawn(document)
    before = before[:-1] if text == TABLE else before
    Writer(document, look).paragraph("note", QTextCharFormat(), QTextBlockFormat())
    assert drawn(document)[:-1] == before
    assert document.lastBlock().text() == "note"


def test_plain_text_is_one_card_of_its_own(look: Look) -> None:
    document = QTextDocument()
    for _time in range(2):
        Writer(document, look).plain("*a*\n\n<b>", QTextCharFormat(), QTextBlockFormat())
    assert document.toPlainText() == "*a*\n\n<b>\n*a*\n\n<b>"
    assert [card for _text, card, *_rest in drawn(document)] == [1, 1, 1, 2, 2, 2]


# -- kinds ------------------------------------------------------------------------------------------------------------


def test_headings(look: Look) -> None:
    document = at_once("# One\n\n### Three\n\ntext", look)
    assert [block.blockFormat().headingLevel() for block in blocks(document)] == [1, 3, 0]
    sizes = [format_of(document, text).fontPointSize() for text in ("One", "Three", "text")]
    assert sizes == sorted(sizes, reverse=True)
    assert len({*sizes}) == 3


def test_lists(look: Look) -> None:
    document = at_once("3. a\n   - b\n\n     c\n- [x] d", look)
    assert document.toPlainText() == "3.\ta\n•\tb\nc\n☑\td"
    looks = [block.blockFormat() for block in blocks(document)]
    assert [look.leftMargin() for look in looks] == [LIST_INDENT, 2 * LIST_INDENT, 2 * LIST_INDENT, LIST_INDENT]
    assert [look.textIndent() < 0 for look in looks] == [True, True, False, True]
    assert all(look.tabPositions()[0].position == -look.textIndent() for look in looks if look.textIndent())


def test_alerts_have_their_colour_and_a_title_that_is_no_text_of_the_message(look: Look) -> None:
    document = at_once("> [!TIP]\n> a\n>\n> > b", look)
    title, text, _quote = blocks(document)
    assert (title.text(), text.text()) == ("Tip", "a")
    assert [one.blockFormat().property(ALERT) for one in (title, text)] == [[1, "tip"]] * 2
    assert [one.blockFormat().hasProperty(OUTSIDE) for one in (title, text)] == [True, False]
    assert format_of(document, "Tip").foreground().color() == QColor(COLOURS["tip"])
    assert format_of(document, "a").foreground().color() == QColor(COLOURS["text"])
    assert format_of(document, "b").foreground().color() == QColor(COLOURS["muted"])


def test_the_bars_of_quotes_stand_where_the_lists_around_them_do(look: Look) -> None:
    document = at_once("- a\n\n  > b\n  > - c\n  >\n  >   > d", look)
    bars = [block.blockFormat().property(BARS) for block in blocks(document)]
    assert bars == [None, [LIST_INDENT], [LIST_INDENT], [LIST_INDENT, 2 * LIST_INDENT + QUOTE_INDENT]]


@pytest.mark.parametrize(("text", "left", "right"), [("a", LIST_INDENT, 0), ("سلام", 0, LIST_INDENT)])
def test_a_rule_stands_below_the_text_of_its_item(look: Look, text: str, left: int, right: int) -> None:
    document = at_once(f"- {text}\n\n  ---\n\n  {text}", look)
    rule = blocks(document)[1].blockFormat()
    assert (rule.leftMargin(), rule.rightMargin()) == (left, right)


@pytest.mark.usefixtures("formulas_at_once")
def test_the_ground_of_code_beside_a_high_formula_is_not_as_high_as_the_line(look: Look) -> None:
    document = at_once("a `b` c\n\nd `e` $\\dfrac{\\dfrac{a}{b}}{c}$", look)
    beside_words, beside_formula = format_of(document, "b"), format_of(document, "e")
    assert beside_words.hasProperty(QTextFormat.Property.BackgroundBrush)
    assert not beside_formula.hasProperty(QTextFormat.Property.BackgroundBrush)
    assert beside_formula.property(CODE_BACK) is True


def test_quotes(look: Look) -> None:
    document = at_once("> a\n> > b", look)
    looks = [block.blockFormat() for block in blocks(document)]
    assert [look.intProperty(QUOTES) for look in looks] == [1, 2]
    assert [look.leftMargin() for look in looks] == [QUOTE_INDENT, 2 * QUOTE_INDENT]
    assert format_of(document, "a").foreground().color() == QColor(COLOURS["muted"])


def test_rules(look: Look) -> None:
    document = at_once("a\n\n---\n\nb", look)
    assert [bool(block.blockFormat().property(RULE)) for block in blocks(document)] == [False, True, False]


def test_tables(look: Look) -> None:
    document = at_once("| a | b | c |\n|---|:-:|--:|\n| `1` | [2](https://a.example) |\n\nafter", look)
    table = QTextCursor(block_of(document, "a")).currentTable()
    assert isinstance(table, QTextTable)
    assert (table.rows(), table.columns(), table.format().headerRowCount()) == (2, 3, 1)
    assert [cell.firstCursorPosition().block().text() for row in (0, 1) for cell in (table.cellAt(row, 0),)] == [
        "a",
        "1",
    ]
    aligned = [table.cellAt(1, column).firstCursorPosition().blockFormat().alignment() for column in range(3)]
    assert aligned == [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight]
    assert format_of(document, "b").fontWeight() == QFont.Weight.Bold
    assert format_of(document, "1").background().color() == QColor(COLOURS["inline_code_back"])
    assert format_of(document, "2").anchorHref() == "https://a.example"
    assert QTextCursor(block_of(document, "after")).currentTable() is None
    assert document.lastBlock().text() == "after"


LONG_TABLE = "|a|b|\n|-|-:|\n" + "".join(f"|{number}|*x* {number}|\n" for number in range(40))


def test_a_long_table_is_drawn_in_parts_that_look_like_one(look: Look) -> None:
    document, writer, stream = streamed([LONG_TABLE[at : at + 7] for at in range(0, len(LONG_TABLE), 7)], look)
    assert QTextCursor(block_of(document, "31")).currentTable() is not None
    assert QTextCursor(block_of(document, "39\tx 39")).currentTable() is None, "a line until its part is whole"
    writer.write(stream.end())
    assert drawn(document) == drawn(at_once(LONG_TABLE, look))
    tables = [QTextCursor(block_of(document, text)).currentTable() for text in ("0", "16", "32")]
    assert len({(table.firstPosition(), table.lastPosition()) for table in tables}) == 3
    widths = [[width.rawValue() for width in table.format().columnWidthConstraints()] for table in tables]
    assert widths[0] == widths[1] == widths[2]


def test_code(look: Look) -> None:
    document = at_once("```Python\ndef f():\n\n    return 1\n```\n\n```\nx\n```", look)
    assert [card for _text, card, *_rest in drawn(document)] == [1, 1, 1, 2]
    assert document.toPlainText() == "def f():\n\n    return 1\nx"
    first, _empty, last, _other = (block.blockFormat() for block in blocks(document))
    assert (first.property(CARD_KIND), first.property(LANGUAGE)) == ("code", "Python")
    assert first.leftMargin() == first.rightMargin() == CARD_PADDING
    assert first.topMargin() > 0 == first.bottomMargin()
    assert last.topMargin() == 0 < last.bottomMargin()
    assert format_of(document, "def").foreground().color() == QColor(CODE["keyword"])
    assert format_of(document, "def").fontFamilies() == look.code_font.families()


def test_code_across_lines_is_coloured_as_it_comes(look: Look) -> None:
    document, writer, stream = streamed(["```python\n'''\ndef"], look)
    assert format_of(document, "def").foreground().color() == QColor(CODE["string"])
    writer.write(*stream.feed("\n'''\nclass"))
    assert format_of(document, "def").foreground().color() == QColor(CODE["string"])
    assert format_of(document, "class").foreground().color() == QColor(CODE["keyword"])


def test_a_marker_is_no_part_of_the_code(look: Look) -> None:
    document = at_once("- ```\n  a\n  b\n  ```", look)
    assert document.toPlainText() == "•\t\na\nb"


def test_styles(look: Look) -> None:
    document = at_once("**a** *b* ~~c~~ `d` [e](https://f.example)", look)
    assert format_of(document, "a").fontWeight() == QFont.Weight.Bold
    assert format_of(document, "b").fontItalic()
    assert format_of(document, "c").fontStrikeOut()
    assert format_of(document, "d").fontFamilies() == look.code_font.families()
    assert format_of(document, "e").anchorHref() == format_of(document, "e").toolTip() == "https://f.example"


def test_a_hard_break_stays_within_its_block(look: Look) -> None:
    document = at_once("a\\\nb\u2029c&#10;d", look)
    assert document.blockCount() == 1
    assert document.toPlainText() == "a\nb\nc d"


def test_html_and_images_are_text_and_nothing_is_fetched(look: Look) -> None:
    fetched: list[str] = []

    class Watched(QTextDocument):
        @override
        def loadResource(self, type: int, name: QUrl | str) -> Any:
            fetched.append(str(name))

    document = Watched()
    html = '<img src="http://127.0.0.1:9/a.png">'
    Writer(document, look).write(parse(f"{html} ![b](http://127.0.0.1:9/c.png) ![d](file:///etc/hostname)"))
    document.setTextWidth(300)
    document.size()  # lays it out
    assert document.toPlainText() == f"{html} 🖼 b ![d](file:///etc/hostname)"
    assert not any(look.isImageFormat() for block in blocks(document) for _text, look in letters(block))
    assert fetched == []


@pytest.mark.parametrize(
    ("text", "right_to_left"),
    [
        *[("سلام world", True), ("שלום", True), ("hello سلام", False), ("123, «سلام»", True), ("**סלאם** a", True)],
        *[("123", False), ("\u200fabc", True), ("\u200eسلام", False), ("日本語 سلام", False)],
    ],
)
def test_right_to_left_by_the_first_strong_character(look: Look, text: str, right_to_left: bool) -> None:
    expected = Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LayoutDirectionAuto
    document = at_once(text, look)
    (block,) = blocks(document)
    assert block.blockFormat().layoutDirection() == expected


def test_right_to_left_lists_are_indented_from_the_right(look: Look) -> None:
    document = at_once("- سلام", look)
    (block,) = blocks(document)
    assert (block.blockFormat().leftMargin(), block.blockFormat().rightMargin()) == (0, LIST_INDENT)


@pytest.mark.parametrize(
    ("above", "below", "room"),
    [
        *[("| a |\n|---|", "after", GAP), ("| a |\n|---|", "# after", 2 * GAP)],
        *[("| a |\n|---|", "```\nafter\n```", GAP + CODE_HEADER)],
        *[("```\na\n```", "```\nafter\n```", CODE_FOOT + GAP + CODE_HEADER), ("```\na\n```", "after", CODE_FOOT + GAP)],
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_there_is_room_between_what_has_a_ground_and_what_follows(
    look: Look, above: str, below: str, room: int, size: int
) -> None:
    text = f"{above}\n\n{below}\n"
    document, _writer, _stream = streamed([text[at : at + size] for at in range(0, len(text), size)], look)
    document.setTextWidth(500)
    layout = document.documentLayout()
    first, after = block_of(document, "a"), block_of(document, "after")
    apart = layout.blockBoundingRect(after).top() - layout.blockBoundingRect(first).bottom()
    padding = CELL_PADDING + TABLE_FOOT if above.startswith("|") else 0
    assert room <= apart - padding < room + 6  # a line has room of its own


def test_deep_nesting_is_drawn(look: Look) -> None:
    assert at_once("> - " * 500 + "the end", look).toPlainText().endswith("the end")


# -- the widths of columns ---------------------------------------------------------------------------------------------


def test_columns_that_fit_are_as_wide_as_they_wish() -> None:
    assert fit([50, 300, 80], 600, 200) == [50, 300, 80]


def test_in_less_room_the_wide_columns_give_way() -> None:
    assert fit([50, 500, 350], 600, 200) == [50, 300, 250]


def test_no_column_gives_more_than_what_is_comfortable() -> None:
    assert fit([50, 500, 350, 400], 400, 200) == [50, 200, 200, 200]
