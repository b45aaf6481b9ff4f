"""A part of a document: the text that is read there, and the blocks that were drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextTable

from gui.markdown.blocks import FOOTNOTE, Block, Kind, Span, Style
from gui.markdown.document import (
    ALERT,
    BARS,
    BEGINS,
    CARD,
    CARD_KIND,
    CARD_PADDING,
    FOLD,
    GAP,
    GRID,
    LANGUAGE,
    LIST_INDENT,
    MARKER,
    NOTE,
    QUOTE_INDENT,
    QUOTES,
    RULE,
    TITLE,
)
from gui.markdown.inline import SAFE_SCHEMES
from gui.markdown.math import is_display
from gui.markdown.objects import ADDRESS, ALTERNATIVE, FORMULA, IMAGE, OBJECT, SOURCE, is_web

if TYPE_CHECKING:
    from collections.abc import Iterator

_READ = {0x2028: "\n", 0xA0: " "}
_ALIGN = {Qt.AlignmentFlag.AlignHCenter: "center", Qt.AlignmentFlag.AlignRight: "right"}
_PARTS = {Kind.CODE, Kind.TABLE}  # of which several blocks of a document are one


def text_of(selection: QTextCursor) -> str:
    """As it is read: a blank line where there is a gap, tabs between cells; formulas and images as in Markdown."""
    parts: list[str] = []
    row: tuple[int, int] | None = None
    last: QTextBlock | None = None
    for block, begin, end in _selected(selection):
        text = "".join(
            str(look.property(SOURCE) or "") * len(text) if look.objectType() else text
            for text, look in _runs(block, begin, end)
        ).translate(_READ)
        before, row = row, _row_of(block)
        if last is None:
            between = ""
        elif row is not None and row == before:
            between = "\t"
        elif row is not None and _number(block) == _number(last):
            between = "\n"
        else:
            between = "\n\n" if row is not None or block.blockFormat().topMargin() >= GAP else "\n"
        parts += [between, text]
        last = block
    return "".join(parts)


def blocks_of(selection: QTextCursor) -> list[Block]:
    """What was drawn there. What is a part of one line, of one cell or of one line of code, is its words alone."""
    found = list(_selected(selection))
    if len(found) == 1 and not _is_whole(*found[0]):
        block, begin, end = found[0]
        style = Style.CODE if _kind(block) is Kind.CODE else Style.PLAIN
        spans = tuple(replace(span, style=span.style | style) for span in _spans(block, begin, end))
        return [Block(Kind.PARAGRAPH, spans)] if spans else []
    blocks: list[Block] = []
    last: QTextBlock | None = None
    for block, begin, end in found:
        one = _block(block, begin, end)
        if last is not None and one.kind in _PARTS and _number(block) == _number(last):
            blocks[-1] = _joined(blocks[-1], one, same_row=_row_of(block) == _row_of(last))
        else:
            blocks.append(_goes_on(one, block, blocks[-1] if blocks else None))
        last = block
    return [_with_header(one, found) if one.kind is Kind.TABLE else one for one in blocks]


def _selected(selection: QTextCursor) -> Iterator[tuple[QTextBlock, int, int]]:
    """Each block of text that is selected, and what of it; of a table the cells that are marked."""
    begin, end = selection.selectionStart(), selection.selectionEnd()
    table = selection.currentTable() if selection.hasComplexSelection() else None
    if table is not None:
        first_row, rows, first_column, columns = _cells(selection)
        for row in range(first_row, first_row + rows):
            for column in range(first_column, first_column + columns):
                block = table.cellAt(row, column).firstCursorPosition().block()
                yield block, 0, block.length() - 1
        return
    block = selection.document().findBlock(begin)
    if begin == block.position() + block.length() - 1 and block.length() > 1 and begin < end:
        block = block.next()
    while block.isValid() and block.position() <= end:
        following = block.next()
        first, last = max(begin - block.position(), 0), min(end - block.position(), block.length() - 1)
        is_untouched = last <= block.blockFormat().intProperty(MARKER) and begin < block.position() and end > begin
        if not (is_untouched and following.position() > end) and not _is_before_table(block):
            yield block, first, last
        block = following


def _is_before_table(block: QTextBlock) -> bool:
    """An empty block, which is not seen."""
    return block.length() == 1 and block.next().blockFormat().hasProperty(GRID) and not _is_cell(block)


def _cells(selection: QTextCursor) -> tuple[int, int, int, int]:
    found: Any = selection.selectedTableCells()  # which is said to give nothing
    return tuple(found)


def _is_whole(block: QTextBlock, begin: int, end: int) -> bool:
    """Whether all of the text is selected, and of code all lines."""
    look = block.blockFormat()
    if _is_cell(block) or look.hasProperty(CARD_KIND):
        card, others = look.intProperty(CARD), (block.previous(), block.next())
        if any(one.isValid() and one.blockFormat().intProperty(CARD) == card for one in others):
            return False
    return begin <= look.intProperty(MARKER) and end >= block.length() - 1


def _runs(block: QTextBlock, begin: int, end: int) -> Iterator[tuple[str, QTextCharFormat]]:
    """The text from `begin` to `end` of a block (UTF-16 units) in runs of one look."""
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        first = max(begin + block.position() - fragment.position(), 0)
        last = min(end + block.position() - fragment.position(), fragment.length())
        if first < last:
            units = fragment.text().encode("utf-16-le", "surrogatepass")
            yield units[2 * first : 2 * last].decode("utf-16-le", "replace"), fragment.charFormat()
        iterator += 1


def _spans(block: QTextBlock, begin: int, end: int) -> list[Span]:
    look = block.blockFormat()
    header = _is_cell(block) and _is_header(block)
    spans: list[Span] = []
    for text, run in _runs(block, max(begin, look.intProperty(MARKER)), end):
        if run.objectType() == FORMULA:
            spans += [Span(str(run.property(SOURCE)), Style.MATH)] * text.count(OBJECT)
        elif run.objectType() == IMAGE:
            address = str(run.property(ADDRESS))
            spans.append(Span(str(run.property(ALTERNATIVE)), Style.IMAGE, address if is_web(address) else ""))
        else:
            spans.append(Span(text, _style(run, header=header), _link(run)))
    return _merged(spans)


def _merged(spans: list[Span]) -> list[Span]:
    """What differs in its colour alone is one."""
    merged: list[Span] = []
    for span in spans:
        same = bool(merged) and replace(span, text="") == replace(merged[-1], text="")
        if same and not span.style & (Style.MATH | Style.IMAGE):
            merged[-1] = replace(span, text=merged[-1].text + span.text)
        else:
            merged.append(span)
    return merged


def _style(run: QTextCharFormat, *, header: bool) -> Style:
    style = Style.PLAIN
    if run.fontWeight() >= QFont.Weight.Bold and not header:
        style |= Style.BOLD
    if run.fontItalic():
        style |= Style.ITALIC
    if run.fontStrikeOut():
        style |= Style.STRIKE
    if run.verticalAlignment() is QTextCharFormat.VerticalAlignment.AlignSuperScript:
        style |= Style.RAISED
    if run.background().style() is not Qt.BrushStyle.NoBrush:
        style |= Style.CODE
    return style


def _link(run: QTextCharFormat) -> str:
    address = run.anchorHref()
    return address if address.lower().startswith((*SAFE_SCHEMES, FOOTNOTE)) else ""


def _block(block: QTextBlock, begin: int, end: int) -> Block:
    look, kind = block.blockFormat(), _kind(block)
    place = Block(kind, depth=_depth(block), bars=_bars(look), alert=_alert(look))
    if kind is Kind.TABLE:
        return replace(place, rows=((tuple(_spans(block, begin, end)),),), align=(_align(block),))
    if kind is Kind.CODE:
        code = (Span("".join(text for text, _look in _runs(block, begin, end)), Style.CODE),)
        return replace(place, spans=code, language=str(look.property(LANGUAGE) or ""))
    spans = tuple(_spans(block, begin, end))
    if len(spans) == 1 and spans[0].style & Style.MATH and is_display(spans[0].text):
        kind = Kind.MATH
    marker = block.text()[: max(look.intProperty(MARKER) - 1, 0)]
    return replace(
        place,
        kind=kind,
        spans=spans,
        level=look.headingLevel(),
        begins=look.intProperty(BEGINS),
        marker=marker,
        tight=bool(marker) and look.topMargin() < GAP,
        footnote=str(look.property(NOTE) or ""),
    )


def _bars(look: QTextBlockFormat) -> tuple[int, ...]:
    """How many lists each quote around is inside of."""
    lefts = look.property(BARS) or ()
    return tuple(round((left - number * QUOTE_INDENT) / LIST_INDENT) for number, left in enumerate(lefts))


def _alert(look: QTextBlockFormat) -> tuple[int, str]:
    level, kind = look.property(ALERT) or (0, "")
    return int(level), str(kind)


def _kind(block: QTextBlock) -> Kind:
    look = block.blockFormat()
    if _is_cell(block):
        return Kind.TABLE
    if look.property(CARD_KIND) == "code":
        return Kind.CODE
    if look.hasProperty(RULE):
        return Kind.RULE
    if look.hasProperty(TITLE):
        return Kind.ALERT
    return Kind.HEADING if look.headingLevel() else Kind.PARAGRAPH


def _depth(block: QTextBlock) -> int:
    """How many lists it is in, which its margin says."""
    look = block.blockFormat()
    if look.hasProperty(FOLD) or look.property(CARD_KIND) == "user":
        return 0
    margin = look.leftMargin()
    if (table := _table_of(block)) is not None:
        margin = table.format().leftMargin()
    elif look.property(CARD_KIND) == "code":
        margin -= CARD_PADDING
    elif look.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        margin = look.rightMargin()
    return round((margin - look.intProperty(QUOTES) * QUOTE_INDENT) / LIST_INDENT)


def _goes_on(one: Block, block: QTextBlock, before: Block | None) -> Block:
    """A paragraph that was too long to be one."""
    is_more = before is not None and before.kind is one.kind is Kind.PARAGRAPH and not one.marker
    return replace(one, continues=is_more and not block.blockFormat().topMargin())


def _joined(before: Block, one: Block, *, same_row: bool) -> Block:
    """The next line of code, or the next cell of a table."""
    if one.kind is Kind.CODE:
        return replace(before, spans=(Span(f"{before.text}\n{one.text}", Style.CODE),))
    if not same_row:
        return replace(before, rows=(*before.rows, *one.rows))
    *rows, last = before.rows
    align = before.align if rows else (*before.align, *one.align)
    return replace(before, rows=(*rows, (*last, *one.rows[0])), align=align)


def _with_header(table: Block, found: list[tuple[QTextBlock, int, int]]) -> Block:
    """Some rows with the header of their table: Markdown has none without."""
    block = next(block for block, _begin, _end in found if _is_cell(block))
    return table if _is_header(block) else replace(table, rows=(_header(block, len(table.align)), *table.rows))


def _header(block: QTextBlock, columns: int) -> tuple[tuple[Span, ...], ...]:
    """Of the table that `block` is in, as many cells as are selected from its column on."""
    table = QTextCursor(block).currentTable()
    column = table.cellAt(block.position()).column()
    while _number(before := table.firstCursorPosition().block().previous()) == _number(block):
        while not _is_cell(before):
            before = before.previous()
        table = QTextCursor(before).currentTable()
    cells = [table.cellAt(0, number).firstCursorPosition().block() for number in range(column, column + columns)]
    return tuple(tuple(_spans(cell, 0, cell.length() - 1)) for cell in cells)


def _table_of(block: QTextBlock) -> QTextTable | None:
    return QTextCursor(block).currentTable() if _is_cell(block) else None


def _is_cell(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(GRID)


def _is_header(cell: QTextBlock) -> bool:
    table = QTextCursor(cell).currentTable()
    return not table.format().property(GRID) and table.cellAt(cell.position()).row() == 0


def _row_of(block: QTextBlock) -> tuple[int, int] | None:
    """Which of which table; None outside of tables."""
    table = _table_of(block)
    return None if table is None else (table.firstPosition(), table.cellAt(block.position()).row())


def _align(cell: QTextBlock) -> str:
    return _ALIGN.get(cell.blockFormat().alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask, "left")


def _number(block: QTextBlock) -> int:
    """Of the card or the table that it is in."""
    return block.blockFormat().intProperty(CARD)
