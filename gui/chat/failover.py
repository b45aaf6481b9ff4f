"""When another address of the same connection is worth a try."""

from __future__ import annotations

from http import HTTPStatus

from gui.errors import (
    ConnectionDropped,
    ConnectTimeout,
    GProChatError,
    NameNotResolved,
    Overloaded,
    ProxyRefused,
    ServerFailed,
    ServerUnreachable,
)

_OF_THE_ADDRESS = (
    ServerUnreachable,
    NameNotResolved,
    ConnectTimeout,
    ConnectionDropped,
    ProxyRefused,
    Overloaded,
)
_OF_THE_GATEWAY = {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}


def lies_elsewhere(error: GProChatError) -> bool:
    """Whether it is the address that failed, before any of a reply, and not the question or the key."""
    gateway = isinstance(error, ServerFailed) and error.details.get("status") in _OF_THE_GATEWAY
    return gateway or isinstance(error, _OF_THE_ADDRESS)
