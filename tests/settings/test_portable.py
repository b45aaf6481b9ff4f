"""The settings as a file: what is in it, what never is, and what comes of it elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gui.settings.connections import Connection, Connections
from gui.settings.portable import TAKEN_ALONG, exported, take_in
from gui.settings.preferences import SETTINGS, Preferences

if TYPE_CHECKING:
    from pathlib import Path

MARK = "s3cr3t-mark"


def at(folder: Path) -> tuple[Preferences, Connections]:
    folder.mkdir(exist_ok=True)
    return Preferences(folder / "preferences.json"), Connections(folder / "connections.json")


def test_what_was_chosen_is_chosen_elsewhere(tmp_path: Path) -> None:
    here, servers = at(tmp_path / "here")
    here.set("theme", "dark")
    here.set("shortcuts", {"find": ["Ctrl+K"]})
    here.set("drafts", {"a": "of nobody’s business"})
    servers.save(Connection("home", "Home", "openai", "https://home.example.org/v1", "m", {"temperature": 0.5}))
    content = json.loads(json.dumps(exported(here, servers)))
    there, others = at(tmp_path / "there")
    assert take_in(content, there, others) == 3
    assert there.get("theme") == "dark"
    assert there.get("shortcuts") == {"find": ["Ctrl+K"]}
    assert there.get("drafts") == {}
    assert others.get("home") == servers.get("home")


def test_no_secret_is_in_it_wherever_somebody_put_one(tmp_path: Path) -> None:
    preferences, connections = at(tmp_path)
    preferences.set("pac_address", f"https://me:{MARK}@intranet.example.org/proxy.pac")
    preferences.set("recent_searches", [MARK])
    preferences.set("drafts", {"a": MARK})
    extra = {"api_key": MARK, "headers": [{"Authorization": MARK}], "max_tokens": 5}
    entries: list[dict[str, Any]] = [
        {"id": "a", "url": f"https://me:{MARK}@example.org", "options": {"extra": extra}},
        {"id": "b", "url": "https://b.example.org", "fallbacks": [f"https://c.example.org/?k={MARK}"]},
        {"id": "c", "url": "https://c.example.org", "secrets": ["api_key"], "key": MARK},
    ]
    for entry in entries:
        entry |= {"name": "Of a file written by hand", "provider": "openai"}
    (tmp_path / "connections.json").write_text(json.dumps({"connections": entries}), "utf-8")
    content = exported(preferences, Connections(tmp_path / "connections.json"))
    assert MARK not in json.dumps(content)
    assert [one["id"] for one in content["connections"]] == ["a", "b", "c"]
    assert all("secrets" not in one for one in content["connections"])
    assert content["connections"][0]["options"]["extra"] == {"headers": [{}], "max_tokens": 5}
    assert connections.trouble is None


def test_a_connection_that_is_here_keeps_its_server_and_its_secrets(tmp_path: Path) -> None:
    preferences, connections = at(tmp_path)
    mine = Connection("home", "Home", "openai", "https://home.example.org/v1", secrets=("api_key",))
    connections.save(mine)
    theirs = {"id": "home", "name": "Home", "provider": "openai", "url": "https://evil.example.org/v1"}
    assert take_in({"format": "gprochat-settings", "connections": [theirs]}, preferences, connections) == 0
    assert connections.get("home") == mine


def test_a_connection_that_comes_has_no_secrets_yet(tmp_path: Path) -> None:
    preferences, connections = at(tmp_path)
    theirs = {"id": "x", "name": "X", "provider": "openai", "url": "https://x.example.org", "secrets": ["api_key"]}
    take_in({"format": "gprochat-settings", "connections": [theirs]}, preferences, connections)
    came = connections.get("x")
    assert came is not None
    assert came.secrets == ()


def test_what_makes_no_sense_is_left_out(tmp_path: Path) -> None:
    preferences, connections = at(tmp_path)
    values = {"theme": "pink", "zoom": 100_000, "unknown": 1, "window": {}, "send_key": "ctrl+enter"}
    content = {"format": "gprochat-settings", "preferences": values, "connections": [1, {}, {"id": "a"}]}
    assert take_in(content, preferences, connections) == 1
    assert preferences.get("theme") == "system"
    assert preferences.get("send_key") == "ctrl+enter"


@pytest.mark.parametrize("content", [[], {}, "text", None, {"format": "another"}])
def test_another_file_is_none_of_settings(tmp_path: Path, content: object) -> None:
    with pytest.raises(ValueError, match="gprochat-settings"):
        take_in(content, *at(tmp_path))


def test_nothing_that_was_written_or_opened_here_is_taken_along() -> None:
    assert SETTINGS.keys() >= TAKEN_ALONG
    own = {"drafts", "recent_searches", "recent_commands", "window", "layout", "open_conversations", "sync_folder"}
    assert not TAKEN_ALONG & own
