"""Histories of any size, made at once: what years of use would leave."""

from __future__ import annotations

import random
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from gui.conversation import Conversation, Role, new_id, now
from gui.history import rows
from gui.history.database import open_database, transaction
from gui.history.words import indexed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

LENGTH = 400  # characters of a message
TURNS = 20  # messages of a conversation
STREAM = 4_000_000  # characters that the messages of a script are parts of
WORDS = 60_000
YEARS = 4
SPAN = YEARS * 365 * 86_400_000  # ms
FOLDERS = 12
AT_ONCE = 500  # conversations of a transaction

KANA = "のにはをたがでてとしれさあいうえおかきくこすせそつなもやらりるよわん"
CHINESE = "".join(map(chr, range(0x4E00, 0x4E00 + 2400)))
LETTERS = {
    "english": ("eeeettaaoinnsshrrdlcumwfgypbvk",),
    "russian": ("ооооеееаааиинтсрвлкмдпуяыьгзбчйхжшюцщэф",),
    "chinese": (CHINESE,),
    "japanese": (CHINESE, KANA),
}
SHARES = {"english": 9, "russian": 7, "chinese": 2, "japanese": 2}


def make(file: Path, messages: int, seed: int = 7) -> None:
    """A history of `messages` messages, LENGTH characters each: English, Russian, Chinese, Japanese.

    Words are as frequent as in a language (Zipf): the first is in nearly every message, most are in a few.
    """
    chance = random.Random(seed)
    streams = {script: stream(script, chance) for script in SHARES}
    connection = open_database(file, patience=1.0)
    try:
        connection.execute("PRAGMA cache_size = -200000")
        with transaction(connection, write=True, durable=False):
            folders = _add_folders(connection)
        conversations = max(messages // TURNS, 1)
        for begin in range(0, conversations, AT_ONCE):
            with transaction(connection, write=True, durable=False):
                for number in range(begin, min(begin + AT_ONCE, conversations)):
                    moment = now() - SPAN * (conversations - number) // conversations
                    folder = chance.choice(folders) if chance.random() < 0.2 else None
                    _converse(connection, streams, chance, moment, folder)
    finally:
        connection.close()


def stream(script: str, chance: random.Random) -> str:
    """STREAM characters of words as frequent as Zipf says; the frequent ones are short, as they are in a language."""
    spaced = script in {"english", "russian"}
    words = []
    for rank in range(WORDS):
        longer = int(min(rank, 2000) ** 0.2 * chance.random()) + min(int(chance.expovariate(1)), 9)
        letters = chance.choice(LETTERS[script])
        words.append("".join(chance.choices(letters, k=longer + 3 if spaced else min(longer, 2) + 1)))
    weights = list(accumulate(1 / (rank + 2) for rank in range(WORDS)))
    drawn = chance.choices(words, cum_weights=weights, k=STREAM // 2)
    return (" " if spaced else "").join(drawn)[:STREAM]


def _add_folders(connection: sqlite3.Connection) -> list[str]:
    ids = [new_id() for _ in range(FOLDERS)]
    connection.executemany(
        "INSERT INTO folder (id, name, created_at, stamps) VALUES (?, ?, ?, '{}')",
        ((one, f"Folder {number}", now()) for number, one in enumerate(ids)),
    )
    return ids


_MESSAGE = (
    "INSERT INTO message (id, conversation_id, parent_id, role, state, runner, text, reasoning, created_at,"
    " finished_at, connection, model, error) VALUES (?, ?, ?, ?, 'complete', NULL, ?, '', ?, ?, 'home', ?, '')"
)


def _converse(
    connection: sqlite3.Connection,
    streams: dict[str, str],
    chance: random.Random,
    moment: int,
    folder: str | None,
) -> None:
    script = chance.choices(list(SHARES), weights=list(SHARES.values()))[0]
    texts = list(islice(_texts(streams[script], chance), TURNS))
    conversation = Conversation(
        texts[0][:30], created_at=moment, updated_at=moment + TURNS, connection="home", folder_id=folder
    )
    rows.add_conversation(connection, conversation)
    ids = [new_id() for _ in texts]
    first = (connection.execute("SELECT max(number) FROM message").fetchone()[0] or 0) + 1
    connection.executemany(
        _MESSAGE,
        (
            (
                ids[turn],
                conversation.id,
                ids[turn - 1] if turn else None,
                Role.ASSISTANT if turn % 2 else Role.USER,
                text,
                moment + turn,
                moment + turn,
                "qwen3:8b" if turn % 2 else "",
            )
            for turn, text in enumerate(texts)
        ),
    )
    connection.executemany(
        "INSERT INTO message_words (rowid, text) VALUES (?, ?)",
        ((first + turn, indexed(text)) for turn, text in enumerate(texts)),
    )
    connection.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (ids[-1], conversation.id))


def _texts(stream: str, chance: random.Random) -> Iterator[str]:
    while True:
        begin = int(chance.random() * (len(stream) - LENGTH))
        yield stream[begin : begin + LENGTH]
