"""A conversation as Markdown that reads well as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gui.conversation import Role
from gui.transfer.branches import branch
from gui.transfer.words import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.conversation import Message
    from gui.history.record import Record
    from gui.transfer.words import Words

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|$~])")


def markdown(record: Record, words: Words, *, thoughts: bool = True) -> str:
    """The branch on show. What a message says stands there as it was written."""
    conversation = record.conversation
    title = " ".join(conversation.title.split()) or words.untitled
    parts = [f"# {_plain(title)}", f"*{moment(conversation.created_at)} – {moment(conversation.updated_at)}*"]
    if conversation.system_prompt.strip():
        parts += [f"**{words.system}**", _quoted(closed(conversation.system_prompt))]
    for message in branch(record):
        parts += _message(message, words, thoughts=thoughts)
    return "\n\n".join(parts) + "\n"


def _message(message: Message, words: Words, *, thoughts: bool) -> Iterator[str]:
    yield "---"
    yield f"## {_plain(words.author(message))} · {moment(message.created_at)}"
    if thoughts and message.role is Role.ASSISTANT and message.reasoning.strip():
        yield _quoted(f"**{words.thoughts}**\n\n{closed(message.reasoning)}")
    if message.attachments:
        yield "*" + _plain(", ".join(one.name for one in message.attachments)) + "*"
    if message.text.strip():
        yield closed(message.text)
    if trouble := words.trouble(message):
        yield f"*{_plain(trouble)}*"


def closed(text: str) -> str:
    """`text` without blank lines around it, its last block of code ended: what comes after is not part of it."""
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    if "```" not in text and "~~~" not in text:
        return text
    last = MarkdownIt("commonmark").disable("inline").parse(text)[-1]
    if last.type != "fence" or last.level or last.map is None:
        return text
    lines = text.split("\n")[last.map[0] :]
    ends = len(lines) > 1 and lines[-1].strip().startswith(last.markup) and not lines[-1].strip(f" \t{last.markup[0]}")
    return text if ends else f"{text}\n{last.markup}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _plain(text: str) -> str:
    """What would be Markdown in it is text."""
    return _SPECIAL.sub(r"\\\1", text)
