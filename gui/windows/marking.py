"""What a person says of a message in a pane: notes, pins, removals; and a conversation of its own from there on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from gui.conversation import Message
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts


class Marking(QObject):
    """Signals: branched(Conversation) -- one was made of a part of this one."""

    branched = Signal(object)

    def __init__(self, parts: Parts, pane: Pane, spawn: Callable[[Coroutine[Any, Any, Any]], object]) -> None:
        super().__init__(pane)
        self._parts = parts
        self._pane = pane
        self._spawn = spawn

    # -- notes and pins -----------------------------------------------------------------------------------------

    def ask_for_note(self, message: Message) -> None:
        """Have the note on `message` written; an empty one is none."""
        from gui.windows.dialogs.questions import ask_for_text

        title = self.tr("Edit note") if message.note else self.tr("Add note")
        ask_for_text(
            self._pane.window(),
            title,
            self.tr("Your note on this message; no model gets to read it:"),
            message.note,
            self.tr("Save"),
            lambda text: self._spawn(self.note(message, text.strip())),
        )

    async def note(self, message: Message, text: str) -> None:
        """Keep this as the note on `message`, and show it below."""
        history = await self._parts.history
        await history.mark_message(message.id, note=text)
        await self._show(message.id)

    async def pin(self, message: Message) -> None:
        """Pin a message, or take the pin off."""
        history = await self._parts.history
        await history.mark_message(message.id, pinned=not message.pinned)
        await self._show(message.id)

    async def _show(self, message_id: str) -> None:
        history = await self._parts.history
        message = await history.message(message_id)
        if message is not None:
            self._pane.pages.put(message)
        self._pane.advanced.emit()

    # -- removing -----------------------------------------------------------------------------------------------

    async def remove(self, message: Message) -> None:
        """Show a message no more, nor what follows it, until that is taken back."""
        history = await self._parts.history
        conversation = await history.conversation(message.conversation_id)
        leaf = conversation.leaf_id if conversation is not None else None
        removed = await history.remove_message(message.id)
        await self._pane.reload()
        text = self.tr("The message was removed.")
        if len(removed) > 1:
            text = self.tr("The message was removed, with all that follows it.")
        undo = (self.tr("Undo"), lambda: self._spawn(self.restore(message.id, removed, leaf or message.id)))
        self._pane.bar.show_message(text, [undo], trouble=False)
        self._pane.advanced.emit()

    async def restore(self, message_id: str, removed: Sequence[str], leaf_id: str) -> None:
        """Take it back; what was on show before is again."""
        history = await self._parts.history
        await history.restore_messages(removed, leaf_id)
        await self._pane.reload()
        await self._pane.reveal(message_id)
        self._pane.advanced.emit()

    # -- from here on -------------------------------------------------------------------------------------------

    async def branch_off(self, message: Message) -> None:
        """Begin a conversation of its own with all that was said up to this message."""
        history = await self._parts.history
        self.branched.emit(await history.branch_off(message.id))

    # -- aloud --------------------------------------------------------------------------------------------------

    def read_aloud(self, message: Message) -> None:
        """Have the system's voice say it; the bar has the button that stops that."""
        from gui.conversation import Role
        from gui.markdown.plain import plain_text

        speech, bar = self._parts.speech, self._pane.bar
        said = self.tr("Reading aloud…")
        text = message.text if message.role is Role.USER else plain_text(message.text)
        reading = speech.read(text)
        bar.show_message(said, [(self.tr("Stop"), speech.stop)], trouble=False)
        self._parts.tasks.bind(reading, self._pane)
        reading.add_done_callback(lambda _done: self._pane.take_back(said))
