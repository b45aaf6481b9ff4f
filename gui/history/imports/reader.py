"""A file of conversations: what kind it is, which its content tells, and the Records in it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Protocol

from gui.errors import (
    QT_TRANSLATE_NOOP,
    ImportMisshapen,
    ImportNotOurs,
    ImportRefused,
    ImportTooLarge,
    ImportUnknown,
    ImportUnreadable,
)
from gui.history import exchange
from gui.history.imports import chatbox, chatgpt, claude, gprochat_page, open_webui
from gui.history.imports.stream import JsonStream
from gui.history.imports.value import A_CONVERSATION, A_MESSAGE, A_PARENT, Value
from gui.history.record import Purged, Record
from gui.override import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gui.history.record import Item

    Buffer = bytearray | memoryview

HEAD = 4096
"""Bytes at the beginning of a file in which a history of this program says what it is."""

DENSEST, HARMLESS = 200, 128 * 2**20
"""No text is packed to so small a part of it, but what was made to fill the memory; unless it is of so few bytes."""

CUT_OFF = QT_TRANSLATE_NOOP("errors", "it is a part of a zip archive, whose end is missing")
NO_FILE = QT_TRANSLATE_NOOP("errors", "it is no file")
PACKED_UNCOMMONLY = QT_TRANSLATE_NOOP("errors", "it is packed in an uncommon way")

LARGEST = 2 * 2**30
"""Bytes of JSON in one file, however small it is packed."""

_OURS = re.compile(rb'"format"\s*:\s*"%b"|\A(?:\xef\xbb\xbf)?\s*\{\s*"items"\s*:' % exchange.FORMAT.encode())
_PACKED = b"PK\x03\x04"
_IN_ARCHIVE = re.compile(r"conversations(?:-\d+)?\.json", re.IGNORECASE)


class _Format(Protocol):
    """A kind of file that is a list of conversations."""

    def recognises(self, data: dict[str, Any]) -> bool: ...

    def read(self, value: Value) -> Record | None: ...


FORMATS: tuple[_Format, ...] = (chatgpt, claude, open_webui)


def read(file: Path, progress: Callable[[float], None] = lambda _part: None) -> list[Item]:
    """All conversations in `file`, a JSON file or a zip of such, each checked as a whole. Nothing is unpacked to disk.

    Of a history of this program also the folders; what it says was removed for good is left out: a file that somebody
    opens adds, and takes nothing away.

    Takes its time: to be called in a thread of its own. `progress` is told which part of the file was read, 0 to 1,
    and ends the reading by raising. Raises the kinds of ImportRefused.
    """
    if not (file.is_file() or file.is_dir()) and file.exists():  # a device may have no end, a pipe may never begin
        raise ImportUnreadable(file=file.name, reason=NO_FILE)
    with _named(file.name), file.open("rb") as opened:
        items: list[Item] = []
        if zipfile.is_zipfile(opened):
            items += _unpacked(file.name, opened, progress)
        else:
            opened.seek(0)
            items += _items(_Counted(file.stat().st_size, progress).reading(opened))
        seen_at = int(file.stat().st_mtime * 1000)
    return [_dated(item, seen_at) if isinstance(item, Record) else item for item in items]


def _unpacked(name: str, file: IO[bytes], progress: Callable[[float], None]) -> Iterator[Item]:
    with _unpacking():
        archive = zipfile.ZipFile(file)
        there = [one for one in archive.infolist() if one.filename.lower().endswith(".json")]
        members = [one for one in there if _IN_ARCHIVE.fullmatch(one.filename.rpartition("/")[2])]
        members = members or [one for one in there if _OURS.search(_head(archive, one))]
    if not members:
        raise ImportUnknown(file="")
    counted = _Counted(sum(member.file_size for member in members), progress)
    for member in members:
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise ImportUnreadable(file="", reason=PACKED_UNCOMMONLY)
        with _named(f"{name}/{member.filename}"):
            if member.file_size > max(DENSEST * member.compress_size, HARMLESS):
                raise ImportTooLarge(file="", limit=HARMLESS >> 20)
            with _unpacking():
                packed = archive.open(member)
            with packed:
                yield from _items(counted.reading(packed))


def _head(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as packed:
        return packed.read(HEAD)


@contextmanager
def _unpacking() -> Iterator[None]:
    """For the library alone, which raises much over a damaged archive."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, RuntimeError, ValueError) as error:
        raise ImportUnreadable(file="", reason=str(error) or type(error).__name__) from error


@contextmanager
def _named(name: str) -> Iterator[None]:
    """What is refused says which file it is; what the world does to it is a refusal, too."""
    try:
        yield
    except ImportRefused as error:
        if error.details["file"]:
            raise
        raise type(error)(**{**error.details, "file": name}) from error
    except OSError as error:
        raise ImportUnreadable(file=name, reason=error.strerror or type(error).__name__) from error


class _Counted:
    """Counts what is read of all of a file's parts."""

    def __init__(self, size: int, progress: Callable[[float], None]) -> None:
        self._size = max(size, 1)
        self._progress = progress
        self._read = 0

    def reading(self, file: IO[bytes]) -> io.BufferedReader:
        return io.BufferedReader(_Reading(file, self._count), 1 << 16)

    def _count(self, length: int) -> None:
        self._read += length
        if self._read > LARGEST:
            raise ImportTooLarge(file="", limit=LARGEST >> 20)
        self._progress(min(self._read / self._size, 1.0))


class _Reading(io.RawIOBase):
    def __init__(self, file: IO[bytes], count: Callable[[int], None]) -> None:
        self._file = file
        self._count = count

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        with _unpacking():
            data = self._file.read(len(buffer))
        self._count(len(data))
        buffer[: len(data)] = data
        return len(data)


def _items(text: io.BufferedReader) -> Iterator[Item]:
    head = text.peek(HEAD)[:HEAD]
    if head.startswith(_PACKED):
        raise ImportUnreadable(file="", reason=CUT_OFF)
    return _ours(text) if _OURS.search(head) else _records(text)


def _ours(file: IO[bytes]) -> Iterator[Item]:
    try:
        for item in exchange.read(file):
            if isinstance(item, Record):
                _check(item)
            if not isinstance(item, Purged):
                yield item
    except exchange.Malformed as error:
        place = f"{error.line}{error.path and ', '}{error.path}"
        raise ImportNotOurs(file="", place=place, expected=error.expected) from error


def _check(record: Record) -> None:
    """A conversation is whole here: nothing in it stands on what is elsewhere."""
    known: set[str | None] = {None}
    place = f"conversation[{record.conversation.id}]"
    for message in record.messages:
        if message.parent_id not in known:
            raise ImportMisshapen(file="", place=f"{place}.messages[{message.id}]", expected=A_PARENT)
        known.add(message.id)
    if record.conversation.leaf_id not in known:
        raise ImportMisshapen(file="", place=f"{place}.leaf_id", expected=A_MESSAGE)


def _records(file: IO[bytes]) -> Iterator[Record]:
    stream = JsonStream(file)
    return _of_list(stream) if stream.is_list else _of_object(stream)


def _of_list(stream: JsonStream) -> Iterator[Record]:
    messages: list[Value] = []
    for index, data in stream.entries():
        value = Value(data, index)
        form = _form(data)
        if form is not None and not messages:
            record = form.read(value)
            if record is not None:
                yield record
        elif isinstance(data, dict) and gprochat_page.recognises(data) and len(messages) == index:
            messages.append(value)
        elif index == 0:
            raise ImportUnknown(file="")
        else:
            value.refuse(A_MESSAGE if messages else A_CONVERSATION)
    if messages and (record := gprochat_page.read(messages)) is not None:
        yield record


def _of_object(stream: JsonStream) -> Iterator[Record]:
    """Chatbox's, or one conversation that is an object by itself."""
    kept: dict[str, Any] = {}
    known = False
    for key, data in stream.entries():
        name = str(key)
        known = known or chatbox.recognises(name)
        if name == chatbox.SESSIONS or name.startswith(chatbox.SESSION):
            yield from chatbox.read(name, Value(data, name))
        elif not known:
            kept[name] = data
    form = None if known else _form(kept)
    if form is not None:
        record = form.read(Value(kept))
        if record is not None:
            yield record
    elif not known:
        raise ImportUnknown(file="")


def _form(data: Any) -> _Format | None:
    if not isinstance(data, dict):
        return None
    return next((form for form in FORMATS if form.recognises(data)), None)


def _dated(record: Record, seen_at: int) -> Record:
    """Where the source tells no times: that of the file."""
    if record.conversation.created_at:
        return record
    conversation = replace(record.conversation, created_at=seen_at, updated_at=seen_at)
    messages = tuple(
        one if one.created_at else replace(one, created_at=seen_at, finished_at=one.finished_at and seen_at)
        for one in record.messages
    )
    return replace(record, conversation=conversation, messages=messages)
