"""Which of the actions can do something now; the others are grey."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gui.conversation import Role
from gui.windows.actions import PANES_BY_NUMBER
from gui.windows.theme import NORMAL, ZOOM_MAX, ZOOM_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

CODE = re.compile(r"^(?:[ \t>*+-]|\d+[.)])*(?:```|~~~| {4}|\t)", re.MULTILINE)
"""Where a block of code may begin: parsing all of a long reply only for this would take too long."""


def update(act: Mapping[str, QAction], window: MainWindow, parts: Parts) -> None:
    """Enable each action that can do something to the pane in front. Those that always can are not touched."""
    for name, can in (_of_windows(window) | _of_pane(window) | _of_view(parts)).items():
        act[name].setEnabled(can)


def _of_windows(window: MainWindow) -> dict[str, bool]:
    space = window.workspace
    tree = space.tree_of(space.group)
    panes = sum(group.count() for group in tree.groups())
    groups = len(space.groups())
    return {
        "reopen_pane": window.kept_tabs.can_reopen,
        "move_to_window": tree is space.tree or panes > 1,
        "move_back": tree is not space.tree,
        "next_pane": panes > 1,
        "previous_pane": panes > 1,
        "next_group": groups > 1,
        "previous_group": groups > 1,
        **{f"pane_{number}": number <= panes for number in range(1, PANES_BY_NUMBER + 1)},
    }


def _of_pane(window: MainWindow) -> dict[str, bool]:
    pane = window.pane
    kept, said = bool(pane.conversation.title), not pane.is_empty
    running = bool(window.replies.of(pane.conversation.id))
    reply = pane.last_reply()
    asked = any(one.role is Role.USER for one in pane.pages.messages)
    return {
        **dict.fromkeys(("rename", "delete"), kept),
        **dict.fromkeys(("export_pdf", "print", "find", "find_next", "find_previous"), said),
        **dict.fromkeys(("message_above", "message_below", "branches"), said),
        "copy": said and _is_selected(pane),
        "copy_reply": reply is not None,
        "copy_code": reply is not None and CODE.search(reply.text) is not None,
        "thoughts": reply is not None and (running or bool(reply.reasoning)),
        "stop": running,
        "regenerate": said and not running,
        "compare": not running,  # also what is being written
        "edit_last": asked,
    }


def _of_view(parts: Parts) -> dict[str, bool]:
    zoom = parts.appearance.zoom
    return {"zoom_in": zoom < ZOOM_MAX, "zoom_out": zoom > ZOOM_MIN, "zoom_reset": zoom != NORMAL}


def _is_selected(pane: Pane) -> bool:
    return pane.transcript.textCursor().hasSelection()
