"""The prompts and personas that a person keeps: added, edited, put in order, removed, exported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.chat.options import Options
from gui.conversation import Template
from gui.override import override
from gui.windows.dialogs.connection_list import roomy_item

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent

    from gui.windows.parts import Parts

DELAY = 400  # ms from the last key until it is kept


class TemplatesPage(QWidget):
    """What is changed is kept at once; what was removed can be had back until the page is left."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._filling = False
        self._removed: Template | None = None
        self._changed: dict[str, Template] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._keep)
        self.list = QListWidget()
        self.list.setObjectName("plain")
        self.list.setAccessibleName(self.tr("Prompts and personas"))
        self.list.currentItemChanged.connect(lambda _now, before: self._go(before))
        self.add_prompt = QPushButton(self.tr("Add a prompt"))
        self.add_persona = QPushButton(self.tr("Add a persona"))
        self.up = QPushButton(self.tr("Up"))
        self.down = QPushButton(self.tr("Down"))
        self.remove = QPushButton(self.tr("Remove"))
        self.undo = QPushButton(self.tr("Undo"))
        self.export_button = QPushButton(self.tr("Export…"))
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.text = QPlainTextEdit()
        self.text.setObjectName("plain")
        self.text.setTabChangesFocus(True)
        self.connection = QComboBox()
        self.model = QLineEdit()
        self.model.setPlaceholderText(self.tr("The connection’s"))
        self.options = QPushButton(self.tr("Options…"))
        self._note = QLabel()
        self._note.setObjectName("explanation")
        self._note.setWordWrap(True)
        self._lay_out()
        self.add_prompt.clicked.connect(lambda: self._add(is_persona=False))
        self.add_persona.clicked.connect(lambda: self._add(is_persona=True))
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.remove.clicked.connect(self._remove)
        self.undo.clicked.connect(self._undo)
        self.export_button.clicked.connect(self._ask_where)
        self.options.clicked.connect(self._ask_for_options)
        self.name.textEdited.connect(self._edited)
        self.text.textChanged.connect(self._edited)
        self.model.textEdited.connect(self._edited)
        self.connection.activated.connect(self._edited)
        self._show()

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setVerticalSpacing(10)
        self._form.setHorizontalSpacing(14)
        for label, field in (
            (self.tr("Name"), self.name),
            (self.tr("Text"), self.text),
            (self.tr("Connection"), self.connection),
            (self.tr("Model"), self.model),
            ("", self.options),
        ):
            field.setAccessibleName(label or self.options.text())
            self._form.addRow(label, field)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        for some in ((self.add_prompt, self.add_persona), (self.up, self.down, self.remove)):
            row = QHBoxLayout()
            row.setSpacing(6)
            for button in some:
                button.setAutoDefault(False)
                row.addWidget(button)
            left.addLayout(row)
        foot = QHBoxLayout()
        foot.addWidget(self._note, 1)
        foot.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignBottom)
        right = QVBoxLayout()
        right.addLayout(self._form, 1)
        right.addLayout(foot)
        layout = QHBoxLayout(self)
        layout.setSpacing(16)
        layout.addLayout(left, 2)
        layout.addLayout(right, 3)
        self.undo.hide()

    # -- showing ------------------------------------------------------------------------------------------------

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._spawn(self._load())

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._keep()

    async def _load(self) -> None:
        templates = await (await self._parts.history).templates()
        self._filling = True
        self.list.clear()
        for one in templates:
            self._put(one, self.list.count())
        self._filling = False
        self.list.setCurrentRow(0)
        self._show()

    def _put(self, one: Template, row: int) -> None:
        item = roomy_item(one.name or self.tr("(no name)"))
        item.setData(Qt.ItemDataRole.UserRole, one)
        item.setIcon(self._parts.appearance.icon("star" if one.is_persona else "edit", "muted"))
        self.list.insertItem(row, item)

    def _all(self) -> list[Template]:
        return [self.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.list.count())]

    def _chosen(self) -> Template | None:
        row = self.list.currentRow()
        return self._all()[row] if row >= 0 else None

    def _go(self, before: QListWidgetItem | None) -> None:
        if not self._filling:
            if before is not None:
                self._keep()
            self._show()

    def _show(self) -> None:
        one = self._chosen()
        self._filling = True
        self.name.setText(one.name if one else "")
        self.text.setPlainText(one.text if one else "")
        self.model.setText(one.model if one else "")
        self.connection.clear()
        self.connection.addItem(self.tr("The chat’s"), "")
        for connection in self._parts.connections.all():
            self.connection.addItem(connection.name, connection.id)
        self.connection.setCurrentIndex(max(self.connection.findData(one.connection if one else ""), 0))
        self._filling = False
        persona = one is not None and one.is_persona
        for field in (self.connection, self.model, self.options):
            self._form.setRowVisible(field, persona)
        for widget in (self.name, self.text, self.remove, self.up, self.down):
            widget.setEnabled(one is not None)
        self.export_button.setEnabled(self.list.count() > 0)
        self._note.setText(
            self.tr("A persona is a system prompt with what goes along with it. “/” in a message chooses it.")
            if persona
            else self.tr("“/” in a message puts a prompt there. {{Words like these}} are asked for, with Tab.")
        )

    # -- changing -----------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        if not self._filling and (item := self.list.currentItem()) is not None:
            one: Template = item.data(Qt.ItemDataRole.UserRole)
            one = replace(
                one,
                name=self.name.text(),
                text=self.text.toPlainText(),
                model=self.model.text().strip(),
                connection=self.connection.currentData() or "",
            )
            item.setData(Qt.ItemDataRole.UserRole, one)
            item.setText(one.name or self.tr("(no name)"))
            self._changed[one.id] = one
            self._timer.start()

    def _keep(self) -> None:
        self._timer.stop()
        if self._changed:
            some = list(self._changed.values())
            self._changed.clear()
            self._spawn(self._put_all(some))

    async def _put_all(self, some: list[Template]) -> None:
        await (await self._parts.history).put_templates(some)

    def _add(self, *, is_persona: bool) -> None:
        self._keep()
        name = self.tr("New persona") if is_persona else self.tr("New prompt")
        one = Template(name, is_persona=is_persona, place=max((other.place for other in self._all()), default=-1) + 1)
        self._put(one, self.list.count())
        self.list.setCurrentRow(self.list.count() - 1)
        self._changed[one.id] = one
        self._keep()
        self.name.setFocus()
        self.name.selectAll()

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if not 0 <= row + by < self.list.count():
            return
        self._filling = True
        item = self.list.takeItem(row)
        self.list.insertItem(row + by, item)
        self.list.setCurrentRow(row + by)
        self._filling = False
        for place in range(self.list.count()):
            one: Template = self.list.item(place).data(Qt.ItemDataRole.UserRole)
            if one.place != place:
                one = replace(one, place=place)
                self.list.item(place).setData(Qt.ItemDataRole.UserRole, one)
                self._changed[one.id] = one
        self._keep()

    def _remove(self) -> None:
        one = self._chosen()
        if one is not None:
            self._changed.pop(one.id, None)
            self._removed = one
            self.list.takeItem(self.list.currentRow())
            self._show()
            self.undo.show()
            self._spawn(self._delete(one.id))

    async def _delete(self, template_id: str) -> None:
        await (await self._parts.history).delete_template(template_id)

    def _undo(self) -> None:
        one, self._removed = self._removed, None
        self.undo.hide()
        if one is not None:
            self._put(one, min(one.place, self.list.count()))
            self.list.setCurrentRow(self._all().index(one))
            self._changed[one.id] = one
            self._keep()

    def _ask_for_options(self) -> None:
        one = self._chosen()
        if one is None:
            return
        from gui.windows.dialogs.chat_options import ChatOptionsDialog

        connections = self._parts.connections
        connection = connections.get(one.connection) or connections.default(
            self._parts.preferences.get("default_connection")
        )
        settable = self._parts.routes.settable(connection)
        dialog = ChatOptionsDialog(connection, settable, one.text, Options.from_json(one.options), self.window())
        dialog.chosen.connect(self._take_options)
        dialog.open()

    def _take_options(self, system_prompt: str, options: Options) -> None:
        item = self.list.currentItem()
        if item is not None:
            one = replace(item.data(Qt.ItemDataRole.UserRole), text=system_prompt, options=options.to_json())
            item.setData(Qt.ItemDataRole.UserRole, one)
            self._changed[one.id] = one
            self._show()
            self._keep()

    # -- out ----------------------------------------------------------------------------------------------------

    def _ask_where(self) -> None:
        from gui.windows.saving import ask_where

        ask_where(self, self.tr("Export"), "prompts.json", "JSON (*.json)", lambda file: self._spawn(self.export(file)))

    async def export(self, file: Path) -> None:
        """Write all of them as GPROChat's JSON, which File › Import reads. Raises ExportFailed."""
        import asyncio
        from io import BytesIO

        from gui.history.exchange import write
        from gui.windows.saving import write_whole

        self._keep()
        content = BytesIO()
        write(self._all(), content)
        await asyncio.to_thread(write_whole, file, content.getvalue())

    def _spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._parts.tasks.spawn(coroutine)
