"""The proxy decision: each mode, each way it can be wrong, and never past a proxy that cannot be read."""

from __future__ import annotations

import json
import string
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gui.errors import (
    InvalidAddress,
    KeyringLocked,
    KeyringMissing,
    KeyringSilent,
    PacFailed,
    ProxyHostInvalid,
    ProxyInvalid,
    ProxyKindUnknown,
    ProxyNotStored,
    ProxyPortInvalid,
    ProxyUnreadable,
    from_json,
)
from gui.settings.connections import Connection, Connections
from gui.settings.network import SCHEMES, ManualProxy, Network, OwnNetwork, is_loopback
from gui.settings.preferences import Preferences
from gui.settings.secrets import Secrets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.secret_service import SecretService

SERVER = "https://chat.example/v1"
PROXY = ManualProxy("http", "proxy.example", 3128, "user", "geheim:/@7f3a")
LOCAL = [
    "http://localhost:8080",
    "http://LOCALHOST./v1",
    "http://ollama.localhost",
    "http://127.0.0.1:11434/v1",
    "http://127.9.8.7",
    "http://127.1",
    "http://[::1]:8080/v1",
    "http://[::ffff:127.0.0.1]/",
    "http://0.0.0.0:8000",
    "http://[::]:8000",
]
REMOTE = [
    SERVER,
    "http://127.0.0.1.example",
    "http://localhost.example",
    "http://notlocalhost",
    "http://128.0.0.1",
    "http://10.0.0.1",
    "http://192.168.1.2:11434",
    "http://[fe80::1]",
    "http://[::ffff:10.0.0.1]",
    "http://localhost@chat.example",
]


class Settings:
    """The real parts on a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.preferences = Preferences(folder / "preferences.json")
        self.secrets = Secrets("Test")
        self.network = Network(self.preferences, self.secrets)

    def mode(self, mode: str) -> Network:
        self.preferences.set("proxy_mode", mode)
        return self.network


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data")


# -- none, system -----------------------------------------------------------------------------------------------


async def test_without_any_proxy_nothing_stands_between(settings: Settings) -> None:
    assert await settings.network.proxy_for(SERVER) is None


async def test_no_proxy_means_none_whatever_the_environment_says(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")

    assert await settings.mode("none").proxy_for(SERVER) is None


@pytest.mark.parametrize(
    ("variable", "value", "url", "proxy"),
    [
        ("https_proxy", "http://proxy.example:3128", "https://chat.example", "http://proxy.example:3128"),
        ("HTTPS_PROXY", "http://proxy.example:3128/", "https://chat.example", "http://proxy.example:3128"),
        ("https_proxy", "http://proxy.example:3128", "http://chat.example", None),
        ("http_proxy", "proxy.example:8080", "http://chat.example", "http://proxy.example:8080"),
        ("http_proxy", "proxy.example", "http://chat.example", "http://proxy.example:80"),
        ("http_proxy", "https://proxy.example", "http://chat.example", "https://proxy.example:443"),
        ("all_proxy", "socks5://proxy.example", "https://chat.example", "socks5://proxy.example:1080"),
        ("all_proxy", "socks://proxy.example:9050/", "https://chat.example", "socks5://proxy.example:9050"),
        ("ALL_PROXY", "SOCKS5H://[FD00::1]:1080", "http://chat.example", "socks5h://[fd00::1]:1080"),
        (
            "http_proxy",
            "http://u%40x:p%3A%2F@proxy.example:1",
            "http://c.example",
            "http://u%40x:p%3A%2F@proxy.example:1",
        ),
        ("http_proxy", "user:word@proxy.example:1", "http://c.example", "http://user:word@proxy.example:1"),
    ],
)
async def test_the_environment_names_the_proxy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, url: str, proxy: str | None
) -> None:
    monkeypatch.setenv(variable, value)

    assert await settings.mode("system").proxy_for(url) == proxy


async def test_the_scheme_s_own_variable_comes_before_the_one_for_all(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", "socks5://all.example:1")
    monkeypatch.setenv("https_proxy", "http://own.example:2")

    assert await settings.network.proxy_for("https://chat.example") == "http://own.example:2"
    assert await settings.network.proxy_for("http://chat.example") == "socks5://all.example:1"


@pytest.mark.parametrize(
    ("exceptions", "url", "direct"),
    [
        ("chat.example", "https://chat.example", True),
        (".example", "https://chat.example", True),
        ("example", "https://chat.example", True),
        ("other.example, chat.example", "https://CHAT.example", True),
        ("chat.example:443", "https://chat.example", True),
        ("chat.example:8443", "https://chat.example", False),
        ("chat.example:8443", "https://chat.example:8443", True),
        ("at.example", "https://chat.example", False),
        ("fd00::7", "https://[fd00::7]/v1", True),
        ("10.0.0.7", "http://10.0.0.7:11434", True),
        ("*", "https://chat.example", True),
        ("", "https://chat.example", False),
    ],
)
async def test_the_environment_names_exceptions(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, exceptions: str, url: str, direct: bool
) -> None:
    monkeypatch.setenv("all_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", exceptions)

    assert (await settings.network.proxy_for(url) is None) is direct


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("ftp://proxy.example:21", ProxyKindUnknown),
        ("quic://proxy.example", ProxyKindUnknown),
        ("http://proxy.example:notaport", ProxyPortInvalid),
        ("http://proxy.example:99999", ProxyPortInvalid),
        ("http://user:geheim@proxy.example:0", ProxyPortInvalid),
        ("http://", ProxyHostInvalid),
        ("http://user:geheim@", ProxyHostInvalid),
        ("http://[::1", ProxyHostInvalid),
        ("http://user:geheim@bad host:1", ProxyHostInvalid),
        ("http://user:geh/eim@proxy.example:1", ProxyPortInvalid),
    ],
)
async def test_a_proxy_in_the_environment_that_is_none_stops_the_request(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, value: str, reason: type[ProxyInvalid]
) -> None:
    monkeypatch.setenv("https_proxy", value)

    with pytest.raises(ProxyUnreadable) as caught:
        await settings.network.proxy_for(SERVER)
    assert caught.value.details == {"reason": reason.sentence}
    assert type(caught.value.__cause__) is reason


# -- loopback ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", LOCAL)
async def test_this_computer_is_never_reached_through_a_proxy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("all_proxy", "http://proxy.example:3128")

    assert await settings.mode("system").proxy_for(url) is None
    assert await settings.mode("manual").proxy_for(url) is None  # without any keyring


@pytest.mark.parametrize("url", REMOTE)
async def test_other_computers_are(settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("all_proxy", "http://proxy.example:3128")

    assert await settings.network.proxy_for(url) == "http://proxy.example:3128"


@given(st.integers(min_value=127 << 24, max_value=(128 << 24) - 1))
def test_all_of_127_is_this_computer(number: int) -> None:
    host = ".".join(str(byte) for byte in number.to_bytes(4, "big"))

    assert is_loopback(host)
    assert is_loopback(f"::ffff:{host}")


@pytest.mark.parametrize("url", ["", "chat.example", "http://", "http://[::1", "http://x:99999", "x://u:geheim@"])
async def test_an_address_without_a_host_has_no_answer(settings: Settings, url: str) -> None:
    for mode in ("none", "system", "manual"):
        with pytest.raises(InvalidAddress) as caught:
            await settings.mode(mode).proxy_for(url)
        assert "geheim" not in str(caught.value)


# -- manual -----------------------------------------------------------------------------------------------------


async def test_the_manual_proxy_comes_from_the_keyring(secret_service: SecretService, settings: Settings) -> None:
    await settings.network.set_manual(PROXY)

    again = Settings(settings.folder)
    assert await again.mode("manual").proxy_for(SERVER) == PROXY.url()
    assert await again.network.manual() == PROXY
    assert await again.mode("none").proxy_for(SERVER) is None


async def test_the_exceptions_of_the_environment_are_not_the_manual_proxy_s(
    secret_service: SecretService, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    await settings.network.set_manual(PROXY)

    assert await settings.mode("manual").proxy_for(SERVER) == PROXY.url()


async def test_with_none_stored_nothing_is_sent(secret_service: SecretService, settings: Settings) -> None:
    with pytest.raises(ProxyUnreadable, match="No proxy is stored"):
        await settings.mode("manual").proxy_for(SERVER)

    await settings.network.set_manual(PROXY)
    await settings.network.set_manual(None)
    with pytest.raises(ProxyUnreadable) as caught:
        await settings.network.proxy_for(SERVER)
    assert isinstance(caught.value.__cause__, ProxyNotStored)


async def test_what_is_stored_but_no_proxy_stops_the_request(secret_service: SecretService, settings: Settings) -> None:
    await settings.secrets.set("proxy", "geheim")
    await settings.secrets.set("proxy", "socks9://geheim@proxy.example")

    with pytest.raises(ProxyUnreadable) as caught:
        await settings.mode("manual").proxy_for(SERVER)
    assert "geheim" not in caught.value.to_json()


async def test_locked_nothing_is_sent(secret_service: SecretService, settings: Settings) -> None:
    await settings.network.set_manual(PROXY)
    secret_service.lock()

    with pytest.raises(ProxyUnreadable) as caught:
        await settings.mode("manual").proxy_for(SERVER)
    assert isinstance(caught.value.__cause__, KeyringLocked)
    assert KeyringLocked.sentence in str(caught.value)


async def test_missing_nothing_is_sent(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "http://another.example:3128")

    with pytest.raises(ProxyUnreadable) as caught:
        await settings.mode("manual").proxy_for(SERVER)
    assert isinstance(caught.value.__cause__, KeyringMissing)


async def test_frozen_nothing_is_sent(
    secret_service: SecretService, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await settings.network.set_manual(PROXY)
    secret_service.freeze_bus()  # silent after a second

    with pytest.raises(ProxyUnreadable) as caught:
        await settings.mode("manual").proxy_for(SERVER)
    assert isinstance(caught.value.__cause__, KeyringSilent)
    kept = from_json(caught.value.to_json())
    assert type(kept) is ProxyUnreadable
    assert str(kept) == str(caught.value)
    secret_service.thaw_bus()


async def test_for_this_session_only_without_a_keyring(settings: Settings) -> None:
    await settings.network.set_manual(PROXY, session_only=True)

    assert await settings.mode("manual").proxy_for(SERVER) == PROXY.url()


async def test_no_secret_is_in_any_file(secret_service: SecretService, settings: Settings, tmp_path: Path) -> None:
    connection = Connection(id="c", name="C", provider="gprochat", url=SERVER, secrets=("password",))
    Connections(settings.folder / "connections.json").save(connection)
    await settings.secrets.set(connection.secret_name("password"), "geheim-password")
    await settings.network.set_manual(PROXY)
    settings.secrets.keep_for_session("other", "geheim-session")
    assert await settings.mode("manual").proxy_for(SERVER)

    files = [each for folder in (tmp_path, secret_service.folder) for each in folder.rglob("*") if each.is_file()]
    assert {"preferences.json", "connections.json", "login.keyring"} <= {each.name for each in files}
    assert [each for each in files if b"geheim" in each.read_bytes()] == []


# -- its address ------------------------------------------------------------------------------------------------

LOGINS = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.from_regex(r"[a-z0-9_]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z][a-z0-9]{0,10}){0,3}", fullmatch=True)
HOSTS = NAMES | st.ip_addresses().map(str)


@given(st.sampled_from(SCHEMES), HOSTS, st.integers(1, 65535), LOGINS, LOGINS)
@example("http", "::1", 1, "@:/?#[]%", "%40\n\t\u2100 ")
@example("socks5", "proxy", 65535, "", "only a password")
def test_every_proxy_survives_its_url(scheme: str, host: str, port: int, user: str, password: str) -> None:
    proxy = ManualProxy(scheme, host, port, user, password)

    assert ManualProxy.parse(proxy.url()) == proxy
    assert set(proxy.url()) <= set(string.ascii_letters + string.digits + "-._~%:/@[]")


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("Proxy.Example", "proxy.example"),
        ("прокси.рф", "xn--h1adldfi.xn--p1ai"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("2001:db8:0::1", "2001:db8::1"),
        ("10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_host_is_kept_as_it_is_looked_up(typed: str, host: str) -> None:
    proxy = ManualProxy("http", typed, 3128)

    assert proxy.host == host
    assert ManualProxy.parse(proxy.url()) == proxy


@pytest.mark.parametrize(
    ("scheme", "host", "port", "error"),
    [
        ("ftp", "proxy", 21, ProxyKindUnknown),
        ("", "proxy", 21, ProxyKindUnknown),
        ("http", "proxy", 0, ProxyPortInvalid),
        ("http", "proxy", 65536, ProxyPortInvalid),
        ("http", "proxy", -1, ProxyPortInvalid),
        *(
            ("http", host, 1, ProxyHostInvalid)
            for host in (
                "",
                " ",
                "a b",
                "a..b",
                "http://a",
                "a/b",
                "a:1",
                "u:geheim@a",
                "[a",
                "::g",
                "a" * 64,
                "a\n",
                "%",
            )
        ),
    ],
)
def test_what_is_no_proxy_is_refused_without_repeating_it(
    scheme: str, host: str, port: int, error: type[ProxyInvalid]
) -> None:
    with pytest.raises(error) as caught:
        ManualProxy(scheme, host, port)
    assert "geheim" not in f"{caught.value} {caught.value.to_json()}"


def test_its_login_is_not_shown() -> None:
    assert repr(PROXY) == "ManualProxy(scheme='http', host='proxy.example', port=3128)"


# -- exceptions, PAC, the desktop, a connection's own ------------------------------------------------------------


@pytest.mark.parametrize("mode", ["manual", "system"])
async def test_exceptions_hold_whoever_names_the_proxy(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    await settings.network.set_manual(PROXY, session_only=True)
    monkeypatch.setenv("all_proxy", PROXY.url())
    settings.preferences.set("proxy_exceptions", "chat.example:443, 10.0.0.0/8")

    assert await settings.mode(mode).proxy_for("https://chat.example") is None
    assert await settings.network.proxy_for("http://10.1.2.3:8000") is None
    assert await settings.network.proxy_for("https://chat.example:8443") == PROXY.url()


async def test_a_network_in_the_environment_s_exceptions(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "10.0.0.0/8")

    assert await settings.network.proxy_for("http://10.1.2.3:8000") is None
    assert await settings.network.proxy_for("http://11.1.2.3:8000") == "http://proxy.example:3128"


async def test_pac(settings: Settings, tmp_path: Path) -> None:
    script = tmp_path / "proxy.pac"
    script.write_text("function FindProxyForURL(url, host) { return 'SOCKS5 ' + host + ':1080' }")
    settings.preferences.set("pac_address", script.as_uri())

    assert await settings.mode("pac").proxy_for(SERVER) == "socks5://chat.example:1080"
    assert await settings.network.proxy_for("http://localhost:1") is None
    settings.preferences.set("pac_address", "")
    with pytest.raises(ProxyUnreadable) as caught:
        await settings.network.proxy_for(SERVER)
    assert isinstance(caught.value.__cause__, PacFailed)


async def test_the_desktop_is_asked_where_the_environment_is_silent(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def desktop(url: str) -> str | None:
        asked.append(url)
        return "http://desktop.example:8080"

    network = Network(settings.preferences, settings.secrets, desktop)
    assert await network.proxy_for("https://chat.example/v1?key=geheim") == "http://desktop.example:8080"
    assert asked == ["https://chat.example:443/"]
    monkeypatch.setenv("all_proxy", "http://proxy.example:3128")
    assert await network.proxy_for(SERVER) == "http://proxy.example:3128"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("no_proxy", "other.example"), ("NO_PROXY", "other.example"), ("http_proxy", "http://x:1"), ("ftp_proxy", "x:1")],
)
async def test_the_desktop_is_asked_where_the_environment_speaks_of_something_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    network = Network(settings.preferences, settings.secrets, lambda _url: "http://desktop.example:8080")
    assert await network.proxy_for(SERVER) == "http://desktop.example:8080"


async def test_the_environment_s_exceptions_are_the_desktop_s_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", SERVER.removeprefix("https://").partition("/")[0])
    network = Network(settings.preferences, settings.secrets, lambda _url: "http://desktop.example:8080")
    assert await network.proxy_for(SERVER) is None


async def test_a_desktop_that_does_not_answer_stops_the_request(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.settings.network.DESKTOP_LIMIT", 0.1)
    waiting = threading.Event()

    def desktop(_url: str) -> str | None:
        waiting.wait(5)
        return None

    with pytest.raises(ProxyUnreadable):
        await Network(settings.preferences, settings.secrets, desktop).proxy_for(SERVER)
    waiting.set()


@pytest.mark.parametrize(
    ("own", "proxy"),
    [
        ({}, PROXY.url()),
        ({"proxy": ""}, PROXY.url()),
        ({"proxy": "none"}, None),
        ({"proxy": "system"}, "http://system.example:1"),
        ({"proxy": "own"}, "socks5h://own.example:2"),
    ],
)
async def test_a_connection_s_own_choice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, own: dict[str, str], proxy: str | None
) -> None:
    monkeypatch.setenv("all_proxy", "http://system.example:1")
    await settings.network.set_manual(PROXY, session_only=True)
    connection = Connection("c", "C", "openai", SERVER, options={"network": own})
    settings.secrets.keep_for_session(connection.secret_name("proxy"), "socks5h://own.example:2")

    assert await settings.mode("manual").proxy_for(SERVER, connection) == proxy


@pytest.mark.parametrize("own", [{"proxy": "own"}, {"proxy": "quantum"}])
async def test_a_choice_that_cannot_be_followed_stops_the_request(settings: Settings, own: dict[str, str]) -> None:
    settings.secrets.keep_for_session("connection/c/password", "x")
    connection = Connection("c", "C", "openai", SERVER, options={"network": own})
    with pytest.raises(ProxyUnreadable):
        await settings.network.proxy_for(SERVER, connection)


def test_what_a_connection_has_of_its_own_comes_back_from_its_options() -> None:
    own = OwnNetwork("own", ("a.pem", "b.pem"), "c.pem", "k.pem", check=False)
    options = own.options({"temperature": 0.5})
    assert OwnNetwork.of(Connection("c", "C", "openai", options=options)) == own
    assert OwnNetwork().options(options) == {"temperature": 0.5}
    json.dumps(options)


@pytest.mark.parametrize("kept", [None, 1, [], {"check": "no"}, {"authorities": "x", "certificate": 3}])
def test_what_cannot_be_used_of_a_file_leaves_certificates_looked_at(kept: object) -> None:
    assert OwnNetwork.of(Connection("c", "C", "openai", options={"network": kept})) == OwnNetwork()
