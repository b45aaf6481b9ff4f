"""--diagnose: which hop of the way to a server fails, without a window."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

from gui.ask import ENVIRONMENT, bear_any_character, connection_of, leave_output
from gui.chat.diagnose import Hop, Step, diagnose
from gui.chat.route import Routes
from gui.errors import GProChatError
from gui.settings.connections import Connections
from gui.settings.network import Network
from gui.settings.preferences import Preferences
from gui.settings.secrets import Secrets
from gui.windows.desktop_proxy import desktop_proxy

if TYPE_CHECKING:
    from pathlib import Path

    from gui.ask import Question
    from gui.settings.connections import Connection

NAMES = {
    Hop.NAME: "name",
    Hop.PROXY: "proxy",
    Hop.CONNECTION: "connection",
    Hop.TLS: "TLS",
    Hop.HTTP: "HTTP",
    Hop.LOGIN: "login",
    Hop.SIGNATURE: "signature",
    Hop.MODEL: "model",
    Hop.FIRST: "first token",
}


def run_diagnose(question: Question, data_dir: Path, namespace: str, *, as_json: bool) -> int:
    """Print each hop as it is tried, of each address, or one JSON object at the end. Returns 0 if a first token came
    from one of the addresses, 1 otherwise.
    """
    bear_any_character()
    preferences = Preferences(data_dir / "preferences.json")
    try:
        connection = connection_of(question, Connections(data_dir / "connections.json"), preferences)
    except GProChatError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    secrets = Secrets(namespace)
    given = {kind: os.environ[name] for kind, name in ENVIRONMENT.items() if os.environ.get(name)}
    routes = Routes(Network(preferences, secrets, desktop_proxy), secrets, data_dir, given)
    try:
        tried = asyncio.run(_try_each(routes, connection, question.model, quiet=as_json))
        if as_json:
            sys.stdout.write(json.dumps(_as_json(connection, tried), ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        leave_output()
        return 1
    return 0 if any(_failed(steps) is None for _url, steps in tried) else 1


async def _try_each(routes: Routes, connection: Connection, model: str, *, quiet: bool) -> list[tuple[str, list[Step]]]:
    """Its addresses, each with its hops."""
    tried = []
    try:
        for one in connection.at_each_address():
            if connection.fallbacks and not quiet:
                sys.stdout.write(f"{_told(one.url)}\n")
                sys.stdout.flush()
            tried.append((one.url, await _try(routes, one, model, quiet=quiet)))
    finally:
        await routes.close()
    return tried


async def _try(routes: Routes, connection: Connection, model: str, *, quiet: bool) -> list[Step]:
    """The hops in the order they first came, each with what it said last."""
    told: dict[Hop, Step] = {}
    async for step in diagnose(routes, connection, model):
        told[step.hop] = step
        if not quiet:
            sys.stdout.write(_line(step))
            sys.stdout.flush()
    return list(told.values())


def _failed(steps: list[Step]) -> Step | None:
    return next((step for step in steps if step.error), None)


def _told(url: str) -> str:
    """Without a login that somebody may have written into it."""
    return url.rpartition("@")[2]


def _line(step: Step) -> str:
    time = "" if step.milliseconds is None else f"{step.milliseconds:.1f} ms"
    says = "ok" if step.error is None else str(step.error).strip()
    change = f"  [change: {step.setting}]" if step.setting else ""
    return f"{NAMES[step.hop]:<12} {time:>11}  {says}{f' ({step.detail})' if step.detail else ''}{change}\n"


def _as_json(connection: Connection, tried: list[tuple[str, list[Step]]]) -> dict[str, object]:
    """What was tried of the first address, and the same of each other one in "fallbacks". "ok" of the whole: whether
    one of them answers.
    """
    first, *others = [_address_as_json(url, steps) for url, steps in tried]
    told: dict[str, object] = {"connection": connection.name, "provider": connection.provider} | first
    if others:
        told |= {"ok": any(one["ok"] for one in (first, *others)), "fallbacks": others}
    return told


def _address_as_json(url: str, steps: list[Step]) -> dict[str, object]:
    failed = _failed(steps)
    told: dict[str, object] = {"url": _told(url), "ok": failed is None, "hops": [step.to_json() for step in steps]}
    if failed is not None:
        why = failed.to_json()
        told |= {"failed": why["hop"], **{key: why[key] for key in ("error", "sentence", "setting")}}
    return told
