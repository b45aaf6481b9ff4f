"""Records out of the database and into it: the SQL of export, import and synchronization.

As in rows.py, every function is called inside of a transaction.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gui.conversation import Folder, State, Template
from gui.history import rows, templates, trash
from gui.history.merging import (
    FIELDS,
    as_given,
    folder_of,
    merged,
    merged_folders,
    merged_message,
    parents_first,
)
from gui.history.record import FolderRecord, Purged, Record

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from gui.conversation import Conversation, Message
    from gui.history.record import Item


@dataclass(frozen=True, slots=True)
class Taken:
    """Conversations, folders and removals that were new, that changed what was there, and that said nothing new; and
    how many messages came. `postponed`: removals of conversations in which a reply runs, and what is about one that is
    taken in at the same time; they have to be taken again. `incomplete`: conversations of which a part is still
    missing. `conversation_ids`: of those that are others now.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    messages: int = 0
    postponed: int = 0
    incomplete: int = 0
    conversation_ids: frozenset[str] = field(default=frozenset(), compare=False)

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.messages + other.messages,
            self.postponed + other.postponed,
            self.incomplete + other.incomplete,
            self.conversation_ids | other.conversation_ids,
        )


class Impossible(ValueError):
    """What is taken in cannot be true. `place`: where, as a path."""

    def __init__(self, conversation_id: str, place: str, trouble: str) -> None:
        super().__init__(f"conversation {conversation_id}: {trouble}")
        self.place = f"conversation[{conversation_id}]{place}"


class Incomplete(Impossible):
    """It stands on something that is not there (yet): a message or folder."""


# -- out --------------------------------------------------------------------------------------------------------------


def record_ids(connection: sqlite3.Connection, folder_ids: Sequence[str] | None, *, trash: bool) -> list[str]:
    found = connection.execute(
        "SELECT id FROM conversation WHERE (:all OR folder_id IN (SELECT value FROM json_each(:folders)))"
        " AND (:trash OR deleted_at IS NULL) AND deleted_at IS NOT :hidden ORDER BY created_at, id",
        {
            "all": folder_ids is None,
            "folders": json.dumps(list(folder_ids or ())),
            "trash": trash,
            "hidden": rows.HIDDEN,
        },
    )
    return [row["id"] for row in found.fetchall()]


def all_conversations(connection: sqlite3.Connection) -> list[Conversation]:
    found = connection.execute("SELECT * FROM conversation WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC")
    return [rows.to_conversation(row) for row in found.fetchall()]


def record(
    connection: sqlite3.Connection, conversation_id: str, message_ids: Sequence[str] | None = None
) -> Record | None:
    """With these of its messages, which others that are not among them may stand above of, or with all."""
    header = header_of(connection, conversation_id)
    if header is None:
        return None
    if message_ids is None:
        query = "SELECT * FROM message WHERE conversation_id = ? ORDER BY number"
        found = connection.execute(query, (conversation_id,))
    else:
        query = "SELECT message.* FROM json_each(?) AS wanted JOIN message ON message.id = wanted.value ORDER BY number"
        found = connection.execute(query, (json.dumps(list(message_ids)),))
    messages = [as_given(rows.to_message(connection, row)) for row in found.fetchall()]
    one = replace(header, messages=parents_first(messages))
    return _sound(one) if message_ids is None else one


def folder_records(connection: sqlite3.Connection) -> list[FolderRecord]:
    found = connection.execute("SELECT * FROM folder ORDER BY created_at, id")
    return [_to_folder_record(row) for row in found.fetchall()]


def purged(connection: sqlite3.Connection) -> list[Purged]:
    found = connection.execute("SELECT id, purged_at FROM purged ORDER BY purged_at, id")
    return [Purged(row["id"], row["purged_at"]) for row in found.fetchall()]


def _sound(record: Record) -> Record:
    """Without what damage may have done: a message whose parent is lost is a first one, the newest one is the leaf
    where the leaf is lost.
    """
    found = {message.id for message in record.messages}
    messages = tuple(
        message if message.parent_id is None or message.parent_id in found else replace(message, parent_id=None)
        for message in record.messages
    )
    leaf_id = record.conversation.leaf_id
    if leaf_id is not None and leaf_id not in found:
        leaf_id = max(found, default=None)
    return replace(record, messages=messages, conversation=replace(record.conversation, leaf_id=leaf_id))


def header_of(connection: sqlite3.Connection, conversation_id: str) -> Record | None:
    """A record without its messages."""
    row = connection.execute("SELECT * FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        return None
    conversation = rows.to_conversation(row)
    one = Record(conversation, (), _stamps(row), deleted_at=row["deleted_at"])
    folder = folder_record(connection, conversation.folder_id)
    if folder is None:
        return one
    return replace(one, folder=folder.folder, folder_stamps=folder.stamps, folder_deleted_at=folder.deleted_at)


def folder_record(connection: sqlite3.Connection, folder_id: str | None) -> FolderRecord | None:
    row = connection.execute("SELECT * FROM folder WHERE id = ?", (folder_id,)).fetchone()
    return row and _to_folder_record(row)


def _to_folder_record(row: sqlite3.Row) -> FolderRecord:
    return FolderRecord(Folder(row["name"], row["id"], row["created_at"]), _stamps(row), row["deleted_at"])


def _stamps(row: sqlite3.Row) -> dict[str, int]:
    """One that says no more than the time of the thing itself is as good as none."""
    return {name: stamp for name, stamp in json.loads(row["stamps"]).items() if stamp != row["created_at"]}


# -- in ---------------------------------------------------------------------------------------------------------------


def take_in(connection: sqlite3.Connection, items: Iterable[Item], *, partly: bool = False) -> Taken:
    """Raises Impossible, and its kind Incomplete, for what cannot be true. `partly`: of what is incomplete, take what
    there is; it has to be taken again when the rest has come.
    """
    counts: Counter[str] = Counter()
    touched = set()
    for item in items:
        if isinstance(item, Record):
            told, messages, missing = _take_conversation(connection, cleaned(item))
            if missing and not partly:
                raise Incomplete(item.conversation.id, "", f"{missing} is not there")
            counts["messages"] += messages
            counts["incomplete"] += bool(missing)
            about = item.conversation.id
        elif isinstance(item, FolderRecord):
            told = take_folder(connection, replace(item, folder=rows.cleaned(item.folder)))
            about = None
        elif isinstance(item, Template):
            told = templates.take(connection, templates.cleaned(item))
            about = None
        else:
            told = purge(connection, item)
            about = item.id
        counts[told] += 1
        if about is not None and told in {"added", "changed"}:
            touched.add(about)
    return Taken(**counts, conversation_ids=frozenset(touched))


def purge(connection: sqlite3.Connection, item: Purged) -> str:
    """Remove a conversation with all that was written about it; return which of Taken's counts it is."""
    before = connection.execute("SELECT purged_at FROM purged WHERE id = ?", (item.id,)).fetchone()
    if before is not None and before["purged_at"] <= item.purged_at:
        return "unchanged"
    running = "SELECT 1 FROM message WHERE conversation_id = ? AND runner IS NOT NULL"
    if connection.execute(running, (item.id,)).fetchone() or _is_hidden(connection, item.id):
        return "postponed"
    connection.execute("INSERT OR REPLACE INTO purged (id, purged_at) VALUES (?, ?)", (item.id, item.purged_at))
    trash.forget(connection, item.id)
    trash.begin_merging(connection)
    return "changed"


def is_purged(connection: sqlite3.Connection, conversation_id: str) -> bool:
    return connection.execute("SELECT 1 FROM purged WHERE id = ?", (conversation_id,)).fetchone() is not None


def is_here(connection: sqlite3.Connection, conversation_id: str) -> bool:
    return connection.execute("SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)).fetchone() is not None


def _is_hidden(connection: sqlite3.Connection, conversation_id: str) -> bool:
    """Whether it is being taken in this very moment."""
    query = "SELECT 1 FROM conversation WHERE id = ? AND deleted_at = ?"
    return connection.execute(query, (conversation_id, rows.HIDDEN)).fetchone() is not None


def news(connection: sqlite3.Connection, theirs: Record) -> Record | None:
    """What there is to take in of one whose conversation is here, None where it says nothing new."""
    ours = header_of(connection, theirs.conversation.id)
    kept = kept_messages(connection, theirs)
    messages = tuple(message for message in theirs.messages if _is_news(message, kept.get(message.id)))
    folder = folder_of(theirs)
    before = folder and folder_record(connection, folder.folder.id)
    same_folder = folder is None or (before is not None and merged_folders(before, folder) == before)
    if ours and not messages and same_folder and same(merged(ours, replace(theirs, messages=())), ours):
        return None
    return replace(theirs, messages=messages)


def _is_news(message: Message, ours: Message | None) -> bool:
    if ours is None or ours.conversation_id != message.conversation_id:
        return True
    return ours.state is not State.RUNNING and ours != message and merged_message(ours, message) != ours


def take_folder(connection: sqlite3.Connection, theirs: FolderRecord) -> str:
    ours = folder_record(connection, theirs.folder.id)
    one = merged_folders(ours or theirs, theirs)
    if one == ours:
        return "unchanged"
    connection.execute(
        "INSERT INTO folder (id, name, created_at, stamps, deleted_at)"
        " VALUES (:id, :name, :created_at, :stamps, :deleted_at)"
        " ON CONFLICT (id) DO UPDATE SET name = :name, created_at = :created_at, stamps = :stamps,"
        " deleted_at = :deleted_at",
        {**rows.to_row(one.folder), "stamps": json.dumps(one.stamps), "deleted_at": one.deleted_at},
    )
    return "added" if ours is None else "changed"


def _take_conversation(connection: sqlite3.Connection, theirs: Record) -> tuple[str, int, str]:
    """Which of Taken's counts it is, how many messages came, and what a part of it still lacks, "" if nothing."""
    conversation_id = theirs.conversation.id
    if is_purged(connection, conversation_id):
        return "unchanged", 0, ""
    if _is_hidden(connection, conversation_id):
        return "postponed", 0, ""
    if folder := folder_of(theirs):
        take_folder(connection, folder)
    kept = kept_messages(connection, theirs)
    theirs, missing = standing(connection, theirs, kept)
    ours = header_of(connection, conversation_id)
    if ours is None:
        rows.add_conversation(connection, replace(theirs.conversation, leaf_id=None))
    added, finished = take_messages(connection, theirs.messages, kept)
    one = merged(ours or theirs, replace(theirs, messages=()))
    if ours is None or not same(one, ours):
        update(connection, ours, one)
    if ours is None:
        return "added", added, missing
    return "unchanged" if not added and not finished and same(one, ours) else "changed", added, missing


def standing(connection: sqlite3.Connection, theirs: Record, kept: dict[str, Message]) -> tuple[Record, str]:
    """What of it can be taken in, and the first thing that the rest lacks, "" where nothing is lacking."""
    conversation = theirs.conversation
    lacking = []
    there = {one.id for one in kept.values() if one.conversation_id == conversation.id}
    messages = []
    for message in theirs.messages:
        if message.conversation_id != conversation.id or (message.id in kept and message.id not in there):
            place = f".messages[{message.id}]"
            raise Impossible(conversation.id, place, f"message {message.id} belongs to another one")
        if message.parent_id is None or message.parent_id in there:
            there.add(message.id)
            messages.append(message)
        else:
            lacking.append(f"message {message.parent_id}, which {message.id} answers,")
    without = set()
    if conversation.leaf_id is not None and conversation.leaf_id not in there:
        lacking.append(f"message {conversation.leaf_id}")
        without.add("leaf_id")
    if conversation.folder_id and not folder_record(connection, conversation.folder_id):
        lacking.append(f"folder {conversation.folder_id}")
        without.add("folder_id")
    if not lacking:
        return theirs, ""
    stamps = {name: stamp for name, stamp in theirs.stamps.items() if name not in without}
    changes: dict[str, Any] = dict.fromkeys(without)
    part = replace(theirs, conversation=replace(conversation, **changes), messages=tuple(messages), stamps=stamps)
    return part, lacking[0]


def kept_messages(connection: sqlite3.Connection, theirs: Record) -> dict[str, Message]:
    """What is here of the messages of `theirs`, and of those that they stand on."""
    wanted = {message.id for message in theirs.messages} | {message.parent_id for message in theirs.messages}
    found = connection.execute(
        "SELECT message.* FROM json_each(?) AS wanted JOIN message ON message.id = wanted.value",
        (json.dumps(list(wanted | {theirs.conversation.leaf_id})),),
    )
    return {row["id"]: rows.to_message(connection, row) for row in found.fetchall()}


def take_messages(
    connection: sqlite3.Connection, theirs: Iterable[Message], kept: dict[str, Message]
) -> tuple[int, int]:
    """How many came, and how many that were here were changed."""
    added = changed = 0
    for message in theirs:
        ours = kept.get(message.id)
        if ours is None:
            kept[message.id] = as_given(message)
            rows.insert_message(connection, as_given(message), None)
            added += 1
        elif ours.state is State.RUNNING or ours == message:  # what this process writes, it knows best
            continue
        elif (one := merged_message(ours, message)) != ours:
            kept[message.id] = one
            _replace(connection, ours, one)
            changed += 1
    return added, changed


def _replace(connection: sqlite3.Connection, ours: Message, one: Message) -> None:
    if replace(one, parent_id=ours.parent_id) != ours:
        rows.replace_message(connection, one)
        rows.replace_marks(connection, one)
        connection.execute(
            "UPDATE message SET role = ?, created_at = ? WHERE id = ?", (one.role, one.created_at, one.id)
        )
    if one.parent_id != ours.parent_id and not _is_above(connection, one.id, one.parent_id):
        connection.execute("UPDATE message SET parent_id = ? WHERE id = ?", (one.parent_id, one.id))


def _is_above(connection: sqlite3.Connection, message_id: str, other_id: str | None) -> bool:
    found = connection.execute(
        "WITH RECURSIVE above (id) AS (SELECT :other_id UNION SELECT parent_id FROM above JOIN message USING (id)"
        " WHERE parent_id IS NOT NULL) SELECT 1 FROM above WHERE id = :message_id",
        {"other_id": other_id, "message_id": message_id},
    )
    return found.fetchone() is not None


def update(connection: sqlite3.Connection, ours: Record | None, one: Record) -> None:
    names = (*FIELDS, "created_at", "updated_at", "deleted_at", "stamps")
    values = {**rows.to_row(one.conversation), "deleted_at": one.deleted_at, "stamps": json.dumps(one.stamps)}
    connection.execute(
        f"UPDATE conversation SET {', '.join(f'{name} = :{name}' for name in names)} WHERE id = :id",  # noqa: S608 -- ours
        values,
    )
    if ours is not None and ours.conversation.title != one.conversation.title:
        rows.index_title(connection, one.conversation.id, ours.conversation.title)


def same(one: Record, other: Record) -> bool:
    """But for messages and folder."""
    return (one.conversation, one.stamps, one.deleted_at) == (other.conversation, other.stamps, other.deleted_at)


def cleaned(record: Record) -> Record:
    """As it will be kept, so that it can be compared with what is."""
    messages = tuple(map(rows.cleaned, record.messages))
    folder = record.folder and rows.cleaned(record.folder)
    return replace(record, conversation=rows.cleaned(record.conversation), messages=messages, folder=folder)
