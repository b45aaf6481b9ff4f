"""The secrets there are, by their names: replaced and removed here. None is ever shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.errors import QT_TRANSLATE_NOOP, GProChatError, KeyringError
from gui.settings.network import SECRET as PROXY
from gui.windows.dialogs.connection_list import roomy_item
from gui.windows.dialogs.connections_page import SECRETS
from gui.windows.wording import explain, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from gui.settings.connections import Connection, SecretKind
    from gui.windows.parts import Parts

KINDS: dict[SecretKind, str] = {
    **{kind: label for kinds in SECRETS.values() for kind, label in kinds.items()},
    "proxy": QT_TRANSLATE_NOOP("connections", "Proxy"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One secret: its name in the keyring, what it is called here, and whose it is."""

    name: str
    label: str
    connection: Connection | None = None
    kind: SecretKind = "proxy"


class SecretsPage(QWidget):
    """Signals: changed() -- a connection has one less."""

    changed = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self.entries: list[Entry] = []
        heading = QLabel(self.tr("In the system’s keyring"))
        heading.setObjectName("heading")
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Secrets"))
        self.replace_button = QPushButton(self.tr("Replace…"))
        self.remove_button = QPushButton(self.tr("Remove"))
        below = QHBoxLayout()
        below.addStretch(1)
        for button in (self.replace_button, self.remove_button):
            button.setAutoDefault(False)
            button.setEnabled(False)
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self.note)
        layout.addWidget(self.list, 1)
        layout.addLayout(below)
        self.list.currentRowChanged.connect(self._enable)
        self.replace_button.clicked.connect(self._ask)
        self.remove_button.clicked.connect(lambda: self._spawn(self.remove()))

    async def show_entries(self) -> None:
        """List what there is now."""
        entries = [
            Entry(each.secret_name(kind), f"{each.name} — {translate('connections', KINDS[kind])}", each, kind)
            for each in self._parts.connections.all()
            for kind in each.secrets
        ]
        try:
            keyring = await self._parts.secrets.backend_name()
            if await self._parts.secrets.get(PROXY) is not None:
                entries.append(Entry(PROXY, self.tr("The proxy for all connections")))
            self._say(self.tr("Kept by {keyring}, named “GPROChat” there.").format(keyring=keyring), trouble=False)
        except KeyringError as error:
            self._say(explain(error), trouble=True)
        self.entries = entries
        self.list.clear()
        for entry in entries:
            kept = self._parts.secrets.for_session(entry.name) is not None
            self.list.addItem(roomy_item(f"{entry.label} ({self.tr('this session only')})" if kept else entry.label))

    async def put(self, entry: Entry, value: str) -> None:
        """Store another value; an empty one changes nothing."""
        if not value:
            return
        try:
            await self._parts.secrets.set(entry.name, value)
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            return
        await self.show_entries()

    async def remove(self) -> None:
        """Delete the chosen one, in the keyring and from its connection."""
        entry = self._chosen()
        if entry is None:
            return
        try:
            await self._parts.secrets.delete(entry.name)
        except GProChatError as error:
            self._say(explain(error), trouble=True)
            return
        now = self._parts.connections.get(entry.connection.id) if entry.connection else None
        if now is not None:
            rest = tuple(kind for kind in now.secrets if kind != entry.kind)
            self._parts.connections.save(replace(now, secrets=rest))
            self.changed.emit()
        await self.show_entries()

    def _chosen(self) -> Entry | None:
        row = self.list.currentRow()
        return self.entries[row] if 0 <= row < len(self.entries) else None

    def _enable(self) -> None:
        entry = self._chosen()
        self.remove_button.setEnabled(entry is not None)
        # A proxy is more than one word: it is entered where proxies are.
        self.replace_button.setEnabled(entry is not None and entry.kind != "proxy")

    def _ask(self) -> None:
        entry = self._chosen()
        if entry is not None:
            NewValue(entry.label, lambda value: self._spawn(self.put(entry, value)), self).open()

    def _say(self, text: str, *, trouble: bool) -> None:
        self.note.setObjectName("trouble" if trouble else "explanation")
        self.note.setText(text)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._parts.tasks.spawn(coroutine)


class NewValue(QDialog):
    """Asks for another value of the secret called `label`."""

    def __init__(self, label: str, entered: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(label)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(label)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Replace"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QCoreApplication.translate("SettingsDialog", "Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: entered(self.field.text()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(QLabel(label))
        layout.addWidget(self.field)
        layout.addWidget(buttons)
        self.resize(400, 0)
