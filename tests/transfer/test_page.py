"""Conversations as an HTML page."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from gui.conversation import Message, Role
from gui.override import override
from gui.transfer.page import Page
from gui.transfer.words import Words
from tests.markdown.nasty import nasty
from tests.transfer.conftest import AT, record

if TYPE_CHECKING:
    from gui.history.record import Record

PIXEL = "data:image/png;base64,iVBORw0KGgo="

EMPTY = {"meta", "img", "hr", "br", "path", "rect"}


class Checked(HTMLParser):
    """Fails on whatever could run or fetch something, and on what is not nested rightly."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []
        assert len(set(self.ids)) == len(self.ids), "each id once"
        for link in self.links:
            assert link.startswith(("http://", "https://", "mailto:", "#")), link
            assert not link.startswith("#") or link[1:] in self.ids, link

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert tag not in {"script", "iframe", "object", "embed", "link", "base", "form", "input", "use", "image"}
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in {"srcset", "data", "action", "formaction", "background", "poster", "xlink:href"}, name
            if name == "href":
                self.links.append(value or "")
            elif name == "src":
                assert tag == "img"
                assert (value or "").startswith(("data:image/png;base64,", "data:image/jpeg;base64,")), value
            elif name == "id":
                self.ids.append(value or "")
            elif name == "style":
                assert "url" not in (value or "")
        if tag not in EMPTY:
            self._open.append(tag)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self._open.pop()

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            assert self._open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())


def page_of(*records: Record, versions: bool = False, words: Words | None = None) -> str:
    page = Page(words or Words(), versions=versions)
    parts = [page.begin([one.conversation for one in records])]
    for one in records:
        parts += page.conversation(one)
    return "".join((*parts, page.end()))


RICH = f"""# Heading

A [link](https://a.example/?a=1&b="2"), [bad](javascript:alert(1)), [ftp](ftp://a.example), <b>no tag</b>,
![far](https://a.example/i.png), ![near]({PIXEL}), ![svg](data:image/svg+xml;base64,AAAA), note[^1], https://b.example/c.

| a | b |
| :-: | --: |
| 1 | $x^2$ |

- [x] done
- قائمة

```python
def f(): return "<script>"
```

$$\\frac{{a}}{{b}}$$

[^1]: The note
"""


def test_a_page_has_all_that_was_said_and_nothing_that_runs_or_fetches() -> None:
    page = page_of(record("A <title> & more", "<script>alert(1)</script>\n\n  indented", RICH))
    checked = Checked(page)
    for words in (
        "A <title> & more",
        "<script>alert(1)</script>",
        "<b>no tag</b>",
        'return "<script>"',
        "The note",
        "☑",
    ):
        assert words in checked.text
    assert 'href="https://a.example/?a=1&amp;b=%222%22"' in page
    assert page.count("<svg") == 2, "formulas are outlines"
    assert 'fill="black"' not in page, "in the colour of the text"
    assert '<span class="c-keyword">def</span>' in page
    assert f'<img src="{PIXEL}" alt="near">' in page
    assert "ftp://" not in page
    assert '<a href="https://b.example/c" rel="noopener noreferrer">https://b.example/c</a>.' in page
    assert "default-src &#x27;none&#x27;" in page


def test_each_paragraph_finds_its_direction() -> None:
    page = page_of(record("T", "س", "سلام\n\n- قائمة\n\n> اقتباس\n\n```\ncode\n```"))
    for begin in ('<p dir="auto">سلام', '<ul dir="auto">', '<blockquote dir="auto">', 'class="code" dir="ltr"'):
        assert begin in page
    assert '<div class="plain" dir="auto">س' in page


def test_light_and_dark_and_paper_are_in_the_page() -> None:
    page = page_of(record("T", "Q"))
    for rule in ("prefers-color-scheme: dark", "@media print", "--keyword: #8431c5", "--keyword: #c79bff"):
        assert rule in page


def test_several_conversations_have_contents() -> None:
    checked = Checked(page_of(record("One", "Q", "A[^1]\n\n[^1]: Note"), record("Two", "Q", "A[^1]\n\n[^1]: Note")))
    assert checked.links[:2] == ["#c1", "#c2"]
    assert checked.text.startswith("GPROChat Contents One")


def test_other_versions_are_folded_where_they_stand() -> None:
    one = record("T", "Q", "A one", "More")
    asked = one.messages[0]
    other = Message(one.conversation.id, Role.ASSISTANT, "A two", asked.id, created_at=AT)
    after = Message(one.conversation.id, Role.USER, "After two", other.id, created_at=AT)
    third = Message(one.conversation.id, Role.USER, "After two, anew", other.id, created_at=AT)
    one = replace(one, messages=(*one.messages, other, after, third))
    text = Checked(page_of(one, versions=True)).text
    order = ["Q", "A one", "Another version", "A two", "After two, anew", "Another version", "After two", "More"]
    places: list[int] = []
    for words in order:
        places.append(text.index(words, places[-1] + 1 if places else 0))
    assert places == sorted(places)
    assert "A two" not in Checked(page_of(one)).text


def test_a_thousand_versions_inside_of_each_other_are_no_trouble() -> None:
    one = record("T", "Q")
    messages, parent = list(one.messages), one.messages[0].id
    for number in range(1000):
        pair = [Message(one.conversation.id, Role.USER, f"{number}{side}", parent, created_at=AT) for side in "ab"]
        messages += pair
        parent = pair[0].id
    page = page_of(replace(one, messages=tuple(messages)), versions=True)
    assert page.count("<article") == 2001


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_nothing_that_is_said_gets_out_of_its_place(number: int) -> None:
    text = "".join(nasty(number))[:20_000]
    Checked(page_of(record(text, text, text)))
