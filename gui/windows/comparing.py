"""One question answered by several models at once, each in a pane of its own: versions of the same turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.windows.group import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.windows.pane import Pane
    from gui.windows.parts import Parts
    from gui.windows.replies import Replies
    from gui.windows.workspace import Workspace


class Comparing(QObject):
    """Who answers is a connection's id and a model of it."""

    def __init__(self, parts: Parts, workspace: Workspace, replies: Replies, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._workspace = workspace
        self._replies = replies

    def ask(self, pane: Pane, message_id: str = "") -> None:
        """Have it chosen who is to answer a message of `pane`, or what is in its input, or else what was said last."""
        from gui.windows.compare_panel import ComparePanel

        panel = ComparePanel(self._parts, pane.picker)
        panel.several_chosen.connect(
            lambda who: self._parts.tasks.spawn(self.compare(pane, who, message_id), pane.present)
        )
        panel.left.connect(pane.composer.setFocus)
        current = (pane.connection().id, pane.conversation.model or pane.connection().model)
        panel.open(sorted(self._parts.connections.all(), key=lambda one: one.id != current[0]), current)

    async def compare(self, pane: Pane, who: Sequence[tuple[str, str]], message_id: str = "") -> None:
        """Have it answered by each of `who`, side by side, `pane` being the first one. Nothing while a reply runs."""
        asked = await pane.question(message_id)
        if asked is None:
            return
        history = await self._parts.history
        space, chat = self._workspace, pane.conversation.id
        connections = [(found, model) for one, model in who if (found := self._parts.connections.get(one)) is not None]
        row = [pane]
        for _other in connections[1:]:
            group = space.group_of(row[-1])
            row.append(space.add(space.tree_of(group).split(group, Side.RIGHT)))
        groups = [space.group_of(one) for one in row]
        space.tree_of(groups[0]).even(groups)
        for one in row:
            await one.end_at(pane.conversation, asked)
        if self._replies.of(chat):
            return
        for one, (connection, model) in zip(row, connections, strict=True):
            one.answer_beside(connection, model, history, asked)
        for one in space.panes_of(chat):
            if one not in row:
                one.follow()
        space.show(pane)

    def keep(self, pane: Pane) -> None:
        """Close the others of its row; what has arrived there is kept."""
        chat, kept = pane.conversation.id, pane.pages.leaf_id
        for one in self._workspace.panes_of(chat):
            if one.held and one is not pane:
                self._workspace.drop(one)
        for turn in self._replies.of(chat):
            if turn.reply.id != kept:
                turn.stop()
        self._workspace.show(pane)
