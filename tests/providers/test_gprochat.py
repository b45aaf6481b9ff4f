"""GPROChat against a server that checks what the real one checks. Rows of the protocol's two tables first."""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from gui import errors
from gui.providers import transport
from gui.providers.gprochat import MARKER, MAX_MESSAGES, GPROChat, ReplyDecoder, native_messages
from gui.providers.transport import Limits, open_session
from tests.servers.gprochat import Failure, GPROChatServer, Reply
from tests.servers.raw import CHUNKED, UNDELIMITED, RawServer, chunk

if TYPE_CHECKING:
    from gui.providers.base import ChatMessage

ASK: list[ChatMessage] = [{"role": "user", "content": "Hello?"}]
HTML = "<html><title>502 Bad Gateway</title></html>"
QUICK = Limits(connect=2.0, first_byte=0.2, silence=0.2)


async def collect(
    url: str, messages: list[ChatMessage] = ASK, **options: Any
) -> tuple[str, errors.GProChatError | None]:
    """What was yielded, and the error after it."""
    text = ""
    try:
        async for piece in GPROChat.create_async_generator("", messages, url=url, **options):
            assert isinstance(piece, str)
            assert piece
            text += piece
    except errors.GProChatError as error:
        return text, error
    return text, None


# -- errors before the stream -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(Failure(500, content_type=None), errors.ServerFailed, id="empty 500"),
        pytest.param(Failure.said(400, "Invalid message history: …"), errors.BadRequest, id="history"),
        pytest.param(Failure.said(403, "Please complete the verification to continue."), errors.VerificationRequired,
                     id="verification"),
        pytest.param(Failure.said(401, "Invalid password."), errors.BadPassword, id="password"),
        pytest.param(Failure.said(401, "Invalid signature."), errors.BadSignature, id="signature"),
        pytest.param(Failure.upstream(429, "Too Many Requests", "Quota"), errors.QuotaUsedUp, id="upstream 429"),
        pytest.param(Failure.upstream(503, "Service Unavailable", "Busy"), errors.Overloaded, id="upstream 503"),
        pytest.param(Failure.upstream(500, "Internal Server Error", "?"), errors.UpstreamError, id="upstream 500"),
        pytest.param(Failure.upstream(403, "Forbidden", "Key"), errors.UpstreamError, id="upstream 403"),
        pytest.param(Failure.upstream(400, text="API key not valid."), errors.UpstreamError, id="upstream 400"),
        pytest.param(
            Failure.upstream(400, text="The input token count (9) exceeds the maximum number of tokens allowed (1)."),
            errors.ContextTooLong, id="upstream 400, too long"),
        pytest.param(Failure(404, "Not found"), errors.NotThisProtocol, id="404"),
        pytest.param(Failure(405, ""), errors.NotThisProtocol, id="405"),
        pytest.param(Failure(200, HTML, "text/html"), errors.NotThisProtocol, id="a web page"),
        pytest.param(Failure(403, HTML, "text/html"), errors.NotThisProtocol, id="a web page's 403"),
        pytest.param(Failure(400, "bad", "text/plain"), errors.NotThisProtocol, id="somebody else's 400"),
        pytest.param(Failure(502, HTML, "text/html"), errors.ServerFailed, id="a reverse proxy's page"),
        pytest.param(Failure(429, "slow down"), errors.RateLimited, id="a reverse proxy's limit"),
        pytest.param(Failure(413, HTML, "text/html"), errors.RequestTooLarge, id="a reverse proxy's body limit"),
        pytest.param(Failure(500, '{"error": "text"}'), errors.ServerFailed, id="an error in another form"),
        pytest.param(Failure(500, '{"error": {"message": 7}}'), errors.UpstreamError, id="a message of another type"),
        pytest.param(Failure(500, b"\xff\xfe{[" * 99), errors.ServerFailed, id="garbage"),
    ],
)  # fmt: skip
async def test_each_answer_before_the_stream_has_its_error(answer: Failure, kind: type[errors.GProChatError]) -> None:
    async with GPROChatServer(answer) as server:
        text, error = await collect(server.url)
    assert (text, type(error)) == ("", kind)
    assert str(error)
    assert "<" not in str(error)


async def test_the_server_answers_a_malformed_body_as_the_real_one_does() -> None:
    async with (
        GPROChatServer() as server,
        transport.request("POST", URL(f"{server.url}/api/generate"), body=[]) as answer,
    ):
        assert (answer.status, answer.content_type, await answer.error_text()) == (500, "", "")


async def test_the_service_s_status_and_words_are_told() -> None:
    async with GPROChatServer(Failure.upstream(404, "Not Found", "models/x is not found\nfor v1")) as server:
        _, error = await collect(server.url)
    assert isinstance(error, errors.UpstreamError)
    assert error.details["status"] == 404
    assert "models/x is not found for v1" in str(error)
    assert server.url.removeprefix("http://") in str(error)


async def test_a_long_message_is_shortened() -> None:
    async with GPROChatServer(Failure.upstream(400, text="long " * 100_000)) as server:
        _, error = await collect(server.url)
    assert len(str(error)) < 500


@pytest.mark.parametrize("secret", ["", "s3cret", "ключ 🔑"])
async def test_the_server_accepts_the_signature_and_password(secret: str) -> None:
    async with GPROChatServer(secret=secret, password="pass word") as server:
        assert await collect(server.url, secret_key=secret, password="pass word") == ("Hello, world", None)


async def test_a_wrong_secret_and_a_wrong_password_are_told_apart() -> None:
    async with GPROChatServer(secret="right", password="right") as server:
        assert isinstance((await collect(server.url, secret_key="wrong", password="right"))[1], errors.BadSignature)
        assert isinstance((await collect(server.url, secret_key="right", password="wrong"))[1], errors.BadPassword)
        assert isinstance((await collect(server.url, secret_key="right"))[1], errors.BadPassword)


async def test_browser_verification_is_told() -> None:
    async with GPROChatServer(verification=True) as server:
        assert isinstance((await collect(server.url))[1], errors.VerificationRequired)


async def test_a_wrong_clock_is_a_bad_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    async with GPROChatServer(skew=True) as server:
        assert await collect(server.url) == ("Hello, world", None)
        wrong = time.time_ns() - 3600 * 10**9
        monkeypatch.setattr("gui.providers.gprochat.time.time_ns", lambda: wrong)
        assert isinstance((await collect(server.url))[1], errors.BadSignature)


# -- the reply --------------------------------------------------------------------------------------------------


async def test_pieces_arrive_while_the_reply_still_runs() -> None:
    async with GPROChatServer(Reply("Hello", " In", "side", end="silence")) as server:
        pieces = GPROChat.create_async_generator("", ASK, url=server.url)
        text = ""
        while text != "Hello Inside":
            text += str(await asyncio.wait_for(anext(pieces), 2))
        await pieces.aclose()


@pytest.mark.parametrize(
    ("reply", "text", "kind"),
    [
        pytest.param(Reply("Hel", "lo"), "Hello", None, id="normal"),
        pytest.param(Reply('{"error": {"message": "x"}}'), '{"error": {"message": "x"}}', None, id="the model's JSON"),
        pytest.param(Reply("Hello ", failing=True), "Hello ", errors.ReplyBroken, id="failed"),
        pytest.param(Reply(failing=True), "", errors.ReplyBroken, id="failed on the first event"),
        pytest.param(Reply("Hel", "lo", failing=True, glued=True), "Hello", errors.ReplyBroken, id="failed, glued"),
        pytest.param(Reply("Hello ", failing=True, glued=True), "Hello ", errors.ReplyBroken, id="all in one piece"),
        pytest.param(Reply("a ", "b ", failing=True, glued=True, headers={"Via": "1.1 x"}), "a b ",
                     errors.ReplyBroken, id="a proxy's pieces"),
        pytest.param(Reply("Hello ", "Internal ser", "ver error"), "Hello ", errors.ReplyBroken, id="failed, split"),
        pytest.param(Reply("500: ", "means Internal server error"), "500: means Internal server error", None,
                     id="the model's words"),
        pytest.param(Reply("Internal server error", " is 500"), "Internal server error is 500", None,
                     id="words at the start"),
        pytest.param(Reply(), "", errors.EmptyReply, id="empty"),
        pytest.param(Reply("Hel", end="cut"), "Hel", errors.ConnectionCut, id="cut"),
        pytest.param(Reply("Hel", failing=True, end="cut"), "Hel", errors.ConnectionCut, id="failed and cut"),
        pytest.param(Reply("Hel", "In", end="cut"), "HelIn", errors.ConnectionCut, id="cut in what may be the mark"),
        pytest.param(Reply("a\xe4".encode()[:-1], end="cut"), "a�", errors.ConnectionCut, id="cut in a character"),
        pytest.param(Reply(b"a\xff\xe2\x82"), "a��", None, id="malformed bytes"),
    ],
)  # fmt: skip
async def test_each_way_a_reply_ends(reply: Reply, text: str, kind: type[errors.GProChatError] | None) -> None:
    async with GPROChatServer(reply) as server:
        got, error = await collect(server.url)
    assert (got, type(error) if error else None) == (text, kind)


async def test_a_slow_first_byte_has_its_own_limit() -> None:
    async with GPROChatServer(Reply("late", first=0.4)) as server:
        assert await collect(server.url, limits=Limits(first_byte=5.0, silence=0.1)) == ("late", None)
        assert isinstance((await collect(server.url, limits=QUICK))[1], errors.FirstByteTimeout)


async def test_pauses_shorter_than_the_limit_end_nothing_however_many_there_are() -> None:
    words = [f"{number} " for number in range(10)]
    async with GPROChatServer(Reply(*words, delay=0.15)) as server:  # together three times the limit
        assert await collect(server.url, limits=Limits(first_byte=0.5, silence=0.5)) == ("".join(words), None)


async def test_a_reply_that_falls_silent_keeps_its_text() -> None:
    async with GPROChatServer(Reply("Hel", end="silence")) as server:
        text, error = await collect(server.url, limits=QUICK)
    assert text == "Hel"
    assert isinstance(error, errors.SilenceTimeout)
    assert "0.2 seconds" in str(error)


async def test_a_body_that_ends_with_the_connection_may_be_cut() -> None:
    async with RawServer([UNDELIMITED, b"Hello", "close"]) as server:
        text, error = await collect(server.url)
    assert text == "Hello"
    assert isinstance(error, errors.ConnectionCut)


async def test_closing_the_generator_ends_the_request() -> None:
    async with RawServer([CHUNKED, chunk(b"Hello"), "silence"]) as server:
        pieces = GPROChat.create_async_generator("", ASK, url=server.url)
        assert await anext(pieces) == "Hello"
        assert server.open == 1
        await pieces.aclose()
        await asyncio.sleep(0.05)
        assert server.open == 0


@given(st.text(), st.booleans(), st.integers(1, 50), st.data())
def test_the_decoder_survives_every_split(text: str, failing: bool, size: int, data: st.DataObject) -> None:
    """The mark is found however the bytes are joined or split, and never shown."""
    wire = text.encode() + (MARKER if failing else b"")
    begins = data.draw(st.sampled_from([lambda _: False, lambda at: at == 0, lambda _: size == 1]))
    decoder = ReplyDecoder(pieces_visible=False)
    parts = [decoder.feed(wire[at : at + size], begins=begins(at)) for at in range(0, len(wire), size)]
    rest, broken = decoder.finish()
    assert broken is failing
    assert "".join(parts) + rest == text


@given(st.lists(st.text(min_size=1), max_size=5), st.integers(1, 9))
def test_the_server_s_own_last_piece_is_found_where_pieces_are_visible(pieces: list[str], size: int) -> None:
    decoder = ReplyDecoder(pieces_visible=True)
    got = ""
    for piece in [*(piece.encode() for piece in pieces), MARKER]:
        for at in range(0, len(piece), size):
            got += decoder.feed(piece[at : at + size], begins=at == 0)
    rest, broken = decoder.finish()
    assert broken
    assert got + rest == "".join(pieces)


@given(st.text(), st.integers(1, 5))
def test_no_more_is_held_back_than_the_mark_needs(text: str, size: int) -> None:
    decoder = ReplyDecoder()
    wire = f"{text} Intern of Internal server".encode()
    got = "".join(decoder.feed(wire[at : at + size], begins=False) for at in range(0, len(wire), size))
    assert got == f"{text} Intern of "


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=6), min_size=1, max_size=8), st.booleans())
def test_any_bytes_over_http(pieces: list[bytes], failing: bool) -> None:
    async def play() -> tuple[str, errors.GProChatError | None]:
        async with GPROChatServer(Reply(*pieces, failing=failing)) as server:
            return await collect(server.url)

    text, error = asyncio.run(play())
    assert text == b"".join(pieces).decode("utf-8", "replace")
    assert isinstance(error, errors.ReplyBroken) is failing


async def test_text_over_http_byte_by_byte() -> None:
    text = "Žluťoučký 🐎, 日本語 and a family 👨‍👩‍👧; Internal server error is what I say."
    async with GPROChatServer(Reply(*(bytes([byte]) for byte in text.encode()))) as server:
        assert await collect(server.url) == (text, None)


# -- the request ------------------------------------------------------------------------------------------------


def test_the_signature_is_the_protocol_s() -> None:
    right = hashlib.sha256("1700000000000:Hi ß\r\n:key".encode()).hexdigest()
    assert GPROChat.generate_signature(1700000000000, "Hi ß\r\n", "key") == right
    assert GPROChat.generate_signature(1, "a") == hashlib.sha256(b"1:a:").hexdigest()


def test_a_lone_surrogate_is_signed_as_javascript_encodes_it() -> None:
    assert GPROChat.generate_signature(1, "a\ud800b") == GPROChat.generate_signature(1, "a\ufffdb")
    assert GPROChat.generate_signature(1, "\ud83d\ude00") == GPROChat.generate_signature(1, "😀")


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec=None), min_size=1), st.text(max_size=5))
def test_the_server_agrees_on_any_text(text: str, secret: str) -> None:
    async def play() -> tuple[dict[str, Any], tuple[str, errors.GProChatError | None]]:
        async with GPROChatServer(secret=secret) as server:
            answer = await collect(server.url, [{"role": "user", "content": text}], secret_key=secret)
            return server.requests[0], answer

    request, answer = asyncio.run(play())
    assert answer == ("Hello, world", None)
    assert request["messages"][0]["parts"][0]["text"] == text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )


async def test_the_request_s_fields() -> None:
    before = time.time_ns() // 1_000_000
    async with GPROChatServer() as server:
        await collect(server.url, password="")
        request = server.requests[0]
    assert request.keys() == {"messages", "time", "pass", "sign"}
    assert type(request["time"]) is int
    assert before <= request["time"] <= time.time_ns() // 1_000_000
    assert request["pass"] is None
    assert request["messages"] == [{"role": "user", "parts": [{"text": "Hello?"}]}]


MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system"]), "content": st.text(max_size=4)}),
    max_size=12,
)


@given(MESSAGES, st.sampled_from([None, "", "Be brief."]))
def test_native_messages_alternate_and_begin_with_the_user(messages: list[ChatMessage], prompt: str | None) -> None:
    native = native_messages(messages, prompt)
    assert [message["role"] for message in native] == [("user", "model")[index % 2] for index in range(len(native))]
    said = "".join(message["parts"][0]["text"] for message in native)
    asked = [message for message in messages if message["role"] == "user"]
    assert all(message["content"] in said for message in asked)


def test_the_system_prompt_comes_first_in_the_first_question() -> None:
    messages: list[ChatMessage] = [
        {"role": "assistant", "content": "Welcome"},
        {"role": "user", "content": "One"},
        {"role": "user", "content": "Two"},
        {"role": "system", "content": "Rule"},
        {"role": "assistant", "content": "Three"},
        {"role": "assistant", "content": ""},
        {"role": "user", "content": "Four"},
    ]
    assert native_messages(messages, "Be brief.") == [
        {"role": "user", "parts": [{"text": "Be brief.\n\nRule\n\nOne\n\nTwo"}]},
        {"role": "model", "parts": [{"text": "Three"}]},
        {"role": "user", "parts": [{"text": "Four"}]},
    ]


@pytest.mark.parametrize("count", [97, 99, 101, 501])
def test_a_long_history_is_trimmed_and_keeps_the_system_prompt(count: int) -> None:
    messages: list[ChatMessage] = [
        {"role": "assistant" if index % 2 else "user", "content": str(index)} for index in range(count)
    ]
    native = native_messages(messages, "Be brief.")
    assert len(native) == min(count, MAX_MESSAGES)
    assert native[0]["role"] == native[-1]["role"] == "user"
    assert native[0]["parts"][0]["text"] == f"Be brief.\n\n{count - len(native)}"
    assert native[-1]["parts"][0]["text"] == str(count - 1)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"role": "user", "content": ""}],
        [{"role": "system", "content": "Rule"}],
        [*ASK, {"role": "assistant", "content": "Hi"}],
    ],
)
async def test_what_the_server_would_refuse_is_not_sent(messages: list[ChatMessage]) -> None:
    async with GPROChatServer() as server:
        text, error = await collect(server.url, messages)
        assert server.connections == 0
    assert not text
    assert isinstance(error, errors.BadRequest)


async def test_twenty_megabytes_are_sent() -> None:
    async with GPROChatServer() as server:
        long: list[ChatMessage] = [{"role": "user", "content": "x" * 20_000_000}]
        assert await collect(server.url, long) == ("Hello, world", None)


@pytest.mark.parametrize("form", ["{}", "{}/", "{}/?q=1#top"])
async def test_the_base_address_in_any_form(form: str) -> None:
    async with GPROChatServer() as server:
        assert await collect(form.format(server.url)) == ("Hello, world", None)


@pytest.mark.parametrize(
    "url", ["", "localhost:3000", "ftp://host", "http://", "http://h:99999", "http://u:p@host", "http://127.1"]
)
async def test_an_address_that_cannot_be(url: str) -> None:
    _, error = await collect(url)
    assert isinstance(error, errors.InvalidAddress)
    assert "u:p" not in str(error)


async def test_the_server_chooses_the_model() -> None:
    assert GPROChat.get_models() == ["gemini-1.5-pro"]
    async with GPROChatServer() as server:
        assert await GPROChat.create_async("gemini-1.5-pro", ASK, url=server.url) == "Hello, world"
        with pytest.raises(errors.UnknownModel):
            await GPROChat.create_async("gpt-4", ASK, url=server.url)


async def test_a_session_is_used_again() -> None:
    async with GPROChatServer() as server, open_session(None) as session:
        for _ in range(3):
            assert (await collect(server.url, session=session))[1] is None
        assert server.connections == 1


async def test_the_secrets_an_answer_repeats_are_left_out() -> None:
    secret, password = "k3y-äöü", 'p"ss\\word'
    answer = Failure.said(400, f"got {secret} and {password}")
    async with GPROChatServer(answer, secret=secret, password=password) as server:
        _, error = await collect(server.url, secret_key=secret, password=password)
    assert error
    assert error.details["message"] == "got … and …"


async def test_the_server_runs_in_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.servers.gprochat", "--reply", "one two", "--secret", "s",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdin
    url = (await process.stdout.readline()).decode().strip()
    assert await collect(url, secret_key="s") == ("one two", None)
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 5) == 0
