"""Ten thousand inputs that are meant to break it."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from typing_extensions import override

from gui.conversation import Message, Role, State
from gui.markdown.stream import BlockStream
from gui.settings.preferences import Preferences
from gui.windows.theme import Appearance
from gui.windows.transcript import Shown, Transcript
from tests.markdown.nasty import EVERY, nasty

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtCore import QUrl
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

INPUTS = 10_000
SHARE = 10
"""One of so many is drawn, too."""

BUDGET = 0.004
"""Seconds of CPU for an input, on average."""

REACHING_OUT = {
    *["open", "os.system", "os.exec", "os.posix_spawn", "subprocess.Popen"],
    *["socket.__new__", "socket.connect", "socket.getaddrinfo", "urllib.Request", "webbrowser.open"],
}
INSTALLED = (sys.prefix, sys.base_prefix)
_watched: list[str] | None = None  # what happened, while somebody wants to know


def _audit(event: str, details: tuple[Any, ...]) -> None:
    # What Python and the packages are made of is read when it is first needed.
    if _watched is not None and event in REACHING_OUT and not str(details[0]).startswith(INSTALLED):
        _watched.append(f"{event} {details[0]}")


sys.addaudithook(_audit)  # for good: there is no way to take one back


@pytest.fixture
def reached() -> Iterator[list[str]]:
    """What was opened, connected to or started."""
    global _watched  # noqa: PLW0603 -- the hook is the process's
    _watched = []
    yield _watched
    _watched = None


class Watched(Transcript):
    """Says what its document wants to load."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance)
        self.asked: list[str] = []

    @override
    def loadResource(self, type: int, name: QUrl | str) -> Any:
        self.asked.append(str(name))
        return super().loadResource(type, name)


@pytest.mark.timeout(120)
def test_they_are_read(reached: list[str]) -> None:
    began = time.process_time()
    for number in range(INPUTS):
        stream = BlockStream()
        blocks = [block for piece in nasty(number) for block in stream.feed(piece)[0]]
        text = "".join(block.text for block in (*blocks, *stream.end()))
        assert text.isascii() or text.encode(), number  # no halves of characters are left
    assert reached == []
    assert time.process_time() - began < INPUTS * BUDGET


@pytest.mark.timeout(120)
def test_they_are_drawn(qapp: QApplication, qtbot: QtBot, tmp_path: Path, reached: list[str]) -> None:
    appearance = Appearance(qapp, Preferences(tmp_path / "preferences.json"))
    transcript = Watched(appearance)
    qtbot.addWidget(transcript)
    transcript.link_requested.connect(lambda address: reached.append(f"link {address}"))
    transcript.resize(848, 620)
    transcript.show()
    reached.clear()  # of the theme and the settings
    # Of the long lines those with letters, which are cut: Qt lays out a block of a million marks for minutes.
    lines = [number for number in range(EVERY - 1, INPUTS, EVERY) if nasty(number)[0][0].isalpha()]
    for number in (*lines, *range(0, INPUTS, SHARE)):
        draw(transcript, number)
    appearance.end()
    assert reached == []
    assert transcript.asked == []


def draw(transcript: Transcript, number: int) -> None:
    """As a reply that streams, a frame for each piece, painted."""
    reply = Message("conversation", Role.ASSISTANT, state=State.RUNNING)
    transcript.show_messages([Shown(reply, "Model")])
    pieces = nasty(number)
    for piece in pieces:
        transcript.extend(piece)
        transcript.draw_waiting()
        QCoreApplication.sendEvent(transcript, QEvent(QEvent.Type.UpdateRequest))
    transcript.end(replace(reply, text="".join(pieces), state=State.COMPLETE))
    QCoreApplication.sendEvent(transcript, QEvent(QEvent.Type.UpdateRequest))
