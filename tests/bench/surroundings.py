"""Where the bench's programs run: a screen and folders of their own, nothing of the person's within reach."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.conversation import Conversation, Message, Role, now
from gui.history.store import History
from gui.settings.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 120.0
"""Seconds after which a program is ended."""

MINUTE = 60_000  # ms


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`folder` is empty and the bench's own; `environment` is every program's."""

    folder: Path
    environment: dict[str, str]

    def run(self, program: str, *arguments: str, limit: float = LIMIT) -> dict[str, Any]:
        """Run tests.bench.programs.PROGRAM in a fresh process; the JSON line it prints."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.programs.{program}", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            timeout=limit,
            check=True,
            text=True,
        )
        report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return report

    def data_dir(self) -> Path:
        """The data folder of a program without arguments: a small history, its newest conversation open."""
        folder = Path(self.environment["XDG_DATA_HOME"]) / "GPROChat"
        if not folder.exists():
            folder.mkdir(parents=True)
            asyncio.run(_furnish(folder))
        return folder


@contextmanager
def surroundings(folder: Path) -> Iterator[Surroundings]:
    """With a screen of Xvfb's where it is installed, else offscreen."""
    home = folder / "home"
    run = home / "run"
    run.mkdir(mode=0o700, parents=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        # Compiled modules belong to every start but the first.
        if not name.lower().endswith("_proxy") and name != "PYTHONDONTWRITEBYTECODE"
    }
    environment = kept | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_RUNTIME_DIR": str(run),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home / 'no-bus'}",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    environment.pop("WAYLAND_DISPLAY", None)
    if shutil.which("Xvfb") is None:
        yield Surroundings(folder, environment | {"QT_QPA_PLATFORM": "offscreen"})
        return
    with _screen() as display:
        yield Surroundings(folder, environment | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display})


@contextmanager
def _screen() -> Iterator[str]:
    reading, writing = os.pipe()
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1200x24", "-dpi", "96", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as answer:
            yield f":{answer.readline().strip()}"
    finally:
        xvfb.terminate()
        xvfb.wait()


async def _furnish(folder: Path) -> None:
    history = await History.open(folder / "history.sqlite3")
    try:
        for number in range(40):
            moment = now() - (40 - number) * 60 * MINUTE
            conversation = Conversation(f"Conversation {number}", created_at=moment, updated_at=moment)
            await history.add_conversation(conversation)
            parent = None
            for turn in range(4):
                said = Message(
                    conversation.id,
                    Role.ASSISTANT if turn % 2 else Role.USER,
                    f"What is said as number {turn}, with **weight** and `code`.",
                    parent,
                    created_at=moment + turn,
                )
                await history.add_message(replace(said, finished_at=said.created_at))
                parent = said.id
            Preferences(folder / "preferences.json").set("open_conversations", [conversation.id])
    finally:
        await history.close()
