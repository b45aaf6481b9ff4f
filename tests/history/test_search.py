"""What is found, in which order, and what ends a search."""

from __future__ import annotations

import asyncio
import sqlite3
import unicodedata
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from gui.conversation import Attachment, Conversation, Folder, Message, Role, State, now
from gui.errors import HistoryDamaged
from tests.history.copies import expected_index, index

if TYPE_CHECKING:
    from gui.history.store import History

DAY = 86_400_000  # ms


async def say(history: History, chat: Conversation, text: str, **values: object) -> Message:
    message = replace(Message(chat.id, Role.USER, text), **values)  # type: ignore[arg-type]
    await history.add_message(message)
    return message


async def found(history: History, typed: str) -> list[str]:
    """The texts that were found, without the titles."""
    ids = [hit.message_id for hit in await history.search(typed) if hit.message_id]
    return [message.text for one in ids if (message := await history.message(one))]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("window", "A Window, open"),
        ("wind", "A Window, open"),
        ("open window", "A Window, open"),
        ('"window open"', "A Window, open"),
        ("открыт", "Открытое окно"),
        ("cafe", "Café"),
        ("東", "東京タワーへ行く"),
        ("京タ", "東京タワーへ行く"),
        ("타워", "도쿄타워"),
        ("ไทย", "ภาษาไทยง่าย"),
        ("へ東京タワ", "昨日へ東京タワーへ行く"),
        ("don't", "I don't know"),
        ("foo_bar()", "call foo_bar() twice"),
        ("c++", "written in C++ mostly"),
        ("naïve", "a naive one"),
        ("new line", "a new\nline"),
        ("🌸", ""),
        ("abc", "ＡＢＣを見る"),
        ("ＡＢＣ", "the abc"),
        ("2024", "２０２４年"),
        ("カタカナ", "カタカナ"),
        ("ｶﾀｶﾅ", "カタカナ"),
        ("한글", unicodedata.normalize("NFD", "파일 한글")),
        ("finance", "o\ufb03ce and \ufb01nance"),
        ("o\ufb03ce", "the office"),
        ("ещё", "еще раз"),
        ("елки", "Зелёные ёлки"),
        ("win* open", "A Window, open"),
        ("in\0side", "in\0side"),
        ("todo: buy", "TODO: buy milk"),
    ],
)
async def test_words_of_any_language_are_found(history: History, chat: Conversation, typed: str, text: str) -> None:
    await say(history, chat, "something else entirely")
    await say(history, chat, text)
    assert await found(history, typed) == ([text] if text else [])


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("東京タワ", ["大きな東京タワー"]),
        ("apple -pear", ["apple alone"]),
        ('"apple and pear"', ["apple and pear"]),
        ('apple -"and pear"', ["apple alone"]),
        ("pear apple", ["apple and pear"]),
        ("ap ", []),
        ("AND", ["apple and pear"]),
        ('apple "', ["apple alone", "apple and pear"]),
        ("apple)", ["apple alone", "apple and pear"]),
        ("title:apple", []),
        ("note: apple", []),
        ("app* pear", ["apple and pear"]),
        ("app* -pe*", ["apple alone"]),
        ("apple in:", ["apple alone", "apple and pear"]),
        ("apple \ud800", ["apple alone", "apple and pear"]),
        ("-apple", []),
        ("", []),
        ("  ", []),
        ("!?", []),
    ],
)
async def test_what_is_typed_says_what_is_looked_for(
    history: History, chat: Conversation, typed: str, texts: list[str]
) -> None:
    await say(history, chat, "apple alone")
    await say(history, chat, "apple and pear")
    await say(history, chat, "大きな東京タワー")
    await say(history, chat, "東京のタワー")
    assert sorted(await found(history, typed)) == texts


async def test_filters(history: History, chat: Conversation) -> None:
    old = round(datetime(2024, 5, 1, 12).astimezone().timestamp() * 1000)
    await say(history, chat, "word of mine", created_at=old)
    await say(history, chat, "word of a model", role=Role.ASSISTANT, model="Qwen3-8B")
    pinned = Conversation("Pinned", pinned=True)
    await history.add_conversation(pinned)
    await say(history, pinned, "word that is pinned")

    assert await found(history, "word from:model") == ["word of a model"]
    assert await found(history, "word model:qwen") == ["word of a model"]
    assert await found(history, "word from:me before:2025") == ["word of mine"]
    assert await found(history, "word after:2024-05-01 before:2024-05-02") == ["word of mine"]
    assert await found(history, "word after:2024-05-02 from:me") == ["word that is pinned"]
    assert await found(history, "pinned: word") == ["word that is pinned"]
    assert await found(history, "pinned:") == ["word that is pinned"], "a filter alone"
    assert await found(history, "from:nobody") == [], "no filter, but words"
    assert await found(history, "word -from:model -pinned:") == ["word of mine"]
    assert await found(history, "word -pinned:no") == ["word that is pinned"]
    assert await found(history, "word FROM:Me Pinned:") == ["word that is pinned"]
    assert await found(history, "word -model:qwen pinned:no") == ["word of mine"]
    assert await found(history, "word -after:2025") == ["word of mine"]


async def test_every_version_is_found_and_tells_where_it_is(history: History, chat: Conversation) -> None:
    asked = await say(history, chat, "question")
    first = await say(history, chat, "an unusual answer", parent_id=asked.id, role=Role.ASSISTANT)
    await say(history, chat, "another", parent_id=asked.id, role=Role.ASSISTANT)
    (hit,) = await history.search("unusual")
    assert (hit.conversation_id, hit.title, hit.message_id, hit.role) == (chat.id, "A chat", first.id, Role.ASSISTANT)
    assert hit.snippet == (("an ", False), ("unusual", True), (" answer", False))


async def test_a_long_text_is_shown_around_what_was_found(history: History, chat: Conversation) -> None:
    await say(history, chat, "before " * 200 + "needle" + " after" * 200)
    (hit,) = await history.search("needle")
    line = "".join(text for text, _marked in hit.snippet)
    assert line.startswith("…")
    assert line.endswith("…")
    assert ("needle", True) in hit.snippet
    assert len(line) < 200


@pytest.mark.parametrize("text", ["a café here", unicodedata.normalize("NFD", "a café here")])
@pytest.mark.parametrize("typed", ["cafe", "café"])
async def test_what_was_found_stands_out_whatever_its_accents(
    history: History, chat: Conversation, typed: str, text: str
) -> None:
    await say(history, chat, f"{'long ' * 100}{text}{' after' * 100}")
    (hit,) = await history.search(typed)
    assert [part for part, is_found in hit.snippet if is_found] == ["café"]


async def test_marks_of_markdown_are_left_out_of_a_line_and_nothing_else_is(
    history: History, chat: Conversation
) -> None:
    text = "needle\n## Head\n> **bold** *this* `code`\n\n| a | b |\n|---|---|\n| 1 | C# |\n\n~/notes 2 * 3 a*b x|y"
    await say(history, chat, text)
    (hit,) = await history.search("needle")
    assert "".join(part for part, _found in hit.snippet) == (
        "needle Head bold this code a b 1 C# ~/notes 2 * 3 a*b x|y"
    )


async def test_titles_are_found_and_come_first(history: History, chat: Conversation) -> None:
    await say(history, chat, "about lisbon")
    trip = Conversation("Weekend in Lisbon")
    await history.add_conversation(trip)
    hits = await history.search("lisbon")
    assert [(hit.conversation_id, bool(hit.message_id)) for hit in hits] == [(trip.id, False), (chat.id, True)]
    await history.update_conversation(trip.id, title="Weekend in Porto")
    assert [hit.title for hit in await history.search("lisbon")] == ["A chat"]
    assert [hit.title for hit in await history.search("porto")] == ["Weekend in Porto"]


async def test_what_is_relevant_and_new_comes_first(history: History, chat: Conversation) -> None:
    await say(history, chat, "word in passing " + "and more " * 300)
    await say(history, chat, "word word")
    await say(history, chat, "word word", created_at=now() - 1000 * DAY)
    first, *others = await history.search("word")
    assert first.created_at > now() - DAY
    assert (await found(history, "word"))[0] == "word word"
    assert len(others) == 2


async def test_what_is_deleted_is_not_found_until_it_is_restored(history: History, chat: Conversation) -> None:
    await say(history, chat, "word")
    await history.delete_conversation(chat.id)
    assert await history.search("word") == []
    await history.restore_conversation(chat.id)
    assert len(await history.search("word")) == 1


async def test_a_reply_is_found_when_it_has_ended(history: History, chat: Conversation) -> None:
    running = await say(history, chat, "", role=Role.ASSISTANT, state=State.RUNNING)
    await history.append_part(running.id, "some words")
    await history.finish_message(replace(running, text="some words", state=State.COMPLETE))
    assert await found(history, "words") == ["some words"]
    await history.finish_message(replace(running, text="other letters", state=State.STOPPED))
    assert await found(history, "words") == []
    assert await found(history, "letters") == ["other letters"]


async def test_the_next_search_ends_the_one_before(history: History, chat: Conversation) -> None:
    for number in range(50):
        await say(history, chat, f"word {number}")
    first = asyncio.ensure_future(history.search("word"))
    second = asyncio.ensure_future(history.search("word 7"))
    assert len(await second) > 0
    assert await first in ([], await history.search("word"))


async def test_a_branch_goes_on_to_its_newest_end(history: History, chat: Conversation) -> None:
    root = await say(history, chat, "root")
    left = await say(history, chat, "left", parent_id=root.id)
    end = await say(history, chat, "end", parent_id=left.id)
    right = await say(history, chat, "right", parent_id=root.id)
    assert await history.leaf_below(root.id) == right.id
    assert await history.leaf_below(left.id) == end.id
    assert await history.leaf_below(end.id) == end.id


async def test_in_finds_what_is_in_a_folder_or_in_the_archive(history: History, chat: Conversation) -> None:
    work, mine = Folder("Рабочие дела"), Folder("Work")
    for folder in (work, mine):
        await history.add_folder(folder)
    inside = Conversation("Inside", folder_id=work.id)
    await history.add_conversation(inside)
    await say(history, chat, "word outside")
    await say(history, inside, "word inside")
    away = Conversation("Word away")
    await history.add_conversation(away)
    await say(history, away, "word put away")
    await history.archive([away.id], archived=True)

    assert await found(history, 'word in:"рабочие дела"') == ["word inside"]
    assert await found(history, 'in:"Рабочие дела"') == ["word inside"], "a filter alone"
    assert await found(history, "word in:раб") == ["word inside"], "how a name begins"
    assert await found(history, "word in:work") == []
    assert await found(history, "word in:nowhere") == []
    assert await found(history, "word in:archive") == ["word put away"]
    assert sorted(await found(history, "word -in:archive")) == ["word inside", "word outside"]
    assert sorted(await found(history, 'word -in:"рабочие дела"')) == ["word outside", "word put away"]
    assert len(await found(history, "word -in:nowhere")) == 3
    assert {hit.title: hit.archived for hit in await history.search("word")} == {
        "A chat": False,
        "Inside": False,
        "Word away": True,
    }


async def test_what_is_no_text_where_one_has_to_be_is_damage(history: History, chat: Conversation) -> None:
    said = await say(history, chat, "a needle")

    def damage(connection: sqlite3.Connection) -> None:
        (sql,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'message'").fetchone()
        for loose in (True, False):
            connection.execute("PRAGMA writable_schema = ON")
            written = sql.replace("STRICT", "") if loose else sql
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'message'", (written,))
            connection.execute("PRAGMA writable_schema = RESET")
            if loose:
                connection.execute("UPDATE message SET text = x'ff00' WHERE id = ?", (said.id,))

    await history._do(damage, write=True, alone=True)
    with pytest.raises(HistoryDamaged):
        await history.search("needle")


FILES = (
    Attachment("quarterly_report-2026.pdf", "text/plain", b"numbers"),
    Attachment("Отчёт за март.txt", "text/plain", b"words"),
)


@pytest.mark.parametrize(
    "typed", ["quarterly", "report 2026", "repor", "отчёт март", "look report", '"quarterly report"']
)
async def test_a_message_is_found_by_the_names_of_its_attachments(
    history: History, chat: Conversation, typed: str
) -> None:
    await say(history, chat, "something else")
    await say(history, chat, "Have a look.", attachments=FILES)
    assert await found(history, typed) == ["Have a look."]


async def test_the_name_that_was_found_is_shown_before_what_was_said(history: History, chat: Conversation) -> None:
    await say(history, chat, "Have a look.", attachments=FILES)
    (hit,) = await history.search("report look")
    assert hit.snippet == (
        ("quarterly_", False),
        ("report", True),
        ("-2026.pdf · Have a ", False),
        ("look", True),
        (".", False),
    )
    (hit,) = await history.search("look")
    assert hit.snippet == (("Have a ", False), ("look", True), (".", False))


async def test_names_are_as_sure_as_the_index_that_has_them(history: History, chat: Conversation) -> None:
    one = await say(history, chat, "Have a look.", attachments=FILES[:1])
    await history.finish_message(replace(one, text="Have another look.", attachments=FILES))
    assert await found(history, "март another") == ["Have another look."]
    await history.delete_conversation(chat.id)
    await history.remove([chat.id])
    with closing(sqlite3.connect(history.file)) as connection:
        assert index(connection) == expected_index(connection) == set()
