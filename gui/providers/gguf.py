"""The header of a GGUF file: what model is in it, whether it is whole, and how much memory it takes.

https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gui.errors import QT_TRANSLATE_NOOP, ModelFileUnfit

if TYPE_CHECKING:
    from pathlib import Path

MAGIC: Final = b"GGUF"
VERSIONS: Final = {2, 3}
MOST: Final = 1 << 24
"""Bytes of a text, and entries of a list of numbers, beyond which a header is damaged."""

MOST_TEXTS: Final = 1 << 22
MOST_PAIRS: Final = 1 << 16
MOST_TENSORS: Final = 1 << 20
MOST_DIMENSIONS: Final = 4
LARGEST_NUMBER: Final = 1 << 32
MOST_MEMORY: Final = 1 << 60
LONGEST_NAME: Final = 100

NOT_GGUF = QT_TRANSLATE_NOOP("errors", "it is no GGUF file")
OTHER_VERSION = QT_TRANSLATE_NOOP("errors", "it is of a version of GGUF that is not known here")
DAMAGED = QT_TRANSLATE_NOOP("errors", "its header is damaged")
GONE = QT_TRANSLATE_NOOP("errors", "it cannot be found or read")
CUT = QT_TRANSLATE_NOOP("errors", "a part of it is missing")
SPLIT = QT_TRANSLATE_NOOP("errors", "it is one of several parts, which have to be joined first")
NO_CHAT = QT_TRANSLATE_NOOP("errors", "its model does not write text")

_NUMBERS: Final = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _LIST = 8, 9
_DUMB: Final = {"clip", "bert", "nomic-bert", "jina-bert-v2", "t5encoder", "whisper"}

_SINGLE: Final = {0: 4, 1: 2, 24: 1, 25: 2, 26: 4, 27: 8, 28: 8, 30: 2}
_OF_32: Final = {2: 18, 3: 20, 6: 22, 7: 24, 8: 34, 9: 36, 20: 18, 39: 17}
_OF_256: Final = {10: 84, 11: 110, 12: 144, 13: 176, 14: 210, 15: 292, 29: 56, 34: 54, 35: 66} | {
    16: 66,
    17: 74,
    18: 98,
    19: 50,
    21: 110,
    22: 82,
    23: 136,
}
_BLOCKS: Final = {
    kind: (block, size) for block, sizes in ((1, _SINGLE), (32, _OF_32), (256, _OF_256)) for kind, size in sizes.items()
}
"""Of each type of a tensor: how many numbers are in a block, and its bytes."""

CACHE_BYTES = 2
"""Of a number in the cache of what was read: half precision."""

WORK_BYTES = 200 << 20
"""What the engine needs beside the model and its cache, about."""


@dataclass(frozen=True, slots=True)
class Gguf:
    """`size`: bytes of the file. `context`: tokens that the model was made for. `template`: whether it says how a
    conversation is put to it. `token_bytes`: of the cache for each token of context.
    """

    name: str
    architecture: str
    size: int
    context: int
    template: bool
    token_bytes: int

    def memory(self, context: int) -> int:
        """Bytes that it takes with so many tokens of context, estimated."""
        return min(self.size + context * self.token_bytes + WORK_BYTES, MOST_MEMORY)


def read_gguf(file: Path) -> Gguf:
    """Read the header; of a large file that takes some tenths of a second. Raises ModelFileUnfit, OSError."""
    if file.is_fifo():  # there may never be anything to read
        raise ModelFileUnfit(file=file.name, reason=NOT_GGUF)
    with file.open("rb") as content:
        size = content.seek(0, 2)
        content.seek(0)
        if size < len(MAGIC) or content.read(4) != MAGIC:
            raise ModelFileUnfit(file=file.name, reason=NOT_GGUF)
        with mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                return _read(_Header(data), file, size)
            except _Cut:
                raise ModelFileUnfit(file=file.name, reason=CUT) from None
            except _Damaged:
                raise ModelFileUnfit(file=file.name, reason=DAMAGED) from None


class _Damaged(Exception):
    pass


class _Cut(Exception):
    pass


class _Header:
    """Values one after the other."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.place = 4

    def number(self, kind: str) -> Any:
        size = struct.calcsize(f"<{kind}")
        self.place += size
        if self.place > len(self._data):
            raise _Cut
        return struct.unpack_from(f"<{kind}", self._data, self.place - size)[0]

    def skip(self, size: int) -> None:
        self.place += size
        if self.place > len(self._data):
            raise _Cut

    def text(self) -> str:
        length = self.count()
        self.skip(length)
        return self._data[self.place - length : self.place].decode("utf-8", "replace")

    def count(self, most: int = MOST, kind: str = "Q") -> int:
        found: int = self.number(kind)
        if found > most:
            raise _Damaged
        return found

    def value(self, kind: int) -> Any:
        """None for a list, which nobody needs: the words of the model are the longest one."""
        if kind == _TEXT:
            return self.text()
        if kind == _LIST:
            self._skip_list()
            return None
        if kind not in _NUMBERS:
            raise _Damaged
        return self.number(_NUMBERS[kind])

    def _skip_list(self) -> None:
        kind, count = self.number("I"), self.count()
        if kind in _NUMBERS:
            self.skip(count * struct.calcsize(f"<{_NUMBERS[kind]}"))
        elif kind == _TEXT and count <= MOST_TEXTS:
            for _ in range(count):
                self.skip(self.count())
        else:
            raise _Damaged


def _read(header: _Header, file: Path, size: int) -> Gguf:
    if header.number("I") not in VERSIONS:
        raise ModelFileUnfit(file=file.name, reason=OTHER_VERSION)
    tensors, pairs = header.count(MOST_TENSORS), header.count(MOST_PAIRS)
    told: dict[str, Any] = {}
    for _ in range(pairs):
        key = header.text()
        told[key] = header.value(header.number("I"))
    if (_whole(told, "split.count") or 1) > 1:
        raise ModelFileUnfit(file=file.name, reason=SPLIT)
    end = max((_end_of_tensor(header) for _ in range(tensors)), default=0)
    alignment = _whole(told, "general.alignment") or 32
    begin = -(-header.place // alignment) * alignment
    if begin + end > size:
        raise _Cut
    architecture = told.get("general.architecture")
    if not isinstance(architecture, str) or architecture in _DUMB or not tensors:
        raise ModelFileUnfit(file=file.name, reason=NO_CHAT)
    return _described(told, architecture, file, size)


def _end_of_tensor(header: _Header) -> int:
    """Where it ends, from the beginning of all tensors."""
    header.text()
    numbers = 1
    for _ in range(header.count(MOST_DIMENSIONS, "I")):
        numbers *= header.number("Q")
    kind, offset = header.number("I"), header.number("Q")
    block, size = _BLOCKS.get(kind, (1, 0))
    found: int = offset + numbers // block * size
    return found


def _described(told: dict[str, Any], architecture: str, file: Path, size: int) -> Gguf:
    def number(name: str) -> int:
        return _whole(told, f"{architecture}.{name}") or 0

    heads = number("attention.head_count")
    cached = number("attention.head_count_kv") or heads
    width = number("embedding_length") // heads if heads else 0
    row = (number("attention.key_length") or width) + (number("attention.value_length") or width)
    name = told.get("general.name")
    shown = " ".join(name.split())[:LONGEST_NAME] if isinstance(name, str) else ""
    return Gguf(
        name=shown or file.stem,
        architecture=architecture,
        size=size,
        context=number("context_length"),
        template="tokenizer.chat_template" in told,
        token_bytes=number("block_count") * cached * row * CACHE_BYTES,
    )


def _whole(told: dict[str, Any], name: str) -> int | None:
    found = told.get(name)
    sound = isinstance(found, int) and not isinstance(found, bool) and 0 < found <= LARGEST_NUMBER
    return found if sound else None
