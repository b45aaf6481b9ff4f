"""Empties what Qt never asks of its copy of ICU's data, which then packs to a third: 5 MB less of every installer.

Qt takes collation, case and codecs from it. Words and sentences it divides by itself; languages, regions, currencies
and units it has in a table of its own; the names of time zones are never shown. An entry of zeros is none to ICU, which
answers as for a language that it does not know.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

UNUSED = frozenset({"brkitr", "curr", "lang", "rbnf", "region", "translit", "unit", "zone"})
"""Folders of the data."""

_HEADER = 12  # bytes before the mark, which says that a table of contents follows
_MARK = b"CmnD"


class NoIcuData(Exception):
    """The library does not hold data as ICU has laid it out since its version 3."""


def thin(library: Path) -> int:
    """Empty the entries that are not used, and say how many bytes these are. Raises NoIcuData."""
    data = bytearray(library.read_bytes())
    emptied = 0
    for name, begin, end in _entries(data):
        if name.split("/")[1:2] and name.split("/")[1] in UNUSED:
            data[begin:end] = bytes(end - begin)
            emptied += end - begin
    library.write_bytes(data)
    return emptied


def _entries(data: bytearray) -> list[tuple[str, int, int]]:
    """Name and place of each but the last: where that one ends is not told."""
    mark = data.find(_MARK)
    if mark < _HEADER:
        raise NoIcuData
    header = mark - _HEADER
    base = header + struct.unpack_from("<H", data, header)[0]
    (count,) = struct.unpack_from("<I", data, base)
    places = [struct.unpack_from("<II", data, base + 4 + 8 * number) for number in range(count)]
    found = []
    for (name, begin), (_next, end) in pairwise(places):
        if not begin < end <= len(data) - base:
            raise NoIcuData
        found.append((data[base + name : data.index(0, base + name)].decode("ascii"), base + begin, base + end))
    return found
