"""What can be done with a message of the transcript: a small toolbar beside its heading, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QCursor, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget
from typing_extensions import override

from gui.conversation import Role, State
from gui.markdown.plain import plain_text
from gui.windows.copying import message_data, tell_copied
from gui.windows.message_menu import message_menu
from gui.windows.transcript import MARGIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from gui.windows.theme import Appearance
    from gui.windows.transcript import Transcript

ICON = 16  # px
ABOVE = 4  # px, at the least
DONE = 1500  # ms for which a mark says that the message is on the clipboard
ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class MessageActions(QFrame):
    """One for all messages: it stands beside the heading of the one under the mouse, or of the one chosen by key.

    `busy` says whether a reply is under way. Signals: edit_requested(message id); regenerate_requested(message id);
    version_requested(message id); quote_requested(text);
    save_image_requested(address); left() -- by Esc.
    """

    edit_requested = Signal(str)
    regenerate_requested = Signal(str)
    version_requested = Signal(str)
    quote_requested = Signal(str)
    save_image_requested = Signal(str)
    left = Signal()

    def __init__(self, transcript: Transcript, appearance: Appearance, busy: Callable[[], bool]) -> None:
        super().__init__(transcript.viewport())
        self.setObjectName("messageActions")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._transcript = transcript
        self._appearance = appearance
        self.busy = busy
        self._at = ""  # the id of the message that it stands beside
        self.copy = self._button(self.tr("Copy message"), self._copy)
        self.edit = self._button(self.tr("Edit"), lambda: self.edit_requested.emit(self._at))
        self.again = self._button(self.tr("Answer again"), lambda: self.regenerate_requested.emit(self._at))
        self.more = self._button(self.tr("More"), lambda: self.open_menu())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 1, 2, 1)
        layout.setSpacing(1)
        before: QWidget = transcript
        for button in (self.copy, self.edit, self.again, self.more):
            layout.addWidget(button)
            QWidget.setTabOrder(before, button)
            before = button
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(DONE)
        self._copied.timeout.connect(self.redraw)
        transcript.installEventFilter(self)
        transcript.pointed.connect(self._pointed)
        transcript.menu_requested.connect(self._menu_at)
        transcript.moved.connect(self._follow)
        self.hide()
        self.redraw()

    def _button(self, name: str, does: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setObjectName("flat")
        button.setIconSize(QSize(ICON, ICON))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where one writes
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(does)
        button.installEventFilter(self)
        return button

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        for button, icon in ((self.copy, "copy"), (self.edit, "edit"), (self.again, "refresh"), (self.more, "more")):
            button.setIcon(self._appearance.icon(icon, "muted"))

    # -- where it stands ----------------------------------------------------------------------------------------

    def choose(self, message_id: str) -> None:
        """By key: mark this message, and take the keys that act on it."""
        self._transcript.choose(message_id)
        self._transcript.setFocus()
        self._show_at(message_id)

    def leave(self) -> None:
        """None is chosen any more."""
        self._transcript.choose("")
        self.hide()

    def _show_at(self, message_id: str) -> None:
        shown = self._transcript.get(message_id)
        if shown is None:
            self.hide()
            return
        if message_id != self._at:
            self._copied.stop()
            self.redraw()
        self._at = message_id
        mine = shown.message.role is Role.USER
        self.edit.setVisible(mine)
        self.again.setVisible(not mine and shown.message.state is not State.RUNNING)
        self.again.setEnabled(not self.busy())
        self.setAccessibleName(self.tr("Actions of the message of {author}").format(author=shown.author))
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        heading = self._transcript.headings.rectangle(self._at)
        right = self._transcript.viewport().width() - MARGIN
        # Of a message that begins above it, at the top of what is seen.
        self.move(right - self.width(), max(heading.center().y() - self.height() // 2 - 1, ABOVE))

    def _pointed(self, place: QPoint) -> None:
        if not self._has_focus():
            self._show_at(self._transcript.headings.at(place))

    def _follow(self) -> None:
        """What is shown has moved, or is another."""
        chosen = self._transcript.chosen
        if self.isHidden() and not chosen:
            return
        viewport = self._transcript.viewport()
        place = viewport.mapFromGlobal(QCursor.pos())
        if chosen:
            self._show_at(chosen)
        elif viewport.rect().contains(place) and self._transcript.underMouse():
            self._show_at(self._transcript.headings.at(place))
        else:
            self.hide()

    def _has_focus(self) -> bool:
        return any(button.hasFocus() for button in self.findChildren(QToolButton))

    # -- what it does -------------------------------------------------------------------------------------------

    def open_menu(self, place: QPoint | None = None) -> None:
        """The menu of the message beside which this stands; `place` is where it was asked for, in the viewport."""
        shown = self._transcript.get(self._at)
        if shown is None:
            return
        at = self._transcript.viewport().mapToGlobal(place) if place else self.mapToGlobal(self.rect().bottomLeft())
        message_menu(self, self._transcript, shown, place).popup(at)

    def _menu_at(self, place: QPoint) -> None:
        self._show_at(self._transcript.headings.at(place))
        self.open_menu(place)

    def _copy(self) -> None:
        shown = self._transcript.get(self._at)
        if shown is None:
            return
        text = shown.message.text
        plain = text if shown.message.role is Role.USER else plain_text(text)
        QGuiApplication.clipboard().setMimeData(message_data(text, plain))
        self.copy.setIcon(self._appearance.icon("check", "accent"))
        self._copied.start()
        tell_copied(self)

    def _step_version(self, by: int) -> None:
        shown = self._transcript.get(self._transcript.chosen)
        other = shown.version(by) if shown is not None else ""
        if other:
            self.version_requested.emit(other)

    # -- keys ---------------------------------------------------------------------------------------------------

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        chosen = self._transcript.chosen
        if event.type() == QEvent.Type.ShortcutOverride and chosen and _key(event) == Qt.Key.Key_Escape:
            event.accept()  # or it would stop the reply
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(watched, event) if chosen or watched is not self._transcript else False
        if watched is not self._transcript:
            return False
        if event.type() == QEvent.Type.Leave and not chosen:
            self.hide()
        elif isinstance(event, QContextMenuEvent) and event.reason() == QContextMenuEvent.Reason.Keyboard:
            if chosen:
                self._show_at(chosen)
                self.open_menu()
            else:
                self._menu_at(self._transcript.cursorRect().center())
            return True
        return False

    def _pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.leave()
            self.left.emit()
        elif key in ENTER and isinstance(watched, QToolButton):
            watched.click()
        elif key in ENTER:
            self._show_at(self._transcript.chosen)
            self.open_menu()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and watched is self._transcript and not event.modifiers():
            self._step_version(1 if key == Qt.Key.Key_Right else -1)
        else:
            return False
        return True


def _key(event: QEvent) -> int:
    return event.key() if isinstance(event, QKeyEvent) else 0
