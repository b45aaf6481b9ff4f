"""What “/” at the beginning of a message does in a pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from PySide6.QtWidgets import QWidget

    from gui.conversation import Template
    from gui.windows.composer import Composer
    from gui.windows.template_popup import TemplatePopup
    from gui.windows.theme import Appearance
    from gui.windows.variables import Variables


class PaneTemplates(QObject):
    """A prompt that is chosen comes into the input. Signals: persona_chosen(Template); manage_requested()."""

    persona_chosen = Signal(object)
    manage_requested = Signal()

    def __init__(
        self,
        composer: Composer,
        appearance: Appearance,
        pane: QWidget,
        load: Callable[[], Awaitable[Sequence[Template]]],
        spawn: Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]],
    ) -> None:
        super().__init__(composer)
        self._composer = composer
        self._appearance = appearance
        self._pane = pane
        self._load = load
        self._spawn = spawn
        self._popup: TemplatePopup | None = None
        self._variables: Variables | None = None
        composer.input.textChanged.connect(self.look)

    @property
    def popup(self) -> TemplatePopup:
        """Made when it is first asked for."""
        if self._popup is None:
            from gui.windows.template_popup import TemplatePopup

            self._popup = TemplatePopup(self._composer, self._appearance, self._pane)
            self._popup.chosen.connect(self._take)
            self._popup.manage_requested.connect(self._manage)
        return self._popup

    def look(self) -> None:
        """Whether there is a “/” alone."""
        if self._composer.input.document().characterCount() - 1 == len("/") and self._composer.text == "/":
            self._spawn(self._open())

    async def _open(self) -> None:
        templates = await self._load()
        if self._pane.isVisible():
            self.popup.open(templates)

    def _take(self, one: Template) -> None:
        if one.is_persona:
            self._composer.set_text("")
            self.persona_chosen.emit(one)
            return
        self._composer.set_text(one.text)
        if self._variables is None:
            from gui.windows.variables import Variables

            self._variables = Variables(self._composer)
        self._variables.begin()

    def _manage(self) -> None:
        self._composer.set_text("")
        self.manage_requested.emit()
