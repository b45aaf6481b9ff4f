from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.providers.sse import Event, SseDecoder

TEXT = st.text(st.characters(exclude_characters="\r\n", codec="utf-8"))
LINE_END = st.sampled_from(["\n", "\r\n", "\r"])


def decode(*parts: bytes) -> list[Event]:
    decoder = SseDecoder()
    return [event for part in parts for event in decoder.feed(part)] + decoder.flush()


@given(st.lists(st.lists(TEXT, min_size=1), max_size=4), LINE_END, st.integers(1, 7))
def test_events_survive_every_split_and_line_end(events: list[list[str]], end: str, size: int) -> None:
    wire = "".join("".join(f"data: {line}{end}" for line in lines) + end for lines in events).encode()
    parts = [wire[index : index + size] for index in range(0, len(wire), size)]
    assert decode(*parts) == [Event("\n".join(lines)) for lines in events]


def test_an_event_is_given_as_soon_as_its_empty_line_is_there() -> None:
    decoder = SseDecoder()
    assert decoder.feed(b"data: a\n") == []
    assert decoder.feed(b"\n") == [Event("a")]
    assert decoder.feed(b"data: b\r\n\r") == [Event("b")]
    assert decoder.feed(b"\ndata: c\n\n") == [Event("c")]


@pytest.mark.parametrize(
    ("wire", "events"),
    [
        pytest.param(b": ping\n\ndata: a\n\n", [Event("a")], id="a comment is no event"),
        pytest.param(b"event: error\ndata: a\n\ndata: b\n\n", [Event("a", "error"), Event("b")], id="event name"),
        pytest.param(b"data:a\ndata:  b\n\n", [Event("a\n b")], id="one space belongs to the field"),
        pytest.param(b"id: 1\nretry: 9\nfoo\ndata\n\n", [Event("")], id="other fields, and one without a colon"),
        pytest.param(b"event: x\n\ndata: a\n\n", [Event("a")], id="no data, no event"),
        pytest.param(b"\xef\xbb\xbfdata: a\n\n", [Event("a")], id="byte order mark"),
        pytest.param(b"data: \xff\xe2\x82\n\n", [Event("��")], id="malformed bytes"),
        pytest.param(b"data: [DONE]", [Event("[DONE]")], id="the last one is not closed"),
        pytest.param(b"data: [DONE]\n", [Event("[DONE]")], id="the last one is half closed"),
        pytest.param(b"", [], id="nothing"),
    ],
)
def test_the_standard_s_forms(wire: bytes, events: list[Event]) -> None:
    assert decode(wire) == events
