"""The rows of the sidebar, of which only those are loaded that somebody looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QTimer, Signal

from gui.override import override
from gui.windows.conversation_sections import PAGE, Sections, heading_text, key_of
from gui.windows.wording import one_line, plain_tooltip, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QPersistentModelIndex

    from gui.conversation import Conversation
    from gui.history.listing import Section
    from gui.windows.conversation_sections import PageKey, Span

    Index = QModelIndex | QPersistentModelIndex

DISPLAY, ENTRY = 0, 0x100  # Qt.ItemDataRole.DisplayRole, UserRole
KEPT = 48
"""Pages that stay loaded; what was seen longest ago goes first."""

MIME = "application/x-gprochat-conversations"
"""What is dragged. It holds nothing: it is the list's own selection."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: a section's heading (`conversation` is None), or a conversation and where it is answered.

    `open`: of a folder's heading, whether its conversations are shown. `marked`: the one before the person.
    One that is not loaded has no `section`, and no text.
    """

    text: str = ""
    section: Section | None = None
    conversation: Conversation | None = None
    place: str = ""
    running: bool = False
    open: bool = True
    marked: bool = False

    @property
    def is_heading(self) -> bool:
        return self.section is not None and self.conversation is None

    @property
    def is_folder(self) -> bool:
        return self.is_heading and self.section is not None and self.section.folder is not None


class ConversationsModel(QAbstractListModel):
    """Rows of Entry. Signals: wanted(list of (Section, page)) -- these came into sight and are not loaded;
    outdated() -- what changed belongs to another place now.
    """

    wanted = Signal(list)
    outdated = Signal()

    def __init__(self, place_of: Callable[[Conversation], str]) -> None:
        super().__init__()
        self._place_of = place_of
        self._running: set[str] = set()
        self._marked = ""
        self._shown = Sections()
        self._pages: dict[PageKey, list[Conversation]] = {}
        self._where: dict[str, tuple[PageKey, int]] = {}
        self._days: dict[str, int] = {}
        self._missed: dict[PageKey, Section] = {}
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.timeout.connect(self._ask)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show(
        self,
        sections: Sections,
        pages: Mapping[PageKey, list[Conversation]],
        days: Mapping[str, int] | None = None,
    ) -> None:
        """These instead of what was shown. `days`: those that are left to what is in the trash."""
        same = sections.shape == self._shown.shape
        if not same:
            self.beginResetModel()
        self._shown = sections
        self._days = dict(days or {})
        self._pages.clear()
        self._where.clear()
        for key, page in pages.items():
            self._keep(key, page)
        if same:
            self.redraw()
        else:
            self.endResetModel()

    def fill(self, section: Section, page: int, conversations: list[Conversation], days: Mapping[str, int]) -> None:
        """What was `wanted`."""
        self._days.update(days)
        self._keep((key_of(section), page), conversations)
        for old in list(self._pages)[:-KEPT]:
            for one in self._pages.pop(old):
                self._where.pop(one.id, None)
        for block in self._shown.blocks:
            if key_of(block.section) == key_of(section) and block.shown:
                first = block.body + page * PAGE
                last = min(first + PAGE, block.body + block.shown) - 1
                self.dataChanged.emit(self.index(first), self.index(last))

    def _keep(self, key: PageKey, page: list[Conversation]) -> None:
        self._pages.pop(key, None)  # the newest is the last
        self._pages[key] = list(page)
        self._where.update({one.id: (key, number) for number, one in enumerate(page)})

    def put(self, conversations: Sequence[Conversation]) -> None:
        """Show how these are now."""
        for one in conversations:
            if one.id not in self._where:
                self.outdated.emit()
                continue
            key, number = self._where[one.id]
            before, self._pages[key][number] = self._pages[key][number], one
            self._changed(one.id)
            if _place(before) != _place(one):
                self.outdated.emit()

    def set_running(self, conversation_id: str, *, running: bool) -> None:
        (self._running.add if running else self._running.discard)(conversation_id)
        self._changed(conversation_id)

    def turn(self) -> None:
        """What turns where a reply is written has turned."""
        for conversation_id in self._running:
            self._changed(conversation_id)

    def mark(self, conversation_id: str) -> None:
        """It is the one before the person."""
        before, self._marked = self._marked, conversation_id
        self._changed(before)
        self._changed(conversation_id)

    def _changed(self, conversation_id: str) -> None:
        row = self.row_of(conversation_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def redraw(self) -> None:
        """All of it, as it is now."""
        if self._shown.rows:
            self.dataChanged.emit(self.index(0), self.index(self._shown.rows - 1))

    # -- what is asked ----------------------------------------------------------------------------------------------

    def get(self, conversation_id: str) -> Conversation | None:
        """If it is loaded."""
        if conversation_id not in self._where:
            return None
        key, number = self._where[conversation_id]
        return self._pages[key][number]

    def row_of(self, conversation_id: str) -> int:
        """-1 for one that is not loaded or not shown. Also of a folder's heading."""
        if conversation_id not in self._where:
            folders = ((block.section.folder, block.first) for block in self._shown.blocks)
            return next((row for folder, row in folders if folder and folder.id == conversation_id), -1)
        (section, page), number = self._where[conversation_id]
        return self._shown.row_of(section, page * PAGE + number)

    def entry(self, row: int) -> Entry:
        """What is not loaded is asked for."""
        block = self._shown.at(row)
        section = block.section
        if row < block.body:
            folder = section.folder
            return Entry(heading_text(section), section, open=folder is None or folder.id not in self._shown.closed)
        page, number = divmod(row - block.body, PAGE)
        key = (key_of(section), page)
        loaded = self._pages.get(key, ())
        if number >= len(loaded):
            if key not in self._pages:
                self._missed[key] = section
                self._asking.start(0)
            return Entry()
        one = loaded[number]
        title = one_line(one.title)
        return Entry(
            title, section, one, self._second_line(one), one.id in self._running, marked=one.id == self._marked
        )

    def _second_line(self, one: Conversation) -> str:
        left = self._days.get(one.id)
        if left is None:
            return self._place_of(one)
        return translate("sidebar", "Days left: {days}").format(days=left)

    def spans_from(self, row: int) -> list[Span]:
        """All conversations in the order of the rows, from this one on and then from the top."""
        return [*self.spans(row, self._shown.rows - 1), *self.spans(0, row - 1)]

    def row_at(self, section: Section, offset: int) -> int:
        """-1 if it is not shown."""
        return self._shown.row_of(key_of(section), offset)

    def section_of(self, row: int) -> Section:
        return self._shown.at(row).section

    def heading_of(self, row: int) -> int:
        """The row of the heading above this row; -1 if it has none."""
        block = self._shown.at(row)
        return block.first if block.heading else -1

    def headings(self) -> list[int]:
        """Their rows."""
        return [block.first for block in self._shown.blocks if block.heading]

    def spans(self, first: int, last: int) -> list[Span]:
        """The conversations in these rows."""
        return list(self._shown.spans(first, last))

    def ids_between(self, first: int, last: int) -> list[str]:
        """Of the conversations that are loaded in these rows."""
        found = []
        for section, begin, count in self.spans(first, last):
            for (key, page), loaded in self._pages.items():
                if key == key_of(section):
                    offset = page * PAGE
                    found += [one.id for one in loaded[max(begin - offset, 0) : max(begin + count - offset, 0)]]
        return found

    @property
    def entries(self) -> list[Entry]:
        """All of them: for a look at a short list."""
        return [self.entry(row) for row in range(self._shown.rows)]

    def _ask(self) -> None:
        missed = [(section, page) for (_key, page), section in self._missed.items()]
        self._missed.clear()
        self.wanted.emit(missed)

    # -- Qt's ---------------------------------------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else self._shown.rows

    @override
    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if role not in {DISPLAY, ENTRY, QtCore.Qt.ItemDataRole.AccessibleTextRole, QtCore.Qt.ItemDataRole.ToolTipRole}:
            return None
        entry = self.entry(index.row())
        if role == ENTRY:
            return entry
        return plain_tooltip(entry.text) if role == QtCore.Qt.ItemDataRole.ToolTipRole else entry.text

    @override
    def flags(self, index: Index) -> QtCore.Qt.ItemFlag:
        if not index.isValid():
            return QtCore.Qt.ItemFlag.ItemIsDropEnabled
        block = self._shown.at(index.row())
        able = QtCore.Qt.ItemFlag.ItemIsEnabled | QtCore.Qt.ItemFlag.ItemIsDropEnabled
        if index.row() >= block.body:
            return able | QtCore.Qt.ItemFlag.ItemIsSelectable | QtCore.Qt.ItemFlag.ItemIsDragEnabled
        if block.section.folder is not None:
            return able | QtCore.Qt.ItemFlag.ItemIsSelectable
        return QtCore.Qt.ItemFlag.ItemIsDropEnabled

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, QtCore.QByteArray())
        return data

    @override
    def supportedDragActions(self) -> QtCore.Qt.DropAction:
        return QtCore.Qt.DropAction.MoveAction


def _place(one: Conversation) -> tuple[object, ...]:
    """What decides where in the list it stands."""
    return one.updated_at, one.created_at, one.title, one.pinned, one.folder_id, one.archived
