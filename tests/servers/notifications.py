"""A desktop's notifications for a test: a private message bus, and the service that shows them, on the test's loop."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.asyncio import DBusConnection, open_dbus_connection
from typing_extensions import override

from tests.servers.secret_service import SecretService

if TYPE_CHECKING:
    from typing import Self

NAME = "org.freedesktop.Notifications"
OBJECT = DBusAddress("/org/freedesktop/Notifications", NAME, NAME)


class Bus(SecretService):
    """Without a keyring."""

    @override
    def start_daemon(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Shown:
    number: int
    replaces: int
    title: str
    text: str
    actions: list[str]


class Desktop:
    """Context manager. `shown` is all that it was asked for; `withdrawn` the numbers of those that were taken back."""

    def __init__(self, *capabilities: str) -> None:
        self.shown: list[Shown] = []
        self.withdrawn: list[int] = []
        self._capabilities = list(capabilities)
        self._connection: DBusConnection
        self._task: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        self._connection = await open_dbus_connection()
        self._task = asyncio.create_task(self._serve())
        await self._connection.send(message_bus.RequestName(NAME))
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._connection.close()

    async def click(self, number: int, token: str = "") -> None:
        """As a person does."""
        if token:
            await self._signal("ActivationToken", "us", number, token)
        await self._signal("ActionInvoked", "us", number, "default")
        await self._signal("NotificationClosed", "uu", number, 2)

    async def _signal(self, name: str, signature: str, *body: Any) -> None:
        await self._connection.send(new_signal(OBJECT, name, signature, body))

    async def _serve(self) -> None:
        while True:
            message = await self._connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            answer: tuple[Any, ...] = ()
            signature = None
            match message.header.fields.get(HeaderFields.member):
                case "GetCapabilities":
                    answer, signature = (self._capabilities,), "as"
                case "Notify":
                    _app, replaces, _icon, title, text, actions, _hints, _timeout = message.body
                    number = replaces or len(self.shown) + 1
                    self.shown.append(Shown(number, replaces, title, text, actions))
                    answer, signature = (number,), "u"
                case "CloseNotification":
                    self.withdrawn.append(message.body[0])
            await self._connection.send(new_method_return(message, signature, answer))
