"""Whom TLS trusts."""

from __future__ import annotations

import functools
import ssl
import sys
from pathlib import Path
from typing import Final

import certifi

# Where truststore looks beyond OpenSSL's own places; its list is private.
_CERTIFICATES: Final = (
    Path("/etc/ssl/cert.pem"),
    Path("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
    Path("/etc/pki/tls/cert.pem"),
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/ssl/ca-bundle.pem"),
)


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Trust what the system trusts; certifi's list where the system has none."""
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
