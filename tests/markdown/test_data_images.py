from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from gui.markdown import data_images
from gui.markdown.blocks import Style
from gui.markdown.data_images import HELD, LONGEST, SHORT, DataImages, address_of, without_addresses
from gui.markdown.parser import to_html
from gui.markdown.stream import BlockStream, parse

if TYPE_CHECKING:
    import pytest

LONG = "data:image/png;base64," + "iVBORw0KGgo" * 400


def image(text: str) -> str:
    """The address of its one image."""
    (span,) = [span for block in parse(text) for span in block.spans if span.style & Style.IMAGE]
    return span.link


def test_a_long_address_has_a_name() -> None:
    name = image(f"a ![b]({LONG}) c")
    assert name.startswith(HELD)
    assert address_of(name) == LONG


def test_a_short_one_stays() -> None:
    address = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    assert image(f"![b]({address})") == address == address_of(address)


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.integers(0, len(LONG) + 40), max_size=6))
def test_it_arrives_in_pieces(cuts: list[int]) -> None:
    text = f"so ](da ![b]({LONG}) and ] ](data:ima"
    places = [0, *sorted(cuts), len(text)]
    images = DataImages()
    pieces = [images.take(text[begin:end]) for begin, end in pairwise(places)]
    assert "".join((*pieces, images.rest())) == without_addresses(text)
    assert without_addresses(text).startswith("so ](da ![b](held-image:")
    assert without_addresses(text).endswith(") and ] ](data:ima")


def test_a_megabyte_that_streams_costs_nothing() -> None:
    address = "data:image/png;base64," + "A" * 5_000_000
    text = f"see\n\n![b]({address})\n\nend"
    stream = BlockStream()
    begin = time.process_time()
    for place in range(0, len(text), 1000):
        stream.feed(text[place : place + 1000])
    stream.end()
    assert time.process_time() - begin < 2  # minutes, where the parser reads it


def test_one_that_is_too_large_is_not_held() -> None:
    assert image("![b](data:image/png;base64," + "A" * LONGEST + ")") == f"{HELD}too-large"


def test_what_is_cut_off_is_shortened() -> None:
    (block,) = parse(f"![b]({LONG}")
    assert block.text.startswith("![b](data:image/png;base64,")
    assert len(block.text) < 100


def test_no_more_is_held_than_will_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_images, "KEPT", 3 * SHORT)
    names = [image(f"![b](data:image/png;base64,{letter * SHORT})") for letter in "ABCD"]
    assert [bool(address_of(name)) for name in names] == [False, False, True, True]


def test_html_leaves_it_out() -> None:
    assert to_html(f"a ![b]({LONG})") == "<p>a b</p>\n"
