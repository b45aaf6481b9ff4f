"""What is selected in a transcript, remembered by the words themselves, for when these are drawn anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextBlock, QTextCursor

from gui.markdown.document import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.windows.headings import Headings

WINDOW = 80
"""Words among which a line goes on as it did, after what is different in it."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Place:
    """In a message: the block of text, and `letters` (UTF-16 units) from its beginning.

    `number`: of the block among those of its kind, 0 for the heading's. `outside`: it is no text of the message.
    """

    message_id: str
    number: int
    outside: bool
    text: str
    letters: int


@dataclass(frozen=True, slots=True)
class Selection:
    """From `anchor` to `position`, where the caret is; `messages` are the ids of those in it, from the top down."""

    anchor: Place
    position: Place
    messages: Sequence[str]

    @classmethod
    def of(cls, cursor: QTextCursor, headings: Headings) -> Selection | None:
        """What `cursor` selects; or where it is, if that is not the very beginning."""
        anchor, position = (_place(cursor, at, headings) for at in (cursor.anchor(), cursor.position()))
        if anchor is None or position is None or not (cursor.position() or cursor.anchor()):
            return None
        first, last = headings.around(cursor.selectionStart()), headings.around(cursor.selectionEnd())
        return cls(anchor, position, headings.between(first, last))

    def found(self, cursor: QTextCursor, headings: Headings) -> bool:
        """Have `cursor` select it again, as far as its messages are there; False if none of them is."""
        here = [one for one in self.messages if one in headings]
        if not here:
            return False
        ends = [self._position(place, here, headings) for place in (self.anchor, self.position)]
        cursor.setPosition(ends[0])
        cursor.setPosition(ends[1], QTextCursor.MoveMode.KeepAnchor)
        return True

    def _position(self, place: Place, here: Sequence[str], headings: Headings) -> int:
        if place.message_id in headings:
            return _position(place, headings)
        if place.message_id == self.messages[0]:
            return headings.cursor(here[0]).position()
        return headings.end(here[-1])


class Standing:
    """What `cursor` selects while text is written at the end: it neither grows with that, nor goes with a line that is
    written again. Nothing is looked at unless the cursor has moved.
    """

    def __init__(self, cursor: QTextCursor) -> None:
        self._ends = (cursor.anchor(), cursor.position())
        blocks = [cursor.document().findBlock(end) for end in self._ends]
        self._lines = [(block.blockNumber(), block.text(), block.position()) for block in blocks]

    def found(self, cursor: QTextCursor) -> bool:
        """Have `cursor`, as it is now, select it again; False if it does."""
        if (cursor.anchor(), cursor.position()) == self._ends:
            return False
        ends = []
        for end, (number, text, begin) in zip(self._ends, self._lines, strict=True):
            block = cursor.document().findBlockByNumber(number)
            ends.append(block.position() + moved(end - begin, text, block.text()))
        cursor.setPosition(ends[0])
        cursor.setPosition(ends[1], QTextCursor.MoveMode.KeepAnchor)
        return True


def moved(letters: int, before: str, after: str) -> int:
    """Where a place in the line `before` is in the line that has taken its place."""
    if before == after:
        return letters
    words, now = _WORDS.findall(before), _WORDS.findall(after)
    passed = place = 0  # letters of the two lines
    here = there = 0  # words
    while here < len(words) and there < len(now):
        if words[here] == now[there]:
            length = _units(words[here])
            if letters <= passed + length:
                return place + max(letters - passed, 0)
            gone, come = 1, 1
        else:
            gone, come = _until_same(words[here : here + WINDOW], now[there : there + WINDOW])
        passed += sum(map(_units, words[here : here + gone]))
        place += sum(map(_units, now[there : there + come]))
        here, there = here + gone, there + come
    return min(place, _units(after))


def _until_same(words: Sequence[str], now: Sequence[str]) -> tuple[int, int]:
    """How many of the words have gone and come before two that are in both."""
    for distance in range(1, WINDOW):
        for gone in range(distance + 1):
            come = distance - gone
            if (same := words[gone : gone + 2]) and same == now[come : come + 2]:
                return gone, come
    return len(words), len(now)


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _place(cursor: QTextCursor, position: int, headings: Headings) -> Place | None:
    message_id = headings.around(position)
    if not message_id:
        return None
    block = cursor.document().findBlock(position)
    outside = _is_outside(block)
    first = headings.cursor(message_id).block().blockNumber()
    above = block.previous()
    number = 0
    while above.isValid() and above.blockNumber() >= first:
        number += _is_outside(above) is outside
        above = above.previous()
    return Place(message_id, number, outside, block.text(), position - block.position())


def _position(place: Place, headings: Headings) -> int:
    heading = headings.cursor(place.message_id).block()
    blocks = [block for block in (heading, *headings.blocks(place.message_id)) if _is_outside(block) is place.outside]
    if not blocks:  # it was folded away
        return heading.position() + heading.length() - 1
    block = blocks[min(place.number, len(blocks) - 1)]
    return block.position() + moved(place.letters, place.text, block.text())


def _is_outside(block: QTextBlock) -> bool:
    return bool(block.blockFormat().property(OUTSIDE))
