"""What app.py builds and the windows work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from gui.chat.models import ModelLists
    from gui.chat.route import Routes
    from gui.conversation import Attachment
    from gui.history.store import History
    from gui.settings.connections import Connections
    from gui.settings.network import Network
    from gui.settings.preferences import Preferences
    from gui.settings.secrets import Secrets
    from gui.windows.downloads import Downloads
    from gui.windows.images import Images
    from gui.windows.tasks import Tasks
    from gui.windows.theme import Appearance


@dataclass(slots=True)
class Parts:
    """Those without a value here are there when the window is painted, before any task of it runs.

    `history`: awaiting it gives it, or says why it cannot be had. `attached`: what is to go along with messages that
    are being written in no pane just now, by conversation ("new" for the next new one); `draft` is the text for that.
    """

    data_dir: Path
    namespace: str
    preferences: Preferences
    connections: Connections
    appearance: Appearance
    tasks: Tasks
    secrets: Secrets = field(init=False)
    network: Network = field(init=False)
    images: Images = field(init=False)
    downloads: Downloads = field(init=False)
    routes: Routes = field(init=False)
    models: ModelLists = field(init=False)
    history: asyncio.Future[History] = field(init=False)
    draft: str = ""
    attached: dict[str, tuple[Attachment, ...]] = field(default_factory=dict)
