"""The folder through which several computers have the same conversations: which one, and how it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.settings.preferences import SETTINGS
from gui.windows.wording import clock, explain, translate

if TYPE_CHECKING:
    from gui.settings.preferences import Preferences
    from gui.windows.syncing import State


class SyncPage(QWidget):
    """A folder is used as soon as it is chosen."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        heading = QLabel(translate("settings", SETTINGS["sync_folder"].description))
        heading.setObjectName("heading")
        self.folder = QLineEdit()
        self.folder.setReadOnly(True)
        self.folder.setPlaceholderText(self.tr("No folder: conversations stay on this computer"))
        self.folder.setAccessibleName(heading.text())
        self.choose_button = QPushButton(self.tr("Choose…"))
        self.stop_button = QPushButton(self.tr("Stop using it"))
        self.status = QLabel()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.folder, 1)
        line.addWidget(self.choose_button)
        below = QHBoxLayout()
        below.addWidget(self.status, 1)
        below.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(
            self._explanation(
                self.tr(
                    "Choose a folder that your own sync program (Syncthing, Nextcloud, Dropbox and the like) keeps"
                    " equal on several computers. GPROChat on each of them then has the same conversations."
                )
            )
        )
        layout.addLayout(line)
        layout.addLayout(below)
        layout.addWidget(
            self._explanation(
                self.tr(
                    "All conversations and their folders are written there in plain text: whoever can read the folder"
                    " can read them. No key and no password is among it; connections are set up on each computer."
                )
            )
        )
        layout.addStretch(1)
        self.status.setWordWrap(True)
        self.choose_button.clicked.connect(self._choose)
        self.stop_button.clicked.connect(lambda: preferences.set("sync_folder", ""))

    def show_state(self, state: State) -> None:
        """How it does now."""
        self.folder.setText(state.folder)
        self.folder.setCursorPosition(0)
        self.stop_button.setVisible(bool(state.folder))
        self.status.setText(self._words(state))

    def _words(self, state: State) -> str:
        if not state.folder:
            return ""
        if state.trouble is not None:
            return explain(state.trouble)
        if state.last is None:
            return self.tr("Looking into the folder…")
        words = self.tr("Equal with the folder at {time}.").format(time=clock(state.last))
        if state.unread:
            words += " " + self.tr("Files there that cannot be read yet: {count}.").format(count=state.unread)
        return words

    def _choose(self) -> None:
        dialog = QFileDialog(self, translate("settings", SETTINGS["sync_folder"].description), self.folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self._preferences.set("sync_folder", folder))
        dialog.open()

    def _explanation(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setObjectName("explanation")
        label.setWordWrap(True)
        return label
