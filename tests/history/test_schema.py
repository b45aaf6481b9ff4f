from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.conversation import State
from gui.history.schema import APPLICATION_ID, MIGRATIONS, create_tables, migrate, version_of
from gui.history.store import History
from tests.history.copies import expected_index, index

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = Path(__file__).parent / "files"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "h", isolation_level=None)) as connection:
        yield connection


def tables(connection: sqlite3.Connection) -> set[str]:
    """Without the indexes of words, which are FTS5's own."""
    rows = connection.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    return {name for (name,) in rows if not name.startswith("sqlite_")}


def test_an_empty_file_is_brought_to_todays_version(connection: sqlite3.Connection) -> None:
    assert version_of(connection) == 0
    migrate(connection)

    assert version_of(connection) == len(MIGRATIONS)
    assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert tables(connection) == {
        *("conversation", "message", "part", "folder", "purged"),
        *("sync", "unsent", "taken", "attachment"),
    }


def test_only_what_a_file_has_not_seen_is_done(connection: sqlite3.Connection) -> None:
    def add_colour(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE conversation ADD COLUMN colour TEXT")

    migrate(connection)
    migrate(connection, [*MIGRATIONS, add_colour])
    migrate(connection, [*MIGRATIONS, add_colour])

    assert version_of(connection) == len(MIGRATIONS) + 1
    connection.execute("SELECT colour FROM conversation")


def test_a_migration_that_fails_leaves_the_version_before(connection: sqlite3.Connection) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (x)")
        connection.execute("CREATE TABLE half (x)")

    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, [create_tables, half])

    assert version_of(connection) == 1
    assert "half" not in tables(connection)


async def test_a_file_is_in_wal_mode_with_strict_tables_and_foreign_keys(history: History, file: Path) -> None:
    assert await history._read(lambda c: c.execute("PRAGMA foreign_keys").fetchone()[0]) == 1
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        strict = connection.execute("SELECT name FROM pragma_table_list WHERE strict AND schema = 'main'").fetchall()
        assert {name for (name,) in strict} == tables(connection)


PAGE = (
    "SELECT * FROM conversation WHERE deleted_at IS NULL AND archived = 0 AND (updated_at, id) < (1, '')"
    " ORDER BY updated_at DESC, id DESC LIMIT 9"
)
PINNED = (
    "SELECT * FROM conversation WHERE deleted_at IS NULL AND +archived = 0 AND pinned = 1"
    " ORDER BY updated_at DESC, id DESC"
)


LOOSE = "SELECT * FROM conversation WHERE deleted_at IS NULL AND archived = 0 AND pinned = 0 AND folder_id IS NULL"


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (PAGE, "conversation_newest"),
        (f"{LOOSE} ORDER BY updated_at DESC, id DESC LIMIT 9 OFFSET 9", "conversation_by_change"),
        (f"{LOOSE} ORDER BY created_at DESC, id DESC LIMIT 9 OFFSET 9", "conversation_by_creation"),
        (f"{LOOSE} ORDER BY sorted_as, id LIMIT 9 OFFSET 9", "conversation_by_title"),
        (PINNED, "conversation_pinned"),
        ("SELECT * FROM message WHERE runner IS NOT NULL", "message_running"),
        ("SELECT id FROM message WHERE parent_id IS NULL AND conversation_id = 'c'", "message_parent"),
        ("SELECT text FROM part WHERE message_id = 'm' ORDER BY number", "part_message"),
    ],
)
def test_what_is_asked_often_is_found_by_an_index_and_not_sorted(
    connection: sqlite3.Connection, query: str, index: str
) -> None:
    migrate(connection)
    plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}"))
    assert index in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_a_file_of_an_earlier_version_becomes_one_of_today(file: Path, version: int) -> None:
    file.parent.mkdir()
    shutil.copy(FILES / f"version-{version}.sqlite3", file)
    history = await History.open(file)
    try:
        (kept,) = await history.conversations()
        assert kept.title == "Старый разговор"
        asked, answer = await history.branch(kept.id)
        assert (asked.text, answer.text, answer.reasoning) == (
            "Where is 東京タワー?",
            "In **Minato**, Tokyo.",
            "It is a place.",
        )
        cut = await history.message("0198c0de-0000-7000-8000-000000000013")
        assert cut
        assert (cut.state, cut.text) == (State.INTERRUPTED, "In the middle")
        assert [hit.message_id for hit in await history.search("京タ")] == [asked.id]
        assert [hit.message_id for hit in await history.search("middle")] == [cut.id]
        assert [hit.conversation_id for hit in await history.search("разговор")] == [kept.id]
    finally:
        await history.close()


async def test_what_was_attached_before_names_were_found_is_found(file: Path) -> None:
    file.parent.mkdir()
    shutil.copy(FILES / "version-7.sqlite3", file)
    history = await History.open(file)
    try:
        (hit,) = await history.search("floor plan")
        assert hit.snippet[0] == ("floor", True)
        with closing(sqlite3.connect(file)) as connection:
            assert index(connection) == expected_index(connection)
    finally:
        await history.close()
