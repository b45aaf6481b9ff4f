"""What the heading of a reply tells of its making: tokens, how fast they came, and what was not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from gui.chat.tokens import estimate
from gui.conversation import Role, State
from gui.windows.wording import translate

if TYPE_CHECKING:
    from gui.conversation import Message

SHORTEST = 100
"""Milliseconds in which a reply has to have come for it to have a speed."""

FEW = 10
"""Tokens of which no speed is measured; and tokens a second below which a tenth of one is told."""


def details(message: Message) -> str:
    """Of a reply; "" if there is nothing to tell. What nobody counted is marked with "≈"."""
    if message.role is not Role.ASSISTANT:
        return ""
    told = [_omitted(message.omitted)] if message.omitted else []
    if message.state is not State.RUNNING:
        told += _usage(message)
    return " · ".join(told)


def _omitted(count: int) -> str:
    if count == 1:
        return translate("details", "1 earlier message not sent")
    return translate("details", "{count} earlier messages not sent").format(count=QLocale().toString(count))


def _usage(message: Message) -> list[str]:
    counted = message.completion_tokens
    if counted is None and message.first_at is None:
        return []  # from elsewhere, or never begun
    tokens = estimate(message.text) + estimate(message.reasoning) if counted is None else counted
    number = QLocale().toString(tokens)
    many = translate("details", "{count} token") if tokens == 1 else translate("details", "{count} tokens")
    told = [many.format(count=number if counted is not None else f"≈ {number}")]
    measured = (message.finished_at or 0) - (message.first_at or message.finished_at or 0)
    if counted and message.writing_ms:
        told.append(_speed(tokens, message.writing_ms, ""))
    elif measured >= SHORTEST and tokens >= FEW:
        told.append(_speed(tokens, measured, "≈ "))
    return told


def _speed(tokens: int, milliseconds: int, mark: str) -> str:
    rate = tokens * 1000 / milliseconds
    number = QLocale().toString(rate, "f", 0 if rate >= FEW else 1)
    return translate("details", "{count} tokens/s").format(count=mark + number)
