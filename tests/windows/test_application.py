"""What a window does to the application it is in, and what it says of errors that reach nobody else."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTimer

from gui.errors import SettingsUnwritable

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.windows.conftest import Visit


async def raise_in_slot(window: MainWindow, error: Exception) -> str:
    """What the window says when a slot raises `error`."""
    from tests.windows.conftest import until

    def slot() -> None:
        raise error

    QTimer.singleShot(0, slot)
    await until(lambda: window.pane.bar.text)
    return window.pane.bar.text


def test_an_error_of_ours_raised_in_a_slot_is_shown_as_its_sentence(visit: Visit) -> None:
    error = SettingsUnwritable(file="preferences.json", reason="Permission denied")

    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert await raise_in_slot(window, error) == str(error)

    visit(scenario)


def test_a_bug_in_a_slot_is_named_and_logged(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert "ZeroDivisionError" in await raise_in_slot(window, ZeroDivisionError())

    visit(scenario)
    assert caplog.messages == ["A bug"]
    caplog.clear()


def test_a_window_gives_the_application_back_as_it_was(visit: Visit, qapp: QApplication, data_dir: Path) -> None:
    (data_dir / "preferences.json").write_text(json.dumps({"language": "ru", "theme": "dark", "zoom": 200}), "utf-8")

    def state() -> tuple[object, ...]:
        words = (qapp.translate("actions", "New chat"), QLocale().name())
        return qapp.font(), qapp.palette(), qapp.styleSheet(), *words, sys.excepthook

    before = state()
    during: list[tuple[object, ...]] = []

    async def scenario(window: MainWindow, parts: Parts) -> None:
        during.append(state())

    visit(scenario)
    assert all(one != other for one, other in zip(before, during[0], strict=True))
    assert state() == before


def test_a_first_start_stores_nothing_by_itself(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        assert not (data_dir / "preferences.json").exists()

    (data_dir / "preferences.json").unlink()
    visit(scenario)
