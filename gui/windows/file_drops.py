"""Files that are dropped on a window: attached, imported, or made a connection of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.windows.group import MIME

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent


class FileDrops(QObject):
    """Signals: attachable(paths) -- some of them are; model(path) -- for the embedded engine; others(paths) -- maybe to
    be imported.
    """

    attachable = Signal(list)
    model = Signal(object)
    others = Signal(list)

    def enter(self, event: QDragEnterEvent) -> None:
        """Something is dragged over a window and none of its parts takes it."""
        # A tab that is dropped on no group stays where it is: one that no window takes becomes a window of its own.
        if event.mimeData().hasFormat(MIME) or any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def drop(self, event: QDropEvent) -> None:
        from pathlib import Path

        from gui.windows.attaching import is_attachable
        from gui.windows.dialogs.model_file import gguf_of

        event.acceptProposedAction()
        if event.mimeData().hasFormat(MIME):
            return
        if (model := gguf_of(event)) is not None:
            self.model.emit(model)
            return
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if any(is_attachable(file) for file in files):
            self.attachable.emit(files)
        else:
            self.others.emit(files)
