"""Search over every message of every branch, and every title."""

from __future__ import annotations

import asyncio
import math
import re
import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gui.conversation import Role, now
from gui.history.database import DamagedRow, connect_for_reading, errors_told, identity_of
from gui.history.words import Query, is_alone, parse
from gui.history.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

NEWEST = 200
"""Messages that are looked at for the order of what is shown: the newest ones in which the words are."""

SNIPPET = 160  # characters
BEFORE = 40  # of them before what was found
YEAR = 365 * 86_400_000  # ms
TITLE_WEIGHT = 4.0
"""What a word in a title counts, where one in a message counts 1 at the most."""

BORDER = (r"\b", "")  # of a word; of a letter that is a word of its own

_MARKS = re.compile(r"[*`#|~]+|^ *>|\|?-{3,}", re.MULTILINE)  # of Markdown, which say nothing in one line

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
                return hits(self._connection, query, limit)
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


def hits(connection: sqlite3.Connection, query: Query, limit: int) -> list[Hit]:
    """At most `limit`, titles and messages together, the best first."""
    rated = [*_titles(connection, query), *_messages(connection, query)]
    return [hit for _rate, hit in sorted(rated, key=lambda one: one[0], reverse=True)[:limit]]


_TITLES = f"""
SELECT id, conversation.title, updated_at FROM title_words JOIN conversation ON number = title_words.rowid
WHERE title_words MATCH :expression AND deleted_at IS NULL AND (NOT :pinned OR pinned)
    AND (:before IS NULL OR updated_at < :before) AND (:after IS NULL OR updated_at >= :after)
ORDER BY title_words.rowid DESC LIMIT {NEWEST}
"""  # noqa: S608 -- a number of ours

_FOUND = f"""
    conversation.deleted_at IS NULL AND (NOT :pinned OR conversation.pinned)
    AND (:before IS NULL OR message.created_at < :before) AND (:after IS NULL OR message.created_at >= :after)
    AND (:role = '' OR message.role = :role) AND (:model = '' OR instr(lower(message.model), :model))
ORDER BY message.number DESC LIMIT {NEWEST}
"""

_COLUMNS = """
SELECT message.id, message.role, message.text, message.created_at, conversation.id AS conversation_id,
    conversation.title
"""

_MESSAGES = f"""{_COLUMNS}
FROM message_words JOIN message ON message.number = message_words.rowid
    JOIN conversation ON conversation.id = message.conversation_id
WHERE message_words MATCH :expression AND {_FOUND.replace("message.number", "message_words.rowid")}
"""

_FILTERED = f"{_COLUMNS} FROM message JOIN conversation ON conversation.id = message.conversation_id WHERE {_FOUND}"


def _titles(connection: sqlite3.Connection, query: Query) -> Iterator[tuple[float, Hit]]:
    if not query.expression or query.role or query.model:
        return
    looked_for = _pattern(query)
    for row in connection.execute(_TITLES, query.values):
        snippet = _marked(row["title"], looked_for)
        rate = TITLE_WEIGHT * _relevance(row["title"], looked_for) * _recency(row["updated_at"])
        yield rate, Hit(row["id"], row["title"], "", "", row["updated_at"], snippet)


def _messages(connection: sqlite3.Connection, query: Query) -> Iterator[tuple[float, Hit]]:
    if not query.expression and query == Query(without=query.without):
        return  # nothing is looked for
    looked_for = _pattern(query)
    for row in connection.execute(_MESSAGES if query.expression else _FILTERED, query.values):
        rate = _relevance(row["text"], looked_for) * _recency(row["created_at"])
        snippet = _marked(_excerpt(row["text"], looked_for), looked_for)
        role = Role(row["role"])
        yield rate, Hit(row["conversation_id"], row["title"], row["id"], role, row["created_at"], snippet)


def _pattern(query: Query) -> re.Pattern[str] | None:
    """Finds again in a text what the index found: words and phrases, with anything between their words."""
    terms = []
    for number, term in enumerate(query.terms, start=1):
        words = r"[\W_]*".join(re.escape(word) for word in re.findall(r"[^\W_]+", term))
        begin, end = (
            BORDER[1] if is_alone(term[place]) or not term[place].isalnum() else BORDER[0] for place in (0, -1)
        )
        goes_on = query.unfinished and number == len(query.terms)
        terms.append(f"{begin}{words}{'' if goes_on else end}")
    return re.compile("|".join(sorted(terms, key=len, reverse=True)), re.IGNORECASE) if terms else None


def _relevance(text: str, looked_for: re.Pattern[str] | None) -> float:
    """0 to 1: how much of a text is what was looked for, and how early it comes."""
    if looked_for is None:
        return 1.0
    places = [found.start() for found in looked_for.finditer(text)]
    if not places:  # the index knows letters without their accents
        return 0.1
    return min(1.0, math.log1p(len(places)) / math.log2(4 + len(text) / 50)) / (1 + places[0] / 5000)


def _recency(moment: int) -> float:
    """1 for now, half of that after a year."""
    return 1 / (1 + max(now() - moment, 0) / YEAR)


def _excerpt(text: str, looked_for: re.Pattern[str] | None) -> str:
    """The part of a text around what was found first, in one line."""
    found = looked_for.search(text) if looked_for else None
    begin = max(found.start() - BEFORE, 0) if found else 0
    if begin:
        begin = text.find(" ", begin, begin + BEFORE) + 1 or begin
    end = begin + SNIPPET
    line = " ".join(_MARKS.sub("", text[begin:end]).split())
    return f"{'…' if begin else ''}{line}{'…' if end < len(text) else ''}"


def _marked(text: str, looked_for: re.Pattern[str] | None) -> Snippet:
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in looked_for.finditer(text) if looked_for else ():
        pieces += [(text[end : found.start()], False), (found[0], True)]
        end = found.end()
    return tuple(piece for piece in (*pieces, (text[end:], False)) if piece[0])
