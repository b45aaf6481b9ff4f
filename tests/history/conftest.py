from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation
from gui.history.store import History

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a history will be; its folder is not there yet."""
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
async def history(file: Path) -> AsyncIterator[History]:
    history = await History.open(file, patience=0.2)
    yield history
    await history.close()


@pytest.fixture
async def chat(history: History) -> Conversation:
    """A conversation without messages in `history`."""
    conversation = Conversation(title="A chat")
    await history.add_conversation(conversation)
    return conversation
