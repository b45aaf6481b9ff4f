"""Text as words that can be found: how it is indexed, and how what a person types asks for it. No SQL.

SQLite's tokeniser takes a run of Chinese, Japanese or Korean letters for one word. Here each of them becomes a word of
its own, and some of them in a row are asked for as a phrase: then any part of such a text is found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# Han, kana, bopomofo, Hangul and what belongs to them; Thai, Lao, Burmese and Khmer, which write no spaces either.
_ALONE = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u30ff"
    "\u3100-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f"
    "\U00016fe0-\U00018cff\U0001b000-\U0001b16f\U00020000-\U000323af]"
)

_TERM = re.compile(
    r"(?P<without>-)?(?:(?P<bare>[A-Za-z]+):(?=\s|$)"
    r'|(?:(?P<filter>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)))'
)

_UNSAID = re.compile("[\0\ud800-\udfff]")
"""What no query can hold."""

FROM = {"me": "user", "model": "assistant"}
"""What stands behind from: and whose messages it means."""

FILTERS = frozenset({"from", "model", "in", "before", "after", "pinned"})

OPPOSITES = {"user": "assistant", "assistant": "user"}

ARCHIVE = "archive"
"""What stands behind in: and is no folder."""

SHORTEST_PREFIX = 2
"""Letters. What begins with one letter alone is a large part of everything, and takes as long to find."""


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code).isalnum()}
"""Letters and digits as wide as a Chinese one."""

_LIGATURES = (("ffi", "\ufb03"), ("ffl", "\ufb04"), ("ff", "\ufb00"), ("fi", "\ufb01"), ("fl", "\ufb02"))
"""One letter for some, which is what comes out of many a PDF."""

LONGEST_WORD = 40
"""Letters. What is longer is looked for as it was typed alone."""


def indexed(text: str) -> str:
    """`text` as the index gets it."""
    return _ALONE.sub(r" \g<0> ", text)


def indexed_message(text: str, names: Iterable[str]) -> str:
    """A message as the index gets it: what was said, and what the files are called that came along."""
    return indexed("\n".join((text, *names)))


def sortable(title: str) -> str:
    """What the order of titles goes by: the case of letters does not count, their accents come last."""
    return unicodedata.normalize("NFKD", title).casefold()


def is_alone(letter: str) -> bool:
    """Whether it is a word of its own."""
    return _ALONE.match(letter) is not None


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase, as it was typed. `begins`: it stands for all that begin with it."""

    text: str
    begins: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """What was typed, and how else the same may have been written: wide, in one letter or in its parts, ё for е."""
        text = self.text
        forms = [text]
        if len(text) <= LONGEST_WORD:
            narrow = unicodedata.normalize("NFKC", text)
            forms += [narrow, narrow.translate(_WIDE), _joined(narrow), *_with_yo(narrow)]
            if _ALONE.search(narrow):
                forms.append(unicodedata.normalize("NFD", narrow))
        return tuple(dict.fromkeys(forms))

    @property
    def expression(self) -> str:
        """For FTS5's MATCH."""
        phrases = [_phrase(form, begins=self.begins) for form in self.forms]
        return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `terms` are all to be there, `without` none of them.

    `role` is conversation.Role's, `model` a part of its name, `folder` the name of one or how it begins, `before` and
    `after` milliseconds since the epoch: said before the day, said on it or later. `pinned` and `archived`: None where
    it does not matter. `other_model` and `other_folder` are what it may not be.
    """

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    role: str = ""
    model: str = ""
    other_model: str = ""
    before: int | None = None
    after: int | None = None
    pinned: bool | None = None
    archived: bool | None = None
    folder: str = ""
    other_folder: str = ""

    @property
    def expression(self) -> str:
        """For FTS5's MATCH; "" where there is no word to look for."""
        if not self.terms:
            return ""
        wanted = " AND ".join(term.expression for term in self.terms)
        unwanted = " OR ".join(term.expression for term in self.without)
        return f"({wanted}) NOT ({unwanted})" if unwanted else f"({wanted})"

    @property
    def values(self) -> dict[str, str | int | None]:
        """For SQL, by name."""
        names = [field.name for field in fields(self) if field.name not in {"terms", "without"}]
        return {name: getattr(self, name) for name in ("expression", *names)}


def parse(typed: str) -> Query:
    """`words "a phrase" begin* -without from:me model:name before:2026-01-31 after:2026-01-01 pinned: in:folder
    in:archive`

    What is no filter, or no value that its filter can have, is a word; a filter without its value is still being
    typed. A - before a filter turns it round. The last word is still being typed too: it stands for how a word begins.
    """
    typed = _UNSAID.sub(" ", typed)
    query = Query()
    terms: list[Term] = []
    without: list[Term] = []
    for found in _TERM.finditer(typed):
        name, value = found["filter"] or found["bare"] or "", found["phrase"] or found["word"] or ""
        filtered = _filter(query, name.lower(), value, wanted=not found["without"]) if name else None
        if filtered is not None:
            query = filtered
            continue
        if found["bare"] and name.lower() in FILTERS:
            continue
        text = f"{name}:{value}" if name else value
        if any(map(str.isalnum, text)):
            ends = found.end() == len(typed) and text[-1].isalnum() and not found["without"]
            begins = found["word"] is not None and (text.endswith("*") or ends)
            text = text.rstrip("*") if begins else text
            begins = begins and len(text) >= SHORTEST_PREFIX and text[-1].isalnum()
            (without if found["without"] else terms).append(Term(text, begins))
    return replace(query, terms=tuple(dict.fromkeys(terms)), without=tuple(dict.fromkeys(without)))


def _filter(query: Query, name: str, value: str, *, wanted: bool) -> Query | None:
    """`query` narrowed to what is so, or if that is not `wanted`, to what is not; None if this is no filter."""
    folded = value.casefold()
    changes: dict[str, Any] = {}
    match name:
        case "from" if folded in FROM:
            changes["role"] = FROM[folded] if wanted else OPPOSITES[FROM[folded]]
        case "model" if folded:
            changes["model" if wanted else "other_model"] = folded
        case "in" if folded == ARCHIVE:
            changes["archived"] = wanted
        case "in" if folded:
            changes["folder" if wanted else "other_folder"] = value
        case "pinned" if folded in {"", "yes", "no"}:
            changes["pinned"] = wanted != (folded == "no")
        case "before" | "after" if (moment := _day(value)) is not None:
            changes[name if wanted else "after" if name == "before" else "before"] = moment
    return replace(query, **changes) if changes else None


def _day(text: str) -> int | None:
    """The beginning of a day in this place, in milliseconds since the epoch. A month or a year is its first day."""
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return round(datetime.strptime(text, form).astimezone().timestamp() * 1000)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _phrase(term: str, *, begins: bool) -> str:
    quoted = '"' + indexed(term).replace('"', '""') + '"'
    return f"{quoted} *" if begins and not is_alone(term[-1]) else quoted


def _joined(term: str) -> str:
    for letters, one in _LIGATURES:
        term = term.replace(letters, one)
    return term


def _with_yo(term: str) -> list[str]:
    """Who writes Russian may leave the dots out: no word has more than one ё, and any е may be it."""
    plain = term.replace("ё", "е").replace("Ё", "Е")
    places = [place for place, letter in enumerate(plain) if letter in "еЕ"]
    return [plain, *(f"{plain[:place]}ё{plain[place + 1 :]}" for place in places)]
