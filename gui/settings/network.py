"""Which proxy a request goes through. What cannot be read is an error: nothing is ever sent past a proxy."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from gui.errors import (
    InvalidAddress,
    KeyringError,
    PacFailed,
    ProxyHostInvalid,
    ProxyInvalid,
    ProxyKindUnknown,
    ProxyNotStored,
    ProxyPortInvalid,
    ProxyUnreadable,
)
from gui.settings.exceptions import Exceptions
from gui.settings.limited import limited
from gui.settings.pac import find_proxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.settings.connections import Connection
    from gui.settings.preferences import Preferences
    from gui.settings.secrets import Secrets

SCHEMES = ("http", "https", "socks5", "socks5h", "socks4")
DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks4": 1080}
HIGHEST_PORT = 65535
OPTION = "network"
OWN_MODES = ("", "none", "system", "manual", "pac", "own")
DESKTOP_LIMIT = 10.0  # seconds; Windows may look for a PAC file meanwhile
SECRET = "proxy"  # noqa: S105 -- the name of the keyring's entry


@dataclass(frozen=True, slots=True)
class ManualProxy:
    """A proxy and its login. Raises a ProxyInvalid where one cannot be had from the values.

    `host` becomes lower-case ASCII (IDNA), an IPv6 address has no brackets. The login may hold any characters.
    """

    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.scheme not in SCHEMES:
            raise ProxyKindUnknown
        if not 1 <= self.port <= HIGHEST_PORT:
            raise ProxyPortInvalid
        object.__setattr__(self, "host", _host(self.host))

    def url(self) -> str:
        """`scheme://user:password@host:port`, the login percent-encoded. A secret."""
        login = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{login}{'@' if login else ''}{host}:{self.port}"

    @classmethod
    def parse(cls, url: str) -> ManualProxy:
        """From `url()`, or as people and systems write it: without a scheme (http), without a port (the scheme's)."""
        address = url.strip()
        if "://" not in address:
            address = f"http://{address}"
        try:
            parts = urlsplit(address)
        except ValueError:
            raise ProxyHostInvalid from None
        try:
            port = parts.port
        except ValueError:
            raise ProxyPortInvalid from None
        # Desktops write "socks" for SOCKS 5.
        scheme = "socks5" if parts.scheme == "socks" else parts.scheme
        if scheme not in SCHEMES:
            raise ProxyKindUnknown
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(scheme, parts.hostname or "", DEFAULT_PORTS[scheme] if port is None else port, user, password)


@dataclass(frozen=True, slots=True)
class OwnNetwork:
    """What one connection has of its own, beside the program's settings; kept in its options under "network".

    `proxy`: "" for the program's choice, one of the modes, or "own" (in the keyring, as the connection's secret
    "proxy"). The rest is of TLS: more authorities, a client's certificate and its key (PEM files), and whether
    certificates are looked at.
    """

    proxy: str = ""
    authorities: tuple[str, ...] = ()
    certificate: str = ""
    key: str = ""
    check: bool = True

    @classmethod
    def of(cls, connection: Connection) -> OwnNetwork:
        """What cannot be used of a file is as if it were not there; certificates are looked at then."""
        kept = connection.options.get(OPTION)
        kept = kept if isinstance(kept, dict) else {}
        texts = {key: kept[key] for key in ("proxy", "certificate", "key") if isinstance(kept.get(key), str)}
        if texts.get("proxy", "") not in OWN_MODES:
            texts["proxy"] = "unknown"  # of a newer version: nothing may be sent past what it means
        files = kept.get("authorities")
        authorities = tuple(each for each in files if isinstance(each, str)) if isinstance(files, list) else ()
        return cls(authorities=authorities, check=not connection.takes_any_certificate, **texts)

    def options(self, options: dict[str, Any]) -> dict[str, Any]:
        """`options` of a connection with this in them."""
        kept = {key: value for key, value in dataclasses.asdict(self).items() if value != getattr(OwnNetwork(), key)}
        rest = {key: value for key, value in options.items() if key != OPTION}
        if "authorities" in kept:
            kept["authorities"] = list(self.authorities)
        return rest | ({OPTION: kept} if kept else {})


class Network:
    """The proxy decision, for each request anew. `proxy_mode` of the preferences says which way, unless the
    connection has one of its own.

    `desktop` gives the desktop's proxy for a URL, None for none; it may be slow, and is called in a thread.
    """

    def __init__(
        self, preferences: Preferences, secrets: Secrets, desktop: Callable[[str], str | None] | None = None
    ) -> None:
        self._preferences = preferences
        self._secrets = secrets
        self._desktop = desktop

    @property
    def limits(self) -> dict[str, float]:
        """Seconds: `connect`, `first_byte`, `silence`."""
        return {name: float(self._preferences.get(f"{name}_limit")) for name in ("connect", "first_byte", "silence")}

    async def proxy_for(self, url: str, connection: Connection | None = None) -> str | None:
        """The proxy's URL (a secret) for a request to `url`, None for none.

        Raises ProxyUnreadable (its cause is the keyring's error, or what is wrong with the value), InvalidAddress.
        """
        try:
            target = urlsplit(url.strip())
            scheme, host, port = target.scheme, target.hostname or "", target.port
        except ValueError:
            scheme, host, port = "", "", None
        if not host:
            raise InvalidAddress(url=url.rpartition("@")[2])
        mode = (OwnNetwork.of(connection).proxy if connection else "") or self._preferences.get("proxy_mode")
        if mode == "none" or is_loopback(host):
            return None
        port = port or DEFAULT_PORTS.get(scheme, 80)
        try:
            # A connection with a proxy of its own has one for its own hosts.
            if mode != "own" and Exceptions(self._preferences.get("proxy_exceptions")).cover(host, port):
                return None
            if mode == "system":
                return await self._system(scheme, host, port)
            if mode == "pac":
                found = await find_proxy(self._preferences.get("pac_address"), scheme, host, port)
                return None if found is None else ManualProxy.parse(found).url()
            proxy = await self._stored(mode, connection)
            if proxy is None:
                raise ProxyNotStored
            return proxy.url()
        except (KeyringError, ProxyInvalid) as error:
            raise ProxyUnreadable(reason=str(error)) from error

    async def _stored(self, mode: str, connection: Connection | None) -> ManualProxy | None:
        if mode == "manual":
            return await self.manual()
        if mode == "own" and connection is not None:
            stored = await self._secrets.get(connection.secret_name("proxy"))
            return None if stored is None else ManualProxy.parse(stored)
        raise ProxyKindUnknown

    async def _system(self, scheme: str, host: str, port: int) -> str | None:
        """The environment's; else the desktop's, also where the environment speaks of other schemes or of exceptions
        alone.
        """
        import urllib.request  # brings http and email along, which the first paint does not wait for

        environment = urllib.request.getproxies_environment()
        value = next((environment[key] for key in (scheme, "all") if environment.get(key)), None)
        if Exceptions(environment.get("no", "")).cover(host, port):
            return None
        if value is None and self._desktop is not None:
            address = f"[{host}]" if ":" in host else host
            url, desktop = f"{scheme}://{address}:{port}/", self._desktop
            try:
                value = await limited(lambda: desktop(url), DESKTOP_LIMIT, "desktop's proxy")
            except TimeoutError:
                raise PacFailed(reason=f"no answer in {DESKTOP_LIMIT:g} seconds") from None
        return None if value is None else ManualProxy.parse(value).url()

    async def manual(self) -> ManualProxy | None:
        """The proxy in the keyring, None for none. Raises a KeyringError, ProxyInvalid."""
        stored = await self._secrets.get(SECRET)
        return None if stored is None else ManualProxy.parse(stored)

    async def set_manual(self, proxy: ManualProxy | None, *, session_only: bool = False) -> None:
        """Store it as a whole in the keyring, or in memory until the program ends; None deletes it.

        `proxy_mode` is set apart from it, when this went well. Raises a KeyringError.
        """
        if proxy is None:
            await self._secrets.delete(SECRET)
        elif session_only:
            self._secrets.keep_for_session(SECRET, proxy.url())
        else:
            await self._secrets.set(SECRET, proxy.url())


def is_loopback(host: str) -> bool:
    """Whether `host` (of a URL, without brackets) is this computer: such a request never goes through a proxy."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    try:
        # As the system's resolver reads it, which takes 127.1 and 0x7f000001 too.
        address = ipaddress.IPv6Address(name) if ":" in name else ipaddress.IPv4Address(socket.inet_aton(name))
    except (OSError, ValueError):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified  # the latter ends here as well


def _host(host: str) -> str:
    """`host` as it is looked up. Raises ProxyHostInvalid."""
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if ":" in bare:
        try:
            return str(ipaddress.IPv6Address(bare))
        except ValueError:
            raise ProxyHostInvalid from None
    try:
        name = bare.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ProxyHostInvalid from None
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", name):
        raise ProxyHostInvalid
    return name
