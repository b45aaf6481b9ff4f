"""What is done with the conversations in the sidebar: listed, moved, put away, deleted, removed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QObject, QTimer, Signal

from gui.conversation import Folder
from gui.errors import HistoryError
from gui.history.listing import Order, View
from gui.windows.conversation_sections import PAGE, Sections
from gui.windows.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from PySide6.QtCore import QPoint

    from gui.conversation import Conversation
    from gui.history.listing import Section
    from gui.windows.conversation_list import Chosen
    from gui.windows.conversation_sections import Span
    from gui.windows.parts import Parts
    from gui.windows.sidebar import Sidebar

ROWS = 40
"""Of the list, that are loaded before its height is known."""

EXPIRY_DELAY = 20_000
"""Milliseconds after the start until what was in the trash for too long is removed."""


class Browsing(QObject):
    """Keeps the sidebar as the history is.

    Signals: said(text, actions) -- for the message bar; deleted(ids) -- they are in the trash now; restored(id);
    changed(Conversation); rename_asked(Conversation); forgot_all_but(ids) -- no other conversation is there any more.
    """

    said = Signal(str, list)
    deleted = Signal(list)
    restored = Signal(str)
    changed = Signal(object)
    rename_asked = Signal(object)
    forgot_all_but = Signal(object)

    def __init__(self, parts: Parts, sidebar: Sidebar, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._sidebar = sidebar
        self._listing = False
        self._again = False
        self._midnight = QTimer(self)
        self._midnight.setSingleShot(True)
        self._midnight.timeout.connect(self.refresh)
        self._expiry = QTimer(self)
        self._expiry.setSingleShot(True)
        self._expiry.timeout.connect(lambda: self.spawn(self._remove_expired()))

    def wire(self) -> None:
        """Hear what the list asks for."""
        shown = self._sidebar.list
        shown.conversations.wanted.connect(lambda parts: self.spawn(self._load(parts)))
        shown.conversations.outdated.connect(self.refresh)
        shown.toggled.connect(self.toggle)
        shown.rename_requested.connect(self.ask_for_name)
        shown.delete_requested.connect(lambda chosen: self.spawn(self._delete_or_remove(chosen)))
        shown.menu_requested.connect(lambda chosen, place: self.spawn(self._open_menu(chosen, place)))
        shown.moved.connect(lambda chosen, folder: self.spawn(self.move(chosen, folder or None)))
        shown.title_wanted.connect(lambda text, spans: self.spawn(self._find_title(text, spans)))
        self._sidebar.view_changed.connect(self.refresh)
        self._sidebar.order_chosen.connect(self.set_order)
        self._sidebar.folder_requested.connect(lambda: self.ask_for_folder(None))
        self._sidebar.empty_requested.connect(self.ask_to_empty)
        self._expiry.start(EXPIRY_DELAY)

    # -- the list ---------------------------------------------------------------------------------------------------

    @property
    def order(self) -> Order:
        return Order(self._parts.preferences.get("sidebar_order"))

    def set_order(self, order: str) -> None:
        self._parts.preferences.set("sidebar_order", order)
        self.refresh()

    def toggle(self, folder_id: str) -> None:
        """Show what is in a folder, or do not."""
        closed = set(self._parts.preferences.get("closed_folders")) ^ {folder_id}
        self._parts.preferences.set("closed_folders", sorted(closed))
        self.refresh()

    def refresh(self) -> None:
        """List anew what is in sight; the rest when it comes into sight."""
        if self._listing:
            self._again = True
        else:
            self.spawn(self.list_all())

    async def look_again(self) -> None:
        """List anew what another process may have changed while nobody looked."""
        with suppress(HistoryError):  # which is told where the history is watched
            history = await self._parts.history
            if await history.is_changed_elsewhere():
                await self.list_all()

    async def list_all(self) -> None:
        """As `refresh`; it is done when this returns."""
        self._listing = True
        try:
            if not self._sidebar.model.rowCount():
                await self._list(enough=PAGE)  # to have something to see, whatever there is
            self._again = True
            while self._again:
                self._again = False
                await self._list()
        finally:
            self._listing = False
        now = QDateTime.currentDateTime()
        tomorrow = QDateTime(now.date().addDays(1).startOfDay())
        self._midnight.start(min(now.msecsTo(tomorrow) + 1000, 24 * 3_600_000))

    async def _list(self, enough: int | None = None) -> None:
        history = await self._parts.history
        shown, view = self._sidebar.list, self._sidebar.view
        sections = await history.sections(view, self.order, enough=enough)
        rows = Sections(sections, frozenset(self._parts.preferences.get("closed_folders")))
        first, last = shown.rows_in_sight()
        wanted = rows.pages(first, max(last, first + ROWS))
        pages = {key: await history.part(section, key[1] * PAGE, PAGE) for key, section in wanted.items()}
        if view is not self._sidebar.view:
            self._again = True
            return
        days = await self._days(view, (one for page in pages.values() for one in page))
        chosen, current = shown.chosen_ids(), shown.current_id()
        place = shown.verticalScrollBar().value()
        shown.view = view
        self._sidebar.order = self.order
        shown.conversations.show(rows, pages, days)
        shown.select(chosen, current)
        shown.verticalScrollBar().setValue(place)
        self._sidebar.show_count(sum(section.count for section in sections))

    async def _load(self, parts: Sequence[tuple[Section, int]]) -> None:
        history = await self._parts.history
        shown = self._sidebar.list
        for section, page in parts:
            conversations = await history.part(section, page * PAGE, PAGE)
            shown.conversations.fill(section, page, conversations, await self._days(shown.view, conversations))

    async def _find_title(self, begin: str, spans: Sequence[Span]) -> None:
        found = None
        try:
            history = await self._parts.history
            found = await history.first_titled(spans, begin)
            if found is not None:
                await self._load([(found[0], found[1] // PAGE)])
        finally:
            self._sidebar.list.title_found(*(found or (None,)))

    async def _days(self, view: View, conversations: Iterable[Conversation]) -> dict[str, int]:
        if view is not View.TRASH:
            return {}
        history = await self._parts.history
        return await history.days_left([one.id for one in conversations])

    async def _known(self, chosen: Chosen) -> Chosen:
        """With the ids of all of it, before a menu or a question stands open: rows move while somebody thinks."""
        if len(chosen.ids) == chosen.count:
            return chosen
        history = await self._parts.history
        parts = [await history.part(*span) for span in chosen.spans]
        ids = [one.id for part in parts for one in part]
        return replace(chosen, ids=ids, count=len(ids))

    async def _open_menu(self, chosen: Chosen, place: QPoint) -> None:
        from gui.windows.conversation_menu import conversation_menu

        history = await self._parts.history
        chosen = await self._known(chosen)
        menu = conversation_menu(self, self._sidebar.list, chosen, await history.folders())
        menu.popup(place)

    # -- conversations ----------------------------------------------------------------------------------------------

    async def pin(self, conversation_id: str, *, pinned: bool) -> None:
        history = await self._parts.history
        await history.update_conversation(conversation_id, pinned=pinned)
        conversation = await history.conversation(conversation_id)
        if conversation is not None:
            self.changed.emit(conversation)
        await self.list_all()

    async def move(self, chosen: Chosen, folder_id: str | None) -> None:
        """Put what is chosen in a folder, or in none."""
        await self.put_in_folder((await self._known(chosen)).ids, folder_id)

    async def put_in_folder(self, conversation_ids: Sequence[str], folder_id: str | None) -> None:
        history = await self._parts.history
        before = await history.put_in_folders(dict.fromkeys(conversation_ids, folder_id))
        if not before:
            return
        name = next((one.name for one in await history.folders() if one.id == folder_id), "")
        where = (
            self.tr("Moved to “{folder}”.").format(folder=name) if folder_id else self.tr("Moved out of the folder.")
        )

        async def undo() -> None:
            await history.put_in_folders(before)
            await self.list_all()

        self._say(where, undo)
        await self.list_all()

    async def archive(self, chosen: Chosen, *, archived: bool) -> None:
        ids = (await self._known(chosen)).ids
        history = await self._parts.history
        await history.archive(ids, archived=archived)

        async def undo() -> None:
            await history.archive(ids, archived=not archived)
            await self.list_all()

        text = self.tr("Archived chats: {count}.") if archived else self.tr("Back from the archive: {count}.")
        self._say(text.format(count=len(ids)), undo)
        await self.list_all()

    async def _delete_or_remove(self, chosen: Chosen) -> None:
        if chosen.folder is not None:
            await self.delete_folder(chosen.folder)
        elif self._sidebar.view is View.TRASH:
            self.ask_to_remove(await self._known(chosen))
        else:
            await self.delete((await self._known(chosen)).ids)

    async def delete(self, conversation_ids: Sequence[str]) -> None:
        """Into the trash; what is said of it offers the way back."""
        history = await self._parts.history
        titles = [one.title for one in [await history.conversation(i) for i in conversation_ids[:1]] if one]
        if not titles:
            return
        await history.delete_conversations(conversation_ids)
        self.deleted.emit(list(conversation_ids))

        async def undo() -> None:
            await self.restore(conversation_ids)

        one = len(conversation_ids) == 1
        text = self.tr("“{title}” was deleted.") if one else self.tr("Deleted chats: {count}.")
        self._say(text.format(title=one_line(titles[0]), count=len(conversation_ids)), undo)
        await self.list_all()

    async def restore(self, conversation_ids: Sequence[str]) -> None:
        history = await self._parts.history
        await history.restore_conversations(conversation_ids)
        await self.list_all()
        if len(conversation_ids) == 1:
            self.restored.emit(conversation_ids[0])

    async def restore_chosen(self, chosen: Chosen) -> None:
        await self.restore((await self._known(chosen)).ids)

    # -- the trash --------------------------------------------------------------------------------------------------

    def ask_to_remove(self, chosen: Chosen) -> None:
        """`chosen` as `_known` gives it."""
        text = self.tr(
            "Delete these chats for good? They cannot be had back, not even from the snapshots. Chats: {count}."
        )
        self.spawn(self._ask(text.format(count=chosen.count), lambda: self._remove(chosen)))

    async def _remove(self, chosen: Chosen) -> None:
        history = await self._parts.history
        await history.remove(chosen.ids)

    def ask_to_empty(self) -> None:
        text = self.tr("Delete all that is in the trash for good? It cannot be had back, not even from the snapshots.")
        self.spawn(self._ask(text, self._empty))

    async def _empty(self) -> None:
        history = await self._parts.history
        await history.empty_trash()

    async def _remove_expired(self) -> None:
        history = await self._parts.history
        await history.remove_expired()
        await self._forget_drafts()
        if self._sidebar.view is View.TRASH:
            await self.list_all()

    async def _ask(self, text: str, remove: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Whether to remove something for good, and the damaged files with it, in which it may be too."""
        from PySide6.QtWidgets import QCheckBox

        from gui.windows.dialogs.questions import ask_whether

        history = await self._parts.history
        damaged = await history.damaged_files()
        also = QCheckBox(self.tr("Also delete the damaged history files that were set aside: it may be in them too"))
        also.setChecked(True)

        async def do(*, damaged_too: bool) -> None:
            await remove()
            await self.list_all()
            await self._forget_drafts()
            await history.clear_copies(damaged_too=damaged_too)

        ask_whether(
            self._sidebar.window(),
            text,
            self.tr("Delete for good"),
            lambda: self.spawn(do(damaged_too=bool(damaged) and also.isChecked())),
            also if damaged else None,
        )

    async def _forget_drafts(self) -> None:
        """What was typed in chats that are not there any more, and never sent."""
        history = await self._parts.history
        there = {"new", *await history.record_ids(trash=True)}
        self.forgot_all_but.emit(there)
        drafts = self._parts.preferences.get("drafts")
        kept = {one: text for one, text in drafts.items() if one in there}
        if kept != drafts:
            self._parts.preferences.set("drafts", kept)

    # -- folders and names --------------------------------------------------------------------------------------------

    def ask_for_name(self, chosen: Chosen) -> None:
        """Another name for a folder, or another title for a conversation."""
        folder = chosen.folder
        if folder is not None:
            self._ask_for(
                self.tr("Rename"),
                self.tr("Name of this folder:"),
                folder.name,
                lambda name: self._rename_folder(folder, name),
            )
        elif chosen.one is not None and self._sidebar.view is not View.TRASH:
            self.rename_asked.emit(chosen.one)

    def ask_for_folder(self, chosen: Chosen | None) -> None:
        """A new folder, for what is `chosen`."""
        self._ask_for(
            self.tr("New folder"), self.tr("Name of the folder:"), "", lambda name: self._add_folder(name, chosen)
        )

    def _ask_for(self, title: str, label: str, text: str, do: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        from gui.windows.dialogs.questions import ask_for_line

        ask_for_line(self._sidebar.window(), title, label, text, lambda name: self.spawn(do(name)))

    async def _add_folder(self, name: str, chosen: Chosen | None) -> None:
        history = await self._parts.history
        ids = chosen.ids if chosen else ()
        folder = Folder(name)
        await history.add_folder(folder)
        if ids:
            await self.put_in_folder(ids, folder.id)
        await self.list_all()

    async def _rename_folder(self, folder: Folder, name: str) -> None:
        history = await self._parts.history
        await history.rename_folder(folder.id, name)
        await self.list_all()

    async def delete_folder(self, folder: Folder) -> None:
        """What was in it is in no folder then."""
        history = await self._parts.history
        inside = await history.delete_folder(folder.id)

        async def undo() -> None:
            await history.restore_folder(folder.id, inside)
            await self.list_all()

        self._say(self.tr("The folder “{name}” was deleted; its chats are kept.").format(name=folder.name), undo)
        await self.list_all()

    def ask_to_export(self, conversation: Conversation) -> None:
        self._sidebar.export_requested.emit(conversation.id)

    # -- what they share ----------------------------------------------------------------------------------------------

    def _say(self, text: str, undo: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.said.emit(text, [(self.tr("Undo"), lambda: self.spawn(undo()))])

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """As a task of the windows."""
        self._parts.tasks.spawn(coroutine)
