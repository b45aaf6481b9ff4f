"""Which hosts are reached past the proxy."""

from __future__ import annotations

import pytest

from gui.settings.exceptions import Exceptions


@pytest.mark.parametrize(
    ("entry", "host", "port", "covered"),
    [
        ("chat.example", "chat.example", 443, True),
        ("chat.example", "CHAT.EXAMPLE.", 443, True),
        ("example", "chat.example", 443, True),
        (".example", "chat.example", 443, True),
        ("*.example", "chat.example", 443, True),
        ("at.example", "chat.example", 443, False),
        ("chat.example:8443", "chat.example", 8443, True),
        ("chat.example:8443", "chat.example", 443, False),
        ("*:8080", "anything.example", 8080, True),
        ("*:8080", "anything.example", 80, False),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai", 443, True),
        ("пример.рф", "пример.рф", 443, True),
        ("10.0.0.0/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "11.1.2.3", 80, False),
        ("10.0.0.5/8", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "::ffff:10.1.2.3", 80, True),
        ("10.0.0.0/8", "ten.example", 80, False),
        ("10.0.0.7", "10.0.0.7", 11434, True),
        ("10.0.0.7:80", "10.0.0.7", 11434, False),
        ("fd00::/8", "fd12::1", 80, True),
        ("fd00::/8", "fe80::1", 80, False),
        ("fd00::7", "fd00::7", 80, True),
        ("[fd00::7]:80", "fd00::7", 80, True),
        ("[fd00::7]:80", "fd00::7", 81, False),
        ("<local>", "printer", 80, True),
        ("<local>", "printer.example", 80, False),
        ("<local>", "10.0.0.7", 80, False),
        ("*", "anything.example", 1, True),
        ("", "chat.example", 443, False),
    ],
)
def test_an_entry(entry: str, host: str, port: int, covered: bool) -> None:
    assert Exceptions(entry).cover(host, port) is covered


def test_entries_stand_with_commas_semicolons_or_blanks_between_them() -> None:
    exceptions = Exceptions(" one.example,two.example;three.example\n10.0.0.0/8  ")
    assert all(exceptions.cover(host, 80) for host in ("one.example", "two.example", "three.example", "10.9.9.9"))
    assert not exceptions.unreadable


def test_what_cannot_be_read_covers_nothing_and_is_told() -> None:
    exceptions = Exceptions("a..b http://x 10.0.0.0/99 chat.example")
    assert exceptions.unreadable == ["a..b", "http://x", "10.0.0.0/99"]
    assert exceptions.cover("chat.example", 443)
    assert not exceptions.cover("10.0.0.1", 80)
