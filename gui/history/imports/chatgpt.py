"""ChatGPT's export: `conversations.json`, a list of conversations, each with a `mapping` of nodes by their ids.

A reply is spread over many nodes: thoughts, calls of tools, what those gave, and the text. Code that was run, its
output and the documents beside a chat are part of the text here; everything else that is no text is thought.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from gui.conversation import Role
from gui.history.imports.tree import Node, Source, fenced, grow, joined, named
from gui.history.imports.value import A_ROLE, as_json

if TYPE_CHECKING:
    from gui.history.imports.value import Value
    from gui.history.record import Record

ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.ASSISTANT, "system": Role.SYSTEM}

LEFT_OUT = frozenset({"user_editable_context", "model_editable_context", "reasoning_recap"})
"""What a person never saw of a chat, and how long was thought."""

POINTERS = {
    "image_asset_pointer": "Image",
    "audio_asset_pointer": "Audio",
    "real_time_user_audio_video_asset_pointer": "Audio",
    "video_container_asset_pointer": "Video",
}

_CITATION = re.compile("\ue200.*?\ue201", re.DOTALL)


def recognises(data: dict[str, Any]) -> bool:
    return "mapping" in data


def read(value: Value) -> Record | None:
    nodes = [_node(key, node) for key, node in value.get("mapping").members()]
    source = Source(
        "chatgpt",
        value.get("conversation_id").name() or value.get("id").name() or value.get("current_node").name(),
        value.get("title").text(),
        value.get("create_time").time(),
        value.get("update_time").time(),
        value.get("current_node").name(),
        pinned=value.get("is_starred").flag(),
        archived=value.get("is_archived").flag(),
    )
    return grow(source, nodes)


def _node(key: str, value: Value) -> Node:
    parent = value.get("parent").name() or None
    message = value.get("message")
    if message.data is None:
        return Node(key, parent, Role.SYSTEM, value)
    name = message.get("author").get("role")
    role = ROLES.get(name.text())
    if role is None:
        name.refuse(A_ROLE)
    metadata = message.get("metadata")
    content = message.get("content")
    hidden = metadata.look("is_visually_hidden_from_conversation").flag()
    if hidden or role is Role.SYSTEM or content.data is None or content.get("content_type").text() in LEFT_OUT:
        return Node(key, parent, role, value)
    text, reasoning = _content(message, content)
    text = _cited(text, metadata)
    files = (
        named("File", file.look("name").word())
        for file in metadata.look("attachments").each()
        if not file.look("mime_type").word().startswith("image/") or named("Image") not in text
    )
    text = joined(*files, text)
    model = metadata.look("model_slug").word() if role is Role.ASSISTANT else ""
    return Node(key, parent, role, value, text, reasoning, message.get("create_time").time(), model)


def _content(message: Value, content: Value) -> tuple[str, str]:
    """The text of a message, and what of it is thought."""
    recipient = message.get("recipient").word()
    match content.get("content_type").text():
        case "thoughts":
            thoughts = (
                joined(_strong(one.look("summary").word()), one.look("content").word())
                for one in content.get("thoughts").items()
            )
            found = "", joined(*thoughts, _parts(content))
        case "execution_output":
            output = content.get("text").text()
            found = (fenced(output) if output.strip() else ""), ""
        case "code":
            code = content.get("text").text() or _parts(content)
            found = _call(recipient, code, content.get("language").word())
        case _ if message.get("author").get("role").text() == "tool":
            found = _given_by_tool(message.get("author").get("name").word(), content)
        case _:
            text = _parts(content) or content.get("text").text()
            found = (text, "") if recipient in {"", "all"} else _call(recipient, text, "")
    return found


def _given_by_tool(name: str, content: Value) -> tuple[str, str]:
    text = joined(_parts(content), *(content.get(key).word() for key in ("text", "result", "title", "url")))
    if any(isinstance(part.data, dict) for part in content.get("parts").items()):
        return text, ""  # a picture that was made
    return "", joined(_strong(name), text) if text else ""


def _call(recipient: str, code: str, language: str) -> tuple[str, str]:
    """A tool is called: Python, a document beside the chat, or another one."""
    language = "" if language == "unknown" else language
    if recipient.startswith("python") or (recipient in {"", "all"} and language):
        return fenced(code, language or "python"), ""
    if recipient.startswith("canmore.create"):
        try:
            document = json.loads(code)
            kind, text = str(document["type"]), str(document["content"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return "", joined(_strong(recipient), fenced(code))
        heading = _strong(str(document.get("name", "")))
        return joined(heading, fenced(text, kind.rpartition("/")[2]) if kind.startswith("code/") else text), ""
    return "", joined(_strong(recipient), fenced(code, language)) if code.strip() else ""


def _parts(content: Value) -> str:
    texts = []
    for part in content.get("parts").items():
        if not isinstance(part.data, dict):
            texts.append(part.text())
            continue
        kind = part.get("content_type").text()
        if kind in POINTERS:
            texts.append(named(POINTERS[kind]))
        else:
            texts.append(part.get("text").word() or as_json(part.data))
    return joined(*texts)


def _cited(text: str, metadata: Value) -> str:
    """The marks of citations become the links that they stand for."""
    for reference in metadata.look("content_references").each():
        mark, link = reference.look("matched_text").word(), reference.look("alt").word()
        if "\ue200" in mark:
            text = text.replace(mark, link)
    return _CITATION.sub("", text)


def _strong(text: str) -> str:
    return f"**{text}**" if text.strip() else ""
