"""Headers of GGUF files: the shipped model's, small ones made here, and damaged ones."""

from __future__ import annotations

import contextlib
import os
import struct
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.errors import ModelFileUnfit
from gui.providers.gguf import (
    CUT,
    DAMAGED,
    LONGEST_NAME,
    NO_CHAT,
    NOT_GGUF,
    OTHER_VERSION,
    SPLIT,
    WORK_BYTES,
    Gguf,
    read_gguf,
)
from gui.providers.local import find_model

if TYPE_CHECKING:
    from pathlib import Path


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def value(given: Any) -> bytes:
    if isinstance(given, bool):
        return struct.pack("<I?", 7, given)
    if isinstance(given, int):
        return struct.pack("<II", 4, given)
    if isinstance(given, str):
        return struct.pack("<I", 8) + text(given)
    return struct.pack("<IIQ", 9, 8, len(given)) + b"".join(text(one) for one in given)


TOLD: dict[str, Any] = {
    "general.architecture": "llama",
    "general.name": "Tiny Модель",
    "llama.context_length": 2048,
    "llama.block_count": 2,
    "llama.embedding_length": 64,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "tokenizer.ggml.tokens": ["a", "b", "c"],
    "tokenizer.chat_template": "{{ messages }}",
    "some.flag": True,
}


def model(told: dict[str, Any] = TOLD, version: int = 3, numbers: int = 64, kind: int = 2) -> bytes:
    """With one tensor of so many numbers, Q4_0."""
    pairs = b"".join(text(key) + value(one) for key, one in told.items())
    tensor = text("t") + struct.pack("<IQIQ", 1, numbers, kind, 0)
    head = b"GGUF" + struct.pack("<IQQ", version, 1, len(told)) + pairs + tensor
    return head + bytes(-len(head) % 32) + bytes(numbers // 32 * 18)


def written(folder: Path, content: bytes) -> Path:
    file = folder / "tiny.gguf"
    file.write_bytes(content)
    return file


def test_the_shipped_model(tmp_path: Path) -> None:
    found = read_gguf(find_model(tmp_path))

    assert (found.architecture, found.context, found.template) == ("llama", 8192, True)
    assert found.token_bytes == 30 * 3 * 64 * 2 * 2  # layers, heads, width, keys and values, bytes


def test_what_a_header_tells(tmp_path: Path) -> None:
    file = written(tmp_path, model())

    found = read_gguf(file)

    assert found == Gguf("Tiny Модель", "llama", file.stat().st_size, 2048, template=True, token_bytes=2 * 2 * 32 * 2)
    assert found.memory(1000) == found.size + 1000 * found.token_bytes + WORK_BYTES


def test_a_model_without_a_name_is_called_as_its_file(tmp_path: Path) -> None:
    told = {key: one for key, one in TOLD.items() if key not in {"general.name", "tokenizer.chat_template"}}

    found = read_gguf(written(tmp_path, model(told)))

    assert (found.name, found.template) == ("tiny", False)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", NOT_GGUF),
        (b"PK\3\4" + bytes(100), NOT_GGUF),
        (model(version=1), OTHER_VERSION),
        (b"GGUF" + struct.pack(">I", 3) + bytes(100), OTHER_VERSION),
        (model()[:-1], CUT),
        (model()[:60], CUT),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 1), DAMAGED),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("key") + struct.pack("<I", 99), DAMAGED),
        (model({**TOLD, "split.count": 3}), SPLIT),
        (model({**TOLD, "general.architecture": "clip"}), NO_CHAT),
        (model({}), NO_CHAT),
    ],
)
def test_what_is_no_model_to_talk_with_is_refused_and_why(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(ModelFileUnfit) as caught:
        read_gguf(written(tmp_path, content))

    assert caught.value.details == {"file": "tiny.gguf", "reason": reason}


@settings(max_examples=300, deadline=None)
@given(st.integers(4, len(model()) - 1), st.integers(0, 255), st.integers(0, len(model())))
def test_damage_is_an_answer_and_no_crash(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int, end: int
) -> None:
    content = bytearray(model())
    content[place] = byte
    file = written(tmp_path_factory.mktemp("damaged"), bytes(content[:end]))
    with contextlib.suppress(ModelFileUnfit):
        assert read_gguf(file).size == end


def _pairs(count: int) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, 0, count)


@pytest.mark.parametrize(
    "content",
    [
        _pairs(1 << 24) + bytes(1 << 20),
        b"GGUF" + struct.pack("<IQQ", 3, 1 << 24, 0) + bytes(1 << 20),
        b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + text("t") + struct.pack("<I", 1 << 20) + b"\xff" * (8 << 20),
        _pairs(1) + text("k") + struct.pack("<IIQ", 9, 8, 1 << 24) + bytes(1 << 20),
    ],
    ids=["pairs", "tensors", "dimensions", "texts"],
)
def test_a_header_that_would_take_for_ever_is_damaged(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ModelFileUnfit) as caught:
        read_gguf(written(tmp_path, content))
    assert caught.value.details["reason"] == DAMAGED


def test_numbers_and_names_of_a_header_can_be_shown_whatever_they_are(tmp_path: Path) -> None:
    huge = {name: (1 << 32) - 1 for name, one in TOLD.items() if type(one) is int}
    found = read_gguf(written(tmp_path, model({**TOLD, **huge, "general.name": " Tiny\nmodel " * 99})))
    assert found.memory(1 << 22) < 1 << 63
    assert found.name.startswith("Tiny model Tiny")
    assert len(found.name) <= LONGEST_NAME


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    with pytest.raises(ModelFileUnfit, match="no GGUF file"):
        read_gguf(tmp_path / "pipe.gguf")
