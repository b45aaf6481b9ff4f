"""A JSON value that knows where it stands, so that what is wrong with it can be said."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from gui.errors import QT_TRANSLATE_NOOP, ImportMisshapen
from gui.history.rows import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

A_LIST = QT_TRANSLATE_NOOP("errors", "a list")
AN_OBJECT = QT_TRANSLATE_NOOP("errors", "an object")
A_TEXT = QT_TRANSLATE_NOOP("errors", "a text")
A_TIME = QT_TRANSLATE_NOOP("errors", "a time")
A_ROLE = QT_TRANSLATE_NOOP("errors", "a role")
A_CONVERSATION = QT_TRANSLATE_NOOP("errors", "a conversation")
A_MESSAGE = QT_TRANSLATE_NOOP("errors", "a message")
A_PARENT = QT_TRANSLATE_NOOP("errors", "a message before it that it follows")
NO_RING = QT_TRANSLATE_NOOP("errors", "a message that does not follow itself")

_NAME = re.compile(r"[^\W\d][\w-]*")
_MILLISECONDS = 1e11  # a number above is no count of seconds: that would be the year 5138
_LATEST = 1 << 47  # ms: an id has 48 bits for it


class Value:
    """`data` as `json` gives it. Every method refuses (ImportMisshapen) what has another shape than it asks for.

    null and what is not there are the same.
    """

    __slots__ = ("above", "data", "key")

    def __init__(self, data: Any, key: str | int = "", above: Value | None = None) -> None:
        self.data = data
        self.key = key
        self.above = above

    @property
    def place(self) -> str:
        """A path like [3].mapping["a b"].message."""
        above = self.above.place if self.above else ""
        return f"{above}{_step(self.key)}".removeprefix(".")

    def refuse(self, expected: str) -> NoReturn:
        raise ImportMisshapen(file="", place=self.place, expected=expected)

    def get(self, key: str) -> Value:
        """What an object holds; None in it is what it does not hold."""
        if not isinstance(self.data, dict):
            self.refuse(AN_OBJECT)
        return Value(self.data.get(key), key, self)

    def look(self, key: str) -> Value:
        """As `get` where this is an object; for what does no harm if it is missing."""
        return Value(self.data.get(key) if isinstance(self.data, dict) else None, key, self)

    def members(self) -> Iterator[tuple[str, Value]]:
        if self.data is None:
            return
        if not isinstance(self.data, dict):
            self.refuse(AN_OBJECT)
        for key, item in self.data.items():
            yield key, Value(item, key, self)

    def items(self) -> Iterator[Value]:
        if self.data is None:
            return
        if not isinstance(self.data, list):
            self.refuse(A_LIST)
        for index, item in enumerate(self.data):
            yield Value(item, index, self)

    def text(self) -> str:
        if self.data is None:
            return ""
        if not isinstance(self.data, str):
            self.refuse(A_TEXT)
        return clean(self.data)

    def name(self) -> str:
        """A text or a whole number: what programs use for ids."""
        if isinstance(self.data, int) and not isinstance(self.data, bool):
            return str(self.data)
        return self.text()

    def word(self) -> str:
        """A text; "" for whatever else there is. For what does no harm if it is missing."""
        return clean(self.data) if isinstance(self.data, str) else ""

    def each(self) -> Iterator[Value]:
        """The items of a list, if it is one."""
        return self.items() if isinstance(self.data, list) else iter(())

    def flag(self) -> bool:
        return bool(self.data)

    def count(self) -> int | None:
        """A whole number; None for whatever else there is."""
        return self.data if type(self.data) is int and 0 <= self.data < _LATEST else None

    def time(self) -> int | None:
        """Milliseconds since the epoch, of a number of seconds or milliseconds, or of ISO 8601."""
        found = self.data
        if found is None or found == "":
            return None
        if isinstance(found, str):
            try:
                moment = datetime.fromisoformat(found)
            except ValueError:
                self.refuse(A_TIME)
            found = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        if not isinstance(found, int | float) or isinstance(found, bool):
            self.refuse(A_TIME)
        milliseconds = found if found > _MILLISECONDS else found * 1000
        if not 0 <= milliseconds < _LATEST:
            self.refuse(A_TIME)
        return int(milliseconds)


def as_json(data: Any) -> str:
    """For people to read."""
    try:
        return clean(json.dumps(data, ensure_ascii=False, indent=2))
    except RecursionError:  # the library reads deeper than it writes
        return "…"


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if not key or _NAME.fullmatch(key):
        return key and f".{key}"
    return f"[{json.dumps(clean(key), ensure_ascii=False)}]"
