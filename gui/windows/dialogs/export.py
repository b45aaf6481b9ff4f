"""Which conversations to export, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from gui.errors import QT_TRANSLATE_NOOP
from gui.override import override
from gui.transfer.export import Form
from gui.windows.wording import day, plain_tooltip, translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtCore import QPersistentModelIndex, QRect
    from PySide6.QtGui import QColor, QFontMetrics, QPainter
    from PySide6.QtWidgets import QWidget

    from gui.conversation import Conversation, Folder

    Index = QModelIndex | QPersistentModelIndex

Role = Qt.ItemDataRole
UPDATED_AT = Role.UserRole

FORMS = {
    Form.MARKDOWN: QT_TRANSLATE_NOOP("export", "Markdown"),
    Form.HTML: QT_TRANSLATE_NOOP("export", "Web page (HTML)"),
    Form.PDF: QT_TRANSLATE_NOOP("export", "PDF"),
    Form.JSON: QT_TRANSLATE_NOOP("export", "JSON, complete"),
}
EXPLAINED = {
    Form.MARKDOWN: QT_TRANSLATE_NOOP(
        "export", "Text that other programs read, too. Several chats become files in a zip archive."
    ),
    Form.HTML: QT_TRANSLATE_NOOP("export", "One file that opens in every browser, without a network."),
    Form.PDF: QT_TRANSLATE_NOOP("export", "As on paper. Several chats become files in a zip archive."),
    Form.JSON: QT_TRANSLATE_NOOP("export", "One file with everything, which can be imported again."),
}


class _Choice(QAbstractListModel):
    """Conversations with a box each. Signals: changed() -- others are chosen now."""

    changed = Signal()

    def __init__(self, conversations: Sequence[Conversation], chosen: Iterable[str]) -> None:
        super().__init__()
        self.conversations = conversations
        self.chosen = set(chosen) & {one.id for one in conversations}

    def choose(self, ids: Iterable[str], *, chosen: bool) -> None:
        self.chosen = self.chosen | set(ids) if chosen else self.chosen - set(ids)
        self.dataChanged.emit(self.index(0), self.index(len(self.conversations) - 1), [Role.CheckStateRole])
        self.changed.emit()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature
        return 0 if parent.isValid() else len(self.conversations)

    @override
    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        conversation = self.conversations[index.row()]
        title = " ".join(conversation.title.split()) or translate("sidebar", "New chat")
        if role == Role.DisplayRole:
            return title
        if role == Role.CheckStateRole:
            return Qt.CheckState.Checked if conversation.id in self.chosen else Qt.CheckState.Unchecked
        if role == Role.ToolTipRole:
            return plain_tooltip(title)
        if role == UPDATED_AT:
            return conversation.updated_at
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.CheckStateRole:
            return False
        one = self.conversations[index.row()].id
        self.chosen ^= {one}
        self.dataChanged.emit(index, index, [role])
        self.changed.emit()
        return True

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable


class _Row(QStyledItemDelegate):
    """The box, the title, and at the end the day."""

    def __init__(self, parent: QListView, colour: QColor) -> None:
        super().__init__(parent)
        self._list = parent
        self._colour = colour

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics: QFontMetrics = option.fontMetrics
        return QSize(0, metrics.height() + 14)

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        # An icon of no ink is the room between the box and the title.
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
        option.decorationSize = QSize(1, 1)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text = day(index.data(UPDATED_AT))
        metrics: QFontMetrics = option.fontMetrics
        # The card of what the mouse is over is that of the whole row, and the style would move the title on it.
        self._list.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, self._list)
        option.state &= ~QStyle.StateFlag.State_MouseOver
        area: QRect = option.rect.adjusted(6, 0, -10, 0)
        title = area.adjusted(0, 0, -metrics.horizontalAdvance(text) - 16, 0)
        option.rect = QStyle.visualRect(option.direction, area, title)
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(self._colour)
        end = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignRight)
        painter.drawText(area, end | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class _Shown(QSortFilterProxyModel):
    """Those with these words in their title, in this folder: an id, "" for all, None for the archive."""

    def __init__(self, choice: _Choice) -> None:
        super().__init__()
        self._choice = choice
        self._words: list[str] = []
        self._folder: str | None = ""
        self.setSourceModel(choice)

    def show_only(self, words: str, folder: str | None) -> None:
        self.beginFilterChange()
        self._words = words.casefold().split()
        self._folder = folder
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def shown(self) -> list[Conversation]:
        return [one for one in self._choice.conversations if self._holds(one)]

    def _holds(self, one: Conversation) -> bool:
        inside = one.archived if self._folder is None else self._folder in {"", one.folder_id}
        title = one.title.casefold()
        return inside and all(word in title for word in self._words)

    @override
    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        return self._holds(self._choice.conversations[source_row])


class ExportDialog(QDialog):
    """Signals: chosen(conversations, form, options) -- the latter as keywords of `Wanted`."""

    chosen = Signal(list, object, dict)

    def __init__(
        self,
        conversations: Sequence[Conversation],
        folders: Sequence[Folder],
        chosen: Iterable[str],
        muted: QColor,
        parent: QWidget,
    ) -> None:
        """`chosen`: ids of those whose boxes are ticked at the beginning; `muted`: the colour of dates."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self._choice = _Choice(conversations, chosen)
        self._shown = _Shown(self._choice)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search titles"))
        self.search.setAccessibleName(self.tr("Search titles"))
        self.search.setClearButtonEnabled(True)
        self.folder = QComboBox()
        self.folder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a name may be of any length
        self.folder.setAccessibleName(self.tr("Folder"))
        self.folder.addItem(self.tr("All chats"), "")
        for folder in folders:
            self.folder.addItem(folder.name, folder.id)
        self.folder.addItem(self.tr("Archive"), None)
        self.all = QCheckBox(self.tr("All that are listed"))
        self.count = QLabel()
        self.count.setObjectName("explanation")
        self.list = QListView()
        self.list.setObjectName("exportList")
        self.list.setAccessibleName(self.tr("Chats"))
        self.list.setUniformItemSizes(True)
        self.list.setModel(self._shown)
        self.list.setItemDelegate(_Row(self.list, muted))
        self.form = QComboBox()
        for form, name in FORMS.items():
            self.form.addItem(translate("export", name), form)
        self.explanation = QLabel()
        self.explanation.setObjectName("explanation")
        self.explanation.setWordWrap(True)
        self.thoughts = QCheckBox(self.tr("With what the models thought"))
        self.thoughts.setChecked(True)
        self.versions = QCheckBox(self.tr("With other versions of messages"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.export_button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.export_button.setText(self.tr("Export…"))
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(self.tr("Cancel"))
        for button in (self.export_button, cancel):
            button.setIcon(QIcon())
        self._lay_out()
        self._wire()
        self._count()
        self._explain()

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.search, 3)
        above.addWidget(self.folder, 2)
        below = QHBoxLayout()
        below.addWidget(self.all)
        below.addStretch()
        below.addWidget(self.count)
        how = QFormLayout()
        how.setHorizontalSpacing(14)
        how.addRow(self.tr("Format"), self.form)
        how.addRow("", self.explanation)
        how.addRow("", self.thoughts)
        how.addRow("", self.versions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(9)
        layout.addLayout(above)
        layout.addWidget(self.list, 1)
        layout.addLayout(below)
        layout.addSpacing(6)
        layout.addLayout(how)
        layout.addWidget(self.buttons)
        self.resize(560, 620)

    def _wire(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.folder.currentIndexChanged.connect(self._filter)
        self.all.clicked.connect(self._choose_listed)
        self.form.currentIndexChanged.connect(self._explain)
        self._choice.changed.connect(self._count)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)

    def _filter(self) -> None:
        self._shown.show_only(self.search.text(), self.folder.currentData())
        self._count()

    def _choose_listed(self, chosen: bool) -> None:
        self._choice.choose((one.id for one in self._shown.shown()), chosen=chosen)

    def _count(self) -> None:
        shown = {one.id for one in self._shown.shown()}
        self.all.setEnabled(bool(shown))
        self.all.setChecked(bool(shown) and shown <= self._choice.chosen)
        number = QLocale().toString(len(self._choice.chosen))
        self.count.setText(self.tr("Chosen: {count}").format(count=number))
        self.export_button.setEnabled(bool(self._choice.chosen))

    def _explain(self) -> None:
        form = Form(self.form.currentData())
        self.explanation.setText(translate("export", EXPLAINED[form]))
        self.thoughts.setVisible(form in {Form.MARKDOWN, Form.HTML})
        self.versions.setVisible(form is Form.HTML)

    def _accept(self) -> None:
        conversations = [one for one in self._choice.conversations if one.id in self._choice.chosen]
        options = {"thoughts": self.thoughts.isChecked(), "versions": self.versions.isChecked()}
        self.chosen.emit(conversations, Form(self.form.currentData()), options)
        self.accept()
