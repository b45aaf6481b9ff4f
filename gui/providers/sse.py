"""Server-sent events (WHATWG HTML, "event stream interpretation"), without I/O."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Event:
    data: str
    event: str = "message"


class SseDecoder:
    """Bytes, split anywhere, to events. `id` and `retry` are for reconnecting, which a reply cannot do: ignored."""

    def __init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._line: list[str] = []  # the open line, in the parts it came in
        self._after_cr = False
        self._data: list[str] = []
        self._event = ""

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        return self._take(self._utf8.decode(data))

    def flush(self) -> list[Event]:
        """The event at the end of the stream that its sender did not close with an empty line, if there is one."""
        return self._take(self._utf8.decode(b"", final=True) + "\n\n")

    def _take(self, text: str) -> list[Event]:
        if not text:
            return []
        if self._after_cr and text.startswith("\n"):
            text = text[1:]
        self._after_cr = text.endswith("\r")
        *ended, rest = _LINE_END.split(text)
        events = []
        for tail in ended:
            self._line.append(tail)
            if event := self._end_line("".join(self._line)):
                events.append(event)
            self._line.clear()
        self._line.append(rest)
        return events

    def _end_line(self, line: str) -> Event | None:
        if not line:
            return self._dispatch()
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._event = value
        return None

    def _dispatch(self) -> Event | None:
        event = Event("\n".join(self._data), self._event or "message") if self._data else None
        self._data.clear()
        self._event = ""
        return event
