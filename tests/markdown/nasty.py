"""Texts that nobody means well with: the same for the same number."""

from __future__ import annotations

import random
import unicodedata
from typing import TYPE_CHECKING

from tests.markdown.texts import LINE_ENDS, STARTS, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 120
"""Times that a mark is repeated, at the most."""

LONG = 1_000_000
"""Characters of a line that has no end."""

EVERY = 1000
"""One input of so many is such a line."""

_MARKS = r"""
* ** *** _ __ ~~ ` `` ``` ~~~~ [ ![ [a]( [a](< [^ < <!-- <a <script> <http:// http:// &# & \ ( | |a |-| # --- ===
$ $$ $\frac{ $$\sqrt \( \[ \left( \begin{matrix} \text{ \input{/etc/passwd}$ ^{ _{
![a](file:///etc/passwd) ![](http://127.0.0.1:9/a.png) <img/src=http://127.0.0.1:9/b.png> [a](javascript:b)
file:///etc/passwd //a.example data:text/html,a
"""
_WITH_BLANKS = [
    "    ",
    "\t",
    "> ",
    "- ",
    "1. ",
    "999999999) ",
    "- [ ] ",
    "+ ",
    "[a]: ",
    "[^a]: ",
    "> - ",
    "- > ",
    '[a](b "',
]
OPENERS = [*_MARKS.split(), *_WITH_BLANKS]

CONTROLS = [
    *map(chr, range(32)),
    *"\x7f\x85\xad\u061c\u200b\u200d\u200e\u202e\u2028\u2029\u2066\ufdd0\ufeff\ufff9\ufffc\uffff",
    *"\ud800\udbff\udc00\udfff\U000e0001\U0010ffff",
]


def nasty(number: int) -> list[str]:
    """Input `number`, in the pieces it arrives in."""
    chance = random.Random(number)
    if number % EVERY == EVERY - 1:
        return _cut(_line(chance, number // EVERY), chance, LONG // 2)
    kind: Callable[[random.Random], str] = chance.choice([_soup, _unclosed, _repeated, _deep, _controls, _anything])
    text = kind(chance)
    return _cut(text, chance, len(text))


def _cut(text: str, chance: random.Random, most: int) -> list[str]:
    pieces = []
    while text:
        length = chance.randint(1, most)
        pieces.append(text[:length])
        text = text[length:]
    return pieces


def _soup(chance: random.Random) -> str:
    def line() -> str:
        return "".join([*chance.choices(STARTS, k=2), *chance.choices(WORDS, k=3), chance.choice(LINE_ENDS)])

    return "".join(line() for _ in range(chance.randint(1, 12)))


def _unclosed(chance: random.Random) -> str:
    return "".join(chance.choice(OPENERS) + chance.choice(["", "a", " ", "\n"]) for _ in range(chance.randint(1, 40)))


def _repeated(chance: random.Random) -> str:
    mark = "".join(chance.choices([*OPENERS, *WORDS, "\n"], k=chance.randint(1, 2)))
    return mark * chance.randint(1, MANY)


def _deep(chance: random.Random) -> str:
    """Each line a level deeper than the one above it, or all of them in one."""
    marks = chance.choices(["> ", "- ", "1. ", "* ", ">", "  ", "\t", "[^a]: "], k=3)
    levels = chance.randint(1, 50)
    if chance.random() < 0.5:
        return "".join(marks) * levels + "end"
    return "".join(f"{chance.choice(marks) * level}a\n" for level in range(levels))


def _controls(chance: random.Random) -> str:
    return "".join(chance.choice([*CONTROLS, "a", "*", "`", "\n"]) for _ in range(chance.randint(1, 120)))


def _anything(chance: random.Random) -> str:
    """Any characters, and marks that many of them are combined with."""
    marks = [mark for mark in map(chr, range(0x300, 0x370)) if unicodedata.combining(mark)]
    parts = (chr(chance.randrange(0x110000)) + chance.choice(marks) * chance.randrange(5) for _ in range(60))
    return "".join(parts)


def _line(chance: random.Random, number: int) -> str:
    lines = ["a", "日", "ab ", "\ud83d", "> ", "#", "= ", "x" * 80 + " ", " ", "\u0301"]
    return (lines[number % len(lines)] * LONG)[:LONG]
