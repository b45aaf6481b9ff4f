"""A turn: what the person said is kept, the provider's generator is read, and what arrives is kept and shown.

The reply belongs to its conversation. Whoever watches it may come and go; the turn runs on.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import math
import time
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Protocol

from gui.chat.attachments import as_said
from gui.chat.context import MARGIN, SHORT, UNMEASURED, omitted_for, room, scale_of, size
from gui.chat.failover import lies_elsewhere
from gui.chat.options import Options
from gui.chat.retry import wait_before_retry
from gui.chat.tokens import estimate
from gui.conversation import Conversation, Message, Role, State, new_id, now, title_of
from gui.errors import ContextTooLong, EmptyReply, GProChatError, HistoryError, LengthLimitReached, ReplyError
from gui.providers.base import ChatMessage, Finish, Progress, Reasoning, Stage, Usage

if TYPE_CHECKING:
    from gui.chat.route import Route, Routes
    from gui.conversation import Attachment
    from gui.history.store import History
    from gui.providers.base import Piece
    from gui.settings.connections import Connection

SAVE_INTERVAL = 0.2
"""Seconds from one write of a growing reply to the next: with all that may hold one up, the death of the program costs
half a second of it at the most.
"""

SECOND = 1.0
"""Of a countdown."""

CONTEXT_MESSAGES = 1000
"""How many messages of the branch are sent at the most."""

SHRINK = 0.7
"""By how much less is sent to a server that says it is too long, and not how long it may be."""

CONTINUE = "Continue your last message exactly where it stops. Do not repeat any of it."


class Watcher(Protocol):
    """Whoever shows a reply in the making. Called on the event loop, in order."""

    def arrived(self, piece: Piece) -> None:
        """A piece arrived; it is in `Turn.reply` already."""

    def ended(self, reply: Message) -> None:
        """Nothing more will come; `reply.state` says why."""

    def omitted(self, count: int) -> None:
        """So many of the earlier messages are not sent, as they would not fit."""

    def not_kept(self, error: HistoryError) -> None:
        """The reply goes on, but could not be stored; that is tried again until it succeeds."""


class Turn:
    """One reply to the message `parent_id` of a kept conversation.

    `continued` is a cut reply to go on from: the new reply begins with its text, as another version of it.
    `patient`: what cannot be kept is tried again until it can; else `run` raises HistoryError then.
    """

    def __init__(
        self,
        history: History,
        routes: Routes,
        connection: Connection,
        conversation: Conversation,
        parent_id: str,
        continued: Message | None = None,
        *,
        patient: bool = True,
    ) -> None:
        self._history = history
        self._routes = routes
        self._connection = connection
        self._conversation = conversation
        self._options = Options.from_json(conversation.options)
        self._branch: list[Message] = []
        self._before = 0  # messages that stand before it
        self._continued = continued
        self._patient = patient
        self._task: asyncio.Task[object] | None = None
        self._stopped = False
        self._text, self._reasoning = StringIO(), StringIO()
        self._unsaved: list[str] = []
        self._unsaved_reasoning: list[str] = []
        self._thoughts_are_over = False  # what is thought after some of the reply is another thought
        self._something_to_save = asyncio.Event()
        self._begun = False  # it has its place in the history
        self._received = False
        self._usage: Usage | None = None
        self._ended_by = ""  # the server's word for why
        self._first_at: int | None = None
        self._reply = Message(
            conversation.id,
            Role.ASSISTANT,
            parent_id=parent_id,
            state=State.RUNNING,
            connection=connection.id,
            model=conversation.model or connection.model,
        )
        self.progress: Progress | None = None
        self.watchers: list[Watcher] = []
        if continued is not None:
            self._text.write(continued.text)
            self._unsaved.append(continued.text)

    @property
    def reply(self) -> Message:
        """The reply as far as it has come."""
        return replace(self._reply, text=self._text.getvalue(), reasoning=self._reasoning.getvalue())

    @property
    def is_over(self) -> bool:
        """Whether it has ended for its watchers; it may still wait to be kept."""
        return self._reply.state is not State.RUNNING

    def stop(self) -> None:
        """The person has read enough: end the reply and keep what arrived."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()

    async def run(self) -> Message:
        """Read the whole reply and return it; its state tells complete from failed.

        Cancelled, it keeps what arrived before it raises CancelledError. Raises HistoryError if there is no place for
        the reply: nothing was sent then. A reply that cannot be kept later ends for its watchers, and is kept as soon
        as that is possible, before this returns.
        """
        self._task = asyncio.current_task()
        state, error = State.INTERRUPTED, ""
        saver: asyncio.Task[None] | None = None
        try:
            await self._begin()
            saver = asyncio.create_task(self._save())
            await self._read()
            state = State.COMPLETE
            if self._ended_by == "length":
                state, error = State.STOPPED, LengthLimitReached().to_json()
        except asyncio.CancelledError:
            if self._stopped:
                state = State.STOPPED
            raise
        except HistoryError as trouble:  # the reply has no place to grow in: nothing was sent
            state, error = State.FAILED, trouble.to_json()
            raise
        except GProChatError as trouble:
            state, error = State.FAILED, trouble.to_json()
        except Exception:  # a bug: it is told as one, and the program goes on
            state, error = State.FAILED, ReplyError().to_json()
            raise
        finally:
            if saver is not None:
                saver.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await saver
            await self._finish(state, error)
        return self._reply

    async def _begin(self) -> None:
        await self._history.add_message(self._reply)
        self._begun = True
        if self._continued is not None:
            self._something_to_save.set()
        if self._stopped:  # before this ran
            raise asyncio.CancelledError

    async def _read(self) -> None:
        messages = await self._context()
        addresses = self._routes.tries(self._connection)
        for tries in itertools.count(1):
            failed = await self._ask(addresses, messages)
            if not failed:
                break
            waits = {
                url: wait for url, error in failed.items() if (wait := wait_before_retry(error, tries)) is not None
            }
            if self._received or not waits:
                raise list(failed.values())[-1]
            # As long as the one that wants most; an address that would fail again is not asked again.
            addresses = [one for one in addresses if one.url in waits or one.url not in failed]
            longest = max(waits, key=lambda url: waits[url])
            await self._count_down(waits[longest], failed[longest])
        if not self._text.getvalue().strip():
            raise EmptyReply(host=self._connection.name)

    async def _ask(self, addresses: list[Connection], messages: list[ChatMessage]) -> dict[str, GProChatError]:
        """At each of the addresses until one of them is reached; those that failed if none of them answered."""
        failed: dict[str, GProChatError] = {}
        for one in addresses:
            try:
                await self._ask_one(one, messages)
            except GProChatError as error:
                failed[one.url] = error
                if self._received or not lies_elsewhere(error):
                    break
            else:
                self._routes.reached(one)
                return {}
        return failed

    async def _ask_one(self, connection: Connection, messages: list[ChatMessage]) -> None:
        route = await self._routes.to(connection, self._conversation.model)
        omitted = await self._omitted(connection, messages, route.provider.most_messages)
        while True:
            self._omit(omitted)
            try:
                await self._receive(route, messages[omitted:])
            except ContextTooLong:
                # It was measured wrong. Nothing of a reply came, so the question may be asked again, with less.
                less = omitted_for(messages, SHRINK * size(messages[omitted:]), route.provider.most_messages)
                if less == omitted or self._received:
                    raise
                omitted = less
            else:
                return

    async def _receive(self, route: Route, messages: list[ChatMessage]) -> None:
        generator = route.provider.create_async_generator(
            route.model,
            messages,
            route.proxy,
            system_prompt=self._conversation.system_prompt or None,
            **(route.options | self._options.arguments(route.provider.settable)),
        )
        async with contextlib.aclosing(generator) as pieces:
            async for piece in pieces:
                self._take(piece)

    async def _count_down(self, seconds: int, why: GProChatError) -> None:
        for left in range(seconds, 0, -1):
            self._take(Progress(Stage.WAITING, seconds=left, why=why))
            await asyncio.sleep(SECOND)
        self._take(Progress(Stage.WAITING))

    async def _context(self) -> list[ChatMessage]:
        chat = self._conversation.id
        self._branch = await self._history.branch(chat, self._reply.parent_id, limit=CONTEXT_MESSAGES)
        if len(self._branch) == CONTEXT_MESSAGES:
            self._before = (await self._history.branch_ids(chat)).index(self._branch[0].id)
        images = self._routes.takes_images(self._connection)
        messages = [as_said(one, images=images) for one in self._branch if one.text or one.attachments]
        if self._continued is not None:
            messages.append(ChatMessage(role=Role.ASSISTANT, content=self._continued.text))
            messages.append(ChatMessage(role=Role.USER, content=CONTINUE))
        return messages

    async def _omitted(self, connection: Connection, messages: list[ChatMessage], most: int | None) -> int:
        """How many of the first ones would not fit."""
        prompt = self._conversation.system_prompt
        scale = scale_of(self._branch, prompt)
        scale = UNMEASURED if scale is None else scale * MARGIN
        needed = scale * (size(messages) + estimate(prompt))
        context = None
        if needed > SHORT:
            context = await self._routes.context(connection, self._conversation.model)
        budget = math.inf
        if context is not None:
            budget = room(context, self._options.max_tokens) / scale - estimate(prompt)
        return omitted_for(messages, budget, most)

    def _omit(self, first: int) -> None:
        count = self._before + first
        if count != self._reply.omitted:
            self._reply = replace(self._reply, omitted=count)
            for watcher in self.watchers:
                watcher.omitted(count)

    def _take(self, piece: Piece) -> None:
        self._received = self._received or not isinstance(piece, Progress) or piece.stage is Stage.READING
        match piece:
            case str():
                self._begins()
                self._text.write(piece)
                self._unsaved.append(piece)
                self._something_to_save.set()
                self._thoughts_are_over = self._reasoning.tell() > 0
            case Reasoning(text):
                self._begins()
                if self._thoughts_are_over:
                    text = f"\n\n{text}"
                    piece, self._thoughts_are_over = Reasoning(text), False
                self._reasoning.write(text)
                self._unsaved_reasoning.append(text)
                self._something_to_save.set()
            case Usage():
                self._usage = piece
            case Finish(reason):
                self._ended_by = reason
            case Progress():
                self.progress = piece
        for watcher in self.watchers:
            watcher.arrived(piece)

    def _begins(self) -> None:
        if self._first_at is None:
            self._first_at = now()

    async def _save(self) -> None:
        """Keep what arrives, at most every SAVE_INTERVAL seconds, until cancelled."""
        failures = 0
        while True:
            await self._something_to_save.wait()
            self._something_to_save.clear()
            began = time.monotonic()
            text, reasoning = "".join(self._unsaved), "".join(self._unsaved_reasoning)
            try:
                await self._history.append_part(self._reply.id, text, reasoning)
            except HistoryError as trouble:
                self._tell(trouble, failures)
                failures += 1
                self._something_to_save.set()
                await self._history.again(failures)
            else:
                failures = 0
                # More may have arrived meanwhile: take away what was written, no more.
                self._unsaved = _after(self._unsaved, len(text))
                self._unsaved_reasoning = _after(self._unsaved_reasoning, len(reasoning))
                await asyncio.sleep(began + SAVE_INTERVAL - time.monotonic())

    def _tell(self, trouble: HistoryError, failures: int) -> None:
        """Once for a trouble, however often it is tried."""
        if failures == 0:
            for watcher in self.watchers:
                watcher.not_kept(trouble)

    async def _finish(self, state: State, error: str) -> None:
        self._reply = replace(
            self.reply,
            state=state,
            error=error,
            finished_at=now(),
            prompt_tokens=self._usage.prompt_tokens if self._usage else None,
            completion_tokens=self._usage.completion_tokens if self._usage else None,
            writing_ms=self._usage.writing_ms if self._usage else None,
            first_at=self._first_at,
        )
        kept = not self._begun
        try:
            if self._begun:
                # A second cancellation (quit after Stop) must not come between the reply and its place on disk.
                await asyncio.shield(self._history.finish_message(self._reply))
            kept = True
        except HistoryError as trouble:
            self._tell(trouble, 0)
            if not self._patient:
                raise
        finally:
            for watcher in list(self.watchers):
                watcher.ended(self._reply)
        if not kept:
            await self._keep_at_last()

    async def _keep_at_last(self) -> None:
        for failures in itertools.count(1):
            try:
                await self._history.again(failures)
            except asyncio.CancelledError:  # the end of the program: the last try
                with contextlib.suppress(HistoryError):
                    await asyncio.shield(self._history.finish_message(self._reply))
                raise
            with contextlib.suppress(HistoryError):
                await asyncio.shield(self._history.finish_message(self._reply))
                return


async def ask(
    history: History,
    conversation: Conversation,
    text: str,
    parent_id: str | None,
    attachments: tuple[Attachment, ...] = (),
) -> Message:
    """Keep what the person says, on disk before it is sent; a first message brings its conversation along."""
    # Those of an edited message are with it already, under their ids: this one has its own.
    own = tuple(replace(one, id=new_id()) for one in attachments)
    message = Message(conversation.id, Role.USER, text=text, parent_id=parent_id, attachments=own)
    first = (
        replace(conversation, title=conversation.title or title_of(text or attachments[0].name))
        if parent_id is None
        else None
    )
    await history.add_message(message, first)
    return message


def _after(pieces: list[str], length: int) -> list[str]:
    """`pieces` without their first `length` characters."""
    rest = "".join(pieces)[length:]
    return [rest] if rest else []
