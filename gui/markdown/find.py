"""Finding words in what is drawn of a text. Case does not count, in any script. No Qt."""

from __future__ import annotations

import re
from html import unescape

from gui.markdown.plain import drawn_lines

# The letters i of Turkish, which are one letter to whoever looks for it; and blanks of every kind.
_ALIKE = str.maketrans("İı\t\u00a0\u202f\u2028", "ii    ")
_MARKS = str.maketrans("", "", "*_~`\\[]^<>")  # of Markdown, which may stand inside of a word
_LINK_ENDS = re.compile(r"\][(\[]")
_END = "\0"  # stands for that: in a text it is drawn as another character
_NUMBERED = re.compile(r"^[\s>]*\d+[.)]", re.MULTILINE)


def fold(text: str) -> str:
    """`text` as it is compared: two texts that differ in case alone are the same."""
    return text.translate(_ALIKE).casefold()


def occurrences(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where `wanted`, which is folded, stands in `text`: from and to, one after the other."""
    folded = fold(text)
    begin = folded.find(wanted)
    if begin < 0 or not wanted:
        return []
    # Some letters are more than one when they are folded: ß is ss.
    places = range(len(text)) if len(folded) == len(text) else [n for n, one in enumerate(text) for _ in fold(one)]
    found = []
    while begin >= 0:
        end = begin + len(wanted)
        found.append((places[begin], places[end - 1] + 1))
        begin = folded.find(wanted, end)
    return found


class Findable:
    """A text of a message in which words are counted, again and again. What takes its time is done once, if at all."""

    def __init__(self, text: str, *, markdown: bool) -> None:
        self._source = text
        self._drawn: str | None = None if markdown else fold(text)
        self._rough: tuple[str, ...] = ()

    def count(self, wanted: str) -> int:
        """How often `wanted`, which is folded, stands in what is drawn."""
        if self._drawn is None:
            if not self._may_hold(wanted):
                return 0
            self._drawn = fold("\n".join(drawn_lines(self._source)))
            self._source, self._rough = "", ()
        return self._drawn.count(wanted)

    def _may_hold(self, wanted: str) -> bool:
        """False if what is drawn cannot hold it: to know that, no Markdown has to be parsed."""
        if not self._rough:
            texts = {self._source, unescape(self._source)}  # in code an entity stays what it is
            self._rough = tuple(_LINK_ENDS.sub(_END, fold(text)).translate(_MARKS) for text in texts)
        return all(
            any(word in rough for rough in self._rough)
            or (word.isdecimal() and _NUMBERED.search(self._source))
            or self._is_cut_by_a_link(word)
            for word in re.findall(r"[^\W_]+", wanted)
        )

    def _is_cut_by_a_link(self, word: str) -> bool:
        """Whether the text of a link may end inside of `word`: behind it stands in Markdown where it leads."""
        ends = [word[:length] + _END for length in range(1, len(word))]
        return any(_END in rough and end in rough for rough in self._rough for end in ends)
