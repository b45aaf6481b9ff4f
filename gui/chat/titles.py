"""A title out of the first exchange of a conversation, by the model that answers there."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING

from gui.conversation import TITLE_LENGTH, Role, title_of
from gui.errors import GProChatError
from gui.providers.base import ChatMessage, Reasoning

if TYPE_CHECKING:
    from gui.chat.route import Routes
    from gui.conversation import Conversation, Message
    from gui.settings.connections import Connection

ENOUGH = 1500
"""Letters of each message that a title is made from."""

PATIENCE = 30.0  # seconds
TOKENS = 1000
"""At the most; a model that thinks needs some for that."""

LONGEST = 2 * TITLE_LENGTH
"""A longer answer is no title."""

THOUGHTS = 4000  # letters, after which it is not waited for any longer

WANTED = """Give the chat below a title: two to six words that say what it is about, in the language in which the \
person writes. Answer with the title alone, in one line, without quotes and without a full stop.

<person>
{question}
</person>
<model>
{reply}
</model>"""

NAMED = re.compile(r"^(?:title|название|заголовок|titel|titre|título|タイトル|标题)\s*[:：]\s*", re.IGNORECASE)
AROUND = " \t\"'`*_#“”„«»‘’「」『』"


def first_words(asked: Message) -> str:
    """What a conversation is called until it has a better title: it begins with this message."""
    return title_of(asked.text or (asked.attachments[0].name if asked.attachments else ""))


async def title_by_model(
    routes: Routes, connection: Connection, conversation: Conversation, asked: Message, reply: Message
) -> str:
    """At most TITLE_LENGTH characters in one line; "" if none comes of it within PATIENCE.

    Any failure is none of the person's business: there is a title already.
    """
    text = WANTED.format(question=asked.text[:ENOUGH], reply=reply.text[:ENOUGH])
    message = ChatMessage(role=Role.USER, content=text)
    with contextlib.suppress(GProChatError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            return cleaned(await _answer(routes, connection, conversation.model, message))
    return ""


async def _answer(routes: Routes, connection: Connection, model: str, message: ChatMessage) -> str:
    """As much of it as a title may need."""
    route = await routes.to(routes.tries(connection)[0], model)
    limit = {"max_tokens": TOKENS} if "max_tokens" in route.provider.settable else {}
    generator = route.provider.create_async_generator(route.model, [message], route.proxy, **(route.options | limit))
    text, thoughts = "", 0
    async with contextlib.aclosing(generator) as pieces:
        async for piece in pieces:
            if isinstance(piece, str):
                text += piece
            elif isinstance(piece, Reasoning):
                thoughts += len(piece.text)
            if "\n" in text.strip() or len(text) > LONGEST or thoughts > THOUGHTS:
                break
    return text


def cleaned(answer: str) -> str:
    """A model's answer as a title: its first line, without what stands around it. "" if that is none."""
    line = next((line for line in answer.splitlines() if line.strip(AROUND)), "")
    line = NAMED.sub("", line.strip(AROUND)).strip(AROUND)
    line = line.rstrip(".。") if not line.endswith("...") else line
    return title_of(line.strip(AROUND)) if len(line) <= LONGEST else ""
