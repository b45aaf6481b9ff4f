"""What the heading of a reply tells of its making."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Conversation, Message, Role, State
from gui.windows.details import details
from tests.servers.openai import Answer, OpenAIServer, delta, stream
from tests.windows.conftest import Visit, connect, shown, until

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

REPLY = Message("c", Role.ASSISTANT, "x" * 400, first_at=1000, finished_at=3000)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (replace(REPLY, completion_tokens=90, writing_ms=1800), "90 tokens · 50 tokens/s"),
        (replace(REPLY, completion_tokens=9, writing_ms=1800), "9 tokens · 5.0 tokens/s"),
        (replace(REPLY, completion_tokens=90), "90 tokens · ≈ 45 tokens/s"),
        (REPLY, "≈ 100 tokens · ≈ 50 tokens/s"),
        (replace(REPLY, reasoning="y" * 400), "≈ 200 tokens · ≈ 100 tokens/s"),
        (replace(REPLY, first_at=2999, completion_tokens=900), "900 tokens"),
        (replace(REPLY, completion_tokens=3), "3 tokens"),
        (replace(REPLY, completion_tokens=1), "1 token"),
        (replace(REPLY, first_at=None), ""),
        (replace(REPLY, first_at=None, completion_tokens=90), "90 tokens"),
        (replace(REPLY, first_at=None, omitted=1), "1 earlier message not sent"),
        (replace(REPLY, state=State.RUNNING, omitted=12), "12 earlier messages not sent"),
        (replace(REPLY, role=Role.USER), ""),
    ],
)
def test_what_is_counted_and_what_is_estimated(message: Message, said: str) -> None:
    assert details(message) == said


def test_the_heading_of_a_reply_tells_its_tokens_at_once_and_later(visit: Visit, data_dir: Path) -> None:
    async def talk(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(stream("Yes.", " Indeed.")) as server:
            connect(data_dir, server.url, "openai")
            parts.connections.remove("none")
            await window.pane.send("hello")
            await until(lambda: "2 tokens" in shown(window.pane).splitlines()[2])
            assert "tokens" not in window.pane.last_reply().text  # type: ignore[union-attr]

    async def look(window: MainWindow, parts: Parts) -> None:
        await until(lambda: window.pane.conversation.title)
        assert "2 tokens" in shown(window.pane).splitlines()[2]

    connect(data_dir, "http://127.0.0.1:9/v1", "openai")
    visit(talk)
    visit(look)


def test_what_is_not_sent_is_told_while_the_reply_is_written(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        slow = Answer((delta(role="assistant"), delta(content="Well"), delta("stop", content=".")), delay=0.5)
        async with OpenAIServer(slow, models={"data": [{"id": "m", "max_model_len": 2048}]}) as server:
            connect(data_dir, server.url, "openai")
            parts.connections.remove("none")
            history = await parts.history
            conversation = Conversation("Long", connection="test")
            await history.add_conversation(conversation)
            parent = None
            for number in range(30):
                role = Role.ASSISTANT if number % 2 else Role.USER
                message = Message(conversation.id, role, f"{number}: {'word ' * 100}", parent)
                await history.add_message(message)
                parent = message.id
            await window.open(conversation.id)
            await window.pane.send("hello")
            await until(lambda: "earlier messages not sent" in shown(window.pane))
            assert len(window.replies) == 1
            await until(lambda: not len(window.replies))
            last = window.pane.last_reply()
            assert last is not None
            heading = shown(window.pane).splitlines()[-2]
            assert f"{last.omitted} earlier messages not sent · ≈ 2 tokens" in heading
            assert heading.count("not sent") == 1

    visit(scenario)
