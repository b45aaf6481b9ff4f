"""Names that fit what is typed of them."""

from __future__ import annotations

import pytest

from gui.windows.matching import match, pieces


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("copy", "Copy last reply"),
        ("reply copy", "Copy last reply"),
        ("clr", "Copy last reply"),
        ("REPLY", "Copy last reply"),
        ("настр", "Настройки…"),
        ("", "Anything"),
    ],
)
def test_a_name_fits_by_words_beginnings_and_letters_in_order(typed: str, name: str) -> None:
    assert match(typed, name) is not None


@pytest.mark.parametrize(
    ("typed", "name"), [("xyz", "Copy last reply"), ("ylr", "Copy last reply"), ("ct", "Cabinets")]
)
def test_other_letters_or_another_order_do_not_fit(typed: str, name: str) -> None:
    assert match(typed, name) is None


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("copy", "Copy", "Copy last reply"),
        ("copy", "Copy last reply", "Photocopy"),
        ("re", "Rename…", "Copy last reply"),
        ("re", "Copy last reply", "Are you there"),
        ("sd", "Split down", "Settings that are on display"),
    ],
)
def test_what_fits_better_comes_first(typed: str, better: str, worse: str) -> None:
    first, second = match(typed, better), match(typed, worse)
    assert first is not None
    assert second is None or first.score > second.score


def test_the_letters_that_fit_stand_out() -> None:
    found = match("clr", "Copy last reply")
    assert found is not None
    assert pieces("Copy last reply", found.letters) == (
        ("C", True),
        ("opy ", False),
        ("l", True),
        ("ast ", False),
        ("r", True),
        ("eply", False),
    )


def test_a_letter_whose_folding_is_longer_keeps_its_place() -> None:
    found = match("b", "ß b")
    assert found is not None
    assert found.letters == [2]
