"""The lists of models, from a real server and kept on disk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.chat import models
from gui.chat.models import ModelLists
from gui.chat.route import Routes
from gui.errors import ServerUnreachable
from gui.providers.base import ModelInfo
from gui.settings.connections import Connection
from gui.settings.network import Network
from gui.settings.preferences import Preferences
from gui.settings.secrets import Secrets
from tests.servers.openai import OpenAIServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def routes(tmp_path: Path) -> AsyncIterator[Routes]:
    secrets = Secrets("test")
    made = Routes(Network(Preferences(tmp_path / "preferences.json"), secrets), secrets, tmp_path)
    yield made
    await made.close()


async def test_a_list_is_there_after_a_restart_and_without_the_server(tmp_path: Path, routes: Routes) -> None:
    async with OpenAIServer(models={"data": [{"id": "big", "context_length": 131072}, {"id": "small"}]}) as server:
        connection = Connection("c", "C", "openai", server.url)
        lists = ModelLists(tmp_path / "models.json", routes)
        assert lists.known(connection) is None
        await lists.fetch(connection)

    again = ModelLists(tmp_path / "models.json", routes)
    known = again.known(connection)
    assert known is not None
    assert known.models == (ModelInfo("big", 131072), ModelInfo("small"))
    assert not known.is_old
    with pytest.raises(ServerUnreachable):
        await again.fetch(connection)
    assert again.known(connection) == known


async def test_a_list_of_another_address_says_nothing(tmp_path: Path, routes: Routes) -> None:
    async with OpenAIServer() as server:
        connection = Connection("c", "C", "openai", server.url)
        lists = ModelLists(tmp_path / "models.json", routes)
        await lists.fetch(connection)

    assert lists.known(replace(connection, url="http://127.0.0.1:9/v1")) is None


async def test_a_list_gets_old(tmp_path: Path, routes: Routes, monkeypatch: pytest.MonkeyPatch) -> None:
    async with OpenAIServer() as server:
        found = await ModelLists(tmp_path / "models.json", routes).fetch(Connection("c", "C", "openai", server.url))

    monkeypatch.setattr(models, "now", lambda: found.told_at + models.DAY)
    assert found.is_old


async def test_what_a_removed_connection_had_is_forgotten(tmp_path: Path, routes: Routes) -> None:
    async with OpenAIServer() as server:
        connection = Connection("c", "C", "openai", server.url)
        lists = ModelLists(tmp_path / "models.json", routes)
        await lists.fetch(connection)
        lists.forget("c")

    assert lists.known(connection) is None
    assert "one" not in (tmp_path / "models.json").read_text()


@pytest.mark.parametrize("content", ["{", '{"c": 7}', '{"c": {"url": "http://127.0.0.1:9/v1", "models": [1]}}'])
async def test_a_file_that_makes_no_sense_is_no_list(tmp_path: Path, routes: Routes, content: str) -> None:
    (tmp_path / "models.json").write_text(content)

    lists = ModelLists(tmp_path / "models.json", routes)

    assert lists.known(Connection("c", "C", "openai", "http://127.0.0.1:9/v1")) is None


async def test_a_file_that_cannot_be_written_is_no_trouble(tmp_path: Path, routes: Routes) -> None:
    (tmp_path / "models.json").mkdir()
    (tmp_path / "models.json" / "something").touch()
    async with OpenAIServer() as server:
        connection = Connection("c", "C", "openai", server.url)
        lists = ModelLists(tmp_path / "models.json" / "something" / "models.json", routes)
        await lists.fetch(connection)

    known = lists.known(connection)
    assert known is not None
    assert [model.id for model in known.models] == ["one", "two"]
