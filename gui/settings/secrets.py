"""Secrets in the system's keyring. The only user of `keyring`, and it never waits for ever."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
import threading
from typing import TYPE_CHECKING

from typing_extensions import override

from gui.errors import (
    KeyringError,
    KeyringFailed,
    KeyringLocked,
    KeyringMissing,
    KeyringSilent,
    SecretTooLong,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from keyring.backend import KeyringBackend
    from secretstorage import Collection

    from gui.settings.preferences import Preferences

    T = TypeVar("T")

LIMIT = 5.0  # seconds
UNLOCK_LIMIT = 60.0  # seconds, where a person may have to type the keyring's password
WINDOWS_LIMIT = 1280  # UTF-16 units: CRED_MAX_CREDENTIAL_BLOB_SIZE is 2,560 bytes

SECRET_SERVICE = "Secret Service"  # noqa: S105 -- the name of a kind of keyring

# Keyrings of a system, of those that `keyring` may choose; its others keep secrets in plain files or nowhere.
_OF_THE_SYSTEM = {"keyring.backends.Windows", "keyring.backends.macOS"}


class Secrets:
    """One entry of the keyring per secret: service `namespace`, user name = the secret's name.

    Every call may raise KeyringMissing, KeyringLocked, KeyringSilent (after `limit` seconds) or KeyringFailed; none
    blocks the loop, and none keeps the process from ending. Each asks the system anew: a keyring that comes back is
    found. A change that was silent may still take place when the keyring wakes.
    `longest`: UTF-16 units that the keyring can hold, None for any number.
    """

    def __init__(
        self, namespace: str = "GPROChat", *, longest: int | None = WINDOWS_LIMIT if sys.platform == "win32" else None
    ) -> None:
        self._namespace = namespace
        self._longest = longest
        self._session: dict[str, str] = {}
        # One call at a time, until its thread has ended: gnome-keyring aborts when several come at once, and is locked
        # when it is back. So a frozen keyring also costs one thread, however often it is asked.
        self._busy = asyncio.Lock()

    @override
    def __repr__(self) -> str:
        return f"Secrets({self._namespace!r})"

    async def get(self, name: str, *, limit: float = LIMIT) -> str | None:
        """The secret, None where none is stored. One that is kept for this session comes first."""
        if name in self._session:
            return self._session[name]
        return await self._call(lambda: _backend().get_password(self._namespace, name), limit)

    async def set(self, name: str, value: str, *, limit: float = UNLOCK_LIMIT) -> None:
        """Store it; an empty one is deleted. Raises SecretTooLong."""
        if not value:
            await self.delete(name, limit=limit)
            return
        if self._longest is not None and len(value.encode("utf-16-le", "surrogatepass")) > 2 * self._longest:
            raise SecretTooLong(limit=self._longest)
        await self._call(lambda: _backend().set_password(self._namespace, name, value), limit)
        self._session.pop(name, None)

    async def delete(self, name: str, *, limit: float = UNLOCK_LIMIT) -> None:
        """Delete it, in the keyring and in memory. One that is not there is no error."""
        for_session = self._session.pop(name, None) is not None

        def delete() -> None:
            backend = _backend()
            if backend.get_password(self._namespace, name) is not None:
                backend.delete_password(self._namespace, name)

        try:
            await self._call(delete, limit)
        except KeyringMissing:
            if not for_session:
                raise

    def keep_for_session(self, name: str, value: str) -> None:
        """Keep it in memory only, until the program ends."""
        self._session[name] = value

    def forget_for_session(self, name: str) -> None:
        """Keep it in memory no longer; the keyring is not asked."""
        self._session.pop(name, None)

    def for_session(self, name: str) -> str | None:
        """What `keep_for_session` was given; the keyring is not asked."""
        return self._session.get(name)

    async def backend_name(self, *, limit: float = LIMIT) -> str:
        """The keyring in use, such as "SecretService Keyring". Raises as every call does."""
        return await self._call(lambda: str(_backend().name), limit)

    async def available(self, *, limit: float = LIMIT) -> bool:
        """Whether the keyring would give a secret now. Nobody is asked to unlock it."""
        try:
            return await self._call(_is_open, limit)
        except KeyringError:
            return False

    async def _call(self, call: Callable[[], T], limit: float) -> T:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def settle(value: T | None, error: KeyringError | None) -> None:
            self._busy.release()
            if answer.done():
                return  # nobody waits any longer
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(value)  # type: ignore[arg-type]  # the value is there when the error is not

        def run() -> None:
            value, error = None, None
            try:
                value = call()
            except Exception as raised:  # noqa: BLE001 -- besides KeyringErrors come D-Bus's, the socket's, the codec's
                error = _ours(raised, limit)
            # The loop is closed when the program ended before the keyring answered.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, value, error)

        try:
            async with asyncio.timeout(limit):
                await self._busy.acquire()
                # Not an executor: the interpreter waits for the threads of one before it ends.
                threading.Thread(target=run, name="keyring", daemon=True).start()
                return await answer
        except TimeoutError:
            raise KeyringSilent(seconds=round(limit)) from None


async def delete_left_behind(secrets: Secrets, preferences: Preferences) -> None:
    """Delete what could not be deleted while the keyring was away, if it is there now. Nobody is asked to unlock it."""
    names = preferences.get("secrets_left_behind")
    if names and await secrets.available():
        with contextlib.suppress(KeyringError):  # it went away again
            for name in names:
                await secrets.delete(name)
            preferences.reset("secrets_left_behind")


def _ours(error: Exception, limit: float) -> KeyringError:
    """The library's text may hold anything, the secret too: only the error's name is taken over."""
    if isinstance(error, KeyringError):
        return error
    if isinstance(error, TimeoutError):  # the bus is frozen
        return KeyringSilent(seconds=round(limit))
    name = type(error).__name__
    if name in {"KeyringLocked", "LockedException", "PromptDismissedException"}:
        return KeyringLocked()
    if name in {"NoKeyringError", "SecretServiceNotAvailableException"}:
        return KeyringMissing()
    return KeyringFailed(reason=name)


def _backend() -> KeyringBackend:
    """The keyring that is there now. Raises KeyringMissing. Slow: imports, and asks the system."""
    if sys.platform in {"win32", "darwin"}:
        import keyring

        chosen = keyring.get_keyring()
        for backend in (chosen, *getattr(chosen, "backends", ())):  # a chain of them has `backends`
            if type(backend).__module__ in _OF_THE_SYSTEM:
                return backend
        raise KeyringMissing
    # `keyring` chooses once per process, and would not see one that comes back.
    from keyring.backends.kwallet import DBusKeyring as KWallet

    for kind in (_secret_service(), KWallet):
        try:
            kind.priority  # noqa: B018 -- computed anew at each access; raises where this one cannot be used
        except TimeoutError:
            raise  # the bus is there and does not answer
        except Exception:  # noqa: BLE001, S112 -- D-Bus and the socket have errors of their own for "not there"
            continue
        return kind()
    raise KeyringMissing


def _is_open() -> bool:
    backend = _backend()
    if backend.name != SECRET_SERVICE:
        return True
    import secretstorage

    with contextlib.closing(secretstorage.dbus_init()) as bus:
        return not secretstorage.get_default_collection(bus).is_locked()


@functools.cache
def _secret_service() -> type[KeyringBackend]:
    """keyring's own, but one that waits for a prompt for a limited time (its keyring may be gone), and does not leave
    the connection to the bus open where the collection cannot be had.
    """
    import secretstorage
    from keyring.backends import SecretService
    from keyring.errors import KeyringLocked as Locked

    class Closing(SecretService.Keyring):
        name = SECRET_SERVICE

        @override
        def get_preferred_collection(self) -> Collection:
            with contextlib.ExitStack() as failing:
                bus = failing.enter_context(contextlib.closing(secretstorage.dbus_init()))
                collection = secretstorage.get_default_collection(bus)
                if collection.is_locked() and (collection.unlock(UNLOCK_LIMIT) or collection.is_locked()):
                    raise Locked
                failing.pop_all()  # the caller closes it
            return collection

    return Closing
