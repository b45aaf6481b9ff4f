"""Markdown drawn as it streams, 16 tokens of 4 characters a frame.

`python -m tests.bench.programs.streamed_text transcript|plain KIND LENGTH`, with a KIND of SAMPLES: seconds
of CPU for all of it, and of the GUI thread for a frame; plain is insertText into a QTextEdit.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit

from gui.app import make_application
from gui.conversation import Message, Role, State
from gui.settings.preferences import Preferences
from gui.windows.theme import Appearance
from gui.windows.transcript import Shown, Transcript
from tests.bench.programs.report import say_and_leave
from tests.bench.sample import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH = int(sys.argv[3])
"""Characters."""
TOKEN = 4
TOKENS_PER_FRAME = 16


def main() -> None:
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        appearance = Appearance(application, Preferences(Path(folder) / "preferences.json"))
    edit, draw = (transcript if sys.argv[1] == "transcript" else plain)(appearance)
    edit.resize(848, 620)
    edit.show()
    application.processEvents()
    draw("Begin.\n\n")  # what is imported and made at first use is not the streaming's
    draw("```python\npass\n```\n\n")
    frame(edit)
    text = SAMPLES[sys.argv[2]](LENGTH)
    times = []
    began = time.process_time()
    for start in range(0, LENGTH, TOKEN * TOKENS_PER_FRAME):
        before = time.thread_time()
        draw(text[start : start + TOKEN * TOKENS_PER_FRAME])
        frame(edit)
        times.append(time.thread_time() - before)
    cpu = time.process_time() - began
    times.sort()
    drawn = len(edit.toPlainText())
    assert drawn > LENGTH * 0.6, drawn  # a table has no bars
    say_and_leave({"cpu": cpu, "p99": times[len(times) * 99 // 100], "longest": times[-1]})


def frame(edit: QTextEdit) -> None:
    """Lay out and paint what has changed, at once: a window's own frames come as late as the screen's."""
    QCoreApplication.sendPostedEvents()
    QCoreApplication.sendEvent(edit.window(), QEvent(QEvent.Type.UpdateRequest))


def transcript(appearance: Appearance) -> tuple[QTextEdit, Callable[[str], None]]:
    edit = Transcript(appearance)
    edit.add(Shown(Message("c", Role.ASSISTANT, state=State.RUNNING), "Bench"))

    def draw(text: str) -> None:
        for start in range(0, len(text), TOKEN):
            edit.extend(text[start : start + TOKEN])
        edit.draw_waiting()

    return edit, draw


def plain(appearance: Appearance) -> tuple[QTextEdit, Callable[[str], None]]:
    edit = QTextEdit()
    edit.setObjectName("transcript")  # the same lines of the style sheet
    edit.setReadOnly(True)
    edit.setUndoRedoEnabled(False)
    edit.setFrameShape(QFrame.Shape.NoFrame)
    edit.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    edit.setFont(appearance.look().font)
    cursor = QTextCursor(edit.document())
    bar = edit.verticalScrollBar()

    def draw(text: str) -> None:
        waiting = [text[start : start + TOKEN] for start in range(0, len(text), TOKEN)]
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText("".join(waiting))
        bar.setValue(bar.maximum())

    return edit, draw


main()
