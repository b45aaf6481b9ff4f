from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Message, Role
from gui.history.record import Record
from gui.history.store import History

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

AT = 1_750_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty one."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    history = await History.open(tmp_path / "data" / "history.sqlite3")
    yield history
    await history.close()


def record(title: str, *said: str, **more: object) -> Record:
    """A conversation of one line, the person first."""
    conversation = Conversation(title, created_at=AT, updated_at=AT + len(said))
    messages: list[Message] = []
    for number, text in enumerate(said):
        role = (Role.USER, Role.ASSISTANT)[number % 2]
        parent = messages[-1].id if messages else None
        model = "gpt" if role is Role.ASSISTANT else ""
        messages.append(Message(conversation.id, role, text, parent, created_at=AT + number, model=model))
    conversation = Conversation(
        title,
        conversation.id,
        AT,
        AT + len(said),
        messages[-1].id if messages else None,
        **more,  # type: ignore[arg-type]
    )
    return Record(conversation, tuple(messages))
