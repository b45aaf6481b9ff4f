"""Rows and values: the SQL of the history. Every function is called inside of a transaction."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from gui.conversation import LATEST, Attachment, Conversation, Folder, Message, Role, State, now
from gui.history.database import DamagedRow
from gui.history.words import indexed, indexed_message, sortable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

Value = TypeVar("Value", Conversation, Folder, Message)

_NAMES: dict[Any, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if field.name != "attachments")
    for kind in (Conversation, Folder, Message)
}

HIDDEN = -1
"""The `deleted_at` of a conversation that is being taken in, and of which nobody is to know yet; see incoming.py."""

LAST_KEY = (2**63 - 1, "")
"""The paging key (updated_at, id) beyond every conversation's."""


class Changes(TypedDict, total=False):
    """What of a conversation can be changed."""

    title: str
    connection: str
    model: str
    system_prompt: str
    pinned: bool
    unread: bool
    leaf_id: str | None
    folder_id: str | None
    archived: bool
    options: str


def conversations(connection: sqlite3.Connection, before: tuple[int, str], limit: int) -> list[Conversation]:
    rows = connection.execute(
        "SELECT * FROM conversation WHERE deleted_at IS NULL AND archived = 0 AND (updated_at, id) < (?, ?)"
        " ORDER BY updated_at DESC, id DESC LIMIT ?",
        (*before, limit),
    )
    return [to_conversation(row) for row in rows.fetchall()]


def pinned(connection: sqlite3.Connection) -> list[Conversation]:
    rows = connection.execute(
        "SELECT * FROM conversation WHERE deleted_at IS NULL AND +archived = 0 AND pinned = 1"
        " ORDER BY updated_at DESC, id DESC"
    )
    return [to_conversation(row) for row in rows.fetchall()]


def conversation(connection: sqlite3.Connection, conversation_id: str) -> Conversation | None:
    row = connection.execute(
        "SELECT * FROM conversation WHERE id = ? AND deleted_at IS NULL", (conversation_id,)
    ).fetchone()
    return row and to_conversation(row)


def add_conversation(connection: sqlite3.Connection, conversation: Conversation) -> None:
    connection.execute(
        "INSERT INTO conversation (id, title, created_at, updated_at, leaf_id, connection, model, system_prompt,"
        " pinned, unread, folder_id, archived, options) VALUES (:id, :title, :created_at, :updated_at, :leaf_id,"
        " :connection, :model, :system_prompt, :pinned, :unread, :folder_id, :archived, :options)",
        to_row(conversation),
    )
    index_title(connection, conversation.id, None)


def update_conversation(connection: sqlite3.Connection, conversation_id: str, changes: Changes) -> None:
    row = connection.execute("SELECT * FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise LookupError(f"there is no conversation {conversation_id}")
    connection.execute(
        "UPDATE conversation SET title = :title, connection = :connection, model = :model,"
        " system_prompt = :system_prompt, pinned = :pinned, unread = :unread, leaf_id = :leaf_id,"
        " folder_id = :folder_id, archived = :archived, options = :options WHERE id = :id",
        to_row(replace(to_conversation(row), **changes)),
    )
    stamp(connection, conversation_id, *changes)
    if changes.get("title", row["title"]) != row["title"]:
        index_title(connection, conversation_id, row["title"])


def archive(connection: sqlite3.Connection, conversation_ids: Sequence[str], *, archived: bool) -> None:
    for one in conversation_ids:
        update_conversation(connection, one, {"archived": archived})


def mark_deleted(connection: sqlite3.Connection, conversation_ids: Sequence[str], deleted_at: int | None) -> None:
    for one in conversation_ids:
        _one(
            connection.execute("UPDATE conversation SET deleted_at = ? WHERE id = ?", (deleted_at, one)),
            f"conversation {one}",
        )
        stamp(connection, one, "deleted_at")


def stamp(connection: sqlite3.Connection, conversation_id: str, *names: str) -> None:
    """These fields were changed just now: later than ever before, even if a clock that goes ahead said when."""
    row = connection.execute("SELECT stamps, created_at FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    stamps = json.loads(row["stamps"])
    stamps |= {name: later(stamps.get(name, row["created_at"])) for name in names}
    connection.execute("UPDATE conversation SET stamps = ? WHERE id = ?", (json.dumps(stamps), conversation_id))


def later(moment: int) -> int:
    """Now, or just after `moment` if that is to come."""
    return min(max(now(), moment + 1), LATEST)


def add_message(
    connection: sqlite3.Connection, message: Message, runner: str, first_of: Conversation | None = None
) -> None:
    if first_of is not None and not _has(connection, first_of.id):
        add_conversation(connection, first_of)
    insert_message(connection, message, runner)
    connection.execute(
        "UPDATE conversation SET leaf_id = ?, updated_at = max(updated_at, ?) WHERE id = ?",
        (message.id, message.created_at, message.conversation_id),
    )
    stamp(connection, message.conversation_id, "leaf_id")


def insert_message(connection: sqlite3.Connection, message: Message, runner: str | None) -> None:
    running = message.state is State.RUNNING
    connection.execute(
        "INSERT INTO message (id, conversation_id, parent_id, role, state, runner, text, reasoning, created_at,"
        " finished_at, connection, model, error, prompt_tokens, completion_tokens, first_at, writing_ms, omitted)"
        " VALUES (:id, :conversation_id,"
        " :parent_id, :role, :state, :runner, :text, :reasoning, :created_at, :finished_at, :connection, :model,"
        " :error, :prompt_tokens, :completion_tokens, :first_at, :writing_ms, :omitted)",
        {**to_row(message), "runner": runner if running else None},
    )
    _add_attachments(connection, message)
    if not running:
        _index_message(connection, message.id, None)


def _has(connection: sqlite3.Connection, conversation_id: str) -> bool:
    return connection.execute("SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)).fetchone() is not None


def append_part(connection: sqlite3.Connection, message_id: str, text: str, reasoning: str) -> None:
    _one(
        connection.execute(
            "INSERT INTO part (text, reasoning, message_id)"
            " SELECT ?, ?, id FROM message WHERE id = ? AND state = 'running'",
            (clean(text), clean(reasoning), message_id),
        ),
        f"running message {message_id}",
    )


def finish_message(connection: sqlite3.Connection, message: Message) -> None:
    replace_message(connection, message)
    connection.execute(
        "UPDATE conversation SET updated_at = max(updated_at, ?)"
        " WHERE id = (SELECT conversation_id FROM message WHERE id = ?)",
        (message.finished_at or now(), message.id),
    )


def interrupt(connection: sqlite3.Connection, living_runners: set[str]) -> None:
    """End what nobody runs any more. When it ended is not known, so its conversation keeps its time."""
    for row in connection.execute("SELECT * FROM message WHERE runner IS NOT NULL").fetchall():
        if row["runner"] not in living_runners:
            replace_message(connection, replace(to_message(connection, row), state=State.INTERRUPTED))


def replace_message(connection: sqlite3.Connection, message: Message) -> None:
    before = _words_of(connection, message.id)
    _one(
        connection.execute(
            "UPDATE message SET state = :state, runner = NULL, text = :text, reasoning = :reasoning,"
            " finished_at = :finished_at, connection = :connection, model = :model, error = :error,"
            " prompt_tokens = :prompt_tokens, completion_tokens = :completion_tokens, first_at = :first_at,"
            " writing_ms = :writing_ms, omitted = :omitted WHERE id = :id",
            to_row(message),
        ),
        f"message {message.id}",
    )
    _add_attachments(connection, message)
    connection.execute("DELETE FROM part WHERE message_id = ?", (message.id,))
    _index_message(connection, message.id, before)


def _index_message(connection: sqlite3.Connection, message_id: str, before: str | None) -> None:
    """Have the words of a finished message found; `before` is what the index had of it until now, None for nothing."""
    (number,) = connection.execute("SELECT number FROM message WHERE id = ?", (message_id,)).fetchone()
    if before is not None:
        forget = "INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', ?, ?)"
        connection.execute(forget, (number, before))
    words = _words_of(connection, message_id)
    connection.execute("INSERT INTO message_words (rowid, text) VALUES (?, ?)", (number, words))


def _words_of(connection: sqlite3.Connection, message_id: str) -> str | None:
    """What the index has of a message; None for one that still runs, or is not there."""
    query = "SELECT text FROM message WHERE id = ? AND state <> 'running'"
    row = connection.execute(query, (message_id,)).fetchone()
    return None if row is None else indexed_message(row["text"], names_of_attachments(connection, message_id))


def names_of_attachments(connection: sqlite3.Connection, message_id: str) -> list[str]:
    rows = connection.execute("SELECT name FROM attachment WHERE message_id = ? ORDER BY number", (message_id,))
    return [row["name"] for row in rows.fetchall()]


def index_title(connection: sqlite3.Connection, conversation_id: str, before: str | None) -> None:
    """As `_index_message`, `before` being the title; and have it sorted by what it is now."""
    query = "SELECT number, title FROM conversation WHERE id = ?"
    number, title = connection.execute(query, (conversation_id,)).fetchone()
    if before is not None:
        forget = "INSERT INTO title_words (title_words, rowid, title) VALUES ('delete', ?, ?)"
        connection.execute(forget, (number, indexed(before)))
    connection.execute("INSERT INTO title_words (rowid, title) VALUES (?, ?)", (number, indexed(title)))
    connection.execute("UPDATE conversation SET sorted_as = ? WHERE number = ?", (sortable(title), number))


def message(connection: sqlite3.Connection, message_id: str) -> Message | None:
    row = connection.execute("SELECT * FROM message WHERE id = ?", (message_id,)).fetchone()
    return row and to_message(connection, row)


def branch(connection: sqlite3.Connection, conversation_id: str, leaf_id: str | None, limit: int) -> list[Message]:
    # `limit` also ends the walk where damage has made a ring of it.
    rows = connection.execute(
        "WITH RECURSIVE branch (id, parent_id, distance) AS ("
        "  SELECT id, parent_id, 1 FROM message WHERE conversation_id = :conversation_id AND id ="
        "    coalesce(:leaf_id, (SELECT leaf_id FROM conversation WHERE id = :conversation_id)) AND :limit > 0"
        "  UNION ALL"
        "  SELECT message.id, message.parent_id, distance + 1 FROM branch JOIN message ON message.id = branch.parent_id"
        "    WHERE distance < :limit"
        ") SELECT message.* FROM branch JOIN message USING (id) ORDER BY distance DESC",
        {"conversation_id": conversation_id, "leaf_id": leaf_id, "limit": limit},
    )
    return [to_message(connection, row) for row in rows.fetchall()]


def branch_ids(connection: sqlite3.Connection, conversation_id: str) -> list[str]:
    # UNION, not UNION ALL: damage that has made a ring of it ends the walk.
    rows = connection.execute(
        "WITH RECURSIVE branch (id) AS ("
        "  SELECT leaf_id FROM conversation WHERE id = :conversation_id AND leaf_id IS NOT NULL"
        "  UNION SELECT parent_id FROM branch JOIN message USING (id) WHERE parent_id IS NOT NULL"
        ") SELECT id FROM branch",
        {"conversation_id": conversation_id},
    )
    return [row["id"] for row in rows.fetchall()][::-1]


def leaf_below(connection: sqlite3.Connection, message_id: str) -> str:
    # The ids are in order of time; UNION ends the walk where damage has made a ring of it.
    row = connection.execute(
        "WITH RECURSIVE below (id) AS (SELECT :id UNION SELECT (SELECT max(message.id) FROM message"
        "  WHERE message.parent_id = below.id) FROM below WHERE below.id IS NOT NULL)"
        " SELECT below.id FROM below WHERE below.id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM message WHERE message.parent_id = below.id)",
        {"id": message_id},
    ).fetchone()
    return row["id"] if row else message_id


def versions(connection: sqlite3.Connection, message_ids: Sequence[str]) -> dict[str, list[str]]:
    rows = connection.execute(
        "SELECT message.id, version.id AS version FROM json_each(?) AS wanted"
        " JOIN message ON message.id = wanted.value JOIN message AS version"
        " ON version.parent_id IS message.parent_id AND version.conversation_id = message.conversation_id"
        " ORDER BY version.created_at, version.id",
        (json.dumps(message_ids),),
    )
    found: dict[str, list[str]] = {}
    for row in rows.fetchall():
        found.setdefault(row["id"], []).append(row["version"])
    return found


def siblings(connection: sqlite3.Connection, message_id: str) -> list[str]:
    rows = connection.execute(
        "SELECT version.id FROM message JOIN message AS version"
        " ON version.parent_id IS message.parent_id AND version.conversation_id = message.conversation_id"
        " WHERE message.id = ? ORDER BY version.created_at, version.id",
        (message_id,),
    )
    return [row["id"] for row in rows.fetchall()]


def touch(connection: sqlite3.Connection) -> None:
    """Write a page as it is."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")


# -- rows and values --------------------------------------------------------------------------------------------------


def to_row(value: Value) -> dict[str, Any]:
    items = ((name, getattr(value, name)) for name in _NAMES[type(value)])
    return {name: clean(item) if isinstance(item, str) else item for name, item in items}


def cleaned(value: Value) -> Value:
    """With each of its texts as UTF-8 can hold it."""
    changed = {name: item for name, item in to_row(value).items() if item is not getattr(value, name)}
    return replace(value, **changed) if changed else value


def clean(text: str) -> str:
    """`text` as UTF-8 can hold it: two surrogates that belong together joined, lone ones replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def to_conversation(row: sqlite3.Row) -> Conversation:
    return Conversation(**_values(row, Conversation))


def to_message(connection: sqlite3.Connection, row: sqlite3.Row) -> Message:
    message = Message(**_values(row, Message), attachments=_attachments(connection, row["id"]))
    if message.state is not State.RUNNING:
        return message
    parts = connection.execute(
        "SELECT text, reasoning FROM part WHERE message_id = ? ORDER BY number", (message.id,)
    ).fetchall()
    # Joined here: group_concat() of this SQLite ends a text at its first NUL.
    text = message.text + "".join(part["text"] for part in parts)
    reasoning = message.reasoning + "".join(part["reasoning"] for part in parts)
    return replace(message, text=text, reasoning=reasoning)


def _attachments(connection: sqlite3.Connection, message_id: str) -> tuple[Attachment, ...]:
    found = connection.execute(
        "SELECT id, name, type, content FROM attachment WHERE message_id = ? ORDER BY number", (message_id,)
    )
    return tuple(Attachment(row["name"], row["type"], row["content"], row["id"]) for row in found.fetchall())


def _add_attachments(connection: sqlite3.Connection, message: Message) -> None:
    """Those that are not there yet; they are never changed."""
    connection.executemany(
        "INSERT OR IGNORE INTO attachment (id, message_id, name, type, content) VALUES (?, ?, ?, ?, ?)",
        [(one.id, message.id, clean(one.name), clean(one.type), one.content) for one in message.attachments],
    )


def _values(row: sqlite3.Row, kind: type[Conversation | Message]) -> dict[str, Any]:
    """What a row says, field by field. Raises DamagedRow for what nobody can have written."""
    values = {}
    for name, read in _READERS[kind]:
        try:
            values[name] = read(row[name])
        except (ValueError, IndexError):  # no such column: the schema is damaged too
            raise DamagedRow(f"a {kind.__name__.lower()} without its {name}") from None
    return values


def _is(kind: type[Any], value: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError  # noqa: TRY004 -- not a mistake of ours
    return value


def _moment(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= LATEST:
        raise ValueError
    return value


_KINDS: dict[str, Callable[[Any], Any]] = {
    "str": partial(_is, str),
    "int": partial(_is, int),
    "bool": bool,
    "Role": Role,
    "State": State,
}


def _reader(name: str, annotation: str) -> Callable[[Any], Any]:
    kind, optional, _ = annotation.partition(" | None")
    read = _moment if name.endswith("_at") else _KINDS[kind]
    return (lambda value: None if value is None else read(value)) if optional else read


_READERS = {
    kind: [(field.name, _reader(field.name, str(field.type))) for field in fields(kind) if field.name in _NAMES[kind]]
    for kind in (Conversation, Message)
}


def _one(cursor: sqlite3.Cursor, what: str) -> None:
    if cursor.rowcount != 1:
        raise LookupError(f"there is no {what}")
