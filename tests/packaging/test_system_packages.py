from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import system_packages
from system_packages import Need, candidates, choose, missing

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
libglib2.0-0:
  Installed: (none)
  Candidate: (none)
  Version table:
libglib2.0-0t64:
  Installed: (none)
  Candidate: 2.84.4-3
  Version table:
     2.84.4-3 500
        500 http://mirror.example.org/debian trixie/main amd64 Packages
xvfb:
  Installed: 2:21.1.16
  Candidate: 2:21.1.16
"""


def test_a_package_without_a_candidate_is_not_available() -> None:
    assert candidates(POLICY) == {"libglib2.0-0t64", "xvfb"}


def test_the_first_available_name_of_each_need_is_taken_once() -> None:
    needs = [Need("a", ("new", "old")), Need("b", ("newer", "old")), Need("c", ("nowhere",))]

    assert choose(needs, {"old"}) == ["old"]
    assert choose(needs, {"new", "old"}) == ["new", "old"]


@pytest.mark.skipif(sys.platform != "linux", reason="system packages are installed on Linux alone")
def test_what_is_not_there_is_missing_and_only_for_its_purpose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "packages.toml"
    data.write_text(
        '[run.libraries]\n"libc.so.6" = ["libc6"]\n"libnot-there.so.9" = ["libnot-there9"]\n'
        '[dev.commands]\nsh = ["dash"]\nno-such-command = ["nothing"]\n'
        '[dev.fonts]\n"NoSuchFont.ttf" = ["fonts-none"]\n',
    )
    monkeypatch.setattr(system_packages, "DATA", data)

    assert missing("run", with_venv=False) == [Need("libnot-there.so.9", ("libnot-there9",))]
    assert [need.name for need in missing("dev", with_venv=False)] == [
        "libnot-there.so.9",
        "no-such-command",
        "NoSuchFont.ttf",
    ]
