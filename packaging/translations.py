"""The catalogues in `resources/translations`: compiled for the program, brought up to date, and checked.

`*_en.ts` holds the plural forms of English alone; every other one holds every string of the sources.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

CATALOGUES = Path("resources", "translations")


class Key(NamedTuple):
    """What makes a message one; `comment` tells apart two messages of the same text."""

    context: str
    source: str
    comment: str


def compile_catalogues(root: Path, tools: Path) -> None:
    """Make the .qm beside each .ts that has none or an older one. `tools` holds pyside6-lrelease."""
    for catalogue in stale(root):
        compiled = catalogue.with_suffix(".qm")
        _run(tools / "pyside6-lrelease", "-silent", str(catalogue), "-qm", str(compiled))


def stale(root: Path) -> list[Path]:
    """The .ts files whose .qm is missing or older."""
    return [file for file in _catalogues(root) if _time(file.with_suffix(".qm")) < _time(file)]


def update(root: Path, tools: Path) -> None:
    """Bring every .ts in line with the sources: new strings unfinished, vanished ones dropped."""
    for catalogue in _catalogues(root):
        _update(root, tools, catalogue)


def check(root: Path, tools: Path) -> list[str]:
    """What is wrong with the catalogues, a line each; nothing in them is changed."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for catalogue in _catalogues(root):
            fresh = Path(folder, catalogue.name)
            shutil.copy(catalogue, fresh)
            _update(root, tools, fresh)
            found += [f"{catalogue.name}: {trouble}" for trouble in _compare(catalogue, fresh)]
    return found


def _compare(kept: Path, fresh: Path) -> list[str]:
    there, wanted = _messages(kept), _messages(fresh)
    troubles = [f"not in the catalogue: {_name(key)}" for key in sorted(wanted.keys() - there.keys())]
    troubles += [f"no longer in the sources: {_name(key)}" for key in sorted(there.keys() - wanted.keys())]
    for key in sorted(there.keys() & wanted.keys()):
        texts = there[key]
        if not texts or not all(texts):
            troubles.append(f"not translated: {_name(key)}")
        elif any(_places(text) != _places(key.source) for text in texts):
            troubles.append(f"not the placeholders of its source: {_name(key)}")
    return troubles


def _messages(catalogue: Path) -> dict[Key, list[str]]:
    """Every message with its translations: one, or one for each plural form; none while it is unfinished."""
    found: dict[Key, list[str]] = {}
    for context in ElementTree.parse(catalogue).getroot().iter("context"):
        for message in context.iter("message"):
            key = Key(context.findtext("name", ""), message.findtext("source", ""), message.findtext("comment", ""))
            translation = message.find("translation")
            if translation is None or translation.get("type") == "unfinished":
                found[key] = []
            else:
                found[key] = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
    return found


def _name(key: Key) -> str:
    return f"{key.source!r} ({', '.join(filter(None, [key.context, key.comment]))})"


def _places(text: str) -> set[str]:
    # Not %n: a plural form may say "one" in words.
    return set(re.findall(r"\{\w*\}|%L?\d+", text))


def _update(root: Path, tools: Path, catalogue: Path) -> None:
    sources = [str(file.relative_to(root)) for file in sorted([*root.glob("gui/**/*.py"), root / "main.py"])]
    only = ["-pluralonly"] if catalogue.stem.endswith("_en") else []
    options = ["-silent", "-no-obsolete", "-locations", "none", *only]
    _run(tools / "pyside6-lupdate", *options, *sources, "-ts", str(catalogue), folder=root)


def _catalogues(root: Path) -> list[Path]:
    return sorted((root / CATALOGUES).glob("*.ts"))


def _time(file: Path) -> float:
    return file.stat().st_mtime if file.exists() else 0.0


def _run(tool: Path, *arguments: str, folder: Path | None = None) -> None:
    subprocess.run([str(tool), *arguments], cwd=folder, check=True)
