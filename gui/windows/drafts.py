"""What was typed and not sent, of each conversation, whatever panes show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.settings.preferences import Preferences

NEW = "new"
"""What versions before panes could be split have kept the draft of a new chat under."""


class Drafts:
    """In memory until `keep`: a key that is pressed waits for no disk."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._texts: dict[str, str] = preferences.get("drafts")
        self._kept = dict(self._texts)

    def of(self, conversation_id: str) -> str:
        return self._texts.get(conversation_id, "")

    def put(self, conversation_id: str, text: str) -> None:
        """Nothing but blanks is no draft."""
        if text.strip():
            self._texts[conversation_id] = text
        else:
            self._texts.pop(conversation_id, None)

    def keep(self) -> None:
        """Raises SettingsUnwritable."""
        if self._texts != self._kept:
            self._preferences.set("drafts", self._texts)
            self._kept = dict(self._texts)
