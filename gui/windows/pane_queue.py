"""What waits to be sent in a pane's conversation: shown above its composer, edited in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.errors import GProChatError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gui.windows.composer import Composer
    from gui.windows.queue import Queue, Waiting
    from gui.windows.queue_strip import QueueStrip
    from gui.windows.theme import Appearance


class PaneQueue(QObject):
    """`place` puts a widget above the composer. `removed`: texts that were taken out of the line, the newest first."""

    def __init__(
        self,
        queue: Queue,
        composer: Composer,
        appearance: Appearance,
        place: Callable[[QWidget], None],
        present: Callable[[GProChatError], None],
    ) -> None:
        super().__init__(composer)
        self._queue = queue
        self._composer = composer
        self._appearance = appearance
        self._place = place
        self._present = present
        self._conversation_id = ""
        self._edited: Waiting | None = None
        self._strip: QueueStrip | None = None
        self.removed: list[str] = []

    @property
    def edited(self) -> Waiting | None:
        """What of it is in the composer."""
        return self._edited

    @property
    def strip(self) -> QueueStrip:
        """Made when something waits."""
        if self._strip is None:
            from gui.windows.queue_strip import QueueStrip

            self._strip = QueueStrip(self._appearance)
            self._strip.edit_requested.connect(self._edit)
            self._strip.remove_requested.connect(self._remove)
            self._strip.go_on_requested.connect(lambda: self._queue.go_on(self._conversation_id))
            self._place(self._strip)
        return self._strip

    def show(self, conversation_id: str) -> None:
        """What waits in this one."""
        self._conversation_id = conversation_id
        waiting = self._queue.of(conversation_id)
        if waiting or self._strip is not None:
            edited = self._edited.id if self._edited else ""
            self.strip.show_waiting(waiting, self._queue.pause(conversation_id), edited)

    def put(self) -> None:
        """Have what is in the composer at the end of the line, or back at its place. Raises SettingsUnwritable."""
        text, attachments = self._composer.text, self._composer.attachments
        if self._edited is not None:
            self._queue.change(self._conversation_id, replace(self._edited, text=text, attachments=attachments))
            self._composer.stop_editing()
            return
        self._queue.add(self._conversation_id, text, attachments)
        self._composer.set_text("")
        self._composer.set_attachments(())

    def end(self) -> None:
        """Nothing of it is edited any more."""
        if self._edited is not None:
            self._edited = None
            self._queue.release(self._conversation_id)
            self.show(self._conversation_id)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        if self._strip is not None:
            self._strip.redraw()

    def _edit(self, one: Waiting) -> None:
        self._composer.stop_editing()
        self._edited = one
        self._queue.hold(self._conversation_id, one.id)
        self._composer.edit(one.text, one.attachments, self.tr("Editing a message that waits"))
        self.show(self._conversation_id)

    def _remove(self, one: Waiting) -> None:
        if self._edited is not None and self._edited.id == one.id:
            self._composer.stop_editing()
        try:
            self._queue.remove(self._conversation_id, one.id)
        except GProChatError as error:
            self._present(error)
            return
        self.removed.insert(0, one.text)
        self._composer.setFocus()
