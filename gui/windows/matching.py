"""How well a name fits what is typed of it: whole words, their beginnings, or letters of it in order."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.history.search import Snippet

BEGINNING, WITHIN, SCATTERED = 3.0, 2.0, 1.0
AT_START = 0.5  # more for the beginning of the whole name
LENGTH = 0.004  # less for each letter of the name: of two that fit alike, the shorter is meant
GAP = 0.05  # less for each letter that is skipped
NEAR = 0.6  # of the name's letters that have to fit where they are scattered, or else it is chance


class Match(NamedTuple):
    """`score`: more is better; `letters`: the places that fit, in order."""

    score: float
    letters: Sequence[int]


def match(typed: str, name: str) -> Match | None:
    """None if a word of `typed` is not in `name` in any way. What is typed may be in any case and order of words."""
    folded = _folded(name)
    score, letters = -LENGTH * len(name), set[int]()
    for word in _folded(typed).split():
        found = _find(word, folded)
        if found is None:
            return None
        score += found.score
        letters.update(found.letters)
    return Match(score, sorted(letters))


def pieces(name: str, letters: Sequence[int]) -> Snippet:
    """`name` in parts, each with whether it is among those letters."""
    found = set(letters)
    parts: list[tuple[str, bool]] = []
    for place, letter in enumerate(name):
        fits = place in found
        if parts and parts[-1][1] is fits:
            parts[-1] = (parts[-1][0] + letter, fits)
        else:
            parts.append((letter, fits))
    return tuple(parts)


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    """Without cases, each letter in its place."""
    return "".join(letter.casefold() if len(letter.casefold()) == 1 else letter for letter in text)


def _find(word: str, name: str) -> Match | None:
    place = name.find(word)
    if place < 0:
        return _scattered(word, name)
    first = place
    while place >= 0:
        if place == 0 or not name[place - 1].isalnum():
            start = AT_START if place == 0 else 0
            return Match(BEGINNING + start, range(place, place + len(word)))
        place = name.find(word, place + 1)
    return Match(WITHIN, range(first, first + len(word)))


def _scattered(word: str, name: str) -> Match | None:
    """The letters of `word` in order, the first at the beginning of a word."""
    best: Match | None = None
    for start, letter in enumerate(name):
        if letter != word[0] or (start and name[start - 1].isalnum()):
            continue
        letters = [start]
        for wanted in word[1:]:
            place = name.find(wanted, letters[-1] + 1)
            if place < 0:
                return best  # nor will it be found from any later beginning
            letters.append(place)
        begun = sum(not place or not name[place - 1].isalnum() for place in letters)
        span = letters[-1] - start + 1
        if begun < len(word) and len(word) < NEAR * span:
            continue
        score = SCATTERED - GAP * (span - len(word) - begun)
        if best is None or score > best.score:
            best = Match(score, letters)
    return best
