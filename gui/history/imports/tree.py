"""From the messages of another program to a Record: the same ids each time, and a reply in one piece."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.conversation import Conversation, Message, Role, State, make_id, title_of
from gui.errors import ReplyBroken
from gui.history.imports.value import NO_RING
from gui.history.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gui.history.imports.value import Value


@dataclass(frozen=True, slots=True)
class Node:
    """A message as its source has it. `key` and `parent` are ids there; a parent that is not among the nodes is none.

    One without text and reasoning is not taken in: what follows it follows its parent. `at`: ms since the epoch.
    """

    key: str
    parent: str | None
    role: Role
    value: Value
    text: str = ""
    reasoning: str = ""
    at: int | None = None
    model: str = ""
    error: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.reasoning.strip() or self.error)


@dataclass(frozen=True, slots=True)
class Source:
    """A conversation as its program has it. `program` and `key` are what its ids are made of; without a key, all that
    was said is.

    `leaf`: the key of the last message on show; without one it is the newest.
    """

    program: str
    key: str
    title: str = ""
    created_at: int | None = None
    updated_at: int | None = None
    leaf: str = ""
    system_prompt: str = ""
    pinned: bool = False
    archived: bool = False


def grow(source: Source, nodes: Sequence[Node]) -> Record | None:
    """None if there is no message to take in. The times of ids are those of the messages, a reply's never before that
    of what it answers. Replies that follow each other with nothing else between them are one.
    """
    nodes = _in_order(_told_apart(nodes))
    source = source if source.key else replace(source, key="\0".join(f"{node.role} {node.text}" for node in nodes))
    taken: dict[str, Message] = {}
    parts: dict[str, list[Node]] = {}  # of what was joined
    stands_for: dict[str, str] = {}  # a node's key: that of the message which it is part of, or follows
    followers = _followers(nodes)
    begin = source.created_at or next((node.at for node in nodes if node.at), 0)
    name = made_id(begin, 0, source.program, source.key)
    depths: dict[str, int] = {}
    ends: dict[str, str] = {}  # of what was joined: the key of its last part
    for node in nodes:
        above = stands_for.get(node.parent or "", "")
        if node.empty:
            stands_for[node.key] = above
            continue
        before = taken.get(above)
        if before and before.role is node.role is Role.ASSISTANT and followers[ends[above]] == 1:
            taken[above] = _joined(before, node)
            parts.setdefault(above, []).append(node)
            stands_for[node.key] = above
            ends[above] = node.key
            continue
        at = max(node.at or 0, (before.finished_at or before.created_at) if before else begin)
        depths[node.key] = depths.get(above, 0) + 1
        taken[node.key] = _message(source, node, name, at, depths[node.key], before)
        stands_for[node.key] = ends[node.key] = node.key
    if not taken:
        return None
    messages = tuple(_whole(message, parts.get(key, ())) for key, message in taken.items())
    last = taken.get(stands_for.get(source.leaf, ""))
    leaf = last or max(messages, key=lambda one: one.id)
    conversation = Conversation(
        " ".join(source.title.split()) or title_of(next((one.text for one in messages if one.role is Role.USER), "")),
        name,
        begin,
        source.updated_at or max(one.finished_at or one.created_at for one in messages),
        leaf.id,
        system_prompt=source.system_prompt,
        pinned=source.pinned,
        archived=source.archived,
    )
    return Record(conversation, messages)


def made_id(at: int, order: int, *names: str) -> str:
    """The UUIDv7 that is always the same for the same things."""
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).digest()
    return make_id(at, min(order, 0xFFF), digest[:8])


def _told_apart(nodes: Sequence[Node]) -> list[Node]:
    """Of one key, each after the first gets another one; what says no more than the first is left out."""
    found: dict[str, Node] = {}
    counts: Counter[str] = Counter()
    for node in nodes:
        counts[node.key] += 1
        first = found.setdefault(node.key, node)
        if first is not node and (first.parent, first.role, first.text) != (node.parent, node.role, node.text):
            other = replace(node, key=f"{node.key}\0{counts[node.key]}")
            found[other.key] = other
    return list(found.values())


def _in_order(nodes: Sequence[Node]) -> list[Node]:
    """Each one after its parent."""
    known = {node.key for node in nodes}
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent if node.parent in known else None, []).append(node)
    ordered: list[Node] = []
    waiting = children.get(None, [])[::-1]
    while waiting:
        ordered.append(waiting.pop())
        waiting += children.get(ordered[-1].key, [])[::-1]
    if len(ordered) < len(nodes):
        reached = {node.key for node in ordered}
        next(node for node in nodes if node.key not in reached).value.refuse(NO_RING)
    return ordered


def _followers(nodes: Sequence[Node]) -> dict[str, int]:
    """How many messages follow each node, those that are not taken in skipped."""
    counts: dict[str, int] = {}
    for node in reversed(nodes):
        mine = counts.setdefault(node.key, 0)
        if node.parent is not None:
            counts[node.parent] = counts.get(node.parent, 0) + (mine if node.empty else 1)
    return counts


def _message(source: Source, node: Node, conversation: str, at: int, depth: int, parent: Message | None) -> Message:
    state = State.FAILED if node.error else State.COMPLETE
    return Message(
        conversation,
        node.role,
        node.text,
        parent.id if parent else None,
        state,
        made_id(at, depth, source.program, source.key, node.key),
        at,
        at if node.role is Role.ASSISTANT else None,
        model=node.model,
        reasoning=node.reasoning,
        error=ReplyBroken(host="", message=node.error).to_json() if node.error else "",
        prompt_tokens=node.prompt_tokens,
        completion_tokens=node.completion_tokens,
    )


def _joined(reply: Message, node: Node) -> Message:
    """A reply with what follows it, but for what both say."""
    return replace(
        reply,
        finished_at=max(reply.finished_at or 0, node.at or 0),
        model=node.model or reply.model,
        state=State.FAILED if node.error else reply.state,
        error=ReplyBroken(host="", message=node.error).to_json() if node.error else reply.error,
    )


def _whole(reply: Message, parts: Sequence[Node]) -> Message:
    """A reply and what was joined to it: all texts at once, as there may be thousands."""
    if not parts:
        return reply
    text = joined(reply.text, *(part.text for part in parts))
    return replace(reply, text=text, reasoning=joined(reply.reasoning, *(part.reasoning for part in parts)))


def joined(*texts: str) -> str:
    """Those that are not empty, a blank line between each two."""
    return "\n\n".join(text for text in texts if text.strip())


def fenced(code: str, language: str = "") -> str:
    """`code` as a block of Markdown, whatever is in it."""
    mark = "`" * max(3, max(_runs(code), default=0) + 1)
    return f"{mark}{language}\n{code.strip(chr(10))}\n{mark}"


def _runs(code: str) -> Iterator[int]:
    length = 0
    for character in code + "\n":
        if character == "`":
            length += 1
        elif length:
            yield length
            length = 0


def named(kind: str, name: str = "") -> str:
    """What stands in a text for something that came with it, and that was not taken in."""
    return f"[{kind}: {name}]" if name else f"[{kind}]"
