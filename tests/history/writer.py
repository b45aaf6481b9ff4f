"""Another process that uses a history: `python -m tests.history.writer FILE reply|messages`.

reply: a reply that grows by one numbered part each 20 ms for ever. Prints its id, then the number of each part that
was taken. messages: a conversation of its own with 100 messages; prints its id.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

from gui.conversation import Conversation, Message, Role, State
from gui.history.store import History


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


async def main(file: Path, what: str) -> None:
    history = await History.open(file)
    try:
        await {"reply": reply, "messages": messages}[what](history)
    finally:
        await history.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
