"""Finding words in a conversation, in what is loaded of it and in what is not."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

from gui.conversation import Role
from gui.markdown.blocks import Style
from gui.markdown.document import MARKER, MESSAGE, OUTSIDE
from gui.markdown.stream import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QTextDocument

    from gui.conversation import Message
    from gui.history.store import History
    from gui.markdown.blocks import Span

SLICE = 0.005
"""Seconds of reading messages before the window has its turn."""


def pattern(text: str) -> re.Pattern[str]:
    """`text` as it is, in any case."""
    return re.compile(re.escape(text), re.IGNORECASE)


def lines(message: Message) -> Iterator[str]:
    """The text of a message as it is drawn, line by line; a formula is none."""
    if message.role is Role.USER:
        yield from message.text.split("\n")
        return
    for block in parse(message.text):
        for spans in (block.spans, *(cell for row in block.rows for cell in row)):
            yield from _drawn(spans).split("\n")


def _drawn(spans: tuple[Span, ...]) -> str:
    return "".join("\ufffc" if span.style & Style.MATH else span.text for span in spans)


@dataclass(frozen=True, slots=True)
class Found:
    """What is looked for, and which place of it is the current one."""

    looked_for: re.Pattern[str]
    message_id: str
    number: int


def places(document: QTextDocument, looked_for: re.Pattern[str]) -> Iterator[tuple[str, int, QTextCursor]]:
    """(message id, number in it, selection) of each place in what is drawn of the messages' own text."""
    message_id, number = "", 0
    block = document.firstBlock()
    while block.isValid():
        look = block.blockFormat()
        text = block.text()
        matches = looked_for.finditer(text, look.intProperty(MARKER))
        if look.hasProperty(MESSAGE):
            message_id, number = str(look.property(MESSAGE)), 0
            matches = iter(())
        for found in () if look.hasProperty(OUTSIDE) else matches:
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + _units(text[: found.start()]))
            cursor.setPosition(cursor.position() + _units(found[0]), QTextCursor.MoveMode.KeepAnchor)
            yield message_id, number, cursor
            number += 1
        block = block.next()


def _units(text: str) -> int:
    """Qt counts in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Finding:
    """Where words are in the branch of a conversation that is shown: (message id, the how-manieth of it), in order."""

    def __init__(self) -> None:
        self.places: list[tuple[str, int]] = []
        self.current = -1

    async def look(self, history: History, conversation_id: str, text: str, near: str) -> None:
        """Find all places of `text`; the first one in the message `near` or after it becomes the current one."""
        self.places, self.current = [], -1
        if not text:
            return
        looked_for = pattern(text)
        places: list[tuple[str, int]] = []
        found = await history.find(conversation_id, text)
        began = time.monotonic()
        for message_id, _count in found:
            message = await history.message(message_id)
            if message is not None:
                count = sum(len(looked_for.findall(line)) for line in lines(message))
                places += [(message_id, number) for number in range(count)]
            if time.monotonic() - began > SLICE:
                await asyncio.sleep(0)
                began = time.monotonic()
        order = {one: place for place, one in enumerate(await history.branch_ids(conversation_id))}
        here = order.get(near, 0)
        self.places = places
        self.current = next((n for n, (one, _n) in enumerate(places) if order.get(one, 0) >= here), 0) if places else -1

    def step(self, by: int) -> None:
        """To the next place, or the one before; from the last one to the first."""
        if self.places:
            self.current = (self.current + by) % len(self.places)
