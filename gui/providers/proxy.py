"""A proxy's URL in parts, and how aiohttp is told of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from yarl import URL

from gui.errors import ProxyUnreadable

if TYPE_CHECKING:
    import aiohttp

_SOCKS: Final = {"socks4", "socks4a", "socks5", "socks5h"}
_SOCKS_PORT: Final = 1080
_SOCKS_LOGIN: Final = 255  # characters, of the user and of the password (RFC 1929); ASCII is python-socks' own limit


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy's URL in parts. `login` is None or (user, password), decoded."""

    url: URL
    login: tuple[str, str] | None = field(repr=False)

    @classmethod
    def parse(cls, proxy: str) -> Proxy:
        """Raises ProxyUnreadable. A port that is not given is the scheme's own: 80, 443, 1080."""
        url = parse_url(proxy)
        if url is None or url.scheme not in {"http", "https", *_SOCKS} or not url.host:
            raise ProxyUnreadable(reason="Its address is not http://, https:// or socks5:// with a host.")
        login = None if url.user is None and url.password is None else (url.user or "", url.password or "")
        address = URL.build(scheme=url.scheme, host=url.host, port=url.port or _SOCKS_PORT)
        if url.scheme in _SOCKS and not all(text.isascii() and len(text) <= _SOCKS_LOGIN for text in login or ()):
            raise ProxyUnreadable(reason="The login of a SOCKS proxy can hold 255 ASCII characters.")
        return cls(address, login)

    @property
    def socks(self) -> bool:
        return self.url.scheme in _SOCKS

    @property
    def host(self) -> str:
        return f"{self.url.host_subcomponent}:{self.url.port}"

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.login[1], f"{self.login[0]}:{self.login[1]}") if self.login else ()

    @property
    def headers(self) -> dict[str, str]:
        """For an HTTP proxy. Not left to aiohttp, which encodes a login as Latin-1 and fails on the rest."""
        if self.login is None:
            return {}
        return {"Proxy-Authorization": "Basic " + base64.b64encode(":".join(self.login).encode()).decode()}


def socks_connector(proxy: Proxy, options: dict[str, Any]) -> aiohttp.TCPConnector:
    from aiohttp_socks import ProxyConnector, ProxyType  # only here: most people have no SOCKS proxy

    user, password = proxy.login or (None, None)
    return ProxyConnector(
        proxy_type=ProxyType.SOCKS4 if proxy.url.scheme.startswith("socks4") else ProxyType.SOCKS5,
        host=proxy.url.host or "",
        port=proxy.url.port or 0,
        username=user,
        password=password,
        rdns=proxy.url.scheme != "socks4",
        **options,
    )


def parse_url(url: str) -> URL | None:
    try:
        address = URL(url.strip())
        _ = address.port, address.host  # these raise, too
    except ValueError:
        return None
    return address
