"""Panes in groups and windows: split, moved, closed and had back, by key, menu and mouse."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QInputDialog, QMenu

from gui.windows.group import Group, Side, data_of
from gui.windows.group_tree import GroupTree
from gui.windows.pane import Pane
from tests.windows.conftest import Visit, shown, until
from tests.windows.test_keys import CONTROL, NONE, SHIFT, press, talk

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton
MOVE = Qt.DropAction.MoveAction


def key(window: MainWindow, one: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """As `press`, in whatever window the person works."""
    window.pane.activateWindow()
    QTest.keyClick(window.pane.composer.input, one, modifiers)


def titles(window: MainWindow) -> list[list[str]]:
    """Of each group."""
    return [[pane.conversation.title for pane in group.panes()] for group in window.workspace.groups()]


async def open_all(window: MainWindow, parts: Parts, *names: str) -> list[Pane]:
    """Each of these conversations in a tab of the one group."""
    for name in names:
        one = await talk(parts, name, [f"said in {name}", "answered"])
        await window.open(one.id, beside=not window.pane.is_empty)
    return window.panes()


def drag_over(group: Group, pane: Pane, place: QPoint) -> None:
    data = data_of(pane)
    QApplication.sendEvent(group, QDragEnterEvent(place, MOVE, data, LEFT, NONE))
    QApplication.sendEvent(group, QDragMoveEvent(place, MOVE, data, LEFT, NONE))


def drop(group: Group, pane: Pane, place: QPoint) -> None:
    drag_over(group, pane, place)
    data = data_of(pane)  # the event does not keep it
    QApplication.sendEvent(group, QDropEvent(QPointF(place), MOVE, data, LEFT, NONE))


def side_of(group: Group, side: Side | None) -> QPoint:
    """A place near this side of what is below the tabs; None for the middle."""
    area = group.rect().adjusted(20, group.bar.height() + 20, -20, -20)
    middle = area.center()
    return {
        None: middle,
        Side.LEFT: QPoint(area.left(), middle.y()),
        Side.RIGHT: QPoint(area.right(), middle.y()),
        Side.TOP: QPoint(middle.x(), area.top()),
        Side.BOTTOM: QPoint(middle.x(), area.bottom()),
    }[side]


def tab_place(group: Group, index: int) -> QPoint:
    return group.bar.tabRect(index).center()


# -- splitting ----------------------------------------------------------------------------------------------------


def test_ctrl_backslash_shows_the_same_conversation_on_the_right(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        (pane,) = await open_all(window, parts, "one")
        key(window, Qt.Key.Key_Backslash, CONTROL)
        left, right = window.workspace.groups()
        assert titles(window) == [["one"], ["one"]]
        assert left.mapTo(window, QPoint()).x() < right.mapTo(window, QPoint()).x()
        assert abs(left.width() - right.width()) <= 1
        assert window.pane is right.pane
        await until(lambda: "said in one" in shown(right.pane))
        assert "said in one" in shown(pane)

    visit(scenario)


def test_ctrl_shift_backslash_splits_down(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one")
        key(window, Qt.Key.Key_Backslash, CONTROL | SHIFT)
        above, below = window.workspace.groups()
        assert above.mapTo(window, QPoint()).y() < below.mapTo(window, QPoint()).y()
        assert window.pane is below.pane

    visit(scenario)


def test_an_empty_pane_is_split_into_two_conversations(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        key(window, Qt.Key.Key_Backslash, CONTROL)
        left, right = window.panes()
        assert left.is_empty
        assert right.is_empty
        assert left.conversation.id != right.conversation.id

    visit(scenario)


def test_splits_within_splits_keep_their_sizes(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one")
        window.arranging.split(Side.RIGHT)
        window.arranging.split(Side.BOTTOM)
        await asyncio.sleep(0.05)
        first, second, third = window.workspace.groups()
        assert abs(first.width() - second.width()) <= 2
        assert abs(second.height() - third.height()) <= 2
        assert second.width() == third.width()
        window.workspace.close(second.pane)
        await asyncio.sleep(0.05)
        assert window.workspace.groups() == [first, third]
        assert abs(first.width() - third.width()) <= 2
        assert third.height() == first.height()

    visit(scenario)


def test_four_groups_two_by_two(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one")
        window.arranging.split(Side.RIGHT)
        window.arranging.split(Side.BOTTOM)
        window.workspace.show_number(1)
        window.arranging.split(Side.BOTTOM)
        await asyncio.sleep(0.05)
        corners = [group.mapTo(window.workspace.tree, QPoint()).toTuple() for group in window.workspace.groups()]
        (left, top), (left2, middle), (right, top2), (right2, middle2) = corners
        assert all(pane.title.font().bold() for pane in window.panes())
        assert (left, top, right, middle) == (left2, top2, right2, middle2)
        assert left < right
        assert top < middle

    visit(scenario)


def test_a_group_without_tabs_goes_and_the_last_pane_becomes_a_new_chat(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one")
        key(window, Qt.Key.Key_Backslash, CONTROL)
        key(window, Qt.Key.Key_W, CONTROL)
        assert titles(window) == [["one"]]
        key(window, Qt.Key.Key_W, CONTROL)
        assert titles(window) == [[""]]
        assert window.pane.is_empty
        assert window.pane.composer.input.hasFocus() or not window.isActiveWindow()

    visit(scenario)


# -- walking ------------------------------------------------------------------------------------------------------


def test_keys_walk_all_panes_of_the_window_and_its_groups(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one, two, three = await open_all(window, parts, "one", "two", "three")
        window.arranging.move(three, window.workspace.group, Side.RIGHT)
        assert titles(window) == [["one", "two"], ["three"]]
        key(window, Qt.Key.Key_Tab, CONTROL)
        assert window.pane is one
        key(window, Qt.Key.Key_Tab, CONTROL | SHIFT)
        assert window.pane is three
        key(window, Qt.Key.Key_2, CONTROL)
        assert window.pane is two
        key(window, Qt.Key.Key_F6)
        assert window.pane is three
        key(window, Qt.Key.Key_F6, SHIFT)
        assert window.pane is two
        left, right = window.workspace.groups()
        accent = parts.appearance.colour("accent").rgb()

        def marked(group: Group) -> bool:
            front = group.bar.tabRect(group.currentIndex())
            return group.bar.grab(front).toImage().pixel(front.width() // 2, 0) == accent

        assert marked(left)
        assert not marked(right)

    visit(scenario)


def test_a_click_into_a_group_makes_it_the_one_that_keys_mean(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one")
        window.arranging.split(Side.RIGHT)
        left, right = window.workspace.groups()
        window.activateWindow()
        QTest.mouseClick(left.pane.composer.input, LEFT)
        await until(lambda: window.workspace.group is left)
        QTest.mouseClick(right.pane.composer.input, LEFT)
        await until(lambda: window.workspace.group is right)

    visit(scenario)


# -- dragging -----------------------------------------------------------------------------------------------------


def test_a_tab_is_dragged_to_another_place_of_its_bar(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one, _two, _three = await open_all(window, parts, "one", "two", "three")
        (group,) = window.workspace.groups()
        drop(group, one, tab_place(group, 1) + QPoint(10, 0))
        assert titles(window) == [["two", "one", "three"]]
        drop(group, one, tab_place(group, 2) + QPoint(400, 0))
        assert titles(window) == [["two", "three", "one"]]
        assert window.pane is one

    visit(scenario)


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (Side.LEFT, [["two"], ["one"]]),
        (Side.RIGHT, [["one"], ["two"]]),
        (Side.TOP, [["two"], ["one"]]),
        (Side.BOTTOM, [["one"], ["two"]]),
    ],
)
def test_a_tab_that_is_dropped_on_a_side_splits_the_group(visit: Visit, side: Side, expected: list[list[str]]) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        _one, two = await open_all(window, parts, "one", "two")
        (group,) = window.workspace.groups()
        drop(group, two, side_of(group, side))
        assert titles(window) == expected
        first, second = window.workspace.groups()
        x, y = (second.mapTo(window, QPoint()) - first.mapTo(window, QPoint())).toTuple()
        assert (y > 0, x > 0) == (side.is_vertical, not side.is_vertical)

    visit(scenario)


def test_a_tab_that_is_dropped_in_the_middle_of_another_group_joins_it(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one, two = await open_all(window, parts, "one", "two")
        window.arranging.move(two, window.workspace.group, Side.RIGHT)
        left, _right = window.workspace.groups()
        drop(left, two, side_of(left, None))
        assert titles(window) == [["one", "two"]]
        assert window.pane is two
        assert "said in two" in shown(two)
        assert one in window.panes()

    visit(scenario)


def test_a_mark_shows_where_a_dragged_tab_will_be(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one, _two = await open_all(window, parts, "one", "two")
        (group,) = window.workspace.groups()
        drag_over(group, one, side_of(group, Side.RIGHT))
        mark = group.findChild(QFrame, "dropMark")
        assert mark is not None
        assert mark.isVisible()
        assert mark.geometry().left() > group.width() // 2
        drag_over(group, one, side_of(group, None))
        assert mark.geometry().width() > group.width() * 0.9
        drop(group, one, side_of(group, Side.BOTTOM))
        assert not mark.isVisible()

    visit(scenario)


def test_the_only_tab_of_a_group_dropped_on_its_own_side_stays(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        (one,) = await open_all(window, parts, "one")
        (group,) = window.workspace.groups()
        drop(group, one, side_of(group, Side.RIGHT))
        assert titles(window) == [["one"]]

    visit(scenario)


def test_the_tab_of_another_program_is_not_taken(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one, _two = await open_all(window, parts, "one", "two")
        (group,) = window.workspace.groups()
        data = data_of(one)
        data.setData(data.formats()[0], b"1 1")
        QApplication.sendEvent(group, QDropEvent(QPointF(side_of(group, Side.LEFT)), MOVE, data, LEFT, NONE))
        assert titles(window) == [["one", "two"]]

    visit(scenario)


# -- tabs ---------------------------------------------------------------------------------------------------------


def test_a_middle_click_closes_and_a_double_click_renames(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one", "two")
        (group,) = window.workspace.groups()
        QTest.mouseDClick(group.bar, LEFT, NONE, tab_place(group, 1))
        (dialog,) = window.findChildren(QInputDialog)
        dialog.setTextValue("three")
        dialog.accept()
        await until(lambda: titles(window) == [["one", "three"]])
        assert group.tabText(1) == "three"
        QTest.mouseClick(group.bar, MIDDLE, NONE, tab_place(group, 0))
        assert titles(window) == [["three"]]

    visit(scenario)


def menus_of(group: Group) -> list[QMenu]:
    return group.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)


def menu_of(group: Group, index: int) -> QMenu:
    place = tab_place(group, index)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(group.bar, QContextMenuEvent(reason, place, group.bar.mapToGlobal(place)))
    (menu,) = menus_of(group)
    return menu


def choose(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


def test_the_menu_of_a_tab(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, "one", "two", "three", "four")
        (group,) = window.workspace.groups()
        choose(menu_of(group, 2), "Close to the right")
        assert titles(window) == [["one", "two", "three"]]
        await until(lambda: not menus_of(group))
        choose(menu_of(group, 1), "Close others")
        assert titles(window) == [["two"]]
        await until(lambda: not menus_of(group))
        choose(menu_of(group, 0), "Split down")
        assert titles(window) == [["two"], ["two"]]

    visit(scenario)


def test_a_closed_pane_is_had_back_where_its_reader_was(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one = await talk(parts, "long", [f"line {number}\n" * 30 for number in range(12)])
        await window.open(one.id)
        bar = window.pane.transcript.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)
        place = window.pane.place
        assert place is not None
        window.new_chat()
        key(window, Qt.Key.Key_1, CONTROL)
        key(window, Qt.Key.Key_W, CONTROL)
        key(window, Qt.Key.Key_T, CONTROL | SHIFT)
        await until(lambda: window.pane.conversation.id == one.id)
        await until(lambda: "line 3" in shown(window.pane) and window.pane.transcript.place == place)

    visit(scenario)


def test_the_draft_of_a_new_chat_that_was_closed_is_had_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        QTest.keyClicks(window.pane.composer.input, "half a thought")
        key(window, Qt.Key.Key_W, CONTROL)
        assert window.pane.composer.text == ""
        await window.kept_tabs.reopen()
        assert window.pane.composer.text == "half a thought"

    visit(scenario)


def test_the_wheel_moves_tabs_that_have_no_room_and_changes_no_pane(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        await open_all(window, parts, *[f"a title of some length, {number}" for number in range(12)])
        (group,) = window.workspace.groups()
        window.workspace.show_number(1)
        await asyncio.sleep(0.05)
        before, first = window.pane, group.bar.tabRect(0).left()
        middle = QPointF(group.bar.rect().center())
        none = Qt.ScrollPhase.NoScrollPhase
        turn = QWheelEvent(middle, QPointF(), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, NONE, none, False)
        QApplication.sendEvent(group.bar, turn)
        await until(lambda: group.bar.tabRect(0).left() < first)
        assert window.pane is before

    visit(scenario)


# -- windows ------------------------------------------------------------------------------------------------------


def test_a_pane_moves_to_a_window_of_its_own_and_back(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        _one, two = await open_all(window, parts, "one", "two")
        window.actions_by_name["move_to_window"].trigger()
        (own,) = window.workspace.windows
        assert own.isVisible()
        assert two.window() is own
        assert window.pane is two
        assert own.windowTitle() == "two – GPROChat"
        assert "said in two" in shown(two)
        window.actions_by_name["move_back"].trigger()
        assert titles(window) == [["one", "two"]]
        assert window.workspace.windows == []
        assert two.window() is window

    visit(scenario)


def test_the_keys_mean_the_pane_of_the_window_they_are_pressed_in(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        _one, two = await open_all(window, parts, "one", "two")
        window.arranging.move_to_window(two)
        await until(two.isActiveWindow)
        key(window, Qt.Key.Key_Backslash, CONTROL)
        (own,) = window.workspace.windows
        assert len(own.tree.groups()) == 2
        assert len(window.workspace.tree.groups()) == 1
        await window.pane.ready()
        key(window, Qt.Key.Key_C, CONTROL | SHIFT)
        await until(lambda: QGuiApplication.clipboard().text() == "answered")
        key(window, Qt.Key.Key_F6)
        assert window.pane.window() is window
        await until(window.isActiveWindow)
        press(window, Qt.Key.Key_Backslash, CONTROL)
        assert len(window.workspace.tree.groups()) == 2

    visit(scenario)


def test_the_last_pane_of_the_main_window_leaves_a_new_chat_there(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        (one,) = await open_all(window, parts, "one")
        window.arranging.move_to_window(one)
        assert titles(window) == [[""], ["one"]]
        drop(window.workspace.groups()[0], one, side_of(window.workspace.groups()[0], Side.RIGHT))
        assert titles(window) == [[""], ["one"]]
        assert window.workspace.windows == []

    visit(scenario)


def test_closing_a_window_of_panes_closes_them_and_nothing_else(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        _one, two = await open_all(window, parts, "one", "two")
        window.arranging.move_to_window(two)
        kept = two.conversation.id
        (own,) = window.workspace.windows
        own.close()
        assert titles(window) == [["one"]]
        assert await (await parts.history).conversation(kept) is not None
        await window.kept_tabs.reopen()
        assert titles(window) == [["one", "two"]]

    visit(scenario)


# -- nothing is left ----------------------------------------------------------------------------------------------


def count(kind: type) -> int:
    gc.collect()
    return sum(type(one) is kind for one in gc.get_objects())


def test_nothing_is_left_of_panes_groups_and_windows_that_were_closed(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one = await talk(parts, "one", ["said", "answered"])

        async def use(times: int) -> None:
            for number in range(times):
                await window.open(one.id, beside=True)
                window.arranging.split(Side.RIGHT if number % 2 else Side.BOTTOM)
                await until(lambda: "answered" in shown(window.pane))
                if number % 5 == 0:
                    window.arranging.move_to_window(window.pane)
                for pane in window.workspace.panes_of(one.id):
                    window.workspace.close(pane)
                await until(lambda: not window.workspace.panes_of(one.id))
            await asyncio.sleep(0.1)

        def left() -> tuple[int, ...]:
            widgets = len(QApplication.allWidgets())
            return widgets, len(parts.tasks._running), count(Pane), count(Group), count(GroupTree)

        async def settled() -> tuple[int, ...]:
            """The last pane's own tasks may still be ending."""
            last: tuple[int, ...] = ()
            while (now := left()) != last:
                last = now
                await asyncio.sleep(0.3)
            return last

        await use(2)
        before = await settled()
        await use(20)
        assert await settled() == before

    visit(scenario)


def test_a_pane_that_is_closed_while_it_is_filled_draws_in_nothing(visit: Visit) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        one = await talk(parts, "one", ["said", "answered"])
        for turns in range(8):  # of the loop, after which it is closed
            opening = parts.tasks.spawn(window.open(one.id))
            for _ in range(turns):
                await asyncio.sleep(0.001)
            window.workspace.close(window.pane)
            gc.collect()
            await opening
        assert window.pane.isVisible()

    visit(scenario)
