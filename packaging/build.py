"""The program as one folder that needs no Python: made by PyInstaller, and tried before anything is made of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any

from environment import PYTHON, ROOT
from steps import run_step

if TYPE_CHECKING:
    from pathlib import Path

DIST = ROOT / "dist"
FOLDER = DIST / "gprochat"
PROGRAM = FOLDER / ("gprochat.exe" if os.name == "nt" else "gprochat")
_WORK = ROOT / ".cache" / "build"

LIMIT = 120.0
"""Seconds for one run of the program."""


class Unsound(Exception):
    """What was built does not do what it should; says what."""


def version() -> str:
    """It stands in gui/__init__.py and nowhere else."""
    found = re.search(r'__version__ = "(.+)"', (ROOT / "gui" / "__init__.py").read_text("utf-8"))
    assert found
    return found[1]


def moment() -> int:
    """The time of everything in a package, in seconds: the commit's, so that it comes out the same again."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    asked = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return int(asked) if asked else int((ROOT / "CHANGELOG.md").stat().st_mtime)


def build() -> Path:
    """dist/gprochat, from nothing but the sources and .venv. Raises StepFailed."""
    for folder in (FOLDER, _WORK):
        shutil.rmtree(folder, ignore_errors=True)
    run_step(
        "Building dist/gprochat",
        [
            *(str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"),
            *("--distpath", str(DIST), "--workpath", str(_WORK), str(ROOT / "packaging" / "gprochat.spec")),
        ],
        # The order of a set's members would be in the modules, and the time in the archive.
        {"SOURCE_DATE_EPOCH": str(moment()), "PYTHONHASHSEED": "0", "PYINSTALLER_CONFIG_DIR": str(_WORK / "cache")},
    )
    return FOLDER


def prove(program: Path = PROGRAM) -> dict[str, Any]:
    """Its report of itself. Raises Unsound unless all of it held."""
    print("• The program's self-test", flush=True)
    with tempfile.TemporaryDirectory() as home:
        told = run(program, home, "--self-test")
    report: dict[str, Any] = json.loads(told.stdout or "{}")
    if told.returncode or not report.get("ok"):
        raise Unsound(f"The self-test failed: {told.stdout}\n{told.stderr}")
    print(f"  {told.stdout.strip()}", flush=True)
    return report


def run(
    program: Path, home: str, *arguments: str, before: tuple[str, ...] = (), **surroundings: str
) -> subprocess.CompletedProcess[str]:
    """The program far from the project: in another folder, with a home of its own, and nothing of Python around."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    if os.name == "nt":
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        clean |= {"LOCALAPPDATA": home, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [*before, str(program.resolve()), *arguments],
        cwd=home,
        env=clean | surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )
