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
    """By their ids; of a conversation there may be several, which are compared.

    Signals: started(conversation id); ended(conversation id, reply id, Message) -- the reply.
    """

    started = Signal(str)
    ended = Signal(str, str, object)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._turns: dict[str, tuple[Turn, asyncio.Task[Message]]] = {}

    def start(self, turn: Turn) -> None:
        """Run `turn`."""
        conversation_id, reply_id = turn.reply.conversation_id, turn.reply.id
        task = self._tasks.spawn(turn.run())
        self._turns[reply_id] = (turn, task)
        task.add_done_callback(lambda _task: self._done(conversation_id, reply_id))
        self.started.emit(conversation_id)

    def get(self, reply_id: str) -> Turn | None:
        """The turn that this reply comes of, if it is under way."""
        return self._turns[reply_id][0] if reply_id in self._turns else None

    def of(self, conversation_id: str) -> list[Turn]:
        """Those under way in this conversation, in the order in which they were started."""
        return [turn for turn, _task in self._turns.values() if turn.reply.conversation_id == conversation_id]

    def stop(self, conversation_id: str) -> None:
        """Stop all of this conversation."""
        for turn in self.of(conversation_id):
            turn.stop()

    async def end(self, conversation_id: str) -> None:
        """As `stop`, and wait until each is kept."""
        import asyncio

        tasks = [task for turn, task in self._turns.values() if turn.reply.conversation_id == conversation_id]
        self.stop(conversation_id)
        if tasks:
            await asyncio.wait(tasks)

    def __len__(self) -> int:
        return len(self._turns)

    def _done(self, conversation_id: str, reply_id: str) -> None:
        turn, _task = self._turns.pop(reply_id)
        self.ended.emit(conversation_id, reply_id, turn.reply)
