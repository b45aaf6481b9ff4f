"""What the first paint waits for, in the program as it is started: nothing that only a message needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui.conversation import Conversation
from gui.history.store import History

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
async def data_home(tmp_path: Path) -> Path:
    """Where a program without arguments finds it, with a conversation that was open."""
    folder = tmp_path / "GPROChat"
    folder.mkdir()
    conversation = Conversation("Kept")
    history = await History.open(folder / "history.sqlite3")
    await history.add_conversation(conversation)
    await history.close()
    group = {"tabs": [{"conversation": conversation.id}]}
    layout = {"panes": {"split": "right", "parts": [group, group]}, "windows": [{"panes": group}]}
    (folder / "preferences.json").write_text(json.dumps({"layout": layout}), "utf-8")
    return tmp_path


def test_what_a_message_needs_is_imported_after_the_first_paint(data_home: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "tests.bench.programs.real_window", "paint"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(data_home)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=True,
    )
    report = json.loads(started.stdout)
    imported = set(report["modules"])
    assert "gui.windows.main_window" in imported, "it is the program that was painted"
    later = {
        "PySide6.QtNetwork",
        "PySide6.QtSvg",
        "aiohttp",
        "aiohttp_socks",
        "asyncio",
        "certifi",
        "email",
        "filelock",
        "gui.chat.turn",
        "gui.history.store",
        "gui.markdown.document",
        "gui.providers.gprochat",
        "gui.providers.local",
        "gui.providers.openai",
        "gui.settings.network",
        "gui.settings.secrets",
        "gui.windows.actions",
        "gui.windows.arranging",
        "gui.windows.conversation_list",
        "gui.windows.dialogs.settings",
        "gui.windows.layout",
        "gui.windows.message_bar",
        "gui.windows.news",
        "gui.windows.notifications",
        "gui.windows.pane_window",
        "gui.windows.remembering",
        "gui.windows.transcript",
        "importlib.metadata",
        "jeepney",
        "keyring",
        "markdown_it",
        "pygments",
        "qasync",
        "socket",
        "sqlite3",
        "ssl",
        "truststore",
        "urllib.request",
        "xllamacpp",
    }
    assert not later & imported
    assert "Qt" not in report["made"], "its enumerations cost as much as a tenth of the start"
