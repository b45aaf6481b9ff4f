"""Conversations as Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gui.conversation import State
from gui.errors import ServerUnreachable
from gui.transfer.text import closed, markdown
from gui.transfer.words import Words, moment
from tests.transfer.conftest import AT, record


def test_a_conversation_reads_well_as_it_is() -> None:
    text = markdown(
        record("Greek *letters*", "Name one", "**Alpha**, for example.", system_prompt="Be brief."), Words()
    )
    when = moment(AT)
    assert text == (
        f"# Greek \\*letters\\*\n\n*{when} – {when}*\n\n**System prompt**\n\n> Be brief.\n\n---\n\n"
        f"## You · {when}\n\nName one\n\n---\n\n## gpt · {when}\n\n**Alpha**, for example.\n"
    )


def test_what_was_thought_and_what_went_wrong_is_told() -> None:
    one = record("T", "Q", "A")
    failed = replace(
        one.messages[1],
        state=State.FAILED,
        reasoning="Hm.\n\nYes.",
        error=ServerUnreachable(host="a.example").to_json(),
    )
    one = replace(one, messages=(one.messages[0], failed))
    assert "> **Thoughts**\n>\n> Hm.\n>\n> Yes.\n" in markdown(one, Words())
    assert "Hm." not in markdown(one, Words(), thoughts=False)
    assert "*No server answers at a.example" in markdown(one, Words())


def test_the_name_of_the_connection_stands_before_the_model() -> None:
    one = record("T", "Q", "A")
    one = replace(one, messages=(one.messages[0], replace(one.messages[1], connection="c1")))
    assert "## Home · gpt · " in markdown(one, Words(connections={"c1": "Home"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "a"),
        ("\n\na  \n", "a"),
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("```py\nx = 1\n```", "```py\nx = 1\n```"),
        ("````\n```\nx", "````\n```\nx\n````"),
        ("~~~\nx\n```", "~~~\nx\n```\n~~~"),
        ("```", "```\n```"),
        ("- a\n  ```\n  x", "- a\n  ```\n  x"),
        ("```\r\nx\r\n", "```\nx\n```"),
    ],
)
def test_code_that_was_never_ended_is_ended(text: str, expected: str) -> None:
    assert closed(text) == expected


@settings(deadline=None)
@given(st.text("`~ ab\n-> \t", max_size=60))
def test_what_follows_a_message_is_never_part_of_its_code(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"{closed(text)}\n\n## Next\n")
    assert [token.type for token in tokens[-3:]] == ["heading_open", "inline", "heading_close"]
    assert tokens[-3].level == 0
