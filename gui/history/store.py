"""The history: every conversation with all versions of all messages, in one SQLite file."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import ExitStack, asynccontextmanager, closing, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from filelock import FileLock, Timeout
from typing_extensions import Unpack

from gui.conversation import State, new_id, now
from gui.errors import (
    HistoryDamaged,
    HistoryError,
    HistoryProtected,
    HistoryReadOnly,
    HistoryTooNew,
    HistoryUnavailable,
)
from gui.history import branching, folders, listing, outline, records, rows, trash
from gui.history.database import (
    connect_for_reading,
    errors_told,
    identity_of,
    is_away,
    is_protected,
    open_database,
    open_protected,
    transaction,
)
from gui.history.running import Runner, living, opening
from gui.history.search import Search
from gui.history.worker import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from gui.conversation import Conversation, Folder, Message
    from gui.history.listing import Order, Section, View
    from gui.history.outline import Node
    from gui.history.record import FolderRecord, Item, Purged, Record
    from gui.history.records import Taken
    from gui.history.recovery import Repaired
    from gui.history.search import Hit

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds to wait for another process that writes to the same file."""

PAUSE = 0.05
"""Seconds between two looks whether another process has ended what only one can do."""

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
"""Seconds between two tries to write what could not be written."""


class History:
    """Made by `open` or `begin`; ended by `close`.

    Everything is done in one thread, in the order in which it was called; messages that wait in a row share a
    transaction, unless one of them fails. A write whose await is cancelled is still
    done. Every method raises the kinds of HistoryError, LookupError for an id that is not there, and works again when
    the cause is gone. Other processes may use the same file at the same time. A lone surrogate, which UTF-8 cannot
    hold, is kept as U+FFFD.

    `read_only`: why nothing can be written, None if it can. `trouble`: why the last write (or, with a drive that is
    away, the last read) did not succeed, until one does; `watch` tells of its changes. `waiting`: how many wait in
    `again`.
    """

    def __init__(self, file: Path, patience: float = PATIENCE) -> None:
        self.file = file
        self.read_only: HistoryReadOnly | None = None
        self.trouble: HistoryError | None = None
        self.waiting = 0
        self._patience = patience
        self._worker = Worker("history", self._write_together)
        self._closing: Future[None] | None = None
        self._opened = ExitStack()
        self._identity: tuple[int, int] | None = None  # of the file that is open
        self._was_open = False
        self._is_doubtful = False  # a write failed in a way in which this connection may fail for ever
        self._search = Search(file, patience)
        self._connection: sqlite3.Connection
        self._runner_id = new_id()
        self._watchers: list[Callable[[HistoryError | None], object]] = []
        self._retrying = asyncio.Event()
        self._data_version: int | None = None
        self._taking = asyncio.Lock()
        self._taking_lock = FileLock(file.parent / "running" / "taking", mode=0o600)

    @classmethod
    async def open(cls, file: Path, *, patience: float = PATIENCE) -> History:
        """The history in `file`, made if there is none, with its folder; both for their owner alone.

        Replies that were running in a process that is gone are marked INTERRUPTED, their text whole. `patience` is
        how many seconds to wait for another process that has the file locked, here and in every other method.
        """
        history = cls(file, patience)
        try:
            await history._do(lambda _connection: None, write=False)
        except BaseException:
            history._end()
            raise
        return history

    @classmethod
    def begin(cls, file: Path, *, patience: float = PATIENCE) -> History:
        """As `open`, without waiting for it: what it would raise the first call of a method does, and tries again."""
        history = cls(file, patience)
        history._worker.submit(history._try_to_open)
        return history

    async def close(self) -> None:
        """Write what was asked for until now, and let go of the file. A second call waits for the first."""
        await self._search.close()
        await asyncio.wrap_future(self._end())

    # -- trouble ----------------------------------------------------------------------------------------------------

    def watch(self, told: Callable[[HistoryError | None], object]) -> None:
        """Call `told` with `trouble` whenever it becomes another one. Called on the loop."""
        self._watchers.append(told)

    async def check(self) -> None:
        """Write nothing new, in earnest: raises what keeps anything from being written."""
        await self._write(rows.touch)

    async def again(self, failures: int) -> None:
        """Wait until a write that failed so many times is worth another try: a while, or until `retry`."""
        self.waiting += 1
        try:
            async with asyncio.timeout(min(FIRST_PAUSE * 2**failures, LONGEST_PAUSE)):
                await self._retrying.wait()
        except TimeoutError:
            pass
        finally:
            self.waiting -= 1

    def retry(self) -> None:
        """Have everybody who waits try again at once."""
        self._retrying.set()
        self._retrying = asyncio.Event()

    async def repair(self) -> Repaired:
        """Make a damaged file sound again of all that can be read; the damaged one is kept beside it."""
        await self._search.let_go()
        async with self._taking:
            repaired = await asyncio.wrap_future(self._worker.submit(self._repair))
        await self._search.let_go()  # whoever looked for something meanwhile, did so in the old one
        self._tell(None)
        return repaired

    async def snapshot(self) -> Path | None:
        """Make today's copy of the file; None where there is one, or nothing to copy, or no room for it.

        In a thread of its own, which holds up neither reading nor writing. It reads all of the file: damage that
        nobody met yet is told, and kept out of the copies.
        """
        from gui.history.snapshots import daily

        if self.read_only is not None:
            return None

        def make() -> Path | None:
            with closing(connect_for_reading(self.file, self._patience)) as connection:
                return daily(connection, self.file)

        try:
            return await self._beside(make)
        except HistoryDamaged as error:
            self._tell(error)
            raise

    async def is_changed_elsewhere(self) -> bool:
        """Whether anybody else has written to the file since this was asked last; yes at the first time."""
        before = self._data_version
        self._data_version = await self._read(
            lambda connection: connection.execute("PRAGMA data_version").fetchone()[0]
        )
        return before != self._data_version

    # -- conversations ----------------------------------------------------------------------------------------------

    async def conversations(self, *, limit: int = 100, before: tuple[int, str] | None = None) -> list[Conversation]:
        """Those that are not deleted, pinned ones among them, the one changed last first.

        `before` is (updated_at, id) of the last one of the page before.
        """
        return await self._read(partial(rows.conversations, before=before or rows.LAST_KEY, limit=limit))

    async def pinned(self) -> list[Conversation]:
        """All that are pinned and not deleted, the one changed last first."""
        return await self._read(rows.pinned)

    async def conversation(self, conversation_id: str) -> Conversation | None:
        """None if there is none of this id, or it is deleted."""
        return await self._read(partial(rows.conversation, conversation_id=conversation_id))

    async def add_conversation(self, conversation: Conversation) -> None:
        await self._write(partial(rows.add_conversation, conversation=conversation))

    async def update_conversation(self, conversation_id: str, **changes: Unpack[rows.Changes]) -> None:
        """Does not touch `updated_at`. Raises TypeError for what cannot be changed."""
        if unknown := changes.keys() - rows.Changes.__annotations__.keys():
            raise TypeError(f"cannot change {', '.join(sorted(unknown))} of a conversation")
        await self._write(partial(rows.update_conversation, conversation_id=conversation_id, changes=changes))

    async def retitle(self, conversation_id: str, was: str, title: str) -> bool:
        """Give it another title if it still has the one that it `was`; whether it had."""
        return await self._write(partial(rows.retitle, conversation_id=conversation_id, was=was, title=title))

    async def archive(self, conversation_ids: Sequence[str], *, archived: bool) -> None:
        """Put them away, or take them back: all of them or none."""
        await self._write(partial(rows.archive, conversation_ids=conversation_ids, archived=archived))

    async def delete_conversation(self, conversation_id: str) -> None:
        """Into the trash; nothing is removed."""
        await self.delete_conversations([conversation_id])

    async def delete_conversations(self, conversation_ids: Sequence[str]) -> None:
        """As `delete_conversation`: all of them or none."""
        await self._write(partial(rows.mark_deleted, conversation_ids=conversation_ids, deleted_at=now()))

    async def restore_conversation(self, conversation_id: str) -> None:
        await self.restore_conversations([conversation_id])

    async def restore_conversations(self, conversation_ids: Sequence[str]) -> None:
        await self._write(partial(rows.mark_deleted, conversation_ids=conversation_ids, deleted_at=None))

    # -- as a list --------------------------------------------------------------------------------------------------

    async def sections(self, view: View, order: Order, *, enough: int | None = None) -> list[Section]:
        """What there is to see, under its headings; empty ones are left out, but for folders.

        `enough`: as many conversations will do; the last section may have more than it says.
        """
        return await self._read(partial(listing.sections, view=view, order=order, enough=enough))

    async def part(self, section: Section, offset: int, limit: int) -> list[Conversation]:
        """`limit` conversations of a section from the one at `offset` on; others by now, maybe, than were counted."""
        return await self._read(partial(listing.part, section=section, offset=offset, limit=limit))

    async def first_titled(self, spans: Iterable[tuple[Section, int, int]], begin: str) -> tuple[Section, int] | None:
        """The first conversation in these parts of sections (section, offset, how many) whose title begins so: its
        section and its offset there.
        """
        return await self._read(partial(listing.first_titled, spans=list(spans), begin=begin))

    # -- folders ----------------------------------------------------------------------------------------------------

    async def folders(self) -> list[Folder]:
        """By their names."""
        return await self._read(folders.folders)

    async def add_folder(self, folder: Folder) -> None:
        await self._write(partial(folders.add, folder=folder))

    async def rename_folder(self, folder_id: str, name: str) -> None:
        await self._write(partial(folders.rename, folder_id=folder_id, name=name))

    async def delete_folder(self, folder_id: str) -> list[str]:
        """Its conversations are in no folder then; their ids, for `restore_folder`."""
        return await self._write(partial(folders.delete, folder_id=folder_id))

    async def restore_folder(self, folder_id: str, conversation_ids: Sequence[str]) -> None:
        """With these in it again."""
        await self._write(partial(folders.restore, folder_id=folder_id, inside=conversation_ids))

    async def put_in_folders(self, places: Mapping[str, str | None]) -> dict[str, str | None]:
        """Put each conversation in the folder, or in none; where they were. All of them or none."""
        return await self._write(partial(folders.put, places=places))

    # -- the trash --------------------------------------------------------------------------------------------------

    async def days_left(self, conversation_ids: Sequence[str]) -> dict[str, int]:
        """Until each of those that are in the trash is removed."""
        return await self._read(partial(trash.days_left, moment=now(), conversation_ids=conversation_ids))

    async def remove(self, conversation_ids: Sequence[str]) -> None:
        """Those of them that are in the trash, for good: also from the search and from the bytes of the file. Then
        `clear_copies`.
        """
        for begin in range(0, len(conversation_ids), trash.AT_ONCE):
            some = conversation_ids[begin : begin + trash.AT_ONCE]
            await self._write(partial(trash.remove, conversation_ids=some))
        await self._overwrite(begin=True)

    async def empty_trash(self) -> None:
        """As `remove`, all that is in it."""
        await self._remove_all(deleted_before=now() + 1)
        await self._overwrite(begin=True)

    async def remove_expired(self) -> None:
        """As `remove` and `clear_copies`, what was in the trash for trash.DAYS.

        Goes on with what an end of the program cut off.
        """
        with suppress(HistoryUnavailable):  # another process takes something in; the next start sees what it left
            await self.take_out_rest()
        await self._overwrite(begin=await self._remove_all(deleted_before=now() - trash.DAYS * trash.DAY))
        await self.clear_copies(damaged_too=False)

    async def damaged_files(self) -> list[Path]:
        """Those that were set aside: nobody can tell what is in them."""
        from gui.history.leftovers import damaged

        return await self._beside(lambda: damaged(self.file, time.time()))

    async def clear_copies(self, *, damaged_too: bool) -> None:
        """Take what was removed out of the snapshots too. Damaged files that were set aside are deleted: those that are
        older than what the trash keeps, or all of them.

        In a thread of its own; to be called again where the program ended meanwhile.
        """
        from gui.history.leftovers import clean, damaged

        purged = [one.id for one in await self.purged()]
        before = time.time() - (0 if damaged_too else trash.DAYS * trash.DAY / 1000)

        def clear() -> None:
            clean(self.file, purged)
            for one in damaged(self.file, before) if purged else ():
                one.unlink(missing_ok=True)

        await self._beside(clear)

    async def _beside(self, job: Callable[[], T]) -> T:
        """`job` in a thread of its own, which holds up neither reading nor writing."""

        def told() -> T:
            with errors_told(self.file):
                return job()

        worker = Worker("beside the history")
        doing = worker.submit(told)
        worker.end()
        return await asyncio.wrap_future(doing)

    async def _remove_all(self, deleted_before: int) -> bool:
        removed = False
        removable = partial(trash.removable, deleted_before=deleted_before, limit=trash.AT_ONCE)
        while some := await self._read(removable):
            await self._write(partial(trash.remove, conversation_ids=some))
            removed = True
        return removed

    async def _overwrite(self, *, begin: bool) -> None:
        while await self._write(partial(trash.merge_step, begin=begin), durable=False):
            pass
        if begin:
            await self._do(partial(trash.write_anew, file=self.file), write=True, alone=True)
        await self._do(trash.cut_log, write=True, alone=True)

    # -- messages ---------------------------------------------------------------------------------------------------

    async def add_message(self, message: Message, conversation: Conversation | None = None) -> None:
        """Also makes it the leaf of its conversation, and its time the conversation's. On the disk when it returns.

        `conversation`: kept with it, both or none, where there is none of its id yet.
        """
        job = partial(rows.add_message, message=message, runner=self._runner_id, first_of=conversation)
        await self._write(job, joins=True)

    async def append_part(self, message_id: str, text: str, reasoning: str = "") -> None:
        """What a RUNNING message has grown by. Survives the end of the process at once, a power cut a little later."""
        job = partial(rows.append_part, message_id=message_id, text=text, reasoning=reasoning)
        await self._write(job, durable=False, joins=True)

    async def finish_message(self, message: Message) -> None:
        """Its text as a whole and how it ended, in place of its parts; its conversation counts as just changed.

        What it is and where it stands (id, conversation, parent, role, created_at) stays as it was added.
        """
        if message.state is State.RUNNING:
            raise ValueError("a finished message is not running")
        await self._write(partial(rows.finish_message, message=message), joins=True)

    async def message(self, message_id: str) -> Message | None:
        """A running one with the text it has until now."""
        return await self._read(partial(rows.message, message_id=message_id))

    async def branch(self, conversation_id: str, leaf_id: str | None = None, *, limit: int = 50) -> list[Message]:
        """The last `limit` messages of the branch that ends at `leaf_id` (or the conversation's own leaf), root first.

        The page before it ends at the first one's `parent_id`.
        """
        return await self._read(partial(rows.branch, conversation_id=conversation_id, leaf_id=leaf_id, limit=limit))

    async def branch_ids(self, conversation_id: str, leaf_id: str | None = None) -> list[str]:
        """The ids of all messages of the branch that ends at `leaf_id` (or the conversation's own leaf), root first."""
        return await self._read(partial(rows.branch_ids, conversation_id=conversation_id, leaf_id=leaf_id))

    async def versions(self, message_ids: Sequence[str]) -> dict[str, list[str]]:
        """The `siblings` of each of these."""
        return await self._read(partial(rows.versions, message_ids=message_ids))

    async def siblings(self, message_id: str) -> list[str]:
        """The ids of all versions of a message, itself among them, in the order of time."""
        return await self._read(partial(rows.siblings, message_id=message_id))

    async def leaf_below(self, message_id: str) -> str:
        """Where the branch below this message ends that was on show last, or else the one of its newest versions."""
        return await self._read(partial(rows.leaf_below, message_id=message_id))

    async def mark_message(self, message_id: str, **marks: Unpack[rows.Marks]) -> None:
        """What a person says of a message."""
        await self._write(partial(rows.mark_message, message_id=message_id, marks=marks))

    async def remove_message(self, message_id: str) -> list[str]:
        """Show it no more, nor what follows it; the ids of all of them, for `restore_messages`. Nothing is deleted.

        Where it was on the branch on show, that goes on by its version before or after it, or else ends above it.
        """
        return await self._write(partial(rows.remove_message, message_id=message_id))

    async def restore_messages(self, message_ids: Sequence[str], leaf_id: str) -> None:
        """Show them again, on the branch that ends at `leaf_id`."""
        await self._write(partial(rows.restore_messages, message_ids=message_ids, leaf_id=leaf_id))

    async def outline(self, conversation_id: str) -> list[Node]:
        """All messages of all branches in short, in the order of time."""
        return await self._read(partial(outline.nodes, conversation_id=conversation_id))

    async def branch_off(self, message_id: str) -> Conversation:
        """A conversation more: all that was said up to this message, on its branch alone."""
        return await self._write(partial(branching.branch_off, message_id=message_id))

    # -- everything -------------------------------------------------------------------------------------------------

    async def search(self, typed: str, *, limit: int = 50) -> list[Hit]:
        """What a person looks for in all that is not deleted, the best first; see `words.parse` for what can be typed.

        The next search ends this one, which then finds nothing. Replies that run are not found yet.
        """
        try:
            return await self._search.find(typed, limit)
        except HistoryDamaged as error:
            self._tell(error)
            raise

    async def record_ids(self, folder_ids: Sequence[str] | None = None, *, trash: bool = False) -> list[str]:
        """The ids of all conversations, archived ones among them, or of those in these folders; the oldest first."""
        return await self._read(partial(records.record_ids, folder_ids=folder_ids, trash=trash))

    async def all_conversations(self) -> list[Conversation]:
        """Those that are not deleted, archived ones among them, the one changed last first."""
        return await self._read(records.all_conversations)

    async def record(self, conversation_id: str) -> Record | None:
        """All that is kept of a conversation, also of one in the trash; a reply that runs is INTERRUPTED in it."""
        return await self._read(partial(records.record, conversation_id=conversation_id))

    async def folder_records(self) -> list[FolderRecord]:
        """Of every folder, deleted ones among them; the oldest first."""
        return await self._read(records.folder_records)

    async def purged(self) -> list[Purged]:
        """What was removed for good, in the order of time."""
        return await self._read(records.purged)

    async def take_in(self, items: Iterable[Item]) -> Taken:
        """Merge what another history, or an earlier state of this one, says into this one: all of it or nothing.

        See merging.py for what wins. `items` is gone through in the history's thread, a portion at a time, so that
        other things are done meanwhile; an error that it raises leaves everything as it was, but for what nobody sees
        and `take_out_rest` removes. Taking in the same again changes nothing. What was purged here stays so, and
        replies that run here are not touched. Raises records.Impossible for a message that stands in another
        conversation, and its kind records.Incomplete where a message's parent, the leaf, or the folder is neither here
        nor before it in `items`: made a first message it would be kept at the wrong place for good; refused, it can be
        taken in once more.
        """
        from gui.history.incoming import Incoming

        incoming = Incoming(items)
        async with self._taking_in():
            while await self._write(incoming.write, durable=False):
                pass
            return await self._write(incoming.show)

    async def take_out_rest(self) -> None:
        """Remove what a `take_in` that came to no end has written, and nobody has seen."""
        async with self._taking_in():
            pass

    @asynccontextmanager
    async def _taking_in(self) -> AsyncIterator[None]:
        """Nobody else takes in anything meanwhile, and nothing is left of what came to no end before."""
        from gui.history.incoming import is_left, take_out

        async with self._taking:
            waited = 0.0
            while not await self._read(self._begin_taking):
                if waited >= self._patience:
                    raise HistoryUnavailable(file=str(self.file), reason="another process imports into it")
                waited += PAUSE
                await asyncio.sleep(PAUSE)
            try:
                while await self._read(is_left):
                    await self._write(take_out, durable=False)
                yield
            finally:
                self._worker.submit(self._taking_lock.release)

    def _begin_taking(self, _connection: sqlite3.Connection) -> bool:
        try:
            self._taking_lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    async def run(self, job: Callable[[sqlite3.Connection], T], *, write: bool) -> T:
        """For the package's own modules: `job` in the history's thread, as one transaction."""
        return await self._do(job, write=write)

    # -- the thread -------------------------------------------------------------------------------------------------

    async def _read(self, job: Callable[[sqlite3.Connection], T]) -> T:
        return await self._do(job, write=False)

    async def _write(self, job: Callable[[sqlite3.Connection], T], *, durable: bool = True, joins: bool = False) -> T:
        """`joins`: it may share a transaction; it is then done twice where another one of it fails."""
        return await self._do(job, write=True, durable=durable, joins=joins)

    async def _do(
        self,
        job: Callable[[sqlite3.Connection], T],
        *,
        write: bool,
        durable: bool = True,
        joins: bool = False,
        alone: bool = False,
    ) -> T:
        """`alone`: outside of a transaction."""
        if self._closing is not None:
            raise HistoryUnavailable(file=str(self.file), reason="it is closed")
        work = partial(self._work, job, write, durable, alone)
        try:
            done = await asyncio.wrap_future(self._worker.submit(work, joins=joins))
        except HistoryError as error:
            self._tell(error)
            raise
        if write:
            self._tell(None)
        return done

    def _tell(self, trouble: HistoryError | None) -> None:
        if isinstance(trouble, HistoryReadOnly):
            return  # it is none: everything but writing goes on
        before, self.trouble = self.trouble, trouble
        if str(before) != str(trouble):
            for told in self._watchers:
                told(trouble)
            if trouble is None:
                self.retry()

    def _work(self, job: Callable[[sqlite3.Connection], T], write: bool, durable: bool, alone: bool) -> T:
        with errors_told(self.file):
            try:
                self._be_open(write)
                if self.read_only is None:
                    with nullcontext() if alone else transaction(self._connection, write=write, durable=durable):
                        return job(self._connection)
                if write:
                    raise self.read_only
                return self._read_only(job)
            except sqlite3.Error as error:
                if is_away(error):
                    self._is_doubtful = True
                    if not write:
                        self._let_go()
                raise

    def _write_together(self, works: Sequence[partial[Any]]) -> list[Any]:
        """Several calls of `_work` that write, in one transaction: a disk is waited for once."""
        self._be_open(write=True)
        if self.read_only is not None:
            raise self.read_only
        durable = any(work.args[2] for work in works)
        with transaction(self._connection, write=True, durable=durable):
            return [work.args[0](self._connection) for work in works]

    def _read_only(self, job: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with transaction(self._connection, write=False):
                return job(self._connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR or not isinstance(self.read_only, HistoryTooNew):
                raise
            raise HistoryTooNew(file=str(self.file)) from error  # so much newer that our statements mean nothing in it

    def _be_open(self, write: bool) -> None:
        """Open the file where it is not, or where it is another one by now: its drive may come and go."""
        try:
            found = identity_of(self.file)
        except OSError:
            found = None
            if self._was_open:  # nothing is begun anew where the history was
                self._let_go()
                raise
        is_free_again = write and isinstance(self.read_only, HistoryProtected) and not is_protected(self.file)
        if found is None or found != self._identity or is_free_again:
            self._let_go()
            self._open()
        elif self._is_doubtful and write:
            # Where this fails too, what is open may still be read.
            fresh = open_database(self.file, self._patience)
            self._connection.close()
            self._connection = fresh
            self._is_doubtful = False

    def _try_to_open(self) -> None:
        with suppress(HistoryError), errors_told(self.file):
            self._be_open(write=False)

    def _open(self) -> None:
        running = self.file.parent / "running"
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as opened:
            try:
                if is_protected(self.file):
                    self._connection = open_protected(self.file, self._patience)
                    self.read_only = HistoryProtected(file=str(self.file))
                else:
                    self._connection = self._open_alone(running, opened)
                    self.read_only = None
            except HistoryTooNew as error:
                self._connection = connect_for_reading(self.file, self._patience)
                self.read_only = error
            opened.callback(lambda: self._connection.close())
            self._is_doubtful = False
            self._identity = identity_of(self.file)
            self._was_open = True
            self._opened = opened.pop_all()

    def _open_alone(self, running: Path, opened: ExitStack) -> sqlite3.Connection:
        with opening(running, self._patience):
            self.file.with_name(f"{self.file.name}.new").unlink(missing_ok=True)  # of a repair that was ended
            connection = open_database(self.file, self._patience)
            try:
                with transaction(connection, write=True):
                    rows.interrupt(connection, living(running) | {self._runner_id})
                opened.callback(Runner(running, self._runner_id).close)
            except BaseException:
                connection.close()
                raise
        return connection

    def _let_go(self) -> None:
        """Forget the file as it was; whatever comes next opens it anew."""
        self._identity = None
        with suppress(sqlite3.Error, OSError):  # of a file that is away
            self._opened.close()

    def _repair(self) -> Repaired:
        from gui.history.recovery import repair

        if self.read_only is not None:
            raise self.read_only
        self._let_go()
        running = self.file.parent / "running"
        with errors_told(self.file):
            with opening(running, self._patience):
                if living(running):
                    raise HistoryUnavailable(file=str(self.file), reason="another process uses it")
                repaired = repair(self.file)
            self._open()
        return repaired

    def _end(self) -> Future[None]:
        if self._closing is None:
            self._closing = self._worker.submit(self._close)
            self._worker.end()
        return self._closing

    def _close(self) -> None:
        with errors_told(self.file):
            self._taking_lock.release(force=True)
            self._opened.close()
