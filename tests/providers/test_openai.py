"""The OpenAI-compatible provider against a server with the forms of the real ones."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui import errors
from gui.providers.base import Finish, ModelInfo, Piece, Progress, Reasoning, Stage, Usage
from gui.providers.openai import OpenAI
from gui.providers.transport import Limits
from tests.servers.openai import DONE, Answer, OpenAIServer, delta, event, failure, stream, usage
from tests.servers.raw import CHUNKED, CLOSE, EVENTS, LAST, SILENCE, UNDELIMITED, RawServer, Step, chunk

if TYPE_CHECKING:
    from gui.providers.base import ChatMessage

ASK: list[ChatMessage] = [{"role": "user", "content": "Hello?"}]
HTML = b"<html><title>Welcome</title></html>"
KEY = "sk-Very/Secret+Key"


async def collect(url: str, **options: Any) -> tuple[list[Piece], errors.GProChatError | None]:
    """The pieces, and the error after them."""
    pieces: list[Piece] = []
    try:
        async for piece in OpenAI.create_async_generator("m", ASK, url=url, **options):
            pieces.append(piece)  # noqa: PERF401 -- what came before the error is wanted
    except errors.GProChatError as error:
        return pieces, error
    return pieces, None


async def ask(*answers: Answer, **options: Any) -> tuple[list[Piece], errors.GProChatError | None]:
    async with OpenAIServer(*answers) as server:
        return await collect(server.url, **options)


# -- replies ----------------------------------------------------------------------------------------------------


async def test_a_reply_of_openai_s_own_form() -> None:
    assert await ask(stream("Hel", "lo")) == (["Hel", "lo", Finish("stop"), Usage(7, 2)], None)


async def test_pieces_arrive_while_the_reply_still_runs() -> None:
    async with RawServer([EVENTS, chunk(delta(content="a")), chunk(delta(content="b")), SILENCE]) as server:
        pieces = OpenAI.create_async_generator("", ASK, url=server.url)
        assert [await asyncio.wait_for(anext(pieces), 2) for _ in "ab"] == ["a", "b"]
        await pieces.aclose()


@pytest.mark.parametrize(
    ("pieces", "got"),
    [
        pytest.param([delta(reasoning_content="hm"), delta(content="a", finish="stop")],
                     [Reasoning("hm"), "a", Finish("stop")], id="DeepSeek's reasoning"),
        pytest.param([delta(reasoning="hm", content=""), delta(content="a"), delta("length"), DONE],
                     [Reasoning("hm"), "a", Finish("length")], id="OpenRouter's reasoning"),
        pytest.param([delta(content="<think>x</think>a"), DONE], [Reasoning("x"), "a"], id="think tags"),
        pytest.param([delta(refusal="No."), DONE], ["No."], id="refusal"),
        pytest.param([event({"choices": [], "prompt_progress": {"total": 8, "processed": 2, "cache": 0}}),
                      delta(content="a"), DONE], [Progress(Stage.READING, 0.25), "a"], id="llama.cpp's progress"),
        pytest.param([delta(content="a"), usage(1, 1), delta("stop"), usage(1, 2), DONE],
                     ["a", Finish("stop"), Usage(1, 2)], id="usage counted along"),
        pytest.param([b": ping\n\n", delta(content="a"), b": ping\n\n", DONE], ["a"], id="comments"),
        pytest.param([delta(content="a"), b"data: [DONE]"], ["a"], id="[DONE] without its empty line"),
        pytest.param([delta(content="a"), delta("stop"), usage(10**30, 10**30), DONE], ["a", Finish("stop")],
                     id="more tokens than there are"),
        pytest.param([delta(content="a"), delta("stop"), usage(-1, 2), DONE], ["a", Finish("stop")],
                     id="less than no tokens"),
        pytest.param([delta(content="a"), delta("stop"), usage(1, 2), event({"timings": {"predicted_ms": math.inf}}),
                      event({"prompt_progress": {"total": 10**400, "processed": 10**400}}), DONE],
                     ["a", Finish("stop"), Usage(1, 2)], id="endless times"),
        pytest.param([delta(content="a"), DONE, delta(content="b")], ["a"], id="nothing counts after [DONE]"),
        pytest.param([event({"usage": None, "choices": None}), event({"choices": [{"delta": None}]}),
                      event({"choices": [{"delta": {"tool_calls": []}}]}), delta(content="a"), DONE],
                     ["a"], id="odd chunks"),
    ],
)  # fmt: skip
async def test_the_forms_of_a_stream(pieces: list[bytes], got: list[Piece]) -> None:
    assert await ask(Answer(tuple(pieces))) == (got, None)


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
async def test_a_server_that_does_not_stream(content_type: str) -> None:
    whole = {
        "choices": [{"message": {"content": "Hello", "reasoning_content": "hm"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    }
    got = await ask(failure(200, whole, content_type))
    assert got == ([Reasoning("hm"), "Hello", Finish("stop"), Usage(3, 1)], None)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=5), st.integers(1, 40))
def test_any_text_split_anywhere(texts: list[str], size: int) -> None:
    wire = b"".join(stream(*texts).pieces)
    split = Answer(tuple(wire[at : at + size] for at in range(0, len(wire), size)))
    pieces, error = asyncio.run(ask(split))
    assert error is None
    assert "".join(piece for piece in pieces if isinstance(piece, str)) == "".join(texts)


# -- replies that fail ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pieces", "text", "kind"),
    [
        pytest.param([delta(content="a")], "a", errors.ConnectionCut, id="a clean end without an end mark"),
        pytest.param([delta(content="a"), b'data: {"cho'], "a", errors.ConnectionCut, id="ended inside of an event"),
        pytest.param([delta("stop"), DONE], "", errors.EmptyReply, id="no text"),
        pytest.param([delta(reasoning_content="hm"), DONE], "", errors.EmptyReply, id="thoughts only"),
        pytest.param([], "", errors.ConnectionCut, id="nothing"),
        pytest.param([delta(content="a"), event({"error": {"message": "boom"}})], "a", errors.ReplyBroken,
                     id="an error event"),
        pytest.param([delta(content="a"), b'event: error\ndata: {"message": "boom"}\n\n'], "a", errors.ReplyBroken,
                     id="an event named error"),
        pytest.param([delta(content="a"), event({"error": {"code": 500, "message": "boom"}})], "a",
                     errors.ReplyBroken, id="a 500 in an event"),
        pytest.param([event({"error": {"code": 429, "message": "slow"}})], "", errors.RateLimited,
                     id="a 429 in an event"),
        pytest.param([event({"error": {"code": 503, "message": "busy"}})], "", errors.Overloaded,
                     id="a 503 in an event"),
        pytest.param([event({"error": {"type": "exceed_context_size_error", "message": "long"}})], "",
                     errors.ContextTooLong, id="too long, in an event"),
        pytest.param([b"data: not json\n\n"], "", errors.NotThisProtocol, id="events of something else"),
    ],
)  # fmt: skip
async def test_a_stream_that_is_not_a_whole_reply(
    pieces: list[bytes], text: str, kind: type[errors.GProChatError]
) -> None:
    got, error = await ask(Answer(tuple(pieces)))
    assert "".join(piece for piece in got if isinstance(piece, str)) == text
    assert type(error) is kind
    if kind is errors.ReplyBroken:
        assert "boom" in str(error)


async def test_cuts_keep_the_text() -> None:
    hello = delta(content="Hello")
    cuts: list[list[Step]] = [[EVENTS, chunk(hello), CLOSE], [UNDELIMITED, hello, CLOSE], [EVENTS, chunk(hello), LAST]]
    for steps in cuts:
        async with RawServer(steps) as server:
            pieces, error = await collect(server.url)
        assert pieces == ["Hello"]
        assert isinstance(error, errors.ConnectionCut)


async def test_a_body_that_ends_with_the_connection_is_whole_with_its_end_mark() -> None:
    async with RawServer([UNDELIMITED, delta(content="Hello"), DONE, CLOSE]) as server:
        assert await collect(server.url) == (["Hello"], None)


async def test_silence() -> None:
    async with RawServer([EVENTS, chunk(delta(content="a")), SILENCE], [CHUNKED, SILENCE]) as server:
        limits = Limits(first_byte=0.2, silence=0.2)
        assert isinstance((await collect(server.url, limits=limits))[1], errors.SilenceTimeout)
        assert isinstance((await collect(server.url, limits=limits))[1], errors.FirstByteTimeout)


# -- errors -----------------------------------------------------------------------------------------------------


def openai_error(message: str, code: object = None, kind: str = "") -> dict[str, object]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        pytest.param(failure(400, openai_error("too long", "context_length_exceeded")), errors.ContextTooLong,
                     "too long", id="OpenAI, too long"),
        pytest.param(failure(400, {"error": {"code": 400, "type": "exceed_context_size_error", "n_ctx": 4096,
                                             "message": "the request exceeds"}}), errors.ContextTooLong,
                     "the request exceeds", id="llama.cpp, too long"),
        pytest.param(failure(400, {"object": "error", "type": "BadRequestError", "code": 400,
                                   "message": "This model's maximum context length is 9 tokens."}),
                     errors.ContextTooLong, "9 tokens", id="vLLM, too long"),
        pytest.param(failure(400, openai_error("bad temperature")), errors.BadRequest, "bad temperature", id="400"),
        pytest.param(failure(422, {"detail": [{"msg": "field required"}]}), errors.BadRequest, "field required",
                     id="FastAPI's 422"),
        pytest.param(failure(401, openai_error("Bad key")), errors.BadApiKey, "Bad key", id="401"),
        pytest.param(failure(401, {"error": "Unauthorized"}), errors.BadApiKey, "Unauthorized", id="vLLM's 401"),
        pytest.param(failure(403, openai_error("Country")), errors.BadApiKey, "Country", id="403"),
        pytest.param(failure(401, b"", "text/plain"), errors.BadApiKey, "", id="an empty 401"),
        pytest.param(failure(403, HTML, "text/html"), errors.NotThisProtocol, "403", id="a web page's 403"),
        pytest.param(failure(404, openai_error('model "m" not found, try pulling it')), errors.ModelNotFound,
                     "pulling", id="Ollama, no model"),
        pytest.param(failure(404, openai_error("does not exist", "model_not_found")), errors.ModelNotFound, "“m”",
                     id="OpenAI, no model"),
        pytest.param(failure(404, openai_error("File Not Found", 404, "not_found_error")), errors.NotThisProtocol,
                     "404", id="llama.cpp, no such path"),
        pytest.param(failure(404, b"404 page not found", "text/plain"), errors.NotThisProtocol, "404", id="404"),
        pytest.param(failure(405, {"detail": "Method Not Allowed"}), errors.NotThisProtocol, "405", id="405"),
        pytest.param(failure(429, openai_error("Slow down")), errors.RateLimited, "Slow down", id="429"),
        pytest.param(failure(429, [{"error": {"code": 429, "message": "Quota"}}]), errors.RateLimited, "Quota",
                     id="Gemini's list"),
        pytest.param(failure(429, b"", "text/html"), errors.RateLimited, "", id="an empty 429"),
        pytest.param(failure(503, openai_error("Loading model", 503)), errors.Overloaded, "Loading model", id="503"),
        pytest.param(failure(500, openai_error("boom")), errors.ServerFailed, "boom", id="500"),
        pytest.param(failure(502, HTML, "text/html"), errors.ServerFailed, "502", id="a reverse proxy's page"),
        pytest.param(failure(413, HTML, "text/html"), errors.RequestTooLarge, "127", id="a reverse proxy's body limit"),
        pytest.param(failure(200, openai_error("boom")), errors.ReplyBroken, "boom", id="an error under 200"),
        pytest.param(failure(200, {"hello": 1}), errors.NotThisProtocol, "200", id="other JSON"),
        pytest.param(failure(200, HTML, "text/html"), errors.NotThisProtocol, "200", id="a web page"),
        pytest.param(failure(200, b"Welcome to nginx", "text/plain"), errors.NotThisProtocol, "200", id="other text"),
    ],
)  # fmt: skip
async def test_each_answer_has_its_error(answer: Answer, kind: type[errors.GProChatError], words: str) -> None:
    pieces, error = await ask(answer)
    assert (pieces, type(error)) == ([], kind)
    assert words in str(error)
    assert "<" not in str(error)


async def test_a_wrong_key_is_refused_and_not_repeated() -> None:
    async with OpenAIServer(key="right") as server:
        assert (await collect(server.url, api_key="right"))[1] is None
        _, error = await collect(server.url, api_key=KEY)
    assert isinstance(error, errors.BadApiKey)
    assert KEY not in str(error) + repr(error) + error.to_json()
    assert "Incorrect API key provided: …" in str(error)


@pytest.mark.parametrize("key", ["“sk-x”", "sk\nx", "ключ"])
async def test_a_key_no_header_can_carry(key: str) -> None:
    async with OpenAIServer() as server:
        _, error = await collect(server.url, api_key=key)
        assert not server.requests
    assert isinstance(error, errors.BadApiKey)
    assert key not in str(error)


# -- requests ---------------------------------------------------------------------------------------------------


async def test_the_request() -> None:
    async with OpenAIServer() as server:
        messages: list[ChatMessage] = [*ASK, {"role": "assistant", "content": "Hi \ud800"}, *ASK]
        await OpenAI.create_async(
            "m", messages, url=server.url, api_key=" k ", system_prompt="Be brief.", temperature=0.0, stop=["x"],
            extra={"return_progress": True},
        )  # fmt: skip
        assert server.requests == [
            {
                "model": "m",
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Hello?"},
                    {"role": "assistant", "content": "Hi �"},
                    {"role": "user", "content": "Hello?"},
                ],
                "stream": True,
                "stream_options": {"include_usage": True},
                "temperature": 0.0,
                "stop": ["x"],
                "return_progress": True,
            }
        ]
        assert server.headers[0]["Authorization"] == "Bearer k"


async def test_no_key_no_header_and_no_model_no_field() -> None:
    async with OpenAIServer() as server:
        await OpenAI.create_async("", ASK, url=server.url)
        assert "Authorization" not in server.headers[0]
        assert "model" not in server.requests[0]


@pytest.mark.parametrize("cut", ["/v1", "", None])
async def test_the_base_address_in_any_form(cut: str | None) -> None:
    async with OpenAIServer() as server:
        url = f"{server.url}/" if cut is None else server.url.removesuffix(cut)
        assert await OpenAI.create_async("", ASK, url=url) == "Hello"


async def test_an_address_as_it_stands_in_examples_of_curl() -> None:
    async with OpenAIServer() as server:
        assert await OpenAI.create_async("", ASK, url=f"{server.url}/chat/completions") == "Hello"


async def test_the_models_a_server_has() -> None:
    async with OpenAIServer(key="k") as server:
        assert await OpenAI.fetch_models(server.url, "k") == ["one", "two"]
        with pytest.raises(errors.BadApiKey):
            await OpenAI.fetch_models(server.url, "wrong")
    async with OpenAIServer(models={"data": [{"id": "one"}, {}, 7, {"id": ""}, {"id": " "}]}) as server:
        assert await OpenAI.fetch_models(server.url) == ["one"]
    async with OpenAIServer(models={"models": []}) as server:
        with pytest.raises(errors.NotThisProtocol):
            await OpenAI.fetch_models(server.url)
        with pytest.raises(errors.NotThisProtocol):
            await OpenAI.fetch_models(f"{server.url}/v2")


@pytest.mark.parametrize(
    ("entry", "context"),
    [
        ({"max_model_len": 32768}, 32768),  # vLLM
        ({"context_length": 131072}, 131072),  # OpenRouter
        ({"meta": {"n_ctx_train": 131072, "n_ctx": 8192}}, 8192),  # llama.cpp
        ({"meta": {"n_ctx_train": 131072}}, None),
        ({"context_length": "many", "meta": 7}, None),
        ({"context_length": True, "max_model_len": 10**40}, None),
        ({}, None),
    ],
)
async def test_how_much_a_model_can_read_where_the_list_tells(entry: dict[str, Any], context: int | None) -> None:
    async with OpenAIServer(models={"data": [{"id": "m", **entry}]}) as server:
        assert await OpenAI.describe_models(server.url) == [ModelInfo("m", context)]
