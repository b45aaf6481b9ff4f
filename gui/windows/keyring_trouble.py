"""A keyring that is not there, locked or silent: what can be done meanwhile, and noticing that it is back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.windows.dialogs.connections_page import SECRETS
from gui.windows.wording import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.settings.connections import Connection, SecretKind
    from gui.settings.secrets import Secrets

INTERVAL = 3.0
"""Seconds between two looks at a keyring that failed."""


async def wait_for_keyring(secrets: Secrets) -> None:
    """Return when the keyring gives its secrets again. It is looked at, and nobody is asked to unlock it."""
    while not await secrets.available():  # noqa: ASYNC110 -- no keyring tells that it is there again
        await asyncio.sleep(INTERVAL)


class SessionSecrets(QDialog):
    """Asks for the secrets of one connection, which are kept in memory until the program ends."""

    def __init__(
        self, secrets: Secrets, connection: Connection, entered: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._secrets, self._connection, self._entered = secrets, connection, entered
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keep for this session only"))
        explanation = QLabel(
            self.tr(
                "What is entered here for “{name}” is kept in memory until the program ends, and in no file."
            ).format(name=connection.name)
        )
        explanation.setWordWrap(True)
        self.fields: dict[SecretKind, QLineEdit] = {}
        form = QFormLayout()
        form.setVerticalSpacing(9)
        for kind, label in SECRETS[connection.provider].items():
            if kind in connection.secrets:
                field = QLineEdit()
                field.setEchoMode(QLineEdit.EchoMode.Password)
                field.setAccessibleName(translate("connections", label))
                form.addRow(translate("connections", label), field)
                self.fields[kind] = field
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Use"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QCoreApplication.translate("SettingsDialog", "Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(self._keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(explanation)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.resize(440, 0)

    def _keep(self) -> None:
        for kind, field in self.fields.items():
            self._secrets.keep_for_session(self._connection.secret_name(kind), field.text())
            field.clear()
        self._entered()
