"""Keys of the composer that know Markdown: a selection between marks, and lists that go on and are indented."""

from __future__ import annotations

import re

from PySide6.QtGui import QTextCursor

PAIRS = {"*": "*", "_": "_", "~": "~", "`": "`", '"': '"', "(": ")", "[": "]"}
"""What is typed with something selected stands around it."""

_ITEM = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>[-*+]|(?P<number>\d{1,9})(?P<dot>[.)]))(?P<box> \[[ xX]\])? (?P<text>.*)"
)


def wrap(cursor: QTextCursor, mark: str) -> QTextCursor:
    """Put `mark` and its counterpart around what is selected, which stays so."""
    begin, text = cursor.selectionStart(), cursor.selectedText().replace("\u2029", "\n")
    length = cursor.selectionEnd() - begin
    cursor.insertText(f"{mark}{text}{PAIRS[mark]}")
    cursor.setPosition(begin + len(mark))
    cursor.setPosition(begin + len(mark) + length, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def new_line(cursor: QTextCursor) -> None:
    """In a list, with the next item; an item in which there is nothing ends it."""
    found = None if cursor.hasSelection() else _ITEM.fullmatch(cursor.block().text())
    if found is None or cursor.positionInBlock() < found.start("text"):
        cursor.insertText("\n")
    elif not found["text"]:
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
    else:
        mark = f"{int(found['number']) + 1}{found['dot']}" if found["number"] else found["mark"]
        cursor.insertText(f"\n{found['indent']}{mark}{' [ ]' if found['box'] else ''} ")


def indent(cursor: QTextCursor, *, deeper: bool) -> bool:
    """Move the list items that the cursor is in to the right, or to the left; False where it is in none."""
    document = cursor.document()
    block, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    blocks = [block]
    while block != last:
        block = block.next()
        blocks.append(block)
    items = [(one, found) for one in blocks if (found := _ITEM.fullmatch(one.text()))]
    if not items:
        return False
    change = QTextCursor(document)
    change.beginEditBlock()
    for one, found in items:
        width = len(found["mark"]) + 1  # below the text of the item before it
        change.setPosition(one.position())
        if deeper:
            change.insertText(" " * width)
        else:
            there = min(width, len(found["indent"]))
            change.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, there)
            change.removeSelectedText()
    change.endEditBlock()
    return True
