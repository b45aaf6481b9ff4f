"""What was said, in one read-only QTextEdit: selectable across messages, drawn as it streams."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPushButton, QTextEdit
from typing_extensions import override

from gui.conversation import Message, Role, State
from gui.errors import from_json
from gui.markdown.blocks import FOOTNOTE
from gui.markdown.document import (
    CARD,
    CARD_KIND,
    CARD_PADDING,
    CODE_HEADER,
    FOLD,
    MESSAGE,
    NOTE,
    OUTSIDE,
    Writer,
    keep_apart,
    table_before,
)
from gui.markdown.objects import OBJECT, format_image
from gui.markdown.stream import BlockStream, parse
from gui.windows.backdrop import Backdrop
from gui.windows.copying import mime_data, selected_text
from gui.windows.details import details
from gui.windows.headings import Headings
from gui.windows.images import Images
from gui.windows.layout import Place
from gui.windows.pictures import Pictures
from gui.windows.sideways import SidewaysEdit
from gui.windows.thoughts import Thoughts
from gui.windows.wording import clock, explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtCore import QMimeData, QUrl
    from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from gui.windows.theme import Appearance

FRAME, SLOWEST = 16, 40  # ms between two drawings of what streams
REST = 24  # times as long as a drawing took, so that what is fast is smooth and nothing takes all of a machine
MARKED = 2500  # ms for which a message that was looked for stands out
MARGIN = 12  # px around the text
CHOSEN_WIDTH = 3  # px of the bar beside the message that is chosen
FIRST_GAP, MESSAGE_GAP = 6, 26  # px above the heading of the first message, and of any other
DETAILS = QTextFormat.Property.UserProperty + 62  # bool: what a heading tells of the making of a reply
VERSION = "version:"  # the scheme of the links between versions
THOUGHTS = "thoughts:"  # of the line that unfolds them


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
    first, or the last, of what is shown is near; pointed(place), menu_requested(place) -- in the viewport, by the
    mouse; moved() -- what is shown stands elsewhere in the viewport, or is something else; image_requested(address);
    scrolled() -- the reader is elsewhere, and not only because more has come at the end.
    """

    link_requested = Signal(str)
    version_requested = Signal(str)
    older_requested = Signal()
    newer_requested = Signal()
    pointed = Signal(QPoint)
    menu_requested = Signal(QPoint)
    moved = Signal()
    scrolled = Signal()
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
        self._writer: Writer | None = None  # of the reply that runs
        self._stream = BlockStream()
        self._streamed: list[str] = []  # all of the reply that runs, for drawing it anew
        self._waiting: list[str] = []  # arrived, not drawn
        self._thoughts = Thoughts()
        self._thinking: list[str] = []  # all thoughts of the reply that runs
        self._aside: tuple[Writer, BlockStream] | None = None  # they are unfolded, and go on
        self._status = ""
        self.backdrop = Backdrop(self, appearance)
        self.headings = Headings(self)
        self.pictures = Pictures(self, appearance, images or Images())
        self.pictures.requested.connect(self.image_requested)
        self.pictures.changed.connect(self._show_picture)
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
        place = self._at_top() if keep_place else None
        self._frame.stop()
        self._waiting.clear()
        self._writer = self._aside = None
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
        self._restoring = False
        if keep_place or not complete:
            bar.setValue(bar.maximum() - from_end)
            if place is not None:
                self.go_to(place)
            self._scrolled(bar.value())
        else:
            self.jump_to_latest()
        self.moved.emit()

    def add(self, shown: Shown, *, complete: bool = True) -> None:
        """Append a message; a running one grows by `extend` until `end`. `complete` as of `show_messages`."""
        self._complete = complete
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
            self._heading(shown, cursor, first=True)
            self._body(shown.message, cursor)
            cursor = self.headings.cursor(self._shown[0].message.id)
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
            self._shown.insert(0, shown)

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
        if shown is not None and self._writer is not None and shown is self._shown[-1]:
            return replace(shown, message=replace(shown.message, text="".join(self._streamed)))
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
        return selected_text(self.textCursor())

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
            if self._writer is not None:
                self._writer.shift(self.document().characterCount() - length)
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
        if self._thinking and not self._streamed:
            self._end_thoughts()
        self._waiting.append(text)
        self._streamed.append(text)
        self._start_frame()

    def extend_thoughts(self, text: str) -> None:
        """More of what the model thinks before the reply. What comes after its beginning is shown when it is over."""
        if self._writer is None or self._streamed:
            return
        self._thinking.append(text)
        if len(self._thinking) == 1:
            self._thoughts.begin(self._shown[-1].message.id)
            self._draw_again()
        elif self._aside is not None:
            self._waiting.append(text)
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
        writer, stream = self._aside or (self._writer, self._stream)
        if writer is None or not (self._waiting or writer.waits or stream.lags):
            return
        began = time.perf_counter()
        text = "".join(self._waiting)
        self._waiting.clear()
        bar = self.verticalScrollBar()
        before = self.cursorRect(self._at_end()).top() + bar.value()
        writer.stream(*stream.feed(text))
        # Qt draws the text that changed; cards and the streaming cursor reach beyond it.
        top = min(before - bar.value(), self.cursorRect(self._at_end()).top()) - CODE_HEADER
        self.viewport().update(0, top, self.viewport().width(), self.viewport().height() - top)
        took = (time.perf_counter() - began) * 1000
        self._frame.start(min(max(FRAME, round(took * REST)), SLOWEST))

    def end(self, reply: Message) -> None:
        """The reply has ended: `reply` is how it is kept."""
        self.draw_waiting()
        if self._writer is not None:
            self._writer.end(self._stream.end())
        self._thoughts.end(reply.id)
        self._frame.stop()
        if self._shown and self._shown[-1].message.id == reply.id:
            self._shown[-1] = replace(self._shown[-1], message=reply)
        self._writer = None
        self.set_status("")
        if self._stream.references or self._aside:  # what stood above a definition has not known of it
            self.show_messages(self._shown, keep_place=not self._following)
            return
        self._note(reply)
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
        if self._writer is not None:
            text, thoughts = "".join(self._streamed), "".join(self._thinking)
            running = replace(shown[-1].message, text=text, reasoning=thoughts)
            shown = [*shown[:-1], replace(shown[-1], message=running)]
        self.show_messages(shown, keep_place=not self._following, complete=self._complete)

    def jump_to_latest(self) -> None:
        self._following = True
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.jump.hide()

    @property
    def streaming(self) -> bool:
        return self._writer is not None

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw(self, shown: Shown) -> None:
        self._shown.append(shown)
        self._heading(shown, None, first=len(self._shown) == 1)
        self._body(shown.message, None)

    def _body(self, message: Message, cursor: QTextCursor | None) -> None:
        if message.reasoning:
            self._draw_thoughts(message, cursor)
        look = self._appearance.look()
        writer = Writer(self.document(), look, cursor, first=not message.reasoning)
        if message.role is Role.USER:
            character = QTextCharFormat()
            character.setFont(look.font)
            character.setForeground(self._appearance.colour("text"))
            block = QTextBlockFormat()
            block.setLineHeight(130.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            block.setLeftMargin(CARD_PADDING)
            block.setRightMargin(CARD_PADDING)
            block.setProperty(CARD_KIND, "user")
            writer.plain(message.text, character, block)
            self._draw_attachments(message, QTextBlockFormat(block), cursor)
        elif message.state is State.RUNNING:
            self._writer = writer
            self._stream = BlockStream()
            self._streamed = []
            self._thinking = [message.reasoning] if message.reasoning else []
            if message.text:
                self.extend(message.text)
                self.draw_waiting()
        else:
            writer.write(parse(message.text))
            if cursor is not None:  # which a table leaves behind
                cursor.setPosition(writer.position)
            self._note(message, cursor)

    def _draw_attachments(self, message: Message, block: QTextBlockFormat, cursor: QTextCursor | None) -> None:
        """On the card of what is said: pictures, and the names of texts."""
        if not message.attachments:
            return
        at = cursor or self._at_end()
        muted = QTextCharFormat()
        muted.setFont(self._appearance.font(0.9))
        muted.setForeground(self._appearance.colour("muted"))
        block.setProperty(CARD, at.blockFormat().intProperty(CARD))
        block.setProperty(OUTSIDE, True)
        block.setTopMargin(6)
        block.setLineHeight(0.0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
        for one in message.attachments:
            at.insertBlock(block, muted)
            if one.is_image:
                look = QTextCharFormat(muted)
                format_image(look, one.name, self.pictures.hold(one))
                at.insertText(OBJECT, look)
            else:
                at.insertText(f"📄 {one.name}", muted)

    def _draw_thoughts(self, message: Message, cursor: QTextCursor | None) -> None:
        is_open = self._thoughts.is_open(message.id)
        character = QTextCharFormat()
        character.setFont(self._appearance.font(0.94))
        character.setForeground(self._appearance.colour("muted"))
        character.setAnchor(True)
        character.setAnchorHref(THOUGHTS + message.id)
        block = QTextBlockFormat()
        block.setTopMargin(4)
        block.setBottomMargin(6 if is_open else 0)
        block.setLeftMargin(self._appearance.font_height() * 1.1)
        block.setProperty(FOLD, "open" if is_open else "closed")
        block.setProperty(OUTSIDE, True)
        Writer(self.document(), self._appearance.look(), cursor).paragraph(
            self._thoughts.label(message), character, block
        )
        if not is_open:
            return
        writer = Writer(self.document(), self._appearance.aside_look(), cursor)
        if self._thoughts.go_on(message):
            self._aside = (writer, BlockStream())
            writer.write(*self._aside[1].feed(message.reasoning))
        else:
            writer.write(parse(message.reasoning))
        if cursor is not None:
            cursor.setPosition(writer.position)

    def _heading(self, shown: Shown, at: QTextCursor | None, *, first: bool) -> None:
        name = QTextCharFormat()
        name.setFont(self._appearance.font())
        name.setFontWeight(QFont.Weight.DemiBold)
        name.setForeground(self._appearance.colour("text"))
        block = QTextBlockFormat()
        block.setTopMargin(FIRST_GAP if first else MESSAGE_GAP)
        block.setBottomMargin(13 if shown.message.role is Role.USER else 4)
        block.setProperty(MESSAGE, shown.message.id)
        Writer(self.document(), self._appearance.look(), at).paragraph(shown.author, name, block)
        cursor = at or self._at_end()
        self.headings.add(shown.message.id, cursor.block(), first=first)
        muted = QTextCharFormat()
        muted.setFont(self._appearance.font(0.86))
        muted.setForeground(self._appearance.colour("muted"))
        cursor.insertText(f"   {clock(shown.message.created_at)}", muted)
        if len(shown.versions) > 1:
            place = shown.versions.index(shown.message.id)
            cursor.insertText("    ", muted)
            self._version_link(cursor, "‹", shown.versions[place - 1] if place else "", muted)
            cursor.insertText(f" {place + 1}/{len(shown.versions)} ", muted)
            last = place + 1 == len(shown.versions)
            self._version_link(cursor, "›", "" if last else shown.versions[place + 1], muted)
        self._write_details(cursor, shown.message)

    def tell(self, message: Message) -> None:
        """What its heading tells of the making of a reply that is shown is something else now."""
        if message.id not in self.headings:
            return
        cursor = self.headings.cursor(message.id)
        fragments = cursor.block().begin()
        while not fragments.atEnd():
            fragment = fragments.fragment()
            if fragment.charFormat().hasProperty(DETAILS):
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.removeSelectedText()
                break
            fragments += 1
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        self._write_details(cursor, message)

    def _write_details(self, cursor: QTextCursor, message: Message) -> None:
        told = details(message)
        if not told:
            return
        faint = QTextCharFormat()
        faint.setFont(self._appearance.font(0.86))
        faint.setForeground(self._appearance.colour("faint"))
        faint.setProperty(DETAILS, True)
        cursor.insertText(f"   {told}", faint)

    def _version_link(self, cursor: QTextCursor, text: str, target: str, muted: QTextCharFormat) -> None:
        link = QTextCharFormat(muted)
        if target:
            link.setAnchor(True)
            link.setAnchorHref(VERSION + target)
            link.setForeground(self._appearance.colour("link"))
            link.setToolTip(self.tr("Show the other version"))
        cursor.insertText(text, link)

    def _note(self, message: Message, cursor: QTextCursor | None = None) -> None:
        """How a reply ended, if not well."""
        text = {
            State.STOPPED: explain(from_json(message.error)) if message.error else self.tr("Stopped."),
            State.INTERRUPTED: self.tr("Interrupted: the program ended while this was being written."),
            State.FAILED: explain(from_json(message.error)),
        }.get(message.state, "")
        if not text:
            return
        character = QTextCharFormat()
        character.setFont(self._appearance.font(0.9))
        failed = message.state is State.FAILED
        character.setForeground(self._appearance.colour("danger" if failed else "muted"))
        block = QTextBlockFormat()
        block.setTopMargin(8)
        block.setProperty(OUTSIDE, True)
        Writer(self.document(), self._appearance.look(), cursor).paragraph(text, character, block)

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
        before, self._following = self._following, self._complete and value >= bar.maximum() - 4
        self._place_jump()
        if not (before and self._following):
            self.scrolled.emit()
        near = self.viewport().height()
        if value < near and bar.maximum() > 0:
            self.older_requested.emit()
        if not self._complete and value > bar.maximum() - near:
            self.newer_requested.emit()

    @property
    def place(self) -> Place | None:
        """Where the reader is; None if that is the end, where they stay while more comes."""
        return None if self._following else self._at_top()

    def _at_top(self) -> Place | None:
        cursor = self.cursorForPosition(QPoint(0, 0))
        message_id = self.headings.around(cursor.position())
        if not message_id:
            return None
        letters = cursor.position() - self.headings.cursor(message_id).position()
        return Place(message_id, letters, self.cursorRect(cursor).top())

    def go_to(self, place: Place) -> None:
        """Bring the reader back to where they were, if that message is shown."""
        if place.message_id not in self.headings:
            return
        cursor = self.headings.cursor(place.message_id)
        cursor.setPosition(min(cursor.position() + place.letters, self.document().characterCount() - 1))
        self.document().size()  # has all of it laid out, and the scroll bar know
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(cursor).top() - place.top)

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
        place = self.place
        self._fit()
        super().resizeEvent(event)
        if place is not None:
            self.go_to(place)
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
        if self._writer is None:
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

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        shown = [self.get(one.message.id) or one for one in self._shown[-1:]]
        sources = {one.message.id: one.message.text for one in (*self._shown[:-1], *shown)}
        return mime_data(self.textCursor(), sources)

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        """Whatever a text names: nothing is read. Where there is None, Qt would look for itself."""
        return QByteArray()

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
        super().mouseReleaseEvent(e)
        if on_bar or e.button() is not Qt.MouseButton.LeftButton or self.textCursor().hasSelection():
            return
        place = e.position().toPoint()
        number = self.backdrop.copy_button(place)
        address = self.anchorAt(place)
        if number is not None:
            QGuiApplication.clipboard().setText(self.backdrop.code_at(number))
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
