"""What a person wants who starts the program, by its arguments or a gprochat: link, as one value.

A start that finds the program running hands it over. A link may come from any page: it can open something and write a
text where the person then reads it, and never sends anything.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEME = "gprochat:"

LONGEST_LINK = 100_000
"""Characters; beyond them a link is followed nowhere."""

LONGEST_TEXT = 50_000
LONGEST_ID = 64
MOST_FILES = 200


class Kind(StrEnum):
    SHOW = "show"
    NEW = "new"
    QUICK = "quick"
    CONVERSATION = "conversation"
    BACKGROUND = "background"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Request:
    """`text`: to be written, never sent; of NOWHERE, the link. `conversation`: an id. `files`: absolute paths."""

    kind: Kind = Kind.SHOW
    text: str = ""
    conversation: str = ""
    files: tuple[str, ...] = ()

    @property
    def needs_window(self) -> bool:
        """Whether the main window is to be seen."""
        return self.kind not in {Kind.QUICK, Kind.BACKGROUND}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: object) -> Request:
        """What is none is a wish to see the window."""
        one = value if isinstance(value, dict) else {}
        files = one.get("files")
        return cls(
            Kind(one["kind"]) if one.get("kind") in list(Kind) else Kind.SHOW,
            clean(str(one.get("text", ""))),
            str(one.get("conversation", ""))[:LONGEST_ID],
            tuple(str(file) for file in files[:MOST_FILES]) if isinstance(files, (list, tuple)) else (),
        )


def of_arguments(
    things: Iterable[str], *, new: bool, quick: str | None, conversation: str | None, background: bool
) -> Request:
    """`things`: files, their addresses, and links, of which the first one counts."""
    request, files = Request(), []
    for thing in things:
        if thing[: len(SCHEME)].lower() == SCHEME:
            request = of_link(thing) if request == Request() else request
        else:
            files.append(_path(thing))
    if quick is not None:
        request = Request(Kind.QUICK, clean(quick))
    elif conversation is not None:
        request = Request(Kind.CONVERSATION, conversation=conversation[:LONGEST_ID])
    elif new:
        request = Request(Kind.NEW)
    elif background:
        request = Request(Kind.BACKGROUND)
    return replace(request, files=tuple(files[:MOST_FILES]))


def of_link(link: str) -> Request:
    """gprochat:new?text=…, gprochat:quick?text=… and gprochat:conversation/ID, with or without slashes before."""
    from urllib.parse import parse_qs, unquote

    nowhere = Request(Kind.NOWHERE, clean(link)[:200])
    if len(link) > LONGEST_LINK:
        return nowhere
    place, _, query = link[len(SCHEME) :].partition("#")[0].partition("?")
    name, _, rest = place.strip("/").partition("/")
    try:
        said = parse_qs(query, max_num_fields=10).get("text", [""])[0]
    except ValueError:
        return nowhere
    if name.lower() in {Kind.NEW, Kind.QUICK} and not rest:
        return Request(Kind(name.lower()), clean(said))
    chosen = unquote(rest)
    if name.lower() == Kind.CONVERSATION and chosen and len(chosen) <= LONGEST_ID and chosen.isprintable():
        return Request(Kind.CONVERSATION, conversation=chosen)
    return nowhere


def clean(text: str) -> str:
    """`text` without what controls a terminal or turns the direction of what is read, and of a bearable length."""
    from unicodedata import category

    kept = text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in kept if one in SEEN or category(one) not in UNSEEN).strip("\n")


SEEN = "\n\t\u200c\u200d"  # emoji and Persian are joined by the last two
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def of_line(line: bytes) -> tuple[Request, str]:
    """A request that was handed over, and the desktop's leave to come to the front. Raises ValueError."""
    value = json.loads(line)
    token = value.get("token") if isinstance(value, dict) else ""
    return Request.from_json(value), token if isinstance(token, str) else ""


def to_line(request: Request, token: str) -> bytes:
    """One line, as `of_line` reads it."""
    return json.dumps({**request.to_json(), "token": token[:1000]}).encode() + b"\n"


def _path(thing: str) -> str:
    """Absolute: the program that runs is in another folder."""
    if thing[:5].lower() == "file:":
        from urllib.parse import urlsplit
        from urllib.request import url2pathname

        return url2pathname(urlsplit(thing).path)
    return str(Path(thing).expanduser().absolute())
