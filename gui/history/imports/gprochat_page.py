"""What the web page of GPROChat keeps of its one chat: `messageList`, a list of {role, content} without ids and times.

The ids come from what was said until then, so that a list that has grown since adds what is new.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from gui.conversation import Role
from gui.history.imports.tree import Node, Source, grow, joined
from gui.history.imports.value import A_ROLE, A_TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.history.imports.value import Value
    from gui.history.record import Record

ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "model": Role.ASSISTANT, "system": Role.SYSTEM}


def recognises(data: dict[str, Any]) -> bool:
    return "role" in data and ("content" in data or "parts" in data)


def read(messages: Sequence[Value]) -> Record | None:
    nodes: list[Node] = []
    said = hashlib.sha256()
    prompts = []
    for message in messages:
        role = ROLES.get(message.get("role").text())
        if role is None:
            message.get("role").refuse(A_ROLE)
        text = _text(message)
        if role is Role.SYSTEM:
            prompts.append(text)
            continue
        said.update(f"{role}\0{len(text)}\0{text}".encode())
        nodes.append(Node(said.hexdigest(), nodes[-1].key if nodes else None, role, message, text))
    source = Source("gprochat-page", nodes[0].key if nodes else "", system_prompt=joined(*prompts))
    return grow(source, nodes)


def _text(message: Value) -> str:
    """`content`, or the `parts` that the page sends in its place."""
    if message.get("content").data is not None:
        return message.get("content").text()
    parts = list(message.get("parts").items())
    if not parts:
        message.get("content").refuse(A_TEXT)
    return "".join(part.get("text").text() for part in parts)
