from __future__ import annotations

import json
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import LEXERS, get_lexer_by_name

from gui.markdown.highlight import ENDLESS, LONGEST, ROLES, LineLexer, _role, runs
from tests.markdown.texts import LINE_ENDS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

RESOURCES = Path(__file__).parents[2] / "resources"
LANGUAGES = [
    *[
        "python",
        "py",
        "pycon",
        "javascript",
        "ts",
        "json",
        "html",
        "css",
        "c",
        "c++",
        "c#",
        "java",
        "go",
        "rust",
        "bash",
    ],
    *["console", "shell-session", "ps1con", "diff", "sql", "psql", "yaml", "toml", "ini", "xml", "php", "ruby", "irb"],
    *["make", "docker", "latex", "markdown", "text", "kotlin", "swift", "haskell", "literate-haskell", "r", "rconsole"],
    *["robotframework", "julia-repl", "erb", "html+jinja", "raw", "scala", "tnt", "PYTHON", "Bash Session"],
]
CODE = '''\ufeff
def f(a: int) -> str:  # \u2028 a comment
\treturn "b\x0c" + 'c'

$ ls -l
>>> print(1)
1
<?php echo "x" ?> {% if a %} <b>&amp;</b> /* open
"""open
'''

code = st.lists(st.sampled_from([*WORDS, *LINE_ENDS]), max_size=12).map("".join) | st.text(max_size=30)


@pytest.mark.parametrize("language", [*LANGUAGES, "unknown", "", "pytho", "{.python}"])
@pytest.mark.parametrize(
    "source", [CODE, CODE.strip(), CODE.strip() + "\n\n", "a", "", "\n", "  \n\n", "\ufeff", "$ ls"]
)
def test_the_runs_joined_are_the_code(language: str, source: str) -> None:
    assert "".join(text for text, _role in runs(source, language)) == source


@settings(max_examples=1000, deadline=None, database=None)
@given(code, st.sampled_from(LANGUAGES))
def test_the_runs_of_any_code_joined_are_the_code(source: str, language: str) -> None:
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    assert "".join(text for text, _role in runs(source, language)) == source


def test_code_is_coloured() -> None:
    parts = list(runs("def name():\n    return None, 12  # why", "Python"))
    assert {("def", "keyword"), ("name", "function"), ("None", "number"), ("12", "number"), ("# why", "comment")} <= {
        *parts
    }
    assert ("=", "operator") in runs("a = b", "python")


ACROSS_LINES = {
    "python": 'def f(a):\n    """doc\n    more"""\n    return f"{a}"  # c\n@x\nclass A: pass\n',
    "c": 'int a; /* x\n y */ int b; // c /* no\nchar *s = "/*";\n',
    "java": '/**\n * Doc.\n */\nclass A { String s = "a"; }\n',
    "javascript": "let a = 1; /* c\nd\ne */ const z = 1; // end\n",
    "go": 's := `a\nb` + "c"\n/* x\n*/ func f() {}\n',
    "html": '<p class="b">x</p><!-- c\nd --><b>e</b>\n',
    "css": "a { color: red; /* x\ny */ margin: 0 }\n",
    "rust": "fn f() { /* a\nb */ let s = 1; }\n",
    "sql": "select 'a' from t -- c\nwhere x /* y\nz */ = 1\n",
    "bash": "x='a\nb'\nfor i in $x; do echo $i; done # c\n",
    "ruby": "def f\n  'a' # b\nend\n",
    "haskell": "f x = x {- a\nb -} + 1 -- c\n",
}


@pytest.mark.parametrize(("language", "source"), ACROSS_LINES.items(), ids=ACROSS_LINES)
def test_line_by_line_the_colours_are_those_of_the_whole(language: str, source: str) -> None:
    def letters(parts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(letter, role) for text, role in parts for letter in text if not letter.isspace()]

    lexer = get_lexer_by_name(language, stripnl=False)
    whole = [(text, _role(tuple(kind))) for kind, text in lexer.get_tokens(source)]
    assert letters(runs(source, language)) == letters(whole)


def test_a_copy_goes_on_from_where_it_was_made() -> None:
    lexer = LineLexer("python")
    lexer.line('x = """a')
    assert copy(lexer).line('b""" + 1')[0] == ('b"""', "string")
    assert lexer.line("b") == [("b", "string")]


def test_a_line_of_data_stays_uncoloured() -> None:
    lexer = LineLexer("python")
    assert lexer.line("a = 1;" * LONGEST) == [("a = 1;" * LONGEST, "")]
    assert ("def", "keyword") in lexer.line("def f(): pass")


def test_a_session_is_coloured_up_to_an_open_line() -> None:
    assert ("# b", "comment") in list(runs("$ a # b", "console"))


@pytest.mark.parametrize("language", ["unknown", "", "pytho"])
def test_an_unknown_language_has_no_colours(language: str) -> None:
    assert list(runs("def f(): 1", language)) == [("def f(): 1", "")]


@pytest.mark.parametrize("language", sorted(ENDLESS))
def test_lexers_that_may_not_end_are_not_used(language: str) -> None:
    assert any(language == title for _module, title, *_rest in LEXERS.values())
    source = 'x = "' + "\\" * 400
    assert list(runs(source, language)) == [(source, "")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_role_has_a_colour(theme: str) -> None:
    colours = json.loads((RESOURCES / "themes" / f"{theme}.json").read_text("utf-8"))["code"]
    assert {*ROLES.values()} <= {*colours}
