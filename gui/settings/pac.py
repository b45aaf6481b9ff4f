"""A proxy's auto-configuration (PAC): a script of somebody else's, run in a process of its own that is ended in time.

The library is pypac, the one for Python that is kept up: it brings the functions a script may call, and QuickJS through
dukpy. The process is `python -m gui.settings.pac` or, frozen, `gprochat --pac`. It reads one line of JSON on its
input, {"pac": address of the script, "url": scheme://host:port/ that is wanted, "host"}, and answers with one:
{"answer": what the script said} or {"failed": the name of an error}.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Final

from gui.errors import QT_TRANSLATE_NOOP, PacFailed
from gui.settings.limited import limited

LIMIT: Final = 10.0  # s, for fetching the script, the names it looks up, and itself
LARGEST: Final = 1024 * 1024  # bytes of a script
SCHEMES: Final = ("http", "https", "file")

# The interpreter shows it to the script, which is somebody else's and could tell it by the names it looks up.
_ENVIRONMENT: Final = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")

_KINDS: Final = {"proxy": "http", "http": "http", "https": "https", "socks": "socks5", "socks5": "socks5",
                 "socks4": "socks4"}  # fmt: skip


async def find_proxy(pac: str, scheme: str, host: str, port: int, *, limit: float = LIMIT) -> str | None:
    """The URL of the first proxy that the script at `pac` (an address) names for a host; None: directly.

    The path of what is asked for is not told to it. Raises PacFailed.
    """
    target = f"[{host}]" if ":" in host else host
    wanted = {"pac": pac, "url": f"{scheme}://{target}:{port}/", "host": host}
    try:
        told = await limited(lambda: _run(wanted, limit), limit + 1.0, "pac")
    except (TimeoutError, subprocess.TimeoutExpired):
        raise PacFailed(reason=f"no answer in {limit:g} seconds") from None
    if "answer" not in told:
        raise PacFailed(reason=told.get("failed") or QT_TRANSLATE_NOOP("errors", "its process ended"))
    return read_answer(told["answer"])


def read_answer(answer: str) -> str | None:
    """`PROXY host:port; SOCKS5 host:port; DIRECT`: the first of them. Raises PacFailed for what is none."""
    first = answer.split(";", maxsplit=1)[0].split()
    if [word.upper() for word in first] == ["DIRECT"]:
        return None
    kind = _KINDS.get(first[0].lower()) if len(first) == 2 else None  # noqa: PLR2004 -- a kind and its place
    if kind is None:
        raise PacFailed(reason=QT_TRANSLATE_NOOP("errors", "its answer names no proxy"))
    return f"{kind}://{first[1]}"


def _run(wanted: dict[str, str], limit: float) -> dict[str, str]:
    command = ["--pac"] if getattr(sys, "frozen", False) else ["-m", "gui.settings.pac"]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    ended = subprocess.run(  # noqa: S603 -- ourselves
        [sys.executable, *command],
        input=json.dumps(wanted) + "\n",
        capture_output=True,
        text=True,
        timeout=limit,
        check=False,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        told = json.loads(ended.stdout)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def run_pac() -> None:
    """The process: one question, one answer."""
    wanted = json.loads(sys.stdin.readline())
    try:
        told = {"answer": _ask(wanted["pac"], wanted["url"], wanted["host"])}
    except Exception as error:  # noqa: BLE001 -- the network's, the library's, the script's
        told = {"failed": type(error).__name__}
    sys.stdout.write(json.dumps(told) + "\n")


def _ask(pac: str, url: str, host: str) -> str:
    import urllib.request
    from urllib.parse import urlsplit

    from pypac.parser import PACFile

    if urlsplit(pac).scheme not in SCHEMES:
        raise ValueError(pac)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(pac) as answer:
        script = answer.read(LARGEST + 1)
    if len(script) > LARGEST:
        raise ValueError(pac)
    return str(PACFile(script.decode("utf-8-sig", "replace")).find_proxy_for_url(url, host))


if __name__ == "__main__":
    run_pac()
