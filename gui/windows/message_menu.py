"""The menu of a message of the transcript."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from gui.conversation import Role
from gui.markdown.objects import is_web
from gui.markdown.plain import plain_text
from gui.windows.copying import message_data
from gui.windows.images import State

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from gui.conversation import Message
    from gui.windows.message_actions import MessageActions
    from gui.windows.transcript import Shown, Transcript

translate = QCoreApplication.translate

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
    if len(shown.versions) > 1:
        for words, by in (
            (translate("MessageMenu", "Previous version"), -1),
            (translate("MessageMenu", "Next version"), 1),
        ):
            other = shown.version(by)
            one = menu.addAction(words, partial(actions.version_requested.emit, other))
            one.setEnabled(bool(other) and not actions.busy())
