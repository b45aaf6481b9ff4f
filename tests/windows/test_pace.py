"""When replies that stream are drawn: alone, beside each other, and while somebody types."""

from __future__ import annotations

from gui.windows.pace import FRAME, SLOWEST, TOGETHER_SLOWEST, TYPING_SLOWEST, Pace


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_alone_is_drawn_once_a_frame_and_never_slower_than_its_limit() -> None:
    clock = Clock()
    pace = Pace(clock)
    pauses = []
    for took in (0.1, 1.0, 50.0):
        pace.typed()
        pauses.append(pace.rest(1, took))
        clock.now += 1.0
    assert pauses == [FRAME, 24, SLOWEST]


def test_several_are_drawn_at_the_same_moment() -> None:
    clock = Clock()
    pace = Pace(clock)
    for who in (1, 2, 3):
        pace.rest(who, 1.0)
    clock.now += 0.2
    due = []
    for who in (1, 2, 3):
        due.append(clock.now + pace.rest(who, 1.0) / 1000)
        clock.now += 0.001
    assert max(due) - min(due) < 0.0011


def test_many_take_turns_further_apart_the_more_so_while_somebody_types() -> None:
    def after(*, typed: bool) -> int:
        clock = Clock()
        pace = Pace(clock)
        if typed:
            pace.typed()
        for who in range(8):
            pace.rest(who, 2.0)
        clock.now += 0.3
        return pace.rest(0, 2.0)

    assert after(typed=False) == TOGETHER_SLOWEST
    assert after(typed=True) == TYPING_SLOWEST


def test_those_that_have_ended_count_no_more() -> None:
    clock = Clock()
    pace = Pace(clock)
    for who in range(8):
        pace.rest(who, 2.0)
    clock.now += 5.0
    assert pace.rest(0, 1.0) == 24
