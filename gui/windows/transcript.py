"""What was said, in one read-only QTextEdit: selectable across messages, drawn as it streams."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeySequence,
    QPainter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPushButton, QTextEdit
from typing_extensions import override

from gui.conversation import Message, Role, State
from gui.markdown.blocks import FOOTNOTE
from gui.markdown.document import (
    CARD,
    CARD_KIND,
    CODE_HEADER,
    MESSAGE,
    NOTE,
    keep_apart,
    table_before,
)
from gui.windows.backdrop import Backdrop
from gui.windows.copying import mime_data, text_data
from gui.windows.excerpt import text_of
from gui.windows.headings import Headings
from gui.windows.images import Images
from gui.windows.message_drawing import FIRST_GAP, MESSAGE_GAP, THOUGHTS, VERSION, MessageDrawing
from gui.windows.pictures import Pictures
from gui.windows.running_reply import RunningReply
from gui.windows.selection import Selection, Standing
from gui.windows.sideways import SidewaysEdit
from gui.windows.thoughts import Thoughts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtCore import QMimeData, QUrl
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from gui.windows.theme import Appearance

FRAME, SLOWEST = 16, 40  # ms between two drawings of what streams
LATE = 1.0  # s between two drawings of thoughts that come after the beginning of their reply
REST = 24  # times as long as a drawing took, so that what is fast is smooth and nothing takes all of a machine
MARKED = 2500  # ms for which a message that was looked for stands out
MARGIN = 12  # px around the text
CHOSEN_WIDTH = 3  # px of the bar beside the message that is chosen


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with what its heading says. `versions` are the ids of its siblings and itself, in order."""

    message: Message
    author: str
    versions: Sequence[str] = ()

    def version(self, by: int) -> str:
        """The id of the version that is so many further in time; "" for none."""
        place = self.versions.index(self.message.id) + by if self.message.id in self.versions else -1
        return self.versions[place] if 0 <= place < len(self.versions) else ""


class Transcript(SidewaysEdit):
    """Signals: link_requested(address); version_requested(message id); older_requested(), newer_requested() -- the
    first, or the last, of what is shown is near; first_requested(), latest_requested() -- of the conversation, by key;
    pointed(place), menu_requested(place) -- in the viewport, by the mouse; moved() -- what is shown stands elsewhere in
    the viewport, or is something else; image_requested(address).
    """

    link_requested = Signal(str)
    version_requested = Signal(str)
    older_requested = Signal()
    newer_requested = Signal()
    first_requested = Signal()
    latest_requested = Signal()
    pointed = Signal(QPoint)
    menu_requested = Signal(QPoint)
    moved = Signal()
    image_requested = Signal(str)

    def __init__(self, appearance: Appearance, images: Images | None = None) -> None:
        super().__init__(appearance)
        self.setObjectName("transcript")
        self.setAccessibleName(self.tr("Conversation"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setMouseTracking(True)
        # What is opaque is scrolled by moving its pixels; anything else is painted anew at each line.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._shown: list[Shown] = []
        self._chosen = ""
        self._tints: list[QTextEdit.ExtraSelection] = []
        self._running: RunningReply | None = None
        self._thoughts = Thoughts()
        self._late_due = 0.0  # when what was thought after its beginning may be drawn
        self._status = ""
        self.backdrop = Backdrop(self, appearance)
        self.headings = Headings(self)
        self.pictures = Pictures(self, appearance, images or Images())
        self._drawing = MessageDrawing(self.document(), appearance, self.pictures, self._thoughts)
        self.pictures.requested.connect(self.image_requested)
        self.pictures.changed.connect(self._show_picture)
        self._copies_text = False
        self._complete = True
        self._following = True
        self._restoring = False
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self.draw_waiting)
        self.jump = QPushButton(self.tr("Jump to latest"), self)
        self.jump.setObjectName("jump")
        self.jump.setCursor(Qt.CursorShape.PointingHandCursor)
        self.jump.clicked.connect(self.jump_to_latest)
        self.jump.hide()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._scrolled)

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_messages(self, shown: Sequence[Shown], *, keep_place: bool = False, complete: bool = True) -> None:
        """Draw `shown`, and nothing else; `keep_place` leaves the reader where they are, in the same message if it is
        among those.

        `complete`: the last one is the last of the conversation.
        """
        bar = self.verticalScrollBar()
        from_end = bar.maximum() - bar.value()
        place = self._place() if keep_place else None
        selection = Selection.of(self.textCursor(), self.headings) if self._shown else None
        self._frame.stop()
        self._running = None
        self._shown = []
        self.headings.clear()
        self._complete = complete
        self._restoring = True
        self.backdrop.forget()
        self.areas.forget()
        self.clear()
        self.document().setDocumentMargin(MARGIN)
        for one in shown:
            self._draw(one)
        self._bottom_margin()
        if selection is not None:
            self._select_again(selection)  # Qt scrolls to it
        self._restoring = False
        if keep_place or not complete:
            bar.setValue(bar.maximum() - from_end)
            if place is not None:
                self._go_back(place)
            self._scrolled(bar.value())
        else:
            self.jump_to_latest()
        self.moved.emit()

    def _select_again(self, selection: Selection) -> None:
        cursor = self.textCursor()
        if selection.found(cursor, self.headings):
            self.setTextCursor(cursor)

    @contextmanager
    def _same_selection(self) -> Iterator[None]:
        """Write at the end without that being selected, or what is there no more."""
        cursor = self.textCursor()
        standing = Standing(cursor) if cursor.hasSelection() else None
        yield
        cursor = self.textCursor()
        if standing is not None and standing.found(cursor):
            bar = self.verticalScrollBar()
            value = bar.value()
            self._restoring = True
            self.setTextCursor(cursor)  # Qt scrolls to it
            bar.setValue(value)
            self._restoring = False

    def add(self, shown: Shown, *, complete: bool = True) -> None:
        """Append a message; a running one grows by `extend` until `end`. `complete` as of `show_messages`."""
        self._complete = complete
        with self._same_selection():
            self._draw(shown)

    def prepend(self, shown: Shown) -> None:
        """A message above the others, which stand where they stood before the reader's eyes."""
        with self._standing_still():
            document = self.document()
            cursor = QTextCursor(document)
            before = document.documentLayout().blockBoundingRect(cursor.block()).top()
            first = cursor.blockFormat()
            first.setTopMargin(MESSAGE_GAP)
            characters = cursor.blockCharFormat()
            cursor.insertBlock(first, characters)
            cursor.setPosition(0)
            self._draw(shown, cursor)
            cursor = self.headings.cursor(self._shown[1].message.id)
            if cursor.block().previous().length() == 1 and table_before(cursor.block().previous()) is not None:
                cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock, QTextCursor.MoveMode.KeepAnchor)
                cursor.removeSelectedText()  # a table left an empty block for what comes next
                cursor.setBlockFormat(first)
                cursor.setBlockCharFormat(characters)
            table = table_before(cursor.block())
            keep_apart(table, MESSAGE_GAP)
            # Whole pixels, or what stands below would be rounded to others than before.
            growth = document.documentLayout().blockBoundingRect(cursor.block()).top() - before
            first.setTopMargin(MESSAGE_GAP + math.ceil(growth) - growth)
            cursor.setBlockFormat(first)
            keep_apart(table, first.topMargin())

    def drop_before(self, message_id: str) -> None:
        """Take away what stands above this message."""
        with self._standing_still():
            cursor = self.headings.cursor(message_id)
            first, characters = cursor.blockFormat(), cursor.blockCharFormat()
            first.setTopMargin(FIRST_GAP)
            cursor.beginEditBlock()
            cursor.setPosition(0, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            cursor.setBlockFormat(first)
            cursor.setBlockCharFormat(characters)
            cursor.endEditBlock()
            ids = [one.message.id for one in self._shown]
            del self._shown[: ids.index(message_id)]
            self.headings.drop_before(message_id)

    def show_message(self, message_id: str, at: int | None = None) -> None:
        """Scroll to where this message begins, which will be `at` so many pixels; it is among those shown."""
        bar = self.verticalScrollBar()
        self.document().size()  # has all of it laid out
        bar.setValue(bar.value() + self.headings.rectangle(message_id).top() - (MESSAGE_GAP if at is None else at))

    def get(self, message_id: str) -> Shown | None:
        """What is shown of this id; a reply that runs with the text that has arrived."""
        shown = next((one for one in self._shown if one.message.id == message_id), None)
        if shown is not None and self._running is not None and shown is self._shown[-1]:
            return replace(shown, message=replace(shown.message, text=self._running.text))
        return shown

    def code_at(self, place: QPoint) -> str | None:
        """The code that stands at this place of the viewport; None for anything else."""
        block = self.cursorForPosition(place).block()
        if block.blockFormat().property(CARD_KIND) != "code":
            return None
        card = block.blockFormat().intProperty(CARD)
        while block.previous().blockFormat().intProperty(CARD) == card:
            block = block.previous()
        return self.backdrop.code_at(block.blockNumber())

    def address_at(self, place: QPoint) -> str:
        """Where the link at this place of the viewport leads; "" if there is none, or it stays in here."""
        address = self.anchorAt(place)
        return "" if address.startswith((VERSION, FOOTNOTE)) else address

    def selected_text(self) -> str:
        return text_of(self.textCursor())

    @property
    def chosen(self) -> str:
        """The id of the message that is marked; "" if none that is shown is."""
        return self._chosen if self._chosen in self.headings else ""

    def choose(self, message_id: str) -> None:
        """Mark a message, "" for none, and have it in sight: all of it, or else its beginning."""
        self._chosen = message_id
        self.viewport().update()
        if message_id:
            self.document().size()  # has all of it laid out
            top, bottom = self.headings.span(message_id)
            if top < 0 or bottom > self.viewport().height():
                self.show_message(message_id)

    def mark(self, message_id: str) -> None:
        """Have the heading of a message stand out for a moment."""
        mark = QTextEdit.ExtraSelection()
        cursor = self.headings.cursor(message_id)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(self._appearance.colour("found"))
        mark.cursor, mark.format = cursor, look
        self.setExtraSelections([*self._tints, mark])
        QTimer.singleShot(MARKED, self, lambda: self.setExtraSelections(self._tints))

    def set_tints(self, tints: Sequence[QTextEdit.ExtraSelection]) -> None:
        """Have these stand out, and no others."""
        self._tints = list(tints)
        self.setExtraSelections(self._tints)

    def bring_into_sight(self, cursor: QTextCursor) -> None:
        """Scroll only if where the selection begins is not in sight."""
        self.document().size()  # has all of it laid out
        begin = QTextCursor(cursor)
        begin.setPosition(cursor.selectionStart())
        place = self.cursorRect(begin)
        if place.top() < 0 or place.bottom() > self.viewport().height():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + place.top() - self.viewport().height() // 3)
        self.reveal(cursor)

    @contextmanager
    def _standing_still(self) -> Iterator[None]:
        """Change what stands above the viewport without moving what is in it."""
        bar = self.verticalScrollBar()
        anchor = self.cursorForPosition(QPoint(0, 0))
        before = self.cursorRect(anchor).top()
        length = self.document().characterCount()
        self._restoring = True
        try:
            yield
            if self._running is not None:
                self._running.writer.shift(self.document().characterCount() - length)
            self.document().size()  # has all of it laid out, and the scroll bar know
            bar.setValue(bar.value() + self.cursorRect(anchor).top() - before)
        finally:
            self._restoring = False
        self.backdrop.forget()
        self.viewport().update()
        self.moved.emit()

    def _show_footnote(self, label: str, block: QTextBlock) -> None:
        """Scroll to the footnote of the same message as `block`, if it is not in sight."""
        while block.isValid() and block.blockFormat().property(NOTE) != label:
            block = block.next()
            if block.blockFormat().hasProperty(MESSAGE):
                return
        if not block.isValid():
            return
        place = self.cursorRect(QTextCursor(block))
        if place.bottom() > self.viewport().height():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + place.bottom() - self.viewport().height() // 2)

    def _show_picture(self, address: str) -> None:
        """It takes another room than before, or looks different."""
        places = self.pictures.places(address)
        if not places:
            return
        if self._following:
            for place in places:
                self.document().markContentsDirty(place, 1)
            self.document().size()  # has all of it laid out, and the scroll bar know
            self.jump_to_latest()
        else:
            with self._standing_still():
                for place in places:
                    self.document().markContentsDirty(place, 1)
        self.backdrop.forget()
        self.viewport().update()

    def extend(self, text: str) -> None:
        """More of the reply that runs; drawn with all else that arrives within a frame."""
        if self._running is not None and self._running.has_thoughts and not self._running.has_text:
            self._end_thoughts()
        if self._running is not None:
            self._running.take(text)
            self._start_frame()

    def extend_thoughts(self, text: str) -> None:
        """More of what the model thinks. What comes after the reply's beginning stands above it, so it is drawn at
        times, and only where it is unfolded.
        """
        running = self._running
        if running is None:
            return
        is_first = not running.has_thoughts
        running.take_thoughts(text)
        message_id = self._shown[-1].message.id
        if running.has_text:
            is_open = self._thoughts.is_open(message_id)
            if is_first or (is_open and time.monotonic() >= self._late_due):
                self._draw_again()
                self._late_due = time.monotonic() + LATE
        elif is_first:
            self._thoughts.begin(message_id)
            self._draw_again()
        elif running.aside is not None:
            self._start_frame()

    def _end_thoughts(self) -> None:
        self.draw_waiting()
        self._thoughts.end(self._shown[-1].message.id)
        self._draw_again()

    def toggle_thoughts(self, message_id: str) -> None:
        """Unfold or fold them; the line that does it stays where it is."""
        before = self.headings.rectangle(message_id).top()
        self._thoughts.toggle(message_id)
        self._draw_again()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.headings.rectangle(message_id).top() - before)

    def _start_frame(self) -> None:
        if not self._frame.isActive():
            # The first piece after a pause is drawn in this very turn of the loop, those that follow once a frame.
            self._frame.start(0)

    def draw_waiting(self) -> None:
        """Draw what has arrived."""
        if self._running is None or not self._running.is_behind:
            return
        began = time.perf_counter()
        bar = self.verticalScrollBar()
        before = self.cursorRect(self._at_end()).top() + bar.value()
        with self._same_selection():
            self._running.draw()
        # Qt draws the text that changed; cards and the streaming cursor reach beyond it.
        top = min(before - bar.value(), self.cursorRect(self._at_end()).top()) - CODE_HEADER
        self.viewport().update(0, top, self.viewport().width(), self.viewport().height() - top)
        took = (time.perf_counter() - began) * 1000
        self._frame.start(min(max(FRAME, round(took * REST)), SLOWEST))

    def end(self, reply: Message) -> None:
        """The reply has ended: `reply` is how it is kept."""
        self.draw_waiting()
        running, self._running = self._running, None
        if running is not None:
            with self._same_selection():
                running.end()
        self._thoughts.end(reply.id)
        self._frame.stop()
        if self._shown and self._shown[-1].message.id == reply.id:
            self._shown[-1] = replace(self._shown[-1], message=reply)
        self.set_status("")
        # What stood above a definition has not known of it.
        if running is not None and (running.is_provisional or self._thoughts.is_open(reply.id)):
            self.show_messages(self._shown, keep_place=not self._following)
            return
        with self._same_selection():
            self._drawing.note(reply)
            self.tell(reply)
        self.viewport().update()

    @property
    def status(self) -> str:
        return self._status

    def set_status(self, text: str) -> None:
        """What the app waits for, below the last message; "" for nothing."""
        if text != self._status:  # this is called for each token, and a repaint of everything is not one token's
            self._status = text
            self.viewport().update()

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        self._draw_again()
        self._fit()

    def _draw_again(self) -> None:
        shown = self._shown
        if (running := self._running) is not None:
            message = replace(shown[-1].message, text=running.text, reasoning=running.thoughts)
            shown = [*shown[:-1], replace(shown[-1], message=message)]
        self.show_messages(shown, keep_place=not self._following, complete=self._complete)

    def jump_to_first(self) -> None:
        """The beginning of what is shown, with the caret."""
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def jump_to_latest(self) -> None:
        self._following = True
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.jump.hide()

    @property
    def streaming(self) -> bool:
        return self._running is not None

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw(self, shown: Shown, at: QTextCursor | None = None) -> None:
        """Below all others; or above them, at the cursor."""
        message, first = shown.message, at is not None or not self._shown
        self._shown.insert(0 if at is not None else len(self._shown), shown)
        self.headings.add(message.id, self._drawing.heading(shown, at, first=first), first=first)
        if message.text:
            self._thoughts.end(message.id)
        aside = self._drawing.thoughts(message, at) if message.reasoning else None
        writer = self._drawing.body(message, at)
        if message.role is not Role.USER and message.state is State.RUNNING:
            self._running = RunningReply(writer, message.reasoning, aside)
            if message.text:
                self._running.take(message.text)
                self.draw_waiting()

    def tell(self, message: Message) -> None:
        """What its heading tells of the making of a reply that is shown is something else now."""
        if message.id in self.headings:
            self._drawing.tell(message, self.headings.cursor(message.id))

    def _bottom_margin(self) -> None:
        frame = self.document().rootFrame().frameFormat()
        frame.setBottomMargin(44)
        self.document().rootFrame().setFrameFormat(frame)

    # -- place --------------------------------------------------------------------------------------------------

    def _range_changed(self, _low: int, high: int) -> None:
        if self._restoring:
            return
        if self._following:
            self.verticalScrollBar().setValue(high)
        else:
            self._place_jump()

    def _scrolled(self, value: int) -> None:
        if self._restoring:
            return
        bar = self.verticalScrollBar()
        self._following = self._complete and value >= bar.maximum() - 4
        self._place_jump()
        near = self.viewport().height()
        if value < near and bar.maximum() > 0:
            self.older_requested.emit()
        if not self._complete and value > bar.maximum() - near:
            self.newer_requested.emit()

    def _place(self) -> tuple[str, int, int] | None:
        """Where the reader is: the message at the top, letters from its beginning, and px of these from the top."""
        cursor = self.cursorForPosition(QPoint(0, 0))
        message_id = self.headings.around(cursor.position())
        if not message_id:
            return None
        letters = cursor.position() - self.headings.cursor(message_id).position()
        return message_id, letters, self.cursorRect(cursor).top()

    def _go_back(self, place: tuple[str, int, int]) -> None:
        message_id, letters, top = place
        if message_id not in self.headings:
            return
        cursor = self.headings.cursor(message_id)
        cursor.setPosition(min(cursor.position() + letters, self.document().characterCount() - 1))
        self.document().size()  # has all of it laid out, and the scroll bar know
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(cursor).top() - top)

    def _place_jump(self) -> None:
        self.jump.setVisible(not self._following)
        self.jump.adjustSize()
        self.jump.move((self.width() - self.jump.width()) // 2, self.height() - self.jump.height() - 10)

    def reading_width(self) -> int:
        """Pixels that the text takes at the most, its margins included."""
        return self._appearance.reading_width() + 2 * MARGIN

    def _fit(self) -> None:
        """A comfortable width of lines, in the middle."""
        bar = self.verticalScrollBar().sizeHint().width()
        side = max((self.width() - self.reading_width()) // 2, bar)
        self.setViewportMargins(side, 0, side - bar, 0)

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        # What is scrolled by its pixels is not painted again.
        self.backdrop.move(dx, dy)
        self.moved.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        place = None if self._following else self._place()
        self._fit()
        super().resizeEvent(event)
        if place is not None:
            self._go_back(place)
        self._place_jump()
        self.moved.emit()

    # -- painting -----------------------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.backdrop.paint(event.rect())
        if self.chosen:
            self._paint_chosen()
        super().paintEvent(event)
        self._paint_end()

    def _paint_chosen(self) -> None:
        """A bar beside the message that is chosen."""
        top, bottom = self.headings.span(self._chosen)
        bottom -= 0 if self.headings.is_last(self._chosen) else MESSAGE_GAP // 2
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.colour("accent"))
        painter.drawRoundedRect(QRectF(0, top, CHOSEN_WIDTH, bottom - top), CHOSEN_WIDTH / 2, CHOSEN_WIDTH / 2)
        painter.end()

    def _paint_end(self) -> None:
        """The streaming cursor, or what the app waits for."""
        if self._running is None:
            return
        end = self.caret(self._at_end())
        painter = QPainter(self.viewport())
        if self._status:
            painter.setFont(self._appearance.font(0.94))
            painter.setPen(self._appearance.colour("muted"))
            margin = int(self.document().documentMargin())
            below = QRect(margin, end.bottom() + 8, self.viewport().width() - 2 * margin, self.viewport().height())
            painter.drawText(below, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._status)
        elif not end.isEmpty():
            height = min(end.height(), QFontMetrics(self._appearance.look().font).ascent() + 3)
            painter.fillRect(end.left() + 2, end.bottom() - height, 6, height, self._appearance.colour("accent"))
        painter.end()

    def _at_end(self) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    @contextmanager
    def _selecting(self) -> Iterator[None]:
        """Whatever is selected, X11 has at once for its middle button: as text alone, which costs least."""
        self._copies_text = True
        try:
            yield
        finally:
            self._copies_text = False

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        if self._copies_text:
            return text_data(self.textCursor())
        shown = [self.get(one.message.id) or one for one in self._shown[-1:]]
        sources = {one.message.id: one.message.text for one in (*self._shown[:-1], *shown)}
        return mime_data(self.textCursor(), sources)

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        """Whatever a text names: nothing is read. Where there is None, Qt would look for itself."""
        return QByteArray()

    # -- keys ---------------------------------------------------------------------------------------------------

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        if e.matches(QKeySequence.StandardKey.MoveToStartOfDocument):
            self.first_requested.emit()
        elif e.matches(QKeySequence.StandardKey.MoveToEndOfDocument):
            self.latest_requested.emit()
            self.moveCursor(QTextCursor.MoveOperation.End)
        elif e.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(e)
        else:
            with self._selecting():
                super().keyPressEvent(e)

    # -- mouse --------------------------------------------------------------------------------------------------

    @override
    def mouseMoveEvent(self, e: QMouseEvent) -> None:
        place = e.position().toPoint()
        button = self.backdrop.copy_button(place) is not None or self.pictures.button_at(self._told(place))
        active = bool(self.anchorAt(place) or button)
        shape = Qt.CursorShape.PointingHandCursor if active else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if self.on_bar(place) else shape)
        super().mouseMoveEvent(e)
        if not e.buttons():
            self.pointed.emit(place)

    @override
    def contextMenuEvent(self, e: QContextMenuEvent) -> None:
        self.menu_requested.emit(e.pos())

    @override
    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        on_bar = self.on_bar(e.position().toPoint())
        with self._selecting():
            super().mouseReleaseEvent(e)
        if on_bar or e.button() is not Qt.MouseButton.LeftButton or self.textCursor().hasSelection():
            return
        place = e.position().toPoint()
        number = self.backdrop.copy_button(place)
        address = self.anchorAt(place)
        if number is not None:
            self.backdrop.copy(number)
        elif picture := self.pictures.button_at(self._told(place)):
            self.image_requested.emit(picture)
        elif address.startswith(VERSION):
            self.version_requested.emit(address.removeprefix(VERSION))
        elif address.startswith(THOUGHTS):
            self.toggle_thoughts(address.removeprefix(THOUGHTS))
        elif address.startswith(FOOTNOTE):
            self._show_footnote(address.removeprefix(FOOTNOTE), self.cursorForPosition(place).block())
        elif address:
            self.link_requested.emit(address)
