"""Files of an export: whole or not there, under names that every system takes."""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from gui.errors import QT_TRANSLATE_NOOP, ExportFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST = 200
"""Bytes of a name without its suffix: file systems take 255 of all, and a number may be put to it."""

SHOWN = 80
"""Characters of a title that make a name."""

SQLITE = b"SQLite format 3\0"

A_DATABASE = QT_TRANSLATE_NOOP("errors", "a database is there, or would be by its name")

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|\Z)", re.IGNORECASE)


@contextmanager
def whole_file(file: Path) -> Iterator[IO[bytes]]:
    """To be written to; it becomes `file` at the end. If that is not reached, `file` is as it was.

    Raises ExportFailed for what the world does to it, and for a database: no export takes the place of one.
    """
    half = None
    try:
        file = file.resolve()  # it may be a link
        if _is_database(file):
            raise ExportFailed(file=str(file), reason=A_DATABASE)
        half = file.with_name(f".gprochat-{secrets.token_hex(8)}.new")
        with half.open("xb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        half.replace(file)
    except OSError as error:
        raise ExportFailed(file=str(file), reason=error.strerror or type(error).__name__) from error
    finally:
        if half is not None:
            half.unlink(missing_ok=True)


def _is_database(file: Path) -> bool:
    """Such as the history itself, all of which somebody would give for a copy of it."""
    if file.suffix == ".sqlite3":
        return True
    try:
        with file.open("rb") as opened:
            return opened.read(len(SQLITE)) == SQLITE
    except OSError:
        return False


def file_name(title: str, suffix: str, otherwise: str = "GPROChat") -> str:
    """A name for a file, out of the title: what some system does not take in one is left out."""
    kept = "".join(one if one.isprintable() and one not in '<>:"/\\|?*' else " " for one in title)
    name = unicodedata.normalize("NFC", " ".join(kept.split()))[:SHOWN]
    name = name.encode("utf-8", "ignore")[:LONGEST].decode("utf-8", "ignore").strip(" .")
    if _RESERVED.match(name):
        name = f"_{name}"
    return (name or otherwise) + suffix


class Names:
    """Names for the files of one folder, no two the same on any system."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, title: str, suffix: str, otherwise: str = "GPROChat") -> str:
        name = wanted = file_name(title, "", otherwise)
        number = 1
        while self._folded(name) in self._taken:
            number += 1
            name = f"{wanted} ({number})"
        self._taken.add(self._folded(name))
        return name + suffix

    @staticmethod
    def _folded(name: str) -> str:
        return unicodedata.normalize("NFD", name).casefold()
