"""Markdown that streams into several transcripts of one window at once, 1,000 tokens of 4 characters a second in each.

`python -m tests.bench.programs.streamed_panes PANES LENGTH`: seconds of the GUI thread for a turn of its loop, of those
in which something is drawn. Each pane streams from another place of the text.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.app import make_application
from gui.conversation import Message, Role, State
from gui.settings.preferences import Preferences
from gui.windows.theme import Appearance
from gui.windows.transcript import Shown, Transcript
from tests.bench.programs.report import say_and_leave
from tests.bench.sample import mixed_markdown

PANES, LENGTH = map(int, sys.argv[1:])
TOKEN = 4
PACE = 1000
"""Tokens a second."""

DRAWS = 0.0005
"""Seconds above which a turn has drawn something."""


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
    text = mixed_markdown(LENGTH) * 2
    place = 0
    began = time.perf_counter()

    def arrive() -> None:
        nonlocal place
        due = min(round((time.perf_counter() - began) * PACE) * TOKEN, LENGTH)
        for number, transcript in enumerate(transcripts if due > place else []):
            start = number * LENGTH // PANES + place
            transcript.extend(text[start : start + due - place])
        place = due

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1)
    timer.timeout.connect(arrive)
    timer.start()
    times = []
    while place < LENGTH:
        before = time.thread_time()
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        times.append(time.thread_time() - before)
    drawn = sorted(seconds for seconds in times if seconds > DRAWS)
    say_and_leave({"p99": drawn[len(drawn) * 99 // 100], "longest": drawn[-1]})


main()
