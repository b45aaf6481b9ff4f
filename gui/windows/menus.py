"""The titles of the menus, which are seen before anything is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.errors import QT_TRANSLATE_NOOP
from gui.windows.wording import translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QMenu

FILE = QT_TRANSLATE_NOOP("actions", "&File")
EDIT = QT_TRANSLATE_NOOP("actions", "&Edit")
VIEW = QT_TRANSLATE_NOOP("actions", "&View")
CHAT = QT_TRANSLATE_NOOP("actions", "&Chat")
HELP = QT_TRANSLATE_NOOP("actions", "&Help")


def make_menus(window: QMainWindow) -> dict[str, QMenu]:
    """Empty ones, by their titles in English."""
    bar = window.menuBar()
    return {title: bar.addMenu(translate("actions", title)) for title in (FILE, EDIT, VIEW, CHAT, HELP)}
