"""Thoughts that a model writes into its reply, between <think> and </think>, told apart from it. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.providers.base import Reasoning

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN, CLOSE = "<think>", "</think>"


class ThinkSplitter:
    """Of a reply that begins with OPEN, all up to CLOSE is thought; any other is text from its first letter on.

    A model's server may take the marks off itself; one that does not is most often a local one.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinking: bool | None = None  # None: the beginning is not there yet
        self._after_mark = False  # blank lines there are no part of anything

    @property
    def passes(self) -> bool:
        """Whether all that comes is text: nothing needs to be fed any more."""
        return self._thinking is False and not self._after_mark

    def feed(self, text: str) -> Iterator[str | Reasoning]:
        """The pieces that are certain."""
        self._held += text
        if self._thinking is None:
            begin = self._held.lstrip()
            if OPEN.startswith(begin):  # or it is blank until now
                return
            self._thinking = self._after_mark = begin.startswith(OPEN)
            self._held = begin.removeprefix(OPEN) if self._thinking else self._held
        if self._after_mark:
            self._held = self._held.lstrip()
            self._after_mark = not self._held
        if not self._thinking:
            if self._held:
                yield self._held
            self._held = ""
            return
        thought, mark, rest = self._held.partition(CLOSE)
        if mark:
            if thought:
                yield Reasoning(thought)
            self._held, self._thinking, self._after_mark = rest, False, True
            yield from self.feed("")
            return
        kept = next(length for length in range(len(CLOSE) - 1, -1, -1) if thought.endswith(CLOSE[:length]))
        self._held = thought[len(thought) - kept :]
        if thought := thought[: len(thought) - kept]:
            yield Reasoning(thought)

    def end(self) -> Iterator[str | Reasoning]:
        """What was held back, since it could have been the beginning of a mark."""
        if self._held:
            yield Reasoning(self._held) if self._thinking else self._held
            self._held = ""
