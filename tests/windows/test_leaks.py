"""A few minutes of use leave nothing behind; `python -m tests.bench use` replays an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench.programs.serving import replying
from tests.use import Use, census

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.windows.conftest import Visit


@pytest.mark.timeout(180)
def test_what_is_opened_streamed_edited_searched_and_closed_is_gone(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with replying(1500, 2000) as url:
            use = Use(window, parts, url, seed=3)
            await use.do_each()
            await use.rest()
            before = census()
            await use.go_on(25)
            await use.rest()
            assert dict(census() - before) == {}

    monkeypatch.setattr("tests.windows.conftest.LIMIT", 150.0)
    visit(scenario)
