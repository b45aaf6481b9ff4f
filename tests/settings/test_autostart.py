"""Start at login: the file each system reads, and what is in it."""

from __future__ import annotations

import os
import plistlib
import sys
from pathlib import Path

import pytest

from gui.errors import SettingsUnwritable
from gui.settings.autostart import command, desktop_entry, desktop_file, launch_agent, set_autostart

linux = pytest.mark.skipif(sys.platform != "linux", reason="the place of other systems is another")


@linux
def test_it_is_made_and_taken_away_again() -> None:
    set_autostart(["/opt/gprochat", "--background"], wanted=True)
    assert desktop_file() == Path(os.environ["XDG_CONFIG_HOME"]) / "autostart" / "gprochat.desktop"
    assert 'Exec="/opt/gprochat" "--background"\n' in desktop_file().read_text("utf-8")
    for _ in range(2):
        set_autostart([], wanted=False)
        assert not desktop_file().exists()


@linux
def test_a_place_that_cannot_be_written_is_said() -> None:
    desktop_file().parent.write_text("no folder")
    with pytest.raises(SettingsUnwritable) as told:
        set_autostart(["/opt/gprochat"], wanted=True)
    assert told.value.details["file"] == str(desktop_file())


def test_an_entry_is_quoted_as_the_specification_has_it() -> None:
    (line,) = [one for one in desktop_entry(["/a b", 'q"$`\\%f', "да"]).decode().splitlines() if one[:4] == "Exec"]
    assert line == r'Exec="/a b" "q\\"\\$\\`\\\\%%f" "да"'


def test_an_entry_is_one_line_whatever_a_folder_is_called() -> None:
    entry = desktop_entry(["/a\nHidden=true"]).decode()
    assert len(entry.splitlines()) == 6
    assert "\nHidden" not in entry


def test_an_agent_has_the_arguments_as_they_are() -> None:
    agent = plistlib.loads(launch_agent(["/a b", "<&>"]))
    assert agent["ProgramArguments"] == ["/a b", "<&>"]
    assert agent["RunAtLoad"] is True


def test_the_command_starts_this_program_in_the_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.setattr(sys, "argv", ["main.py"])
    monkeypatch.chdir(tmp_path)
    rest = ["--background", "--data-dir", "/data"]
    assert command(Path("/data")) == [sys.executable, str(tmp_path / "main.py"), *rest]
    monkeypatch.setenv("APPIMAGE", "/apps/GPROChat.AppImage")
    assert command(Path("/data")) == ["/apps/GPROChat.AppImage", *rest]
