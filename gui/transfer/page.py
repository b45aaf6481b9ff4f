"""Conversations as one HTML file that opens anywhere: no scripts, nothing from elsewhere, light or dark as the reader's
system is. No Qt.
"""

from __future__ import annotations

import base64
import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from gui import __version__
from gui.conversation import Message, Role
from gui.markdown.html import page_html
from gui.transfer.branches import Mark, branch, with_versions
from gui.transfer.words import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gui.conversation import Attachment, Conversation
    from gui.history.record import Record
    from gui.transfer.words import Words

RESOURCES = Path(__file__).resolve().parent.parent.parent / "resources"

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


class Page:
    """`begin`, each `conversation`, `end`: the text of the file, part by part."""

    def __init__(self, words: Words, *, thoughts: bool = True, versions: bool = False) -> None:
        self._words = words
        self._thoughts = thoughts
        self._versions = versions
        self._number = 0  # of the conversation
        self._messages = 0

    def begin(self, conversations: Sequence[Conversation]) -> str:
        """`conversations`: all that will come; several get a table of contents."""
        title = self._title(conversations[0]) if len(conversations) == 1 else "GPROChat"
        head = (
            "<!DOCTYPE html>\n<html>\n<head>\n"
            '<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f'<meta name="generator" content="GPROChat {__version__}">\n'
            f"<title>{title}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        )
        return head + (self._contents(conversations) if len(conversations) > 1 else "")

    def conversation(self, record: Record) -> Iterator[str]:
        self._number += 1
        conversation = record.conversation
        yield f'<main class="conversation" id="c{self._number}">\n<h1 dir="auto">{self._title(conversation)}</h1>\n'
        yield f'<p class="dates">{moment(conversation.created_at)} – {moment(conversation.updated_at)}</p>\n'
        if conversation.system_prompt.strip():
            prompt = _plain(conversation.system_prompt)
            yield f"<details><summary>{escape(self._words.system)}</summary>{prompt}</details>\n"
        for one in with_versions(record) if self._versions else branch(record):
            if one is Mark.BEGIN:
                yield f'<details class="version"><summary>{escape(self._words.version)}</summary>\n'
            elif isinstance(one, Message):
                yield from self._message(one)
            else:
                yield "</details>\n"
        yield "</main>\n"

    @staticmethod
    def end() -> str:
        return "</body>\n</html>\n"

    def _title(self, conversation: Conversation) -> str:
        return escape(" ".join(conversation.title.split()) or self._words.untitled)

    def _contents(self, conversations: Sequence[Conversation]) -> str:
        entries = "".join(
            f'<li><a href="#c{number}" dir="auto">{self._title(one)}</a> <small>{moment(one.updated_at)}</small></li>\n'
            for number, one in enumerate(conversations, start=1)
        )
        return f'<nav class="contents">\n<h2>{escape(self._words.contents)}</h2>\n<ol>\n{entries}</ol>\n</nav>\n'

    def _message(self, message: Message) -> Iterator[str]:
        self._messages += 1
        name = f"m{self._messages}"
        author = escape(self._words.author(message))
        time = f"<time>{moment(message.created_at)}</time>"
        yield f'<article class="message" id="{name}">\n<header><span dir="auto">{author}</span> {time}</header>\n'
        if message.role is Role.USER:
            yield f'<div class="said">{_plain(message.text)}{"".join(map(_attached, message.attachments))}</div>\n'
        else:
            if self._thoughts and message.reasoning.strip():
                thoughts = page_html(message.reasoning, f"{name}t")
                summary = f"<summary>{escape(self._words.thoughts)}</summary>"
                yield f'<details class="thoughts">{summary}\n<div class="reply">{thoughts}</div></details>\n'
            yield f'<div class="reply">{page_html(message.text, name)}</div>\n'
        if trouble := self._words.trouble(message):
            yield f'<p class="trouble" dir="auto">{escape(trouble)}</p>\n'
        yield "</article>\n"


def _attached(one: Attachment) -> str:
    name = escape(one.name)
    if not one.is_image:
        return f'<details><summary dir="auto">{name}</summary>{_plain(one.text)}</details>'
    data = base64.b64encode(one.content).decode()
    return f'<figure><img alt="{name}" src="data:{escape(one.type)};base64,{data}"></figure>'


def _plain(text: str) -> str:
    return f'<div class="plain" dir="auto">{escape(text.strip(chr(10)))}</div>'


def _style() -> str:
    light, dark = (_colours(name) for name in ("light", "dark"))
    rules = (RESOURCES / "page.css").read_text("utf-8")
    return f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{rules}"


def _colours(theme: str) -> str:
    data = json.loads((RESOURCES / "themes" / f"{theme}.json").read_text("utf-8"))
    return " ".join(f"--{name}: {colour};" for name, colour in {**data["palette"], **data["code"]}.items())
