from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import LEXERS

from gui.markdown.highlight import ENDLESS, ROLES, runs
from tests.markdown.texts import LINE_ENDS, WORDS

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
    assert ("b", "") in runs("a = b", "python")


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
