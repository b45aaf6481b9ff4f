"""What a start is asked for: arguments, links of whatever kind, and the line in which it is handed over."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from gui.request import LONGEST_LINK, LONGEST_TEXT, MOST_FILES, Kind, Request, of_arguments, of_line, of_link, to_line


def of(*things: str, new: bool = False, quick: str | None = None, conversation: str | None = None) -> Request:
    return of_arguments(things, new=new, quick=quick, conversation=conversation, background=False)


def test_nothing_said_is_the_window() -> None:
    assert of() == Request(Kind.SHOW)


def test_each_option_is_its_request() -> None:
    assert of(new=True) == Request(Kind.NEW)
    assert of(quick="") == Request(Kind.QUICK)
    assert of(quick="слово\nline") == Request(Kind.QUICK, "слово\nline")
    assert of(conversation="01997b") == Request(Kind.CONVERSATION, conversation="01997b")


def test_files_are_absolute_and_may_be_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    address = (tmp_path / "a b%.txt").as_uri()
    assert of("here.txt", address).files == (str(tmp_path / "here.txt"), str(tmp_path / "a b%.txt"))


@pytest.mark.parametrize(
    ("link", "request_"),
    [
        ("gprochat:new", Request(Kind.NEW)),
        ("GPROCHAT://new/?text=one%20%26%20two+three%0Afour", Request(Kind.NEW, "one & two three\nfour")),
        ("gprochat:quick?text=%D1%81%D0%BB%D0%BE%D0%B2%D0%BE", Request(Kind.QUICK, "слово")),
        ("gprochat:conversation/0199-ab", Request(Kind.CONVERSATION, conversation="0199-ab")),
        ("gprochat://conversation/0199-ab#part", Request(Kind.CONVERSATION, conversation="0199-ab")),
        ("gprochat:new?send=1&text=hi", Request(Kind.NEW, "hi")),
    ],
)
def test_a_link_is_what_it_says(link: str, request_: Request) -> None:
    assert of(link) == of_link(link) == request_


@pytest.mark.parametrize(
    "link",
    [
        "gprochat:",
        "gprochat:quit",
        "gprochat:background",
        "gprochat:show",
        "gprochat:new/../../etc/passwd",
        "gprochat:conversation",
        "gprochat:conversation/",
        "gprochat:conversation/" + "a" * 65,
        "gprochat:conversation/a%00b",
        "gprochat:conversation/%1b[31m",
        "gprochat:new?" + "&".join(f"a{number}=1" for number in range(50)),
        "gprochat:new?text=" + "x" * LONGEST_LINK,
        "gprochat:import?file=/etc/passwd",
    ],
)
def test_a_link_to_anything_else_leads_nowhere(link: str) -> None:
    request = of_link(link)
    assert request.kind is Kind.NOWHERE
    assert len(request.text) <= 200
    assert not request.files


def test_a_links_text_is_bounded_and_controls_nothing() -> None:
    assert len(of_link("gprochat:new?text=" + "x" * (LONGEST_LINK - 100)).text) == LONGEST_TEXT
    hostile = "a\x00b\x1b]0;title\x07c\u202egnp.exe\u2066d\x85e\ud800"
    request = of(quick=hostile)
    assert request.text == "ab]0;titlecgnp.exede"
    kept = "👩🏽‍💻 می‌خواهم\tعربي\u3000日本語 ✅ 1️⃣"
    assert of(quick=kept).text == kept


def test_what_is_handed_over_is_what_was_asked() -> None:
    request = Request(Kind.CONVERSATION, "т\n😀", "id", (str(Path("/a b")), os.fsdecode(b"/\xff")))
    assert of_line(to_line(request, "a token")) == (request, "a token")


@pytest.mark.parametrize("line", [b"", b"show token\n", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_line_that_is_none_is_an_error(line: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        of_line(line)


@pytest.mark.parametrize(
    "line", [b"[]", b"null", b'{"kind": "rm", "files": 3, "token": []}', b'{"kind": {}, "text": null}']
)
def test_a_line_of_something_else_is_the_window(line: bytes) -> None:
    request, token = of_line(line)
    assert (request.kind, request.files, token) == (Kind.SHOW, (), "")


def test_files_are_no_more_than_can_be_meant() -> None:
    many = tuple(f"/{number}" for number in range(MOST_FILES + 5))
    assert len(of(*many).files) == MOST_FILES
    assert len(Request.from_json(replace(Request(), files=many).to_json()).files) == MOST_FILES
