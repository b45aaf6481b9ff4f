"""Every action of the window as data: its name, its keys, its menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from gui.errors import QT_TRANSLATE_NOOP
from gui.windows.menus import CHAT, EDIT, FILE, HELP, VIEW
from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow, QMenu

Key = QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class Declared:
    """`text` is shown in `menu`, a "|" before it puts a line above. `keys`: the first is shown beside it."""

    menu: str
    text: str
    keys: tuple[str | QKeySequence.StandardKey, ...] = ()
    checkable: bool = False


ACTIONS: dict[str, Declared] = {
    "new_chat": Declared(FILE, QT_TRANSLATE_NOOP("actions", "New chat"), (Key.New, "Ctrl+T")),
    "close_pane": Declared(FILE, QT_TRANSLATE_NOOP("actions", "Close pane"), ("Ctrl+W",)),
    "reopen_pane": Declared(FILE, QT_TRANSLATE_NOOP("actions", "Reopen closed pane"), ("Ctrl+Shift+T",)),
    "import": Declared(FILE, QT_TRANSLATE_NOOP("actions", "|Import…"), ()),
    "export": Declared(FILE, QT_TRANSLATE_NOOP("actions", "Export…"), ("Ctrl+Shift+E",)),
    "export_pdf": Declared(FILE, QT_TRANSLATE_NOOP("actions", "|Export as PDF…"), ()),
    "print": Declared(FILE, QT_TRANSLATE_NOOP("actions", "Print…"), (Key.Print,)),
    "settings": Declared(FILE, QT_TRANSLATE_NOOP("actions", "|Settings…"), ("Ctrl+,",)),
    "quit": Declared(FILE, QT_TRANSLATE_NOOP("actions", "|Quit"), ("Ctrl+Q",)),
    "find": Declared(EDIT, QT_TRANSLATE_NOOP("actions", "Find in this chat…"), (Key.Find,)),
    "find_next": Declared(EDIT, QT_TRANSLATE_NOOP("actions", "Find next"), (Key.FindNext,)),
    "find_previous": Declared(EDIT, QT_TRANSLATE_NOOP("actions", "Find previous"), (Key.FindPrevious,)),
    "search": Declared(EDIT, QT_TRANSLATE_NOOP("actions", "Search all chats…"), ("Ctrl+K",)),
    "copy": Declared(EDIT, QT_TRANSLATE_NOOP("actions", "Copy"), ()),
    "copy_reply": Declared(EDIT, QT_TRANSLATE_NOOP("actions", "Copy last reply"), ("Ctrl+Shift+C",)),
    "copy_code": Declared(EDIT, QT_TRANSLATE_NOOP("actions", "Copy last code block"), ("Ctrl+Shift+;", "Ctrl+:")),
    "commands": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Command palette…"), ("Ctrl+Shift+P",)),
    "sidebar": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "|Sidebar"), ("Ctrl+B", "F9"), checkable=True),
    "split_right": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "|Split right"), ("Ctrl+\\",)),
    "split_down": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Split down"), ("Ctrl+Shift+\\", "Ctrl+|")),
    "move_to_window": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Move to new window"), ()),
    "move_back": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Move to main window"), ()),
    "next_pane": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "|Next pane"), ("Ctrl+Tab",)),
    "previous_pane": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Previous pane"), ("Ctrl+Shift+Tab",)),
    "next_group": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Next group"), ("F6",)),
    "previous_group": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Previous group"), ("Shift+F6",)),
    "zoom_in": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "|Zoom in"), ("Ctrl++", "Ctrl+=")),
    "zoom_out": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Zoom out"), ("Ctrl+-",)),
    "zoom_reset": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "Normal size"), ("Ctrl+0",)),
    "wrap_code": Declared(VIEW, QT_TRANSLATE_NOOP("actions", "|Wrap long lines of code"), ("Alt+Z",), checkable=True),
    "stop": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Stop the reply"), ("Esc",)),
    "regenerate": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Regenerate the last reply"), ("Ctrl+R",)),
    "compare": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Compare answers…"), ("Ctrl+Shift+R",)),
    "edit_last": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Edit your last message"), ("Ctrl+Up",)),
    "message_above": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "|Message above"), ("Alt+Up",)),
    "message_below": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Message below"), ("Alt+Down",)),
    "branches": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Branches of this chat…"), ("Ctrl+Shift+B",)),
    "model": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "|Choose the model…"), ("Ctrl+M",)),
    "options": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Options of this chat…"), ("Ctrl+Shift+M",)),
    "thoughts": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Thoughts of the last reply"), ("Alt+T",)),
    "rename": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "|Rename…"), ("F2",)),
    "delete": Declared(CHAT, QT_TRANSLATE_NOOP("actions", "Delete"), ()),
    "shortcuts": Declared(HELP, QT_TRANSLATE_NOOP("actions", "Keyboard shortcuts"), ("Ctrl+/",)),
    "about": Declared(HELP, QT_TRANSLATE_NOOP("actions", "|About GPROChat"), ()),
}

PANES_BY_NUMBER = 9


def make_actions(window: QMainWindow, menus: Mapping[str, QMenu]) -> dict[str, QAction]:
    """A QAction for each of ACTIONS, in its menu; and "pane_1" … "pane_9" in one below that of the view.

    Each is called by its name, too.
    """
    made: dict[str, QAction] = {}
    for name, declared in ACTIONS.items():
        text = translate("actions", declared.text)
        if declared.text.startswith("|"):
            menus[declared.menu].addSeparator()
        action = QAction(text.removeprefix("|"), window)
        action.setShortcuts([_sequence(key) for key in declared.keys])
        action.setCheckable(declared.checkable)
        menus[declared.menu].addAction(action)
        made[name] = action
        if name == "previous_pane":
            made |= _panes_by_number(window, menus[declared.menu])
    for name, action in made.items():
        action.setObjectName(name)
    made["quit"].setMenuRole(QAction.MenuRole.QuitRole)
    made["settings"].setMenuRole(QAction.MenuRole.PreferencesRole)
    made["about"].setMenuRole(QAction.MenuRole.AboutRole)
    return made


def _panes_by_number(window: QMainWindow, menu: QMenu) -> dict[str, QAction]:
    within = menu.addMenu(translate("actions", "Pane by number"))
    made: dict[str, QAction] = {}
    for number in range(1, PANES_BY_NUMBER + 1):
        action = QAction(translate("actions", "Pane {number}").format(number=number), window)
        # setShortcut tries what it is given as a Qt.Key first, and has that namespace made.
        action.setShortcuts([QKeySequence(f"Ctrl+{number}")])
        within.addAction(action)
        made[f"pane_{number}"] = action
    return made


def _sequence(key: str | QKeySequence.StandardKey) -> QKeySequence:
    return QKeySequence(key)
