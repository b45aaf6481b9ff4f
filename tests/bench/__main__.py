"""Measure, print a table, and write JSON where asked to: `python -m tests.bench [--json FILE] [PART…]`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import (
    crash,
    decoding,
    exchange,
    first_paint,
    history,
    keys,
    latency,
    memory,
    opening,
    packaged,
    storing,
    streaming,
    transfer,
    use,
    whole,
)
from tests.bench.surroundings import surroundings

if TYPE_CHECKING:
    from tests.bench.rows import Row

MODULES = (
    *(first_paint, streaming, keys, latency, decoding, whole, opening, history, storing, transfer, exchange, memory),
    *(use, packaged),
)
PARTS = {module.__name__.rpartition(".")[2]: module.measure for module in MODULES}


def main() -> int:
    """1 if a reach is not held."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description="Measure the program.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"measure these alone: {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here too")
    parser.add_argument(
        "--crash",
        type=int,
        nargs="?",
        const=crash.RUNS,
        metavar="RUNS",
        help=f"kill the program so often ({crash.RUNS} times) while it writes, and see what is kept; nothing else",
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="gprochat-bench-") as folder, surroundings(Path(folder)) as around:
        wanted = [measure for name, measure in PARTS.items() if not arguments.parts or name in arguments.parts]
        if arguments.crash:
            wanted = [partial(crash.measure, runs=arguments.crash)]
        for measure in wanted:
            for row in measure(around):
                rows.append(row)
                say(row)
    if arguments.json:
        declared = [{**asdict(row), "holds": row.holds} for row in rows]
        arguments.json.write_text(json.dumps(declared, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 1 if any(row.holds is False for row in rows) else 0


def say(row: Row) -> None:
    """One line of the table."""
    verdict = "" if row.reach is None else f"≤ {row.reach:g}  {'holds' if row.holds else 'NOT HELD'}"
    sys.stdout.write(f"{row.name:<52} {row.value:>9.2f} {row.unit:<4} {verdict}".rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
