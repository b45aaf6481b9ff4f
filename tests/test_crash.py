"""A few runs of the series that `dev.py bench --crash` does two hundred times."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bench.crash import REACH, series

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_killed_while_three_replies_stream_it_loses_nothing_that_was_sent(tmp_path: Path) -> None:
    outcome = asyncio.run(series(tmp_path / "data", {**os.environ, "QT_QPA_PLATFORM": "offscreen"}, runs=5, seed=7))
    assert outcome.runs == 5
    assert outcome.acknowledged > 5
    assert outcome.replies > 0
    assert outcome.missing == 0
    assert outcome.lost <= REACH
    assert outcome.troubles == []
