"""One question without a window: the same turn, written to standard output and kept in the history."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.chat.route import Routes
from gui.chat.turn import Turn, ask
from gui.conversation import Conversation, Message, State
from gui.errors import GProChatError, HistoryError, from_json
from gui.history.store import History
from gui.providers.base import Progress
from gui.settings.connections import Connection, Connections
from gui.settings.network import Network
from gui.settings.preferences import Preferences
from gui.settings.secrets import Secrets
from gui.windows.desktop_proxy import desktop_proxy

if TYPE_CHECKING:
    from pathlib import Path

    from gui.providers.base import Piece
    from gui.settings.connections import ProviderName

ENVIRONMENT = {
    "secret_key": "GPROCHAT_SECRET_KEY",
    "password": "GPROCHAT_PASSWORD",
    "api_key": "GPROCHAT_API_KEY",
}


CONTROLS = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


@dataclass(frozen=True, slots=True)
class Question:
    """`connection` is a name; else `provider` with `url`; else the default connection answers."""

    text: str
    connection: str = ""
    provider: ProviderName | None = None
    url: str = ""
    model: str = ""


class _Printer:
    """Writes pieces as they come."""

    def arrived(self, piece: Piece) -> None:
        if isinstance(piece, Progress) and piece.why is not None and sys.stderr.isatty():
            sys.stderr.write(f"\r{piece.why} {piece.seconds} s …\x1b[K" + ("\n" if piece.seconds == 1 else ""))
        if isinstance(piece, str):
            # A terminal obeys control characters, and it is not the server's to command.
            sys.stdout.write(piece.translate(CONTROLS) if sys.stdout.isatty() else piece)
            sys.stdout.flush()

    def ended(self, reply: Message) -> None:
        if reply.text and not reply.text.endswith("\n"):
            sys.stdout.write("\n")
            sys.stdout.flush()

    def omitted(self, count: int) -> None:
        sys.stderr.write(f"Earlier messages that are not sent: {count}\n")

    def not_kept(self, error: HistoryError) -> None:
        sys.stderr.write(f"{error}\n")


def run_ask(question: Question, data_dir: Path, namespace: str) -> int:
    """Ask, and return the exit status: 0 for a complete reply, 1 with a sentence on standard error otherwise."""
    bear_any_character()
    try:
        return asyncio.run(_ask(question, data_dir, namespace))
    except GProChatError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        leave_output()
        return 1


def bear_any_character() -> None:
    """What a model says goes to whatever the output is: a character it cannot take is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def leave_output() -> None:
    """Whoever read it has gone; Python would complain again when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _ask(question: Question, data_dir: Path, namespace: str) -> int:
    preferences = Preferences(data_dir / "preferences.json")
    connections = Connections(data_dir / "connections.json")
    secrets = Secrets(namespace)
    given = {kind: os.environ[name] for kind, name in ENVIRONMENT.items() if os.environ.get(name)}
    connection = connection_of(question, connections, preferences)
    async with contextlib.AsyncExitStack() as closing:
        history = await History.open(data_dir / "history.sqlite3")
        closing.push_async_callback(history.close)
        routes = Routes(Network(preferences, secrets, desktop_proxy), secrets, data_dir, given)
        closing.push_async_callback(routes.close)
        conversation = Conversation(connection=connection.id, model=question.model)
        message = await ask(history, conversation, question.text, None)
        turn = Turn(history, routes, connection, conversation, message.id, patient=False)
        turn.watchers.append(_Printer())
        reply = await turn.run()
    if reply.state is State.COMPLETE:
        return 0
    sys.stderr.write(f"{from_json(reply.error)}\n")
    return 1 if reply.state is State.FAILED else 0


def connection_of(question: Question, connections: Connections, preferences: Preferences) -> Connection:
    """The connection that `question` names. Raises ConnectionUnknown."""
    if question.provider:
        return Connection(
            f"{question.provider}:{question.url}", question.provider, question.provider, question.url, question.model
        )
    if question.connection:
        return connections.named(question.connection)
    return connections.default(preferences.get("default_connection"))
