"""GPROChat's JSON: a history, or a part of it, in one file that any JSON tool reads and this program reads in pieces.

UTF-8, one object, whose array "items" may be of any length. What is written here has one item a line; what is read may
be formatted anyhow, and its keys may come in any order. A key that is left out has the value in parentheses; one that
is not named here is ignored. Times are whole milliseconds since the epoch, UTC, before
the year 9999; ids are texts, UUIDs as a rule.

    {"format": "gprochat-history", "version": 1, "items": [ITEM, …]}

    ITEM          {"folder": FOLDER}, {"conversation": CONVERSATION}, {"template": TEMPLATE}, or
                  {"purged": {"id", "purged_at"}}: this conversation was removed for good and is not to come back
    FOLDER        id, name, created_at
                  deleted_at (null: it is not), stamps ({}) of "name" and "deleted_at"
    CONVERSATION  id, created_at, updated_at
                  title, connection, model, system_prompt ("")
                  options (""): a JSON text, {"temperature", "top_p", "max_tokens", "stop"}, those that were chosen
                  pinned, unread, archived (false)
                  leaf_id (null): the last message of the branch on show
                  deleted_at (null: it is not in the trash)
                  folder (null): the FOLDER it is in
                  stamps ({}): {field: when it was changed last}; without one, a field is as old as the conversation.
                      The fields are all those above but for the first line, with folder as "folder_id"
                  messages ([]): [MESSAGE, …] of every branch, each after its parent; in a file of the sync folder
                      the parent may be in another file
    MESSAGE       id, created_at, role: "user", "assistant" or "system"
                  parent_id (null: a first one): the message it answers; its siblings are its other versions
                  state ("complete"), "stopped", "failed" or "interrupted"
                  text, reasoning, connection, model ("")
                  error (""): of a failed one, a JSON text with the kind and the details of the error
                  finished_at, prompt_tokens, completion_tokens (null: not known)
                  first_at (null): when its first piece came; writing_ms (null): for how long its server says it wrote
                  omitted (0): how many earlier messages were not sent with its question
                  note (""), pinned, removed (false): what a person says of it; a removed one is not shown
                  noted_at, pinned_at, removed_at (null: never): when that was said last
                  attachments ([]): [{"id", "name", "type", "data"}, …]; type: "image/png", "image/jpeg" or
                      "text/plain" (UTF-8); data: the content in base64
    TEMPLATE      id, name, created_at, changed_at; deleted_at (null: it is not)
                  text (""): a prompt with {{variables}}; where is_persona (false), a system prompt
                  connection, model, options (""): of a persona, as of a CONVERSATION; place (0): in the person's order

Which server a connection stands for is not in here, and no secret is: "connection" is the name of a setting.
"""

from __future__ import annotations

import base64
import codecs
import json
import re
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any

from gui.conversation import LATEST, Attachment, Conversation, Folder, Message, Role, State, Template
from gui.errors import QT_TRANSLATE_NOOP
from gui.history.merging import FIELDS, folder_of
from gui.history.record import FolderRecord, Purged, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from gui.history.record import Item

FORMAT = "gprochat-history"
VERSION = 1

CHUNK = 2**20  # bytes read at once
MOST_TOKENS = 2**53

OURS = QT_TRANSLATE_NOOP("errors", "a JSON object of the format gprochat-history")
READABLE = QT_TRANSLATE_NOOP("errors", "version 1, which is all that this version of GPROChat reads")
AN_ARRAY = QT_TRANSLATE_NOOP("errors", "an array")
AN_ITEM = QT_TRANSLATE_NOOP("errors", 'an object with "conversation", "folder", "template" or "purged"')
A_KEY = QT_TRANSLATE_NOOP("errors", "a key, which is a text")
A_COLON = QT_TRANSLATE_NOOP("errors", "a colon")
COMMA_OR_BRACE = QT_TRANSLATE_NOOP("errors", "a comma or }")
COMMA_OR_BRACKET = QT_TRANSLATE_NOOP("errors", "a comma or ]")
THE_END = QT_TRANSLATE_NOOP("errors", "the end of the file")
VALID = QT_TRANSLATE_NOOP("errors", "valid JSON, and all of it")
SIMPLER = QT_TRANSLATE_NOOP("errors", "JSON of less depth and smaller numbers")

_REQUIRED = object()
_BLANKS = re.compile(r"[ \t\r\n]*")


class Malformed(ValueError):
    """This is not such a file. `line` counts from 1; `path` is where in the JSON, like items[3].conversation.title, ""
    where it is no JSON; `expected` says what should be there, as the end of "expected …": a phrase for translators.
    """

    def __init__(self, line: int, path: str, expected: str) -> None:
        super().__init__(f"line {line}{', ' if path else ''}{path}: expected {expected}")
        self.line = line
        self.path = path
        self.expected = expected


# -- writing ----------------------------------------------------------------------------------------------------------


class Writer:
    """Writes item by item: a context, whose end without an error makes the file whole. `size`: bytes until now."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._between = b"\n"
        self.size = 0

    def __enter__(self) -> Writer:
        self._write(f'{{"format": "{FORMAT}", "version": {VERSION}, "items": ['.encode())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self._write(b"\n]}\n")

    def add(self, item: Item) -> None:
        self._write(self._between + line(item))
        self._between = b",\n"

    def _write(self, content: bytes) -> None:
        self.size += self._file.write(content)


def write(items: Iterable[Item], file: IO[bytes]) -> None:
    """All of `items`, of which one at a time is in memory."""
    with Writer(file) as writer:
        for item in items:
            writer.add(item)


def line(item: Item) -> bytes:
    """`item` as it is written, without what separates it from the next."""
    value: dict[str, Any]
    if isinstance(item, Record):
        value = {"conversation": _conversation_out(item)}
    elif isinstance(item, FolderRecord):
        value = {"folder": _folder_out(item)}
    elif isinstance(item, Template):
        value = {"template": _out(item, TEMPLATE)}
    else:
        value = {"purged": {"id": item.id, "purged_at": item.purged_at}}
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can hold and UTF-8 cannot
        return json.dumps(value).encode()


def _conversation_out(record: Record) -> dict[str, Any]:
    value = _out(record.conversation, CONVERSATION)
    if record.deleted_at is not None:
        value["deleted_at"] = record.deleted_at
    if folder := folder_of(record):
        value["folder"] = _folder_out(folder)
    if record.stamps:
        value["stamps"] = dict(record.stamps)
    value["messages"] = [_message_out(message) for message in record.messages]
    return value


def _message_out(message: Message) -> dict[str, Any]:
    value = _out(message, MESSAGE)
    if message.attachments:
        value["attachments"] = [
            {"id": one.id, "name": one.name, "type": one.type, "data": base64.b64encode(one.content).decode()}
            for one in message.attachments
        ]
    return value


def _folder_out(record: FolderRecord) -> dict[str, Any]:
    value: dict[str, Any] = {name: getattr(record.folder, name) for name in FOLDER}
    if record.deleted_at is not None:
        value["deleted_at"] = record.deleted_at
    if record.stamps:
        value["stamps"] = dict(record.stamps)
    return value


def _out(value: Conversation | Message | Template, kinds: dict[str, _Kind]) -> dict[str, Any]:
    return {name: item for name, kind in kinds.items() if (item := getattr(value, name)) != kind.default}


# -- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a value may be; `choices` maps what is in the file to what it is here."""

    expected: str
    type: type[Any]
    default: Any = _REQUIRED
    span: tuple[int, int] | None = None
    choices: dict[str, Any] | None = None
    filled: bool = False

    def fits(self, value: Any) -> bool:
        if value is None:
            return self.default is None
        if value.__class__ is not self.type or (self.filled and not value):
            return False
        if self.span is not None:
            return bool(self.span[0] <= value <= self.span[1])
        return self.choices is None or value in self.choices


_ID = _Kind(QT_TRANSLATE_NOOP("errors", "an id, a text that is not empty"), str, filled=True)
_ID_OR_NULL = replace(_ID, expected=QT_TRANSLATE_NOOP("errors", "an id or null"), default=None)
_TEXT = _Kind(QT_TRANSLATE_NOOP("errors", "a text"), str, "")
_FLAG = _Kind(QT_TRANSLATE_NOOP("errors", "true or false"), bool, default=False)
_TIME = _Kind(QT_TRANSLATE_NOOP("errors", "a time in milliseconds since the epoch"), int, span=(0, LATEST))
_TIME_OR_NULL = replace(_TIME, default=None)
_TOKENS = _Kind(QT_TRANSLATE_NOOP("errors", "a number of tokens or null"), int, None, (0, MOST_TOKENS))
_ROLE = _Kind(
    QT_TRANSLATE_NOOP("errors", "user, assistant or system"), str, choices={role.value: role for role in Role}
)
_STATE = _Kind(
    QT_TRANSLATE_NOOP("errors", "complete, stopped, failed or interrupted"),
    str,
    State.COMPLETE,
    choices={**{state.value: state for state in State}, State.RUNNING.value: State.INTERRUPTED},
)
_OBJECT = _Kind(QT_TRANSLATE_NOOP("errors", "an object"), dict)
_LIST = _Kind(AN_ARRAY, list, ())

CONVERSATION = {
    "id": _ID,
    "title": _TEXT,
    "created_at": _TIME,
    "updated_at": _TIME,
    "leaf_id": _ID_OR_NULL,
    "connection": _TEXT,
    "model": _TEXT,
    "system_prompt": _TEXT,
    "pinned": _FLAG,
    "unread": _FLAG,
    "archived": _FLAG,
    "options": _TEXT,
}
MESSAGE = {
    "id": _ID,
    "parent_id": _ID_OR_NULL,
    "role": _ROLE,
    "state": _STATE,
    "text": _TEXT,
    "reasoning": _TEXT,
    "created_at": _TIME,
    "finished_at": _TIME_OR_NULL,
    "connection": _TEXT,
    "model": _TEXT,
    "error": _TEXT,
    "prompt_tokens": _TOKENS,
    "completion_tokens": _TOKENS,
    "first_at": _TIME_OR_NULL,
    "writing_ms": replace(_TOKENS, expected=QT_TRANSLATE_NOOP("errors", "a number of milliseconds or null")),
    "omitted": _Kind(QT_TRANSLATE_NOOP("errors", "a number of messages"), int, 0, (0, MOST_TOKENS)),
    "note": _TEXT,
    "noted_at": _TIME_OR_NULL,
    "pinned": _FLAG,
    "pinned_at": _TIME_OR_NULL,
    "removed": _FLAG,
    "removed_at": _TIME_OR_NULL,
}
ATTACHMENT = {
    "id": _ID,
    "name": _TEXT,
    "type": _Kind(QT_TRANSLATE_NOOP("errors", "a media type"), str, filled=True),
    "data": _Kind(QT_TRANSLATE_NOOP("errors", "base64"), str, ""),
}
FOLDER = {"id": _ID, "name": replace(_TEXT, default=_REQUIRED), "created_at": _TIME}
TEMPLATE = {
    "id": _ID,
    "name": replace(_TEXT, default=_REQUIRED),
    "text": _TEXT,
    "created_at": _TIME,
    "changed_at": _TIME,
    "deleted_at": _TIME_OR_NULL,
    "is_persona": _FLAG,
    "connection": _TEXT,
    "model": _TEXT,
    "options": _TEXT,
    "place": _Kind(QT_TRANSLATE_NOOP("errors", "a number"), int, 0, (0, MOST_TOKENS)),
}
PURGED = {"id": _ID, "purged_at": _TIME}
_STAMPED = {
    "conversation": (*FIELDS, "deleted_at"),
    "folder": ("name", "deleted_at"),
}


def read(file: IO[bytes]) -> Iterator[Item]:
    """One after the other, as they are asked for. Raises Malformed where the file is wrong, also after some of them,
    and OSError.
    """
    source = _Source(file)
    seen: dict[str, Any] = {}
    source.expect("{", OURS)
    while not source.skip("}"):
        if seen:
            source.expect(",", COMMA_OR_BRACE)
        name = source.value("")
        if not isinstance(name, str):
            raise Malformed(source.line, "", A_KEY)
        source.expect(":", A_COLON)
        if name == "items":
            seen["items"] = True
            yield from _items(source)
        else:
            seen[name] = source.value(name)
            _check_header(source, name, seen[name])
    source.end()
    for name, expected in (("format", f'"{FORMAT}"'), ("version", str(VERSION)), ("items", AN_ARRAY)):
        if name not in seen:
            raise Malformed(source.line, name, expected)


def _check_header(source: _Source, name: str, value: Any) -> None:
    if name == "format" and value != FORMAT:
        raise Malformed(source.line, name, f'"{FORMAT}"')
    if name == "version" and value != VERSION:
        raise Malformed(source.line, name, READABLE)


def _items(source: _Source) -> Iterator[Item]:
    source.expect("[", AN_ARRAY)
    number = 0
    while not source.skip("]"):
        if number:
            source.expect(",", COMMA_OR_BRACKET)
        path = f"items[{number}]"
        source.skip("")
        begin = source.line
        value = source.value(path)
        try:
            item = _item(value)
        except _Wrong as wrong:
            raise Malformed(begin, f"{path}{wrong.path}", wrong.expected) from None
        yield item
        number += 1


class _Wrong(Exception):
    """What is wrong in an item; the path to it grows on the way out."""

    def __init__(self, path: str, expected: str) -> None:
        super().__init__()
        self.path = path
        self.expected = expected


def _item(value: Any) -> Item:
    if isinstance(value, dict):
        for name, made in _MADE.items():
            if name in value:
                return made(value[name], f".{name}")
    raise _Wrong("", AN_ITEM)


def _record_in(value: Any, path: str) -> Record:
    conversation = Conversation(**_in(value, CONVERSATION, path))
    messages = []
    for number, one in enumerate(_value(value, "messages", _LIST, path)):
        place = f"{path}.messages[{number}]"
        values = _in(one, MESSAGE, place)
        messages.append(Message(conversation.id, **values, attachments=_attachments_in(one, place)))
    deleted_at = _value(value, "deleted_at", _TIME_OR_NULL, path)
    record = Record(conversation, tuple(messages), _stamps(value, "conversation", path), deleted_at=deleted_at)
    if value.get("folder") is None:
        return record
    folder = _folder_in(value["folder"], f"{path}.folder")
    return replace(
        record,
        conversation=replace(conversation, folder_id=folder.folder.id),
        folder=folder.folder,
        folder_stamps=folder.stamps,
        folder_deleted_at=folder.deleted_at,
    )


def _attachments_in(value: dict[str, Any], path: str) -> tuple[Attachment, ...]:
    found = []
    for number, one in enumerate(_value(value, "attachments", _LIST, path)):
        place = f"{path}.attachments[{number}]"
        values = _in(one, ATTACHMENT, place)
        try:
            content = base64.b64decode(values["data"], validate=True)
        except ValueError:
            raise _Wrong(f"{place}.data", ATTACHMENT["data"].expected) from None
        found.append(Attachment(values["name"], values["type"], content, values["id"]))
    return tuple(found)


def _folder_in(value: Any, path: str) -> FolderRecord:
    folder = Folder(**_in(value, FOLDER, path))
    return FolderRecord(folder, _stamps(value, "folder", path), _value(value, "deleted_at", _TIME_OR_NULL, path))


def _purged_in(value: Any, path: str) -> Purged:
    return Purged(**_in(value, PURGED, path))


def _template_in(value: Any, path: str) -> Template:
    return Template(**_in(value, TEMPLATE, path))


_MADE: dict[str, Callable[[Any, str], Item]] = {
    "conversation": _record_in,
    "folder": _folder_in,
    "template": _template_in,
    "purged": _purged_in,
}


def _in(value: Any, kinds: dict[str, _Kind], path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(path, _OBJECT.expected)
    return {name: _value(value, name, kind, path) for name, kind in kinds.items()}


def _value(value: dict[str, Any], name: str, kind: _Kind, path: str) -> Any:
    found = value.get(name, kind.default)
    if found is kind.default and found is not _REQUIRED:
        return found
    if not kind.fits(found):
        raise _Wrong(f"{path}.{name}", kind.expected)
    return kind.choices[found] if kind.choices else found


def _stamps(value: dict[str, Any], of: str, path: str) -> dict[str, int]:
    stamps = value.get("stamps", {})
    if not isinstance(stamps, dict):
        raise _Wrong(f"{path}.stamps", _OBJECT.expected)
    return {name: _value(stamps, name, _TIME, f"{path}.stamps") for name in _STAMPED[of] if name in stamps}


class _Source:
    """The text of a file, taken from its beginning to its end, with no more of it in memory than the next value.

    `line`: of what comes next, counted from 1.
    """

    _DECODER = json.JSONDecoder()

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._bytes = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._place = 0
        self._ended = False
        self.line = 1

    def skip(self, wanted: str) -> bool:
        """Go past blanks, and past `wanted` if that is next: whether it was."""
        while True:
            blanks = _BLANKS.match(self._text, self._place)
            self._go(blanks.end() - self._place if blanks else 0)
            if self._place < len(self._text) or not self._more():
                break
        found = self._text.startswith(wanted, self._place)
        self._go(len(wanted) if found else 0)
        return found

    def expect(self, wanted: str, expected: str) -> None:
        if not self.skip(wanted):
            raise Malformed(self.line, "", expected)

    def end(self) -> None:
        self.skip("")
        if self._place < len(self._text):
            raise Malformed(self.line, "", THE_END)

    def value(self, path: str) -> Any:
        """The JSON value that is next."""
        self.skip("")
        while True:
            try:
                value, end = self._DECODER.raw_decode(self._text, self._place)
            except json.JSONDecodeError as error:
                # Cut off, as far as can be seen: a text does not end, or something is wrong with the last letters.
                cut = error.msg.startswith("Unterminated string") or error.pos > len(self._text) - len('"\\u1234\\u12')
                if not (cut and self._more()):
                    line = self.line + self._text.count("\n", self._place, error.pos)
                    raise Malformed(line, path, VALID) from None
            except (RecursionError, ValueError):
                raise Malformed(self.line, path, SIMPLER) from None
            else:
                if end < len(self._text) or not self._more():  # else a number may go on
                    self._go(end - self._place)
                    return value

    def _go(self, count: int) -> None:
        self.line += self._text.count("\n", self._place, self._place + count)
        self._place += count

    def _more(self) -> bool:
        """As much again as is waiting: what does not fit is looked at a few times, not once for each piece."""
        if self._ended:
            return False
        waiting = self._text[self._place :]
        content = self._file.read(max(CHUNK, len(waiting)))
        self._ended = not content
        try:
            self._text = waiting + self._bytes.decode(content, self._ended)
        except UnicodeDecodeError as error:
            line = self.line + waiting.count("\n") + error.object[: error.start].count(b"\n")
            raise Malformed(line, "", "UTF-8") from None
        self._place = 0
        return True
