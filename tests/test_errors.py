"""Errors that were kept beside a reply, by this program or by whoever wrote the file it came with."""

from __future__ import annotations

import pytest

from gui.errors import GProChatError, ServerUnreachable, from_json


def test_an_error_that_was_kept_is_the_same_again() -> None:
    assert str(from_json(ServerUnreachable(host="a.example").to_json())) == str(ServerUnreachable(host="a.example"))


@pytest.mark.parametrize(
    "kept", ["", "garbage", "[]", "5", "{}", '{"error": "ReplyError", "self": 1}', '{"error": {}}', "[" * 100_000]
)
def test_whatever_else_was_kept_is_some_error(kept: str) -> None:
    assert isinstance(from_json(kept), GProChatError)
