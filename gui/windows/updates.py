"""Tells of a newer version, where a person named an address that knows of them; nothing is fetched or installed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from gui import __version__
from gui.errors import GProChatError
from gui.windows.wording import translate

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

INTERVAL = 24 * 3600.0
"""Seconds until it is asked again."""


async def watch_for_updates(window: MainWindow, parts: Parts) -> None:
    """For as long as the program runs. The same version is told of once."""
    told = ""
    while True:
        if address := parts.preferences.get("update_address").strip():
            told = await _look(window, parts, address, told)
        await asyncio.sleep(INTERVAL)


async def _look(window: MainWindow, parts: Parts, address: str, told: str) -> str:
    from gui.providers.updates import newer_release

    try:
        found = await newer_release(address, __version__, parts.network.proxy_for)
    except GProChatError as error:
        # Nobody asked just now, so nobody is disturbed.
        logging.getLogger("gprochat").info("No word of updates: %s", error)
        return told
    if found is None or found.version == told:
        return told
    window.pane.bar.show_message(
        translate("updates", "GPROChat {version} is out: {page}").format(version=found.version, page=found.page),
        [(translate("updates", "Open in the browser"), lambda: _open(found.page))],
        trouble=False,
    )
    return found.version


def _open(page: str) -> None:
    QDesktopServices.openUrl(QUrl(page))
