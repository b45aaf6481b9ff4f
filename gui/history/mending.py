"""Rows that speak of others, after some of the others were lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gui.conversation import LATEST, Role, State, now
from gui.history.rows import HIDDEN

if TYPE_CHECKING:
    import sqlite3

_ROLES = ", ".join(f"'{role}'" for role in Role)
_STATES = ", ".join(f"'{state}'" for state in State)

MENDING = f"""
DELETE FROM message WHERE conversation_id IN (SELECT id FROM conversation WHERE deleted_at = {HIDDEN});
DELETE FROM conversation WHERE deleted_at = {HIDDEN};
DELETE FROM message WHERE conversation_id IN (SELECT id FROM purged);
DELETE FROM conversation WHERE id IN (SELECT id FROM purged);
UPDATE message SET role = iif(model = '' AND connection = '', 'user', 'assistant') WHERE role NOT IN ({_ROLES});
UPDATE message SET state = iif(runner IS NULL, 'interrupted', 'running') WHERE state NOT IN ({_STATES});
UPDATE message SET runner = NULL WHERE state <> 'running' AND runner IS NOT NULL;
UPDATE message SET runner = '' WHERE state = 'running' AND runner IS NULL;
UPDATE message SET created_at = moment_of(id) WHERE created_at NOT BETWEEN 0 AND {LATEST};
UPDATE message SET finished_at = NULL WHERE finished_at NOT BETWEEN 0 AND {LATEST};
UPDATE message SET noted_at = NULL WHERE noted_at NOT BETWEEN 0 AND {LATEST};
UPDATE message SET pinned_at = NULL WHERE pinned_at NOT BETWEEN 0 AND {LATEST};
UPDATE message SET removed_at = NULL WHERE removed_at NOT BETWEEN 0 AND {LATEST};
UPDATE message SET pinned = 0 WHERE pinned NOT IN (0, 1);
UPDATE message SET removed = 0 WHERE removed NOT IN (0, 1);
UPDATE message SET parent_id = (
    SELECT max(id) FROM message AS earlier
    WHERE earlier.conversation_id = message.conversation_id AND earlier.id < message.id
) WHERE parent_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM message AS parent WHERE parent.id = message.parent_id
    AND parent.conversation_id = message.conversation_id
);
INSERT INTO conversation (id, title, created_at, updated_at, connection, model, system_prompt, pinned, unread)
    SELECT conversation_id, coalesce((
        SELECT substr(trim(replace(first.text, char(10), ' ')), 1, 60) FROM message AS first
        WHERE first.conversation_id = message.conversation_id AND role = 'user' ORDER BY id LIMIT 1
    ), ''), min(created_at), max(created_at), '', '', '', 0, 0
    FROM message WHERE conversation_id NOT IN (SELECT id FROM conversation) GROUP BY conversation_id;
UPDATE conversation SET leaf_id = (SELECT max(id) FROM message WHERE conversation_id = conversation.id)
    WHERE NOT EXISTS (SELECT 1 FROM message WHERE id = leaf_id AND conversation_id = conversation.id);
UPDATE conversation SET created_at = moment_of(id) WHERE created_at NOT BETWEEN 0 AND {LATEST};
UPDATE conversation SET updated_at = created_at WHERE updated_at NOT BETWEEN 0 AND {LATEST};
UPDATE conversation SET deleted_at = updated_at WHERE deleted_at NOT BETWEEN 0 AND {LATEST};
UPDATE conversation SET pinned = 0 WHERE pinned NOT IN (0, 1);
UPDATE conversation SET unread = 0 WHERE unread NOT IN (0, 1);
UPDATE conversation SET archived = 0 WHERE archived NOT IN (0, 1);
UPDATE conversation SET folder_id = NULL WHERE folder_id NOT IN (SELECT id FROM folder);
UPDATE conversation SET stamps = '{{}}' WHERE NOT is_stamps(stamps);
UPDATE folder SET stamps = '{{}}' WHERE NOT is_stamps(stamps);
UPDATE folder SET created_at = {{now}} WHERE created_at NOT BETWEEN 0 AND {LATEST};
DELETE FROM attachment WHERE message_id NOT IN (SELECT id FROM message);
DELETE FROM visit WHERE message_id NOT IN (SELECT id FROM message);
DELETE FROM part WHERE message_id NOT IN (SELECT id FROM message WHERE state = 'running');
"""  # noqa: S608 -- words and numbers of ours
"""What has to hold between rows, made to hold. Nothing of a sound history is changed by it."""


def mend_rows(connection: sqlite3.Connection) -> None:
    """Within a transaction that nobody else sees."""
    connection.create_function("moment_of", 1, moment_of, deterministic=True)
    connection.create_function("is_stamps", 1, _is_stamps, deterministic=True)
    for statement in MENDING.replace("{now}", str(now())).split(";\n"):
        connection.execute(statement)


def moment_of(an_id: str) -> int:
    """When it was made: a UUIDv7 begins with its time."""
    try:
        moment = int(an_id.replace("-", "")[:12], 16)
    except ValueError:
        return now()
    return moment if 0 < moment <= LATEST else now()


def _is_stamps(text: str) -> bool:
    try:
        stamps = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(stamps, dict) and all(isinstance(value, int) for value in stamps.values())
