"""What the system has to bring (`system_packages.toml`): finds what is missing and installs it where apt-get is."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from steps import StepFailed, run_step

Purpose = Literal["run", "dev", "build", "package"]
"""What a set-up is for: running the program; working on it as well (tests, checks, screenshots); building it as one
folder; making installers of that, and trying them.
"""

HOLDS: dict[Purpose, tuple[Purpose, ...]] = {
    "run": ("run",),
    "dev": ("run", "dev"),
    "build": ("run", "build"),
    "package": ("run", "dev", "build", "package"),
}
"""What else is set up along with each."""

DATA = Path(__file__).with_name("system_packages.toml")

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


@dataclass(frozen=True)
class Need:
    """A library, a command or a font (`name`), and the packages that bring it, the preferred one first."""

    name: str
    packages: tuple[str, ...]


def provide(purpose: Purpose, *, with_venv: bool) -> None:
    """Install what is missing, as far as that can be done here; say what remains."""
    if sys.platform != "linux":
        return
    needs = missing(purpose, with_venv=with_venv)
    if needs and shutil.which("apt-get"):
        _install(needs)
        needs = missing(purpose, with_venv=with_venv)
    if needs:
        print(f"This system lacks {_names(needs)}; not everything may work without.")
        print(f"The packages of Debian and Ubuntu that bring it: {' '.join(need.packages[-1] for need in needs)}")


def missing(purpose: Purpose, *, with_venv: bool) -> list[Need]:
    """What this system lacks for `purpose`; `with_venv`: to make a virtual environment as well."""
    import tomllib  # here, because an older Python still has to be able to say that it is too old

    tables = tomllib.loads(DATA.read_text(encoding="utf-8"))
    lacking: list[Need] = []
    for table in (tables[kind] for kind in HOLDS[purpose]):
        for kind, is_there in (("libraries", _has_library), ("commands", _has_command), ("fonts", _has_font)):
            lacking += [Need(name, tuple(names)) for name, names in table.get(kind, {}).items() if not is_there(name)]
    importlib.invalidate_caches()
    if with_venv and importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        lacking.append(Need(f"ensurepip of Python {version}", (f"python{version}-venv",)))
    library = f"libpython{sys.version_info.major}.{sys.version_info.minor}.so.1.0"
    if "build" in HOLDS[purpose] and not _has_library(library) and not _own_library(library):
        lacking.append(Need(library, (library.partition(".so")[0],)))
    return lacking


def choose(needs: list[Need], available: set[str]) -> list[str]:
    """The packages to install, each once: for each need the first of its packages that is available."""
    chosen = (next((name for name in need.packages if name in available), None) for need in needs)
    return list(dict.fromkeys(name for name in chosen if name))


def candidates(policy: str) -> set[str]:
    """The packages that can be installed, out of what `apt-cache policy` prints."""
    return set(re.findall(r"^(\S+):\n(?: +.*\n)*? +Candidate: (?!\(none\))", policy, re.MULTILINE))


def _install(needs: list[Need]) -> None:
    root = _root()
    if root is None:
        print("System packages are missing; only root may install them, and there is no (working) sudo here.")
        return
    print(f"This system lacks {_names(needs)}.")
    try:
        run_step("Reading the package lists (apt-get update)", [*root, "apt-get", "-q", "update"])
    except StepFailed as failure:
        print(f"  that failed ({failure.reason}); trying with the lists that are here")
    policy = subprocess.run(
        ["apt-cache", "policy", *(name for need in needs for name in need.packages)],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    packages = choose(needs, candidates(policy))
    if not packages:
        return
    install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "install", "-y", "--no-install-recommends"]
    try:
        run_step(f"Installing {', '.join(packages)} and what they depend on", [*root, *install, *packages])
    except StepFailed as failure:
        print(failure.output)
        print(f"The packages could not be installed: {failure.reason}")


def _names(needs: list[Need]) -> str:
    return ", ".join(need.name for need in needs)


def _root() -> list[str] | None:
    """What stands before a command that has to be run as root; None when that cannot be had."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    print("sudo is needed to install packages (only root may), and for nothing else; it may ask for your password.")
    # Asked for once here, where the terminal is not being written over.
    return ["sudo"] if subprocess.run(["sudo", "-v"], check=False).returncode == 0 else None


def _has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _own_library(name: str) -> bool:
    """Whether this Python, installed somewhere of its own, has it there; or was built to need none."""
    return Path(sys.base_prefix, "lib", name).is_file()


def _has_command(name: str) -> bool:
    # A user's PATH lacks the sbin folders, where some distributions put daemons.
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


def _has_font(name: str) -> bool:
    return any(next(folder.rglob(name), None) for folder in FONT_FOLDERS if folder.is_dir())
