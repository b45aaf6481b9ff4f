"""Pictures that come with a text, as data: addresses. No Qt.

An address of megabytes is nothing for a parser that reads characters one by one. It is taken out of the text before it
is read, also where it arrives in pieces, and a short name stands in its place.
"""

from __future__ import annotations

import hashlib
import re

HELD = "held-image:"
"""Begins a name."""

SHORT = 2000
"""Characters of an address that stays where it is."""

LONGEST = 14_000_000
"""Characters of an address: 10 MB of a picture."""

KEPT = 64_000_000
"""Characters of all addresses that are held; those that were asked for long ago go first."""

_START = re.compile(r"\]\(data:image/(?:png|jpe?g|gif|webp|bmp);base64,", re.IGNORECASE)
_BEGINNING = re.compile(r"\](?:\((?:d(?:a(?:t(?:a(?::[a-z/]{0,10}(?:;[base64]{0,6},?)?)?)?)?)?)?)?\Z", re.IGNORECASE)
_BODY = re.compile(r"[A-Za-z0-9+/=]*")

_held: dict[str, str] = {}  # by name: the text says what a name stands for, whatever else is shown


class DataImages:
    """Those of one text. What may be an address that goes on is kept back."""

    def __init__(self) -> None:
        self._back: list[str] = []
        self._size = 0
        self._inside = False  # `_back` is an address

    def take(self, text: str) -> str:
        """`text` with names for its addresses, without an end of it that is not known yet."""
        done: list[str] = []
        if self._back and not self._inside:
            text = "".join((*self._back, text))
            self._back = []
        while text:
            if self._inside:
                end = _BODY.match(text).end()  # type: ignore[union-attr]  # the empty text matches, too
                self._keep(text[:end])
                if end == len(text):
                    break
                text = text[end:]
                done.append(self._name())
            elif found := _START.search(text):
                done.append(text[: found.start() + 2])
                self._inside, self._back, self._size = True, [], 0
                self._keep(found[0][2:])
                text = text[found.end() :]
            else:
                begins = _BEGINNING.search(text)
                end = begins.start() if begins else len(text)
                done.append(text[:end])
                self._back = [text[end:]] if begins else []
                break
        return "".join(done)

    def rest(self) -> str:
        """What is left when the text has ended."""
        rest = "".join(self._back)
        self._back, self._inside = [], False
        return rest if len(rest) <= SHORT else f"{rest[:40]}…"

    def _keep(self, text: str) -> None:
        self._size += len(text)
        if self._size <= LONGEST:
            self._back.append(text)

    def _name(self) -> str:
        address, size = "".join(self._back), self._size
        self._back, self._inside = [], False
        if size > LONGEST:
            return f"{HELD}too-large"
        if size <= SHORT:
            return address
        name = f"{HELD}{hashlib.sha256(address.encode()).hexdigest()}"
        _held.pop(name, None)
        _held[name] = address
        while sum(map(len, _held.values())) > KEPT:
            del _held[next(iter(_held))]
        return name


def without_addresses(text: str) -> str:
    """A whole text with names for its addresses."""
    images = DataImages()
    return images.take(text) + images.rest()


def address_of(name: str) -> str:
    """The address that `name` stands for, or that it is; "" if it is not held any more."""
    return _held.get(name, "") if name.startswith(HELD) else name
