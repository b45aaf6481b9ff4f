"""A window that a person wants to see, brought before the others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6 import QtCore

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def come_forward(window: QWidget, token: str) -> None:
    """Have `window` be seen, and take the keys. `token`: with which a Wayland desktop allows it, or ""."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token  # where Qt looks for it
    minimised = QtCore.Qt.WindowState.WindowMinimized
    window.setWindowState(window.windowState() & ~minimised | QtCore.Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    window.activateWindow()
