"""The program as one folder that needs no Python: made by PyInstaller, and tried before anything is made of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any

import icu
from environment import PYTHON, ROOT
from steps import run_step

if TYPE_CHECKING:
    from pathlib import Path

DIST = ROOT / "dist"
FOLDER = DIST / "gprochat"
PROGRAM = FOLDER / ("gprochat.exe" if os.name == "nt" else "gprochat")
ICON = ROOT / "resources" / "icons" / "gprochat.svg"
ICONS = ROOT / ".cache" / "icons"
"""The icon as icons.py draws it."""

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
    ICONS.mkdir(parents=True, exist_ok=True)
    run_step("Drawing the icon", [str(PYTHON), str(ROOT / "packaging" / "icons.py"), str(ICON), str(ICONS)])
    run_step(
        "Building dist/gprochat",
        [
            *(str(PYTHON), "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"),
            *("--distpath", str(DIST), "--workpath", str(_WORK), str(ROOT / "packaging" / "gprochat.spec")),
        ],
        # The order of a set's members would be in the modules, and the time in the archive.
        {"SOURCE_DATE_EPOCH": str(moment()), "PYTHONHASHSEED": "0", "PYINSTALLER_CONFIG_DIR": str(_WORK / "cache")},
    )
    for library in FOLDER.rglob("libicudata.so.*"):
        if not library.is_symlink():
            icu.thin(library)
    return FOLDER


def compare() -> int:
    """Build it once more, and say which files are others now: 0 if none is. Raises StepFailed."""
    before = _digests()
    build()
    now = _digests()
    others = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    print(*(f"not the same: {name}" for name in others), f"{len(now)} files, {len(others)} not the same.", sep="\n")
    return 1 if others else 0


def _digests() -> dict[str, str]:
    files = (file for file in FOLDER.rglob("*") if file.is_file())
    return {str(file.relative_to(FOLDER)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


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
