"""What of a conversation is sent: all of it, or what fits of its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.chat.attachments import IMAGE_TOKENS, tokens
from gui.chat.tokens import estimate
from gui.conversation import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.conversation import Message
    from gui.providers.base import ChatMessage

SHORT = 1500
"""Tokens that fit into every context there is: for so few, no server is asked how many it takes."""

FRAME = 6
"""Tokens around a message that say who speaks."""

REPLY_SHARE = 4
"""One part of so many of the context is left to a reply whose length nobody limits, but not more than LONG_REPLY."""

LONG_REPLY = 2048
MARGIN = 1.05
"""An estimate that was measured by a reply before may still be wrong by so much."""

UNMEASURED = 1.25
"""An estimate that was not."""

LEAST_SCALE, MOST_SCALE = 0.5, 6.0


def size(messages: Sequence[ChatMessage]) -> int:
    """In tokens, estimated."""
    return sum(_size_of(message) for message in messages)


def _size_of(message: ChatMessage) -> int:
    return estimate(message["content"]) + FRAME + IMAGE_TOKENS * len(message.get("images", ()))


def scale_of(branch: Sequence[Message], system_prompt: str) -> float | None:
    """How many real tokens one that is estimated stands for, by the last reply of `branch` whose server counted what
    it was sent; None if there is none.
    """
    for place in range(len(branch) - 1, 0, -1):
        reply = branch[place]
        if reply.role is Role.ASSISTANT and reply.prompt_tokens:
            # Those before it that were sent: the branch may be cut, so that `omitted` does not count from its start.
            sent = estimate(system_prompt) + sum(
                estimate(one.text) + FRAME + sum(map(tokens, one.attachments)) for one in branch[:place]
            )
            if reply.omitted == 0 and sent >= SHORT // REPLY_SHARE:
                return min(max(reply.prompt_tokens / sent, LEAST_SCALE), MOST_SCALE)
    return None


def room(context: int, max_tokens: int | None) -> int:
    """Tokens that are left for what is sent."""
    reply = min(max_tokens or LONG_REPLY, max(context // REPLY_SHARE, 1))
    return context - reply


def omitted_for(messages: Sequence[ChatMessage], budget: float, most: int | None = None) -> int:
    """How many of the oldest do not fit into `budget` tokens, estimated, and into `most` messages. What is left begins
    with a question; the last message is always sent, as it is what is asked.
    """
    used, first = 0.0, len(messages)
    while first and (most is None or len(messages) - first < most):
        used += _size_of(messages[first - 1])
        if used > budget and first < len(messages):
            break
        first -= 1
    while 0 < first < len(messages) - 1 and messages[first]["role"] != Role.USER:
        first += 1
    return first
