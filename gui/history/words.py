"""Text as words that can be found: how it is indexed, and how what a person types asks for it. No SQL.

SQLite's tokeniser takes a run of Chinese, Japanese or Korean letters for one word. Here each of them becomes a word of
its own, and some of them in a row are asked for as a phrase: then any part of such a text is found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
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
    r"(?P<bare>[a-z]+):(?=\s|$)"
    r'|(?P<without>-)?(?:(?P<filter>[a-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)

FROM = {"me": "user", "model": "assistant"}
"""What stands behind from: and whose messages it means."""

ARCHIVE = "archive"
"""What stands behind in: and is no folder."""

SHORTEST_PREFIX = 2
"""Letters. What begins with one letter alone is a large part of everything, and takes as long to find."""


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
class Query:
    """What is looked for. `terms` are all to be there, `without` none of them: words or phrases, as they were typed.

    `unfinished`: the last term is still being typed, and stands for all words that begin with it. `role` is
    conversation.Role's, `model` a part of its name, `folder` the name of one or how it begins, `before` and `after`
    milliseconds since the epoch: said before the day, said on it or later.
    """

    terms: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    unfinished: bool = False
    role: str = ""
    model: str = ""
    before: int | None = None
    after: int | None = None
    pinned: bool = False
    archived: bool = False
    folder: str = ""

    @property
    def expression(self) -> str:
        """For FTS5's MATCH; "" where there is no word to look for."""
        wanted = [_phrase(term) for term in self.terms]
        if wanted and self.unfinished and not is_alone(self.terms[-1][-1]):
            wanted[-1] += " *"
        unwanted = "".join(f" NOT {_phrase(term)}" for term in self.without)
        return f"({' AND '.join(wanted)}){unwanted}" if wanted else ""

    @property
    def values(self) -> dict[str, str | int | None]:
        """For SQL, by name."""
        names = ("expression", "role", "model", "before", "after", "pinned", "archived", "folder")
        return {name: getattr(self, name) for name in names}


def parse(typed: str) -> Query:
    """`words "a phrase" -without from:me model:name before:2026-01-31 after:2026-01-01 pinned: in:folder in:archive`

    What is no filter, or no value that its filter can have, is a word.
    """
    query = Query()
    terms: list[str] = []
    without: list[str] = []
    unfinished = False
    for found in _TERM.finditer(typed):
        name, value = found["filter"] or found["bare"] or "", found["phrase"] or found["word"] or ""
        filtered = _filter(query, name, value) if name else None
        if filtered is not None:
            query = filtered
            continue
        term = f"{name}:{value}" if found["filter"] else value
        if not any(map(str.isalnum, term)):
            continue
        (without if found["without"] else terms).append(term)
        unfinished = (
            found["word"] is not None
            and not found["without"]
            and found.end() == len(typed)
            and len(term) >= SHORTEST_PREFIX
            and term[-1].isalnum()
        )
    return replace(query, terms=tuple(terms), without=tuple(without), unfinished=unfinished)


def _filter(query: Query, name: str, value: str) -> Query | None:
    """`query` narrowed; None if this is no filter."""
    wanted = value.casefold()
    changes: dict[str, Any] = {}
    match name:
        case "from" if wanted in FROM:
            changes["role"] = FROM[wanted]
        case "model" if wanted:
            changes["model"] = wanted
        case "in" if wanted == ARCHIVE:
            changes["archived"] = True
        case "in" if wanted:
            changes["folder"] = value
        case "pinned" if wanted in {"", "yes"}:
            changes["pinned"] = True
        case "before" | "after" if (moment := _day(value)) is not None:
            changes[name] = moment
    return replace(query, **changes) if changes else None


def _day(text: str) -> int | None:
    """The beginning of a day in this place, in milliseconds since the epoch. A month or a year is its first day."""
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return round(datetime.strptime(text, form).astimezone().timestamp() * 1000)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _phrase(term: str) -> str:
    return '"' + indexed(term).replace('"', '""') + '"'
