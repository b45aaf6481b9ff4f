"""Blocks to a QTextDocument: finished ones are written once, of the open tail only what differs is written again."""

from __future__ import annotations

import math
import unicodedata
from copy import copy
from dataclasses import dataclass, replace
from itertools import accumulate, count, groupby, takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableFormat,
)

from gui.markdown.blocks import FOOTNOTE, TABLE_ROWS, Block, Kind, Span, Style
from gui.markdown.highlight import LineLexer
from gui.markdown.math import FORMULAS, is_display
from gui.markdown.objects import IMAGE, OBJECT, add_formulas, em_of, format_formula, format_image, is_tall, is_web

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PySide6.QtGui import QTextBlock, QTextDocument

# What the transcript paints behind the text is said by properties of the blocks.
CARD = QTextFormat.Property.UserProperty + 1  # int: blocks of one number stand on one card, or are one table's
CARD_KIND = QTextFormat.Property.UserProperty + 2  # "code" or "user"
LANGUAGE = QTextFormat.Property.UserProperty + 3  # of a code card's first block
QUOTES = QTextFormat.Property.UserProperty + 4  # int: bars at the left
BARS = QTextFormat.Property.UserProperty + 14  # list of int: px from the margin to each of them
BEGINS = QTextFormat.Property.UserProperty + 13  # int: the outermost of these that begins here, 1 for the first
ALERT = QTextFormat.Property.UserProperty + 15  # list of the innermost alert's level among them, and its kind
RULE = QTextFormat.Property.UserProperty + 5  # bool: a line across
TALL = QTextFormat.Property.UserProperty + 16  # bool: its lines are higher than their letters
TITLE = QTextFormat.Property.UserProperty + 18  # bool: it is the title of an alert
CODE_BACK = QTextFormat.Property.UserProperty + 17  # bool, of letters: they are code in such a line
OUTSIDE = QTextFormat.Property.UserProperty + 60  # bool: it is no text of the message
MARKER = QTextFormat.Property.UserProperty + 61  # int: letters of a list item's marker, before its text
FOLD = QTextFormat.Property.UserProperty + 9  # "open" or "closed": what is folded into this line
NOTE = QTextFormat.Property.UserProperty + 8  # label of the footnote that begins here
GRID = QTextFormat.Property.UserProperty + 7  # bool: the block is a table's; of a table: it continues another one
MESSAGE = QTextFormat.Property.UserProperty + 6  # id of the message that begins here
COLUMNS = QTextFormat.Property.UserProperty + 12  # list of float: px that the columns of a table would like to have

LIST_INDENT = 30  # px
BULLET_WIDTH = 18  # px from a bullet to its text
BLANK = "\u00a0"
QUOTE_INDENT = 18  # px
QUOTE_GAP = 4  # px more above a quote than between its paragraphs
CARD_PADDING = 14  # px, left and right
CODE_HEADER = 30  # px above the first line of code
CODE_FOOT = 15  # px below the last one; there is room in it for a bar
CELL_PADDING = 7  # px between a table's lines and its text
PICTURE = 16  # heights of a line that one in a table has a column of, at the least
TABLE_FOOT = 5  # px below a table, more than below a paragraph: there is room in it for a bar
COLUMN = 14  # em that a column is wide before others have to be out of sight for it
MIN_TABLE = 300  # px, of rows that are still lines
LINE_HEIGHT = 1.32  # of the font's
GAP = 9  # px between paragraphs
FORMULA_GAP = 5  # px more above and below a formula of its own
NOTE_SCALE = 0.88  # of the font, in footnotes
HEADING_SCALE = (1.0, 1.5, 1.3, 1.15, 1.04, 0.96, 0.96)
CODE_ROLE = "inline"  # of code whose ground is painted behind it
FAINT = 6  # the level of a heading that is told from the one above it by its colour

translate = QCoreApplication.translate

_cards = count(1)
_NO_LEXER = LineLexer("")


@dataclass(frozen=True, slots=True)
class Look:
    """Fonts and colours to draw with. `colours` are a theme's [palette], `code` its [code].

    `aside`: beside what is said, as all of a block quote.
    """

    font: QFont
    code_font: QFont
    colours: Mapping[str, str]
    code: Mapping[str, str]
    aside: bool = False
    wrap_code: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    style: Style = Style.PLAIN
    link: str = ""
    role: str = ""
    is_object: bool = False  # `text` is what it stands for


@dataclass(frozen=True, slots=True)
class _Line:
    """One block of the document, as values that can be compared with what stands there."""

    block: Block  # without its text: only what the format depends on
    runs: tuple[_Run, ...] = ()
    first: bool = True  # of a code block
    last: bool = True
    columns: int = 0  # of a table's open row, which is a line with tabs until its part is whole
    top: bool = False  # the first of the text: no space before it
    tall: bool = False  # a formula in it is higher than its letters
    rtl: bool = False


class Writer:
    """Writes at the end of `document` (or finished blocks at `cursor`), from the moment it is made."""

    def __init__(
        self, document: QTextDocument, look: Look, cursor: QTextCursor | None = None, *, first: bool = True
    ) -> None:
        self._document = document
        add_formulas(document)
        self._draws_images = document.documentLayout().handlerForObject(IMAGE) is not None
        self._look = look
        self._cursor = QTextCursor(cursor or document)
        if cursor is None:
            self._cursor.movePosition(QTextCursor.MoveOperation.End)
        # An empty block is there already: the first one of a document, or the one after a table.
        before = self._cursor.block().previous()
        self._reuse = self._cursor.atBlockStart() and (
            not before.isValid() or QTextCursor(before).currentTable() is not None
        )
        self._tail: list[tuple[_Line, int, bool]] = []  # with where each of them ends, and `_reuse` then
        self._start = (self._cursor.position(), self._reuse)  # where the tail begins
        self._empty = first  # what comes next has no space above it
        self._start_looks = self._looks()
        self._drawn: Sequence[Block] = ()
        self._columns: list[float] = []  # px that those of the table that was written last would like to have
        self._widths: list[QTextLength] = []  # and have
        self._table = 0  # its number
        self._new_table: QTextTable | None = None  # nothing stands below it; a cursor does not find it yet
        self._again = 0  # the number of the table that is drawn anew
        self._advances: dict[tuple[str, Style], float] = {}  # px; most cells of an open table are as they were
        self._lexer = _NO_LEXER  # of the code that was written last
        self._rtl = False  # the text that was written last is
        self.waits = False  # a formula of the tail is being set: writing the tail again draws it
        self._is_open = False  # what is drawn now is the tail
        self._held: list[Block] = []  # finished, but for their formulas
        self._char_formats: dict[object, QTextCharFormat] = {}  # making one costs as much as inserting its text

    def write(self, finished: Sequence[Block], tail: Sequence[Block] = ()) -> None:
        """`finished` takes the place of the old tail for good, and `tail` follows."""
        if not finished and tail is self._drawn:
            return
        self._drawn = tail
        if self._look.aside:
            finished, tail = (
                [replace(block, bars=(0, *block.bars), alert=_deeper(block.alert)) for block in part]
                for part in (finished, tail)
            )
        self._new_table = None
        self._cursor.beginEditBlock()  # or what is changed is laid out anew for each run
        if finished:
            self._redraw([line for block in finished for line in self._lines(block)])
            self._freeze()
        lexer, rtl = self._lexer, self._rtl
        self.waits = False
        self._is_open = True
        self._redraw([line for block in tail for line in self._open_lines(block)])
        self._is_open = False
        self._lexer, self._rtl = lexer, rtl  # as it is after what is finished
        self._cursor.endEditBlock()

    def stream(self, finished: Sequence[Block], tail: Sequence[Block]) -> None:
        """As `write`; but what is finished stays open while its formulas are set, away from this thread."""
        self._held += finished
        missing = [text for block in self._held for text in _formulas(block) if not FORMULAS.ready(text)]
        if missing:
            self.write((), [*self._held, *tail])
        else:
            held, self._held = self._held, []
            self.write(held, tail)

    def end(self, finished: Sequence[Block]) -> None:
        """The last of what streamed; all formulas are waited for."""
        held, self._held = self._held, []
        self.write([*held, *finished])

    def paragraph(self, text: str, char_format: QTextCharFormat, block_format: QTextBlockFormat) -> None:
        """A paragraph of our own (a message's heading, a note), as it is given."""
        self._begin(block_format, char_format, block_format.topMargin())
        self._cursor.insertText(text, char_format)
        self._freeze()

    def more(self, text: str, char_format: QTextCharFormat) -> None:
        """Go on in the paragraph that was written last."""
        self._cursor.insertText(text, char_format)
        self._freeze()

    def plain(self, text: str, char_format: QTextCharFormat, block_format: QTextBlockFormat) -> None:
        """Text as it is, one block a line, on one card."""
        block_format.setProperty(CARD, next(_cards))
        for line in text.split("\n"):
            self._begin(block_format, char_format, block_format.topMargin())
            self._cursor.insertText(line, char_format)
        self._freeze()

    @property
    def position(self) -> int:
        """Where it has written to."""
        return self._cursor.position()

    def shift(self, by: int) -> None:
        """The document has grown by `by` positions above what is written here (or shrunk, if negative)."""
        self._tail = [(line, end + by, reuse) for line, end, reuse in self._tail]
        self._start = (self._start[0] + by, self._start[1])

    def _freeze(self) -> None:
        self._tail.clear()
        self._empty = False

    def _redraw(self, lines: list[_Line]) -> None:
        if self._empty and lines:
            lines[0] = replace(lines[0], top=True)
        if not self._tail:
            self._start = (self._cursor.position(), self._reuse)
            self._start_looks = self._looks()
        same = 0
        for line, (drawn, _end, _reuse) in zip(lines, self._tail, strict=False):
            if line != drawn:
                break
            same += 1
        if same < len(self._tail):
            drawn, end, _reuse = self._tail[same]
            if drawn.block.kind is Kind.TABLE:
                self._again = self._document.findBlock(end - 1).blockFormat().intProperty(CARD)
            if same == len(self._tail) - 1 and same < len(lines) and self._change(lines[same], drawn):
                self._tail[same] = (lines[same], self._cursor.position(), False)
                same += 1
            else:
                self._remove(same, follows=same < len(lines))
                del self._tail[same:]
        for line in lines[same:]:
            self._draw(line)
            self._tail.append((line, self._cursor.position(), self._reuse))
        self._again = 0

    def _remove(self, same: int, *, follows: bool) -> None:
        """Remove the tail but for its first `same` lines; if a line `follows`, an empty block is left for it."""
        end, self._reuse = self._tail[same - 1][1:] if same else self._start
        if follows and not self._reuse:
            end += 1
            self._reuse = True
        self._cursor.setPosition(end)
        kept = self._looks() if same else self._start_looks
        self._cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self._cursor.removeSelectedText()
        if not follows and self._cursor.atBlockStart():  # Qt gives an empty block the format of what went
            self._cursor.setBlockFormat(kept[0])
            self._cursor.setBlockCharFormat(kept[1])

    def _looks(self) -> tuple[QTextBlockFormat, QTextCharFormat]:
        """Of the block that it has written to."""
        return self._cursor.blockFormat(), self._cursor.blockCharFormat()

    def _change(self, line: _Line, drawn: _Line) -> bool:
        """Make the line that stands last into `line`, from the first run that differs on; False if its format does."""
        if line.block.kind is Kind.TABLE or not drawn.runs or replace(line, runs=()) != replace(drawn, runs=()):
            return False
        same = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(line.runs, drawn.runs, strict=False)))
        new, old = line.runs[same:], drawn.runs[same:]
        goes = sum(map(_length, old))
        if new and old and _goes_on(new[0], old[0]):
            new = (replace(new[0], text=new[0].text[len(old[0].text) :]), *new[1:])
            goes -= _length(old[0])
        if goes:
            self._cursor.setPosition(self._cursor.position() - goes, QTextCursor.MoveMode.KeepAnchor)
            self._cursor.removeSelectedText()
        self._insert(new, line.block)
        return True

    def _open_lines(self, block: Block) -> Iterator[_Line]:
        """Qt lays out a table as a whole whenever one of its cells changes: a long one goes on as lines with tabs."""
        if block.kind is not Kind.TABLE or not block.continues:
            yield from self._lines(block)
            return
        shape = Block(Kind.PARAGRAPH, depth=block.depth, bars=block.bars, alert=block.alert, tight=True)
        for cells in block.rows:
            runs = [self._run(span) for cell in cells for span in (Span("\t"), *cell)]
            yield _Line(shape, tuple(runs[1:]), columns=len(cells))

    def _lines(self, block: Block) -> Iterator[_Line]:
        shape = _shape(block)
        if block.kind is not Kind.CODE:
            spans = block.spans if block.kind is not Kind.ALERT else (Span(alert_title(block.alert[1]), Style.BOLD),)
            runs = tuple(map(self._run, spans))
            if block.kind is Kind.MATH and not runs[0].is_object:
                shape = replace(shape, kind=Kind.PARAGRAPH)
            if block.kind is not Kind.RULE:  # which stands where the text above it does
                self._rtl = _right_to_left("".join(run.text for run in runs if not run.is_object))
            if block.kind is Kind.TABLE:  # it is drawn anew when its formulas are there
                runs = tuple(_Run(text) for text in _formulas(block) if self._is_open and not FORMULAS.ready(text))
            tall = any(run.is_object and is_tall(self._char_format(run, shape)) for run in runs)
            if tall:  # Qt would give code the ground of the whole line
                runs = tuple(replace(run, role=CODE_ROLE) if run.style & Style.CODE else run for run in runs)
            yield _Line(block if block.kind is Kind.TABLE else shape, runs, rtl=self._rtl, tall=tall)
            return
        lexer = copy(self._lexer) if block.continues else LineLexer(block.language)
        self._lexer = lexer
        rows = block.text.split("\n")
        for number, text in enumerate(rows):
            first = number == 0 and not block.continues
            last = number == len(rows) - 1 and not block.goes_on
            yield _Line(shape, _row(lexer.line(text)), first=first, last=last)

    def _run(self, span: Span) -> _Run:
        """Of an open block no formula is waited for: it is text until it is set."""
        if span.style < Style.MATH:  # almost all; as numbers they are compared in no time
            return _Run(span.text, span.style, span.link)
        if span.style & Style.IMAGE and self._draws_images:
            return _Run(span.text, span.style, span.link, is_object=True)
        if span.style & Style.IMAGE:
            return _Run(f"🖼 {span.text}", span.style & ~Style.IMAGE, span.link if is_web(span.link) else "")
        style = span.style & ~Style.MATH
        text = span.text.replace("\n", "\u2028" if is_display(span.text) else " ")
        if self._waits_for(span):
            self.waits = True
            return _Run(text, style, span.link)
        if FORMULAS.get(span.text) is None:
            return _Run(text, style | Style.CODE, span.link)
        return _Run(span.text, span.style, span.link, is_object=True)

    def _waits_for(self, span: Span) -> bool:
        return self._is_open and bool(span.style & Style.MATH) and not FORMULAS.ready(span.text)

    def _draw(self, line: _Line) -> None:
        if line.block.kind is Kind.TABLE:
            self._draw_table(line)
            return
        block_format = self._block_format(line)
        below_table = 0 if line.columns else block_format.topMargin()
        self._begin(block_format, self._char_format(_Run(""), line.block), below_table)
        if line.block.marker:
            self._insert_marker(line)
        self._insert(line.runs, line.block)

    def _insert_marker(self, line: _Line) -> None:
        text = line.block.marker
        look = QTextCharFormat(self._char_format(_Run(""), line.block))
        look.setForeground(QColor(self._look.colours["muted"]))
        if not line.rtl:
            self._cursor.insertText(f"{text}\t", look)
            return
        # From right to left Qt gives a tab no width: a blank takes its room.
        self._cursor.insertText(text, look)
        metrics = QFontMetricsF(look.font())
        look.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        look.setFontLetterSpacing(max(_hang(text) - metrics.horizontalAdvance(text + BLANK), 0))
        self._cursor.insertText(BLANK, look)

    def _insert(self, parts: Sequence[_Run], block: Block) -> None:
        for run in parts:
            self._cursor.insertText(OBJECT if run.is_object else run.text, self._char_format(run, block))

    def _begin(self, block_format: QTextBlockFormat, char_format: QTextCharFormat, below_table: float) -> None:
        if self._reuse:
            table, self._new_table = self._new_table, None
            keep_apart(table or table_before(self._cursor.block()), below_table)
            self._cursor.setBlockFormat(block_format)
            self._cursor.setBlockCharFormat(char_format)
            self._reuse = False
        else:
            self._cursor.insertBlock(block_format, char_format)

    def _draw_table(self, line: _Line) -> None:
        block = line.block
        table_format = QTextTableFormat()
        # Its lines are painted behind it: Qt's own take as long as all else of a table.
        table_format.setBorder(0)
        table_format.setBorderCollapse(False)
        table_format.setCellSpacing(0)
        table_format.setCellPadding(CELL_PADDING)
        table_format.setProperty(GRID, block.continues)
        table_format.setTopMargin(-1 if block.continues else GAP)
        # Another part may follow.
        table_format.setBottomMargin(0 if len(block.rows) >= TABLE_ROWS else GAP + TABLE_FOOT)
        table_format.setLeftMargin(block.depth * LIST_INDENT + block.quotes * QUOTE_INDENT)
        table_format.setHeaderRowCount(0 if block.continues else 1)
        columns = len(block.rows[0])
        self._cursor.beginEditBlock()  # or the table lays itself out anew for each cell
        if not block.continues:  # the parts of a long table have the same columns
            self._columns = [self._wish(column) for column in zip(*block.rows, strict=True)]
            self._table = self._again or next(_cards)
        table_format.setProperty(COLUMNS, self._columns)
        table_format.setProperty(CARD, self._table)
        self._widths = _lengths(self._document, self._look, table_format, len(block.rows))
        table_format.setColumnWidthConstraints(self._widths)
        between = QTextBlockFormat()
        _mark_quotes(between, block)
        if block.continues:
            between.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            between.setNonBreakableLines(True)
            between.setProperty(CARD, self._table)
        self._begin(between, QTextCharFormat(), 0 if block.continues else GAP)
        table = self._cursor.insertTable(len(block.rows), columns, table_format)
        alignment = {
            "center": Qt.AlignmentFlag.AlignHCenter,
            "right": Qt.AlignmentFlag.AlignRight,
        }
        for row, cells in enumerate(block.rows):
            for column, spans in enumerate(cells[:columns]):
                cell = table.cellAt(row, column).firstCursorPosition()
                cell_format = QTextBlockFormat()
                cell_format.setProperty(GRID, True)
                cell_format.setProperty(CARD, self._table)
                if self._look.aside:
                    cell_format.setProperty(OUTSIDE, True)
                _mark_quotes(cell_format, block)
                cell_format.setAlignment(alignment.get(block.align[column], Qt.AlignmentFlag.AlignLeft))
                cell.setBlockFormat(cell_format)
                for run in map(self._run, spans):
                    style = run.style | (Style.BOLD if row == 0 and not block.continues else Style.PLAIN)
                    look = self._char_format(replace(run, style=style), _shape(block))
                    cell.insertText(OBJECT if run.is_object else run.text, look)
        self._cursor.endEditBlock()
        self._cursor.setPosition(table.lastPosition() + 1)
        self._reuse = True
        self._new_table = table

    def _wish(self, column: Sequence[Sequence[Span]]) -> float:
        """Pixels that the widest cell of a column would take in one line; the first one is the header."""
        widest = 0.0
        for row, cell in enumerate(column):
            width = 0.0
            for span in cell:
                style = span.style | (Style.PLAIN if row else Style.BOLD)
                if (own := self._object_width(span)) is not None:
                    width += own
                    continue
                *lines, last = span.text.split("\u2028")
                for text in lines:
                    widest = max(widest, width + self._advance(text, style))
                    width = 0.0
                width += self._advance(last, style)
            widest = max(widest, width)
        return math.ceil(widest) + 2 * CELL_PADDING + 1

    def _object_width(self, span: Span) -> float | None:
        if span.style & Style.IMAGE and self._draws_images:
            return PICTURE * QFontMetricsF(self._look.font).height()
        is_formula = span.style & Style.MATH and not self._waits_for(span)
        formula = FORMULAS.get(span.text) if is_formula else None
        return None if formula is None else formula.width * em_of(self._look.font)

    def _advance(self, text: str, style: Style) -> float:
        key = (text, style)
        if key not in self._advances:
            font = self._make_char_format(_Run(text, style), Block(Kind.PARAGRAPH)).font()
            self._advances[key] = QFontMetricsF(font).horizontalAdvance(text)
        return self._advances[key]

    def _block_format(self, line: _Line) -> QTextBlockFormat:
        block = line.block
        result = QTextBlockFormat()
        left = block.depth * LIST_INDENT + block.quotes * QUOTE_INDENT
        if line.tall:  # in proportion, a line with a fraction would have more room around it than a paragraph
            room = (LINE_HEIGHT - 1) * QFontMetricsF(self._look.font).height()
            result.setLineHeight(room, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
            result.setProperty(TALL, True)
        else:
            result.setLineHeight(100 * LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        result.setTopMargin(0 if line.top or block.continues else 3 if block.tight else GAP)
        if self._look.aside or block.kind is Kind.ALERT:
            result.setProperty(OUTSIDE, True)
        if block.kind is Kind.ALERT:
            result.setProperty(TITLE, True)
        if block.marker:
            result.setProperty(MARKER, len(block.marker) + 1)
            hang = _hang(block.marker)
            result.setTextIndent(-hang)
            result.setTabPositions([QTextOption.Tab(hang, QTextOption.TabType.LeftTab)])
        if line.columns:
            left += CELL_PADDING
            self._format_row(result)
        _mark_quotes(result, block)
        if block.begins:
            result.setProperty(BEGINS, block.begins)
            result.setTopMargin(0 if line.top else GAP + QUOTE_GAP)
        if block.footnote and block.marker:
            result.setProperty(NOTE, block.footnote)
        match block.kind:
            case Kind.HEADING:
                result.setTopMargin(GAP if line.top else GAP * 2)
                result.setHeadingLevel(block.level)
            case Kind.MATH:
                result.setTopMargin(0 if line.top else GAP + FORMULA_GAP)
                result.setBottomMargin(FORMULA_GAP)
                result.setLineHeight(100.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
                result.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            case Kind.RULE:
                result.setTopMargin(GAP)
                result.setBottomMargin(GAP)
                result.setProperty(RULE, True)
            case Kind.CODE:
                left += CARD_PADDING
                self._format_code(result, line)
        if line.rtl:
            # Qt mirrors the alignment and the text indent, not the margins.
            result.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            result.setRightMargin(left)
        else:
            result.setLeftMargin(left)
        return result

    def _format_row(self, result: QTextBlockFormat) -> None:
        """Of a table, a line with tabs."""
        stops = list(accumulate(width.rawValue() for width in self._widths))
        result.setTabPositions([QTextOption.Tab(stop, QTextOption.TabType.LeftTab) for stop in stops[:-1]])
        if stops[-1] > self._document.textWidth():
            result.setNonBreakableLines(True)
            result.setProperty(CARD, self._table)

    def _format_code(self, result: QTextBlockFormat, line: _Line) -> None:
        result.setRightMargin(CARD_PADDING)
        result.setNonBreakableLines(not self._look.wrap_code)
        result.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        before = self._cursor.block().previous() if self._reuse else self._cursor.block()
        # Of two margins Qt takes the greater one.
        above = CODE_FOOT if before.blockFormat().property(CARD_KIND) == "code" else 0
        result.setTopMargin(CODE_HEADER + GAP + above if line.first else 0)
        result.setBottomMargin(CODE_FOOT + GAP if line.last else 0)
        # Lines after the first one belong to the card of the line they follow.
        result.setProperty(CARD, next(_cards) if line.first else before.blockFormat().intProperty(CARD))
        result.setProperty(CARD_KIND, "code")
        result.setProperty(LANGUAGE, line.block.language)

    def _char_format(self, run: _Run, block: Block) -> QTextCharFormat:
        aside = _is_aside(block), bool(block.footnote), block.alert[1] if block.kind is Kind.ALERT else ""
        key = (run.style, run.link, run.role, block.kind, block.level, aside, run.text if run.is_object else "")
        if key not in self._char_formats:
            result = self._char_formats[key] = self._make_char_format(run, block)
            if run.is_object and run.style & Style.IMAGE:
                format_image(result, run.text, run.link)
            elif run.is_object:
                format_formula(result, run.text)
        return self._char_formats[key]

    def _make_char_format(self, run: _Run, block: Block) -> QTextCharFormat:
        look = self._look
        result = QTextCharFormat()
        code = block.kind is Kind.CODE
        result.setFont(look.code_font if code or run.style & Style.CODE else look.font)
        colour = look.code.get(run.role, look.colours["text"]) if code else look.colours["text"]
        if block.kind is Kind.ALERT:
            colour = look.colours[block.alert[1]]
        elif (_is_aside(block) or block.footnote) and not code:
            colour = look.colours["muted"]
        result.setForeground(QColor(colour))
        if block.footnote and not code:
            result.setFontPointSize(result.font().pointSizeF() * NOTE_SCALE)
        if block.kind is Kind.HEADING:
            result.setFontPointSize(look.font.pointSizeF() * HEADING_SCALE[block.level])
            result.setFontWeight(QFont.Weight.DemiBold)
            if block.level == FAINT:
                result.setForeground(QColor(look.colours["muted"]))
        if run.style & Style.BOLD:
            result.setFontWeight(QFont.Weight.Bold)
        if run.style & Style.ITALIC:
            result.setFontItalic(True)
        if run.style & Style.STRIKE:
            result.setFontStrikeOut(True)
        if run.style & Style.RAISED:
            result.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        if run.role == CODE_ROLE:
            result.setProperty(CODE_BACK, True)
        elif run.style & Style.CODE and not code:
            result.setBackground(QColor(look.colours["inline_code_back"]))
        if run.link and not run.style & Style.IMAGE:
            result.setAnchor(True)
            result.setAnchorHref(run.link)
            result.setForeground(QColor(look.colours["link"]))
            result.setToolTip("" if run.link.startswith(FOOTNOTE) else run.link)
        return result


def _mark_quotes(look: QTextBlockFormat, block: Block) -> None:
    if block.bars:
        look.setProperty(QUOTES, block.quotes)
        lefts = [lists * LIST_INDENT + number * QUOTE_INDENT for number, lists in enumerate(block.bars)]
        look.setProperty(BARS, lefts)
    if block.alert[0]:
        look.setProperty(ALERT, [*block.alert])


def _is_aside(block: Block) -> bool:
    """Whether it is in a quote that is no alert."""
    return block.quotes > block.alert[0]


def _deeper(alert: tuple[int, str]) -> tuple[int, str]:
    """In one more quote."""
    return (alert[0] + 1, alert[1]) if alert[0] else alert


def alert_title(kind: str) -> str:
    """As it is drawn above an alert."""
    titles = {
        "note": translate("Alert", "Note"),
        "tip": translate("Alert", "Tip"),
        "important": translate("Alert", "Important"),
        "warning": translate("Alert", "Warning"),
        "caution": translate("Alert", "Caution"),
    }
    return titles[kind]


def table_before(block: QTextBlock) -> QTextTable | None:
    return QTextCursor(block.previous()).currentTable() if block.previous().isValid() else None


def keep_apart(table: QTextTable | None, margin: float) -> None:
    """Qt leaves out the margin above what follows a table: the table has to have it below."""
    below = margin + TABLE_FOOT if margin else 0
    if table is not None and table.format().bottomMargin() != below:
        table_format = table.format()
        table_format.setBottomMargin(below)
        table.setFormat(table_format)


def fit_tables(document: QTextDocument, look: Look, column: float = COLUMN) -> None:
    """Give the columns of all tables their widths, after the width of the text has changed.

    `column`: em that a column is wide before others have to be out of sight for it; with 0 none is ever.
    """
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            table_format = frame.format()
            lengths = _lengths(document, look, table_format, frame.rows(), column)
            if lengths != table_format.columnWidthConstraints():
                table_format.setColumnWidthConstraints(lengths)
                frame.setFormat(table_format)


def _lengths(
    document: QTextDocument, look: Look, table: QTextTableFormat, rows: int, column: float = COLUMN
) -> list[QTextLength]:
    room = max(document.textWidth(), MIN_TABLE) - 2 * document.documentMargin() - table.leftMargin()
    wishes = [float(width) for width in table.property(COLUMNS)]
    room -= (len(wishes) + 2) * table.border()
    widths = fit(wishes, room, column * QFontInfo(look.font).pixelSize())
    if (table.property(GRID) or rows > TABLE_ROWS) and sum(widths) < room:  # other parts may need more
        widths = [width * room / sum(widths) for width in widths]
    return [QTextLength(QTextLength.Type.FixedLength, width) for width in widths]


def fit(wishes: Sequence[float], room: float, comfortable: float) -> list[float]:
    """The widths of columns: as they wish; or, in less room, the wide ones less, but none less than is comfortable."""
    least = [min(wish, comfortable) for wish in wishes]
    more = sum(wishes) - sum(least)
    share = min(max(room - sum(least), 0) / more, 1) if more else 0
    return [low + (wish - low) * share for wish, low in zip(wishes, least, strict=True)]


def _formulas(block: Block) -> Iterator[str]:
    for spans in (block.spans, *(cell for row in block.rows for cell in row)):
        yield from (span.text for span in spans if span.style & Style.MATH)


def _hang(marker: str) -> int:
    """Pixels from where a marker begins to its text."""
    return BULLET_WIDTH if len(marker) == 1 else LIST_INDENT


def _length(run: _Run) -> int:
    """Positions of a text document: UTF-16 units."""
    if run.is_object:
        return 1
    return len(run.text) if run.text.isascii() else len(run.text.encode("utf-16-le", "surrogatepass")) // 2


def _goes_on(new: _Run, old: _Run) -> bool:
    """Whether `new` is `old` and more text."""
    return not old.is_object and new.text.startswith(old.text) and replace(new, text=old.text) == old


def _shape(block: Block) -> Block:
    """`block` without its text and without what its format does not depend on."""
    return Block(
        block.kind,
        level=block.level,
        depth=block.depth,
        bars=block.bars,
        alert=block.alert,
        begins=block.begins,
        marker=block.marker,
        tight=block.tight,
        footnote=block.footnote,
        language=block.language,
        continues=block.continues,
    )


def _right_to_left(text: str) -> bool:
    """By the first strong character, as the Unicode bidirectional algorithm has it (rule P2)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _row(parts: list[tuple[str, str]]) -> tuple[_Run, ...]:
    return tuple(
        _Run("".join(text for text, _role in same), Style.CODE, role=role)
        for role, same in groupby(parts, key=lambda part: part[1])
    )
