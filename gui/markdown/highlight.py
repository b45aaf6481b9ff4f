"""Source code to coloured runs, with Pygments. No Qt."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer

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


def runs(code: str, language: str) -> Iterator[tuple[str, str]]:
    """(text, role) in order; the texts joined are `code`. An unknown language is one run without a role."""
    lexer = _lexer(language) if language else None
    # Lexers of sessions swallow a last line that has no end.
    tokens = list(lexer.get_tokens(f"{code}\n")) if lexer else []
    if "".join(text for _token, text in tokens) != f"{code}\n":  # a lexer that changes what it reads
        yield code, ""
        return
    left = len(code)
    for token, text in tokens:
        if left:
            yield text[:left], _role(token)
        left -= min(left, len(text))
