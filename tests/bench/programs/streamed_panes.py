"""Markdown drawn as it streams in several transcripts of one window at once, 16 tokens of 4 characters a frame in each.

`python -m tests.bench.programs.streamed_panes PANES LENGTH`: seconds of the GUI thread for a turn of the loop in which
all of them draw. Each streams from another place of the text.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.app import make_application
from gui.conversation import Message, Role, State
from gui.settings.preferences import Preferences
from gui.windows.theme import Appearance
from gui.windows.transcript import Shown, Transcript
from tests.bench.programs.report import say_and_leave
from tests.bench.sample import mixed_markdown

PANES, LENGTH = map(int, sys.argv[1:])
FRAME = 64
"""Characters."""


def main() -> None:
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        appearance = Appearance(application, Preferences(Path(folder) / "preferences.json"))
    window = QWidget()
    grid = QGridLayout(window)
    transcripts = [Transcript(appearance) for _ in range(PANES)]
    for number, transcript in enumerate(transcripts):
        grid.addWidget(transcript, number // 2, number % 2)
        transcript.add(Shown(Message("c", Role.ASSISTANT, state=State.RUNNING), "Bench"))
        transcript.extend("Begin.\n\n```python\npass\n```\n\n")  # what is imported and made at first use
    window.resize(1500, 1100)
    window.show()
    application.processEvents()
    text = mixed_markdown(LENGTH)
    times = []
    for start in range(0, LENGTH, FRAME):
        before = time.thread_time()
        for number, transcript in enumerate(transcripts):
            place = (start + number * LENGTH // PANES) % LENGTH
            transcript.extend(text[place : place + FRAME])
            transcript.draw_waiting()
        QCoreApplication.sendPostedEvents()
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))
        times.append(time.thread_time() - before)
    times.sort()
    say_and_leave({"p99": times[len(times) * 99 // 100], "longest": times[-1]})


main()
