from __future__ import annotations

import shutil
from pathlib import Path

import icu
import PySide6
import pytest


@pytest.mark.skipif(not list(Path(PySide6.__file__).parent.glob("Qt/lib/libicudata.so.*")), reason="Qt has it on Linux")
def test_collation_stays_as_it_was_and_the_names_of_currencies_are_gone(tmp_path: Path) -> None:
    (shipped,) = Path(PySide6.__file__).parent.glob("Qt/lib/libicudata.so.*")
    thinned = tmp_path / shipped.name
    shutil.copy(shipped, thinned)

    assert icu.thin(thinned) > 10_000_000

    before, after = bytearray(shipped.read_bytes()), bytearray(thinned.read_bytes())
    assert len(after) == len(before)
    for name, begin, end in icu._entries(after):
        used = name.split("/")[1] not in icu.UNUSED
        assert after[begin:end] == (before[begin:end] if used else bytes(end - begin)), name


def test_another_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "libicudata.so.1"
    file.write_bytes(b"\x7fELF" + bytes(100))

    with pytest.raises(icu.NoIcuData):
        icu.thin(file)
