"""The program without its window, as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gui.conversation import Conversation, Message, Role, State
from gui.history.store import History
from gui.providers.local import find_model
from gui.settings.connections import Connection, Connections
from tests.servers.gprochat import Failure, GPROChatServer, Reply

MAIN = Path(__file__).resolve().parent.parent / "main.py"
LIMIT = 30.0  # seconds


async def program(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of `python main.py ARGUMENTS`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(MAIN),
        *arguments,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), LIMIT)
    return process.returncode or 0, out.decode(), err.decode()


async def kept(folder: Path) -> list[Message]:
    """The messages of the one conversation there is."""
    history = await History.open(folder / "history.sqlite3")
    try:
        (conversation,) = await history.conversations()
        return await history.branch(conversation.id)
    finally:
        await history.close()


async def test_ask_answers_on_standard_output_and_keeps_the_conversation(tmp_path: Path) -> None:
    async with GPROChatServer(Reply("An ", "answer."), secret="s", password="p") as server:
        status, out, err = await program(
            *("--ask", "A question?", "--provider", "gprochat", "--url", server.url, "--data-dir", str(tmp_path)),
            GPROCHAT_SECRET_KEY="s",
            GPROCHAT_PASSWORD="p",
        )
    assert (status, out, err) == (0, "An answer.\n", "")
    asked, answered = await kept(tmp_path)
    assert (asked.text, answered.text, answered.state) == ("A question?", "An answer.", State.COMPLETE)


async def test_ask_writes_as_the_words_come(tmp_path: Path) -> None:
    async with GPROChatServer(Reply("first ", "second", delay=5.0)) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(MAIN), "--ask", "?", "--provider", "gprochat"),
            *("--url", server.url, "--data-dir", str(tmp_path)),
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.read(6), 4.5) == b"first "
        process.kill()
        await process.communicate()


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (Failure.said(401, "Invalid password."), "refuses the site password"),
        (Failure.upstream(503, "Service Unavailable", "The model is overloaded."), "overloaded"),
        (Reply(), "empty reply"),
        (Failure(500), "failed"),
    ],
)
async def test_a_failure_is_one_sentence_and_status_1(script: Failure | Reply, sentence: str, tmp_path: Path) -> None:
    async with GPROChatServer(script) as server:
        status, out, err = await program(
            *("--ask", "?", "--provider", "gprochat", "--url", server.url, "--data-dir", str(tmp_path))
        )
    assert (status, out) == (1, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


async def test_what_arrived_before_a_failure_is_written_and_kept(tmp_path: Path) -> None:
    async with GPROChatServer(Reply("Half of", failing=True)) as server:
        status, out, err = await program(
            *("--ask", "?", "--provider", "gprochat", "--url", server.url, "--data-dir", str(tmp_path))
        )
    assert (status, out) == (1, "Half of\n")
    assert "before the reply was complete" in err
    assert [one.text for one in await kept(tmp_path)] == ["?", "Half of"]


async def test_ask_by_a_connections_name(tmp_path: Path) -> None:
    async with GPROChatServer(Reply("From home.")) as server:
        Connections(tmp_path / "connections.json").save(Connection("h", "Home server", "gprochat", server.url))
        named = await program("--ask", "?", "--connection", "home server", "--data-dir", str(tmp_path))
        unknown = await program("--ask", "?", "--connection", "nowhere", "--data-dir", str(tmp_path))
    assert named == (0, "From home.\n", "")
    assert unknown == (1, "", "There is no connection “nowhere”.\n")


async def test_an_empty_question_and_a_provider_without_address_are_said(tmp_path: Path) -> None:
    status, out, err = await program("--ask", "  ", "--data-dir", str(tmp_path))
    assert (status, out) == (1, "")
    assert "empty" in err
    status, out, err = await program("--ask", "?", "--provider", "openai", "--data-dir", str(tmp_path))
    assert (status, out) == (1, "")
    assert "--url" in err


@pytest.mark.parametrize("way", [(), ("--ask", "A question?"), ("--self-test",)])
async def test_where_no_data_folder_can_be_one_sentence_says_so(way: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    status, out, err = await program(*way, "--data-dir", str(file))
    assert (status, out, err) == (1, "", f"The data folder {file} cannot be made (File exists).\n")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="every folder can be written to")
@pytest.mark.parametrize("mode", [0o000, 0o500])
async def test_a_data_folder_that_cannot_be_used_is_said(mode: int, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=mode)
    status, out, err = await program("--data-dir", str(folder))
    said = f"The data folder {folder} cannot be read and written; --data-dir DIR names another.\n"
    assert (status, out, err) == (1, "", said)


async def test_the_embedded_model_answers_where_nothing_is_configured(tmp_path: Path) -> None:
    status, out, err = await program("--ask", "Say hello.", "--data-dir", str(tmp_path))
    assert (status, err) == (0, "")
    assert out.strip()
    asked, answered = await kept(tmp_path)
    assert (asked.text, answered.connection) == ("Say hello.", "local")
    assert answered.text.strip() == out.strip()


async def test_killed_in_the_middle_of_a_reply_the_text_is_there(tmp_path: Path) -> None:
    async with GPROChatServer(Reply(*(f"w{number} " for number in range(500)), delay=0.02)) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(MAIN), "--ask", "?", "--provider", "gprochat"),
            *("--url", server.url, "--data-dir", str(tmp_path)),
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        seen = b""
        async with asyncio.timeout(LIMIT):
            while b"w40 " not in seen:
                seen += await process.stdout.read(64)
        process.send_signal(signal.SIGKILL)
        await process.communicate()
    _asked, answered = await kept(tmp_path)
    assert answered.state is State.INTERRUPTED
    # What arrived in the last quarter of a second may be gone, no more.
    assert answered.text.startswith("w0 w1 w2 ")
    assert "w20 " in answered.text


async def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    async with GPROChatServer(Reply(*(f"w{number} " for number in range(100)), delay=0.01)) as server:
        command = (
            f"{sys.executable} {MAIN} --ask q --provider gprochat --url {server.url} --data-dir {tmp_path} | head -c 5"
        )
        process = await asyncio.create_subprocess_shell(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = await asyncio.wait_for(process.communicate(), LIMIT)
    assert (out, err) == (b"w0 w1", b"")


async def test_the_self_test_holds_and_prints_one_line(tmp_path: Path) -> None:
    status, out, _err = await program("--self-test", "--data-dir", str(tmp_path), QT_QPA_PLATFORM="offscreen")
    (line,) = out.splitlines()
    report = json.loads(line)
    assert status == 0
    assert report["ok"] is report["streamed"] is report["kept"] is True
    assert report["keyring"]
    assert (tmp_path / "history.sqlite3").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
async def test_without_a_display_one_sentence_names_the_way_without(tmp_path: Path) -> None:
    for display in ("", ":4711"):
        status, out, err = await program(
            "--data-dir", str(tmp_path), DISPLAY=display, WAYLAND_DISPLAY="", QT_QPA_PLATFORM="xcb"
        )
        assert (status, out) == (1, "")
        assert "--ask" in err
        assert len(err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
async def test_sigterm_closes_the_window_in_order(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(MAIN), "--data-dir", str(tmp_path)),
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
    )
    end = time.monotonic() + LIMIT
    while not (tmp_path / "history.sqlite3").exists():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    process.terminate()
    _out, err = await asyncio.wait_for(process.communicate(), LIMIT)
    assert process.returncode == 0
    assert b"Traceback" not in err
    assert json.loads((tmp_path / "preferences.json").read_text())["window"]


async def test_search_prints_what_was_found_as_json(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.sqlite3")
    conversation = Conversation("Kept")
    await history.add_conversation(conversation)
    message = Message(conversation.id, Role.USER, "слово here", created_at=1_760_000_000_000)
    await history.add_message(message)
    await history.close()

    status, out, _err = await program("--search", "слово", "--json", "--data-dir", str(tmp_path))
    assert status == 0
    assert json.loads(out) == [
        {
            "conversation_id": conversation.id,
            "title": "Kept",
            "message_id": message.id,
            "role": "user",
            "created_at": "2025-10-09T08:53:20+00:00",
            "snippet": "слово here",
            "archived": False,
        }
    ]
    line = await program("--search", "слово", "--data-dir", str(tmp_path))
    assert line == (0, "2025-10-09  Kept: слово here\n", "")
    assert await program("--search", "absent", "--data-dir", str(tmp_path)) == (1, "", "")


async def test_a_line_is_one_whatever_a_title_does_to_terminals(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.sqlite3")
    await history.add_conversation(Conversation("red\x1b[31m\nline", updated_at=1_760_000_000_000))
    await history.close()
    found = (0, "2025-10-09  red [31m line\n", "")
    assert await program("--search", "line", "--data-dir", str(tmp_path)) == found


async def test_a_search_whose_reader_leaves_ends_without_a_word(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.sqlite3")
    for number in range(50):
        conversation = Conversation(f"Found {number}")
        await history.add_message(Message(conversation.id, Role.USER, "found " * 100), conversation)
    await history.close()
    for form in ((), ("--json",)):
        reader, writer = os.pipe()
        os.close(reader)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(MAIN), "--search", "found", *form, "--data-dir", str(tmp_path)),
            stdout=writer,
            stderr=subprocess.PIPE,
        )
        os.close(writer)
        _out, err = await asyncio.wait_for(process.communicate(), LIMIT)
        assert err == b""


async def test_a_terminal_of_another_encoding_gets_what_it_can_show(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.sqlite3")
    await history.add_conversation(Conversation("слово 🎉", updated_at=1_760_000_000_000))
    await history.close()
    told = await program("--search", "слово", "--data-dir", str(tmp_path), PYTHONIOENCODING="ascii")
    assert told == (0, "2025-10-09  ????? ?\n", "")


async def test_what_was_exported_is_imported_elsewhere_and_told_in_json(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "a" / "history.sqlite3")
    conversation = Conversation("Carried over")
    await history.add_conversation(conversation)
    await history.add_message(Message(conversation.id, Role.USER, "Some words"))
    await history.close()
    file = tmp_path / "out.json"
    out = await program("--export", str(file), "--data-dir", str(tmp_path / "a"), "--json")
    assert (out[0], json.loads(out[1])) == (0, {"file": str(file), "format": "json", "conversations": 1})
    for added, there in ((1, 0), (0, 1)):
        status, said, _err = await program("--import", str(file), "--data-dir", str(tmp_path / "b"), "--json")
        told = json.loads(said)
        assert (status, told["added"], told["there"], told["messages"]) == (0, added, there, added)
    assert [message.text for message in await kept(tmp_path / "b")] == ["Some words"]


async def test_several_as_markdown_are_not_written_to_another_file_than_the_one_named(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.sqlite3")
    for title in ("One", "Two"):
        await history.add_conversation(Conversation(title))
    await history.close()
    (tmp_path / "all.zip").write_text("something else")
    file = tmp_path / "all.md"
    sentence = f"{file} could not be written (several conversations as Markdown become a .zip archive).\n"
    assert await program("--export", str(file), "--data-dir", str(tmp_path)) == (1, "", sentence)
    assert (tmp_path / "all.zip").read_text() == "something else"


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        (("--export", "all.txt"), "all.txt does not tell in which form to write: --format json, html or markdown.\n"),
        (("--export", "all.json"), "There are no conversations.\n"),
        (("--import", "none.json"), "none.json was not imported: it cannot be read (No such file or directory).\n"),
    ],
)
async def test_an_export_or_import_that_cannot_be_is_one_sentence(
    way: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    assert await program(*way, "--data-dir", str(tmp_path)) == (1, "", sentence)


async def test_diagnose_says_each_hop_and_which_setting_to_change(tmp_path: Path) -> None:
    async with GPROChatServer(secret="s") as server:
        way = ("--diagnose", "--provider", "gprochat", "--url", server.url, "--data-dir", str(tmp_path))
        right = await program(*way, GPROCHAT_SECRET_KEY="s")
        wrong = await program(*way, GPROCHAT_SECRET_KEY="geheim-7f3a")
    assert (right[0], right[2]) == (0, "")
    assert [line.split("  ")[0] for line in right[1].splitlines()] == [
        "connection", "HTTP", "login", "signature", "model", "first token",
    ]  # fmt: skip
    assert (wrong[0], wrong[2]) == (1, "")
    assert wrong[1].splitlines()[-1].endswith("[change: secret_key]")
    assert "geheim-7f3a" not in wrong[1]


async def test_diagnose_in_json_is_one_object(tmp_path: Path) -> None:
    async with GPROChatServer(password="p") as server:
        Connections(tmp_path / "connections.json").save(Connection("h", "Home", "gprochat", server.url))
        status, out, err = await program("--diagnose", "home", "--json", "--data-dir", str(tmp_path))
    told = json.loads(out)
    assert (status, err) == (1, "")
    assert (told["connection"], told["ok"], told["failed"]) == ("Home", False, "login")
    assert (told["error"], told["setting"]) == ("BadPassword", "password")
    assert [(hop["hop"], hop["ok"]) for hop in told["hops"]] == [("connection", True), ("http", True), ("login", False)]
    assert all(hop["ms"] > 0 for hop in told["hops"])


async def test_diagnose_of_nothing_that_is_known(tmp_path: Path) -> None:
    unknown = await program("--diagnose", "nowhere", "--data-dir", str(tmp_path))
    two = await program("--diagnose", "x", "--provider", "local", "--data-dir", str(tmp_path))
    assert unknown == (1, "", "There is no connection “nowhere”.\n")
    assert two == (1, "", "--provider and a connection name two servers; give one of them.\n")


async def test_diagnose_tries_each_address(tmp_path: Path) -> None:
    async with GPROChatServer() as server:
        home = Connection("h", "Home", "gprochat", "http://127.0.0.1:9", fallbacks=(server.url,))
        Connections(tmp_path / "connections.json").save(home)
        in_json = await program("--diagnose", "home", "--json", "--data-dir", str(tmp_path))
        said = await program("--diagnose", "home", "--data-dir", str(tmp_path))
    told = json.loads(in_json[1])
    assert (in_json[0], told["ok"], told["url"], told["failed"]) == (0, True, "http://127.0.0.1:9", "connection")
    (other,) = told["fallbacks"]
    assert (other["url"], other["ok"], other["hops"][-1]["hop"]) == (server.url, True, "first_token")
    lines = said[1].splitlines()
    assert (said[0], lines[0], lines[2]) == (0, "http://127.0.0.1:9", server.url)
    assert lines[-1].startswith("first token ")


async def test_diagnose_whose_reader_has_gone_ends_without_a_traceback(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(MAIN), "--diagnose", "--provider", "openai", "--url", "http://127.0.0.1:9/v1"),
        *("--data-dir", str(tmp_path)),
        stdout=write,
        stderr=subprocess.PIPE,
    )
    os.close(write)
    _out, err = await asyncio.wait_for(process.communicate(), LIMIT)
    assert (process.returncode, err) == (1, b"")


async def test_diagnose_of_a_models_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.gguf"
    shutil.copy(find_model(tmp_path), file)
    connections = Connections(tmp_path / "connections.json")
    connections.save(Connection("m", "Mine", "local", options={"file": str(file)}, preset="file"))
    there = await program("--diagnose", "mine", "--json", "--data-dir", str(tmp_path))
    file.write_bytes(b"GGUF and nothing else")
    damaged = await program("--diagnose", "mine", "--json", "--data-dir", str(tmp_path))
    assert there[0] == 0
    assert [hop["hop"] for hop in json.loads(there[1])["hops"]] == ["model", "first_token"]
    told = json.loads(damaged[1])
    assert (damaged[0], told["failed"], told["setting"]) == (1, "model", "model")
    assert "mine.gguf" in told["sentence"]
