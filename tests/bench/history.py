"""A history of 1,000,000 messages: searched, listed, added to, weighed; against one of 10,000, and one of 10 chats."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.many import TURNS, make
from tests.bench.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.surroundings import Surroundings

FEW, SOME, MANY = 10 * TURNS, 10_000, 1_000_000
SEARCHES = 120
SLOWEST = 0.99


def measure(around: Surroundings) -> Iterator[Row]:
    """Each history is made at once, by its SQL; what is measured is the program with it."""
    folders = {count: around.folder / f"history-of-{count}" for count in (FEW, SOME, MANY)}
    for count, folder in folders.items():
        folder.mkdir()
        began = time.perf_counter()
        make(folder / "history.sqlite3", count)
        if count == MANY:
            yield Row("making a history of 1,000,000 messages", time.perf_counter() - began, "s", 300)
    yield Row("its size on disk / its raw text", _size(folders[MANY]), "×", 3)
    yield from _searches(around, folders)
    few, many = (around.run("large_history", "sidebar", str(folders[count])) for count in (FEW, MANY))
    yield Row(f"first rows of a sidebar of {many['rows']:,}", many["first"], "ms")
    yield Row("the same / one of 10", many["first"] / few["first"], "×", 1.5)
    yield Row("its last rows, from a pull at the scroll bar", many["last"], "ms")
    yield Row("GUI thread for a change of one of them", many["changed"], "ms", 1)
    stored = around.run("large_history", "store", str(folders[MANY]))
    yield Row("storing a message, GUI thread away, p99", stored["p99"], "ms", 1)


def _searches(around: Surroundings, folders: dict[int, Path]) -> Iterator[Row]:
    reports = {c: around.run("large_history", "search", str(folders[c]), str(SEARCHES)) for c in (SOME, MANY)}
    for kind, times in reports[MANY].items():
        ours, bare = _slowest(times["ours"]), _slowest(times["bare"])
        yield Row(f"search as one types, {kind}, p99", ours, "ms")
        yield Row("of that, more than 1.5 × the bare SQL", ours - 1.5 * bare, "ms", 5)
    middles = {
        count: median(taken for times in report.values() for taken in times["ours"])
        for count, report in reports.items()
    }
    yield Row("search as one types, all kinds, p50", middles[MANY], "ms")
    yield Row("the same / with 10,000 messages", middles[MANY] / middles[SOME], "×", 3)


def _slowest(times: list[float]) -> float:
    return sorted(times)[int(len(times) * SLOWEST)]


def _size(folder: Path) -> float:
    file = folder / "history.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT sum(length(CAST(text AS BLOB))) FROM message"
        raw: int = connection.execute(query).fetchone()[0]
    return sum(one.stat().st_size for one in folder.glob(f"{file.name}*")) / raw
