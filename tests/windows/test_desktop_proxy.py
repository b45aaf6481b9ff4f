"""The desktop's proxy through Qt, which on a Linux without libproxy reads the environment as well."""

from __future__ import annotations

import sys

import pytest

from gui.windows.desktop_proxy import desktop_proxy


@pytest.mark.parametrize(
    ("variable", "proxy"),
    [
        ("", None),
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("http://me:w%40rd@proxy.example:3128", "http://me:w%40rd@proxy.example:3128"),
        ("socks5://proxy.example:1080", "socks5://proxy.example:1080"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="other desktops have settings that no test may change")
def test_what_qt_finds(variable: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", variable)
    assert desktop_proxy("http://chat.example:80/") == proxy
