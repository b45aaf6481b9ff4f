"""The menu of a message of the transcript."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from gui.conversation import Role
from gui.conversation import State as Progress
from gui.markdown.objects import is_web
from gui.markdown.plain import code_blocks, plain_text
from gui.windows.copying import message_data
from gui.windows.images import State
from gui.windows.model_rows import Kind as Rows
from gui.windows.model_rows import rows_for

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from gui.conversation import Message
    from gui.windows.message_actions import MessageActions
    from gui.windows.transcript import Shown, Transcript

translate = QCoreApplication.translate

CUT = {Progress.STOPPED, Progress.FAILED, Progress.INTERRUPTED}
NAME = 24  # letters of what a picture is called


def message_menu(actions: MessageActions, transcript: Transcript, shown: Shown, place: QPoint | None) -> QMenu:
    """What can be done with `shown`, and with what is at `place` of the viewport. It deletes itself when it closes."""
    menu = QMenu(transcript)
    menu.setObjectName("messageMenu")
    menu.aboutToHide.connect(menu.deleteLater)
    _add_copies(menu, transcript, shown.message, place)
    _add_pictures(menu, actions, transcript, shown.message, place)
    menu.addSeparator()
    _add_answers(menu, actions, transcript, shown)
    menu.addSeparator()
    _add_marks(menu, actions, shown.message)
    menu.addSeparator()
    menu.addAction(translate("MessageMenu", "Select all"), transcript.selectAll)
    return menu


def _add_copies(menu: QMenu, transcript: Transcript, message: Message, place: QPoint | None) -> None:
    clipboard = QGuiApplication.clipboard()
    text = message.text
    plain = text if message.role is Role.USER else plain_text(text)
    if transcript.textCursor().hasSelection():
        menu.addAction(translate("MessageMenu", "Copy"), transcript.copy)
    code = transcript.code_at(place) if place is not None else None
    if code is not None:
        menu.addAction(translate("MessageMenu", "Copy code block"), lambda: clipboard.setText(code))
    address = transcript.address_at(place) if place is not None else ""
    if address:
        menu.addAction(translate("MessageMenu", "Open link…"), lambda: transcript.link_requested.emit(address))
        menu.addAction(translate("MessageMenu", "Copy link"), lambda: clipboard.setText(address))
    if menu.actions():
        menu.addSeparator()
    menu.addAction(translate("MessageMenu", "Copy message"), lambda: clipboard.setMimeData(message_data(text, plain)))
    menu.addAction(translate("MessageMenu", "Copy as Markdown"), lambda: clipboard.setText(text))
    menu.addAction(translate("MessageMenu", "Copy as plain text"), lambda: clipboard.setText(plain))
    codes = code_blocks(text) if message.role is Role.ASSISTANT else []
    if codes:
        menu.addAction(translate("MessageMenu", "Copy all code"), lambda: clipboard.setText("\n\n".join(codes)))


def _add_pictures(
    menu: QMenu, actions: MessageActions, transcript: Transcript, message: Message, place: QPoint | None
) -> None:
    """Of the picture at `place`, or else of all in the message."""
    pictures = transcript.pictures.in_blocks(transcript.headings.blocks(message.id))
    chosen = transcript.pictures.at(place) if place is not None else ""
    if chosen in pictures:
        pictures = {chosen: pictures[chosen]}
    menu.addSeparator()
    for address, (alternative, picture) in pictures.items():
        of = f" ({alternative[:NAME].replace('&', '&&')})" if len(pictures) > 1 else ""
        if picture.image is not None:
            copy, save = translate("MessageMenu", "Copy image"), translate("MessageMenu", "Save image…")
            menu.addAction(copy + of, partial(_copy_image, QImage(picture.image)))
            menu.addAction(save + of, partial(actions.save_image_requested.emit, address))
        elif is_web(address) and picture.state is not State.LOADING:
            load = translate("MessageMenu", "Load image")
            menu.addAction(load + of, partial(transcript.image_requested.emit, address))


def _copy_image(image: QImage) -> None:
    QGuiApplication.clipboard().setImage(image)


def _other_models(menu: QMenu, actions: MessageActions, message: Message) -> QMenu:
    """Who else may answer again: as in the panel of the models, a few of each connection."""
    others = QMenu(translate("MessageMenu", "Answer again with"), menu)
    parts = actions.parts
    for row in rows_for(parts.connections.all(), parts.models.known, {}, "", frozenset()):
        if row.kind is Rows.HEADING:
            others.addSection(row.connection.name.replace("&", "&&"))
        elif row.kind is Rows.MODEL:
            who = partial(actions.again_requested.emit, message.id, row.connection.id, row.model)
            others.addAction((row.model or row.connection.name).replace("&", "&&"), who)
    others.addSeparator()
    others.addAction(
        translate("MessageMenu", "Another model…"), lambda: actions.another_model_requested.emit(message.id)
    )
    return others


def _add_marks(menu: QMenu, actions: MessageActions, message: Message) -> None:
    """What there is for any message that is not being written just now."""
    if message.state is Progress.RUNNING:
        return
    note = translate("MessageMenu", "Edit note…") if message.note else translate("MessageMenu", "Add note…")
    pin = translate("MessageMenu", "Unpin") if message.pinned else translate("MessageMenu", "Pin")
    menu.addAction(pin, lambda: actions.pin_requested.emit(message.id))
    menu.addAction(note, lambda: actions.note_requested.emit(message.id))
    if actions.parts.speech.available and message.text:
        menu.addAction(translate("MessageMenu", "Read aloud"), lambda: actions.read_requested.emit(message.id))
    menu.addAction(
        translate("MessageMenu", "New conversation from here"), lambda: actions.branch_requested.emit(message.id)
    )
    remove = menu.addAction(translate("MessageMenu", "Delete"), lambda: actions.remove_requested.emit(message.id))
    remove.setEnabled(not actions.busy())


def _add_answers(menu: QMenu, actions: MessageActions, transcript: Transcript, shown: Shown) -> None:
    message = shown.message
    selected = transcript.selected_text()
    quoted = selected or message.text
    words = translate("MessageMenu", "Quote the selection") if selected else translate("MessageMenu", "Quote")
    menu.addAction(words, lambda: actions.quote_requested.emit(quoted))
    if message.role is Role.USER:
        menu.addAction(translate("MessageMenu", "Edit"), lambda: actions.edit_requested.emit(message.id))
    else:
        again = menu.addAction(
            translate("MessageMenu", "Answer again"), lambda: actions.regenerate_requested.emit(message.id)
        )
        again.setEnabled(not actions.busy())
        menu.addMenu(_other_models(menu, actions, message)).setEnabled(not actions.busy())
        if message.state in CUT and message.text:
            words = translate("MessageMenu", "Continue the reply")
            go_on = menu.addAction(words, lambda: actions.continue_requested.emit(message.id))
            go_on.setEnabled(not actions.busy())
    compare = menu.addAction(
        translate("MessageMenu", "Compare answers…"), lambda: actions.compare_requested.emit(message.id)
    )
    compare.setEnabled(not actions.busy())
    if len(shown.versions) > 1:
        for words, by in (
            (translate("MessageMenu", "Previous version"), -1),
            (translate("MessageMenu", "Next version"), 1),
        ):
            other = shown.version(by)
            one = menu.addAction(words, partial(actions.version_requested.emit, other))
            one.setEnabled(bool(other) and not actions.busy())
