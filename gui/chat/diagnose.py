"""Which hop of the way to a server fails: each tried in its order, with its time, and the setting to change."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from gui import errors
from gui.errors import GProChatError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Mapping

    from gui.chat.route import Route, Routes
    from gui.providers.base import ChatMessage
    from gui.providers.course import Course
    from gui.settings.connections import Connection

QUESTION: Final = "Say “yes”."

LOOK: Final = 0.05
"""Seconds from one look at how far a request is to the next."""


class Hop(enum.StrEnum):
    """In their order. A connection has those that apply to it: no name for an IP address, no TLS for http, …"""

    NAME = "name"
    PROXY = "proxy"
    CONNECTION = "connection"
    TLS = "tls"
    HTTP = "http"
    LOGIN = "login"
    SIGNATURE = "signature"
    MODEL = "model"
    FIRST = "first_token"


Setting = Literal[
    "url", "model", "secret_key", "password", "api_key", "certificates", "proxy", "limits", "keyring", "clock", ""
]
"""What to change: the first six are fields of the connection, "clock" is the computer's, "" is for nothing here."""


@dataclass(frozen=True, slots=True)
class Step:
    """One hop. `milliseconds` is None where a later hop's answer is what shows that this one works. `detail` is for
    the eye: an address, a version. `error` is None for a hop that works; its sentence says what to do.
    """

    hop: Hop
    milliseconds: float | None = None
    error: GProChatError | None = None
    detail: str = ""

    @property
    def setting(self) -> Setting:
        return next((setting for kinds, setting in _SETTINGS if isinstance(self.error, kinds)), "")

    def to_json(self) -> dict[str, Any]:
        """{"hop", "ok", "ms", "detail"}, and of a failed one {"error", "sentence", "setting"}."""
        told: dict[str, Any] = {
            "hop": str(self.hop),
            "ok": self.error is None,
            "ms": None if self.milliseconds is None else round(self.milliseconds, 1),
            "detail": self.detail,
        }
        if self.error is not None:
            told |= {"error": type(self.error).__name__, "sentence": str(self.error).strip(), "setting": self.setting}
        return told


T = TypeVar("T")
_Kinds = tuple[type[GProChatError], ...]

# The first that fits counts: a special kind stands before its general one.
_SETTINGS: Final[tuple[tuple[_Kinds, Setting], ...]] = (
    ((errors.ClockWrong,), "clock"),
    ((errors.BadSignature,), "secret_key"),
    ((errors.BadPassword,), "password"),
    ((errors.BadApiKey,), "api_key"),
    ((errors.ModelNotFound, errors.UnknownModel, errors.EngineError), "model"),
    ((errors.ProxyError, errors.ProxyUnreadable, errors.ProxyInvalid), "proxy"),
    ((errors.TlsMissing,), "url"),
    ((errors.CertificateRejected, errors.TrustUnreadable), "certificates"),
    ((errors.FirstByteTimeout, errors.SilenceTimeout), "limits"),
    ((errors.KeyringError,), "keyring"),
    (
        (
            errors.InvalidAddress,
            errors.NameNotResolved,
            errors.ServerUnreachable,
            errors.ConnectTimeout,
            errors.NotThisProtocol,
        ),
        "url",
    ),
)

_HOPS: Final[tuple[tuple[_Kinds, Hop], ...]] = (
    ((errors.InvalidAddress, errors.NameNotResolved), Hop.NAME),
    ((errors.ProxyError, errors.ProxyUnreadable, errors.ProxyInvalid), Hop.PROXY),
    ((errors.ServerUnreachable, errors.ConnectTimeout), Hop.CONNECTION),
    ((errors.CertificateRejected, errors.TrustUnreadable), Hop.TLS),
    ((errors.NotThisProtocol, errors.ServerFailed), Hop.HTTP),
    ((errors.BadPassword, errors.BadApiKey, errors.VerificationRequired, errors.KeyringError), Hop.LOGIN),
    ((errors.BadSignature,), Hop.SIGNATURE),
    ((errors.ServerError, errors.UnknownModel, errors.EngineError), Hop.MODEL),
)


async def diagnose(
    routes: Routes, connection: Connection, model: str = "", given: Mapping[str, str] | None = None
) -> AsyncGenerator[Step, None]:
    """Try the way to `connection` hop by hop, over connections of its own, until one fails or the first token is there.

    Of its addresses the first one is tried. Secrets that are `given`, by their kind, stand above those that are kept.
    A hop may come again: what it said last counts (a server that answers, but not to this request, fails at HTTP
    then). It costs one short reply. Nothing that a person can act on is raised.
    """
    try:
        route = await routes.to(connection, model, given)
    except GProChatError as error:
        yield Step(_hop(error, Hop.LOGIN), error=error)
        return
    if connection.provider == "local":
        steps = _ask(route, [Hop.MODEL])
    elif connection.provider == "gprochat":
        steps = _reach_gprochat(route)
    else:
        steps = _reach_openai(route)
    async with contextlib.aclosing(steps):
        async for step in steps:
            yield step


async def _reach_gprochat(route: Route) -> AsyncGenerator[Step, None]:
    from gui.providers.gprochat import GPROChat

    async with _looking(route) as (course, options):
        asked = GPROChat.accepts_password(options["url"], options["password"], route.proxy, **_way(options))
        async with _started(asked) as asking:
            certain = _passed(course, route, asking)
            async with contextlib.aclosing(certain):
                async for step in certain:
                    yield step
                    if step.error:
                        return
            accepted = asking.result()
        if accepted is not None:
            wrong = None if accepted else errors.BadPassword(host=_host(options["url"]), message="")
            yield Step(Hop.LOGIN, _since(course.connected), wrong)
            if wrong:
                return
        rest = _ask(route, [*([] if accepted else [Hop.LOGIN]), Hop.SIGNATURE, Hop.MODEL])
        async with contextlib.aclosing(rest):
            async for step in rest:
                yield step


async def _reach_openai(route: Route) -> AsyncGenerator[Step, None]:
    from gui.providers.openai import OpenAI

    async with _looking(route) as (course, options):
        asked = OpenAI.fetch_models(options["url"], options["api_key"], route.proxy, **_way(options))
        async with _started(asked) as asking:
            certain = _passed(course, route, asking, _has_no_list)
            async with contextlib.aclosing(certain):
                async for step in certain:
                    yield step
                    if step.error:
                        return
            models = [] if asking.exception() else asking.result()
        rest = _ask(route, [Hop.LOGIN, Hop.MODEL], detail=route.model or (models[0] if models else ""))
        async with contextlib.aclosing(rest):
            async for step in rest:
                yield step


def _has_no_list(error: BaseException) -> bool:
    """A server need not have a list of models; it has to have replies."""
    return isinstance(error, errors.ServerError) and not isinstance(error, errors.BadApiKey)


@contextlib.asynccontextmanager
async def _started(coroutine: Coroutine[Any, Any, T]) -> AsyncGenerator[asyncio.Task[T], None]:
    """A task that does not outlive the block."""
    task = asyncio.ensure_future(coroutine)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _passed(
    course: Course, route: Route, asked: asyncio.Task[Any], is_answer: Callable[[BaseException], bool] = lambda _: False
) -> AsyncGenerator[Step, None]:
    """The hops of a request as they are behind it, and the one that fails. An error that `is_answer` is none."""
    began = time.perf_counter()
    told: set[Hop] = set()
    done = False
    while not done:
        done = bool((await asyncio.wait([asked], timeout=LOOK))[0])
        error = asked.exception() if done else None
        if error is not None and is_answer(error):
            error = None
        if error is not None and not isinstance(error, GProChatError):
            raise error
        until = _hop(error, Hop.HTTP) if error else Hop.LOGIN if done else Hop.HTTP
        for step in _reached(course, route, until):
            if step.hop not in told:
                told.add(step.hop)
                yield step
        if error is not None:
            marks = (course.began, course.resolved, course.handshake, course.connected)
            yield Step(until, _since(max(began, *marks)), error)


async def _ask(route: Route, shown: list[Hop], detail: str = "") -> AsyncGenerator[Step, None]:
    """Ask one short question; its first token shows that the hops of `shown` work, its error which one does not."""
    from gui.providers.base import Progress, Reasoning, Stage

    messages: list[ChatMessage] = [{"role": "user", "content": QUESTION}]
    pieces = route.provider.create_async_generator(route.model, messages, route.proxy, **route.options)
    began = time.perf_counter()
    failure: GProChatError | None = None
    loaded: float | None = None
    try:
        async with contextlib.aclosing(pieces):
            async for piece in pieces:
                if isinstance(piece, (str, Reasoning)):
                    break
                if loaded is None and not (isinstance(piece, Progress) and piece.stage is Stage.STARTING):
                    loaded = _since(began)
    except GProChatError as error:
        failure = error
    failed = _hop(failure, Hop.FIRST) if failure else Hop.FIRST
    for hop in shown:
        if hop == failed:
            break
        if failed in {Hop.FIRST, *shown}:
            yield Step(hop, loaded if hop is Hop.MODEL else None, detail=detail if hop is Hop.MODEL else "")
    yield Step(failed, _since(began), failure)


@contextlib.asynccontextmanager
async def _looking(route: Route) -> AsyncGenerator[tuple[Course, dict[str, Any]], None]:
    """A course, and the route's options with a session that it looks at."""
    from gui.providers.course import Course
    from gui.providers.tls import SYSTEM
    from gui.providers.transport import open_session

    course = Course()
    async with open_session(route.proxy, route.options.get("trust", SYSTEM), course) as session:
        yield course, route.options | {"session": session}


def _way(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("session", "limits", "trust") if name in options}


def _reached(course: Course, route: Route, until: Hop) -> Iterator[Step]:
    """The hops before `until` that the course of a request shows to be behind it."""
    spans = {
        Hop.NAME: (course.resolving, course.resolved),
        Hop.PROXY: (course.began, course.handshake or course.connected),
        Hop.CONNECTION: (course.resolved or course.began, course.handshake or course.connected),
        Hop.TLS: (course.handshake, course.connected),
        Hop.HTTP: (course.connected, time.perf_counter()),
    }
    # The proxy looks the name up and makes the connection.
    without = {Hop.NAME, Hop.CONNECTION} if route.proxy else {Hop.PROXY}
    for hop, (begin, end) in spans.items():
        if hop == until:
            return
        if begin and end and hop not in without:
            yield Step(hop, (end - begin) * 1000)


def _hop(error: GProChatError, otherwise: Hop) -> Hop:
    return next((hop for kinds, hop in _HOPS if isinstance(error, kinds)), otherwise)


def _since(moment: float) -> float:
    return (time.perf_counter() - moment) * 1000


def _host(url: str) -> str:
    from gui.providers.transport import host_of, server_address

    return host_of(server_address(url))
