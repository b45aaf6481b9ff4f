"""Source code to coloured runs, with Pygments. No Qt."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygments.lexer import Lexer, RegexLexer

ROLES = {
    "Keyword": "keyword",
    "Keyword.Constant": "number",
    "Operator.Word": "keyword",
    "Name.Function": "function",
    "Name.Class": "function",
    "Name.Tag": "keyword",
    "Name.Attribute": "function",
    "Name.Decorator": "decorator",
    "Name.Builtin": "function",
    "Name.Exception": "function",
    "Literal.String": "string",
    "Literal.Number": "number",
    "Comment": "comment",
    "Operator": "operator",
    "Generic.Deleted": "error",
    "Generic.Inserted": "string",
    "Generic.Heading": "keyword",
}
"""Pygments' token types to the names of a theme's [code] colours; a type not listed takes its parent's."""

ENDLESS = frozenset(
    {"ANSYS parametric design language", "CDDL", "Chapel", "Factor", "Fancy", "Fish", "Maple", "NCL", "Pan", "Rego"}
    | {"Rell", "Rita", "Scala", "Smithy", "Systemd", "Tcsh", "Tcsh Session", "Typographic Number Theory", "UrbiScript"}
    | {"reg"}
)
"""Lexers that an unclosed string of 40 backslashes, or even a letter, keeps busy for ever (Pygments 2.21)."""


@cache
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import LEXERS, find_lexer_class  # at first use: the first paint does not wait for it

    # get_lexer_by_name scans all plugins for a name it does not know (about 20 ms, for each half-written name): the
    # static table knows every lexer that Pygments brings.
    for _module, title, aliases, _files, _mimes in LEXERS.values():
        if language.lower() in (title.lower(), *aliases):
            found = find_lexer_class(title)
            return found(stripnl=False, ensurenl=False) if found and title not in ENDLESS else None
    return None


@cache
def _role(token: tuple[str, ...]) -> str:
    return next((ROLES[name] for end in range(len(token), 0, -1) if (name := ".".join(token[:end])) in ROLES), "")


def runs(code: str, language: str) -> list[tuple[str, str]]:
    """(text, role) in order; the texts joined are `code`. An unknown language is one run a line, without a role."""
    lexer = LineLexer(language)
    found: list[tuple[str, str]] = []
    for number, line in enumerate(code.split("\n")):
        found += [("\n", "")] * (number > 0) + lexer.line(line)
    return found


Stack = tuple[str, ...]

LONGEST = 20_000
"""Characters of a line that are coloured; a longer one is data, and stays as it is."""


class LineLexer:
    """Colours code line by line, knowing what is open from the lines before: a string, a comment, a block.

    The colours of a line never depend on those after it, so what is drawn stays. A copy goes on from where it was made.
    Lexers that are no tables of regular expressions take each line by itself.
    """

    def __init__(self, language: str) -> None:
        self._lexer = _lexer(language) if language else None
        self._stack: Stack = ("root",)
        self._inside: Construct | None = None  # what one expression of the lexer spans over lines

    def line(self, text: str) -> list[tuple[str, str]]:
        """(text, role) in order; the texts joined are `text`, a line without its end."""
        if self._lexer is None or len(text) > LONGEST:
            return [(text, "")]
        coloured: list[tuple[str, str]] = []
        begin = 0
        if self._inside is not None:
            end = text.find(self._inside.closer)
            begin = len(text) if end < 0 else end + len(self._inside.closer)
            coloured.append((text[:begin], self._inside.role))
            if end < 0:
                return coloured
            self._inside = None
        tokens, stack = _lex(self._lexer, text, begin, self._stack)
        for construct in _constructs(self._lexer):
            opening = _opening(construct, text, begin, tokens)
            if opening >= 0:
                tokens, stack = _lex(self._lexer, text[:opening], begin, self._stack)
                tokens.append((opening, construct.role, text[opening:]))
                self._inside = construct
                break
        self._stack = stack
        return [*coloured, *((run, role) for _at, role, run in tokens)]


class Construct(NamedTuple):
    """Text between two marks that may be lines apart."""

    opener: str
    closer: str
    role: str


_MARKS = (
    ("/*", "*/"),
    ("<!--", "-->"),
    ("`", "`"),
    ('"""', '"""'),
    ("{-", "-}"),
    ("(*", "*)"),
    ("--[[", "]]"),
    ("'", "'"),
)


@cache
def _constructs(lexer: Lexer) -> tuple[Construct, ...]:
    """Those that this lexer knows, and loses from one line to the next."""
    found = []
    for opener, closer in _MARKS:
        whole = f"{opener} a\na {closer}"
        spanning = next((kind for kind, text in lexer.get_tokens(whole) if text.strip() == whole), None)
        role = _role(tuple(spanning)) if spanning is not None else ""
        _tokens, stack = _lex(lexer, f"{opener} a", 0, ("root",))
        if role in {"comment", "string"} and stack == ("root",):
            found.append(Construct(opener, closer, role))
    return tuple(found)


def _opening(construct: Construct, text: str, begin: int, tokens: Sequence[tuple[int, str, str]]) -> int:
    """Where `construct` begins on this line without ending on it, -1 if it does not."""
    at = text.find(construct.opener, begin)
    while at >= 0:
        end = text.find(construct.closer, at + len(construct.opener))
        # Inside of a line's comment or of a string it opens nothing.
        inside = any(start < at < start + len(run) and role in {"comment", "string"} for start, role, run in tokens)
        if not inside and end < 0:
            return at
        at = text.find(construct.opener, max(at, end) + 1)
    return -1


def _lex(lexer: Lexer, text: str, begin: int, stack: Stack) -> tuple[list[tuple[int, str, str]], Stack]:
    """(offset, role, text) of one line from `begin` on, and the states that are open at its end."""
    from pygments.lexer import ExtendedRegexLexer, RegexLexer

    whole = f"{text}\n"
    if isinstance(lexer, RegexLexer) and not isinstance(lexer, ExtendedRegexLexer):
        found, states = _run(lexer, whole, begin, list(stack))
    else:
        found, states = list(lexer.get_tokens_unprocessed(whole[begin:])), list(stack)
        found = [(begin + at, kind, run) for at, kind, run in found]
    if "".join(run for _at, _kind, run in found) != whole[begin:]:  # a lexer that changes what it reads
        return [(begin, "", text[begin:])] if text[begin:] else [], stack
    tokens: list[tuple[int, str, str]] = []
    place = begin
    for _at, kind, run in found:
        role = _role(tuple(kind))
        part = run[: max(len(text) - place, 0)]
        if part and tokens and tokens[-1][1] == role:
            tokens[-1] = (tokens[-1][0], role, tokens[-1][2] + part)
        elif part:
            tokens.append((place, role, part))
        place += len(run)
    return tokens, tuple(states)


def _run(lexer: RegexLexer, text: str, place: int, states: list[str]) -> tuple[list[tuple[int, Any, str]], list[str]]:
    """The tokens of `text` from `place` on, as RegexLexer finds them; `states` is changed into those at the end."""
    from pygments.token import Error, Text, Whitespace, _TokenType

    table: dict[str, Any] = lexer._tokens  # type: ignore[attr-defined]  # noqa: SLF001 -- its only keeper of state
    found: list[tuple[int, Any, str]] = []
    idle = 0
    while place < len(text):
        for match_at, action, new in table[states[-1]]:
            match = match_at(text, place)
            if match is None:
                continue
            if type(action) is _TokenType:
                found.append((place, action, match.group()))
            elif action is not None:
                found += action(lexer, match)
            idle = idle + 1 if match.end() == place else 0
            place = match.end()
            _enter(states, new)
            break
        else:
            if text[place] == "\n":
                states[:] = ["root"]
                found.append((place, Whitespace, "\n"))
            else:
                found.append((place, Error, text[place]))
            place += 1
        if idle > IDLE or len(states) > DEEPEST:
            found.append((place, Text, text[place:]))
            states[:] = ["root"]
            break
    return [token for token in found if token[2]], states


IDLE = 50  # matches of nothing in a row: the states go round in a ring
DEEPEST = 200  # states: unclosed brackets by the thousand


def _enter(states: list[str], new: Any) -> None:
    """Pygments' ways to say which states are entered and left."""
    if new is None:
        return
    if isinstance(new, tuple):
        for state in new:
            _enter(states, state)
    elif isinstance(new, int):
        del states[max(len(states) + new, 1) :]
    elif new == "#pop":
        del states[max(len(states) - 1, 1) :]
    elif new == "#push":
        states.append(states[-1])
    else:
        states.append(new)
