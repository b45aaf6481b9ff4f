"""The project's own virtual environment, `.venv`: made, filled, and known to be up to date without asking anyone."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import embedded_model
import markdown_examples
import system_packages
import translations
from steps import StepFailed, run_step
from system_packages import HOLDS, Purpose

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = TOOLS / ("python.exe" if os.name == "nt" else "python")

SUPPORTED = ("3.11", "3.12", "3.13")
"""The same as requires-python in pyproject.toml, for a Python too old to read that."""

EXTRAS: dict[Purpose, str] = {"run": "local", "dev": "dev", "build": "build", "package": "package"}

_INPUTS = (
    "pyproject.toml",
    "packaging/system_packages.toml",
    "packaging/markdown_examples.py",
    "resources/models.toml",
)


class CannotSetUp(Exception):
    """The set-up cannot go on; says why, for the person at the terminal."""


def ensure(purpose: Purpose) -> None:
    """Set up what is missing for `purpose`. Costs some milliseconds when nothing is. Raises CannotSetUp."""
    if not is_ready(purpose):
        set_up(purpose)
    elif translations.stale(ROOT):
        _compile_translations()


def is_ready(purpose: Purpose) -> bool:
    """Whether the last set-up for `purpose` (or for one that holds more) still fits."""
    return _stamp(purpose).is_file() and _stamp(purpose).read_text() == _fingerprint()


def set_up(purpose: Purpose) -> None:
    """Make everything `purpose` needs, whatever is there already. Raises CannotSetUp."""
    _demand_supported_python()
    fresh = not _works(PYTHON, "pip")
    system_packages.provide(purpose, with_venv=fresh)
    try:
        if fresh:
            if importlib.util.find_spec("ensurepip") is None:
                raise CannotSetUp("This Python cannot make a virtual environment (ensurepip is missing).")
            run_step("Making .venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])
        _install(",".join(EXTRAS[kind] for kind in HOLDS[purpose]))
    except StepFailed as failure:
        print(failure.output)
        raise CannotSetUp(f"The set-up stopped: {failure.reason}") from failure
    embedded_model.fetch(PYTHON, ROOT)
    if "dev" in HOLDS[purpose]:
        markdown_examples.fetch(PYTHON, ROOT)
    _compile_translations()
    for kind in HOLDS[purpose]:
        _stamp(kind).write_text(_fingerprint())


def _install(extras: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    # An older one cannot report its progress in lines.
    run_step("Making sure of a recent pip", [*pip, "install", "pip>=24.1"])
    # The engine without a wheel for this system would be minutes of C++.
    install = [*pip, "install", "--progress-bar=raw", "--only-binary=xllamacpp", "--editable"]
    try:
        run_step("Installing GPROChat's Python packages into .venv", [*install, f"{ROOT}[{extras}]"])
    except StepFailed as failure:
        if "xllamacpp" not in failure.output:
            raise
        others = ",".join(extra for extra in extras.split(",") if extra != "local")
        print("The engine of the embedded model (xllamacpp) cannot be had for this system; going on without it.")
        run_step("Installing the other Python packages", [*install, f"{ROOT}[{others}]" if others else str(ROOT)])


def _compile_translations() -> None:
    try:
        translations.compile_catalogues(ROOT, TOOLS)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The translations could not be compiled ({error}). GPROChat speaks English.")


def _demand_supported_python() -> None:
    """Go on with another Python when this one is not supported; raises CannotSetUp where there is none."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if version in SUPPORTED:
        return
    for other in reversed(SUPPORTED):
        found = shutil.which(f"python{other}")
        if found and _works(Path(found), "venv"):
            print(f"Python {version} is not supported; going on with {found}.", flush=True)
            os.execv(found, [found, *sys.argv])
    raise CannotSetUp(
        f"GPROChat needs Python {', '.join(SUPPORTED[:-1])} or {SUPPORTED[-1]}; this is {version}. "
        "On Ubuntu 22.04: sudo apt-get install python3.11 python3.11-venv, then start this again."
    )


def _works(python: Path, module: str) -> bool:
    """Whether `python` starts, is of a supported version and has `module`."""
    program = f"import sys, {module}; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([str(python), "-c", program], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() in SUPPORTED


def _fingerprint() -> str:
    """Changes with everything a set-up depends on: the lists of packages, the interpreter, the folder's place."""
    parts = [str(ROOT).encode(), os.path.realpath(PYTHON).encode(), *((ROOT / name).read_bytes() for name in _INPUTS)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _stamp(purpose: Purpose) -> Path:
    return VENV / f"ready-to-{purpose}"
