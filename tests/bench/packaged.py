"""The packaged program in dist/ (`dev.py package` makes it): its start against the sources', and its size by part.

Where it was not made, there is nothing to measure.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from tests.bench.rows import Row
from tests.bench.surroundings import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.surroundings import Surroundings

RUNS = 11
REACH = 1.0
DIST = ROOT / "dist"
LARGEST = {"gprochat_": 150.0, "gprochat-small_": 45.0}  # MB of an installer, by how its name begins
PARTS = {"PySide6": "Qt", "shiboken6": "Qt", "xllamacpp": "engine", "resources": "resources"}


def measure(around: Surroundings) -> Iterator[Row]:
    """Starts in turn: what else the machine does then slows both."""
    program = DIST / "gprochat" / "gprochat"
    if not program.is_file():
        return
    around.data_dir()
    commands = {"packaged": [str(program)], "sources": [sys.executable, str(ROOT / "main.py")]}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(RUNS + 1):
        for name, command in commands.items():
            took = _start(around, command)
            if run > 0:  # the first one compiled the modules, and filled the cache of files
                seconds[name].append(took)
    both = zip(seconds["packaged"], seconds["sources"], strict=True)
    yield Row("packaged: start to painted window", statistics.median(seconds["packaged"]) * 1000, "ms")
    yield Row(
        "packaged: start / start of the sources", statistics.median(one / other for one, other in both), "×", REACH
    )
    yield from _sizes(program.parent)


def _start(around: Surroundings, command: list[str]) -> float:
    """Seconds until there is something on the screen."""
    watching = [sys.executable, "-m", "tests.bench.programs.watched_screen"]
    with subprocess.Popen(watching, cwd=ROOT, env=around.environment, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == "ready\n"
        began = time.perf_counter()
        with subprocess.Popen(command, cwd=around.folder, env=around.environment) as program:
            seen: float = json.loads(watcher.stdout.readline())["seconds"]
            program.terminate()
    return seen - began


def _sizes(folder: Path) -> Iterator[Row]:
    sizes: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            place = file.relative_to(folder).parts
            sizes[PARTS.get(place[1], "Python and its packages") if len(place) > 2 else "libraries"] += (
                file.stat().st_size
            )
    for part, size in sizes.most_common():
        yield Row(f"packaged: {part}", size / 1e6, "MB")
    for begins, most in LARGEST.items():
        for installer in sorted(DIST.glob(f"{begins}*.deb")):
            yield Row(f"packaged: {installer.name}", installer.stat().st_size / 1e6, "MB", most)
