"""A conversation made of a part of another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.conversation import new_id, now
from gui.history import rows
from gui.history.merging import as_given

if TYPE_CHECKING:
    import sqlite3

    from gui.conversation import Conversation

ALL = 2**31  # messages of a branch


def branch_off(connection: sqlite3.Connection, message_id: str) -> Conversation:
    """Copy the branch that ends at a message into a new conversation. Raises LookupError if it is not there."""
    last = rows.message(connection, message_id)
    origin = rows.conversation(connection, last.conversation_id) if last is not None else None
    if origin is None:
        raise LookupError(f"there is no message {message_id}")
    moment = now()
    made = replace(origin, id=new_id(), created_at=moment, updated_at=moment, leaf_id=None, pinned=False, unread=False)
    rows.add_conversation(connection, made)
    parent: str | None = None
    for one in rows.branch(connection, origin.id, message_id, ALL):
        attachments = tuple(replace(attachment, id=new_id()) for attachment in one.attachments)
        copy = replace(as_given(one), id=new_id(), conversation_id=made.id, parent_id=parent, attachments=attachments)
        rows.insert_message(connection, copy, None)
        parent = copy.id
    rows.update_conversation(connection, made.id, {"leaf_id": parent})
    return replace(made, leaf_id=parent)
