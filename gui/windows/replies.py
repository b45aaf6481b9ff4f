"""The replies under way. They belong to their conversations and run on whatever the panes show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    import asyncio

    from gui.chat.turn import Turn
    from gui.conversation import Message
    from gui.windows.tasks import Tasks


class Replies(QObject):
    """Signals: started(conversation id); ended(conversation id, Message) -- the reply."""

    started = Signal(str)
    ended = Signal(str, object)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._turns: dict[str, tuple[Turn, asyncio.Task[Message]]] = {}

    def start(self, turn: Turn) -> None:
        """Run `turn`; at most one reply of a conversation is under way."""
        conversation_id = turn.reply.conversation_id
        task = self._tasks.spawn(turn.run())
        self._turns[conversation_id] = (turn, task)
        task.add_done_callback(lambda _task: self._done(conversation_id, turn))
        self.started.emit(conversation_id)

    def of(self, conversation_id: str) -> Turn | None:
        """The reply under way in this conversation."""
        return self._turns[conversation_id][0] if conversation_id in self._turns else None

    def stop(self, conversation_id: str) -> None:
        if conversation_id in self._turns:
            self._turns[conversation_id][0].stop()

    def __len__(self) -> int:
        return len(self._turns)

    def _done(self, conversation_id: str, turn: Turn) -> None:
        if self.of(conversation_id) is turn:
            del self._turns[conversation_id]
        self.ended.emit(conversation_id, turn.reply)
