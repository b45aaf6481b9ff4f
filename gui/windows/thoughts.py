"""What a model thought before its reply: folded into one line, which unfolds it."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication

from gui.conversation import Message, State

translate = QCoreApplication.translate


class Thoughts:
    """Which messages show theirs, and how long they took, as far as that was seen."""

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}  # seconds

    def is_open(self, message_id: str) -> bool:
        return message_id in self._open

    def toggle(self, message_id: str) -> None:
        self._open ^= {message_id}

    def begin(self, message_id: str) -> None:
        """The first of them has arrived."""
        self._began.setdefault(message_id, time.monotonic())

    def end(self, message_id: str) -> None:
        """The reply itself begins, or nothing more will come."""
        if message_id in self._began:
            self._took.setdefault(message_id, time.monotonic() - self._began[message_id])

    def go_on(self, message: Message) -> bool:
        """Whether more of them may come."""
        return message.state is State.RUNNING and not message.text and message.id not in self._took

    def label(self, message: Message) -> str:
        """The line that they are folded into."""
        if message.id in self._took:
            seconds = max(round(self._took[message.id]), 1)
            return translate("Thoughts", "Thought for {seconds} s").format(seconds=seconds)
        if self.go_on(message):
            return translate("Thoughts", "Thinking…")
        return translate("Thoughts", "Thoughts")
