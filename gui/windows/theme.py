"""How everything looks: a theme's colours, the fonts, the zoom, the icons."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QApplication

    from gui.markdown.document import Look
    from gui.settings.preferences import Preferences

RESOURCES = Path(__file__).resolve().parent.parent.parent / "resources"
IN_STYLE = {
    "chevron": "chevron-grey.svg",
    "chevron_up": "chevron-up-grey.svg",
    "chevron_left": "chevron-left-grey.svg",
    "chevron_right": "chevron-right-grey.svg",
    "check": "check-white.svg",
}
"""Icons of the style sheet, which fit to both themes as they are."""

ICON_SIZE = 20  # px
ZOOM_MIN, NORMAL, ZOOM_MAX, ZOOM_STEP = 50, 100, 300, 10  # percent
DEFAULT_POINT_SIZE = 10.5
MIDDLE = 128  # between light and dark
TEXT_SCALE = 1.05  # of what is said, in the font's
READING_WIDTH = 46  # em


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme file: the colours of the interface and of source code, by name."""

    name: str
    palette: Mapping[str, str]
    code: Mapping[str, str]


def load_theme(name: str) -> Theme:
    """The theme of resources/themes/NAME.json."""
    data = json.loads((RESOURCES / "themes" / f"{name}.json").read_text("utf-8"))
    return Theme(data["name"], data["palette"], data["code"])


class Appearance(QObject):
    """Applies theme and zoom to the application, and again when the system or a preference changes.

    `draw_icons`: False leaves them blank until they are asked for by the method of this name.

    Signals: changed() -- colours or sizes are others now; what is drawn by hand has to be drawn again.
    """

    changed = Signal()

    def __init__(self, application: QApplication, preferences: Preferences, *, draw_icons: bool = True) -> None:
        super().__init__(application)
        self._application = application
        self._preferences = preferences
        self._system_font = QFont(application.font())
        if self._system_font.pointSizeF() <= 0:
            self._system_font.setPointSizeF(DEFAULT_POINT_SIZE)
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._blank = None if draw_icons else _blank_icon()
        self._look: Look | None = None
        # What styleHints() says would have QtCore.Qt made.
        self._system_is_dark = application.palette().window().color().lightness() < MIDDLE
        application.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self.theme = load_theme("light")
        self.apply()

    def end(self) -> None:
        """Give the application back as it was."""
        self._application.styleHints().colorSchemeChanged.disconnect(self._scheme_changed)
        self._application.setStyleSheet("")
        self._application.setPalette(QPalette())
        self._application.setFont(self._system_font)
        self.deleteLater()

    def _scheme_changed(self, scheme: QtCore.Qt.ColorScheme) -> None:
        self._system_is_dark = scheme is QtCore.Qt.ColorScheme.Dark
        self.apply()

    @property
    def zoom(self) -> int:
        """Percent."""
        return int(self._preferences.get("zoom"))

    def set_zoom(self, percent: int) -> None:
        """Have it kept; it is applied as every setting is, by who watches them."""
        self._preferences.set("zoom", min(max(percent, ZOOM_MIN), ZOOM_MAX))

    def apply(self) -> None:
        """Take over the preferences' theme and zoom."""
        wanted = self._preferences.get("theme")
        if wanted == "system":
            wanted = "dark" if self._system_is_dark else "light"
        if wanted != self.theme.name:
            self.theme = load_theme(wanted)
        self._icons.clear()
        self._look = None
        self._application.setFont(self.font())
        self._application.setPalette(self._palette())
        template = Template((RESOURCES / "themes" / "style.qss").read_text("utf-8"))
        icons = {f"icon_{name}": (RESOURCES / "icons" / file).as_posix() for name, file in IN_STYLE.items()}
        self._application.setStyleSheet(template.substitute({**self.theme.palette, **icons}))
        self.changed.emit()

    def font(self, scale: float = 1.0) -> QFont:
        """The system's font at the zoom, `scale` times as large."""
        font = QFont(self._system_font)
        font.setPointSizeF(self._system_font.pointSizeF() * self.zoom / 100 * scale)
        return font

    def font_height(self) -> int:
        """Pixels of a line in the system's font at the zoom."""
        return QFontMetrics(self.font()).height()

    def reading_width(self) -> int:
        """Pixels that a line of text is wide at the most, comfortable to read."""
        return READING_WIDTH * QFontInfo(self.font(TEXT_SCALE)).pixelSize()

    def look(self) -> Look:
        """What the document writer draws with."""
        if self._look is not None:
            return self._look
        from PySide6.QtGui import QFontDatabase

        from gui.markdown.document import Look  # a window without messages has nothing to draw

        code = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        code.setPointSizeF(self.font(0.93).pointSizeF())
        wrap = self._preferences.get("long_lines") == "wrap"
        self._look = Look(self.font(TEXT_SCALE), code, self.theme.palette, self.theme.code, wrap_code=wrap)
        return self._look

    def aside_look(self) -> Look:
        """For what is not said but thought: smaller and fainter."""
        from dataclasses import replace

        return replace(self.look(), font=self.font(TEXT_SCALE * 0.94), aside=True)

    def colour(self, name: str) -> QColor:
        """A colour of the theme's palette."""
        return QColor(self.theme.palette[name])

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """resources/icons/NAME.svg in a colour of the palette."""
        if self._blank is not None:
            return self._blank
        key = (name, colour)
        if key not in self._icons:
            self._icons[key] = _draw_icon(name, self.theme.palette[colour])
        return self._icons[key]

    def draw_icons(self) -> None:
        """Those that were left blank. What draws SVG takes 3 ms to load, which the first paint does not wait for."""
        self._blank = None
        self.changed.emit()

    def _palette(self) -> QPalette:
        palette = QPalette()
        role = QPalette.ColorRole
        for names, colour in (
            ((role.Window,), "window"),
            ((role.Base, role.AlternateBase), "base"),
            ((role.Button, role.ToolTipBase), "raised"),
            ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), "text"),
            ((role.PlaceholderText,), "faint"),
            ((role.Highlight,), "selection"),
            ((role.HighlightedText,), "text"),
            ((role.Link,), "link"),
            ((role.Accent,), "accent"),
        ):
            for name in names:
                palette.setColor(name, self.colour(colour))
        for name in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, name, self.colour("faint"))
        return palette


def _blank_icon() -> QIcon:
    """It takes the room of one that is drawn."""
    pixmap = QPixmap(ICON_SIZE, ICON_SIZE)
    pixmap.fill(QColor("transparent"))
    return QIcon(pixmap)


def _draw_icon(name: str, colour: str) -> QIcon:
    from PySide6.QtSvg import QSvgRenderer

    source = (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8").replace("#000", colour)
    renderer = QSvgRenderer(source.encode())
    icon = QIcon()
    sharpest = math.ceil(max(screen.devicePixelRatio() for screen in QGuiApplication.screens()))
    for ratio in range(1, sharpest + 1):
        pixmap = QPixmap(ICON_SIZE * ratio, ICON_SIZE * ratio)
        pixmap.fill(QColor("transparent"))
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, ICON_SIZE * ratio, ICON_SIZE * ratio))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon
