"""What this program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout

from gui import __version__
from gui.windows.dialogs.licences import LicencesDialog
from gui.windows.theme import RESOURCES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

LICENCES = RESOURCES / "licences.json"


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About GPROChat"))
        icon = QLabel()
        icon.setPixmap(QIcon(str(RESOURCES / "icons" / "gprochat.svg")).pixmap(72, 72))
        name = QLabel(f"GPROChat {__version__}")
        name.setObjectName("heading")
        text = QLabel(
            self.tr(
                "Conversations with GPROChat servers, OpenAI-compatible servers and a small model on this "
                "computer. They are kept on this computer and nowhere else."
            )
        )
        text.setWordWrap(True)
        text.setMinimumWidth(380)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        if LICENCES.is_file():  # a packaged program's: the sources come alone
            licences = buttons.addButton(self.tr("Licences"), QDialogButtonBox.ButtonRole.ActionRole)
            licences.clicked.connect(self._show_licences)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(name, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(text)
        layout.addWidget(buttons)

    def _show_licences(self) -> None:
        LicencesDialog(LICENCES, self).open()
