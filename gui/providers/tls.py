"""Whom TLS trusts, and what it shows of us."""

from __future__ import annotations

import dataclasses
import functools
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import certifi

from gui.errors import QT_TRANSLATE_NOOP, TrustUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable

# Where truststore looks beyond OpenSSL's own places; its list is private.
_CERTIFICATES: Final = (
    Path("/etc/ssl/cert.pem"),
    Path("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
    Path("/etc/pki/tls/cert.pem"),
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/ssl/ca-bundle.pem"),
)


@dataclass(frozen=True, slots=True)
class Trust:
    """What one connection's TLS has beside the system's trust. All are PEM files.

    `authorities`: more of them. `certificate`: the client's own, with its key in it or in `key` (without a password:
    it would be a secret in no keyring). `check`: False takes any certificate of any host. `written`: when the files
    were; once one is renewed or gone, it is another trust, with sessions of its own.
    """

    authorities: tuple[str, ...] = ()
    certificate: str = ""
    key: str = ""
    check: bool = True
    written: tuple[int, ...] = ()

    def as_written(self) -> Trust:
        """With its files as they are now."""
        files = (*self.authorities, *filter(None, (self.certificate, self.key)))
        return dataclasses.replace(self, written=tuple(map(_written, files)))


SYSTEM: Final = Trust()


@functools.cache
def tls_context(trust: Trust = SYSTEM) -> ssl.SSLContext:
    """The context for all sessions with `trust`. Raises TrustUnreadable."""
    return new_context(trust)


def new_context(trust: Trust = SYSTEM) -> ssl.SSLContext:
    """One that nobody shares. It trusts what the system trusts; certifi's list where the system has none.

    Raises TrustUnreadable where a file of `trust` is missing or is not what it should be.
    """
    if not trust.check:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context = _system_context()
        for file in trust.authorities:
            _read(file, lambda of: context.load_verify_locations(cafile=of))
    if trust.certificate:
        _read(trust.certificate, lambda of: context.load_cert_chain(of, trust.key or None, password=_no_password))
    return context


def _written(file: str) -> int:
    try:
        return Path(file).expanduser().stat().st_mtime_ns
    except (OSError, RuntimeError):  # the latter for the home of nobody
        return 0


def _read(file: str, load: Callable[[str], object]) -> None:
    try:
        load(str(Path(file).expanduser()))
    except (OSError, ssl.SSLError, ValueError) as error:
        raise TrustUnreadable(file=Path(file).name, reason=_why(error)) from None


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return QT_TRANSLATE_NOOP("errors", "not a certificate in PEM, or its key is not beside it")
    return getattr(error, "strerror", None) or QT_TRANSLATE_NOOP("errors", "its key has a password")


def _no_password() -> str:
    # Left to itself OpenSSL asks on the terminal, and waits for ever.
    raise ValueError


def _system_context() -> ssl.SSLContext:
    try:
        import truststore  # refuses to be imported on systems it does not know

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if sys.platform == "linux" and not _system_has_certificates():
            context.load_verify_locations(certifi.where())
    except (ImportError, OSError, NotImplementedError):
        return ssl.create_default_context(cafile=certifi.where())
    else:
        return context


def _system_has_certificates() -> bool:
    paths = ssl.get_default_verify_paths()
    hashed = any(Path(paths.capath).glob("*.[0-9]")) if paths.capath else False
    return hashed or bool(paths.cafile) or any(map(Path.is_file, _CERTIFICATES))
