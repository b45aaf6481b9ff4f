"""Which models there are to choose from: what each server said last, kept on disk."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from gui.conversation import now
from gui.settings.json_file import JsonFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gui.chat.route import Routes
    from gui.providers.base import ModelInfo
    from gui.settings.connections import Connection

DAY = 86_400_000
"""Milliseconds after which a list is asked for again."""


@dataclass(frozen=True, slots=True)
class ModelList:
    """`told_at`: when the server said so, in milliseconds since the epoch."""

    models: tuple[ModelInfo, ...]
    told_at: int

    @property
    def is_old(self) -> bool:
        return not 0 <= now() - self.told_at < DAY


class ModelLists:
    """By connection; a list belongs to the address that it came from. What is in the file can be had again, so a file
    that is damaged or cannot be written is no trouble.
    """

    def __init__(self, file: Path, routes: Routes) -> None:
        self._file = JsonFile(file)
        self._routes = routes
        self._kept: dict[str, Any] | None = None

    def known(self, connection: Connection) -> ModelList | None:
        """What the server said last, None if it has not been asked."""
        if self._kept is None:
            self._kept = self._file.read()
        return _read(self._kept.get(connection.id), connection.url)

    async def fetch(self, connection: Connection, given: Mapping[str, str] | None = None) -> ModelList:
        """Ask the server, with the secrets that are `given`. Raises what a reply raises; what was known stays then."""
        found = ModelList(tuple(await self._routes.models(connection, given)), now())
        entry = {
            "url": connection.url,
            "told_at": found.told_at,
            "models": [asdict(model) for model in found.models],
        }
        self._change(connection.id, entry)
        return found

    def forget(self, connection_id: str) -> None:
        """The connection is gone."""
        self._change(connection_id, None)

    def _change(self, connection_id: str, entry: dict[str, Any] | None) -> None:
        from gui.errors import SettingsUnwritable

        def put(content: dict[str, Any]) -> None:
            content.pop(connection_id, None)
            if entry is not None:
                content[connection_id] = entry

        try:
            self._kept = self._file.change(put)
        except SettingsUnwritable:
            self._kept = self._kept or {}
            put(self._kept)


def _read(entry: object, url: str) -> ModelList | None:
    from gui.providers.base import ModelInfo

    if not isinstance(entry, dict) or entry.get("url") != url:
        return None
    models, told_at = entry.get("models"), entry.get("told_at")
    if not isinstance(models, list) or not isinstance(told_at, int):
        return None
    found = []
    for model in models:
        if isinstance(model, dict) and isinstance(model.get("id"), str):
            context = model.get("context")
            found.append(ModelInfo(model["id"], context if isinstance(context, int) else None))
    return ModelList(tuple(found), told_at)
