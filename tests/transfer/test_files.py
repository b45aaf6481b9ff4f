"""Names that every system takes, and files that are never half written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.errors import ExportFailed
from gui.transfer.files import Names, file_name, whole_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A title", "A title.md"),
        ('a/b\\c: "d"?', "a b c d.md"),
        ("..", "GPROChat.md"),
        ("", "GPROChat.md"),
        ("Перевод письма", "Перевод письма.md"),
        ("con", "_con.md"),
        ("NUL.txt", "_NUL.txt.md"),
        ("console", "console.md"),
        ("line\nbreak\0nul\u202eltr", "line break nul ltr.md"),
        ("x" * 500, "x" * 80 + ".md"),
        ("é" * 3, "é" * 3 + ".md"),
    ],
)
def test_a_file_is_named_after_the_title(title: str, name: str) -> None:
    assert file_name(title, ".md") == name


@settings(deadline=None)
@given(st.text())
def test_every_title_makes_a_name_that_every_system_takes(title: str) -> None:
    name = file_name(title, ".md")
    assert len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*')
    assert name.isprintable()
    assert name[0] not in " ."


def test_names_of_one_folder_differ_on_systems_that_do_not_tell_cases_apart() -> None:
    names = Names()
    taken = [names.take(title, ".md") for title in ("Straße", "STRASSE", "é", "e\u0301", "é")]
    assert taken == ["Straße.md", "STRASSE (2).md", "é.md", "é (2).md", "é (3).md"]


def test_what_fails_half_way_leaves_what_was_there(folder: Path) -> None:
    file = folder / "out.md"
    file.write_text("before")

    def write_half() -> None:
        with whole_file(file) as opened:
            opened.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert file.read_text() == "before"
    assert os.listdir(folder) == ["out.md"]  # noqa: PTH208 -- names alone


def test_a_link_stays_one(folder: Path) -> None:
    (folder / "link.md").symlink_to(folder / "real.md")
    with whole_file(folder / "link.md") as opened:
        opened.write(b"all")
    assert (folder / "link.md").is_symlink()
    assert (folder / "real.md").read_text() == "all"


@pytest.mark.parametrize(("name", "content"), [("history.sqlite3", b"damaged"), ("a.json", b"SQLite format 3\0...")])
def test_no_database_is_replaced(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    (folder / "link.json").symlink_to(folder / name)
    with pytest.raises(ExportFailed, match="a database is there"), whole_file(folder / "link.json") as opened:
        opened.write(b"all")
    assert (folder / name).read_bytes() == content


def test_a_folder_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(ExportFailed, match="could not be written"), whole_file(folder / "none" / "out.md"):
        pass
