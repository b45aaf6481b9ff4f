"""What will be said along with the message that is being written: a chip each, with its size in tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QWidget

from gui.chat.attachments import tokens
from gui.override import override

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gui.conversation import Attachment
    from gui.windows.theme import Appearance

THUMB = 30  # px
NAME = 150  # px
SCROLL_BAR = 13  # px


class AttachmentStrip(QScrollArea):
    """Signals: removed(Attachment)."""

    removed = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("fieldsArea")
        self._appearance = appearance
        self._shown: tuple[Attachment, ...] = ()
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_attachments(self, attachments: tuple[Attachment, ...]) -> None:
        self._shown = attachments
        row = QWidget()
        row.setObjectName("fields")
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for one in attachments:
            layout.addWidget(self._chip(one))
        layout.addStretch(1)
        self.setWidget(row)
        self.setVisible(bool(attachments))
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as a chip, and the scroll bar below it where there are too many."""
        row = self.widget()
        if row is not None:
            bar = SCROLL_BAR if row.sizeHint().width() > self.width() else 0
            self.setFixedHeight(row.sizeHint().height() + bar)

    def redraw(self) -> None:
        """After the theme changed."""
        self.show_attachments(self._shown)

    def _chip(self, one: Attachment) -> QFrame:
        chip = QFrame()
        chip.setObjectName("chip")
        picture = QLabel()
        picture.setPixmap(self._picture(one))
        count = self.tr("≈ {count} tokens").format(count=QLocale().toString(tokens(one)))
        name = QLabel(QFontMetrics(self.font()).elidedText(one.name, Qt.TextElideMode.ElideMiddle, NAME))
        name.setTextFormat(Qt.TextFormat.PlainText)
        size = QLabel(count)
        size.setObjectName("hint")
        close = QToolButton()
        close.setObjectName("flat")
        close.setIcon(self._appearance.icon("close", "muted"))
        close.setIconSize(QSize(12, 12))
        close.setAccessibleName(self.tr("Remove {name}").format(name=one.name))
        close.setToolTip(self.tr("Remove"))
        close.clicked.connect(lambda: self.removed.emit(one))
        layout = QHBoxLayout(chip)
        layout.setContentsMargins(6, 4, 4, 4)
        layout.setSpacing(7)
        for widget in (picture, name, size, close):
            layout.addWidget(widget)
        return chip

    def _picture(self, one: Attachment) -> QPixmap:
        if not one.is_image:
            return self._appearance.icon("attach", "muted").pixmap(18, 18)
        ratio = self.devicePixelRatioF()
        side = round(THUMB * ratio)
        image = QImage.fromData(one.content).scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
