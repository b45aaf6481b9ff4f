"""A turn's surroundings, all of them real: a history file, the routes, no keyring."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from gui.chat.route import Routes
from gui.chat.turn import Turn, ask
from gui.conversation import Conversation, Message, Role
from gui.history.store import History
from gui.settings.connections import Connection
from gui.settings.network import Network
from gui.settings.preferences import Preferences
from gui.settings.secrets import Secrets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from gui.errors import HistoryError
    from gui.providers.base import Piece


@dataclass
class Seen:
    """A watcher that remembers."""

    pieces: list[Piece] = field(default_factory=list)
    ends: list[Message] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    troubles: list[HistoryError] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece for piece in self.pieces if isinstance(piece, str))

    def arrived(self, piece: Piece) -> None:
        self.pieces.append(piece)

    def ended(self, reply: Message) -> None:
        self.ends.append(reply)

    def omitted(self, count: int) -> None:
        self.left_out.append(count)

    def not_kept(self, error: HistoryError) -> None:
        self.troubles.append(error)


@dataclass
class Place:
    """Where turns run."""

    history: History
    routes: Routes
    secrets: Secrets
    file: Path

    async def long_turn(
        self, connection: Connection, said: int, words: int = 100, options: str = ""
    ) -> tuple[Turn, Seen]:
        """A turn at the end of a conversation in which so many messages of so many words were said before."""
        conversation = Conversation(connection=connection.id, options=options)
        parent = await ask(self.history, conversation, f"0: {'word ' * words}", None)
        for number in range(1, said):
            role = Role.ASSISTANT if number % 2 else Role.USER
            message = Message(conversation.id, role, f"{number}: {'word ' * words}", parent.id)
            await self.history.add_message(message)
            parent = message
        message = await ask(self.history, conversation, "a question", parent.id)
        turn = Turn(self.history, self.routes, connection, conversation, message.id)
        seen = Seen()
        turn.watchers.append(seen)
        return turn, seen

    async def turn(self, url: str, text: str = "a question") -> tuple[Turn, Seen]:
        """A turn that answers `text` in a new conversation by the server at `url`, and what is seen of it."""
        connection = Connection("test", "Test", "gprochat", url)
        conversation = Conversation(connection="test")
        message = await ask(self.history, conversation, text, None)
        turn = Turn(self.history, self.routes, connection, conversation, message.id)
        seen = Seen()
        turn.watchers.append(seen)
        return turn, seen


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    preferences = Preferences(tmp_path / "preferences.json")
    secrets = Secrets("GPROChat test")
    routes = Routes(Network(preferences, secrets), secrets, tmp_path)
    file = tmp_path / "history.sqlite3"
    history = await History.open(file, patience=0.1)
    yield Place(history, routes, secrets, file)
    await routes.close()
    await history.close()
