"""--diagnose: which hop of the way to a server fails, without a window."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

from gui.ask import ENVIRONMENT, connection_of
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
    """Print each hop as it is tried, or one JSON object at the end. Returns 0 if a first token came, 1 otherwise."""
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
        steps = asyncio.run(_try(routes, connection, question.model, quiet=as_json))
    except KeyboardInterrupt:
        return 130
    failed = next((step for step in steps if step.error), None)
    if as_json:
        sys.stdout.write(json.dumps(_as_json(connection, steps, failed), ensure_ascii=False) + "\n")
    return 1 if failed else 0


async def _try(routes: Routes, connection: Connection, model: str, *, quiet: bool) -> list[Step]:
    """The hops in the order they first came, each with what it said last."""
    told: dict[Hop, Step] = {}
    try:
        async for step in diagnose(routes, connection, model):
            told[step.hop] = step
            if not quiet:
                sys.stdout.write(_line(step))
                sys.stdout.flush()
    finally:
        await routes.close()
    return list(told.values())


def _line(step: Step) -> str:
    time = "" if step.milliseconds is None else f"{step.milliseconds:.1f} ms"
    says = "ok" if step.error is None else str(step.error).strip()
    change = f"  [change: {step.setting}]" if step.setting else ""
    return f"{NAMES[step.hop]:<12} {time:>11}  {says}{f' ({step.detail})' if step.detail else ''}{change}\n"


def _as_json(connection: Connection, steps: list[Step], failed: Step | None) -> dict[str, object]:
    told: dict[str, object] = {
        "connection": connection.name,
        "provider": connection.provider,
        "url": connection.url.rpartition("@")[2],
        "ok": failed is None,
        "hops": [step.to_json() for step in steps],
    }
    if failed is not None:
        why = failed.to_json()
        told |= {"failed": why["hop"], **{key: why[key] for key in ("error", "sentence", "setting")}}
    return told
