"""--search: what was said, found without a window."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gui.errors import HistoryError
from gui.history.store import History

if TYPE_CHECKING:
    from pathlib import Path

    from gui.history.search import Hit

LIMIT = 50


def run_search(typed: str, data_dir: Path, *, as_json: bool) -> int:
    """Print the hits, the best first: a line each, or one JSON array. Returns 0 if there are any, 1 if there are none
    or the history cannot be read; that is one sentence on standard error.
    """
    file = data_dir / "history.sqlite3"
    try:
        hits = asyncio.run(_hits(file, typed)) if file.exists() else []
    except HistoryError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if as_json:
        sys.stdout.write(json.dumps([_as_json(hit) for hit in hits], ensure_ascii=False) + "\n")
    else:
        for hit in hits:
            sys.stdout.write(f"{_moment(hit)[:10]}  {_line(hit)}\n")
    return 0 if hits else 1


async def _hits(file: Path, typed: str) -> list[Hit]:
    history = await History.open(file)
    try:
        return await history.search(typed, limit=LIMIT)
    finally:
        await history.close()


def _line(hit: Hit) -> str:
    """What a title or a message can do to a terminal, or to whoever reads line by line, is left out."""
    text = f"{hit.title}: {_text(hit)}" if hit.message_id else hit.title
    return "".join(one if one.isprintable() else " " for one in text)


def _as_json(hit: Hit) -> dict[str, str | bool]:
    return {**asdict(hit), "role": str(hit.role), "created_at": _moment(hit), "snippet": _text(hit)}


def _text(hit: Hit) -> str:
    return "".join(text for text, _found in hit.snippet)


def _moment(hit: Hit) -> str:
    return datetime.fromtimestamp(hit.created_at / 1000, UTC).isoformat(timespec="seconds")
