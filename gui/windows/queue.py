"""What was sent while a reply runs and waits for its turn, of each conversation, whatever panes show it."""

from __future__ import annotations

import base64
import binascii
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.conversation import Attachment, State, new_id
from gui.errors import SettingsError
from gui.settings.json_file import JsonFile

if TYPE_CHECKING:
    from collections.abc import Container

    from gui.conversation import Message
    from gui.windows.parts import Parts
    from gui.windows.replies import Replies


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that will be sent."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    id: str = field(default_factory=new_id)


class Pause(enum.Enum):
    """Why nothing is sent until the person says so."""

    STOPPED = "stopped"  # the reply, by the person
    FAILED = "failed"  # the reply, or the sending; over as soon as a reply is complete
    ENDED = "ended"  # the program, with these waiting


class Queue(QObject):
    """In a file with each change: what was sent once is not lost by a crash. A message is sent when the reply before
    it is complete, in the order of sending; after one that is not, nothing is until `go_on`.

    Signals, with a conversation's id: changed(id); went_on(id) -- one was sent, and its reply runs.
    """

    changed = Signal(str)
    went_on = Signal(str)

    def __init__(self, parts: Parts, replies: Replies) -> None:
        super().__init__()
        self._parts = parts
        self._replies = replies
        self._file = JsonFile(parts.data_dir / "queue.json")
        self._waiting = {one: _read(entries) for one, entries in self._file.read().items()}
        self._pauses = dict.fromkeys(self._waiting, Pause.ENDED)
        self._held: dict[str, str] = {}  # what is being edited
        self._sending: set[str] = set()
        replies.ended.connect(self._reply_ended)

    @property
    def trouble(self) -> SettingsError | None:
        """Why what waited could not be read, or None."""
        return self._file.trouble

    def of(self, conversation_id: str) -> tuple[Waiting, ...]:
        return self._waiting.get(conversation_id, ())

    def pause(self, conversation_id: str) -> Pause | None:
        """Why nothing of it is sent; None where nothing waits."""
        return self._pauses.get(conversation_id) if self.of(conversation_id) else None

    def is_sending(self, conversation_id: str) -> bool:
        """Whether the next one is on its way."""
        return conversation_id in self._sending

    def add(self, conversation_id: str, text: str, attachments: tuple[Attachment, ...] = ()) -> None:
        """To the end of the line. Raises SettingsUnwritable; then nothing was added."""
        self._put(conversation_id, (*self.of(conversation_id), Waiting(text, attachments)))
        self._advance(conversation_id)

    def change(self, conversation_id: str, one: Waiting) -> None:
        """In the place of the message of this id, or at the end where that was sent already. Raises as `add`."""
        waiting = {other.id: other for other in self.of(conversation_id)} | {one.id: one}
        self._put(conversation_id, tuple(waiting.values()))

    def remove(self, conversation_id: str, *ids: str) -> None:
        """Raises as `add`."""
        self._put(conversation_id, tuple(one for one in self.of(conversation_id) if one.id not in ids))

    def hold(self, conversation_id: str, one: str) -> None:
        """This one is being edited, and is not sent until `release`."""
        self._held[conversation_id] = one

    def release(self, conversation_id: str) -> None:
        if self._held.pop(conversation_id, None) is not None:
            self._advance(conversation_id)

    def go_on(self, conversation_id: str) -> None:
        """Send the next one, and the others in their turn."""
        self._pauses.pop(conversation_id, None)
        self.changed.emit(conversation_id)
        self._advance(conversation_id)

    async def keep_only(self, conversation_ids: Container[str]) -> None:
        """Forget what waits in conversations that are not there any more. Raises SettingsUnwritable."""
        for gone in [one for one in self._waiting if one not in conversation_ids]:
            self._put(gone, ())

    def _put(self, conversation_id: str, waiting: tuple[Waiting, ...]) -> None:
        """On disk first."""

        def change(content: dict[str, Any]) -> None:
            content.pop(conversation_id, None)
            if waiting:
                content[conversation_id] = [_entry(one) for one in waiting]

        self._file.change(change)
        self._set(conversation_id, waiting)

    def _set(self, conversation_id: str, waiting: tuple[Waiting, ...]) -> None:
        if waiting:
            self._waiting[conversation_id] = waiting
        else:
            self._waiting.pop(conversation_id, None)
            self._pauses.pop(conversation_id, None)
        self.changed.emit(conversation_id)

    # -- sending ------------------------------------------------------------------------------------------------

    def _reply_ended(self, conversation_id: str, _reply_id: str, reply: Message) -> None:
        if not self.of(conversation_id):
            return
        if reply.state is State.COMPLETE:
            if self._pauses.get(conversation_id) is Pause.FAILED:
                del self._pauses[conversation_id]
            self._advance(conversation_id)
        elif reply.state is not State.INTERRUPTED:  # else the program ends
            stopped = reply.state is State.STOPPED and not reply.error
            self._pauses.setdefault(conversation_id, Pause.STOPPED if stopped else Pause.FAILED)
        self.changed.emit(conversation_id)

    def _advance(self, conversation_id: str) -> None:
        waiting = self.of(conversation_id)
        if (
            waiting
            and conversation_id not in self._pauses
            and conversation_id not in self._sending
            and self._held.get(conversation_id) != waiting[0].id
            and not self._replies.of(conversation_id)
        ):
            self._sending.add(conversation_id)
            self._parts.tasks.spawn(self._send(conversation_id, waiting[0]))

    async def _send(self, conversation_id: str, one: Waiting) -> None:
        from gui.chat.turn import Turn, ask

        try:
            history = await self._parts.history
            conversation = await history.conversation(conversation_id)
            if conversation is None:
                return
            message = await ask(history, conversation, one.text, conversation.leaf_id, one.attachments)
            self._sent(conversation_id, one)
            if not self._replies.of(conversation_id):
                connections, preferences = self._parts.connections, self._parts.preferences
                connection = connections.get(conversation.connection) or connections.default(
                    preferences.get("default_connection")
                )
                self._replies.start(Turn(history, self._parts.routes, connection, conversation, message.id))
            self.went_on.emit(conversation_id)
        except Exception:
            self._pauses[conversation_id] = Pause.FAILED
            self.changed.emit(conversation_id)
            raise
        finally:
            self._sending.discard(conversation_id)

    def _sent(self, conversation_id: str, one: Waiting) -> None:
        """It is in the history: it waits no more, whatever the file says."""
        rest = tuple(other for other in self.of(conversation_id) if other.id != one.id)
        try:
            self._put(conversation_id, rest)
        except SettingsError:
            self._set(conversation_id, rest)


# -- as JSON ----------------------------------------------------------------------------------------------------------


def _entry(one: Waiting) -> dict[str, Any]:
    files = [
        {"name": file.name, "type": file.type, "data": base64.b64encode(file.content).decode("ascii")}
        for file in one.attachments
    ]
    return {"text": one.text, "files": files}


def _read(entries: object) -> tuple[Waiting, ...]:
    """What is none of ours counts for nothing."""
    if not isinstance(entries, list):
        return ()
    found = [
        Waiting(entry["text"], _files(entry.get("files")))
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("text"), str)
    ]
    return tuple(one for one in found if one.text or one.attachments)


def _files(entries: object) -> tuple[Attachment, ...]:
    found = []
    for entry in entries if isinstance(entries, list) else ():
        try:
            found.append(Attachment(entry["name"], entry["type"], base64.b64decode(entry["data"], validate=True)))
        except (KeyError, TypeError, binascii.Error, ValueError):
            continue
    return tuple(found)
