"""What app.py builds and the windows work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from gui.chat.route import Routes
    from gui.history.store import History
    from gui.settings.connections import Connections
    from gui.settings.network import Network
    from gui.settings.preferences import Preferences
    from gui.settings.secrets import Secrets
    from gui.windows.tasks import Tasks
    from gui.windows.theme import Appearance


@dataclass(frozen=True, slots=True)
class Parts:
    """`history` is opened while the window is painted: awaiting it gives it, or says why it cannot be had."""

    history: asyncio.Future[History]
    preferences: Preferences
    connections: Connections
    secrets: Secrets
    network: Network
    routes: Routes
    appearance: Appearance
    tasks: Tasks
