"""The history: every conversation with all versions of all messages, in one SQLite file."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, nullcontext
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from typing_extensions import Unpack

from gui.conversation import State, now
from gui.errors import HistoryUnavailable
from gui.history import folders, listing, records, rows, trash
from gui.history.database import errors_told, open_database, transaction
from gui.history.running import Runner, living, opening
from gui.history.search import Search
from gui.history.worker import Worker

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager
    from pathlib import Path

    from gui.conversation import Conversation, Folder, Message
    from gui.history.listing import Order, Section, View
    from gui.history.record import FolderRecord, Item, Purged, Record
    from gui.history.records import Taken
    from gui.history.search import Hit

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds to wait for another process that writes to the same file."""


class History:
    """Made by `open`; ended by `close`.

    Everything is done in one thread, in the order in which it was called. A write whose await is cancelled is still
    done. Every method raises the kinds of HistoryError, LookupError for an id that is not there, and works again when
    the cause is gone. Other processes may use the same file at the same time. A lone surrogate, which UTF-8 cannot
    hold, is kept as U+FFFD.
    """

    def __init__(self, file: Path, patience: float = PATIENCE) -> None:
        self.file = file
        self._patience = patience
        self._worker = Worker("history")
        self._closing: Future[None] | None = None
        self._opened = ExitStack()
        self._search = Search(file, patience)
        self._connection: sqlite3.Connection
        self._runner: Runner

    @classmethod
    async def open(cls, file: Path, *, patience: float = PATIENCE) -> History:
        """The history in `file`, made if there is none, with its folder; both for their owner alone.

        Replies that were running in a process that is gone are marked INTERRUPTED, their text whole. `patience` is
        how many seconds to wait for another process that has the file locked, here and in every other method.
        """
        history = cls(file, patience)
        try:
            await asyncio.wrap_future(history._worker.submit(history._open))
        except BaseException:
            history._end()
            raise
        return history

    async def close(self) -> None:
        """Write what was asked for until now, and let go of the file. A second call waits for the first."""
        await self._search.close()
        await asyncio.wrap_future(self._end())

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
        """Those of them that are in the trash, for good: also from the search and from the bytes of the file."""
        for begin in range(0, len(conversation_ids), trash.AT_ONCE):
            some = conversation_ids[begin : begin + trash.AT_ONCE]
            await self._write(partial(trash.remove, conversation_ids=some))
        await self._overwrite(begin=True)

    async def empty_trash(self) -> None:
        """As `remove`, all that is in it."""
        await self._remove_all(trash.deleted)
        await self._overwrite(begin=True)

    async def remove_expired(self) -> None:
        """As `remove`, what was in the trash for trash.DAYS; and go on with what an end of the program cut off."""
        await self._overwrite(begin=await self._remove_all(partial(trash.expired, moment=now())))

    async def _remove_all(self, there_are: Callable[..., list[str]]) -> bool:
        removed = False
        while some := await self._read(partial(there_are, limit=trash.AT_ONCE)):
            await self._write(partial(trash.remove, conversation_ids=some))
            removed = True
        return removed

    async def _overwrite(self, *, begin: bool) -> None:
        while await self._write(partial(trash.merge_step, begin=begin), durable=False):
            pass
        if begin:
            await self._do(partial(trash.write_anew, file=self.file), within=nullcontext)
        await self._do(trash.cut_log, within=nullcontext)

    # -- messages ---------------------------------------------------------------------------------------------------

    async def add_message(self, message: Message) -> None:
        """Also makes it the leaf of its conversation, and its time the conversation's. On the disk when it returns."""
        await self._write(partial(rows.add_message, message=message, runner=self._runner.id))

    async def append_part(self, message_id: str, text: str, reasoning: str = "") -> None:
        """What a RUNNING message has grown by. Survives the end of the process at once, a power cut a little later."""
        job = partial(rows.append_part, message_id=message_id, text=text, reasoning=reasoning)
        await self._write(job, durable=False)

    async def finish_message(self, message: Message) -> None:
        """Its text as a whole and how it ended, in place of its parts; its conversation counts as just changed.

        What it is and where it stands (id, conversation, parent, role, created_at) stays as it was added.
        """
        if message.state is State.RUNNING:
            raise ValueError("a finished message is not running")
        await self._write(partial(rows.finish_message, message=message))

    async def message(self, message_id: str) -> Message | None:
        """A running one with the text it has until now."""
        return await self._read(partial(rows.message, message_id=message_id))

    async def branch(self, conversation_id: str, leaf_id: str | None = None, *, limit: int = 50) -> list[Message]:
        """The last `limit` messages of the branch that ends at `leaf_id` (or the conversation's own leaf), root first.

        The page before it ends at the first one's `parent_id`.
        """
        return await self._read(partial(rows.branch, conversation_id=conversation_id, leaf_id=leaf_id, limit=limit))

    async def branch_ids(self, conversation_id: str) -> list[str]:
        """The ids of all messages of the branch that ends at the conversation's leaf, root first."""
        return await self._read(partial(rows.branch_ids, conversation_id=conversation_id))

    async def versions(self, message_ids: Sequence[str]) -> dict[str, list[str]]:
        """The `siblings` of each of these."""
        return await self._read(partial(rows.versions, message_ids=message_ids))

    async def siblings(self, message_id: str) -> list[str]:
        """The ids of all versions of a message, itself among them, in the order of time."""
        return await self._read(partial(rows.siblings, message_id=message_id))

    async def leaf_below(self, message_id: str) -> str:
        """Where the branch ends that goes on from this message by the newest version each time."""
        return await self._read(partial(rows.leaf_below, message_id=message_id))

    # -- everything -------------------------------------------------------------------------------------------------

    async def search(self, typed: str, *, limit: int = 50) -> list[Hit]:
        """What a person looks for in all that is not deleted, the best first; see `words.parse` for what can be typed.

        The next search ends this one, which then finds nothing. Replies that run are not found yet.
        """
        return await self._search.find(typed, limit)

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

        See merging.py for what wins. `items` is gone through in the history's thread, and an error that it raises
        takes everything back. Taking in the same again changes nothing. What was purged here stays so, and replies that
        run here are not touched. Raises ValueError for a message that stands in another conversation, and its kind
        records.Incomplete where a message's parent, the leaf, or the folder is neither here nor before it in `items`:
        made a first message it would be kept at the wrong place for good; refused, it can be taken in once more.
        """
        return await self._write(partial(records.take_in, items=items))

    # -- the thread -------------------------------------------------------------------------------------------------

    async def _read(self, job: Callable[[sqlite3.Connection], T]) -> T:
        return await self._do(job, within=partial(transaction, write=False))

    async def _write(self, job: Callable[[sqlite3.Connection], T], *, durable: bool = True) -> T:
        return await self._do(job, within=partial(transaction, write=True, durable=durable))

    async def _do(
        self,
        job: Callable[[sqlite3.Connection], T],
        *,
        within: Callable[[sqlite3.Connection], AbstractContextManager[object]],
    ) -> T:
        if self._closing is not None:
            raise HistoryUnavailable(file=str(self.file), reason="it is closed")

        def work() -> T:
            with errors_told(self.file), within(self._connection):
                return job(self._connection)

        return await asyncio.wrap_future(self._worker.submit(work))

    def _open(self) -> None:
        running = self.file.parent / "running"
        with errors_told(self.file):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with opening(running, self._patience):
                self._connection = open_database(self.file, self._patience)
                self._opened.callback(self._connection.close)
                with transaction(self._connection, write=True):
                    rows.interrupt(self._connection, living(running))
                self._runner = Runner(running)
                self._opened.callback(self._runner.close)

    def _end(self) -> Future[None]:
        if self._closing is None:
            self._closing = self._worker.submit(self._close)
            self._worker.end()
        return self._closing

    def _close(self) -> None:
        with errors_told(self.file):
            self._opened.close()
