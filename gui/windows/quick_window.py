"""A small window above all others, to ask from anywhere: one conversation, kept like any other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QCursor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget

from gui.override import override
from gui.windows.forward import come_forward

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QHideEvent

    from gui.windows.workspace import Workspace

FRESH = 300.0
"""Seconds for which it shows again what was asked in it last."""

WIDTH, HEIGHT = 620, 440
FROM_TOP = 0.22  # of the screen's height

MOVE_ON = QKeySequence("Ctrl+O")


class QuickWindow(QMainWindow):
    """Signals: moved_on() -- its conversation is to go on in the main window; hidden().

    On Wayland it is the desktop that decides where it stands and what is above it.
    """

    moved_on = Signal()
    hidden = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._left = 0.0  # when it was hidden last, by the monotonic clock
        self._mirrored: dict[str, QAction] = {}
        self.setWindowTitle(self.tr("Quick question – GPROChat"))
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.pane = workspace.add_loose()
        self.move_on_button = QPushButton(self.tr("Open in the window"))
        self.move_on_button.setToolTip(MOVE_ON.toString(QKeySequence.SequenceFormat.NativeText))
        self.move_on_button.clicked.connect(self._move_on)
        self._lay_out()
        self._add("hide", self.hide, [QKeySequence("Esc")])
        self._add("move_on", self._move_on, [MOVE_ON])
        self._add("new_chat", self._begin)
        self._add("close_pane", self.hide)
        self._add("model", self.pane.picker.open)
        self.pane.redraw()
        self.resize(WIDTH, HEIGHT)

    def _lay_out(self) -> None:
        hint = QLabel(self.tr("Esc hides this window. What you ask is kept among your chats."))
        hint.setObjectName("explanation")
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 12, 10)
        foot.addWidget(hint, 1)
        foot.addWidget(self.move_on_button)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.pane, 1)
        layout.addLayout(foot)
        self.setCentralWidget(middle)

    def _add(self, name: str, do: Callable[[], object], keys: list[QKeySequence] | None = None) -> None:
        action = QAction(self)
        action.triggered.connect(lambda: do())
        self.addAction(action)
        if keys is None:
            self._mirrored[name] = action
        else:
            action.setShortcuts(keys)

    def take_keys(self, actions: Mapping[str, QAction]) -> None:
        """Have the keys of the main window's actions, for those that there are here."""
        for name, action in self._mirrored.items():
            action.setShortcuts(actions[name].shortcuts())

    def ask(self, text: str, token: str) -> None:
        """Be seen with what was asked last, or with a new question if there is a text for it or that was long ago."""
        long_ago = not self.isVisible() and time.monotonic() - self._left > FRESH
        if not self.pane.is_begun and (text or long_ago or self.pane.is_empty):
            self._begin()
        if text:
            self.pane.composer.set_text(text)
        if not self.isVisible():
            self._place()
        come_forward(self, token)
        self.pane.composer.setFocus()

    def _begin(self) -> None:
        """A new question; the conversation before it is kept, and a reply in it runs on."""
        self.pane.start_new(self._workspace.new_conversation())
        self.pane.composer.setFocus()

    def _place(self) -> None:
        """Where the person looks."""
        screen = QGuiApplication.screenAt(QCursor.pos()) or self.screen()
        room = screen.availableGeometry()
        self.move(room.topLeft() + QPoint((room.width() - self.width()) // 2, round(room.height() * FROM_TOP)))

    def _move_on(self) -> None:
        self.moved_on.emit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._left = time.monotonic()
        self.hidden.emit()
