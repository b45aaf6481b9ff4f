"""One question answered by several models, side by side."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.conversation import State
from gui.settings.connections import Connection
from gui.windows.compare_panel import ComparePanel
from tests.servers.gprochat import GPROChatServer, Reply
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import CONTROL, SHIFT, press, talk
from tests.windows.test_marking import menu_at
from tests.windows.test_message_actions import SAID, pick

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts

NAMES = ("red", "green", "blue")
ALL = [(name, "") for name in NAMES]


def saying(name: str) -> Reply:
    """A reply that takes a while, and says by whom it is."""
    return Reply(*[f"{name}{number} " for number in range(60)], delay=0.01)


async def serve(stack: AsyncExitStack, parts: Parts, *further: Reply) -> dict[str, GPROChatServer]:
    """Three connections, each with a server of its own."""
    servers = {}
    for name in NAMES:
        servers[name] = await stack.enter_async_context(GPROChatServer(saying(name), *further))
        parts.connections.save(Connection(name, name.title(), "gprochat", servers[name].url))
    parts.connections.remove("local")
    return servers


def row(window: MainWindow) -> list[Pane]:
    return [group.pane for group in window.workspace.groups()]


async def compared(window: MainWindow, parts: Parts) -> list[Pane]:
    """What was SAID, and its last question answered by all three, in panes side by side."""
    await window.open((await talk(parts, "one", SAID)).id)
    await window.comparing.compare(window.pane, ALL)
    await until(lambda: len(row(window)) == len(NAMES))
    return row(window)


def test_what_is_in_the_input_is_answered_by_all_at_once_each_in_a_pane(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with AsyncExitStack() as stack:
            servers = await serve(stack, parts)
            await window.pane.choose("red", "")
            QTest.keyClicks(window.pane.composer.input, "which one")
            press(window, Qt.Key.Key_R, CONTROL | SHIFT)
            (panel,) = window.findChildren(ComparePanel)
            assert not panel.button.isEnabled(), "one alone is marked, which answers here"
            for _ in range(2):
                QTest.keyClick(panel.input, Qt.Key.Key_Down)
                QTest.keyClick(panel.input, Qt.Key.Key_Return)
            QTest.keyClick(panel.input, Qt.Key.Key_Return, CONTROL)
            await until(lambda: len(row(window)) == len(NAMES))
            panes = row(window)
            await until(lambda: all(f"{name}1 " in shown(pane) for name, pane in zip(NAMES, panes, strict=True)))
            assert len(window.replies) == len(NAMES), "all of them stream"
            await until(lambda: not len(window.replies))
            await until(lambda: all(f"{n + 1}/3" in shown(pane) for n, pane in enumerate(panes)))
            for name, pane in zip(NAMES, panes, strict=True):
                assert f"{name}59" in shown(pane)
                assert "which one" in shown(pane)
                assert servers[name].requests[-1]["messages"][-1]["parts"] == [{"text": "which one"}]
            widths = [pane.width() for pane in panes]
            assert max(widths) - min(widths) < 20
            history = await parts.history
            asked = await history.siblings(panes[0].pages.messages[-1].id)
            assert asked == [pane.pages.messages[-1].id for pane in panes], "versions of one turn"
        await until(lambda: not window.findChildren(ComparePanel))

    visit(scenario)


def test_the_one_that_is_kept_is_the_way_on_and_the_others_are_its_versions(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with AsyncExitStack() as stack:
            await serve(stack, parts, Reply("and so on"))
            panes = await compared(window, parts)
            await until(lambda: not len(window.replies))
            middle = panes[1]
            assert middle._hold is not None
            QTest.mouseClick(middle._hold.button, Qt.MouseButton.LeftButton)
            await until(lambda: row(window) == [middle] and not middle.held)
            await until(lambda: "3/4" in shown(middle))
            assert not middle._hold.isVisible()
            assert middle.connection().id == "green"
            history = await parts.history
            reply = (await history.branch(middle.conversation.id))[-1]
            assert reply.text.startswith("green0")
            assert len(await history.siblings(reply.id)) == 4
            QTest.keyClicks(middle.composer.input, "go on")
            press(window, Qt.Key.Key_Return)
            await until(lambda: "and so on" in shown(middle) and not len(window.replies))

    visit(scenario)


def test_to_keep_one_stops_the_others_and_what_had_arrived_is_kept(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with AsyncExitStack() as stack:
            await serve(stack, parts)
            panes = await compared(window, parts)
            await until(lambda: all(f"{name}5 " in shown(pane) for name, pane in zip(NAMES, panes, strict=True)))
            assert panes[2]._hold is not None
            panes[2]._hold.button.click()
            await until(lambda: row(window) == [panes[2]])
            await until(lambda: not len(window.replies) and "blue59" in shown(panes[2]))
            history = await parts.history
            versions = await history.siblings(panes[2].pages.messages[-1].id)
            replies = [await history.message(one) for one in versions[1:]]
            assert [one and one.state for one in replies] == [State.STOPPED, State.STOPPED, State.COMPLETE]
            assert [bool(one and one.text) for one in replies] == [True] * 3

    visit(scenario)


def test_what_is_sent_below_one_of_them_keeps_that_one(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with AsyncExitStack() as stack:
            await serve(stack, parts, Reply("and so on"))
            panes = await compared(window, parts)
            await until(lambda: not len(window.replies))
            window.workspace.show(panes[2])
            QTest.keyClicks(panes[2].composer.input, "go on")
            press(window, Qt.Key.Key_Return)
            await until(lambda: "and so on" in shown(panes[2]) and not len(window.replies))
            assert row(window) == [panes[2]]
            kept = await (await parts.history).branch(panes[2].conversation.id)
            assert [one.text[:5] for one in kept[-3:]] == ["blue0", "go on", "and s"]
            assert kept[-1].connection == "blue"

    visit(scenario)


def test_escape_stops_the_one_before_the_person_alone(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with AsyncExitStack() as stack:
            await serve(stack, parts)
            panes = await compared(window, parts)
            await until(lambda: all(f"{name}5 " in shown(pane) for name, pane in zip(NAMES, panes, strict=True)))
            press(window, Qt.Key.Key_Escape)
            await until(lambda: len(window.replies) == len(NAMES) - 1)
            await until(lambda: not len(window.replies))
            assert "Stopped" in shown(panes[0])
            assert "red59" not in shown(panes[0])
            assert "green59" in shown(panes[1])
            assert "blue59" in shown(panes[2])

    visit(scenario)


def test_a_reply_in_the_middle_is_compared_from_its_menu(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with AsyncExitStack() as stack:
            servers = await serve(stack, parts)
            await window.open((await talk(parts, "one", SAID)).id)
            pick(await menu_at(window.pane, 1), "Compare answers…")
            (panel,) = window.findChildren(ComparePanel)
            for line in range(panel.rows.rowCount()):
                place = panel.list.visualRect(panel.rows.index(line)).center()
                if not panel.is_marked(panel.rows.all[line]):
                    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            panel.button.click()
            await until(lambda: len(row(window)) == len(NAMES))
            await until(lambda: all("2/4" not in shown(pane) and "9 " in shown(pane) for pane in row(window)))
            assert all("second question" not in shown(pane) for pane in row(window))
            assert [one["parts"] for one in servers["blue"].requests[-1]["messages"]] == [[{"text": "first question"}]]
            await until(lambda: not len(window.replies))

    visit(scenario)


def test_closing_a_pane_of_the_row_lets_its_reply_run_on(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        async with AsyncExitStack() as stack:
            await serve(stack, parts)
            panes = await compared(window, parts)
            reply = panes[1].pages.messages[-1].id
            await until(lambda: "green3 " in shown(panes[1]))
            window.workspace.close(panes[1])
            await until(lambda: not len(window.replies))
            kept = await (await parts.history).message(reply)
            assert kept is not None
            assert kept.text.endswith("green59 ")

    visit(scenario)


def test_they_stand_side_by_side_again_at_the_next_start(visit: Visit) -> None:
    async def first(window: MainWindow, parts: Parts) -> None:
        async with AsyncExitStack() as stack:
            await serve(stack, parts)
            await compared(window, parts)
            await until(lambda: not len(window.replies))

    async def second(window: MainWindow, parts: Parts) -> None:
        await until(lambda: len(row(window)) == len(NAMES))
        panes = row(window)
        await until(lambda: all(f"{name}59" in shown(pane) for name, pane in zip(NAMES, panes, strict=True)))
        assert all(pane.held and pane._hold is not None and pane._hold.isVisible() for pane in panes)
        assert panes[0].picker.text() == "Red"

    visit(first)
    visit(second)
