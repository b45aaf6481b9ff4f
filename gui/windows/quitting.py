"""Asks once, in a pane, before the program is left while replies are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.windows.pane import Pane
    from gui.windows.replies import Replies
    from gui.windows.workspace import Workspace


class Quitting(QObject):
    """`is_trouble`: whether what has arrived last may be written nowhere yet. `quit_program` is called for a yes."""

    def __init__(
        self,
        workspace: Workspace,
        replies: Replies,
        is_trouble: Callable[[], bool],
        quit_program: Callable[[], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._replies = replies
        self._is_trouble = is_trouble
        self._quit = quit_program
        self._said = ""
        replies.ended.connect(self._take_back)

    def may(self, pane: Pane) -> bool:
        """Whether nothing has to be asked, or it was asked already; else it is asked now, in `pane`."""
        if not len(self._replies) or self._said:
            return True
        self._said = (
            self.tr("What arrived last could not be written yet. If you quit now, it is lost.")
            if self._is_trouble()
            else self.tr("A reply is still being written. If you quit now, what has arrived is kept.")
        )
        actions = [(self.tr("Quit"), self._quit), (self.tr("Stay"), self._stay)]
        pane.bar.show_message(self._said, actions, trouble=False)
        return False

    def _stay(self) -> None:
        self._said = ""

    def _take_back(self) -> None:
        """No reply is written any more: the question has answered itself."""
        if self._said and not len(self._replies):
            for pane in self._workspace.panes():
                pane.take_back(self._said)
            self._said = ""
