"""Rows out of a file that SQLite refuses: each page is read for itself, whatever became of the others.

The format is that of https://www.sqlite.org/fileformat2.html. Only leaves of tables are looked at: they hold all that
cannot be made again. With `secure_delete` nothing that was deleted is in them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Value: TypeAlias = "int | float | str | bytes | None"

PAGE_SIZE = 8192
"""Of a new history. A message with its ids takes about a kilobyte: of pages half the size, a sixth would be empty."""

FORMER_PAGE_SIZE = 4096
"""SQLite's own, and so that of the histories made before there was one of ours."""

PAGE_SIZES: dict[int, int] = {1: 65536} | {2**power: 2**power for power in range(9, 16)}
"""As the header says it: what it is."""

HEADER = 100  # bytes, at the beginning of the first page
WAL_HEADER = 32
FRAME_HEADER = 24
LEAF = 13
PAGE_KINDS = {2, 5, 10, LEAF}  # of trees, by their first byte
SAMPLES = 100
INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # serial type: bytes
REAL, ZERO, ONE, BLOB = 7, 8, 9, 12


class Unreadable(Exception):
    """These bytes are no row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A row as it is stored. `cut`: from which value on its end is missing; that one may be there in part."""

    rowid: int
    values: tuple[Value, ...]
    cut: int | None = None


def has_sound_header(file: Path) -> bool:
    """Whether the first bytes are those of a database as SQLite writes it with Python's defaults."""
    with file.open("rb") as stream:
        head = stream.read(HEADER)
    return (
        len(head) == HEADER
        and head.startswith(b"SQLite format 3\0")
        and int.from_bytes(head[16:18], "big") in PAGE_SIZES
        and set(head[18:20]) <= {1, 2}  # who may read and write it
        and head[20:24] == bytes((0, 64, 32, 32))
        and int.from_bytes(head[44:48], "big") in range(5)  # of the schema; 0 in an empty one
        and int.from_bytes(head[56:60], "big") in (0, 1)  # UTF-8
    )


def cells(file: Path) -> Iterator[Cell]:
    """Every row of every table, of the write-ahead log too; what cannot be read is left out. Raises OSError."""
    with Pages(file) as pages:
        for number in range(1, pages.count + 1):
            yield from _cells(pages, number)


class Pages:
    """The pages of a database by number, from 1 on; the newest form of each."""

    def __init__(self, file: Path) -> None:
        self._stream = file.open("rb")
        self.size = _page_size(self._stream)
        # The last one may be cut.
        self.count = -(-file.stat().st_size // self.size)
        self._logged: dict[int, bytes] = {}
        log = file.with_name(f"{file.name}-wal")
        if log.exists():
            self._read_log(log)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_reason: object) -> None:
        self._stream.close()

    def __getitem__(self, number: int) -> bytes:
        if number in self._logged:
            return self._logged[number]
        self._stream.seek((number - 1) * self.size)
        return self._stream.read(self.size).ljust(self.size, b"\0")

    def _read_log(self, log: Path) -> None:
        """Take what was committed. The checksums are not asked: one wrong byte must not hide all that came after it."""
        with log.open("rb") as stream:
            salts = stream.read(WAL_HEADER)[16:24]
            uncommitted: dict[int, bytes] = {}
            while len(frame := stream.read(FRAME_HEADER + self.size)) == FRAME_HEADER + self.size:
                number, committed = struct.unpack(">II", frame[:8])
                if frame[8:16] != salts:
                    continue
                uncommitted[number] = frame[FRAME_HEADER:]
                if committed:
                    self._logged.update(uncommitted)
                    uncommitted.clear()
                    self.count = max(self.count, min(committed, max(self._logged)))


def _page_size(stream: BinaryIO) -> int:
    said = PAGE_SIZES.get(int.from_bytes(stream.read(HEADER)[16:18], "big"))
    return said or _likely_page_size(stream)


def _likely_page_size(stream: BinaryIO) -> int:
    """Where the file cannot say it any more: whether pages begin in the middle of what would be one of ours."""
    begins = []
    for number in range(SAMPLES):
        stream.seek(number * PAGE_SIZE + FORMER_PAGE_SIZE)
        begins.append(stream.read(1))
    found = [begin[0] in PAGE_KINDS for begin in begins if begin not in {b"", b"\0"}]
    return FORMER_PAGE_SIZE if 2 * sum(found) > len(found) else PAGE_SIZE


def _cells(pages: Pages, number: int) -> Iterator[Cell]:
    page = pages[number]
    begin = HEADER if number == 1 else 0
    count = int.from_bytes(page[begin + 3 : begin + 5], "big")
    # A wrong kind of page may be a wrong bit: what its rows look like decides.
    if page[begin] == 0 or count > pages.size // 4:
        return
    for index in range(count):
        pointer = begin + 8 + 2 * index
        place = int.from_bytes(page[pointer : pointer + 2], "big")
        try:
            yield _cell(pages, page, place)
        except (Unreadable, IndexError):
            continue


def _cell(pages: Pages, page: bytes, place: int) -> Cell:
    length, place = _varint(page, place)
    rowid, place = _varint(page, place)
    if length > pages.count * pages.size or length < 2:  # noqa: PLR2004 -- a header and a value
        raise Unreadable
    payload = _payload(pages, page, place, length)
    return Cell(rowid - 2**64 if rowid >= 2**63 else rowid, *_values(payload, length))


def _payload(pages: Pages, page: bytes, place: int, length: int) -> bytes:
    """The bytes of a row as far as they can be had; what does not fit into its page is in a chain of others."""
    usable = pages.size
    here = length
    if length > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (usable - 4)
        here = least if here > usable - 35 else here
    if place + here > usable:
        raise Unreadable
    parts = [page[place : place + here]]
    following = int.from_bytes(page[place + here : place + here + 4], "big")
    missing = length - here
    while missing > 0 and 0 < following <= pages.count:
        overflow = pages[following]
        following = int.from_bytes(overflow[:4], "big")
        if (following == 0) != (missing <= usable - 4) or following > pages.count:
            break  # the page of something else
        parts.append(overflow[4 : 4 + missing])
        missing -= usable - 4
    return b"".join(parts)


def _values(payload: bytes, length: int) -> tuple[tuple[Value, ...], int | None]:
    end, place = _varint(payload, 0)
    if end > len(payload):
        raise Unreadable
    kinds = []
    while place < end:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    if place != end or end + sum(map(_width, kinds)) != length:
        raise Unreadable
    values: list[Value] = []
    cut = None
    for index, kind in enumerate(kinds):
        width = _width(kind)
        if cut is None and place + width > len(payload):
            cut = index
        values.append(_value(kind, payload[place : place + width]))
        place += width
    return tuple(values), cut


def _width(kind: int) -> int:
    """Bytes of a value of this serial type."""
    if kind >= BLOB:
        return (kind - BLOB) // 2
    if kind in (10, 11):
        raise Unreadable
    return INTEGERS.get(kind) or (8 if kind == REAL else 0)


def _value(kind: int, content: bytes) -> Value:
    if kind >= BLOB:
        return content.decode("utf-8", "replace") if kind % 2 else content
    if kind in INTEGERS:
        return int.from_bytes(content, "big", signed=True)
    if kind == REAL:
        return float(struct.unpack(">d", content.ljust(8, b"\0"))[0])
    return {ZERO: 0, ONE: 1}.get(kind)


def _varint(content: Sequence[int], start: int) -> tuple[int, int]:
    """A number of 1 to 9 bytes, and the place after it."""
    value = place = 0
    for place in range(start, start + 8):
        byte = content[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 -- the last one
            return value, place + 1
    return value << 8 | content[place + 1], place + 2
