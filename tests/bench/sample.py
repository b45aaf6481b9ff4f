"""Text to measure with."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SECTION = '''## Part {number}: how a reply is drawn

A window that shows **{number} replies** as they are written has to keep up with the network, and it has to leave the
reader alone. Read the [documentation](https://doc.qt.io/qt-6/qtextcursor.html) of `QTextCursor` first; then *measure*.

- text arrives in pieces of about four characters
- it is drawn once a frame, with `insertText`
  - a nested point with **weight**
- what stands is not touched again, so a selection survives

1. Collect what arrives.
2. Draw it when the frame is due.

```python
async def show_{number}(reply: AsyncIterator[str], transcript: Transcript) -> int:
    """Draw a reply, and count what was drawn."""
    pending: list[str] = []  # joined once a frame
    drawn = 0
    async for token in reply:
        pending.append(token)
        if transcript.frame_due() and len(pending) > {number}:
            text = "".join(pending)
            transcript.append(text)
            drawn += len(text)
            pending.clear()
    return drawn
```

| tokens a frame | CPU | note |
| ---: | :---: | --- |
| 1 | 1.05 s | `insertText` for each |
| 16 | 0.26 s | **joined** |

> Measure before you believe it: a scroll bar may cost more than the text beside it, and nobody would have guessed.

Съешь же ещё этих мягких французских булок, да выпей чаю; and so the cost stays linear, whatever is written. Emoji 🌸
count as two units, ~~one~~ as many know, and 日本語 stands beside them without any trouble at all.

'''


def mixed_markdown(length: int) -> str:
    """`length` characters of prose, lists, code, tables and quotes, the same each time."""
    parts: list[str] = []
    total = 0
    for number in count(1):
        parts.append(SECTION.replace("{number}", str(number)))
        total += len(parts[-1])
        if total >= length:
            break
    return "".join(parts)[:length]


def fence(length: int) -> str:
    """One fence of Python."""
    return "```python\n" + _repeated("value_{n} = compute({n}, 'text')  # line {n}\n", length)


def bullets(length: int) -> str:
    """One list."""
    return _repeated("- item number {n} with **some** text in it\n", length)


def table(length: int) -> str:
    """One table of three columns."""
    return "| a | b | c |\n|---|---|--:|\n" + _repeated("| row {n} | some *text* here | {n} |\n", length)


def paragraph(length: int) -> str:
    """One paragraph."""
    return _repeated("Words that go on in one paragraph, the {n}th time without an end. ", length)


def inside(block: str, first: str, others: str) -> str:
    """`block` in a list item or a quote, whose lines begin so."""
    return first + block.replace("\n", f"\n{others}")


def points(length: int) -> str:
    """Short paragraphs, and points with points below them."""
    return _repeated("A paragraph, the {n}th.\n\n- a point of it\n  - with one below\n\n", length)


def _repeated(line: str, length: int) -> str:
    return "".join(line.replace("{n}", str(number)) for number in range(length // 20))[:length]


SAMPLES: dict[str, Callable[[int], str]] = {
    "mixed": mixed_markdown,
    "fence": fence,
    "list": bullets,
    "table": table,
    "paragraph": paragraph,
    "fence in an item": lambda length: inside(fence(length), "1. ", "   "),
    "table in an item": lambda length: inside(table(length), "1. ", "   "),
    "points in an item": lambda length: inside(points(length), "1. ", "   "),
    "fence in a quote": lambda length: inside(fence(length), "> ", "> "),
    "table in a quote": lambda length: inside(table(length), "> ", "> "),
}
"""At least `length` characters of each."""
