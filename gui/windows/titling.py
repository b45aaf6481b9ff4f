"""Titles by the model: asked for in the background once the first reply has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.conversation import Role, State

if TYPE_CHECKING:
    import asyncio

    from gui.windows.parts import Parts
    from gui.windows.replies import Replies

MOST_MESSAGES = 6
"""A conversation that has gone on for longer keeps its title: it is known by it."""


class Titling(QObject):
    """A title that the person typed is never touched, nor is anything asked while a reply runs there.

    Signals: titled(Conversation).
    """

    titled = Signal(object)

    def __init__(self, parts: Parts, replies: Replies, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._replies = replies
        self._asking: dict[str, asyncio.Task[Any]] = {}
        replies.ended.connect(self._ended)
        replies.started.connect(self._started)

    def _started(self, conversation_id: str) -> None:
        """The server has something better to do there."""
        if (task := self._asking.pop(conversation_id, None)) is not None:
            task.cancel()

    def _ended(self, conversation_id: str) -> None:
        if self._parts.preferences.get("titles_by_model") and self._replies.of(conversation_id) is None:
            self._started(conversation_id)
            task = self._parts.tasks.spawn(self._make(conversation_id))
            self._asking[conversation_id] = task
            task.add_done_callback(lambda done: self._done(conversation_id, done))

    def _done(self, conversation_id: str, task: asyncio.Task[Any]) -> None:
        if self._asking.get(conversation_id) is task:
            del self._asking[conversation_id]

    async def _make(self, conversation_id: str) -> None:
        from gui.chat.titles import first_words, title_by_model

        history = await self._parts.history
        conversation = await history.conversation(conversation_id)
        branch = await history.branch(conversation_id, limit=MOST_MESSAGES + 1)
        if conversation is None or not 1 < len(branch) <= MOST_MESSAGES:
            return
        asked, reply = branch[:2]
        made = first_words(asked)
        if asked.role is not Role.USER or reply.state is not State.COMPLETE or conversation.title != made:
            return
        connection = self._parts.connections.get(conversation.connection)
        # The model that comes along is too small for it.
        if connection is None or connection.provider == "local":
            return
        title = await title_by_model(self._parts.routes, connection, conversation, asked, reply)
        if title and await history.retitle(conversation_id, made, title):
            renamed = await history.conversation(conversation_id)
            if renamed is not None:
                self.titled.emit(renamed)
