"""What a conversation's model is asked with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.chat.options import Options

ANY = st.builds(
    Options,
    st.none() | st.floats(0, 2),
    st.none() | st.floats(0, 1),
    st.none() | st.integers(1, 100_000),
    st.lists(st.text(min_size=1)).map(tuple),
)


@given(ANY)
def test_they_come_back_as_they_were_kept(options: Options) -> None:
    assert Options.from_json(options.to_json()) == options


def test_nothing_chosen_is_nothing_kept() -> None:
    assert Options().to_json() == ""
    assert Options().arguments(frozenset({"temperature", "stop"})) == {}


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        "[]",
        "7",
        '{"temperature": "hot"}',
        '{"temperature": true}',
        '{"temperature": 3}',
        '{"temperature": NaN}',
        '{"top_p": -1}',
        '{"max_tokens": 0}',
        '{"max_tokens": 1.5}',
        '{"max_tokens": true}',
        '{"stop": "x"}',
        '{"stop": [1, ""]}',
    ],
)
def test_what_makes_no_sense_is_not_chosen(kept: str) -> None:
    assert Options.from_json(kept) == Options()


def test_a_provider_gets_what_it_has_a_zero_among_it() -> None:
    options = Options(0.0, 0.9, 100, ("END",))

    assert options.arguments(frozenset({"temperature", "stop"})) == {"temperature": 0.0, "stop": ["END"]}
