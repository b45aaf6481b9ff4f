"""The reply that runs, as it grows in a transcript: its text, and before it what the model thinks."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from gui.markdown.stream import BlockStream

if TYPE_CHECKING:
    from gui.markdown.document import Writer


class RunningReply:
    """`writer` draws its text; `aside` the thoughts, while they are unfolded and go on."""

    def __init__(self, writer: Writer, thoughts: str, aside: tuple[Writer, BlockStream] | None) -> None:
        self.writer = writer
        self.aside = aside
        self._stream = BlockStream()
        self._text = StringIO()  # all of it, for drawing it anew
        self._thoughts = [thoughts] if thoughts else []
        self._waiting: list[str] = []  # arrived, not drawn

    @property
    def text(self) -> str:
        return self._text.getvalue()

    @property
    def thoughts(self) -> str:
        return "".join(self._thoughts)

    @property
    def has_text(self) -> bool:
        return self._text.tell() > 0

    @property
    def has_thoughts(self) -> bool:
        return bool(self._thoughts)

    def take(self, text: str) -> None:
        """More of it has arrived."""
        self._waiting.append(text)
        self._text.write(text)

    def take_thoughts(self, text: str) -> None:
        self._thoughts.append(text)
        if self.aside is not None:
            self._waiting.append(text)

    @property
    def is_behind(self) -> bool:
        """Whether there is something to draw."""
        writer, stream = self.aside or (self.writer, self._stream)
        return bool(self._waiting) or writer.waits or stream.lags

    def draw(self) -> None:
        """Draw what has arrived."""
        writer, stream = self.aside or (self.writer, self._stream)
        text = "".join(self._waiting)
        self._waiting.clear()
        writer.stream(*stream.feed(text))

    def end(self) -> None:
        """Draw what was open: nothing more will come."""
        self.writer.end(self._stream.end())

    @property
    def is_provisional(self) -> bool:
        """Whether all of it looks different when it is drawn as a whole: what stood above a definition has not known of
        it.
        """
        return bool(self._stream.references) or self.aside is not None
