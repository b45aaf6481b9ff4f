"""What an export says itself, in the person's language, and how it names who wrote what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from gui.conversation import Message, Role, State
from gui.errors import from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """`connections`: names by ids. `explain`: the sentence of what `Message.error` holds."""

    you: str = "You"
    reply: str = "Reply"
    system: str = "System prompt"
    thoughts: str = "Thoughts"
    version: str = "Another version"
    stopped: str = "The reply was stopped."
    interrupted: str = "This reply is not complete."
    untitled: str = "New chat"
    contents: str = "Contents"
    connections: Mapping[str, str] = field(default_factory=dict)
    explain: Callable[[str], str] = lambda error: str(from_json(error))

    def author(self, message: Message) -> str:
        if message.role is Role.USER:
            return self.you
        name = self.connections.get(message.connection, "")
        return " · ".join(filter(None, (name, message.model))) or self.reply

    def trouble(self, message: Message) -> str:
        """What became of a reply that is not complete; "" of one that is."""
        match message.state:
            case State.FAILED:
                return self.explain(message.error)
            case State.STOPPED:
                return self.stopped
            case State.INTERRUPTED | State.RUNNING:
                return self.interrupted
            case _:
                return ""


def moment(milliseconds: int) -> str:
    """Day and minute, here."""
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
