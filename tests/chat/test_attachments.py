"""Files made into what can be said, and what a server gets of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from gui.chat.attachments import (
    BROKEN,
    EMPTY,
    IMAGE_TOKENS,
    LARGEST_TEXT,
    LOCKED,
    NO_TEXT,
    OTHER_CODE,
    TOO_LARGE,
    UNREADABLE,
    as_said,
    read_text,
    tokens,
)
from gui.chat.turn import Turn, ask
from gui.conversation import Attachment, Conversation, Message, Role
from gui.errors import AttachmentUnfit
from gui.settings.connections import Connection
from tests.servers.gprochat import GPROChatServer, Reply
from tests.servers.openai import OpenAIServer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.chat.conftest import Place

NOTES = Attachment("notes.py", "text/plain", b"print('```')")
PHOTO = Attachment("photo.png", "image/png", b"\x89PNG")


def pdf(*pages: str, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(300, 300)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
        )
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "Привет".encode(), "Привет"),
        ("a.py", b"\xef\xbb\xbfa = 1\r\nb = 2\r\n", "a = 1\nb = 2\n"),
        ("Makefile", b"all:\n", "all:\n"),
        ("wide.txt", "日本".encode("utf-16"), "日本"),
        ("a.pdf", pdf("Page one", "Page two"), "Page one\n\nPage two"),
    ],
)
def test_texts_and_pdf_files_are_read(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    (tmp_path / name).write_bytes(content)

    found = read_text(tmp_path / name)

    assert (found.name, found.type, found.text) == (name, "text/plain", text)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.bin", b"\x00\x01\x02", NO_TEXT),
        ("latin.txt", b"caf\xe9", OTHER_CODE),
        ("a.txt", b" \n", EMPTY),
        ("a.txt", b"x" * (LARGEST_TEXT + 1), TOO_LARGE),
        ("a.pdf", pdf("", ""), EMPTY),
        ("a.pdf", pdf("secret", password="pw"), LOCKED),
        ("a.pdf", b"%PDF-1.7\nnothing of the kind", BROKEN),
        ("gone.txt", None, UNREADABLE),
    ],
)
def test_what_is_no_text_is_refused_and_why(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(AttachmentUnfit) as caught:
        read_text(tmp_path / name)

    assert caught.value.details == {"file": name, "reason": reason}


def test_texts_stand_before_what_is_said_in_a_fence_that_holds() -> None:
    message = Message("c", Role.USER, "What does it do?", attachments=(NOTES,))

    assert as_said(message, images=True) == {
        "role": "user",
        "content": "notes.py:\n````\nprint('```')\n````\n\nWhat does it do?",
    }


def test_images_go_beside_or_leave_their_names() -> None:
    message = Message("c", Role.USER, "What is this?", attachments=(PHOTO,))

    assert as_said(message, images=True)["images"] == ["data:image/png;base64,iVBORw=="]
    assert as_said(message, images=False) == {"role": "user", "content": "[photo.png]\n\nWhat is this?"}


def test_sizes_in_tokens() -> None:
    assert tokens(NOTES) == 3
    assert tokens(PHOTO) == IMAGE_TOKENS


async def test_what_an_openai_compatible_server_gets(place: Place) -> None:
    async with OpenAIServer() as server:
        chat = Conversation()
        message = await ask(place.history, chat, "What is this?", None, (PHOTO, NOTES))
        await Turn(place.history, place.routes, Connection("c", "C", "openai", server.url), chat, message.id).run()
    (sent,) = server.requests[0]["messages"]
    assert sent["content"] == [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
        {"type": "text", "text": "notes.py:\n````\nprint('```')\n````\n\nWhat is this?"},
    ]


async def test_a_provider_of_texts_gets_the_names_of_earlier_images(place: Place) -> None:
    async with GPROChatServer(Reply("Hi.")) as server:
        chat = Conversation()
        message = await ask(place.history, chat, "", None, (PHOTO,))
        kept = await place.history.conversation(chat.id)
        await Turn(place.history, place.routes, Connection("c", "C", "gprochat", server.url), chat, message.id).run()
    assert kept is not None
    assert kept.title == "photo.png"
    assert server.requests[0]["messages"][0]["parts"] == [{"text": "[photo.png]"}]
