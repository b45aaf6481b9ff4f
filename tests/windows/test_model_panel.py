"""The models to choose from, in the picker and in the settings, from real servers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.settings.connections import Connection, Connections
from gui.windows.model_panel import text_of
from gui.windows.model_rows import FEW, Kind, short_count
from tests.servers.openai import OpenAIServer
from tests.windows.conftest import Visit, connect, until
from tests.windows.test_settings import opened

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.main_window import MainWindow
    from gui.windows.model_panel import ModelPanel
    from gui.windows.parts import Parts

MANY = {"data": [{"id": f"model-{number}", "context_length": 131072} for number in range(40)]}


def listed(panel: ModelPanel) -> list[str]:
    return [text_of(row) for row in panel.rows.all if row.kind is not Kind.HEADING]


def said(panel: ModelPanel) -> list[str]:
    """By the headings."""
    return [row.note for row in panel.rows.all if row.kind is Kind.HEADING]


def test_the_models_come_from_the_server_and_the_chosen_one_answers(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            parts.connections.save(Connection("far", "Far", "openai", server.url))
            pane = window.pane
            await pane.choose("far", "")
            QTest.mouseClick(pane.picker, Qt.MouseButton.LeftButton)
            await until(lambda: listed(pane.picker.panel) == ["one", "two", "Embedded model"])
            QTest.keyClick(pane.picker.panel.input, Qt.Key.Key_Down)
            QTest.keyClick(pane.picker.panel.input, Qt.Key.Key_Return)
            await until(lambda: pane.conversation.model == "two")
            assert pane.picker.text() == "Far · two"
            assert pane.picker.panel.isHidden()
            await pane.send("hello")
            await until(lambda: server.requests)
            assert server.requests[0]["model"] == "two"

    visit(scenario)


def test_many_are_folded_found_by_their_words_and_unfolded(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(models=MANY) as server:
            parts.connections.save(Connection("far", "Far", "openai", server.url))
            await window.pane.choose("far", "")
            panel = window.pane.picker.panel
            window.pane.picker.open()
            await until(lambda: len(listed(panel)) == FEW + 2)
            assert listed(panel)[FEW] == "34 more"
            QTest.keyClicks(panel.input, "39 mod")
            assert listed(panel)[0] == "model-39"
            panel.input.clear()
            for _ in range(FEW):
                QTest.keyClick(panel.input, Qt.Key.Key_Down)
            QTest.keyClick(panel.input, Qt.Key.Key_Return)
            assert len(listed(panel)) == 41

    visit(scenario)


def test_a_favourite_comes_first_also_after_a_restart(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(models=MANY) as server:
            parts.connections.save(Connection("far", "Far", "openai", server.url))
            await window.pane.choose("far", "")
            panel = window.pane.picker.panel
            window.pane.picker.open()
            await until(lambda: len(listed(panel)) > FEW)
            QTest.keyClicks(panel.input, "model-17")
            QTest.keyClick(panel.input, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
            panel.input.clear()
            assert listed(panel)[0] == "model-17"
            # A click on the star takes it back.
            place = panel.list.visualRect(panel.rows.index(1))
            star = QPoint(place.right() - 12, place.center().y())
            QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=star)
            assert listed(panel)[0] == "model-0"
            QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=star)
            assert panel.isVisible()
        assert Connections(data_dir / "connections.json").named("Far").favourites == ("model-0",)

    visit(scenario)


def test_a_favourite_that_cannot_be_kept_is_told_above_its_models(visit: Visit, data_dir: Path) -> None:
    """Of an address, for example, that an earlier version wrote down as it was typed."""
    entry = {"id": "old", "name": "Old", "provider": "openai", "url": "http://127.0.0.1:9/?key=x", "model": "one"}
    (data_dir / "connections.json").write_text(json.dumps({"connections": [entry]}))

    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = window.pane.picker.panel
        window.pane.picker.open()
        await until(lambda: "No server answers" in said(panel)[0])
        QTest.keyClick(panel.input, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        assert "holds a login or a “?”" in said(panel)[0]
        assert parts.connections.all()[0].favourites == ()

    visit(scenario)


def test_a_model_of_another_connection_is_found_before_its_name_is_taken_as_it_is(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as near, OpenAIServer(models=MANY) as far:
            parts.connections.save(Connection("near", "Near", "openai", near.url))
            parts.connections.save(Connection("far", "Far", "openai", far.url))
            await window.pane.choose("near", "")
            panel = window.pane.picker.panel
            window.pane.picker.open()
            await until(lambda: "two" in listed(panel) and "model-1" in listed(panel))
            QTest.keyClicks(panel.input, "el-39")
            QTest.keyClick(panel.input, Qt.Key.Key_Return)
            await until(lambda: window.pane.conversation.model == "model-39")
            assert window.pane.connection().name == "Far"

    visit(scenario)


def test_a_model_that_is_on_no_list_is_typed(visit: Visit, data_dir: Path) -> None:
    connect(data_dir, "http://127.0.0.1:9/v1", "openai")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = window.pane.picker.panel
        window.pane.picker.open()
        await until(lambda: "No server answers" in said(panel)[0])
        QTest.keyClicks(panel.input, "my-own")
        assert listed(panel) == ["Use “my-own”"]
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        await until(lambda: window.pane.conversation.model == "my-own")

    visit(scenario)


def test_what_is_known_is_not_asked_for_again_unless_somebody_says_so(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer() as server:
            parts.connections.save(Connection("far", "Far", "openai", server.url))
            await parts.models.fetch(parts.connections.named("Far"))
            server.models = {"data": [{"id": "newer"}]}
            panel = window.pane.picker.panel
            window.pane.picker.open()
            assert listed(panel) == ["Embedded model", "one", "two"]
            assert said(panel) == [""]
            panel.refresh_button.click()
            await until(lambda: listed(panel) == ["Embedded model", "newer"])

    visit(scenario)


def test_in_the_settings_they_are_asked_for_with_the_key_as_it_is_typed(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with OpenAIServer(key="sk-typed") as server:
            page = opened(window, "connections").connections
            page.add("other")
            page.url.setText(server.url)
            page.models_button.click()
            await until(lambda: "refuses the API key" in said(page.models)[0])
            QTest.keyClick(page.models.input, Qt.Key.Key_Escape)
            assert page.models.isHidden()
            assert window.settings_dialog() is not None
            page.secrets["api_key"].setText("sk-typed")
            page.models_button.click()
            await until(lambda: listed(page.models) == ["one", "two"])
            QTest.keyClick(page.models.input, Qt.Key.Key_Return)
            assert page.model.text() == "one"

    visit(scenario)


def test_it_leads_to_the_connections(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        window.pane.picker.open()
        window.pane.picker.panel.connections_requested.emit()
        assert window.settings_dialog() is not None

    visit(scenario)


@pytest.mark.parametrize(
    ("tokens", "said"), [(512, "512"), (4096, "4k"), (131072, "128k"), (200000, "200k"), (1048576, "1M"), (4095, "4k")]
)
def test_sizes_of_contexts_are_short(tokens: int, said: str) -> None:
    assert short_count(tokens) == said
