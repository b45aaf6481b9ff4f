"""What was open comes back at the next start as it stood: groups, sizes, windows, places and drafts."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gui.conversation import Conversation, Message, Role
from gui.history.store import History
from gui.settings.preferences import Preferences
from gui.windows import layout
from gui.windows.group import Side
from gui.windows.layout import Layout, Leaf, OwnWindow, Place, Split, Tab
from gui.windows.remembering import DELAY
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import talk
from tests.windows.test_panes import open_all, titles

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

ROOT = Path(__file__).resolve().parent.parent.parent

TREE = Layout(
    Split(
        (
            Leaf((Tab("a", place=Place("m", 3, -7)), Tab("b", is_new=True)), front=1),
            Split((Leaf((Tab("c"),), active=True), Leaf((Tab("d"),))), down=True, sizes=(120, 240)),
        ),
        sizes=(400, 500),
    ),
    (OwnWindow(Leaf((Tab("e"),)), "AbC="),),
)


def test_a_layout_reads_as_it_was_written() -> None:
    assert layout.from_json(json.loads(json.dumps(layout.to_json(TREE)))) == TREE


@pytest.mark.parametrize(
    ("nonsense", "left"),
    [
        ({}, Layout()),
        ({"panes": 5, "windows": "x"}, Layout()),
        ({"panes": {"tabs": []}}, Layout()),
        ({"panes": {"tabs": [3, {"conversation": 4}, {"conversation": "a"}], "front": 9}}, Layout(Leaf((Tab("a"),)))),
        ({"panes": {"tabs": [{"conversation": "a", "place": ["m", "x", 1]}]}}, Layout(Leaf((Tab("a"),)))),
        ({"panes": {"split": "right", "parts": [{"tabs": [{"conversation": "a"}]}, {}]}}, Layout(Leaf((Tab("a"),)))),
        ({"windows": [{}, {"panes": {"tabs": [{"conversation": "a"}]}, "geometry": 3}]},
         Layout(None, (OwnWindow(Leaf((Tab("a"),))),))),
    ],
)  # fmt: skip
def test_what_is_no_layout_counts_for_nothing(nonsense: dict[str, Any], left: Layout) -> None:
    assert layout.from_json(nonsense) == left


def test_a_layout_of_somebody_else_has_an_end() -> None:
    deep: dict[str, Any] = {"tabs": [{"conversation": "a"}]}
    for _ in range(50):
        deep = {"split": "down", "parts": [deep, {"tabs": [{"conversation": "b"}]}]}
    assert len(list(layout.tabs(layout.from_json({"panes": deep})))) < 50
    wide = {"tabs": [{"conversation": str(number)} for number in range(10_000)]}
    assert len(list(layout.tabs(layout.from_json({"panes": wide})))) == layout.MOST_TABS


def test_groups_sizes_and_windows_come_back(visit: Visit) -> None:
    sizes: list[Any] = []

    def measure(window: MainWindow) -> list[Any]:
        groups = window.workspace.groups()
        return [(group.width(), group.height()) for group in groups]

    async def leave(window: MainWindow, parts: Parts) -> None:
        window.show_sidebar(visible=False)
        window.resize(760, 700)  # what the offscreen screen has room for
        one, two, three, four = await open_all(window, parts, "one", "two", "three", "four")
        (group,) = window.workspace.groups()
        window.arranging.move(two, group, Side.RIGHT)
        window.arranging.move(three, window.workspace.group_of(two), Side.BOTTOM)
        window.arranging.move_to_window(four)
        window.workspace.windows[0].setGeometry(30, 40, 500, 600)
        window.workspace.show(one)
        around = window.workspace.group_of(two).parentWidget()
        around.setSizes([320, 350])  # type: ignore[union-attr]
        window.workspace.show(three)
        await asyncio.sleep(0.05)
        sizes.extend(measure(window))

    async def look(window: MainWindow, parts: Parts) -> None:
        assert titles(window) == [["one"], ["two"], ["three"], ["four"]]
        await asyncio.sleep(0.05)
        for (width, height), (was_width, was_height) in zip(measure(window), sizes, strict=True):
            assert abs(width - was_width) <= 2
            assert abs(height - was_height) <= 2
        (own,) = window.workspace.windows
        assert own.geometry().getRect() == (30, 40, 500, 600)
        assert window.pane.conversation.title == "three"
        assert all("said in" in shown(pane) for pane in window.panes())

    visit(leave)
    visit(look)


def test_hidden_panes_are_loaded_when_they_are_shown(visit: Visit) -> None:
    async def leave(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one", "two", "three")

    async def look(window: MainWindow, parts: Parts) -> None:
        first, second, third = window.panes()
        assert window.pane is third
        assert "said in three" in shown(third)
        assert first._transcript is None
        assert second._transcript is None
        assert [pane.title.text() for pane in window.panes()] == ["one", "two", "three"]
        window.workspace.show(first)
        await until(lambda: first._transcript is not None and "said in one" in shown(first))

    visit(leave)
    visit(look)


def test_readers_are_brought_back_to_the_message_they_were_at(visit: Visit) -> None:
    places: list[Place | None] = []

    async def leave(window: MainWindow, parts: Parts) -> None:
        history = await parts.history
        long = Conversation("long")
        await history.add_conversation(long)
        parent = None
        for number in range(200):
            message = Message(long.id, Role.USER, f"number {number}\n" * 5, parent)
            await history.add_message(message)
            parent = message.id
        await window.open(long.id)
        ids = await history.branch_ids(long.id)
        await window.pane.reveal(ids[20])  # beyond what is loaded at first
        window.pane.transcript.verticalScrollBar().setValue(window.pane.transcript.verticalScrollBar().value() + 33)
        places.append(window.pane.place)
        other = await talk(parts, "other", [f"line {number}\n" * 40 for number in range(10)])
        await window.open(other.id, beside=True)
        bar = window.pane.transcript.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)
        places.append(window.pane.place)
        await window.workspace.open(long.id)

    async def look(window: MainWindow, parts: Parts) -> None:
        assert None not in places
        long, other = window.panes()
        assert long.transcript.place == places[0]
        window.workspace.show(other)
        await other.ready()
        await until(lambda: other.transcript.place == places[1])

    visit(leave)
    visit(look)


def test_what_older_versions_have_kept_is_taken_over(visit: Visit, data_dir: Path) -> None:
    conversations = [Conversation("one"), Conversation("two")]

    async def fill() -> None:
        history = await History.open(data_dir / "history.sqlite3")
        for one in conversations:
            await history.add_conversation(one)
            await history.add_message(Message(one.id, Role.USER, f"said in {one.title}"))
        await history.close()

    asyncio.run(fill())
    old = {
        "open_conversations": [one.id for one in conversations],
        "window": {"front": conversations[1].id},
        "drafts": {"new": "half a thought", conversations[0].id: "a draft"},
    }
    (data_dir / "preferences.json").write_text(json.dumps(old))

    async def look(window: MainWindow, parts: Parts) -> None:
        assert sorted(titles(window)[0]) == ["", "one", "two"]
        drafts = {pane.conversation.title: pane.composer.text for pane in window.panes()}
        assert drafts == {"": "half a thought", "one": "a draft", "two": ""}

    async def look_again(window: MainWindow, parts: Parts) -> None:
        await look(window, parts)
        assert "new" not in parts.preferences.get("drafts")

    visit(look)
    visit(look_again)


@pytest.mark.parametrize("nonsense", [5, {"panes": {"tabs": [{"conversation": "gone"}]}}, {"windows": [{"panes": 1}]}])
def test_a_layout_that_is_none_leaves_a_new_chat(visit: Visit, data_dir: Path, nonsense: object) -> None:
    (data_dir / "preferences.json").write_text(json.dumps({"layout": nonsense}))

    async def look(window: MainWindow, parts: Parts) -> None:
        assert titles(window) == [[""]]
        assert not window.pane.bar.text

    visit(look)


def test_conversations_that_are_gone_leave_no_empty_groups(visit: Visit) -> None:
    async def leave(window: MainWindow, parts: Parts) -> None:
        _one, two, three = await open_all(window, parts, "one", "two", "three")
        (group,) = window.workspace.groups()
        window.arranging.move(two, group, Side.RIGHT)
        window.arranging.move_to_window(three)
        window.remembering.keep()
        kept = parts.preferences.get("layout")
        for pane in (two, three):
            await window.browsing.delete([pane.conversation.id])
        await until(lambda: titles(window) == [["one"]])
        window.remembering.keep()
        parts.preferences.set("layout", kept)
        window.remembering.restored = False  # the file stays so

    async def look(window: MainWindow, parts: Parts) -> None:
        assert titles(window) == [["one"]]
        assert window.workspace.windows == []

    visit(leave)
    visit(look)


def test_moving_the_window_is_kept_while_the_program_runs(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await asyncio.sleep(DELAY / 1000 + 0.2)
        window.move(17, 23)
        wanted = window.saveGeometry().toBase64().toStdString()
        await until(lambda: Preferences(data_dir / "preferences.json").get("window").get("geometry") == wanted)

    visit(scenario)


def test_changing_the_size_of_a_group_is_kept_as_well(visit: Visit, data_dir: Path) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one")
        window.arranging.split(Side.RIGHT)
        around = window.workspace.group.parentWidget()
        await asyncio.sleep(DELAY / 1000 + 0.2)
        handle = around.handle(1)  # type: ignore[union-attr]
        around.moveSplitter(handle.x() + 60, 1)  # type: ignore[union-attr]
        sizes = around.sizes()  # type: ignore[union-attr]
        await until(lambda: Preferences(data_dir / "preferences.json").get("layout")["panes"]["sizes"] == sizes)

    visit(scenario)


# -- the program as it is started, and killed ---------------------------------------------------------------------

PROGRAM = """
import asyncio, os, signal, sys, time
from pathlib import Path
from gui.app import run_window
from gui.windows.group import Side
from gui.windows.remembering import DELAY
from tests.windows.test_keys import talk

async def die(window, parts):
    for name in ("one", "two"):
        one = await talk(parts, name, [f"line {number}\\n" * 40 for number in range(6)])
        await window.open(one.id, beside=not window.pane.is_empty)
    window.arranging.move(window.pane, window.workspace.group, Side.RIGHT)
    window.arranging.split(Side.BOTTOM)
    window.arranging.move_to_window(window.pane)
    window.workspace.show_number(1)
    await window.pane.ready()
    window.workspace.panes()[0].transcript.verticalScrollBar().setValue(200)
    window.workspace.panes()[0].composer.set_text("half a thought")
    print(window.workspace.panes()[0].place, flush=True)
    await asyncio.sleep(DELAY / 1000 + 0.25)
    os.kill(os.getpid(), signal.SIGKILL)

run_window(Path(sys.argv[1]), "GPROChat test", die)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_killed_a_moment_after_the_last_change_it_comes_back_as_it_stood(visit: Visit, data_dir: Path) -> None:
    died = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(data_dir)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=50,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    place = died.stdout.strip()

    async def look(window: MainWindow, parts: Parts) -> None:
        assert titles(window) == [["one"], ["two"], ["two"]]
        assert len(window.workspace.windows) == 1
        first = window.panes()[0]
        assert first.composer.text == "half a thought"
        assert str(first.transcript.place) == place != "None"

    visit(look)
