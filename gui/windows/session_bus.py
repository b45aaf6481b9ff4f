"""Notifications by way of the desktop's message bus, as freedesktop.org describes them; where there is one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from jeepney import DBusAddress, DBusErrorResponse, HeaderFields, MatchRule, message_bus, new_method_call
from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection
from jeepney.io.common import RouterClosed
from jeepney.wrappers import unwrap_msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney import Message
    from jeepney.io.asyncio import DBusConnection

SERVICE = "org.freedesktop.Notifications"
ADDRESS = DBusAddress("/org/freedesktop/Notifications", SERVICE, SERVICE)
SIGNALS = MatchRule(type="signal", interface=SERVICE, path="/org/freedesktop/Notifications")
LIMIT = 3.0
"""Seconds for one call: a bus may be there and answer nothing."""

WAITING = 32
"""Signals that are kept until they are looked at."""

TROUBLE = (OSError, EOFError, KeyError, ValueError, RouterClosed, DBusErrorResponse, asyncio.InvalidStateError)
"""No bus, no service on it, or one that has gone. (TimeoutError is an OSError; the last one and KeyError are what
jeepney makes of being cancelled while it waits for an answer.)
"""


class SessionBus:
    """`clicked` is called with what was given as `key`, and the desktop's leave to come to the front, or ""."""

    def __init__(self, clicked: Callable[[object, str], None]) -> None:
        self._clicked = clicked
        self._router: DBusRouter | None = None
        self._connected = asyncio.Event()  # or it is known that it cannot be
        self._capabilities: frozenset[str] = frozenset()
        self._asking = asyncio.Lock()  # what is withdrawn may be on its way to be shown
        self._keys: dict[int, object] = {}
        self._tokens: dict[int, str] = {}

    async def run(self) -> None:
        """Be connected and hear what is clicked, until cancelled or until there is no bus."""
        try:
            connection = await _connect()
            try:
                async with DBusRouter(connection) as router:
                    await self._listen(router)
            finally:
                self._router = None
                with suppress(OSError):
                    await connection.close()
        except TROUBLE:
            pass  # `show` says that there is no bus
        finally:
            self._connected.set()

    async def _listen(self, router: DBusRouter) -> None:
        async with asyncio.timeout(LIMIT):
            await Proxy(message_bus, router).AddMatch(SIGNALS)
            reply = await router.send_and_get_reply(new_method_call(ADDRESS, "GetCapabilities"))
        self._capabilities = frozenset(unwrap_msg(reply)[0])
        with router.filter(SIGNALS, bufsize=WAITING) as signals:
            self._router = router
            self._connected.set()
            while True:
                self._hear(await signals.get())

    async def show(self, title: str, text: str, open_text: str, key: object) -> bool:
        """Whether the desktop has taken it. Another one of the same `key` takes the place of the one before."""
        await self._connected.wait()
        if self._router is None:
            return False
        before = next((number for number, one in self._keys.items() if one == key), 0)
        actions = ["default", open_text] if "actions" in self._capabilities else []
        body = _escaped(text) if "body-markup" in self._capabilities else text
        hints = {"desktop-entry": ("s", "gprochat"), "category": ("s", "im.received")}
        arguments = ("GPROChat", before, "gprochat", title, body, actions, hints, -1)
        call = new_method_call(ADDRESS, "Notify", "susssasa{sv}i", arguments)
        try:
            async with self._asking, asyncio.timeout(LIMIT):
                (number,) = unwrap_msg(await self._router.send_and_get_reply(call))
                self._keys[number] = key
        except TROUBLE:
            return False
        return True

    async def withdraw(self, key: object) -> None:
        """What was shown of this key has been seen."""
        async with self._asking:
            number = next((number for number, one in self._keys.items() if one == key), 0)
            if self._router is not None and number:
                call = new_method_call(ADDRESS, "CloseNotification", "u", (number,))
                with suppress(*TROUBLE):
                    async with asyncio.timeout(LIMIT):
                        await self._router.send_and_get_reply(call)

    def _hear(self, signal: Message) -> None:
        number, *rest = signal.body
        if number not in self._keys:
            return
        match signal.header.fields.get(HeaderFields.member):
            case "ActivationToken":
                self._tokens[number] = rest[0]
            case "ActionInvoked":
                self._clicked(self._keys[number], self._tokens.get(number, ""))
            case "NotificationClosed":
                self._keys.pop(number)
                self._tokens.pop(number, None)


async def _connect() -> DBusConnection:
    """Raises those of TROUBLE. jeepney does not tidy up if it is cancelled on the way: it is let come to its end."""
    opening = asyncio.create_task(open_dbus_connection())
    try:
        await asyncio.wait({opening}, timeout=LIMIT)
    except asyncio.CancelledError:
        await asyncio.wait({opening}, timeout=LIMIT)
        if opening.done() and opening.exception() is None:
            await opening.result().close()
        raise
    if not opening.done():
        opening.cancel()
        raise TimeoutError
    return opening.result()


def _escaped(text: str) -> str:
    """For a desktop that takes what looks like markup for it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
