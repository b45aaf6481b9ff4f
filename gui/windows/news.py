"""What happens to conversations, told to all who show them: the sidebar, and each pane of each window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.conversation import Conversation, State

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from gui.windows.pane import Pane
    from gui.windows.parts import Parts
    from gui.windows.replies import Replies
    from gui.windows.sidebar import Sidebar
    from gui.windows.workspace import Workspace


class News(QObject):
    """Signals: arrived(Conversation, Message) -- a reply has ended where nobody looks; read(id) -- and now somebody
    has; restore_asked(id); listing_changed() -- the sidebar is to be filled anew; unread_changed(number) -- of
    conversations with a reply that came since the start and was not read.
    """

    arrived = Signal(object, object)
    read = Signal(str)
    restore_asked = Signal(str)
    listing_changed = Signal()
    unread_changed = Signal(int)

    def __init__(self, parts: Parts, workspace: Workspace, sidebar: Sidebar, replies: Replies, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._workspace = workspace
        self._sidebar = sidebar
        self._replies = replies
        self._unread: set[str] = set()

    # -- replies ------------------------------------------------------------------------------------------------

    def reply_started(self, conversation_id: str) -> None:
        self._tell_running(conversation_id)

    def reply_ended(self, conversation_id: str, reply_id: str) -> None:
        self._tell_running(conversation_id)
        self._spawn(self._after_reply(conversation_id, reply_id))

    def _tell_running(self, conversation_id: str) -> None:
        running = bool(self._replies.of(conversation_id))
        self._sidebar.model.set_running(conversation_id, running=running)
        self._workspace.spinner.set_running(running=len(self._replies) > 0)
        for pane in self._workspace.panes_of(conversation_id):
            self._workspace.name(pane)

    async def _after_reply(self, conversation_id: str, reply_id: str) -> None:
        history = await self._parts.history
        conversation = await history.conversation(conversation_id)
        if conversation is None:
            return
        seen = any(_is_seen(pane) for pane in self._workspace.panes_of(conversation_id))
        if not seen:
            await history.update_conversation(conversation_id, unread=True)
            conversation = replace(conversation, unread=True)
        self.changed(conversation)
        for pane in self._workspace.panes_of(conversation_id):
            pane.hear_news()
        reply = await history.message(reply_id)
        if not seen and reply is not None and (reply.state is not State.STOPPED or reply.error):
            self.arrived.emit(conversation, reply)

    def look(self) -> None:
        """What was not read and is before the person now has been read."""
        for pane in self._workspace.panes():
            if pane.conversation.unread and _is_seen(pane):
                pane.conversation = replace(pane.conversation, unread=False)
                self._spawn(self._read(pane.conversation))
                self.read.emit(pane.conversation.id)

    async def _read(self, conversation: Conversation) -> None:
        history = await self._parts.history
        if history.read_only is None:
            await history.update_conversation(conversation.id, unread=False)
            self.changed(conversation)

    # -- conversations ------------------------------------------------------------------------------------------

    def changed(self, conversation: Conversation) -> None:
        """Its title, its connection or its time is another."""
        self._count(conversation.id, unread=conversation.unread)
        if conversation.title:
            self._sidebar.model.put([conversation])
        for pane in self._workspace.panes_of(conversation.id):
            pane.update_conversation(conversation)
            self._workspace.name(pane)
        if self._workspace.pane.conversation.id == conversation.id:
            self._workspace.current_changed.emit()

    def _count(self, conversation_id: str, *, unread: bool) -> None:
        if unread != (conversation_id in self._unread):
            self._unread ^= {conversation_id}
            self.unread_changed.emit(len(self._unread))

    def advanced(self, pane: Pane) -> None:
        """Something was said in a pane, or another branch is shown: the others of its conversation follow."""
        for other in self._workspace.panes_of(pane.conversation.id):
            if other is not pane:
                other.follow()

    async def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation a title of the person's."""
        history = await self._parts.history
        await history.update_conversation(conversation_id, title=" ".join(title.split()))
        conversation = await history.conversation(conversation_id)
        if conversation is not None:
            self.changed(conversation)

    def deleted(self, conversation_ids: Iterable[str]) -> None:
        """Nothing more is to be written in them, and no pane shows them."""
        for one in conversation_ids:
            self._replies.stop(one)
            self._count(one, unread=False)
            for pane in self._workspace.panes_of(one):
                self._workspace.close(pane)

    def connections_changed(self) -> None:
        for pane in self._workspace.panes():
            pane.update_conversation(pane.conversation)
        self._sidebar.model.redraw()

    # -- other computers ----------------------------------------------------------------------------------------

    async def take_in(self, conversation_ids: frozenset[str]) -> None:
        """These conversations were changed on another computer."""
        history = await self._parts.history
        for pane in self._workspace.panes():
            if pane.conversation.id not in conversation_ids:
                continue
            conversation = await history.conversation(pane.conversation.id)
            if conversation is None:
                await self._gone(pane)
                continue
            pane.update_conversation(conversation)
            self._workspace.name(pane)
            pane.hear_news()
        self.listing_changed.emit()

    async def _gone(self, pane: Pane) -> None:
        """The conversation in a pane was deleted on another computer: what is read stays, and can be had back."""
        history = await self._parts.history
        conversation_id = pane.conversation.id
        text = self.tr("“{title}” was deleted on another computer.").format(title=pane.conversation.title)
        if await history.record(conversation_id) is not None:
            undo: tuple[str, Callable[[], object]] = (
                self.tr("Undo"),
                lambda: self.restore_asked.emit(conversation_id),
            )
            pane.bar.show_message(text, [undo], trouble=False)
            return
        pane.start_new(Conversation(connection=pane.conversation.connection))
        pane.bar.show_message(text, trouble=False)

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._parts.tasks.spawn(coroutine)


def _is_seen(pane: Pane) -> bool:
    return pane.isVisible() and pane.isActiveWindow()
