"""What one connection’s TLS has of its own: authorities, a certificate to show, and whether any is checked."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

if TYPE_CHECKING:
    from gui.settings.network import OwnNetwork


class TlsFields(QWidget):
    """Signals: changed() -- by the person; each change is complete."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 4, 0, 4)
        form.setVerticalSpacing(9)
        self.authorities = self._file(form, self.tr("More authorities"), several=True)
        self.certificate = self._file(form, self.tr("Client certificate"))
        self.key = self._file(form, self.tr("Its key, if in another file"))
        self.check = QCheckBox(self.tr("Check who the server is"))
        self.warning = QLabel(
            self.tr("Unchecked, whoever is between can read and change everything. The chats with it say so.")
        )
        self.warning.setObjectName("trouble")
        self.warning.setWordWrap(True)
        form.addRow("", self.check)
        form.addRow("", self.warning)
        self.check.toggled.connect(self.warning.setHidden)
        self.check.clicked.connect(self.changed)

    def _file(self, form: QFormLayout, label: str, *, several: bool = False) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText("*.pem")
        field.setAccessibleName(label)
        field.editingFinished.connect(self.changed)
        button = QPushButton(self.tr("Choose…"))
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._ask(field, label, several=several))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(field, 1)
        line.addWidget(button)
        form.addRow(label, line)
        return field

    def _ask(self, field: QLineEdit, label: str, *, several: bool) -> None:
        dialog = QFileDialog(self, label, "", "PEM (*.pem *.crt *.cer *.key);;* (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if several else QFileDialog.FileMode.ExistingFile)

        def chosen(files: list[str]) -> None:
            field.setText(os.pathsep.join([*([field.text()] if several and field.text() else []), *files]))
            self.changed.emit()

        dialog.filesSelected.connect(chosen)
        dialog.open()

    def show_own(self, own: OwnNetwork) -> None:
        self.authorities.setText(os.pathsep.join(own.authorities))
        self.certificate.setText(own.certificate)
        self.key.setText(own.key)
        self.check.setChecked(own.check)
        self.warning.setHidden(own.check)

    def into(self, own: OwnNetwork) -> OwnNetwork:
        """`own` with what stands here."""
        files = [file.strip() for file in self.authorities.text().split(os.pathsep)]
        return replace(
            own,
            authorities=tuple(file for file in files if file),
            certificate=self.certificate.text().strip(),
            key=self.key.text().strip(),
            check=self.check.isChecked(),
        )
