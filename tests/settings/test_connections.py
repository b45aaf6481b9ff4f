"""Connections: one is always there, their order is the person's, no secret gets into their file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gui.errors import ConnectionUnknown, SecretInAddress, SettingsDamaged
from gui.settings.connections import EMBEDDED, Connection, Connections, completed, has_login

if TYPE_CHECKING:
    from pathlib import Path

OLLAMA = Connection(
    id="o", name="Ollama", provider="openai", url="http://127.0.0.1:11434/v1", options={"extra": {"num_ctx": 8192}},
    preset="ollama", favourites=("qwen3:8b",), fallbacks=("http://10.0.0.2:11434/v1",),
)  # fmt: skip
SITE = Connection(
    id="s", name="Мой сервер", provider="gprochat", url="https://chat.example", secrets=("secret_key", "password")
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "connections.json"


def test_with_nothing_configured_the_embedded_model_answers(file: Path) -> None:
    connections = Connections(file)

    assert connections.all() == [EMBEDDED]
    assert connections.get("local") is EMBEDDED
    assert not file.exists()


def test_saved_ones_come_after_it_and_are_there_after_a_restart(file: Path) -> None:
    connections = Connections(file)
    connections.save(OLLAMA)
    connections.save(SITE)

    assert connections.all() == [EMBEDDED, OLLAMA, SITE]
    assert Connections(file).all() == [EMBEDDED, OLLAMA, SITE]


def test_saving_again_replaces_it_in_its_place(file: Path) -> None:
    connections = Connections(file)
    connections.save(OLLAMA)
    connections.save(SITE)
    renamed = Connection(id="o", name="Next machine", provider="openai", url="http://10.0.0.2:11434/v1")
    connections.save(renamed)

    assert Connections(file).all() == [EMBEDDED, renamed, SITE]
    assert renamed.secret_name("api_key") == OLLAMA.secret_name("api_key") == "connection/o/api_key"


def test_a_removed_one_is_gone_the_embedded_too_until_nothing_is_left(file: Path) -> None:
    connections = Connections(file)
    connections.save(OLLAMA)

    connections.remove("local")
    assert Connections(file).all() == [OLLAMA]

    connections.remove("o")
    assert Connections(file).all() == [EMBEDDED]
    assert connections.get("o") is None


def test_their_order_is_the_one_they_were_put_into(file: Path) -> None:
    connections = Connections(file)
    connections.save(OLLAMA)
    connections.save(SITE)

    connections.arrange(["s", "gone", "local"])

    assert Connections(file).all() == [SITE, EMBEDDED, OLLAMA]


def test_found_by_name_first_exactly(file: Path) -> None:
    connections = Connections(file)
    shouting = Connection(id="x", name="OLLAMA", provider="openai")
    connections.save(OLLAMA)
    connections.save(shouting)

    assert connections.named("OLLAMA") == shouting
    assert connections.named("ollama") == OLLAMA
    assert connections.named("o") == OLLAMA
    with pytest.raises(ConnectionUnknown, match="“nobody”"):
        connections.named("nobody")


@pytest.mark.parametrize(
    "url",
    [
        "https://user:geheim@chat.example",
        "https://geheim@chat.example/v1",
        "user:geheim@chat.example",
        "//user:geheim@chat.example",
        " https:\\\\user:geheim@chat.example",
    ],
)
def test_an_address_with_a_login_is_not_written_down(file: Path, url: str) -> None:
    with pytest.raises(SecretInAddress) as caught:
        Connections(file).save(Connection(id="x", name="X", provider="openai", url=url))

    assert "geheim" not in f"{caught.value} {caught.value.to_json()}"
    with pytest.raises(SecretInAddress):
        Connections(file).save(Connection(id="x", name="X", provider="openai", url="http://ok", fallbacks=("ok", url)))
    assert not file.exists()


def test_an_address_with_a_query_is_not_written_down(file: Path) -> None:
    with pytest.raises(SecretInAddress) as caught:
        Connections(file).save(Connection(id="x", name="X", provider="openai", url="https://ok.example/v1?key=geheim"))

    assert "geheim" not in str(caught.value)
    assert not file.exists()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" http://ollama.example:11434/v1 ", "http://ollama.example:11434/v1"),
        ("127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"),
        ("192.168.1.5:11434", "http://192.168.1.5:11434"),
        ("localhost:8080", "http://localhost:8080"),
        ("ollama", "http://ollama"),
        ("ollama.lan:11434", "http://ollama.lan:11434"),
        ("api.example.org/v1", "https://api.example.org/v1"),
        ("8.8.8.8", "https://8.8.8.8"),
        ("ftp://x", "ftp://x"),
        ("", ""),
    ],
)
def test_what_is_left_out_before_an_address(typed: str, address: str) -> None:
    assert completed(typed) == address


@pytest.mark.parametrize("url", ["", "https://chat.example/@me/v1", "http://[::1]:8080/v1?to=a@b", "localhost:8080"])
def test_an_address_without_a_login_is_none(url: str) -> None:
    assert not has_login(url)


def test_entries_of_a_newer_version_stay_in_the_file(file: Path) -> None:
    newer = {"id": "n", "name": "New", "provider": "telepathy", "strength": 3}
    file.write_text(
        json.dumps({"format": 2, "connections": [newer, {"id": "o", "name": "O", "provider": "openai", "tint": "red"}]})
    )

    connections = Connections(file)
    assert [each.id for each in connections.all()] == ["o"]
    connections.save(OLLAMA)

    content = json.loads(file.read_text())
    assert content["format"] == 2
    assert content["connections"][0] == newer
    assert content["connections"][1]["tint"] == "red"
    assert Connections(file).all() == [OLLAMA]


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"id": "", "name": "x", "provider": "openai"},
        {"id": 1, "name": "x", "provider": "openai"},
        {"id": "x", "name": None, "provider": "openai"},
        {"id": "x", "name": "x", "provider": "openai", "options": []},
        {"id": "x", "name": "x", "provider": "openai", "secrets": "password"},
        {"id": "x", "name": "x", "provider": "openai", "fallbacks": "http://elsewhere"},
        {"id": "x", "name": "x", "provider": "openai", "favourites": {}},
        {"id": "x", "name": "x", "provider": "openai", "preset": 1},
        "x",
    ],
)
def test_an_entry_that_makes_no_sense_is_left_out(file: Path, entry: object) -> None:
    file.write_text(json.dumps({"connections": [entry]}))

    assert Connections(file).all() == [EMBEDDED]


def test_a_damaged_file_is_told_of(file: Path) -> None:
    file.write_text("{")

    connections = Connections(file)

    assert connections.all() == [EMBEDDED]
    assert isinstance(connections.trouble, SettingsDamaged)
