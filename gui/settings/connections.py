"""Connections: whom a conversation can be with. Their secrets are in the keyring; here are only the names of these."""

from __future__ import annotations

import copy
import dataclasses
import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from gui.errors import ConnectionUnknown, SecretInAddress
from gui.settings.json_file import JsonFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gui.errors import SettingsError

ProviderName = Literal["gprochat", "openai", "local"]
SecretKind = Literal["secret_key", "password", "api_key", "proxy"]


@dataclass(frozen=True, slots=True)
class Connection:
    """`secrets` are the kinds that are stored for it; the others are not asked for. `options` are plain JSON values.

    `preset` is the id of the preset that it was made of, "" for none; `favourites` are models that the person marked;
    `fallbacks` are addresses of the same, asked where `url` is not reached.
    """

    id: str
    name: str
    provider: ProviderName
    url: str = ""
    model: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    secrets: tuple[SecretKind, ...] = ()
    preset: str = ""
    favourites: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()

    def secret_name(self, kind: str) -> str:
        """What `Secrets` calls this connection's secret of `kind`. A renamed connection keeps its secrets."""
        return f"connection/{self.id}/{kind}"

    def at_each_address(self) -> list[Connection]:
        """It with each of its addresses in turn."""
        return [dataclasses.replace(self, url=url) for url in dict.fromkeys((self.url, *self.fallbacks))]

    @property
    def takes_any_certificate(self) -> bool:
        """Whether TLS looks at no certificate here, as the person chose (settings/network.py, OwnNetwork)."""
        network = self.options.get("network")
        return isinstance(network, dict) and network.get("check") is False


# Answers on a first start; its name is not translated, so that --connection means the same everywhere.
EMBEDDED = Connection(id="local", name="Embedded model", provider="local")


class Connections:
    """The connections in the person's order, kept in one file. Entries of a newer version stay in it, unused.

    `trouble`: why the file could not be read, or None.
    """

    def __init__(self, file: Path) -> None:
        self._file = JsonFile(file)
        self._content = self._file.read()

    @property
    def trouble(self) -> SettingsError | None:
        return self._file.trouble

    @property
    def configured(self) -> bool:
        """Whether there is one that the person made."""
        return any(connection != EMBEDDED for connection in self.all())

    def all(self) -> list[Connection]:
        """Never empty: with nothing configured, the embedded model."""
        return [found for entry in _entries(self._content) if (found := _connection(entry))] or [EMBEDDED]

    def get(self, connection_id: str) -> Connection | None:
        return next((found for found in self.all() if found.id == connection_id), None)

    def default(self, preferred: str) -> Connection:
        """The connection with the id `preferred`, else the first one."""
        return self.get(preferred) or self.all()[0]

    def named(self, name: str) -> Connection:
        """The connection of that name (or id), else of that name in other case. Raises ConnectionUnknown."""
        found = self.all()
        for fits in (
            lambda each: name in {each.name, each.id},
            lambda each: name.casefold() == each.name.casefold(),
        ):
            for connection in found:
                if fits(connection):
                    return connection
        raise ConnectionUnknown(name=name)

    def save(self, connection: Connection) -> None:
        """Add it at the end, or put it in the place of the one with its id.

        Raises ValueError for an unknown provider, SecretInAddress, SettingsUnwritable.
        """
        if connection.provider not in get_args(ProviderName):
            raise ValueError(f"no provider {connection.provider!r}")
        for url in (connection.url, *connection.fallbacks):
            refuse_secrets(url)
        values = dataclasses.asdict(connection)

        def put(content: dict[str, Any]) -> None:
            entries = _entries(content) or [dataclasses.asdict(EMBEDDED)]
            for entry in entries:
                if entry.get("id") == connection.id:
                    entry.update(values)
                    break
            else:
                entries.append(values)
            content["connections"] = entries

        self._content = self._file.change(put)

    def arrange(self, ids: Sequence[str]) -> None:
        """Put those with these ids into this order; the others come after them. Raises SettingsUnwritable."""
        places = {one: place for place, one in enumerate(ids)}

        def sort(content: dict[str, Any]) -> None:
            entries = _entries(content)
            entries.sort(key=lambda entry: places.get(entry.get("id", ""), len(places)))
            content["connections"] = entries

        self._content = self._file.change(sort)

    def remove(self, connection_id: str) -> None:
        """Forget it; its secrets are for the caller to delete first. Raises SettingsUnwritable."""

        def drop(content: dict[str, Any]) -> None:
            content["connections"] = [entry for entry in _entries(content) if entry.get("id") != connection_id]

        self._content = self._file.change(drop)


def completed(url: str) -> str:
    """`url` with what a person leaves out before it: http:// for this computer and what looks like its own network,
    https:// for all else.
    """
    address = url.strip()
    if not address or re.match(r"[\w+.-]*:?[/\\]{2}", address):
        return address
    host = re.split(r"[/:?#]", address, maxsplit=1)[0].lower()
    try:
        near = ipaddress.ip_address(host).is_private
    except ValueError:
        near = "." not in host or host.endswith((".local", ".lan", ".home.arpa", ".internal", ".localhost"))
    return f"{'http' if near else 'https'}://{address}"


def refuse_secrets(url: str) -> None:
    """Raises SecretInAddress for a login in `url`, and for a query, which may hold a key and is not sent anyway."""
    if has_login(url) or "?" in url:
        raise SecretInAddress


def has_login(url: str) -> bool:
    """Whether a user name or a password stands in `url`, well formed or not."""
    authority = re.split(r"[/\\?#]", re.sub(r"^\s*([\w+.-]*:)?[/\\]+", "", url), maxsplit=1)[0]
    return "@" in authority


def _entries(content: dict[str, Any]) -> list[dict[str, Any]]:
    entries = content.get("connections")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _connection(entry: dict[str, Any]) -> Connection | None:
    """None for what this version cannot use."""
    texts = {key: entry.get(key, "") for key in ("id", "name", "provider", "url", "model", "preset")}
    options, secrets = entry.get("options", {}), entry.get("secrets", [])
    favourites, fallbacks = entry.get("favourites", []), entry.get("fallbacks", [])
    if (
        not all(isinstance(text, str) for text in texts.values())
        or not texts["id"]
        or texts["provider"] not in get_args(ProviderName)
        or not isinstance(options, dict)
        or not isinstance(secrets, list)
        or not isinstance(favourites, list)
        or not isinstance(fallbacks, list)
    ):
        return None
    kinds = tuple(kind for kind in get_args(SecretKind) if kind in secrets)
    return Connection(
        **texts,
        options=copy.deepcopy(options),
        secrets=kinds,
        favourites=tuple(one for one in favourites if isinstance(one, str)),
        fallbacks=tuple(one for one in fallbacks if isinstance(one, str)),
    )
