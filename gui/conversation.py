"""Conversations as plain frozen values; identity and storage are history's."""

from __future__ import annotations

import enum
import os
import threading
import time
from dataclasses import dataclass, field

TITLE_LENGTH = 60

LATEST = 253_370_764_800_000
"""No time is later: the beginning of the year 9999, in milliseconds since the epoch, UTC. After it there is still a day
in every place's own time.
"""


class _Clock:
    """4096ths of a millisecond since the epoch, UTC; each moment is handed out once, the later one later."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def tick(self) -> int:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() * 4096 // 1_000_000)
            return self._last


_clock = _Clock()


def new_id() -> str:
    """A UUIDv7 (RFC 9562, its method 3): unique everywhere, and in order of time."""
    # Six lines in place of a library: what `uuid6` imports takes a sixth of the time until the first paint.
    moment = _clock.tick()
    return make_id(moment >> 12, moment & 0xFFF, os.urandom(8))


def make_id(milliseconds: int, order: int, noise: bytes) -> str:
    """The UUIDv7 of a time since the epoch (48 bits), `order` among those of the same one (12 bits), and 8 bytes."""
    rest = int.from_bytes(noise, "big") >> 2
    digits = f"{milliseconds << 80 | 0x7 << 76 | order << 64 | 0b10 << 62 | rest:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def title_of(text: str) -> str:
    """A title out of the first words of `text`: one line, at most TITLE_LENGTH characters, cut between words."""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if len(line) <= TITLE_LENGTH:
        return line
    head = line[:TITLE_LENGTH]
    return (head.rsplit(" ", 1)[0] if " " in head[TITLE_LENGTH // 2 :] else head).rstrip(" ,;:–-") + "…"


def now() -> int:
    """Milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


class Role(enum.StrEnum):
    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"


class State(enum.StrEnum):
    """How far a message has come. What arrived is kept in each of them."""

    RUNNING = "running"
    COMPLETE = "complete"
    STOPPED = "stopped"  # by the person
    FAILED = "failed"  # Message.error says why
    INTERRUPTED = "interrupted"  # the program ended in the middle of it


@dataclass(frozen=True, slots=True)
class Attachment:
    """What was said along with a message: an image ("image/png", "image/jpeg"), or a text ("text/plain", UTF-8), which
    may be one that a PDF held. `name` is its file's.
    """

    name: str
    type: str
    content: bytes = field(repr=False)
    id: str = field(default_factory=new_id)

    @property
    def is_image(self) -> bool:
        return self.type.startswith("image/")

    @property
    def text(self) -> str:
        """ "" of an image."""
        return "" if self.is_image else self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the tree: its parent is what it answers, its siblings are its other versions.

    Times are milliseconds since the epoch. `connection` and `model` tell who wrote a reply; `error` is
    `GProChatError.to_json()` of a failed one. `reasoning` is shown folded and never sent back. Of a reply: tokens as
    the server counted them, `first_at` when its first piece came, `writing_ms` how long the server says it wrote, and
    `omitted` how many earlier messages of its branch were not sent with the question.

    What a person says of it: a `note`, whether it is `pinned`, and whether it is `removed`: not shown any more, and
    still there. Beside each, when that was said last; None: never.
    """

    conversation_id: str
    role: Role
    text: str = ""
    parent_id: str | None = None
    state: State = State.COMPLETE
    id: str = field(default_factory=new_id)
    created_at: int = field(default_factory=now)
    finished_at: int | None = None
    connection: str = ""
    model: str = ""
    reasoning: str = ""
    error: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    first_at: int | None = None
    writing_ms: int | None = None
    omitted: int = 0
    note: str = ""
    noted_at: int | None = None
    pinned: bool = False
    pinned_at: int | None = None
    removed: bool = False
    removed_at: int | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """`leaf_id` is the last message of the branch on show; `connection` is the id of a settings' connection;
    `options` is what its model is asked with, `gui.chat.options.Options` as JSON or "".
    """

    title: str = ""
    id: str = field(default_factory=new_id)
    created_at: int = field(default_factory=now)
    updated_at: int = field(default_factory=now)
    leaf_id: str | None = None
    connection: str = ""
    model: str = ""
    system_prompt: str = ""
    pinned: bool = False
    unread: bool = False
    folder_id: str | None = None
    archived: bool = False
    options: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """What a person keeps conversations in."""

    name: str
    id: str = field(default_factory=new_id)
    created_at: int = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt with {{variables}} in its text; or a persona, whose text is a system prompt, with the connection, the
    model and the options ("" for those there are) that go with it. `place`: in the person's order.
    """

    name: str
    text: str = ""
    id: str = field(default_factory=new_id)
    created_at: int = field(default_factory=now)
    changed_at: int = field(default_factory=now)
    deleted_at: int | None = None
    is_persona: bool = False
    connection: str = ""
    model: str = ""
    options: str = ""
    place: int = 0
