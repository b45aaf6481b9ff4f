"""Server-sent events (WHATWG HTML, "event stream interpretation"), without I/O."""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Event(NamedTuple):
    data: str
    event: str = "message"


class SseDecoder:
    """Bytes, split anywhere, to events. `id` and `retry` are for reconnecting, which a reply cannot do: ignored."""

    def __init__(self) -> None:
        self._bytes = b""  # of a character that is not whole yet
        self._begun = False
        self._line: list[str] = []  # the open line, in the parts it came in
        self._after_cr = False
        self._data: list[str] = []
        self._event = ""

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        return self._take(self._decode(data, final=False))

    def flush(self) -> list[Event]:
        """The event at the end of the stream that its sender did not close with an empty line, if there is one."""
        return self._take(self._decode(b"", final=True) + "\n\n")

    def _decode(self, data: bytes, *, final: bool) -> str:
        if self._bytes:
            data = self._bytes + data
        # As the incremental decoders of codecs do it, which are written in Python.
        text, used = codecs.utf_8_decode(data, "replace", final)
        self._bytes = data[used:]
        if not self._begun and text:
            self._begun = True
            return text.removeprefix("\ufeff")
        return text

    def _take(self, text: str) -> list[Event]:
        if not text:
            return []
        if self._after_cr and text.startswith("\n"):
            text = text[1:]
        self._after_cr = text.endswith("\r")
        ended = _LINE_END.split(text) if "\r" in text else text.split("\n")
        rest = ended.pop()
        if ended and self._line:
            ended[0] = "".join([*self._line, ended[0]])
            self._line.clear()
        if rest:
            self._line.append(rest)
        events = []
        for line in ended:
            if line.startswith("data: "):  # nearly all are
                self._data.append(line[6:])
            elif line:
                self._take_field(line)
            elif event := self._dispatch():
                events.append(event)
        return events

    def _take_field(self, line: str) -> None:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._event = value

    def _dispatch(self) -> Event | None:
        event = Event("\n".join(self._data), self._event or "message") if self._data else None
        self._data.clear()
        self._event = ""
        return event
