"""What can be done with the conversations that are chosen, as a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from gui.history.listing import View
from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.conversation import Folder
    from gui.windows.browsing import Browsing
    from gui.windows.conversation_list import Chosen, ConversationList


def conversation_menu(browsing: Browsing, shown: ConversationList, chosen: Chosen, folders: Sequence[Folder]) -> QMenu:
    """For what is `chosen` in the list; it is gone when it closes."""
    menu = QMenu(shown)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if chosen.folder is not None:
        _fill_for_folder(menu, browsing, chosen)
    elif shown.view is View.TRASH:
        _fill_for_trash(menu, browsing, chosen)
    else:
        _fill(menu, browsing, shown, chosen, folders)
    return menu


def _fill(menu: QMenu, browsing: Browsing, shown: ConversationList, chosen: Chosen, folders: Sequence[Folder]) -> None:
    one = chosen.one
    if one is not None:
        menu.addAction(_rename(), lambda: browsing.ask_for_name(chosen))
    if one is not None and shown.view is View.MAIN:
        pin = translate("conversation_menu", "Unpin") if one.pinned else translate("conversation_menu", "Pin")
        menu.addAction(pin, lambda: browsing.spawn(browsing.pin(one.id, pinned=not one.pinned)))
    if one is not None:
        export = translate("conversation_menu", "Export…")
        menu.addAction(export, lambda: browsing.ask_to_export(one))
    if shown.view is View.MAIN:
        _add_folders(menu.addMenu(translate("conversation_menu", "Move to")), browsing, chosen, folders)
        menu.addAction(
            translate("conversation_menu", "Archive"), lambda: browsing.spawn(browsing.archive(chosen, archived=True))
        )
    else:
        menu.addAction(
            translate("conversation_menu", "Back to the chats"),
            lambda: browsing.spawn(browsing.archive(chosen, archived=False)),
        )
    menu.addSeparator()
    menu.addAction(
        _with_key(translate("conversation_menu", "Delete"), "Del"), lambda: shown.delete_requested.emit(chosen)
    )


def _add_folders(menu: QMenu, browsing: Browsing, chosen: Chosen, folders: Sequence[Folder]) -> None:
    inside = {section.folder.id for section, _offset, _count in chosen.spans if section.folder}
    for folder in folders:
        action = menu.addAction(folder.name.replace("&", "&&"))
        action.setEnabled(inside != {folder.id})
        action.triggered.connect(lambda _on=False, to=folder.id: browsing.spawn(browsing.move(chosen, to)))
    if folders:
        menu.addSeparator()
    menu.addAction(translate("conversation_menu", "New folder…"), lambda: browsing.ask_for_folder(chosen))
    out = menu.addAction(translate("conversation_menu", "No folder"))
    out.setEnabled(bool(folders))
    out.triggered.connect(lambda: browsing.spawn(browsing.move(chosen, None)))


def _fill_for_trash(menu: QMenu, browsing: Browsing, chosen: Chosen) -> None:
    menu.addAction(translate("conversation_menu", "Restore"), lambda: browsing.spawn(browsing.restore_chosen(chosen)))
    menu.addSeparator()
    menu.addAction(translate("conversation_menu", "Delete for good…"), lambda: browsing.ask_to_remove(chosen))


def _fill_for_folder(menu: QMenu, browsing: Browsing, chosen: Chosen) -> None:
    folder = chosen.folder
    if folder is None:
        return
    menu.addAction(_rename(), lambda: browsing.ask_for_name(chosen))
    menu.addSeparator()
    delete = translate("conversation_menu", "Delete folder")
    menu.addAction(_with_key(delete, "Del"), lambda: browsing.spawn(browsing.delete_folder(folder)))


def _rename() -> str:
    return _with_key(translate("conversation_menu", "Rename…"), "F2")


def _with_key(text: str, key: str) -> str:
    """With the key that does the same in the list; a shortcut of the menu's own would take it from the list."""
    return f"{text}\t{QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)}"
