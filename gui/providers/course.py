"""What a request spends its time on, for whoever looks for the hop that fails."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    import ssl


@dataclass(slots=True)
class Course:
    """Moments of `time.perf_counter()` of the one request of a session; 0.0 for what did not happen.

    `resolving` and `resolved`: the name, where there is one to look up. `handshake`: TLS with the server began (what
    came before is the socket and the proxy). `connected`: the request can be written.
    """

    began: float = 0.0
    resolving: float = 0.0
    resolved: float = 0.0
    handshake: float = 0.0
    connected: float = 0.0

    def trace(self) -> aiohttp.TraceConfig:
        """For a session of which this is the course."""
        trace = aiohttp.TraceConfig()
        for signal, moment in (
            (trace.on_connection_create_start, "began"),
            (trace.on_dns_resolvehost_start, "resolving"),
            (trace.on_dns_resolvehost_end, "resolved"),
            (trace.on_connection_create_end, "connected"),
        ):

            async def note(*_told: Any, moment: str = moment) -> None:
                setattr(self, moment, time.perf_counter())

            signal.append(note)
        return trace

    def follow(self, context: ssl.SSLContext) -> None:
        """Note when a handshake begins with `context`, which no other session uses; of a proxy's and the server's,
        the latter.
        """
        wrap = context.wrap_bio

        def noted(*arguments: Any, **named: Any) -> ssl.SSLObject:
            self.handshake = time.perf_counter()
            return wrap(*arguments, **named)

        # Neither asyncio nor aiohttp tells; this is where the former begins.
        context.wrap_bio = noted  # type: ignore[method-assign]
