"""What a new connection can be made of: resources/presets.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gui.conversation import new_id
from gui.settings.connections import Connection

if TYPE_CHECKING:
    from gui.settings.connections import ProviderName

FILE = Path(__file__).parents[2] / "resources" / "presets.toml"


@dataclass(frozen=True, slots=True)
class Preset:
    """The file says what its fields mean. `name` is in English; those that are no proper names get translated."""

    id: str
    name: str
    provider: ProviderName
    url: str = ""
    example: str = ""
    key: Literal["needed", "possible", "none"] = "none"
    key_page: str = ""

    def connection(self, name: str) -> Connection:
        """A new one, with an id of its own."""
        return Connection(new_id(), name, self.provider, self.url, preset=self.id)


@cache
def presets() -> tuple[Preset, ...]:
    """In the order of the menu."""
    with FILE.open("rb") as file:
        return tuple(Preset(**entry) for entry in tomllib.load(file)["preset"])


def preset_of(connection: Connection) -> Preset | None:
    """The one that `connection` was made of; None for the embedded model, and for one that is not known any more."""
    return next((preset for preset in presets() if preset.id == connection.preset), None)
