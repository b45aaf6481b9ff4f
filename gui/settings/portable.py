"""The settings as one JSON object, to be taken to another computer. No secret is ever in it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from gui.errors import SecretInAddress
from gui.settings.connections import connection_of, refuse_secrets
from gui.settings.preferences import SETTINGS

if TYPE_CHECKING:
    from gui.settings.connections import Connection, Connections
    from gui.settings.preferences import Preferences

FORMAT, VERSION = "gprochat-settings", 1

TAKEN_ALONG = frozenset(
    {key for key, setting in SETTINGS.items() if setting.description} - {"sync_folder"} | {"shortcuts", "sidebar_order"}
)
"""Of the preferences: not what was typed or opened here, nor a folder of this computer."""

SECRET = re.compile(r"key|token|secret|pass|auth|cookie|credential|bearer", re.IGNORECASE)
"""What a field of a request that a person added by hand may be called if it is none of others' business."""

PLAIN = frozenset({"max_tokens", "max_completion_tokens"})


def exported(preferences: Preferences, connections: Connections) -> dict[str, Any]:
    """What is not as it is by itself, and all connections."""
    chosen = {key: preferences.get(key) for key in sorted(TAKEN_ALONG)}
    return {
        "format": FORMAT,
        "version": VERSION,
        "preferences": {
            key: value
            for key, value in chosen.items()
            if value != SETTINGS[key].default and not (key == "pac_address" and _holds_secrets(value))
        },
        "connections": [_without_secrets(one) for one in connections.all()],
    }


def take_in(content: object, preferences: Preferences, connections: Connections) -> int:
    """Set what `exported` wrote; how many settings and connections came. What makes no sense in it is left out.

    A connection that is here already is not changed, whatever is said of it: its secrets are for the server that it
    was made for. Raises ValueError for what is no such object, SettingsUnwritable.
    """
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(FORMAT)
    came = 0
    entries = content.get("connections")
    for entry in entries if isinstance(entries, list) else []:
        one = connection_of(_without(entry, "secrets")) if isinstance(entry, dict) else None
        if one is None or connections.get(one.id) is not None:
            continue
        if not any(_holds_secrets(url) for url in (one.url, *one.fallbacks)):
            connections.save(one)
            came += 1
    values = content.get("preferences")
    for key, value in values.items() if isinstance(values, dict) else ():
        if key in TAKEN_ALONG and SETTINGS[key].fits(value):
            preferences.set(key, value)
            came += 1
    return came


def _without_secrets(connection: Connection) -> dict[str, Any]:
    values = _without(dataclasses.asdict(connection), "secrets")
    if _holds_secrets(connection.url):
        values["url"] = ""
    values["fallbacks"] = [url for url in connection.fallbacks if not _holds_secrets(url)]
    if "extra" in connection.options:
        values["options"]["extra"] = _plain(connection.options["extra"])
    return values


def _plain(value: Any) -> Any:
    """`value` without what is called like a secret."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if key in PLAIN or not SECRET.search(str(key))}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _without(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}


def _holds_secrets(url: str) -> bool:
    try:
        refuse_secrets(url)
    except SecretInAddress:
        return True
    return False
