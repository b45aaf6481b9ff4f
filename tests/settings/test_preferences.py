"""Preferences: typed, kept, watched; a broken file costs nothing but its values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gui.errors import SettingsDamaged
from gui.settings.preferences import SETTINGS, Preferences, Setting

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "preferences.json"


@pytest.mark.parametrize("key", SETTINGS)
def test_every_default_fits_its_own_setting(key: str) -> None:
    assert SETTINGS[key].fits(SETTINGS[key].default)


def test_reading_writes_nothing(file: Path) -> None:
    assert Preferences(file).get("proxy_mode") == "system"
    assert not file.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "dark"),
        ("zoom", 130),
        ("sidebar_visible", False),
        ("open_conversations", ["a", "b"]),
        ("drafts", {"a": "Привет"}),
        ("window", {"geometry": "AbC=", "splitter": [1, 2]}),
    ],
)
def test_a_value_is_there_after_a_restart(file: Path, key: str, value: Any) -> None:
    Preferences(file).set(key, value)

    assert Preferences(file).get(key) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "pink"),
        ("theme", None),
        ("zoom", "100"),
        ("zoom", True),
        ("zoom", 49),
        ("zoom", 301),
        ("sidebar_visible", 1),
        ("open_conversations", ["a", 1]),
        ("drafts", {"a": None}),
        ("window", []),
    ],
)
def test_a_value_that_does_not_fit_is_neither_set_nor_read(file: Path, key: str, value: Any) -> None:
    with pytest.raises(ValueError, match=key):
        Preferences(file).set(key, value)
    file.write_text(json.dumps({key: value}))

    assert Preferences(file).get(key) == SETTINGS[key].default


def test_true_is_no_number() -> None:
    assert Setting(int, 0).fits(1)
    assert not Setting(int, 0).fits(True)
    assert not Setting(list[int], []).fits([1, False])


def test_an_unknown_key_is_a_mistake_of_the_caller(file: Path) -> None:
    preferences = Preferences(file)

    for call in (lambda: preferences.get("x"), lambda: preferences.set("x", 1), lambda: preferences.reset("x")):
        with pytest.raises(KeyError):
            call()


def test_what_a_newer_version_wrote_stays(file: Path) -> None:
    file.write_text('{"of a newer version": [1], "theme": "dark"}')

    preferences = Preferences(file)
    preferences.set("zoom", 120)
    preferences.reset("theme")

    assert json.loads(file.read_text()) == {"of a newer version": [1], "zoom": 120}


def test_a_damaged_file_is_told_of_and_the_program_goes_on(file: Path) -> None:
    file.write_text("{")

    preferences = Preferences(file)
    preferences.set("theme", "dark")

    assert isinstance(preferences.trouble, SettingsDamaged)
    assert "preferences.json.damaged" in str(preferences.trouble)
    assert Preferences(file).get("theme") == "dark"
    assert Preferences(file).trouble is None


def test_a_changed_copy_changes_nothing(file: Path) -> None:
    preferences = Preferences(file)
    preferences.get("open_conversations").append("a")
    preferences.set("drafts", drafts := {"a": "x"})
    drafts["b"] = "y"

    assert preferences.get("open_conversations") == []
    assert preferences.get("drafts") == {"a": "x"}


def test_watchers_hear_of_changes_only_and_after_them(file: Path) -> None:
    preferences = Preferences(file)
    heard: list[tuple[str, object]] = []
    end = preferences.watch(lambda key: heard.append((key, Preferences(file).get(key))))

    preferences.set("theme", "dark")
    preferences.set("theme", "dark")
    preferences.reset("theme")
    preferences.reset("theme")
    end()
    preferences.set("theme", "light")

    assert heard == [("theme", "dark"), ("theme", "system")]
