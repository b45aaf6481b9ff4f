"""Fields of numbers, as roomy as the other fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractSpinBox

INDENT = 7  # px


def indent_number(field: QAbstractSpinBox) -> None:
    """Give it the room at its left that a style sheet cannot: Qt puts the number over its padding."""
    field.lineEdit().setTextMargins(INDENT, 0, 0, 0)
