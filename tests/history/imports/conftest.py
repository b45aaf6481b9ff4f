from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from gui.history.imports.reader import read
from gui.history.record import Record

if TYPE_CHECKING:
    from pathlib import Path


SEEN_AT = 1_760_000_000  # seconds


class Reading(Protocol):
    def __call__(self, data: Any) -> list[Record]: ...


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """What is read of a file with this content: text, bytes, or data to be written as JSON."""

    def run(data: Any) -> list[Record]:
        file = tmp_path / "any name.bin"
        file.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        os.utime(file, (SEEN_AT, SEEN_AT))
        return [item for item in read(file) if isinstance(item, Record)]

    return run
