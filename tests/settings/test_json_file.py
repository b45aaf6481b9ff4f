"""The settings' file: whole or not at all, private, never lost."""

from __future__ import annotations

import json
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from gui.errors import SettingsDamaged, SettingsUnwritable
from gui.settings.json_file import JsonFile

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_written_is_read_by_another(tmp_path: Path) -> None:
    JsonFile(tmp_path / "new" / "a.json").change(lambda content: content.update(answer="да \ud83d"))

    assert JsonFile(tmp_path / "new" / "a.json").read() == {"answer": "да \ud83d"}


@pytest.mark.skipif(sys.platform == "win32", reason="rights are the folder's on Windows")
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("{}")
    file.chmod(0o644)

    JsonFile(file).change(lambda content: content.update(a=1))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b'{"a": 1', b"\xff\xfe\x00", b"[1, 2]", b"null", b"[" * 100_000])
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    damaged = JsonFile(file)

    assert damaged.read() == {}
    assert isinstance(damaged.trouble, SettingsDamaged)
    assert damaged.trouble.details == {"file": "a.json", "kept": "a.json.damaged"}
    assert (tmp_path / "a.json.damaged").read_bytes() == content
    assert not file.exists()


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    for content in ("first", "second"):
        (tmp_path / "a.json").write_text(content)
        JsonFile(tmp_path / "a.json").read()

    assert (tmp_path / "a.json.damaged").read_text() == "first"
    assert (tmp_path / "a.json.damaged-2").read_text() == "second"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.json"
    JsonFile(file).change(lambda content: content.update(a=1))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsUnwritable, match="No space left on device"):
        JsonFile(file).change(lambda content: content.update(a=2))

    assert JsonFile(file).read() == {"a": 1}
    assert [each.name for each in tmp_path.glob("*a.json*")] == ["a.json"]


def test_a_folder_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")

    with pytest.raises(SettingsUnwritable):
        JsonFile(tmp_path / "in the way" / "a.json").change(lambda content: content.update(a=1))


def test_what_can_neither_be_read_nor_set_aside_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows while another program holds the file."""
    (tmp_path / "a.json").write_text("{")
    file = JsonFile(tmp_path / "a.json")

    def held(_file: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(type(tmp_path), "rename", held)
        assert file.read() == {}
        assert isinstance(file.trouble, SettingsUnwritable)
        with pytest.raises(SettingsUnwritable, match="Permission denied"):
            file.change(lambda content: content.update(a=1))
    assert (tmp_path / "a.json").read_text() == "{"

    (tmp_path / "a.json").write_text('{"b": 2}')
    assert file.change(lambda content: content.update(a=1)) == {"a": 1, "b": 2}
    assert file.trouble is None


def test_a_change_keeps_what_another_window_wrote(tmp_path: Path) -> None:
    one, other = JsonFile(tmp_path / "a.json"), JsonFile(tmp_path / "a.json")
    one.read()
    other.change(lambda content: content.update(b=2))

    assert one.change(lambda content: content.update(a=1)) == {"a": 1, "b": 2}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    kept, file = tmp_path / "kept.json", tmp_path / "a.json"
    kept.write_text("{}")
    file.symlink_to(kept)

    JsonFile(file).change(lambda content: content.update(a=1))

    assert file.is_symlink()
    assert json.loads(kept.read_text()) == {"a": 1}
