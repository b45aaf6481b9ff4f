"""Draws the program's icon in every size a system asks for. Runs with .venv's Python, which has Qt.

python packaging/icons.py ICON.svg FOLDER      FOLDER/SIZE.png, each SIZE pixels wide and high; gprochat.ico for Windows
                                               and gprochat.icns for macOS, which hold such pictures
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtGui import QColorConstants, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512, 1024)
IN_ICO = (16, 24, 32, 48, 64, 128, 256)
IN_ICNS = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}


def draw(svg: Path, folder: Path) -> None:
    """Each size is drawn by itself: a shrunken picture has blurred edges."""
    _application = QGuiApplication([])
    renderer = QSvgRenderer(str(svg))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColorConstants.Transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))
    drawn = {size: (folder / f"{size}.png").read_bytes() for size in SIZES}
    (folder / "gprochat.ico").write_bytes(ico({size: drawn[size] for size in IN_ICO}))
    (folder / "gprochat.icns").write_bytes(icns({kind: drawn[size] for kind, size in IN_ICNS.items()}))


def ico(pictures: dict[int, bytes]) -> bytes:
    """PNG files by their size, as Windows has had them in one file since Vista."""
    directory, data = struct.pack("<HHH", 0, 1, len(pictures)), b""
    begins = len(directory) + 16 * len(pictures)
    for size, picture in pictures.items():
        side = size % 256  # 0 is 256
        directory += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), begins + len(data))
        data += picture
    return directory + data


def icns(pictures: dict[bytes, bytes]) -> bytes:
    """PNG files by Apple's name for their size."""
    data = b"".join(kind + struct.pack(">I", 8 + len(picture)) + picture for kind, picture in pictures.items())
    return b"icns" + struct.pack(">I", 8 + len(data)) + data


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
