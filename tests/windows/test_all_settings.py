"""All settings on one page: searched, applied at once, reset, exported and imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from gui.settings.connections import Connection
from gui.settings.preferences import SETTINGS
from tests.windows.conftest import Visit, until
from tests.windows.test_command_palette import opened as opened_palette
from tests.windows.test_settings import opened

if TYPE_CHECKING:
    from pathlib import Path

    from gui.windows.dialogs.all_settings import AllSettingsPage
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts


def shown(page: AllSettingsPage) -> set[str]:
    return {key for key, row in page.rows.items() if not row.isHidden()}


def test_every_setting_that_is_described_is_there(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "all").all
        assert shown(page) == {key for key, setting in SETTINGS.items() if setting.description}

    visit(scenario)


def test_each_is_applied_as_soon_as_it_is_changed(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "all").all
        theme, zoom = page.rows["theme"].field, page.rows["zoom"].field
        switch, line = page.rows["notifications"].field, page.rows["proxy_exceptions"].field
        assert isinstance(theme, QComboBox)
        theme.setFocus()
        theme.setCurrentIndex(theme.findData("dark"))
        theme.activated.emit(theme.currentIndex())
        assert parts.appearance.theme.name == "dark"
        assert isinstance(zoom, QSpinBox)
        before = window.font().pointSizeF()
        zoom.setValue(150)
        assert window.font().pointSizeF() > before
        assert isinstance(switch, QCheckBox)
        switch.click()
        assert parts.preferences.get("notifications") is False
        assert isinstance(line, QLineEdit)
        QTest.keyClicks(line, "*.example.org ")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert parts.preferences.get("proxy_exceptions") == "*.example.org"

    visit(scenario)


def test_one_that_is_not_its_default_is_reset(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "all").all
        row = page.rows["connect_limit"]
        assert row.reset_button.isHidden()
        parts.preferences.set("connect_limit", 77)
        assert isinstance(row.field, QSpinBox)
        assert row.field.value() == 77
        QTest.mouseClick(row.reset_button, Qt.MouseButton.LeftButton)
        assert parts.preferences.get("connect_limit") == 15
        assert row.reset_button.isHidden()

    visit(scenario)


def test_the_other_pages_follow(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window, "all")
        field = dialog.all.rows["connect_limit"].field
        assert isinstance(field, QSpinBox)
        field.setValue(42)
        assert dialog.network.limits["connect_limit"].value() == 42
        parts.preferences.set("theme", "dark")
        general = dialog.general.rows["theme"].field
        assert isinstance(general, QComboBox)
        assert general.currentData() == "dark"

    visit(scenario)


def test_the_search_finds_settings_and_the_fields_of_other_pages(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = opened(window, "all")
        QTest.keyClicks(dialog.all.search, "theme")
        assert shown(dialog.all) == {"theme"}
        dialog.all.search.clear()
        QTest.keyClicks(dialog.all.search, "choose")
        (lead,) = [one for one in dialog.all.elsewhere if one.text().startswith("Sync")]
        lead.click()
        assert dialog.pages.currentWidget() is dialog.sync
        await until(dialog.sync.choose_button.hasFocus)

    visit(scenario)


def test_the_palette_leads_to_a_setting(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        panel = opened_palette(window)
        QTest.keyClicks(panel.input, "silence within")
        QTest.keyClick(panel.input, Qt.Key.Key_Return)
        dialog = window.settings_dialog()
        assert dialog is not None
        await until(lambda: dialog.all.rows["silence_limit"].field.hasFocus())

    visit(scenario)


def test_they_are_exported_without_secrets_and_imported(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"

    async def scenario(window: MainWindow, parts: Parts) -> None:
        parts.connections.save(Connection("x", "X", "openai", "https://x.example.org", secrets=("api_key",)))
        parts.secrets.keep_for_session("connection/x/api_key", "s3cr3t-mark")
        parts.preferences.set("theme", "dark")
        page = opened(window, "all").all
        page.export_to(file)
        assert "settings.json" in page.note.text()
        assert "s3cr3t-mark" not in file.read_text("utf-8")
        assert json.loads(file.read_text("utf-8"))["preferences"]["theme"] == "dark"
        parts.preferences.reset("theme")
        parts.connections.remove("x")
        page.import_from(file)
        assert parts.appearance.theme.name == "dark"
        assert parts.connections.get("x") is not None
        assert "2" in page.note.text() or "3" in page.note.text()

    visit(scenario)


def test_another_file_changes_nothing_and_that_is_said(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text('{"theme": "dark"}', "utf-8")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        page = opened(window, "all").all
        page.import_from(file)
        assert page.note.text() == "other.json holds no settings of GPROChat."
        assert parts.preferences.get("theme") == "system"

    visit(scenario)
