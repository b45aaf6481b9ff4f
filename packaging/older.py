"""A package of an earlier commit, to upgrade from."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from environment import ROOT, VENV
from steps import run_step

if TYPE_CHECKING:
    from pathlib import Path

_TREE = ROOT / ".cache" / "older"
_VERSION = "0.0.9"
_MAKE = """
import build, linux_packages
build.build()
build.prove()
linux_packages.make(("gprochat",), ("deb",), quickly=True)
"""


def package() -> Path:
    """The .deb of the first commit whose scripts can make one, as an older version. It is kept. Raises StepFailed."""
    commit = _git("log", "--reverse", "--format=%H", "-Squickly: bool", "--", "packaging/linux_packages.py").split()[0]
    tree = _TREE / commit[:12]
    made = list((tree / "dist").glob(f"gprochat_{_VERSION}_*.deb"))
    if made:
        return made[0]
    shutil.rmtree(tree, ignore_errors=True)
    _git("worktree", "prune")
    _git("worktree", "add", "--detach", str(tree), commit)
    (tree / VENV.name).symlink_to(VENV)
    shutil.copytree(ROOT / "resources" / "models", tree / "resources" / "models", copy_function=os.link)
    for compiled in (ROOT / "resources" / "translations").glob("*.qm"):
        shutil.copy(compiled, tree / "resources" / "translations")
    named = tree / "gui" / "__init__.py"
    named.write_text(re.sub(r'__version__ = ".*"', f'__version__ = "{_VERSION}"', named.read_text("utf-8")), "utf-8")
    python = str(tree / VENV.name / "bin" / "python")
    run_step(
        f"Packing the program as it was at {commit[:12]}",
        [python, "-c", _MAKE],
        {"PYTHONPATH": str(tree / "packaging")},
    )
    return next((tree / "dist").glob(f"gprochat_{_VERSION}_*.deb"))


def _git(*command: str) -> str:
    return subprocess.run(["git", *command], cwd=ROOT, check=True, capture_output=True, text=True).stdout
