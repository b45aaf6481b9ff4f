"""What can be done with a tab, in a menu of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from gui.windows.group import Side
from gui.windows.wording import translate

if TYPE_CHECKING:
    from gui.windows.arranging import Arranging
    from gui.windows.pane import Pane
    from gui.windows.workspace import Workspace


def make_tab_menu(arranging: Arranging, workspace: Workspace, pane: Pane) -> QMenu:
    """For the tab of `pane`; gone when it is closed."""
    group = workspace.group_of(pane)
    menu = QMenu(group)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(translate("tabs", "Close"), lambda: workspace.close(pane))
    others = menu.addAction(translate("tabs", "Close others"), lambda: arranging.close_others(pane))
    others.setEnabled(group.count() > 1)
    right = menu.addAction(translate("tabs", "Close to the right"), lambda: arranging.close_others(pane, right=True))
    right.setEnabled(group.indexOf(pane) < group.count() - 1)
    menu.addSeparator()
    menu.addAction(translate("tabs", "Split right"), lambda: arranging.split(Side.RIGHT, pane))
    menu.addAction(translate("tabs", "Split down"), lambda: arranging.split(Side.BOTTOM, pane))
    menu.addAction(translate("tabs", "Move to new window"), lambda: arranging.move_to_window(pane))
    if workspace.tree_of(group) is not workspace.tree:
        menu.addAction(translate("tabs", "Move to main window"), lambda: arranging.move_back(pane))
    menu.addSeparator()
    rename = menu.addAction(translate("tabs", "Rename…"), lambda: arranging.rename_asked.emit(pane.conversation))
    rename.setEnabled(bool(pane.conversation.title))
    return menu
