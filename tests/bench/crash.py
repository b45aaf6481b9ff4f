"""The real program, killed at random moments while three replies stream: what of it is on the disk afterwards."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from gui.conversation import Role, State
from gui.history.store import History
from gui.override import override
from tests.bench.rows import Row
from tests.bench.surroundings import ROOT
from tests.servers.gprochat import GPROChatServer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from gui.conversation import Message
    from tests.bench.surroundings import Surroundings

RUNS = 200
PAUSE = 0.008
"""Seconds, on average, between two words of a reply."""

LONGEST = 250  # words
SOONEST, LATEST = 0.05, 2.5
"""Seconds from the first question until the program is killed."""

REACH = 500  # ms


class Talking(GPROChatServer):
    """Answers each question with numbered words at random moments; `questions` are all that it was asked.

    `written`: of each question of this run, its words and when each of them was written to the socket.
    """

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self.questions: set[str] = set()
        self.written: dict[str, list[tuple[float, str]]] = {}
        self.asked = asyncio.Event()

    @override
    async def _generate(self, request: web.Request) -> web.StreamResponse:
        question = json.loads(await request.read())["messages"][-1]["parts"][0]["text"]
        self.questions.add(question)
        written: list[tuple[float, str]] = []
        self.written[question] = written
        self.asked.set()
        response = web.StreamResponse(headers={"Content-Type": "text/plain; charset=utf-8"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        try:
            for number in range(self._chance.randrange(1, LONGEST)):
                word = f"w{number} "
                written.append((time.monotonic(), word))
                await response.write(word.encode())
                await asyncio.sleep(self._chance.expovariate(1 / PAUSE))
            await response.write_eof()
        except ConnectionError:  # the program is dead
            pass
        return response


@dataclass(slots=True)
class Outcome:
    """`lost`: of any reply, the most that was written to its socket and is not kept, in milliseconds."""

    runs: int = 0
    acknowledged: int = 0
    replies: int = 0
    missing: int = 0
    lost: float = 0.0
    troubles: list[str] = field(default_factory=list)


def measure(around: Surroundings, runs: int) -> Iterator[Row]:
    outcome = asyncio.run(series(around.folder / "crash", around.environment, runs))
    yield Row("runs that ended by kill -9", outcome.runs, "")
    yield Row("messages sent, all of them to be kept", outcome.acknowledged, "")
    yield Row("of them missing", outcome.missing, "", 0)
    yield Row("replies cut in the middle", outcome.replies, "")
    yield Row("the most that one of them lost", outcome.lost, "ms", REACH)
    yield Row("databases with anything wrong", len(outcome.troubles), "", 0)


async def series(folder: Path, environment: dict[str, str], runs: int, seed: int = 1) -> Outcome:
    """Kill the program so many times, each time on what the time before left behind."""
    chance = random.Random(seed)
    outcome = Outcome()
    server = Talking(chance)
    async with server:
        for _ in range(runs):
            server.asked.clear()
            server.written.clear()
            program = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.bench.programs.three_replies", str(folder), server.url),
                cwd=ROOT,
                env=environment,
            )
            await asyncio.wait_for(server.asked.wait(), 60)
            await asyncio.sleep(chance.uniform(SOONEST, LATEST))
            assert program.returncode is None, "it ended by itself"
            killed = time.monotonic()
            program.kill()
            await program.wait()
            outcome.runs += 1
            await _look(folder / "history.sqlite3", server, killed, outcome)
    outcome.acknowledged = len(server.questions)
    return outcome


async def _look(file: Path, server: Talking, killed: float, outcome: Outcome) -> None:
    history = await History.open(file)
    try:
        for check, sound in (("integrity_check", ["ok"]), ("foreign_key_check", [])):
            found = await history._read(partial(_told_by, check=check))
            if found != sound:
                outcome.troubles.append(f"{check}: {found}")
        said = [one for chat in await history.conversations(limit=10_000) for one in await _all(history, chat.id)]
    finally:
        await history.close()
    outcome.troubles += [f"{one.id} runs" for one in said if one.state is State.RUNNING]
    questions = {one.text: one.id for one in said if one.role is Role.USER}
    answers = {one.parent_id: one for one in said if one.role is Role.ASSISTANT}
    outcome.missing = max(outcome.missing, len(server.questions - questions.keys()))
    for question, written in server.written.items():
        answer = answers.get(questions.get(question))
        kept = len(answer.text) if answer else 0
        place = 0
        for moment, word in written:
            place += len(word)
            if place > kept and moment < killed:
                outcome.lost = max(outcome.lost, (killed - moment) * 1000)
                break
        outcome.replies += answer is not None and answer.state is State.INTERRUPTED
        if answer and not "".join(word for _moment, word in written).startswith(answer.text):
            outcome.troubles.append(f"{answer.id} has other words")


def _told_by(connection: sqlite3.Connection, check: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"PRAGMA {check}")]


async def _all(history: History, conversation_id: str) -> list[Message]:
    return await history.branch(conversation_id, limit=100_000)
