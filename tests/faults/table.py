"""The table of faults: what goes wrong between a question and its reply, as data.

A row is played by a real server on loopback (`tests.servers.raw` writes its bytes) or by a real proxy, over each of its
ways, and says what the person then has: the error, the words of its sentence, the text that is kept, and how many
requests the server saw. `test_faults.py` plays them.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from gui import errors
from gui.chat.retry import RETRIES
from tests.servers.raw import CHUNKED, CLOSE, EVENTS, LAST, RESET, SILENCE, UNDELIMITED, Step, chunk

if TYPE_CHECKING:
    from gui.settings.connections import ProviderName

Way = Literal["direct", "http", "socks5"]
EVERY: Final[tuple[Way, ...]] = ("direct", "http", "socks5")
DIRECT: Final[tuple[Way, ...]] = ("direct",)
PROXIES: Final[tuple[Way, ...]] = ("http", "socks5")

Kind = type[errors.GProChatError]
AGAIN: Final = 1 + RETRIES


@dataclass(frozen=True)
class Fault:
    """`steps` are what the server answers to each request.

    `error` is None for a reply that is whole, "stop" for one that only the person can end. `http`: another error over
    an HTTP proxy, which answers in the server's place (nothing is kept or tried again then). `tls`: the certificate
    that the server shows. `proxy`: what the proxy does instead of its work. `url`: instead of the server's.
    """

    name: str
    steps: tuple[Step, ...]
    error: Kind | Literal["stop"] | None
    says: str = ""
    text: str = ""
    tries: int = 1
    provider: ProviderName = "gprochat"
    ways: tuple[Way, ...] = EVERY
    http: Kind | None = None
    http_tries: int | None = None
    tls: str = ""
    proxy: str | tuple[Step, ...] = ""
    url: str = ""


def answer(status: int, body: str | bytes = b"", kind: str = "", *headers: str) -> tuple[Step, ...]:
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Told", f"Content-Length: {len(raw)}", *headers]
    lines += [f"Content-Type: {kind}"] if kind else []
    return ("\r\n".join([*lines, "", ""]).encode() + raw,)


def said(status: int, message: str, **more: str) -> tuple[Step, ...]:
    return answer(status, json.dumps({"error": {"message": message, **more}}), "text/plain;charset=UTF-8")


def upstream(status: int, reason: str) -> tuple[Step, ...]:
    return said(500, f"Error fetching from https://example.org/v1: [{status} {reason}] told", code="Error")


def sse(*events: Any, end: tuple[Step, ...] = (LAST,)) -> tuple[Step, ...]:
    return (EVENTS, *(chunk(event(each)) for each in events), *end)


def event(data: Any) -> bytes:
    return f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()


def delta(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


HTML: Final = "<!doctype html><title>502</title><h1>Bad Gateway</h1>"
PAGE: Final = "text/html; charset=utf-8"
PLAIN: Final = "text/plain"
HEL: Final = chunk(b"Hel")
WHOLE: Final[tuple[Step, ...]] = (CHUNKED, chunk(b"Hello"), LAST)
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
BYTES: Final = b"".join(event(each) for each in (delta("Hé"), delta("llo"), delta("", "stop"), "[DONE]"))
MEGABYTES: Final = "ten million " * 873_814  # 10 MiB

REACHING: Final = [
    Fault("refused", (), errors.ServerUnreachable, "No server answers at 127.0.0.1:", url="refused",
          ways=DIRECT),
    Fault("refused behind a proxy", (), errors.ProxyRefused, "would not pass the request on", url="refused",
          ways=PROXIES),
    Fault("a name that is unknown", (), errors.NameNotResolved, "The name no-such-host.invalid is unknown",
          url="http://no-such-host.invalid", ways=DIRECT),
    Fault("a name that the proxy does not know", (), errors.ProxyRefused, "would not pass the request on",
          url="http://no-such-host.invalid", ways=PROXIES),
    Fault("not an address", (), errors.InvalidAddress, "is not an address", url="gopher://x", ways=DIRECT),
    Fault("a listener that takes no connection", (), errors.ConnectTimeout, "could not be reached within", url="full",
          ways=DIRECT),
    Fault("a certificate that has expired", WHOLE, errors.CertificateRejected, "expired", tls="expired"),
    Fault("a certificate of tomorrow", WHOLE, errors.CertificateRejected, "not yet valid", tls="early"),
    Fault("a certificate signed by itself", WHOLE, errors.CertificateRejected, "self-signed", tls="self-signed"),
    Fault("a certificate of nobody known", WHOLE, errors.CertificateRejected, "unable to get local issuer",
          tls="stranger"),
    Fault("a certificate of another host", WHOLE, errors.CertificateRejected, "not valid for", tls="wrong host"),
    Fault("a client's certificate is missing", WHOLE, errors.NetworkError, "", tls="demanding"),
    Fault("TLS cut in the middle of a reply", (CHUNKED, HEL, 0.05, RESET), errors.ConnectionCut, "broke before", "Hel",
          tls="right"),
    Fault("no TLS there", answer(400, HTML, PAGE), errors.TlsMissing, "does not speak TLS", tls="none"),
]  # fmt: skip

BEFORE: Final = [
    Fault("closed before the head", (CLOSE,), errors.ConnectionDropped, "without an answer", tries=AGAIN),
    Fault("reset before the head", (RESET,), errors.ConnectionDropped, "without an answer", tries=AGAIN),
    Fault("closed in the head", (CHUNKED[:30], CLOSE), errors.ConnectionCut, "broke before", http=errors.ProxyRefused),
    # What had come of the head is thrown away by the system: it is as if nothing had.
    Fault("reset in the head", (CHUNKED[:30], 0.05, RESET), errors.ConnectionDropped, "without an answer", tries=AGAIN,
          ways=DIRECT),
    Fault("silence before the head", (SILENCE,), errors.FirstByteTimeout, "sent nothing for"),
    Fault("silence after the head", (CHUNKED, SILENCE), errors.FirstByteTimeout, "sent nothing for"),
    Fault("a head that comes byte by byte", tuple(b for byte in HEAD for b in (bytes([byte]), 0.02)),
          errors.FirstByteTimeout, "sent nothing for"),
    Fault("a head without an end", (HEAD + b"X: y\r\n" * 50_000, SILENCE), errors.NotThisProtocol, "does not answer as",
          http=errors.ProxyRefused),
    Fault("another protocol", (b"SSH-2.0-OpenSSH_9.2\r\n", SILENCE), errors.NotThisProtocol, "does not answer as",
          http=errors.FirstByteTimeout),
    Fault("a status that is none", (b"HTTP/1.1 9999 What\r\n\r\n", CLOSE), errors.NotThisProtocol,
          "does not answer as"),
    Fault("two lengths", (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nHello", SILENCE),
          errors.NotThisProtocol,
          "does not answer as", ways=("direct", "socks5")),
    Fault("a length that is none", (HEAD + b"Content-Length: -5\r\n\r\nHello", SILENCE), errors.NotThisProtocol,
          "does not answer as"),
    Fault("only 100 Continue", (b"HTTP/1.1 100 Continue\r\n\r\n" * 3, SILENCE), errors.FirstByteTimeout,
          "sent nothing"),
]  # fmt: skip

STATUSES: Final = [
    Fault("301 to itself", answer(301, "", "", "Location: /api/generate"), errors.NotThisProtocol, "status 301"),
    Fault("302 in a circle", answer(302, HTML, PAGE, "Location: /a"), errors.NotThisProtocol, "status 302"),
    Fault("307 to another host", answer(307, "", "", "Location: http://127.0.0.1:9/"), errors.NotThisProtocol,
          "status 307"),
    Fault("308 to nowhere", answer(308), errors.NotThisProtocol, "status 308"),
    Fault("204", (b"HTTP/1.1 204 No Content\r\n\r\n",), errors.NotThisProtocol, "status 204"),
    Fault("200 with a page", answer(200, HTML, PAGE), errors.NotThisProtocol, "status 200"),
    Fault("400 in JSON", said(400, "Invalid message history"), errors.BadRequest, "Invalid message history"),
    Fault("400 with a page", answer(400, HTML, PAGE), errors.NotThisProtocol, "status 400"),
    Fault("400 without a body", answer(400), errors.NotThisProtocol, "status 400"),
    Fault("401 for the password", said(401, "Invalid password."), errors.BadPassword, "refuses the site password"),
    Fault("401 for the signature", said(401, "Invalid signature."), errors.BadSignature, "refuses the signature"),
    Fault("401 with another clock", answer(401, '{"error":{"message":"Invalid signature."}}', PLAIN,
          "Date: Sat, 01 Jan 2000 00:00:00 GMT"), errors.ClockWrong, "clock"),
    Fault("401 with a page", answer(401, HTML, PAGE), errors.NotThisProtocol, "status 401",
          http=errors.ProxyLoginRefused),
    Fault("401 without a body", answer(401), errors.NotThisProtocol, "status 401"),
    Fault("403 for a browser check", said(403, "Please complete the verification to continue."),
          errors.VerificationRequired, "browser check"),
    Fault("403 with a page", answer(403, HTML, PAGE), errors.NotThisProtocol, "status 403", http=errors.ProxyRefused),
    Fault("404 in JSON", said(404, "Not found"), errors.NotThisProtocol, "status 404"),
    Fault("404 with a page", answer(404, HTML, PAGE), errors.NotThisProtocol, "status 404"),
    Fault("405", answer(405), errors.NotThisProtocol, "status 405"),
    Fault("408", answer(408), errors.NotThisProtocol, "status 408"),
    Fault("413", answer(413, HTML, PAGE), errors.RequestTooLarge, "takes at once"),
    Fault("429 again and again", answer(429, "slow down", PLAIN), errors.RateLimited, "Too many requests", tries=AGAIN),
    Fault("429 with a wish, again and again", answer(429, "", "", "Retry-After: 2"), errors.RateLimited, "Too many",
          tries=AGAIN),
    Fault("429 with a page", answer(429, HTML, PAGE), errors.RateLimited, "Too many requests", tries=AGAIN),
    Fault("429 until tomorrow", answer(429, "", "", "Retry-After: 86400"), errors.RateLimited, "Too many requests"),
    Fault("500 without a body", answer(500), errors.ServerFailed, "failed (status 500)"),
    Fault("500 with a page", answer(500, HTML, PAGE), errors.ServerFailed, "status 500", http=errors.ProxyRefused),
    Fault("500 with garbage", answer(500, b"\xff\xfe\x00{[" * 99), errors.ServerFailed, "status 500"),
    Fault("500 with a body that never ends", (CHUNKED.replace(b"200 OK", b"500 No"), chunk(b"{" * 5_000_000), SILENCE),
          errors.ServerFailed, "status 500"),
    Fault("500 whose body does not come", (CHUNKED.replace(b"200 OK", b"500 No"), SILENCE), errors.ServerFailed,
          "status 500"),
    Fault("500 whose body is cut", (CHUNKED.replace(b"200 OK", b"500 No"), HEL, RESET), errors.ServerFailed,
          "status 500"),
    Fault("500 for a quota upstream", upstream(429, "Too Many Requests"), errors.QuotaUsedUp, "quota"),
    Fault("500 for an upstream that is overloaded", upstream(503, "Service Unavailable"), errors.Overloaded,
          "overloaded",
          tries=AGAIN),
    Fault("500 for an upstream that failed", upstream(500, "Internal"), errors.UpstreamError, "model service behind"),
    Fault("502 with a page", answer(502, HTML, PAGE), errors.ServerFailed, "status 502", http=errors.ProxyRefused),
    Fault("503 without a body", answer(503), errors.Overloaded, "overloaded", tries=AGAIN),
    Fault("503 with a wish", answer(503, "", "", "Retry-After: 1"), errors.Overloaded, "overloaded", tries=AGAIN),
    Fault("503 with a page", answer(503, HTML, PAGE), errors.Overloaded, "overloaded", tries=AGAIN,
          http=errors.ProxyRefused),
    Fault("504 with a page", answer(504, HTML, PAGE), errors.ServerFailed, "status 504", http=errors.ProxyRefused),
]  # fmt: skip

OPENAI_STATUSES: Final = [
    Fault("400 for the request", said(400, "bad parameter"), errors.BadRequest, "bad parameter", provider="openai"),
    Fault("400 for the length", said(400, "x", code="context_length_exceeded"), errors.ContextTooLong, "longer than",
          provider="openai"),
    Fault("401 for the key", said(401, "Incorrect API key provided"), errors.BadApiKey, "refuses the API key",
          provider="openai"),
    Fault("403 for the key", answer(403), errors.BadApiKey, "refuses the API key", provider="openai"),
    Fault("404 for the model", said(404, "The model x does not exist"), errors.ModelNotFound, "has no model",
          provider="openai"),
    Fault("404 for the address", answer(404, "404 page not found", PLAIN), errors.NotThisProtocol, "status 404",
          provider="openai"),
    Fault("429 of tokens a minute", said(429, "Rate limit reached"), errors.RateLimited, "Rate limit reached",
          tries=AGAIN, provider="openai"),
    Fault("429 for the quota", said(429, "You exceeded your quota", code="insufficient_quota"), errors.QuotaUsedUp,
          "quota", provider="openai"),
    Fault("500 in JSON", said(500, "oops"), errors.ServerFailed, "oops", provider="openai"),
    Fault("503 while the model loads", said(503, "Loading model"), errors.Overloaded, "Loading model", tries=AGAIN,
          provider="openai"),
    Fault("200 with a page instead of events", answer(200, HTML, PAGE), errors.NotThisProtocol, "status 200",
          provider="openai"),
    Fault("200 with JSON that is no reply", answer(200, '{"ok": true}', "application/json"), errors.NotThisProtocol,
          "does not answer as", provider="openai"),
]  # fmt: skip

BODIES: Final = [
    Fault("nothing at all", (CHUNKED, LAST), errors.EmptyReply, "empty reply"),
    Fault("blanks alone", (CHUNKED, chunk(b" \n "), LAST), errors.EmptyReply, "empty reply", " \n "),
    Fault("silence in the middle", (CHUNKED, HEL, SILENCE), errors.SilenceTimeout, "stopped sending", "Hel"),
    Fault("closed in the middle", (CHUNKED, HEL, 0.05, CLOSE), errors.ConnectionCut, "broke before", "Hel"),
    Fault("reset after the first byte", (CHUNKED, chunk(b"H"), 0.05, RESET), errors.ConnectionCut, "broke before", "H"),
    Fault("closed within a chunk", (CHUNKED, HEL[:-3], 0.05, CLOSE), errors.ConnectionCut, "broke before", "He"),
    Fault("a length that is too long", (HEAD + b"Content-Length: 9\r\n\r\nHel", 0.05, CLOSE), errors.ConnectionCut,
          "broke before", "Hel"),
    Fault("a length that is too short", (HEAD + b"Content-Length: 3\r\n\r\n", 0.05, b"Hello", CLOSE), None, text="Hel"),
    Fault("a length that is too short, at once", (HEAD + b"Content-Length: 3\r\n\r\nHello", CLOSE),
          errors.NotThisProtocol, "does not answer as"),
    Fault("no length and no chunks", (UNDELIMITED, b"Hel", CLOSE), errors.ConnectionCut, "broke before", "Hel"),
    Fault("a chunk size that is none", (CHUNKED, HEL, 0.05, b"zz\r\nlo\r\n", SILENCE), errors.NetworkError, "", "Hel"),
    Fault("a chunk size without an end", (CHUNKED, HEL, 0.05, b"f" * 40 + b"\r\nlo\r\n", SILENCE), errors.NetworkError,
          "", "Hel"),
    Fault("a chunk longer than its size", (CHUNKED, HEL, 0.05, b"2\r\nlonger\r\n", SILENCE), errors.NetworkError, "",
          "Hello"),
    Fault("gzip that is none", (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nHello",),
          errors.NetworkError,
          "broke before"),
    Fault("gzip that is cut", (HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
          chunk(gzip.compress(b"Hello")[:-9]), LAST), errors.ConnectionCut, "broke before", "Hello"),
    Fault("gzip that nobody asked for", (HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
          chunk(gzip.compress(b"Hello")), LAST), None, text="Hello"),
    Fault("packed in a way nobody knows", (HEAD + b"Content-Encoding: br\r\nContent-Length: 5\r\n\r\nHello",),
          errors.NotThisProtocol, "does not answer as"),
    Fault("invalid UTF-8", (CHUNKED, chunk(b"H\xff\xc3"), chunk(b"(\xe2\x82"), LAST), None, text="H��(�"),
    Fault("a character split over chunks", (CHUNKED, chunk(b"H\xc3"), 0.02, chunk(b"\xa9\xf0\x9f"), 0.02,
          chunk(b"\x98\x80"), LAST), None, text="Hé😀"),
    Fault("the model's own failure", (CHUNKED, HEL, 0.02, chunk(b"Internal server error"), LAST), errors.ReplyBroken,
          "failed before", "Hel"),
    Fault("the model's failure instead of a reply", (CHUNKED, chunk(b"Internal server error"), LAST),
          errors.ReplyBroken,
          "failed before"),
    Fault("a reply without an end", (CHUNKED, *((chunk(b"on "), 0.01) * 200)), "stop", text="on "),
    Fault("control characters and nulls", (CHUNKED, chunk(b"a\x00b\x1b[31m\r\n"), LAST), None,
          text="a\x00b\x1b[31m\r\n"),
]  # fmt: skip

EVENT_STREAMS: Final = [
    Fault("events split at every byte", (EVENTS, *(chunk(bytes([byte])) for byte in BYTES), LAST), None, text="Héllo",
          provider="openai"),
    Fault("an event of 10 MB", sse(delta(MEGABYTES), delta("", "stop"), "[DONE]"), None, text=MEGABYTES,
          provider="openai"),
    Fault("a line of 10 MB that is no event", (EVENTS, chunk(b"x" * 10_485_760), LAST), errors.ConnectionCut,
          "broke before", provider="openai"),
    Fault("events without an end mark", sse(delta("Hel")), errors.ConnectionCut, "broke before", "Hel",
          provider="openai"),
    Fault("events that end with the connection", (UNDELIMITED.replace(b"text/plain", b"text/event-stream"),
          event(delta("Hel")), CLOSE), errors.ConnectionCut, "broke before", "Hel", provider="openai"),
    Fault("a reason instead of the end mark", sse(delta("Hel", "stop")), None, text="Hel", provider="openai"),
    Fault("an end mark alone", sse("[DONE]"), errors.EmptyReply, "empty reply", provider="openai"),
    Fault("events that are no JSON", sse(delta("Hel"), "{nonsense"), errors.NotThisProtocol, "does not answer as",
          "Hel",
          provider="openai"),
    Fault("an event cut in the middle", (EVENTS, chunk(event(delta("Hel"))), chunk(b'data: {"choi'), 0.05, RESET),
          errors.ConnectionCut, "broke before", "Hel", provider="openai"),
    Fault("an error in the middle", sse(delta("Hel"), {"error": {"message": "exploded"}}), errors.ReplyBroken,
          "exploded",
          "Hel", provider="openai"),
    Fault("a limit in the middle", sse(delta("Hel"), {"error": {"message": "slow", "code": 429}}), errors.RateLimited,
          "Too many requests", "Hel", provider="openai"),
    Fault("a limit instead of the first event", sse({"error": {"message": "slow", "code": 429}}), errors.RateLimited,
          "Too many requests", tries=AGAIN, provider="openai"),
    Fault("invalid UTF-8 in an event", (EVENTS, chunk(b'data: {"choices":[{"delta":{"content":"H\xff"},'
          b'"finish_reason":"stop"}]}\n\n'), LAST), None, text="H�", provider="openai"),
    Fault("signs of life and nothing else", (EVENTS, *((chunk(b": alive\n\n"), 0.02) * 200)), "stop",
          provider="openai"),
    Fault("events without an end", (EVENTS, *((chunk(event(delta("on "))), 0.01) * 200)), "stop", text="on ",
          provider="openai"),
    Fault("silence between events", (EVENTS, chunk(event(delta("Hel"))), SILENCE), errors.SilenceTimeout,
          "stopped sending", "Hel", provider="openai"),
    Fault("JSON nested without an end", sse("[" * 100_000), errors.NotThisProtocol, "does not answer as",
          provider="openai"),
]  # fmt: skip

PROXY_LOGINS: Final = [
    Fault("a proxy that is not there", WHOLE, errors.ProxyUnreachable, "does not answer", proxy="nobody", ways=PROXIES),
    Fault("a proxy that is not there, for TLS", WHOLE, errors.ProxyUnreachable, "does not answer", proxy="nobody",
          tls="right", ways=PROXIES),
    Fault("a proxy whose name is unknown", WHOLE, errors.ProxyUnreachable, "does not answer", proxy="unknown",
          ways=PROXIES),
    Fault("a wrong login (401)", WHOLE, errors.ProxyLoginRefused, "refuses the user name", proxy="wrong login",
          ways=PROXIES),
    Fault("a wrong login, for TLS", WHOLE, errors.ProxyLoginRefused, "refuses the user name", proxy="wrong login",
          tls="right", ways=PROXIES),
    Fault("no login", WHOLE, errors.ProxyLoginRefused, "refuses the user name", proxy="no login", ways=PROXIES),
    Fault("a wrong login (407 of squid)", WHOLE, errors.ProxyLoginRefused, "refuses the user name",
          proxy="wrong login of squid", ways=("http",)),
    Fault("a wrong login (407 of squid), for TLS", WHOLE, errors.ProxyLoginRefused, "refuses the user name",
          proxy="wrong login of squid", tls="right", ways=("http",)),
    Fault("squid does not reach the server", (), errors.ProxyRefused, "would not pass the request on", proxy="squid",
          url="refused", ways=("http",)),
    Fault("squid sees the server cut the reply", (CHUNKED, HEL, 0.1, RESET), errors.ConnectionCut, "broke before",
          "Hel",
          proxy="squid", ways=("http",)),
    Fault("a proxy that dies in the middle", (CHUNKED, HEL, SILENCE), errors.ConnectionCut, "broke before", "Hel",
          proxy="dies", ways=PROXIES),
    Fault("a proxy that dies in the middle of TLS", (CHUNKED, HEL, SILENCE), errors.ConnectionCut, "broke before",
          "Hel",
          proxy="dies", tls="right", ways=PROXIES),
]  # fmt: skip

PROXY_BYTES: Final = [
    Fault("a proxy that closes at once", WHOLE, errors.NetworkError, "", proxy=(CLOSE,), ways=PROXIES),
    Fault("a proxy that closes at once, for TLS", WHOLE, errors.ProxyRefused, "would not pass", proxy=(CLOSE,),
          tls="right",
          ways=PROXIES),
    Fault("a proxy that resets, for TLS", WHOLE, errors.NetworkError, "", proxy=(RESET,), tls="right", ways=PROXIES),
    Fault("a proxy that is silent", WHOLE, errors.NetworkError, "", proxy=(SILENCE,), ways=PROXIES),
    Fault("a proxy that is silent, for TLS", WHOLE, errors.ProxyUnreachable, "does not answer", proxy=(SILENCE,),
          tls="right", ways=PROXIES),
    Fault("a proxy that speaks nonsense", WHOLE, errors.ReplyError, "", proxy=(b"nonsense\r\n\r\n", SILENCE),
          ways=PROXIES),
    Fault("a proxy that speaks nonsense, for TLS", WHOLE, errors.ProxyRefused, "would not pass",
          proxy=(b"nonsense\r\n\r\n", SILENCE), tls="right", ways=PROXIES),
    Fault("407 without a word", WHOLE, errors.ProxyLoginRefused, "refuses the user name", proxy=answer(407),
          ways=("http",)),
    Fault("407 for TLS", WHOLE, errors.ProxyLoginRefused, "refuses the user name", proxy=answer(407), tls="right",
          ways=("http",)),
    Fault("a proxy's 403 page", WHOLE, errors.ProxyRefused, "403", proxy=answer(403, HTML, PAGE), ways=("http",)),
    Fault("a proxy's 503 for TLS", WHOLE, errors.ProxyRefused, "503", proxy=answer(503, HTML, PAGE), tls="right",
          ways=("http",)),
    Fault("a proxy that sends elsewhere", WHOLE, errors.ProxyRefused, "302",
          proxy=answer(302, "", "", "Location: http://127.0.0.1:9/"), tls="right", ways=("http",)),
    Fault("a tunnel that leads to nonsense", WHOLE, errors.TlsMissing, "does not speak TLS",
          proxy=(b"HTTP/1.1 200 OK\r\n\r\n", 0.02, b"nonsense", SILENCE), tls="right", ways=("http",)),
    Fault("SOCKS: no way in is offered", WHOLE, errors.ProxyLoginRefused, "refuses the user name", proxy=(b"\x05\xff",
          CLOSE),
          ways=("socks5",)),
    Fault("SOCKS: another version", WHOLE, errors.ProxyRefused, "would not pass", proxy=(b"\x04\x00", CLOSE),
          ways=("socks5",)),
    Fault("SOCKS: the login is refused", WHOLE, errors.ProxyLoginRefused, "refuses the user name",
          proxy=(b"\x05\x02", 0.05, b"\x01\x01", CLOSE), ways=("socks5",)),
    Fault("SOCKS: not allowed", WHOLE, errors.ProxyRefused, "not allowed", ways=("socks5",),
          proxy=(b"\x05\x00", 0.05, b"\x05\x02\x00\x01\0\0\0\0\0\0", CLOSE)),
    Fault("SOCKS: the host is unreachable", WHOLE, errors.ProxyRefused, "nreachable", ways=("socks5",),
          proxy=(b"\x05\x00", 0.05, b"\x05\x04\x00\x01\0\0\0\0\0\0", CLOSE)),
    Fault("SOCKS: an answer that is cut", WHOLE, errors.ProxyRefused, "would not pass", ways=("socks5",),
          proxy=(b"\x05\x00", 0.05, b"\x05\x00\x00", CLOSE)),
]  # fmt: skip

TABLE: Final = (
    *REACHING, *BEFORE, *STATUSES, *OPENAI_STATUSES, *BODIES, *EVENT_STREAMS, *PROXY_LOGINS, *PROXY_BYTES
)  # fmt: skip
PLAYS: Final = [(fault, way) for fault in TABLE for way in fault.ways]
