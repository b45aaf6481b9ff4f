"""What of a conversation is loaded: the end of its branch, or a part further up, a page of messages at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.conversation import Message, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.history.outline import Node
    from gui.windows.parts import Parts
    from gui.windows.transcript import Shown, Transcript

translate = QCoreApplication.translate

PAGE = 50
"""Messages that are loaded at once."""

MOST = 150
"""Messages that stay shown when the reader is back at the latest one."""

BEFORE = 10
"""Messages that are shown above one that is looked for."""


class Pages:
    """Draws in the transcript, which is asked for when there is something to draw, what is loaded of a conversation.

    `running` gives the reply under way as far as it has come.
    """

    def __init__(
        self, parts: Parts, transcript: Callable[[], Transcript], running: Callable[[], Message | None]
    ) -> None:
        self._parts = parts
        self._transcript = transcript
        self._running = running
        self.conversation_id = ""
        self.leaf_id: str | None = None
        self._versions: dict[str, list[str]] = {}
        self._elsewhere: list[Message] | None = None  # a part of the branch that is shown in place of its end
        self._paging = False
        self.messages: list[Message] = []
        """The end of the branch: the one on show of the conversation, or of `leaf_id`, if there is one."""

    @property
    def running_id(self) -> str:
        """The id of the reply under way; "" if there is none."""
        running = self._running()
        return running.id if running is not None else ""

    @property
    def at_end(self) -> bool:
        """Whether the end of the branch is what is shown."""
        return self._elsewhere is None

    @property
    def window(self) -> Sequence[Message]:
        """What the transcript shows."""
        return self.messages if self._elsewhere is None else self._elsewhere

    def get(self, message_id: str) -> Message | None:
        """One of those that are shown."""
        return next((message for message in self.window if message.id == message_id), None)

    def clear(self, conversation_id: str) -> None:
        """From now on it is this one's; nothing of it is loaded."""
        self.conversation_id = conversation_id
        self.leaf_id = None
        self.messages = []
        self._elsewhere = None

    async def load(self, *, keep_place: bool) -> bool:
        """Show the end of the branch as it is kept; False if another conversation was chosen meanwhile.

        Nothing is awaited after the running reply is read: no piece can arrive between drawing and watching.
        """
        history = await self._parts.history
        conversation_id = self.conversation_id
        limit = max(PAGE, len(self.messages))
        messages = await history.branch(conversation_id, self.leaf_id, limit=limit)
        if self.leaf_id is not None and not messages:  # it is not there any more
            self.leaf_id = None
            messages = await history.branch(conversation_id, limit=limit)
        versions = await self._versions_of(messages)
        if conversation_id != self.conversation_id:
            return False
        running = self._running()
        if running is not None and all(one.id != running.id for one in messages):
            return await self.load(keep_place=keep_place)  # it was begun after this was read
        self.messages = messages
        self._versions = versions
        self._elsewhere = None
        self._draw_end(keep_place=keep_place)
        return True

    async def end_at(self, message_id: str | None) -> None:
        """Show the branch as far as this message, None for nothing: another version of what follows will come."""
        if message_id is not None and self.messages and self.messages[-1].id == message_id:
            self.to_latest()
            return
        ids = [message.id for message in self.messages]
        if message_id in ids:
            messages = self.messages[: ids.index(message_id) + 1]
        elif message_id is None:
            messages = []
        else:
            history = await self._parts.history
            messages = await history.branch(self.conversation_id, message_id, limit=PAGE)
            self._versions.update(await self._versions_of(messages))
        self.messages = messages[-MOST:]
        self._elsewhere = None
        self._draw_end()

    async def add(self, message: Message) -> None:
        """Show one more at the end of the branch, if it is of the conversation that is shown then."""
        versions = await self._versions_of([message])
        if message.conversation_id == self.conversation_id:
            self._versions.update(versions)
            self.append(message)

    def append(self, message: Message) -> None:
        """Show one that has no other versions as far as is known."""
        self.messages.append(message)
        self._transcript().add(self._shown(message))

    def put(self, message: Message) -> None:
        """Something else is said of a message: where it is shown, it is drawn anew."""
        for part in (self.messages, self._elsewhere or []):
            part[:] = [message if one.id == message.id else one for one in part]
        if self.get(message.id) is not None:
            shown = [self._shown(one) for one in (self._latest() if self.at_end else self.window)]
            self._transcript().show_messages(shown, keep_place=True, complete=self.at_end)

    async def follow(self) -> bool:
        """Show below what was added to the branch elsewhere; False where what is shown is not a part of it any more."""
        history = await self._parts.history
        conversation_id, shown = self.conversation_id, self.messages
        ids = await history.branch_ids(conversation_id, self.leaf_id)
        if not shown or shown[0].id not in ids:
            return False
        messages = await history.branch(conversation_id, self.leaf_id, limit=len(ids) - ids.index(shown[0].id))
        versions = await self._versions_of(messages)
        if self.messages is not shown or self._elsewhere is not None or self._running() is not None:
            return True  # something else is shown by now
        known = {message.id: self._versions.get(message.id, [message.id]) for message in shown}
        if messages[: len(shown)] != shown or any(versions.get(one) != before for one, before in known.items()):
            return False
        self._versions = versions
        for message in messages[len(shown) :]:
            self.append(message)
        return True

    async def load_versions(self) -> None:
        """Learn of versions that came meanwhile; they are drawn with the next load."""
        self._versions.update(await self._versions_of(self.messages))

    async def load_older(self, count: int = PAGE) -> None:
        """Show `count` more messages above; one at a time, so that nothing waits for all of them."""
        import asyncio

        window = self._elsewhere if self._elsewhere is not None else self.messages
        if self._paging or not window or window[0].parent_id is None:
            return
        self._paging = True
        try:
            history = await self._parts.history
            older = await history.branch(self.conversation_id, window[0].parent_id, limit=count)
            versions = await self._versions_of(older)
            for message in reversed(older):
                if self.window is not window or window[0].parent_id != message.id:
                    return  # something else is shown by now
                self._versions.update(versions)
                window.insert(0, message)
                self._transcript().prepend(self._shown(message))
                await asyncio.sleep(0)
        finally:
            self._paging = False

    async def load_newer(self) -> None:
        """Go on below a part of the branch that was shown for `reveal`."""
        window = self._elsewhere
        if self._paging or window is None:
            return
        self._paging = True
        try:
            history = await self._parts.history
            ids = await history.branch_ids(self.conversation_id, self.leaf_id)
            place = ids.index(window[-1].id) if window[-1].id in ids else len(ids)
            following = ids[place + 1 : place + 1 + PAGE]
            last = following[-1] if following else None
            newer = await history.branch(self.conversation_id, last, limit=len(following))
            versions = await self._versions_of(newer)
            if self._elsewhere is not window:
                return
            self._versions.update(versions)
            known = {message.id for message in self.messages}
            for message in newer:
                if message.id in known:
                    break
                window.append(message)
                self._transcript().add(self._shown(message), complete=False)
            else:
                if newer:
                    return
            # The two parts have met.
            self._elsewhere = None
            for message in self._latest():
                self._transcript().add(self._shown(message))
            self.messages = [*window, *self.messages]
        finally:
            self._paging = False

    def to_latest(self) -> None:
        """Show the end of the conversation; what was loaded for reading upwards is let go."""
        too_many = len(self.messages) > MOST
        if too_many:
            del self.messages[:-PAGE]
        if self._elsewhere is not None:
            self._elsewhere = None
            self._draw_end()
        elif too_many:
            self._transcript().drop_before(self.messages[0].id)
        self._transcript().jump_to_latest()

    async def to_first(self) -> None:
        """Show the beginning of the conversation, with the caret there."""
        history = await self._parts.history
        conversation_id = self.conversation_id
        ids = await history.branch_ids(conversation_id, self.leaf_id)
        if ids and conversation_id == self.conversation_id and await self.reveal(ids[0]):
            self._transcript().jump_to_first()

    async def reveal(self, message_id: str, at: int | None = None) -> bool:
        """Scroll to a message of this branch, loading what is around it; False if there is none of this id.

        `at` is where its heading will be, in pixels from the top.
        """
        if self.get(message_id) is None and not await self._load_around(message_id):
            return False
        self._transcript().show_message(message_id, at)
        return True

    async def _load_around(self, message_id: str) -> bool:
        history = await self._parts.history
        conversation_id = self.conversation_id
        ids = await history.branch_ids(conversation_id, self.leaf_id)
        if message_id not in ids or self.conversation_id != conversation_id:
            return False
        place = ids.index(message_id)
        top = ids.index(self.window[0].id) if self.window[0].id in ids else -1
        if 0 < top - place <= PAGE and not self._paging:
            await self.load_older(top - place + BEFORE)
            if self.get(message_id) is not None:
                return True
        last = min(max(place - BEFORE, 0) + PAGE, len(ids)) - 1
        around = await history.branch(conversation_id, ids[last], limit=PAGE)
        versions = await self._versions_of(around)
        if self.conversation_id != conversation_id:
            return False
        self._versions.update(versions)
        if last == len(ids) - 1:
            self.messages = around
            self._draw_end()
        else:
            self._elsewhere = around
            self._transcript().show_messages([self._shown(message) for message in around], complete=False)
        return True

    async def _versions_of(self, messages: Sequence[Message]) -> dict[str, list[str]]:
        """What drawing these messages needs: their versions, and their formulas, which are set away from the window."""
        from gui.markdown.math import FORMULAS

        texts = [message.text for message in messages if message.role is Role.ASSISTANT]
        if FORMULAS.waits_for(texts):
            import asyncio

            await asyncio.to_thread(FORMULAS.prepare, texts)
        history = await self._parts.history
        return await history.versions([message.id for message in messages])

    def _draw_end(self, *, keep_place: bool = False) -> None:
        shown = [self._shown(message) for message in self._latest()]
        self._transcript().show_messages(shown, keep_place=keep_place)

    def _latest(self) -> list[Message]:
        """The end of the branch, a running reply as far as it has come."""
        running = self._running()
        if running is not None:
            self.messages = [running if message.id == running.id else message for message in self.messages]
        return self.messages

    def _shown(self, message: Message) -> Shown:
        from gui.windows.transcript import Shown

        return Shown(message, self.author(message), self._versions.get(message.id, ()))

    def author(self, message: Message | Node) -> str:
        """Who wrote it, as its heading says."""
        if message.role is Role.USER:
            return translate("Pane", "You")
        connection = self._parts.connections.get(message.connection)
        name = connection.name if connection else translate("Pane", "Reply")
        return f"{name} · {message.model}" if message.model else name
