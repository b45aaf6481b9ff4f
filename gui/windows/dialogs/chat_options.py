"""What this conversation's model is asked with: the system prompt, and how it chooses its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.chat.options import HOTTEST, MOST_TOKENS, Options
from gui.windows.dialogs.numbers import indent_number

if TYPE_CHECKING:
    from gui.settings.connections import Connection

STEP = 0.05


class ChatOptionsDialog(QDialog):
    """Signals: chosen(system prompt, Options)."""

    chosen = Signal(str, object)

    def __init__(
        self, connection: Connection, settable: frozenset[str], system_prompt: str, options: Options, parent: QWidget
    ) -> None:
        """`settable`: what the connection's provider has; of the others nothing is shown, and they are kept."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Options of this chat"))
        self._settable = settable
        self._before = options
        self.system_prompt = QPlainTextEdit(system_prompt)
        self.system_prompt.setObjectName("plain")
        self.system_prompt.setPlaceholderText(self.tr("What the model is told before everything else"))
        self.system_prompt.setTabChangesFocus(True)
        self.system_prompt.setMinimumHeight(7 * self.fontMetrics().height())
        self.temperature = _number(HOTTEST, options.temperature, self.tr("Left to the server"))
        self.top_p = _number(1.0, options.top_p, self.tr("Left to the server"))
        self.max_tokens = QSpinBox()
        indent_number(self.max_tokens)
        self.max_tokens.setRange(0, MOST_TOKENS)
        self.max_tokens.setSpecialValueText(self.tr("Left to the server"))
        self.max_tokens.setGroupSeparatorShown(True)
        self.max_tokens.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.max_tokens.setValue(options.max_tokens or 0)
        self.stop = QLineEdit(" ".join(_written(one) for one in options.stop))
        self.stop.setPlaceholderText(self.tr("None"))
        self._form = QFormLayout()
        self._form.setVerticalSpacing(10)
        self._form.setHorizontalSpacing(16)
        self._row("system_prompt", self.tr("System prompt"), self.system_prompt)
        self._row("temperature", self.tr("Temperature"), self.temperature)
        self._row("top_p", self.tr("Top p"), self.top_p)
        self._row("max_tokens", self.tr("Tokens of a reply at the most"), self.max_tokens)
        self._row("stop", self.tr("Stops at"), self.stop)
        self.stop.setToolTip(self.tr("Words apart from each other; \\s is a blank, \\n a new line"))
        name = QLabel(self.tr("{name} is asked with these from the next message on.").format(name=connection.name))
        name.setObjectName("explanation")
        name.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(name)
        layout.addLayout(self._form, 1)
        layout.addWidget(self._buttons())
        self.resize(540, 420 if len(settable) > 1 else 260)

    def _row(self, name: str, label: str, field: QWidget) -> None:
        field.setAccessibleName(label)
        self._form.addRow(label, field)
        self._form.setRowVisible(field, name in self._settable)

    def _buttons(self) -> QDialogButtonBox:
        Button = QDialogButtonBox.StandardButton  # noqa: N806 -- a class
        buttons = QDialogButtonBox(Button.Ok | Button.Cancel | Button.RestoreDefaults)
        for which, text in (
            (Button.Ok, self.tr("Apply")),
            (Button.Cancel, self.tr("Cancel")),
            (Button.RestoreDefaults, self.tr("Reset")),
        ):
            buttons.button(which).setText(text)
            buttons.button(which).setIcon(QIcon())
        buttons.button(Button.RestoreDefaults).clicked.connect(self.reset)
        buttons.button(Button.RestoreDefaults).setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.chosen.emit(self.system_prompt.toPlainText().strip(), self._entered()))
        return buttons

    def reset(self) -> None:
        """Leave everything to the server."""
        self.system_prompt.clear()
        for field in (self.temperature, self.top_p):
            field.setValue(field.minimum())
        self.max_tokens.setValue(0)
        self.stop.clear()

    def _entered(self) -> Options:
        entered = Options(
            _value(self.temperature),
            _value(self.top_p),
            self.max_tokens.value() or None,
            tuple(_read(word) for word in self.stop.text().split()),
        )
        names = ("temperature", "top_p", "max_tokens", "stop")
        return Options(*(getattr(entered if name in self._settable else self._before, name) for name in names))


def _number(most: float, value: float | None, nothing: str) -> QDoubleSpinBox:
    """One step below zero stands for nothing chosen."""
    field = QDoubleSpinBox()
    indent_number(field)
    field.setLocale(QLocale())
    field.setDecimals(2)
    field.setSingleStep(STEP)
    field.setRange(-STEP, most)
    field.setSpecialValueText(nothing)
    field.setValue(-STEP if value is None else value)
    return field


def _value(field: QDoubleSpinBox) -> float | None:
    return round(field.value(), 2) if field.value() > -STEP / 2 else None


def _written(stop: str) -> str:
    """As one word."""
    return stop.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace(" ", "\\s")


def _read(word: str) -> str:
    """What `_written` made of it."""
    parts = [part.replace("\\n", "\n").replace("\\t", "\t").replace("\\s", " ") for part in word.split("\\\\")]
    return "\\".join(parts)
