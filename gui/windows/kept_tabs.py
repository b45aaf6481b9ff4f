"""What of a pane outlives it: which conversation it shows and where its reader is; and a pane made of that again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.conversation import Conversation
from gui.windows.layout import Tab

if TYPE_CHECKING:
    from gui.windows.drafts import Drafts
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts
    from gui.windows.workspace import Workspace

REOPENED = 30
"""Panes that were closed and can be had back."""


class KeptTabs:
    """Those that were closed lately are kept until the program ends."""

    def __init__(self, parts: Parts, workspace: Workspace, drafts: Drafts) -> None:
        self._parts = parts
        self._workspace = workspace
        self._drafts = drafts
        self._closed: list[tuple[Tab, str]] = []  # each with its draft, if that is all there was

    def tab_of(self, pane: Pane) -> Tab:
        place = None if pane.is_empty else pane.place
        return Tab(pane.conversation.id, pane.is_empty, place, pane.pages.leaf_id or "")

    async def conversation_of(self, tab: Tab) -> Conversation | None:
        """What was in it; None if that is not kept any more. Raises HistoryError."""
        history = await self._parts.history
        found = await history.conversation(tab.conversation_id)
        if found is None and tab.is_new:
            connection = self._workspace.new_conversation().connection
            return Conversation(id=tab.conversation_id, connection=connection)
        return found

    def fill(self, pane: Pane, tab: Tab, conversation: Conversation) -> None:
        """Show it in a pane; it is loaded when it is seen."""
        if tab.is_new and not conversation.title:
            draft = self._drafts.of(conversation.id)
            pane.start_new(conversation)
            pane.composer.set_text(draft)
        else:
            pane.prepare(conversation, tab.place, tab.leaf_id or None)

    def note_closing(self, pane: Pane) -> None:
        """A pane is about to be closed; its conversation is still in it."""
        pane.put_away()
        draft = ""
        if pane.is_empty:
            draft = self._drafts.of(pane.conversation.id)
            self._drafts.put(pane.conversation.id, "")
        if draft or not pane.is_empty:
            self._closed = [*self._closed[1 - REOPENED :], (self.tab_of(pane), draft)]

    @property
    def can_reopen(self) -> bool:
        return bool(self._closed)

    async def reopen(self) -> None:
        """Have the pane back that was closed last, where the reader was in it. Raises HistoryError."""
        while self._closed:
            tab, draft = self._closed[-1]
            conversation = await self.conversation_of(tab)
            self._closed.pop()
            if conversation is not None:
                if draft:
                    self._drafts.put(tab.conversation_id, draft)
                pane = self._workspace.add(self._workspace.group)
                self.fill(pane, tab, conversation)
                self._workspace.show(pane)
                return
