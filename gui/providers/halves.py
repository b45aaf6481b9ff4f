"""Characters that a server cut in two, as UTF-16 has them, joined again. No I/O."""

from __future__ import annotations

from gui.providers.transport import well_formed


class Halves:
    """Of one stream of text: JSON may hold the first half of an emoji in one piece, and the second in the next."""

    def __init__(self) -> None:
        self._first = ""

    def feed(self, text: str) -> str:
        """What is whole of it, maybe ""; a half that has no other becomes U+FFFD."""
        if self._first:
            text, self._first = self._first + text, ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._first = text[:-1], text[-1]
        try:
            text.encode()
        except UnicodeEncodeError:
            return well_formed(text)
        return text
