"""The command palette: what it offers, in whatever window it is asked for, and what was used of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from gui.settings.preferences import SETTINGS
from gui.windows.command_palette import Command, CommandPalette
from gui.windows.wording import one_line, plain, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from gui.windows.parts import Parts

RECENT = 20
"""Commands that are remembered."""

CHATS = 5000
"""Of the chats, those that were changed last are offered; all of them are what the search is for."""


class Commanding(QObject):
    """Signals: opening() -- the actions are to be enabled as they can do something; chat_chosen(id);
    setting_chosen(key); left() -- the keys are to go back there.
    """

    opening = Signal()
    chat_chosen = Signal(str)
    setting_chosen = Signal(str)
    left = Signal()

    def __init__(
        self, parts: Parts, menus: Callable[[], Iterable[QMenu]], front: Callable[[], QWidget], parent: QObject
    ) -> None:
        """`front`: the window in which somebody works."""
        super().__init__(parent)
        self._parts = parts
        self._menus = menus
        self._front = front
        self.panel: CommandPalette | None = None

    def open(self) -> None:
        """In the window in front."""
        self.opening.emit()
        if self.panel is not None:
            self.panel.hide()
            self.panel.deleteLater()
        window = self._front()
        self.panel = panel = CommandPalette(self._parts.appearance, window)
        panel.destroyed.connect(lambda: self._gone(panel))
        panel.chosen.connect(self._do)
        panel.left.connect(self.left)
        commands = [*self._of_menus(), *self._of_settings()]
        panel.open(commands, self._parts.preferences.get("recent_commands"))
        self._parts.tasks.bind(self._parts.tasks.spawn(self._add_chats(panel, commands)), panel)

    def redraw(self) -> None:
        """After the theme or the zoom changed."""
        if self.panel is not None:
            self.panel.redraw()

    def _gone(self, panel: CommandPalette) -> None:
        if self.panel is panel:
            self.panel = None

    def _of_menus(self) -> Iterator[Command]:
        for menu in self._menus():
            yield from _actions(menu, plain(menu.title()))

    def _of_settings(self) -> Iterator[Command]:
        place = translate("commands", "Settings")
        for key, setting in SETTINGS.items():
            if setting.description:
                name = translate("settings", setting.description)
                yield Command(f"setting/{key}", name, place, partial(self.setting_chosen.emit, key))

    async def _add_chats(self, panel: CommandPalette, commands: Sequence[Command]) -> None:
        history = await self._parts.history
        place = translate("commands", "Chat")
        chats = [
            Command(f"chat/{one.id}", one_line(one.title), place, partial(self.chat_chosen.emit, one.id))
            for one in await history.conversations(limit=CHATS)
        ]
        panel.offer([*commands, *chats])

    def _do(self, command: Command) -> None:
        recent = self._parts.preferences.get("recent_commands")
        if not command.id.startswith("chat/"):  # these are in order of their time already
            kept = [command.id, *(one for one in recent if one != command.id)][:RECENT]
            self._parts.preferences.set("recent_commands", kept)
        self.left.emit()
        command.do()


def _actions(menu: QMenu, place: str) -> Iterator[Command]:
    for action in menu.actions():
        if isinstance(within := action.menu(), QMenu):
            yield from _actions(within, f"{place} › {plain(within.title())}")
        elif not action.isSeparator() and action.isVisible():
            yield _command(action, place)


def _command(action: QAction, place: str) -> Command:
    keys = action.shortcut()
    shown = keys.toString(keys.SequenceFormat.NativeText)
    name = plain(action.text())
    return Command(f"action/{action.objectName()}", name, place, action.trigger, shown, action.isEnabled())
