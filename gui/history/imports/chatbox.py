"""Chatbox's export: one object, in which each "session:…" is a conversation, or all of them are in "chat-sessions".

A session has its last thread in `messages`, those before in `threads`, and other versions of what follows a message in
`messageForksHash`. The settings beside them, which may hold keys, are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gui.conversation import Role
from gui.history.imports.tree import Node, Source, fenced, grow, joined, named
from gui.history.imports.value import A_ROLE, as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.history.imports.value import Value
    from gui.history.record import Record

SESSION = "session:"
SESSIONS = "chat-sessions"
MARKS = ("__exported_items", "chat-sessions-list", SESSIONS)

ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.ASSISTANT, "system": Role.SYSTEM}


def recognises(key: str) -> bool:
    return key in MARKS or key.startswith(SESSION)


def read(key: str, value: Value) -> Iterator[Record]:
    """The conversations in one entry of the object."""
    if key == SESSIONS:
        for session in value.items():
            yield from _session(session)
    elif key.startswith(SESSION) and value.data is not None:
        yield from _session(value)


def _session(value: Value) -> Iterator[Record]:
    name = value.get("id").name()
    title = value.get("name").text()
    pinned = value.get("starred").flag()
    for thread in value.get("threads").items():
        key = f"{name}:{own}" if (own := thread.get("id").name()) else ""
        record = _thread(key, thread.get("name").text() or title, thread.get("messages"), value, pinned=pinned)
        if record is not None:
            yield record
    title = value.get("threadName").text() or title
    record = _thread(name, title, value.get("messages"), value, pinned=pinned)
    if record is not None:
        yield record


def _thread(key: str, title: str, messages: Value, session: Value, *, pinned: bool) -> Record | None:
    nodes: list[Node] = []
    for message in messages.items():
        nodes.append(_node(message, len(nodes), nodes[-1].key if nodes else None))
    leaf = nodes[-1].key if nodes else ""
    known = {node.key for node in nodes}
    for fork, value in session.get("messageForksHash").members():
        if fork in known:
            nodes += _forks(fork, value)
    prompt = joined(*(node.text for node in nodes if node.role is Role.SYSTEM))
    nodes = [
        node if node.role is not Role.SYSTEM else Node(node.key, node.parent, node.role, node.value) for node in nodes
    ]
    begin = min((node.at for node in nodes if node.at), default=None)
    source = Source("chatbox", key, title, begin, None, leaf, prompt, pinned)
    return grow(source, nodes)


def _forks(fork: str, value: Value) -> list[Node]:
    """What else followed the message `fork`. The version on show is empty here."""
    nodes: list[Node] = []
    for version in value.get("lists").items():
        before = fork
        for message in version.get("messages").items():
            node = _node(message, len(nodes), before, f"{fork}:{version.get('id').name()}:")
            nodes.append(node)
            before = node.key
    return nodes


def _node(message: Value, number: int, before: str | None, place: str = "") -> Node:
    role = ROLES.get(message.get("role").text())
    if role is None:
        message.get("role").refuse(A_ROLE)
    texts, thoughts = [], [message.get("reasoningContent").word()]
    for part in message.get("contentParts").items():
        text, thought = _part(part)
        texts.append(text)
        thoughts.append(thought)
    text = joined(*texts) or message.get("content").text()
    files = [named("File", file.look("name").word()) for file in message.get("files").each()]
    files += [link.look("url").word() for link in message.get("links").each()]
    pictures = [named("Image") for _picture in message.get("pictures").each()]
    usage = message.get("usage")
    return Node(
        message.get("id").name() or f"{place}{number}",
        before,
        role,
        message,
        joined(*files, *pictures, text),
        joined(*thoughts),
        message.get("timestamp").time(),
        message.get("model").word() if role is Role.ASSISTANT else "",
        message.get("error").word(),
        usage.look("inputTokens").count(),
        usage.look("outputTokens").count(),
    )


def _part(part: Value) -> tuple[str, str]:
    """The text of a part, and what of it is thought."""
    kind = part.get("type").text()
    if kind == "text":
        return part.get("text").text(), ""
    if kind == "reasoning":
        return "", part.get("text").text()
    if kind == "image":
        return named("Image"), ""
    if kind == "tool-call":
        given: dict[str, Any] = {name: part.get(name).data for name in ("args", "result")}
        return "", joined(f"**{part.get('toolName').word()}**", fenced(as_json(given), "json"))
    return "", ""
