"""The way to a server: from a connection to the provider and everything it needs to be asked."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gui.chat.failover import lies_elsewhere
from gui.chat.options import Options
from gui.errors import GProChatError, InvalidAddress, ReplyError
from gui.settings.network import OwnNetwork

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import aiohttp

    from gui.providers.base import AsyncGeneratorProvider, ModelInfo
    from gui.providers.local import Engine
    from gui.providers.tls import Trust
    from gui.settings.connections import Connection
    from gui.settings.network import Network
    from gui.settings.secrets import Secrets


Answer = TypeVar("Answer")


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
        self._sessions: dict[tuple[str | None, Trust], aiohttp.ClientSession] = {}
        self._engines: dict[tuple[Path, int], Engine] = {}  # by file and context
        self._reached: dict[str, str] = {}  # by connection, its address that answered last
        self._contexts: dict[tuple[str, str], int | None] = {}  # by address and model

    def give(self, secrets: Mapping[str, str]) -> None:
        """Use these, by their kind, above the keyring's from now on."""
        self._given.update(secrets)

    def tries(self, connection: Connection) -> list[Connection]:
        """`connection` with each of its addresses in turn, first the one that was reached last."""
        last = self._reached.get(connection.id)
        return sorted(connection.at_each_address(), key=lambda one: one.url != last)

    def reached(self, connection: Connection) -> None:
        """It answered at this address."""
        self._reached[connection.id] = connection.url

    async def _anywhere(self, connection: Connection, ask: Callable[[Connection], Awaitable[Answer]]) -> Answer:
        """What the first of its addresses that is reached answers. Raises what the last one raises."""
        *others, last = self.tries(connection)
        for one in others:
            try:
                answer = await ask(one)
            except GProChatError as error:
                if not lies_elsewhere(error):
                    raise
            else:
                self.reached(one)
                return answer
        answer = await ask(last)
        self.reached(last)
        return answer

    def takes_images(self, connection: Connection) -> bool:
        return _provider_of(connection).takes_images

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

            return Route(Local, *await self._on_this_machine(connection))
        if not connection.url:
            raise InvalidAddress(url="")
        given = {**self._given, **(given or {})}
        proxy = await self._network.proxy_for(connection.url, connection)
        shared = {**_asked_with(connection), "url": connection.url, **self._way(proxy, connection)}
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
        None if neither tells. A server that answers is asked once.
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
            told = fetch_context(
                connection.url,
                route.model,
                api_key=route.options["api_key"],
                proxy=route.proxy,
                session=route.options["session"],
                trust=route.options["trust"],
            )
            # A server that is not reached may tell the next time.
            with contextlib.suppress(ReplyError, TimeoutError):
                self._contexts[key] = await told
        return self._contexts.get(key)

    async def models(self, connection: Connection, given: Mapping[str, str] | None = None) -> list[ModelInfo]:
        """The models to choose from at `connection`; empty where the server chooses. Raises as a reply does."""
        if connection.provider != "openai":
            return []
        from gui.providers.openai import OpenAI

        async def ask(one: Connection) -> list[ModelInfo]:
            route = await self.to(one, given=given)
            return await OpenAI.describe_models(
                one.url,
                api_key=route.options["api_key"],
                proxy=route.proxy,
                session=route.options["session"],
                trust=route.options["trust"],
            )

        return await self._anywhere(connection, ask)

    async def close(self) -> None:
        """Close the sessions and end the engine. May be called twice."""
        sessions, self._sessions = list(self._sessions.values()), {}
        for session in sessions:
            await session.close()
        for engine in self._engines.values():
            await engine.close()

    async def _secret(self, connection: Connection, kind: str, given: Mapping[str, str]) -> str | None:
        if kind in given:
            return given[kind]
        name = connection.secret_name(kind)
        return await self._secrets.get(name) if kind in connection.secrets else self._secrets.for_session(name)

    def _way(self, proxy: str | None, connection: Connection) -> dict[str, Any]:
        """The session, its trust, and the limits. Sessions are kept, one for a proxy and a trust."""
        from gui.providers.tls import Trust
        from gui.providers.transport import Limits, open_session

        own = OwnNetwork.of(connection)
        trust = Trust(own.authorities, own.certificate, own.key, own.check).as_written()
        session = self._sessions.get((proxy, trust))
        if session is None:
            session = self._sessions[proxy, trust] = open_session(proxy, trust)
        return {"session": session, "trust": trust, "limits": Limits(**self._network.limits)}

    async def _on_this_machine(self, connection: Connection) -> tuple[str, None, dict[str, Any]]:
        """The model, no proxy, and the options, the engine of its file among them. Of two models that are not used at
        once, one is in memory.
        """
        from gui.providers.engine import CONTEXT_TOKENS
        from gui.providers.local import OF_A_PERSON, Engine, Local, find_model

        chosen = connection.options.get("file")
        file = Path(chosen) if isinstance(chosen, str) and chosen else find_model(self._data_dir)
        context = connection.options.get("context")
        key = (file, context if isinstance(context, int) and context > 0 else CONTEXT_TOKENS)
        if key not in self._engines:
            self._engines[key] = Engine(file, context=key[1], own=bool(chosen))
        for other, engine in self._engines.items():
            if other != key:
                await engine.unload()
        options = (OF_A_PERSON if chosen else {}) | _asked_with(connection) | {"engine": self._engines[key]}
        return Local.get_model(file.stem if chosen else ""), None, options


def _asked_with(connection: Connection) -> dict[str, Any]:
    """What its options say of how it is asked; its file may hold others, of a newer version or written by hand."""
    chosen = Options.from_json(json.dumps(connection.options)).arguments(_provider_of(connection).settable)
    extra = connection.options.get("extra")
    return chosen | ({"extra": extra} if isinstance(extra, dict) else {})


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
