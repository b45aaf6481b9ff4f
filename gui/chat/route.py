"""The way to a server: from a connection to the provider and everything it needs to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gui.errors import InvalidAddress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import aiohttp

    from gui.providers.base import AsyncGeneratorProvider, ModelInfo
    from gui.providers.local import Engine
    from gui.settings.connections import Connection
    from gui.settings.network import Network
    from gui.settings.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Route:
    """What `provider.create_async_generator(model, messages, proxy, **options)` is called with."""

    provider: type[AsyncGeneratorProvider]
    model: str
    proxy: str | None = field(repr=False)  # may hold a login
    options: dict[str, Any] = field(repr=False)  # hold secrets


class Routes:
    """Finds routes, and owns what they share: one open session per proxy, and the embedded model's engine.

    `given` holds secrets by their kind ("secret_key", "password", "api_key") that stand above the keyring's.
    """

    def __init__(
        self, network: Network, secrets: Secrets, data_dir: Path, given: Mapping[str, str] | None = None
    ) -> None:
        self._network = network
        self._secrets = secrets
        self._data_dir = data_dir
        self._given = dict(given or {})
        self._sessions: dict[str | None, aiohttp.ClientSession] = {}
        self._engine: Engine | None = None
        self._contexts: dict[tuple[str, str], int | None] = {}  # by address and model

    def give(self, secrets: Mapping[str, str]) -> None:
        """Use these, by their kind, above the keyring's from now on."""
        self._given.update(secrets)

    def settable(self, connection: Connection) -> frozenset[str]:
        """What of a conversation's options `connection` takes."""
        return _provider_of(connection).settable

    async def to(self, connection: Connection, model: str = "", given: Mapping[str, str] | None = None) -> Route:
        """The route to `connection`; secrets that are `given`, by their kind, stand above all others.

        Raises a SettingsError where the proxy or a secret cannot be read.
        """
        # The providers bring aiohttp along, which the first paint does not wait for.
        if connection.provider == "local":
            from gui.providers.local import Local

            return Route(Local, Local.get_model(model), None, {**connection.options, "engine": self._embedded()})
        if not connection.url:
            raise InvalidAddress(url="")
        given = {**self._given, **(given or {})}
        proxy = await self._network.proxy_for(connection.url)
        shared = {**connection.options, "url": connection.url, "session": self._session(proxy)}
        if connection.provider == "gprochat":
            from gui.providers.gprochat import GPROChat

            # The server chooses its model: a name from elsewhere (another connection's) has no meaning here.
            return Route(
                GPROChat,
                GPROChat.default_model,
                proxy,
                shared
                | {
                    "secret_key": await self._secret(connection, "secret_key", given) or "",
                    "password": await self._secret(connection, "password", given),
                },
            )
        from gui.providers.openai import OpenAI

        return Route(
            OpenAI,
            model or connection.model,
            proxy,
            shared | {"api_key": await self._secret(connection, "api_key", given)},
        )

    async def context(self, connection: Connection, model: str) -> int | None:
        """How many tokens the model reads and writes in all: as the connection's settings say, else as its server does;
        None if neither tells. A server is asked once.
        """
        chosen = connection.options.get("context")
        if isinstance(chosen, int) and chosen > 0:
            return chosen
        if connection.provider != "openai":
            from gui.providers.engine import CONTEXT_TOKENS

            return CONTEXT_TOKENS if connection.provider == "local" else None
        from gui.providers.context import fetch_context

        key = (connection.url, model or connection.model)
        if key not in self._contexts:
            route = await self.to(connection, model)
            self._contexts[key] = await fetch_context(
                connection.url, route.model, route.options["api_key"], route.proxy, route.options["session"]
            )
        return self._contexts[key]

    async def models(self, connection: Connection, given: Mapping[str, str] | None = None) -> list[ModelInfo]:
        """The models to choose from at `connection`; empty where the server chooses. Raises as a reply does."""
        if connection.provider != "openai":
            return []
        from gui.providers.openai import OpenAI

        route = await self.to(connection, given=given)
        return await OpenAI.describe_models(
            connection.url,
            api_key=route.options["api_key"],
            proxy=route.proxy,
            session=route.options["session"],
        )

    async def close(self) -> None:
        """Close the sessions and end the engine. May be called twice."""
        sessions, self._sessions = list(self._sessions.values()), {}
        for session in sessions:
            await session.close()
        if self._engine is not None:
            await self._engine.close()

    async def _secret(self, connection: Connection, kind: str, given: Mapping[str, str]) -> str | None:
        if kind in given:
            return given[kind]
        name = connection.secret_name(kind)
        return await self._secrets.get(name) if kind in connection.secrets else self._secrets.for_session(name)

    def _session(self, proxy: str | None) -> aiohttp.ClientSession:
        if proxy not in self._sessions:
            from gui.providers.transport import open_session

            self._sessions[proxy] = open_session(proxy)
        return self._sessions[proxy]

    def _embedded(self) -> Engine:
        if self._engine is None:
            from gui.providers.local import Engine, find_model

            self._engine = Engine(find_model(self._data_dir))
        return self._engine


def _provider_of(connection: Connection) -> type[AsyncGeneratorProvider]:
    """The providers bring aiohttp along, which the first paint does not wait for."""
    if connection.provider == "local":
        from gui.providers.local import Local

        return Local
    if connection.provider == "gprochat":
        from gui.providers.gprochat import GPROChat

        return GPROChat
    from gui.providers.openai import OpenAI

    return OpenAI
