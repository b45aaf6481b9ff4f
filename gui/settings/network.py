"""Which proxy a request goes through. What cannot be read is an error: nothing is ever sent past a proxy."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from gui.errors import (
    InvalidAddress,
    KeyringError,
    ProxyHostInvalid,
    ProxyInvalid,
    ProxyKindUnknown,
    ProxyNotStored,
    ProxyPortInvalid,
    ProxyUnreadable,
)

if TYPE_CHECKING:
    from gui.settings.preferences import Preferences
    from gui.settings.secrets import Secrets

SCHEMES = ("http", "https", "socks5", "socks5h", "socks4")
DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks4": 1080}
HIGHEST_PORT = 65535
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


class Network:
    """The proxy decision, for each request anew. `proxy_mode` of the preferences says which of the three ways."""

    def __init__(self, preferences: Preferences, secrets: Secrets) -> None:
        self._preferences = preferences
        self._secrets = secrets

    async def proxy_for(self, url: str) -> str | None:
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
        mode = self._preferences.get("proxy_mode")
        if mode == "none" or is_loopback(host):
            return None
        try:
            if mode == "manual":
                proxy = await self.manual()
                if proxy is None:
                    raise ProxyNotStored
                return proxy.url()
            if sys.platform in {"win32", "darwin"}:  # they look names up for their exceptions
                return await asyncio.to_thread(_system_proxy, scheme, host, port)
            return _system_proxy(scheme, host, port)
        except (KeyringError, ProxyInvalid) as error:
            raise ProxyUnreadable(reason=str(error)) from error

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


def _system_proxy(scheme: str, host: str, port: int | None) -> str | None:
    """From the environment (http_proxy, https_proxy, all_proxy, no_proxy), on Windows and macOS else the system's."""
    import urllib.request  # brings http and email along, which the first paint does not wait for

    proxies = urllib.request.getproxies()
    if "socks" in proxies and not proxies["socks"].startswith("socks"):
        # macOS says http:// of it
        proxies["socks"] = f"socks5://{proxies['socks'].rpartition('://')[2]}"
    value = next((proxies[key] for key in (scheme, "all", "socks") if proxies.get(key)), None)
    if value is None:
        return None
    # The exceptions name a host, or a host with its port.
    if urllib.request.proxy_bypass(f"{host}:{port or DEFAULT_PORTS.get(scheme, 80)}"):
        return None
    return ManualProxy.parse(value).url()


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
