"""Claude's export: `conversations.json`, a list of conversations, each with its `chat_messages`.

A message is a list of blocks. Documents that were made beside a chat are part of the text here; calls of other tools
and what they gave are thought. Older files have no blocks, and say nothing of branches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gui.conversation import Role
from gui.history.imports.tree import Node, Source, fenced, grow, joined, named
from gui.history.imports.value import A_ROLE, as_json

if TYPE_CHECKING:
    from gui.history.imports.value import Value
    from gui.history.record import Record

ROLES = {"human": Role.USER, "user": Role.USER, "assistant": Role.ASSISTANT}


def recognises(data: dict[str, Any]) -> bool:
    return "chat_messages" in data


def read(value: Value) -> Record | None:
    nodes: list[Node] = []
    for message in value.get("chat_messages").items():
        before = nodes[-1].key if nodes else None
        nodes.append(_node(message, f"{message.get('uuid').name() or len(nodes)}", before))
    source = Source(
        "claude",
        value.get("uuid").name() or (nodes[0].key if nodes and nodes[0].value.get("uuid").name() else ""),
        value.get("name").text(),
        value.get("created_at").time(),
        value.get("updated_at").time(),
        value.get("current_leaf_message_uuid").name(),
        pinned=value.get("is_starred").flag(),
        system_prompt=value.get("settings").look("system_prompt").word(),
    )
    return grow(source, nodes)


def _node(message: Value, key: str, before: str | None) -> Node:
    sender = message.get("sender")
    role = ROLES.get(sender.text())
    if role is None:
        sender.refuse(A_ROLE)
    texts, thoughts = [], []
    for block in message.get("content").items():
        text, thought = _block(block)
        texts.append(text)
        thoughts.append(thought)
    text = joined(*texts) or message.get("text").text()
    files = []
    for file in (*message.get("attachments").each(), *message.get("files").each()):
        name = file.look("file_name").word()
        # What was pasted in and is long is a file without a name.
        files.append(named("File", name) if name else file.look("extracted_content").word())
    parent = message.get("parent_message_uuid").name() or before
    model = message.get("model").word() if role is Role.ASSISTANT else ""
    at = message.get("created_at").time()
    return Node(key, parent, role, message, joined(*files, text), joined(*thoughts), at, model)


def _block(block: Value) -> tuple[str, str]:
    """The text of a block, and what of it is thought."""
    text = thought = ""
    match block.get("type").text():
        case "text":
            text = block.get("text").text()
        case "thinking":
            thought = block.get("thinking").text()
        case "image":
            text = named("Image")
        case "tool_use":
            given, name = block.get("input"), block.get("name").word()
            if name == "artifacts" and isinstance(given.data, dict):
                return _document(given)
            thought = joined(f"**{name}**", fenced(as_json(given.data), "json"))
        case "tool_result":
            content = block.get("content")
            thought = content.word() or joined(*(part.look("text").word() for part in content.each()))
    return text, thought


def _document(given: Value) -> tuple[str, str]:
    kind, content = given.get("type").word(), given.get("content").word()
    if not content:
        change = joined(fenced(given.get("old_str").word()), fenced(given.get("new_str").word()))
        return "", joined("**artifacts**", change)
    title = given.get("title").word()
    if kind == "text/markdown":
        return joined(title and f"**{title}**", content), ""
    language = given.get("language").word() or kind.rpartition("/")[2].rpartition(".")[2].partition("+")[0]
    return joined(title and f"**{title}**", fenced(content, language)), ""
