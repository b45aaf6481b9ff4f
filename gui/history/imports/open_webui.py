"""Open WebUI's export: a list of chats, each with `chat.history`: the messages by their ids, and the current one's."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from gui.conversation import Role
from gui.history.imports.tree import Node, Source, grow, joined, named
from gui.history.imports.value import A_ROLE

if TYPE_CHECKING:
    from gui.history.imports.value import Value
    from gui.history.record import Record

ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.ASSISTANT, "system": Role.SYSTEM}

_THOUGHT = re.compile(
    r'<details type="(?:reasoning|code_interpreter|tool_calls)"[^>]*>\s*(?:<summary>[^<]*</summary>)?(.*?)</details>',
    re.DOTALL,
)
_QUOTE = re.compile(r"^> ?", re.MULTILINE)


def recognises(data: dict[str, Any]) -> bool:
    chat = data.get("chat", data)
    return isinstance(chat, dict) and ("history" in chat or ("chat" in data and "messages" in chat))


def read(value: Value) -> Record | None:
    chat = value if value.get("chat").data is None else value.get("chat")
    history = chat.get("history")
    if history.data is not None and history.get("messages").data:
        nodes = [_node(key, message, None) for key, message in history.get("messages").members()]
        leaf = history.get("currentId").name()
    else:
        nodes, leaf = [], ""
        for message in chat.get("messages").items():
            before = nodes[-1].key if nodes else None
            nodes.append(_node(message.get("id").name() or str(len(nodes)), message, before))
    prompts = [node.text for node in nodes if node.role is Role.SYSTEM]
    prompts += [chat.look("params").look("system").word(), chat.look("system").word()]
    begin = min((node.at for node in nodes if node.at), default=None)
    source = Source(
        "open-webui",
        value.get("id").name()
        or chat.get("id").name()
        or (nodes[0].key if nodes and nodes[0].value.get("id").name() else ""),
        value.get("title").text() or chat.get("title").text(),
        value.get("created_at").time() or begin,
        value.get("updated_at").time(),
        leaf,
        joined(*prompts),
        value.get("pinned").flag(),
        value.get("archived").flag(),
    )
    return grow(source, [node if node.role is not Role.SYSTEM else _silent(node) for node in nodes])


def _silent(node: Node) -> Node:
    return Node(node.key, node.parent, node.role, node.value)


def _node(key: str, message: Value, before: str | None) -> Node:
    role = ROLES.get(message.get("role").text())
    if role is None:
        message.get("role").refuse(A_ROLE)
    text, thoughts = _content(message.get("content")), ""
    if role is Role.ASSISTANT:
        thoughts = joined(
            message.get("reasoning_content").word(),
            *(_QUOTE.sub("", unescape(found[1])).strip() for found in _THOUGHT.finditer(text)),
        )
        text = _THOUGHT.sub("", text).strip("\n")
    files = [_file(file) for file in message.get("files").each()]
    usage = message.get("usage")
    return Node(
        key,
        message.get("parentId").name() or before,
        role,
        message,
        joined(*files, text),
        thoughts,
        message.get("timestamp").time(),
        message.get("model").word() if role is Role.ASSISTANT else "",
        _error(message.get("error")),
        usage.look("prompt_tokens").count(),
        usage.look("completion_tokens").count(),
    )


def _content(content: Value) -> str:
    if not isinstance(content.data, list):
        return content.text()
    texts = (
        part.get("text").text() if part.get("type").text() == "text" else named("Image") for part in content.items()
    )
    return joined(*texts)


def _file(file: Value) -> str:
    return named("Image" if file.look("type").word() == "image" else "File", file.look("name").word())


def _error(error: Value) -> str:
    return error.look("content").word() or error.word()
