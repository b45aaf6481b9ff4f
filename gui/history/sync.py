"""Several copies of a history kept equal through a folder that something else keeps equal on several machines.

In the chosen folder, `GPROChat/<machine>/<id>.json`, in the format of exchange.py. A machine writes only into its own
folder, and a file that is there never changes: what is new comes in a new file, which appears whole. So there is
nothing that two machines could both have written, and a sync engine never sees a conflict. What one file holds merges
with the rest in any order (merging.py); one that stands on another that is still on its way waits for it. Small files
are joined to larger ones from time to time. When a conversation is removed for good, each machine also takes it out of
its own files.

Whatever else lies there (temporary files, copies of a conflict, files of others) is left alone; a file that cannot be
read is tried again when it has changed. What the history knows of the folder is kept in the database itself, so an
earlier copy of that takes in again what it lacks, also of its own files.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gui.conversation import Template, new_id
from gui.errors import SyncFolderUnusable
from gui.history import outbox
from gui.history.exchange import Writer, read
from gui.history.merging import merged, merged_folders
from gui.history.record import FolderRecord, Purged, Record
from gui.history.records import Taken
from gui.history.templates import merged as merged_templates
from gui.history.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gui.history.record import Item
    from gui.history.store import History

T = TypeVar("T")

SUBFOLDER = "GPROChat"

_FILE = re.compile(rf"{outbox.ID}\.json")

LARGEST = 4 * 2**20
"""Bytes at which a file is full."""

JOINED = ((32, 2**16), (16, 2**20))
"""So many files smaller than so many bytes become one."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file in the folder. `key`: as the database knows it."""

    key: str
    path: Path
    signature: tuple[int, int]  # size, time of change


class Sync:
    """`computer` tells this machine from others. `unread`: files that lie there and were not understood, or wait for
    others. Ended by `close`.

    Every method raises SyncFolderUnusable for what is wrong with the folder, and HistoryError; each can be called
    again.
    """

    def __init__(self, history: History, folder: Path, computer: str) -> None:
        self.folder = folder
        self.unread = 0
        self._history = history
        self._home = f"{computer} {history.file.resolve()}"
        self._worker = Worker("sync")
        self._machine = ""
        self._taken: set[str] = set()
        self._refused: dict[str, tuple[int, int]] = {}

    async def round(self) -> frozenset[str]:
        """Take in what is new there, then write what is new here; the ids of conversations that are others now."""
        if not self._machine:
            await self._begin()
        changed = await self.receive()
        await self.send()
        return changed

    def close(self) -> None:
        """What was begun in the folder is done to its end; nothing more is."""
        self._worker.end()

    async def _begin(self) -> None:
        there = {found.key for found in await self._do(self._scan)}
        machine = await self._history.run(partial(outbox.begin, home=self._home), write=True)
        taken = await self._history.run(outbox.taken, write=False)
        if any(key.startswith(f"{machine}/") for key in taken - there):
            # Not the folder that was written to, or not all of it any more.
            await self._history.run(outbox.note_everything, write=True)
        await self._history.run(partial(outbox.forget_taken, files=taken - there), write=True)
        self._taken = taken & there
        self._machine = machine

    # -- from the others ------------------------------------------------------------------------------------------

    async def receive(self) -> frozenset[str]:
        """Take in the files that are new; the ids of conversations that are others now."""
        changed: set[str] = set()
        there = await self._do(self._scan)
        waiting = [found for found in there if found.key not in self._taken]
        self._refused = {found.key: found.signature for found in waiting if self._is_refused(found)}
        news = True
        while news:
            news = False  # if there are, they may be what another file waits for
            for found in sorted(waiting, key=lambda one: one.path.name):
                if not self._is_refused(found):
                    taken, whole = await self._take(found)
                    changed |= taken.conversation_ids
                    news = news or bool(taken.added or taken.changed)
                    if whole:
                        waiting.remove(found)
        self.unread = len(waiting)
        return frozenset(changed)

    def _is_refused(self, found: _Found) -> bool:
        return self._refused.get(found.key) == found.signature

    async def _take(self, found: _Found) -> tuple[Taken, bool]:
        """False where it has to be taken again: when it has changed, other files have come, or a reply has ended."""
        all_of_it = Taken()
        try:
            for some in _portions(await self._do(partial(_read, found.path))):
                all_of_it += await self._history.run(partial(outbox.take_in, items=some), write=True)
        except FileNotFoundError:  # joined to another one meanwhile
            return all_of_it, True
        except ValueError:
            self._refused[found.key] = found.signature
            return all_of_it, False
        if all_of_it.postponed or all_of_it.incomplete:
            return all_of_it, False
        await self._history.run(partial(outbox.mark_taken, files=[found.key]), write=True)
        self._taken.add(found.key)
        return all_of_it, True

    # -- to the others --------------------------------------------------------------------------------------------

    async def send(self) -> None:
        """Write what has changed since the last time."""
        while (batch := await self._batch()).numbers:
            gone = {item.id for item in batch.items if isinstance(item, Purged)}
            if gone:
                await self._replace_files(partial(self._holding, gone), gone)
            written = await self._do(partial(self._write, batch.items))
            await self._history.run(partial(outbox.sent, numbers=batch.numbers, files=written), write=True)
            self._taken |= written
        for count, size in JOINED:
            small = [one for one in await self._do(self._own) if one.signature[0] < size]
            if len(small) >= count:
                await self._replace_files(partial(list, small[: 2 * count]), set())

    async def _batch(self) -> outbox.Batch:
        """As much as a file holds, asked for in smaller pieces: the history's thread has other things to do too."""
        numbers: list[int] = []
        items: list[Item] = []
        letters = 0
        while letters < LARGEST:
            piece = await self._history.run(partial(outbox.batch, after=max(numbers, default=0)), write=False)
            if not piece.numbers:
                break
            numbers += piece.numbers
            items += piece.items
            letters += piece.letters
        return outbox.Batch(numbers, items, letters)

    async def _replace_files(self, choose: Callable[[], Sequence[_Found]], gone: set[str]) -> None:
        """Write what some of this machine's files hold into new ones, without what is `gone`; then remove them."""
        old = [one for one in await self._do(choose) if one.key in self._taken]
        gone = gone | await self._history.run(outbox.purged_ids, write=False)
        try:
            items = await self._do(partial(_joined, [one.path for one in old]))
        except (FileNotFoundError, ValueError):
            # Somebody changed what is ours. The next start misses it, and writes everything anew.
            return
        kept = [item for item in items if not (isinstance(item, Record) and item.conversation.id in gone)]
        written = await self._do(partial(self._write, kept))
        await self._history.run(partial(outbox.mark_taken, files=written), write=True)
        keys = {one.key for one in old}
        await self._do(partial(_remove, [one.path for one in old]))
        await self._history.run(partial(outbox.forget_taken, files=keys), write=True)
        self._taken = (self._taken | written) - keys

    # -- in the folder, in the thread ------------------------------------------------------------------------------

    async def _do(self, job: Callable[[], T]) -> T:
        try:
            return await asyncio.wrap_future(self._worker.submit(job))
        except FileNotFoundError as error:
            if self.folder.is_dir():
                raise
            raise self._unusable(error) from error
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> SyncFolderUnusable:
        return SyncFolderUnusable(folder=str(self.folder), reason=error.strerror or type(error).__name__)

    def _scan(self) -> list[_Found]:
        found = []
        with os.scandir(self.folder):
            pass  # it is there
        for machine in _entries(self.folder / SUBFOLDER):
            if outbox.MACHINE.fullmatch(machine.name) and machine.is_dir():
                found += [
                    _Found(f"{machine.name}/{file.name}", Path(file.path), _signature(file))
                    for file in _entries(Path(machine.path))
                    if _FILE.fullmatch(file.name) and _is_file(file)
                ]
        return found

    def _own(self) -> list[_Found]:
        return [one for one in self._scan() if one.key.startswith(f"{self._machine}/")]

    def _holding(self, conversation_ids: set[str]) -> list[_Found]:
        """The files of this machine that speak of any of these."""
        wanted = [one.encode() for one in conversation_ids]
        return [one for one in self._own() if any(part in one.path.read_bytes() for part in wanted)]

    def _write(self, items: Iterable[Item]) -> set[str]:
        """Into new files, as many as it takes; their keys. Each is on the disk before it has its name."""
        folder = self.folder / SUBFOLDER / self._machine
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = set()
        waiting = iter(items)
        item = next(waiting, None)
        while item is not None:
            name = f"{new_id()}.json"
            half = folder / f".{name}.new"
            try:
                handle = os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(handle, "wb") as file:
                    with Writer(file) as writer:
                        while item is not None and writer.size < LARGEST:
                            writer.add(item)
                            item = next(waiting, None)
                    file.flush()
                    os.fsync(handle)
                half.replace(folder / name)
            except BaseException:
                half.unlink(missing_ok=True)
                raise
            written.add(f"{self._machine}/{name}")
        if written:
            _keep_names(folder)
        return written


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads round in a ring
        return False


def _signature(file: os.DirEntry[str]) -> tuple[int, int]:
    try:
        status = file.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def _keep_names(folder: Path) -> None:
    """Have what is in a folder survive a power cut."""
    if os.name == "nt":  # a folder is no file there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _read(path: Path) -> list[Item]:
    """Raises ValueError for what cannot be understood, and what cannot be opened alone: there may be others."""
    try:
        with path.open("rb") as file:
            return list(read(file))
    except PermissionError as error:
        raise ValueError(str(error)) from error


def _portions(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Few enough each for the history's thread, which has other things to do too."""
    some: list[Item] = []
    messages = 0
    for item in items:
        some.append(item)
        messages += len(item.messages) + 1 if isinstance(item, Record) else 1
        if messages >= outbox.MOST_MESSAGES:
            yield some
            some, messages = [], 0
    if some:
        yield some


def _joined(paths: Iterable[Path]) -> list[Item]:
    """What they say, said once each."""
    folders: dict[str, FolderRecord] = {}
    purged: dict[str, Purged] = {}
    templates: dict[str, Template] = {}
    conversations: dict[str, Record] = {}
    for item in itertools.chain.from_iterable(map(_read, paths)):
        if isinstance(item, FolderRecord):
            folders[item.folder.id] = merged_folders(folders.get(item.folder.id, item), item)
        elif isinstance(item, Purged):
            purged[item.id] = min(purged.get(item.id, item), item, key=lambda one: one.purged_at)
        elif isinstance(item, Template):
            templates[item.id] = merged_templates(templates.get(item.id, item), item)
        else:
            one = item.conversation.id
            conversations[one] = merged(conversations.get(one, item), item)
    return [*folders.values(), *purged.values(), *templates.values(), *conversations.values()]
