"""Ids: unique, in order of time, and what they claim to be."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from gui.conversation import new_id


def test_an_id_is_a_uuid_of_version_7_that_tells_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    identity = uuid.UUID(new_id())
    after = time.time_ns() // 1_000_000
    assert (identity.version, identity.variant) == (7, uuid.RFC_4122)
    # Ids made at once borrow from the future: 4096 of them are a millisecond.
    assert before <= identity.int >> 80 <= after + 1


def test_ids_are_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_ids_of_several_threads_are_all_different() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: [new_id() for _ in range(5_000)], range(4)))
    assert len({one for some in made for one in some}) == 20_000
    assert all(some == sorted(some) for some in made)
