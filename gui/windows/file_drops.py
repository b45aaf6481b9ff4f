"""Files that are dropped on a window or named at a start: attached, imported, or made a connection of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.windows.group import MIME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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

        event.acceptProposedAction()
        if not event.mimeData().hasFormat(MIME):
            self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def take(self, files: Sequence[Path]) -> None:
        """Files that were dropped, or named when the program was started."""
        from gui.windows.attaching import is_attachable

        model = next((file for file in files if file.suffix.lower() == ".gguf"), None)
        if model is not None:
            self.model.emit(model)
        elif any(is_attachable(file) for file in files):
            self.attachable.emit(files)
        elif files:
            self.others.emit(files)
