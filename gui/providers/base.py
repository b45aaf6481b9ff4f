"""What every provider is: a class without state whose classmethod returns an async generator of the reply."""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NotRequired, TypedDict

from gui.errors import UnknownModel

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from gui.errors import GProChatError


class ChatMessage(TypedDict):
    """One message as providers take it. role: "user", "assistant" or "system". `images` are data: addresses, for a
    provider that takes them.
    """

    role: str
    content: str
    images: NotRequired[list[str]]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model of a server's list. `context`: how many tokens it can read and write in all, where the list tells."""

    id: str
    context: int | None = None


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Text the model thinks aloud with; not part of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them, and for how long it says that it wrote."""

    prompt_tokens: int
    completion_tokens: int
    writing_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """Why the model ended, in its server's word ("stop", "length", …)."""

    reason: str


class Stage(enum.StrEnum):
    STARTING = "starting"  # the embedded model is being loaded
    READING = "reading"  # the prompt is being read
    WAITING = "waiting"  # the request will be sent again


@dataclass(frozen=True, slots=True)
class Progress:
    """What happens before the first token, where the server tells; done is 0.0 to 1.0, or None if unknown.

    WAITING is the turn's own: `seconds` until the next try (0: it is sent now), and `why` the one before failed.
    """

    stage: Stage
    done: float | None = None
    seconds: int = 0
    why: GProChatError | None = None


Piece = str | Reasoning | Usage | Finish | Progress
"""What a reply's generator may yield. The `str` pieces joined are the reply."""


class AsyncGeneratorProvider(ABC):
    """A provider streams. What differs between two servers (address, secrets, an open session) comes in `options`."""

    url: ClassVar[str] = ""
    working: ClassVar[bool] = True
    supports_stream: ClassVar[bool] = True
    supports_message_history: ClassVar[bool] = True
    settable: ClassVar[frozenset[str]] = frozenset({"system_prompt"})
    """The options that a person can choose for a conversation: of "system_prompt" and gui.chat.options."""

    takes_images: ClassVar[bool] = False
    most_messages: ClassVar[int | None] = None
    """How many messages a server takes; None for any number."""

    @classmethod
    @abstractmethod
    def create_async_generator(
        cls, model: str, messages: list[ChatMessage], proxy: str | None = None, **options: Any
    ) -> AsyncGenerator[Piece, None]:
        """Stream the reply to `messages`.

        `proxy` is the URL of the one proxy to use, or None for a direct connection; nothing is read from the
        environment. Raises a `gui.errors.ReplyError`, after yielding what had arrived. Closing the generator closes
        the request.
        """

    @classmethod
    async def create_async(
        cls, model: str, messages: list[ChatMessage], proxy: str | None = None, **options: Any
    ) -> str:
        """The whole reply as one string; the arguments are those of `create_async_generator`."""
        pieces = cls.create_async_generator(model, messages, proxy, **options)
        return "".join([piece async for piece in pieces if isinstance(piece, str)])


class ProviderModelMixin:
    """The models of a provider. An empty `models` is an open list: any name is passed on to the server."""

    default_model: ClassVar[str] = ""
    models: ClassVar[list[str]] = []
    model_aliases: ClassVar[dict[str, str]] = {}

    @classmethod
    def get_models(cls) -> list[str]:
        """The models there are, the default first where it is the only one known."""
        return cls.models or ([cls.default_model] if cls.default_model else [])

    @classmethod
    def get_model(cls, name: str | None) -> str:
        """The server's own name for `name`: the default for an empty one, aliases resolved.

        Raises UnknownModel where the list is closed and the name is not on it.
        """
        model = name or cls.default_model
        model = cls.model_aliases.get(model, model)
        if cls.models and model not in cls.models:
            raise UnknownModel(model=model)
        return model
