"""The real window with a sample conversation as a picture: python -m tests.screenshot OUT.png [--dark]."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gui.conversation import Conversation, Message, Role, State, now
from gui.errors import BadPassword
from gui.history.store import History
from gui.settings.connections import Connection, Connections
from gui.settings.preferences import Preferences
from tests.page import PAGE

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

DAY = 86_400_000  # ms

QUESTION = "How do I stream tokens from an async generator into a QTextEdit without freezing the window?"

REPLY = """Collect what arrives and write it **once per frame**. Three things matter:

- keep a private `QTextCursor`, so that the reader’s selection survives
- append, never set anew: `insertText` costs the same at 1 kB and at 1 MB
- scroll only when the reader is at the bottom

```python
async def show(reply, transcript):
    pending = []                      # joined once per frame
    async for token in reply:
        pending.append(token)
        if transcript.frame_due():
            transcript.append("".join(pending))
            pending.clear()
```

A frame is 16 ms, so 1,000 tokens a second become about sixty small writes. The cost stays linear: `T(n) = a·n`.

| tokens a frame | CPU for 100 kB |
| ---: | ---: |
| 1 | 1.05 s |
| 16 | 0.26 s |

> Measure before you believe it. See https://doc.qt.io/qt-6/qtextcursor.html
"""

LANGUAGES = """**Русский:** съешь же ещё этих мягких французских булок.

**日本語:** いろはにほへと ちりぬるを 🌸

العربية: هذا نص من اليمين إلى اليسار مع English في الوسط.

- قائمة أولى
- قائمة ثانية

Emoji: 👩🏽‍💻 🇺🇦 ✅ 1️⃣
"""

TITLES = (
    ("Release checklist", 0, True),
    ("Перевод письма партнёрам", 0, False),
    ("SQL window functions", 0, False),
    ("Weekend in Lisbon", 1, False),
    ("Regex for log lines", 1, False),
    ("Trip budget table", 4, False),
    ("日本語の敬語について", 5, False),
    ("رحلة إلى القاهرة", 6, False),
    ("Cover letter, second draft", 45, False),
)


async def furnish(folder: Path) -> str:
    """Fill a data folder with samples; the id of the conversation to show."""
    connections = Connections(folder / "connections.json")
    connections.save(Connection("home", "GPROChat home server", "gprochat", "http://127.0.0.1:9"))
    history = await History.open(folder / "history.sqlite3")
    try:
        for title, days, pinned in TITLES:
            await _converse(history, Conversation(title, pinned=pinned, connection="home"), days, (("?", "!"),))
        main = Conversation("Streaming tokens into Qt", connection="local")
        await _converse(history, main, 0, ((QUESTION, REPLY), ("And other languages?", LANGUAGES)))
        await _converse(history, Conversation("Everything", connection="local"), 2, (("Show me everything.", PAGE),))
        await history.update_conversation(await _titled(history, "Перевод письма партнёрам"), unread=True)
    finally:
        await history.close()
    return main.id


async def _converse(history: History, conversation: Conversation, days: int, said: tuple[tuple[str, str], ...]) -> None:
    moment = now() - days * DAY - 60_000
    await history.add_conversation(replace(conversation, created_at=moment, updated_at=moment))
    parent = None
    for question, reply in said:
        asked = Message(conversation.id, Role.USER, question, parent, created_at=moment)
        await history.add_message(asked)
        answer = Message(
            conversation.id,
            Role.ASSISTANT,
            reply,
            asked.id,
            created_at=moment,
            finished_at=moment,
            connection=conversation.connection,
            model="SmolLM2" if conversation.connection == "local" else "",
        )
        await history.add_message(answer)
        parent = answer.id


async def _titled(history: History, title: str) -> str:
    return next(one.id for one in await history.conversations() if one.title == title)


async def _show(window: MainWindow, parts: Parts, arguments: argparse.Namespace, chosen: str) -> None:
    window.setGeometry(0, 0, 1280, 820)
    await window.open(chosen)
    if arguments.scene == "top":
        window.pane.transcript.verticalScrollBar().setValue(0)
    elif arguments.scene.startswith("page"):  # page, page2, …: one screen after the other
        window.resize(window.width(), window.screen().geometry().height())
        await window.open(await _titled(await parts.history, "Everything"))
        await asyncio.sleep(0.3)
        transcript = window.pane.transcript
        number = int(arguments.scene.removeprefix("page") or 1) - 1
        transcript.verticalScrollBar().setValue(number * transcript.viewport().height())
    elif arguments.scene == "empty":
        window.new_chat()
    elif arguments.scene == "trouble":
        history = await parts.history
        asked = Message(chosen, Role.USER, "One more thing", window.pane.last_reply().id)  # type: ignore[union-attr]
        await history.add_message(asked)
        error = BadPassword(host="chat.example.org", message="").to_json()
        failed = Message(chosen, Role.ASSISTANT, "It begins like", asked.id, State.FAILED, error=error)
        await history.add_message(failed)
        await window.pane.reload()
        window.pane.transcript.jump_to_latest()
    elif arguments.scene in {"general", "connections", "network"}:
        window.open_settings(arguments.scene)
    elif arguments.scene == "shortcuts":
        window.actions_by_name["shortcuts"].trigger()
    await asyncio.sleep(0.6)
    place = window.frameGeometry()
    window.screen().grabWindow(0, place.x(), place.y(), place.width(), place.height()).save(arguments.out)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--language", default="en")
    parser.add_argument("--scene", default="end")
    arguments = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = arguments.scale
    from gui.app import run_window

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        preferences = Preferences(folder / "preferences.json")
        preferences.set("theme", "dark" if arguments.dark else "light")
        preferences.set("language", arguments.language)
        chosen = asyncio.run(furnish(folder))
        run_window(folder, f"GPROChat {folder}", lambda window, parts: _show(window, parts, arguments, chosen))


if __name__ == "__main__":
    main()
