"""A file of conversations into the history: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.errors import ImportMisshapen
from gui.history.imports.reader import read
from gui.history.imports.value import A_MESSAGE
from gui.history.record import Record
from gui.history.records import Impossible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gui.history.record import Item
    from gui.history.store import History
    from gui.transfer.job import Job

READING = 0.5
"""The part of the work that reading is."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """`added`: the ids of conversations that are new here. Of those that were here, `changed` have got something new;
    `in_trash`: the ids of those that were here in the trash, where they stay. `messages` are new.
    `removed`: how many were removed for good before, and were left out.
    """

    added: tuple[str, ...] = ()
    changed: int = 0
    unchanged: int = 0
    in_trash: tuple[str, ...] = ()
    messages: int = 0
    removed: int = 0

    @property
    def there(self) -> int:
        """Conversations that were here already."""
        return self.changed + self.unchanged


async def take_in(history: History, file: Path, job: Job) -> TakenIn:
    """Merge the conversations of `file` into the history. Nothing is written before all of it was read and checked.

    Raises the kinds of ImportRefused and HistoryError, and Ended; then the history is as it was.
    """
    items = await job.run(lambda: read(file, lambda part: job.reached(part * READING)))
    shown = set(await history.record_ids())
    kept = set(await history.record_ids(trash=True))
    try:
        taken = await job.wait(history.take_in(_one_by_one(items, job)))
    except Impossible as error:  # what only a file made for it can be: a message that stands elsewhere
        raise ImportMisshapen(file=file.name, place=error.place, expected=A_MESSAGE) from error
    ids = list(dict.fromkeys(item.conversation.id for item in items if isinstance(item, Record)))
    there = [one for one in ids if one in kept]
    now_kept = set(await history.record_ids(trash=True)) if len(there) < len(ids) else kept
    added = tuple(one for one in ids if one not in kept and one in now_kept)
    changed = min(taken.changed, len(there))
    purged = {one.id for one in await history.purged()}
    removed = sum(one in purged for one in ids)
    unchanged = len(ids) - len(added) - changed - removed
    in_trash = tuple(one for one in there if one not in shown)
    return TakenIn(added, changed, unchanged, in_trash, taken.messages, removed)


def _one_by_one(items: Sequence[Item], job: Job) -> Iterator[Item]:
    """Gone through in the history's thread, inside of one transaction, which is taken back when the job ends here."""
    for number, item in enumerate(items):
        job.reached(READING + number / len(items) * (1 - READING))
        yield item
    job.reached(1.0)
