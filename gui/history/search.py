"""Search over every message of every branch, and every title."""

from __future__ import annotations

import asyncio
import json
import math
import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gui.conversation import now
from gui.history import folders
from gui.history.database import DamagedRow, connect_for_reading, errors_told, identity_of
from gui.history.words import Query, is_alone, parse, sortable
from gui.history.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

NEWEST = 200
"""Messages that are looked at for the order of what is shown: the newest ones in which the words are. Of titles too."""

SNIPPET = 160  # characters
BEFORE = 40  # of them before what was found
YEAR = 365 * 86_400_000  # ms
TITLE_WEIGHT = 4.0
"""What a word in a title counts, where one in a message counts 1 at the most."""

BEGIN, END = r"(?<![^\W_])", r"(?![^\W_])"  # of a word, as the index takes it: without "_"

# Latin letters with accents, which the index leaves out.
_BASES = {
    code: parts[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if len(parts := unicodedata.normalize("NFD", chr(code))) > 1
}
_WORDS = re.compile(r"[^\W_]+")
# Of Markdown, which say nothing in one line; C#, ~/notes and 2 * 3 are none.
_MARKS = re.compile(
    r"[*~]{2,}|`+|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)|^ {0,3}#+(?= )|^ *>|^ *\||(?<= )\|(?= )|\|? *$|\|?-{3,}", re.MULTILINE
)

Snippet = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """`message_id` is "" where the title of the conversation was found. Of the pieces of `snippet`, those that are True
    were looked for. `created_at` in milliseconds since the epoch.
    """

    conversation_id: str
    title: str
    message_id: str
    role: str
    created_at: int
    snippet: Snippet
    archived: bool = False


class Search:
    """Its own thread and its own connection: what is written does not wait for what is looked for."""

    def __init__(self, file: Path, patience: float) -> None:
        self._file = file
        self._patience = patience
        self._worker = Worker("search")
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._latest = 0
        self._closing: Future[None] | None = None

    async def find(self, typed: str, limit: int) -> list[Hit]:
        """What `words.parse` makes of `typed`, the best first. A search that is under way is ended, and finds nothing.

        Raises HistoryError.
        """
        self._latest += 1
        self._interrupt()
        future = self._worker.submit(partial(self._find, self._latest, parse(typed), limit))
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self._interrupt()
            raise

    async def close(self) -> None:
        """A second call waits for the first."""
        self._latest += 1
        self._interrupt()
        if self._closing is None:
            self._closing = self._worker.submit(self._close)
            self._worker.end()
        await asyncio.wrap_future(self._closing)

    async def let_go(self) -> None:
        """Close the file until the next search."""
        self._interrupt()
        await asyncio.wrap_future(self._worker.submit(self._close))

    def _interrupt(self) -> None:
        if self._connection is not None:
            self._connection.interrupt()

    def _find(self, number: int, query: Query, limit: int) -> list[Hit]:
        if number != self._latest:
            return []
        with errors_told(self._file):
            identity = identity_of(self._file)
            if identity != self._identity:
                self._close()
                self._identity = identity
            if self._connection is None:
                self._connection = connect_for_reading(self._file, self._patience, one_thread=False)
            try:
                return hits(self._connection, query, limit, lambda: number == self._latest)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                    self._close()  # the file may be another one when it can be had again
                    raise
                return []
            except (TypeError, ValueError) as error:  # no text where there has to be one
                raise DamagedRow(str(error)) from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Found(NamedTuple):
    """A row of either query, in the order of its columns."""

    conversation_id: str
    title: str
    message_id: str
    role: str
    created_at: int
    archived: int
    text: str
    names: str  # of its attachments, a line each


def hits(
    connection: sqlite3.Connection, query: Query, limit: int, wanted: Callable[[], bool] = lambda: True
) -> list[Hit]:
    """At most `limit`, titles and messages together, the best first. Ends early, with nothing, if no more `wanted`."""
    values = query.values | {
        "folders": _folders(connection, query.folder),
        "other_folders": _folders(connection, query.other_folder),
    }
    words = _wanted_words(query)
    moment = now()
    rated: list[tuple[float, _Found]] = []
    for weight, statement in ((TITLE_WEIGHT, _titles(query)), (1.0, _messages(query))):
        if not wanted():
            return []
        there = _found(connection, statement, values) if statement else ()
        rated += [
            (weight * _relevance(f"{one.names}\n{one.text}", words) * _recency(moment - one.created_at), one)
            for one in there
        ]
    best = sorted(rated, key=lambda one: one[0], reverse=True)[:limit]
    looked_for = _pattern(query)
    return [_hit(found, looked_for) for _rate, found in best]


def _found(connection: sqlite3.Connection, statement: str, values: Mapping[str, object]) -> Iterator[_Found]:
    # In one row: at each, this thread would give the interpreter away, and wait for the one that draws to have it back.
    whole = f"SELECT {_AS_JSON} FROM ({statement})"  # noqa: S608 -- ours
    try:
        (rows,) = connection.execute(whole, values).fetchone()
    except sqlite3.OperationalError as error:
        if "BLOB" not in str(error):
            raise
        raise DamagedRow(str(error)) from error  # no text where there has to be one
    return map(_Found._make, json.loads(rows))


def _hit(found: _Found, looked_for: re.Pattern[str] | None) -> Hit:
    line = " ".join(found.text.split())
    if found.message_id:
        names = [name for name in found.names.split("\n") if looked_for and looked_for.search(_plain(name))]
        line = " · ".join(filter(None, (*names, _excerpt(found.text, looked_for))))
    snippet = _marked(line, looked_for)
    return Hit(
        found.conversation_id,
        found.title,
        found.message_id,
        found.role,
        found.created_at,
        snippet,
        bool(found.archived),
    )


def _folders(connection: sqlite3.Connection, name: str) -> str:
    """JSON: the ids of the folders of this name, or if there is none, of those whose names begin with it."""
    if not name:
        return "[]"
    there = {row["id"]: sortable(row["name"]) for row in connection.execute(folders.ALL).fetchall()}
    exactly = [one for one, called in there.items() if called == sortable(name)]
    return json.dumps(exactly or [one for one, called in there.items() if called.startswith(sortable(name))])


_AS_JSON = f"json_group_array(json_array({', '.join(_Found._fields)}))"

_PLACE = """conversation.deleted_at IS NULL AND (:pinned IS NULL OR conversation.pinned = :pinned)
    AND (:archived IS NULL OR conversation.archived = :archived) AND (:other_folder = '' OR folder_id IS NULL
        OR folder_id NOT IN (SELECT value FROM json_each(:other_folders)))"""

_INSIDE = "folder_id IN (SELECT value FROM json_each(:folders))"

_TITLES = f"""
SELECT id AS conversation_id, conversation.title, '' AS message_id, '' AS role, updated_at AS created_at, archived,
    conversation.title AS text, '' AS names
FROM title_words JOIN conversation ON number = title_words.rowid
WHERE title_words MATCH :expression AND {_PLACE} AND (:folder = '' OR {_INSIDE})
    AND (:before IS NULL OR updated_at < :before) AND (:after IS NULL OR updated_at >= :after)
ORDER BY title_words.rowid DESC LIMIT {NEWEST}
"""  # noqa: S608 -- parts and a number of ours

_COLUMNS = """
SELECT conversation.id AS conversation_id, conversation.title, message.id AS message_id, message.role,
    message.created_at, conversation.archived, message.text,
    coalesce((SELECT group_concat(name, char(10)) FROM attachment WHERE message_id = message.id), '') AS names
"""

_FOUND = f"""
    {_PLACE} AND (:before IS NULL OR message.created_at < :before) AND (:after IS NULL OR message.created_at >= :after)
    AND (:role = '' OR message.role = :role) AND (:model = '' OR instr(lower(message.model), :model))
    AND (:other_model = '' OR NOT instr(lower(message.model), :other_model))
ORDER BY message.number DESC LIMIT {NEWEST}
"""

# What is in the folder is known before what is in the messages is read: most of them may be elsewhere.
_MESSAGES = f"""{_COLUMNS}
FROM message_words JOIN message ON message.number = message_words.rowid
    JOIN conversation ON conversation.id = message.conversation_id
WHERE message_words MATCH :expression AND (:folder = '' OR message_words.rowid IN (
        SELECT number FROM message WHERE conversation_id IN (SELECT id FROM conversation WHERE {_INSIDE})))
    AND {_FOUND.replace("message.number", "message_words.rowid")}
"""  # noqa: S608

_FILTERED = f"""{_COLUMNS} FROM message JOIN conversation ON conversation.id = message.conversation_id
WHERE (:folder = '' OR {_INSIDE}) AND {_FOUND}
"""


def _titles(query: Query) -> str:
    of_messages = query.role or query.model or query.other_model
    return _TITLES if query.expression and not of_messages else ""


def _messages(query: Query) -> str:
    """The statement that finds them; "" if nothing is looked for."""
    if query.expression:
        return _MESSAGES
    return "" if query == Query(without=query.without) else _FILTERED


def _pattern(query: Query) -> re.Pattern[str] | None:
    """Finds again in a text, or in a `_plain` one, what the index found: words and phrases, with anything between
    their words.
    """
    forms = []
    for term in query.terms:
        for text in dict.fromkeys(map(_plain, term.forms)):
            words = r"[\W_]*".join(re.escape(word) for word in _WORDS.findall(text))
            begin, end = (
                "" if is_alone(text[place]) or not text[place].isalnum() else border
                for place, border in ((0, BEGIN), (-1, END))
            )
            forms.append(f"{begin}{words}{'' if term.begins else end}")
    return re.compile("|".join(sorted(forms, key=len, reverse=True)), re.IGNORECASE) if forms else None


def _plain(text: str) -> str:
    """`text` in which each letter is one, without its accent, as the index knows it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_BASES)


def _wanted_words(query: Query) -> tuple[str, ...]:
    """The longest word of each term, in small letters."""
    texts = [term.text for term in query.terms]
    return tuple(max(_WORDS.findall(text), key=len, default=text).lower() for text in texts)


def _relevance(text: str, words: Sequence[str]) -> float:
    """0 to 1: how much of a text is what was looked for, and how early it comes."""
    if not words:
        return 1.0
    # Not by a pattern: that takes ten times as long, and there are hundreds of texts at each key.
    small = text.lower()
    count = sum(map(small.count, words))
    if not count:  # the index knows letters without their accents
        return 0.1
    first = min(place for place in map(small.find, words) if place >= 0)
    return min(1.0, math.log1p(count) / math.log2(4 + len(text) / 50)) / (1 + first / 5000)


def _recency(age: int) -> float:
    """1 for now, half of that after a year."""
    return 1 / (1 + max(age, 0) / YEAR)


def _excerpt(text: str, looked_for: re.Pattern[str] | None) -> str:
    """The part of a text around what was found first, in one line."""
    found = looked_for.search(text) if looked_for else None
    if looked_for and not found and not text.isascii():
        text = unicodedata.normalize("NFC", text)
        found = looked_for.search(_plain(text))
    begin = max(found.start() - BEFORE, 0) if found else 0
    if begin:
        begin = text.find(" ", begin, begin + BEFORE) + 1 or begin
    end = begin + SNIPPET
    line = " ".join(_MARKS.sub("", text[begin:end]).split())
    return f"{'…' if begin else ''}{line}{'…' if end < len(text) else ''}"


def _marked(text: str, looked_for: re.Pattern[str] | None) -> Snippet:
    pieces: list[tuple[str, bool]] = []
    end = 0
    text = unicodedata.normalize("NFC", text)
    for found in looked_for.finditer(_plain(text)) if looked_for else ():
        pieces += [(text[end : found.start()], False), (text[found.start() : found.end()], True)]
        end = found.end()
    return tuple(piece for piece in (*pieces, (text[end:], False)) if piece[0])
