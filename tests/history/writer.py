"""Another process that uses a history: `python -m tests.history.writer FILE reply|messages|import`.

reply: a reply that grows by one numbered part each 20 ms for ever. Prints its id, then the number of each part that
was taken. messages: a conversation of its own with 100 messages; prints its id.
import: takes in `several`, and prints the number of each conversation that it gets to.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gui.conversation import Conversation, Message, Role, State
from gui.history.record import Record
from gui.history.store import History

if TYPE_CHECKING:
    from collections.abc import Iterator


def tell(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def reply(history: History) -> None:
    conversation = Conversation()
    await history.add_conversation(conversation)
    message = Message(conversation.id, Role.ASSISTANT, state=State.RUNNING)
    await history.add_message(message)
    tell(message.id)
    for number in itertools.count():
        await history.append_part(message.id, f"{number} ", f"({number})")
        tell(number)
        await asyncio.sleep(0.02)


async def messages(history: History) -> None:
    conversation = Conversation()
    await history.add_conversation(conversation)
    parent = None
    for number in range(100):
        message = Message(conversation.id, Role.USER, str(number), parent)
        await history.add_message(message)
        parent = message.id
    tell(conversation.id)


def several(count: int = 400) -> list[Record]:
    """Conversations of ten messages, the same ones each time."""
    found = []
    for number in range(count):
        chat = Conversation(f"Imported {number}", f"chat-{number}", 1, 2, f"{number}-9")
        said = [
            Message(
                chat.id,
                Role.USER,
                f"imported words {turn}",
                f"{number}-{turn - 1}" if turn else None,
                id=f"{number}-{turn}",
                created_at=1,
            )
            for turn in range(10)
        ]
        found.append(Record(chat, tuple(said)))
    return found


async def take_in(history: History) -> None:
    def told() -> Iterator[Record]:
        for number, record in enumerate(several()):
            tell(number)
            yield record

    await history.take_in(told())


async def main(file: Path, what: str) -> None:
    history = await History.open(file)
    try:
        await {"reply": reply, "messages": messages, "import": take_in}[what](history)
    finally:
        await history.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
