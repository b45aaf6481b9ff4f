from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.providers.base import Reasoning
from gui.providers.thinking import ThinkSplitter


def split(*pieces: str) -> tuple[str, str]:
    """(thoughts, text) of what arrives in these pieces."""
    splitter = ThinkSplitter()
    found = [one for piece in pieces for one in splitter.feed(piece)] + list(splitter.end())
    thoughts = "".join(one.text for one in found if isinstance(one, Reasoning))
    return thoughts, "".join(one for one in found if isinstance(one, str))


@pytest.mark.parametrize(
    ("reply", "thoughts", "text"),
    [
        ("<think>\nHm.\n</think>\n\nAn answer.", "Hm.\n", "An answer."),
        ("\n<think>a</think>b", "a", "b"),
        ("<think></think>b", "", "b"),
        ("<think>no end", "no end", ""),
        ("<think>a < b </thin", "a < b </thin", ""),
        ("An answer with <think>a mark</think> in it", "", "An answer with <think>a mark</think> in it"),
        ("<thinking>", "", "<thinking>"),
        ("<thi", "", "<thi"),
        ("  two blanks", "", "  two blanks"),
        ("", "", ""),
    ],
)
def test_thoughts_are_told_apart_however_they_are_cut(reply: str, thoughts: str, text: str) -> None:
    assert split(reply) == (thoughts, text)
    assert split(*reply) == (thoughts, text)


@given(st.lists(st.sampled_from(["<think>", "</think>", "<", "/think>", "a", "\n", " "]), max_size=12), st.data())
def test_any_pieces_are_split_as_the_whole(parts: list[str], data: st.DataObject) -> None:
    whole = "".join(parts)
    cut = data.draw(st.integers(0, len(whole)))
    assert split(whole[:cut], whole[cut:]) == split(whole) == split(*whole)
