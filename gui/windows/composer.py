"""Where a person writes: an input that grows with its text, and the button that sends or stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QToolButton, QVBoxLayout

from gui.override import override
from gui.windows.elided_label import ElidedLabel
from gui.windows.pace import PACE

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QMimeData, QObject
    from PySide6.QtGui import QDragEnterEvent, QFocusEvent, QInputMethodEvent, QKeyEvent

    from gui.conversation import Attachment
    from gui.windows.attachment_strip import AttachmentStrip
    from gui.windows.editing_note import EditingNote
    from gui.windows.theme import Appearance

MOST_LINES = 12


class _Input(QPlainTextEdit):
    """Signals: submitted(); recall_requested() -- Up in an empty input."""

    submitted = Signal()
    recall_requested = Signal()
    image_pasted = Signal(object)
    files_pasted = Signal(list)
    focused = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("composerInput")
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.send_with_control = False
        self._composing = False
        self.textChanged.connect(self.grow)

    def grow(self) -> None:
        """As high as the text, up to MOST_LINES."""
        line = self.fontMetrics().lineSpacing()
        lines = min(max(int(self.document().size().height()), 1), MOST_LINES)
        height = lines * line + round(2 * self.document().documentMargin()) + 4
        if height != self.height():
            self.setFixedHeight(height)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        PACE.typed()
        control = bool(event.modifiers() & QtCore.Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier)
        if event.key() in {QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter} and not self._composing:
            if control or (not self.send_with_control and not shift):
                self.submitted.emit()
                return
            self.insertPlainText("\n")
            self.ensureCursorVisible()
            return
        if event.key() == QtCore.Qt.Key.Key_Up and not event.modifiers() and not self.toPlainText():
            self.recall_requested.emit()
            return
        super().keyPressEvent(event)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        # A file that is dropped here is dropped on the window; one that is pasted is meant for the message.
        return source.hasImage() or source.hasText() or source.hasUrls()

    @override
    def dragEnterEvent(self, e: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in e.mimeData().urls()):
            e.ignore()
        else:
            super().dragEnterEvent(e)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        if files := [url.toLocalFile() for url in source.urls() if url.isLocalFile()]:
            self.files_pasted.emit(files)
        elif source.hasImage() and not source.text():
            self.image_pasted.emit(source.imageData())
        else:
            self.insertPlainText(source.text())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    @override
    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.grow()


class Composer(QFrame):
    """Signals: submitted(text) -- Enter or the button; stop_requested(); recall_requested(); changed() -- the draft;
    editing_ended(); files_requested() -- to be attached; files_pasted(paths); image_pasted(QImage).
    """

    submitted = Signal(str)
    editing_ended = Signal()
    stop_requested = Signal()
    recall_requested = Signal()
    changed = Signal()
    files_requested = Signal()
    files_pasted = Signal(list)
    image_pasted = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("composer")
        # It is made to be written in; and to show the focus only when it comes would keep the first paint waiting.
        self.setProperty("focused", "true")
        self._appearance = appearance
        self._running = False
        self._stop_keys = ""
        self._kept = ""  # the draft, while something else is edited
        self._editing: EditingNote | None = None
        self._strip: AttachmentStrip | None = None
        self.attachments: tuple[Attachment, ...] = ()
        self._kept_attachments: tuple[Attachment, ...] = ()
        self.attach_button = QToolButton()
        self.attach_button.setObjectName("flat")
        self.attach_button.setAccessibleName(self.tr("Attach files"))
        self.attach_button.setToolTip(self.tr("Attach images, texts or PDF files"))
        self.input = _Input()
        self.input.setAccessibleName(self.tr("Message"))
        self._hint = ElidedLabel()
        self._hint.setObjectName("hint")
        self.button = QPushButton()
        self.button.setObjectName("send")
        self.button.setProperty("running", "false")
        self.button.setIconSize(QSize(18, 18))
        below = QHBoxLayout()
        below.setContentsMargins(4, 0, 0, 0)
        below.addWidget(self.attach_button)
        below.addWidget(self._hint, 1)
        below.addWidget(self.button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(11, 9, 9, 9)
        self._layout.setSpacing(5)
        self._layout.addWidget(self.input)
        self._layout.addLayout(below)
        self.setFocusProxy(self.input)
        self.input.submitted.connect(self._submit)
        self.input.recall_requested.connect(self.recall_requested)
        self.input.focused.connect(self.show_focus)
        self.input.textChanged.connect(self._text_changed)
        self.input.files_pasted.connect(self.files_pasted)
        self.input.image_pasted.connect(self.image_pasted)
        self.attach_button.clicked.connect(self.files_requested)
        self.button.clicked.connect(self._pressed)
        self.set_sending(with_control=False)
        self.redraw()

    @property
    def text(self) -> str:
        return self.input.toPlainText()

    @property
    def draft(self) -> str:
        """What is being written, or was before something was edited."""
        return self._kept if self.editing else self.text

    @property
    def editing(self) -> bool:
        return self._editing is not None

    def set_attachments(self, attachments: tuple[Attachment, ...]) -> None:
        """What goes along with the message."""
        self.attachments = attachments
        if self._strip is None and attachments:
            from gui.windows.attachment_strip import AttachmentStrip

            self._strip = AttachmentStrip(self._appearance)
            self._strip.removed.connect(
                lambda one: self.set_attachments(tuple(other for other in self.attachments if other is not one))
            )
            self._layout.insertWidget(self._layout.indexOf(self.input), self._strip)
        if self._strip is not None:
            self._strip.show_attachments(attachments)
        self.redraw()

    @property
    def _has_something(self) -> bool:
        return bool(self.text.strip() or self.attachments)

    def edit(self, text: str, attachments: tuple[Attachment, ...] = ()) -> None:
        """Have what was said before in the input; the draft comes back when that has ended."""
        if self._editing is None:
            from gui.windows.editing_note import EditingNote

            self._kept, self._kept_attachments = self.text, self.attachments
            self._editing = EditingNote(self._appearance)
            self._editing.cancelled.connect(self.stop_editing)
            self._layout.insertWidget(0, self._editing)
            self.input.installEventFilter(self)
        self.set_text(text)
        self.set_attachments(attachments)
        self.input.setFocus()

    def stop_editing(self) -> None:
        """Have the draft back in the input; nothing if nothing is edited."""
        if self._editing is None:
            return
        self._editing.hide()
        self._editing.deleteLater()
        self._editing = None
        self.input.removeEventFilter(self)
        self.set_text(self._kept)
        self.set_attachments(self._kept_attachments)
        self.input.setFocus()
        self.editing_ended.emit()

    def set_text(self, text: str) -> None:
        """Replace the draft; the cursor goes behind it."""
        from PySide6.QtGui import QTextCursor

        self.input.setPlainText(text)
        self.input.moveCursor(QTextCursor.MoveOperation.End)

    def quote(self, text: str) -> None:
        """Put what was said below the draft, as a quote to be answered."""
        quoted = "\n".join(f"> {line}".rstrip() for line in text.strip("\n").split("\n"))
        before = self.text.rstrip("\n")
        self.set_text(f"{before}\n\n{quoted}\n\n" if before else f"{quoted}\n\n")
        self.input.setFocus()

    def set_recipient(self, name: str) -> None:
        self.input.setPlaceholderText(self.tr("Message {name}…").format(name=name))

    def set_sending(self, *, with_control: bool) -> None:
        """Which key sends: Enter, or Ctrl+Enter."""
        self.input.send_with_control = with_control
        self._hint.setText(
            self.tr("Ctrl+Enter sends, Enter for a new line")
            if with_control
            else self.tr("Enter sends, Shift+Enter for a new line")
        )

    def set_running(self, *, running: bool) -> None:
        """A reply runs: the button stops it."""
        if running != self._running:
            self._running = running
            self.redraw()

    def show_stop_keys(self, keys: str) -> None:
        """With which keys a reply is stopped, as they are written for people; "" for none."""
        self._stop_keys = keys
        self.redraw()

    def redraw(self) -> None:
        """After the theme, or what the button does, changed."""
        if self._editing is not None:
            self._editing.redraw()
        if self._strip is not None and self._strip.isVisible():
            self._strip.redraw()
        running = "true" if self._running else "false"
        if self.button.property("running") != running:
            self.button.setProperty("running", running)
            self.button.style().unpolish(self.button)
            self.button.style().polish(self.button)
        self.attach_button.setIcon(self._appearance.icon("attach", "muted"))
        enabled = self._running or self._has_something
        self.button.setEnabled(enabled)
        if self._running:
            self.button.setIcon(self._appearance.icon("stop", "stop_text"))
            self.button.setText(self.tr("Stop"))
            tip = self.tr("Stop the reply")
            self.button.setToolTip(f"{tip} ({self._stop_keys})" if self._stop_keys else tip)
        else:
            self.button.setIcon(self._appearance.icon("send", "accent_text" if enabled else "faint"))
            self.button.setText(self.tr("Send"))
            self.button.setToolTip(self.tr("Send the message"))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While something is edited: Esc ends that, and does not stop the reply."""
        from PySide6.QtGui import QKeyEvent

        if not isinstance(event, QKeyEvent) or event.key() != QtCore.Qt.Key.Key_Escape:
            return False
        if event.type() == event.Type.ShortcutOverride:
            event.accept()
        elif event.type() == event.Type.KeyPress:
            self.stop_editing()
        return True

    def _pressed(self) -> None:
        if self._running:
            self.stop_requested.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        if self._has_something and not self._running:
            self.submitted.emit(self.text)

    def _text_changed(self) -> None:
        if self.button.isEnabled() != (self._running or self._has_something):
            self.redraw()
        self.changed.emit()

    def show_focus(self, focused: bool) -> None:
        """Whether the keys go here."""
        wanted = "true" if focused else "false"
        if self.property("focused") == wanted:
            return
        self.setProperty("focused", wanted)
        self.style().unpolish(self)
        self.style().polish(self)
