"""How a message is drawn in a transcript's document: its heading, its thoughts, its text and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont, QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat

from gui.conversation import Message, Role, State
from gui.errors import from_json
from gui.markdown.document import CARD, CARD_KIND, CARD_PADDING, FOLD, MESSAGE, OUTSIDE, Writer
from gui.markdown.objects import OBJECT, format_image
from gui.markdown.stream import BlockStream, parse
from gui.windows.details import details
from gui.windows.wording import clock, explain

if TYPE_CHECKING:
    from gui.windows.pictures import Pictures
    from gui.windows.theme import Appearance
    from gui.windows.thoughts import Thoughts
    from gui.windows.transcript import Shown

translate = QCoreApplication.translate

FIRST_GAP, MESSAGE_GAP = 6, 26  # px above the heading of the first message, and of any other
DETAILS = QTextFormat.Property.UserProperty + 62  # bool: what a heading tells of the making of a reply
VERSION = "version:"  # the scheme of the links between versions
THOUGHTS = "thoughts:"  # of the line that unfolds them


class MessageDrawing:
    """Draws at the end of `document`, or at the cursor that is handed in, which is then behind what was drawn."""

    def __init__(self, document: QTextDocument, appearance: Appearance, pictures: Pictures, thoughts: Thoughts) -> None:
        self._document = document
        self._appearance = appearance
        self._pictures = pictures
        self._thoughts = thoughts

    def heading(self, shown: Shown, at: QTextCursor | None, *, first: bool) -> QTextBlock:
        """Who said it and when, with the ways to its other versions; the block of it. `first`: nothing is above it."""
        name = QTextCharFormat()
        name.setFont(self._appearance.font())
        name.setFontWeight(QFont.Weight.DemiBold)
        name.setForeground(self._appearance.colour("text"))
        block = QTextBlockFormat()
        block.setTopMargin(FIRST_GAP if first else MESSAGE_GAP)
        block.setBottomMargin(13 if shown.message.role is Role.USER else 4)
        block.setProperty(MESSAGE, shown.message.id)
        Writer(self._document, self._appearance.look(), at).paragraph(shown.author, name, block)
        cursor = at or self._at_end()
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
        return cursor.block()

    def tell(self, message: Message, cursor: QTextCursor) -> None:
        """What a heading tells of the making of a reply is something else now; `cursor` is at its beginning."""
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
            link.setToolTip(translate("Transcript", "Show the other version"))
        cursor.insertText(text, link)

    def thoughts(self, message: Message, cursor: QTextCursor | None) -> tuple[Writer, BlockStream] | None:
        """What was thought, folded or not; how it is written on, if it is unfolded and goes on."""
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
        Writer(self._document, self._appearance.look(), cursor).paragraph(
            self._thoughts.label(message), character, block
        )
        if not is_open:
            return None
        writer = Writer(self._document, self._appearance.aside_look(), cursor)
        stream = BlockStream() if self._thoughts.go_on(message) else None
        if stream is not None:
            writer.write(*stream.feed(message.reasoning))
        else:
            writer.write(parse(message.reasoning))
        if cursor is not None:
            cursor.setPosition(writer.position)
        return (writer, stream) if stream is not None else None

    def body(self, message: Message, cursor: QTextCursor | None) -> Writer:
        """What was said. Of a reply that runs nothing: what is given back writes it as it comes."""
        look = self._appearance.look()
        writer = Writer(self._document, look, cursor, first=not message.reasoning)
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
        elif message.state is not State.RUNNING:
            writer.write(parse(message.text))
            if cursor is not None:  # which a table leaves behind
                cursor.setPosition(writer.position)
            self.note(message, cursor)
        return writer

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
                format_image(look, one.name, self._pictures.hold(one))
                at.insertText(OBJECT, look)
            else:
                at.insertText(f"📄 {one.name}", muted)

    def note(self, message: Message, cursor: QTextCursor | None = None) -> None:
        """How a reply ended, if not well."""
        text = {
            State.STOPPED: explain(from_json(message.error)) if message.error else translate("Transcript", "Stopped."),
            State.INTERRUPTED: translate("Transcript", "Interrupted: the program ended while this was being written."),
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
        Writer(self._document, self._appearance.look(), cursor).paragraph(text, character, block)

    def _at_end(self) -> QTextCursor:
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor
