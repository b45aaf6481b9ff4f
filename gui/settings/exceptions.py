"""Which hosts are reached past the proxy: the list a person or the environment writes, read one way."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from dataclasses import dataclass
from typing import Final

_SEPARATORS: Final = re.compile(r"[,;\s]+")
_NAME: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_WITH_PORT: Final = re.compile(r"(\[[^]]*\]|[^:]*):(\d{1,5})")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class _Rule:
    """`name` is a host and all that end in it, "*" every one, "" every one without a dot (<local>)."""

    name: str = "*"
    port: int | None = None
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None

    @classmethod
    def read(cls, entry: str) -> _Rule | None:
        """None for what is no such entry."""
        found = _WITH_PORT.fullmatch(entry)
        host, port = (found[1], int(found[2])) if found else (entry, None)
        host = host.removeprefix("[").removesuffix("]")
        if host == "<local>":
            return cls("", port)
        if host == "*":
            return cls("*", port)
        try:
            return cls(port=port, network=ipaddress.ip_network(host, strict=False))
        except ValueError:
            pass
        try:
            name = host.removeprefix("*").lstrip(".").encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
        return cls(name, port) if _NAME.fullmatch(name) else None

    def covers(self, host: str, address: _Address | None, port: int) -> bool:
        if self.port not in {None, port}:
            return False
        if self.network is not None:
            return address is not None and address in self.network
        if not self.name:
            return "." not in host and address is None
        return self.name in {"*", host} or host.endswith(f".{self.name}")


class Exceptions:
    """From entries with commas, semicolons or blanks between them: `host` and `.host` (and what ends in it),
    `*.host`, `host:port`, an address or a network of them (`10.0.0.0/8`, `fd00::/8`), `<local>`, `*`.

    `unreadable` are the entries that are none of these; they cover nothing. No name is looked up for a network.
    """

    def __init__(self, text: str) -> None:
        entries = [entry for entry in _SEPARATORS.split(text.strip()) if entry]
        rules = [(entry, _Rule.read(entry)) for entry in entries]
        self.unreadable = [entry for entry, rule in rules if rule is None]
        self._rules = [rule for _, rule in rules if rule is not None]

    def cover(self, host: str, port: int) -> bool:
        """Whether `host` (of a URL, without brackets) is reached directly at `port`."""
        name = host.rstrip(".").lower()
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            address = None
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if address is None:
            with contextlib.suppress(UnicodeError):
                name = name.encode("idna").decode("ascii")
        return any(rule.covers(name, address, port) for rule in self._rules)
