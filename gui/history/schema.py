"""The database's contract: what is in the file, who made it, and how an older one becomes today's.

The file says of itself `application_id` = APPLICATION_ID and `user_version` = how many of MIGRATIONS it has seen.
Texts are UTF-8 and may hold NUL; times are milliseconds since the epoch, UTC; ids are UUIDv7 in their usual spelling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gui.history.words import indexed, indexed_message, sortable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

Migration: TypeAlias = "Callable[[sqlite3.Connection], None]"

APPLICATION_ID = 0x47505243  # "GPRC"

# `number` is the row id made explicit: VACUUM may renumber any other, and a full-text index stands on it.
SCHEMA = """
CREATE TABLE conversation (
    number        INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,
    title         TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    leaf_id       TEXT    REFERENCES message (id) DEFERRABLE INITIALLY DEFERRED,  -- end of the branch on show
    connection    TEXT    NOT NULL,
    model         TEXT    NOT NULL,
    system_prompt TEXT    NOT NULL,
    pinned        INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    unread        INTEGER NOT NULL CHECK (unread IN (0, 1)),
    deleted_at    INTEGER                                                         -- NULL: not deleted
) STRICT;

CREATE TABLE message (
    number            INTEGER PRIMARY KEY,
    id                TEXT    NOT NULL UNIQUE,
    conversation_id   TEXT    NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    parent_id         TEXT    REFERENCES message (id) ON DELETE CASCADE,          -- NULL: first of its conversation
    role              TEXT    NOT NULL,                                           -- conversation.Role
    state             TEXT    NOT NULL,                                           -- conversation.State
    runner            TEXT,                                                       -- of a running one, see running.py
    text              TEXT    NOT NULL,
    reasoning         TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    finished_at       INTEGER,
    connection        TEXT    NOT NULL,
    model             TEXT    NOT NULL,
    error             TEXT    NOT NULL,                                           -- GProChatError.to_json(), or empty
    prompt_tokens     INTEGER,
    completion_tokens INTEGER,
    CHECK ((state = 'running') = (runner IS NOT NULL))
) STRICT;

-- What a running reply has grown by, in order of `number`; joined into its message's row when it ends.
CREATE TABLE part (
    number     INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    text       TEXT NOT NULL,
    reasoning  TEXT NOT NULL
) STRICT;

CREATE INDEX conversation_newest ON conversation (updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversation_pinned ON conversation (updated_at DESC, id DESC) WHERE deleted_at IS NULL AND pinned = 1;
CREATE INDEX conversation_leaf ON conversation (leaf_id);
CREATE INDEX message_conversation ON message (conversation_id);
CREATE INDEX message_parent ON message (parent_id, conversation_id);
CREATE INDEX message_running ON message (runner) WHERE runner IS NOT NULL;
CREATE INDEX part_message ON part (message_id);
"""


def create_tables(connection: sqlite3.Connection) -> None:
    """Version 1. The next migration brings its own SQL; this one stays as it is."""
    for statement in SCHEMA.split(";\n"):  # executescript would commit what runs
        connection.execute(statement)


SEARCH = """
CREATE VIRTUAL TABLE message_words USING fts5 (
    text,                                  -- words.indexed_message(); rowid = message.number
    content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE title_words USING fts5 (
    title,                                 -- words.indexed() of conversation.title; rowid = conversation.number
    content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
"""


SEARCH_TABLES = ("message_words", "title_words")


def add_search(connection: sqlite3.Connection) -> None:
    """Version 2: the words of every finished message and of every title. The indexes keep no text of their own."""
    for statement in SEARCH.split(";\n"):
        connection.execute(statement)
    _index_messages(connection, {})
    _index_titles(connection)


def index_everything(connection: sqlite3.Connection) -> None:
    """Fill the indexes of a file of today, which are empty."""
    _index_messages(connection, _names_by_message(connection))
    _index_titles(connection)


def _index_messages(connection: sqlite3.Connection, names: Mapping[str, Sequence[str]]) -> None:
    for number, one, text in connection.execute("SELECT number, id, text FROM message WHERE state <> 'running'"):
        words = indexed_message(text, names.get(one, ()))
        connection.execute("INSERT INTO message_words (rowid, text) VALUES (?, ?)", (number, words))


def _index_titles(connection: sqlite3.Connection) -> None:
    for number, title in connection.execute("SELECT number, title FROM conversation"):
        connection.execute("INSERT INTO title_words (rowid, title) VALUES (?, ?)", (number, indexed(title)))


def _names_by_message(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """What the attachments of each message are called, in their order."""
    names: dict[str, list[str]] = {}
    for message, name in connection.execute("SELECT message_id, name FROM attachment ORDER BY number"):
        names.setdefault(message, []).append(name)
    return names


PLACES = """
CREATE TABLE folder (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    stamps     TEXT    NOT NULL,
    deleted_at INTEGER                                                            -- NULL: not deleted
) STRICT;
ALTER TABLE conversation ADD COLUMN folder_id TEXT REFERENCES folder (id);
ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
-- JSON: when each field was changed last; one that is not in it never was. Two histories are merged field by field.
ALTER TABLE conversation ADD COLUMN stamps TEXT NOT NULL DEFAULT '{}';
-- Conversations that were removed for good: no import brings them back.
CREATE TABLE purged (
    id        TEXT    NOT NULL PRIMARY KEY,
    purged_at INTEGER NOT NULL
) STRICT;
DROP INDEX conversation_newest;
CREATE INDEX conversation_newest ON conversation (updated_at DESC, id DESC) WHERE deleted_at IS NULL AND archived = 0;
CREATE INDEX conversation_folder ON conversation (folder_id, updated_at DESC, id DESC) WHERE folder_id IS NOT NULL;
CREATE INDEX conversation_archived ON conversation (updated_at DESC, id DESC) WHERE archived = 1;
CREATE INDEX conversation_deleted ON conversation (deleted_at) WHERE deleted_at IS NOT NULL;
"""


def add_places(connection: sqlite3.Connection) -> None:
    """Version 3: folders, the archive, the trash, and what merging needs to know."""
    for statement in PLACES.split(";\n"):
        connection.execute(statement)


SYNC = """
-- One row once there was a sync folder: the name of this copy of the history in it, and where this copy is.
CREATE TABLE sync (
    machine   TEXT    NOT NULL PRIMARY KEY,
    home      TEXT    NOT NULL,                                                   -- another one: the file was copied
    recording INTEGER NOT NULL CHECK (recording IN (0, 1))                        -- 0: what is written is from there
) STRICT;
-- What is still to be written there, in the order of `number`.
CREATE TABLE unsent (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind   TEXT NOT NULL,          -- conversation (without its messages), whole (with them), message, folder, purged
    id     TEXT NOT NULL,          -- of such a one
    UNIQUE (kind, id)
) STRICT;
-- The files there whose contents are in this history, as machine/name.
CREATE TABLE taken (file TEXT NOT NULL PRIMARY KEY) STRICT;
"""

# Deleted and inserted: in a trigger, what INSERT OR REPLACE would do is decided by the statement that fires it.
NOTE_CHANGES = """
CREATE TRIGGER {table}_{event} AFTER {event} ON {table} WHEN {condition} BEGIN
    DELETE FROM unsent WHERE kind = '{table}' AND id = NEW.id;
    INSERT INTO unsent (kind, id) VALUES ('{table}', NEW.id);
END
"""
NOTED = {
    "conversation": "(SELECT recording FROM sync)",
    "message": "NEW.state <> 'running' AND (SELECT recording FROM sync)",
    "folder": "(SELECT recording FROM sync)",
    "purged": "EXISTS (SELECT 1 FROM sync)",  # whoever removed it: every copy takes it out of its own files
}


def add_sync(connection: sqlite3.Connection) -> None:
    """Version 4: what has to be known to keep equal with other copies through a folder."""
    for statement in SYNC.split(";\n"):
        connection.execute(statement)
    for table, condition in NOTED.items():
        for event in ("INSERT", "UPDATE"):
            connection.execute(NOTE_CHANGES.format(table=table, event=event, condition=condition))


ORDERS = """
-- words.sortable() of the title.
ALTER TABLE conversation ADD COLUMN sorted_as TEXT NOT NULL DEFAULT '';
DROP INDEX conversation_folder;
DROP INDEX conversation_archived;
CREATE INDEX conversation_archived ON conversation (updated_at DESC, id DESC) WHERE deleted_at IS NULL AND archived = 1;
CREATE INDEX conversation_by_change ON conversation (folder_id, updated_at DESC, id DESC)
    WHERE deleted_at IS NULL AND archived = 0 AND pinned = 0;
CREATE INDEX conversation_by_creation ON conversation (folder_id, created_at DESC, id DESC)
    WHERE deleted_at IS NULL AND archived = 0 AND pinned = 0;
CREATE INDEX conversation_by_title ON conversation (folder_id, sorted_as, id)
    WHERE deleted_at IS NULL AND archived = 0 AND pinned = 0;
"""


def add_orders(connection: sqlite3.Connection) -> None:
    """Version 5: any part of a long list of conversations, in each order that a person can choose."""
    for statement in ORDERS.split(";\n"):
        connection.execute(statement)
    recording = connection.execute("SELECT recording FROM sync").fetchone()
    connection.execute("UPDATE sync SET recording = 0")  # nothing changes that others do not know
    for number, title in connection.execute("SELECT number, title FROM conversation").fetchall():
        connection.execute("UPDATE conversation SET sorted_as = ? WHERE number = ?", (sortable(title), number))
    if recording is not None:
        connection.execute("UPDATE sync SET recording = ?", tuple(recording))


OPTIONS = """
ALTER TABLE conversation ADD COLUMN options TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN first_at INTEGER;
ALTER TABLE message ADD COLUMN writing_ms INTEGER;
ALTER TABLE message ADD COLUMN omitted INTEGER NOT NULL DEFAULT 0;
"""


def add_options(connection: sqlite3.Connection) -> None:
    """Version 6: what a conversation's model is asked with, and what a reply tells of its making."""
    for statement in OPTIONS.split(";\n"):
        connection.execute(statement)


ATTACHMENTS = """
CREATE TABLE attachment (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    content    BLOB NOT NULL
) STRICT;
CREATE INDEX attachment_message ON attachment (message_id);
"""


def add_attachments(connection: sqlite3.Connection) -> None:
    """Version 7: images and texts that were said along with a message, in order of `number`."""
    for statement in ATTACHMENTS.split(";\n"):
        connection.execute(statement)


def index_attachments(connection: sqlite3.Connection) -> None:
    """Version 8: a message is found by what its attachments are called, too."""
    forget = "INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', ?, ?)"
    said = "SELECT number, text FROM message WHERE id = ? AND state <> 'running'"
    for message, names in _names_by_message(connection).items():
        for number, text in connection.execute(said, (message,)).fetchall():
            connection.execute(forget, (number, indexed(text)))
            words = indexed_message(text, names)
            connection.execute("INSERT INTO message_words (rowid, text) VALUES (?, ?)", (number, words))


MIGRATIONS: Sequence[Migration] = (
    create_tables,
    add_search,
    add_places,
    add_sync,
    add_orders,
    add_options,
    add_attachments,
    index_attachments,
)
"""In order, never changed once published: the n-th makes a file of version n - 1 one of version n."""


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring an empty file, or one of an older version, to today's; each migration is one transaction.

    `connection` is in autocommit mode (`isolation_level=None`). One that fails leaves the file at the version before.
    """
    for version, migration in enumerate(migrations, start=1):
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            if version_of(connection) < version:
                migration(connection)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {version}")


def version_of(connection: sqlite3.Connection) -> int:
    """The file's `user_version`: 0 for an empty one."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
