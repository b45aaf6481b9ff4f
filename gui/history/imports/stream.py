"""A JSON text that may be too large to be held at once, read entry by entry."""

from __future__ import annotations

import codecs
import json
import re
from typing import IO, TYPE_CHECKING, Any, NoReturn

from gui.errors import QT_TRANSLATE_NOOP, ImportNotJson, ImportTooLarge, ImportUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 128 * 2**20
"""Characters of one entry."""

CHUNK = 1 << 20

NEAR = 16
"""Characters before the end of what was read, in which a word or an escape may be cut off."""

ENDS_EARLY = QT_TRANSLATE_NOOP("errors", "it breaks off here")
NOT_UTF8 = QT_TRANSLATE_NOOP("errors", "it is not UTF-8 after here")
TOO_DEEP = QT_TRANSLATE_NOOP("errors", "what begins here is nested too deeply")
TOO_LONG = QT_TRANSLATE_NOOP("errors", "what begins here has a number that is too long")
GOES_ON = QT_TRANSLATE_NOOP("errors", "nothing more was expected")
NO_VALUE = QT_TRANSLATE_NOOP("errors", "a value was expected")
NO_COMMA = QT_TRANSLATE_NOOP("errors", "a comma or a closing bracket was expected")
NO_COLON = QT_TRANSLATE_NOOP("errors", "a colon was expected")
NO_KEY = QT_TRANSLATE_NOOP("errors", "a key in quotation marks was expected")
CONTROL = QT_TRANSLATE_NOOP("errors", "a control character stands in a text")
ESCAPE = QT_TRANSLATE_NOOP("errors", "a backslash is followed by what it cannot stand before")

_REASONS = {
    "Expecting value": NO_VALUE,
    "Expecting ','": NO_COMMA,
    "Expecting ':'": NO_COLON,
    "Expecting property name": NO_KEY,
    "Illegal trailing comma": NO_VALUE,
    "Invalid control character": CONTROL,
    "Invalid \\": ESCAPE,
    "Unterminated string": ENDS_EARLY,
}
"""By the beginning of what the library says."""

_BLANKS = re.compile(r"[ \t\r\n]*")


class JsonStream:
    """The outermost list or object in `file`. Raises the kinds of ImportRefused, without the file's name."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._line, self._column = 1, 1  # of the beginning of `_text`
        self.is_list = self._next() == "["
        if not self.is_list and self._next() != "{":
            raise ImportUnknown(file="")

    def entries(self) -> Iterator[tuple[int | str, Any]]:
        """(index, value) of a list, (key, value) of an object, in order."""
        closing = "]" if self.is_list else "}"
        self._at += 1
        number = 0
        while self._next() != closing or number:
            yield (number, self._value()) if self.is_list else (self._key(), self._value())
            number += 1
            if self._next() == closing:
                break
            self._expect(",", NO_COMMA)
        self._at += 1
        if self._next():
            self._refuse(self._at, GOES_ON)

    def _key(self) -> str:
        if self._next() != '"':
            self._refuse(self._at, NO_KEY)
        key: str = self._value()
        self._expect(":", NO_COLON)
        return key

    def _expect(self, mark: str, reason: str) -> None:
        if (found := self._next()) != mark:
            self._refuse(self._at, reason if found else ENDS_EARLY)
        self._at += 1

    def _next(self) -> str:
        """The next character that is no blank, which is not passed; "" at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._cut_off(error):
                    self._refuse(error.pos, _reason(error.msg))
                at = error.pos - self._at
                if not self._more():
                    self._refuse(at, ENDS_EARLY if at >= len(self._text) else _reason(error.msg))
                continue
            except RecursionError:
                self._refuse(self._at, TOO_DEEP)
            except ValueError:
                self._refuse(self._at, TOO_LONG)
            # A number at the end of what is here may go on.
            if end == len(self._text) and isinstance(value, int | float) and self._more():
                continue
            self._at = end
            return value

    def _cut_off(self, error: json.JSONDecodeError) -> bool:
        """Whether it may be right with what is still to come."""
        return error.msg.startswith("Unterminated") or error.pos > len(self._text) - NEAR

    def _more(self) -> bool:
        """Read on, as much again as there is, and forget what was passed."""
        passed = self._text[: self._at]
        self._line, self._column = self._position(self._at)
        self._text = self._text[len(passed) :]
        self._at = 0
        if len(self._text) > LONGEST:
            raise ImportTooLarge(file="", limit=LONGEST >> 20)
        data = self._file.read(max(CHUNK, len(self._text)))
        try:
            self._text += self._decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            self._refuse(len(self._text), NOT_UTF8)
        return bool(data)

    def _position(self, at: int) -> tuple[int, int]:
        lines = self._text.count("\n", 0, at)
        if not lines:
            return self._line, self._column + at
        return self._line + lines, at - self._text.rfind("\n", 0, at)

    def _refuse(self, at: int, reason: str) -> NoReturn:
        line, column = self._position(at)
        raise ImportNotJson(file="", line=line, column=column, reason=reason) from None


def _reason(message: str) -> str:
    return next((reason for begin, reason in _REASONS.items() if message.startswith(begin)), NO_VALUE)
