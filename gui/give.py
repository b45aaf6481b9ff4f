"""--export, --import: conversations out of the history and into it, without a window."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gui.errors import ExportFailed, GProChatError
from gui.history.store import History
from gui.settings.connections import Connections
from gui.transfer.export import Form, Wanted, export, suffix
from gui.transfer.job import Job
from gui.transfer.take_in import take_in
from gui.transfer.words import Words

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from gui.history.record import Record

BY_NAME = {".md": Form.MARKDOWN, ".zip": Form.MARKDOWN, ".html": Form.HTML, ".htm": Form.HTML, ".json": Form.JSON}


def run_export(file: Path, form: str | None, data_dir: Path, *, as_json: bool) -> int:
    """Write all conversations that are not in the trash to `file`, in the form that is named, or that its name tells.

    Says what was done in a line, or in a JSON object. Returns 0; 1 with a sentence on standard error if nothing was
    written.
    """
    chosen = Form(form) if form else BY_NAME.get(file.suffix.lower())
    if chosen is None:
        return _refuse(f"{file.name} does not tell in which form to write: --format json, html or markdown.")
    if not (data_dir / "history.sqlite3").exists():
        return _refuse("There are no conversations.")
    return _run(_export(file, chosen, data_dir), "Conversations written to {file}: {conversations}.", as_json=as_json)


def run_import(file: Path, data_dir: Path, *, as_json: bool) -> int:
    """Take in the conversations of `file`, all or none of them; says it, and returns, as `run_export`."""
    sentence = "Conversations that are new: {added}. There already: {there}; of these with something new: {changed}."
    return _run(_import(file, data_dir), sentence, as_json=as_json)


def _run(work: Coroutine[Any, Any, dict[str, Any]], sentence: str, *, as_json: bool) -> int:
    try:
        done = asyncio.run(work)
    except GProChatError as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 130
    said = json.dumps(done, ensure_ascii=False) if as_json else sentence.format_map(done)
    sys.stdout.write(f"{said}\n")
    return 0


def _refuse(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 1


async def _export(file: Path, form: Form, data_dir: Path) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    history = await History.open(data_dir / "history.sqlite3")
    try:

        def record_of(conversation_id: str) -> Record | None:
            return asyncio.run_coroutine_threadsafe(history.record(conversation_id), loop).result()

        conversations = await history.all_conversations()
        if suffix(form, len(conversations)) == ".zip" and file.suffix.lower() == ".md":
            # Not to another name than the one that was given: something else may be there.
            raise ExportFailed(file=str(file), reason="several conversations as Markdown become a .zip archive")
        names = {one.id: one.name for one in Connections(data_dir / "connections.json").all()}
        job = Job()
        wanted = Wanted(conversations, form, file)
        count = await job.run(lambda: export(wanted, Words(connections=names), record_of, job))
    finally:
        await history.close()
    return {"file": str(file), "format": str(form), "conversations": count}


async def _import(file: Path, data_dir: Path) -> dict[str, Any]:
    history = await History.open(data_dir / "history.sqlite3")
    try:
        taken = await take_in(history, file, Job())
    finally:
        await history.close()
    counts = {"added": len(taken.added), "there": taken.there, "in_trash": len(taken.in_trash)}
    return {"file": str(file), **asdict(taken), **counts}
