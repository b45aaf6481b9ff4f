"""Draws the program's icon in every size a system asks for. Runs with .venv's Python, which has Qt.

python packaging/icons.py ICON.svg FOLDER SIZE...      FOLDER/SIZE.png, each SIZE pixels wide and high
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtGui import QColorConstants, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer


def draw(svg: Path, folder: Path, sizes: list[int]) -> None:
    """Each size is drawn by itself: a shrunken picture has blurred edges."""
    _application = QGuiApplication([])
    renderer = QSvgRenderer(str(svg))
    for size in sizes:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColorConstants.Transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]), [int(size) for size in sys.argv[3:]])
