"""Which keys each action has: those it is declared with, or what the person chose in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence

from gui.errors import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QAction, QKeyEvent

    from gui.settings.preferences import Preferences

Standard = QKeySequence.StandardKey

FIXED: Mapping[str, Sequence[str | Standard]] = {
    QT_TRANSLATE_NOOP("shortcuts", "Send, new line"): ("Return", "Shift+Return", "Ctrl+Return", "Enter", "Ctrl+Enter"),
    QT_TRANSLATE_NOOP("shortcuts", "Recall the last message, in an empty input"): ("Up",),
    QT_TRANSLATE_NOOP("shortcuts", "Menu of what has the keys"): ("Menu", "Shift+F10"),
    QT_TRANSLATE_NOOP("shortcuts", "To the next field, to the one before"): ("Tab", "Shift+Tab"),
    QT_TRANSLATE_NOOP("shortcuts", "Copy, cut, paste"): (Standard.Copy, Standard.Cut, Standard.Paste),
    QT_TRANSLATE_NOOP("shortcuts", "Undo, redo"): (Standard.Undo, Standard.Redo),
    QT_TRANSLATE_NOOP("shortcuts", "Select all"): (Standard.SelectAll,),
    QT_TRANSLATE_NOOP("shortcuts", "Word by word"): (
        Standard.MoveToNextWord,
        Standard.MoveToPreviousWord,
        Standard.SelectNextWord,
        Standard.SelectPreviousWord,
        Standard.DeleteStartOfWord,
        Standard.DeleteEndOfWord,
    ),
    QT_TRANSLATE_NOOP("shortcuts", "To the beginning, to the end"): (
        Standard.MoveToStartOfDocument,
        Standard.MoveToEndOfDocument,
        Standard.SelectStartOfDocument,
        Standard.SelectEndOfDocument,
    ),
}
"""What the fields for text and the transcript do with keys of their own, which no action can have."""

FREE = re.compile(r".*(Ctrl|Alt|Meta)\+.*|(Shift\+)?(F\d+|Esc)")
"""Keys that type nothing."""

MODIFIERS = {
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_unknown,
}


class Shortcuts(QObject):
    """Gives `actions`, by their names, their keys, and again whenever the preference "shortcuts" changes.

    Keys are written as in QKeySequence's portable text. Signals: changed().
    """

    changed = Signal()

    def __init__(self, actions: Mapping[str, QAction], preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._preferences = preferences
        self._declared = {name: self.of(name) for name in actions}
        self._apply()
        preferences.watch(lambda key: self._apply() if key == "shortcuts" else None)

    def of(self, name: str) -> list[str]:
        """The keys an action has now; the first is shown beside it."""
        return [portable(keys) for keys in self._actions[name].shortcuts()]

    def first(self, name: str) -> str:
        """The keys that are told beside an action, as they are written for people; "" for none."""
        return shown(next(iter(self.of(name)), ""))

    def is_changed(self, name: str) -> bool:
        return self.of(name) != self._declared[name]

    def holder(self, keys: str, but: str) -> str:
        """The name of the action that has these keys, other than `but`; "" for none."""
        return next((name for name in self._actions if name != but and keys in self.of(name)), "")

    def choose(self, name: str, keys: Sequence[str]) -> None:
        """Give an action these keys in place of its own; who has one of them has it no longer."""
        chosen = {one: self.of(one) for one in self._actions}
        for other, theirs in chosen.items():
            chosen[other] = [one for one in theirs if one not in keys]
        self._keep(chosen | {name: list(keys)})

    def reset(self, name: str) -> None:
        """Back to the keys it is declared with, also where another has one of them by now."""
        self.choose(name, self._declared[name])

    def reset_all(self) -> None:
        self._preferences.reset("shortcuts")

    def _keep(self, chosen: Mapping[str, list[str]]) -> None:
        kept = {name: keys for name, keys in chosen.items() if keys != self._declared[name]}
        # What a newer version has chosen stays.
        others = {name: keys for name, keys in self._preferences.get("shortcuts").items() if name not in self._actions}
        self._preferences.set("shortcuts", others | kept)

    def _apply(self) -> None:
        chosen = self._preferences.get("shortcuts")
        for name, action in self._actions.items():
            keys = chosen.get(name, self._declared[name])
            if keys != self.of(name):
                action.setShortcuts([QKeySequence(one) for one in keys])
        self.changed.emit()


def portable(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.PortableText)


def shown(keys: str) -> str:
    """As they are written for people on this system."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def pressed(event: QKeyEvent) -> str:
    """The keys of an event; "" while only such as Ctrl are down."""
    if event.key() in MODIFIERS:
        return ""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    letter = event.text()
    if letter.isprintable() and not letter.isalnum() and not letter.isspace() and event.key() < Qt.Key.Key_Escape:
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier  # it is in the character: "?" and not "Shift+/"
    return portable(QKeySequence(modifiers.value | event.key()))


def is_typed(keys: str) -> bool:
    """Whether they write something, or move in what is written: no action can have them."""
    return FREE.fullmatch(keys) is None


def fixed_use(keys: str) -> str:
    """What the fields do with these keys, in English; "" for nothing."""
    for use, sequences in FIXED.items():
        if keys in bindings(sequences):
            return use
    return ""


def bindings(sequences: Sequence[str | Standard]) -> list[str]:
    """All keys of these, on this system."""
    return [
        portable(one)
        for sequence in sequences
        for one in (
            [QKeySequence(sequence)] if isinstance(sequence, str) else QKeySequence.keyBindings(Standard(sequence))
        )
    ]
