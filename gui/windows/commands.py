"""What each action of the menus does. All of them mean the pane that is before the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from gui.windows.group import Side
from gui.windows.theme import NORMAL, ZOOM_STEP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.parts import Parts


def connect(act: Mapping[str, QAction], window: MainWindow, parts: Parts) -> None:
    """Have the actions, by their names, do what they say."""
    _connect_file(act, window, parts)
    _connect_edit(act, window)
    _connect_view(act, window, parts)
    _connect_chat(act, window, parts)
    act["shortcuts"].triggered.connect(lambda: show_shortcuts(act, window))
    act["about"].triggered.connect(lambda: show_about(window))


def _connect_file(act: Mapping[str, QAction], window: MainWindow, parts: Parts) -> None:
    space = window.workspace
    act["new_chat"].triggered.connect(window.new_chat)
    act["close_pane"].triggered.connect(lambda: space.close(space.pane))
    act["reopen_pane"].triggered.connect(lambda: parts.tasks.spawn(window.kept_tabs.reopen()))
    act["import"].triggered.connect(lambda: window.transfers.ask_what_to_import())
    act["export"].triggered.connect(lambda: window.transfers.ask_what_to_export(window.pane.conversation.id))
    act["export_pdf"].triggered.connect(lambda: window.pane.export_pdf())
    act["print"].triggered.connect(lambda: window.pane.print_out())
    act["settings"].triggered.connect(lambda: window.open_settings("general"))
    act["quit"].triggered.connect(window.close)


def _connect_edit(act: Mapping[str, QAction], window: MainWindow) -> None:
    act["find"].triggered.connect(lambda: window.pane.open_find())
    act["find_next"].triggered.connect(lambda: window.pane.find_step(1))
    act["find_previous"].triggered.connect(lambda: window.pane.find_step(-1))
    act["search"].triggered.connect(window.searching.open)
    act["copy"].triggered.connect(lambda: window.pane.transcript.copy())
    act["copy_reply"].triggered.connect(lambda: copy_reply(window.pane))
    act["copy_code"].triggered.connect(lambda: copy_code(window.pane))


def _connect_view(act: Mapping[str, QAction], window: MainWindow, parts: Parts) -> None:
    from gui.windows.actions import PANES_BY_NUMBER

    act["commands"].triggered.connect(window.commanding.open)
    act["sidebar"].setChecked(window.sidebar.isVisibleTo(window))
    act["sidebar"].toggled.connect(window.show_sidebar)
    space, arranging = window.workspace, window.arranging
    act["split_right"].triggered.connect(lambda: arranging.split(Side.RIGHT))
    act["split_down"].triggered.connect(lambda: arranging.split(Side.BOTTOM))
    act["move_to_window"].triggered.connect(lambda: arranging.move_to_window(space.pane))
    act["move_back"].triggered.connect(lambda: arranging.move_back(space.pane))
    act["next_pane"].triggered.connect(lambda: space.step(1))
    act["previous_pane"].triggered.connect(lambda: space.step(-1))
    act["next_group"].triggered.connect(lambda: space.step_group(1))
    act["previous_group"].triggered.connect(lambda: space.step_group(-1))
    for number in range(1, PANES_BY_NUMBER + 1):
        act[f"pane_{number}"].triggered.connect(lambda _on=False, n=number: space.show_number(n))
    appearance = parts.appearance
    act["zoom_in"].triggered.connect(lambda: appearance.set_zoom(appearance.zoom + ZOOM_STEP))
    act["zoom_out"].triggered.connect(lambda: appearance.set_zoom(appearance.zoom - ZOOM_STEP))
    act["zoom_reset"].triggered.connect(lambda: appearance.set_zoom(NORMAL))
    act["wrap_code"].setChecked(parts.preferences.get("long_lines") == "wrap")
    act["wrap_code"].toggled.connect(lambda wrap: parts.preferences.set("long_lines", "wrap" if wrap else "scroll"))


def _connect_chat(act: Mapping[str, QAction], window: MainWindow, parts: Parts) -> None:
    spawn = parts.tasks.spawn
    act["stop"].triggered.connect(lambda: window.pane.stop())
    act["regenerate"].triggered.connect(lambda: spawn(window.pane.regenerate()))
    act["compare"].triggered.connect(lambda: window.comparing.ask(window.pane))
    act["edit_last"].triggered.connect(lambda: window.pane.edit_last())
    act["message_above"].triggered.connect(lambda: spawn(window.pane.step(-1)))
    act["message_below"].triggered.connect(lambda: spawn(window.pane.step(1)))
    act["thoughts"].triggered.connect(lambda: window.pane.toggle_thoughts())
    act["branches"].triggered.connect(lambda: spawn(window.pane.open_map()))
    act["model"].triggered.connect(lambda: window.pane.picker.open())
    act["options"].triggered.connect(lambda: window.pane.open_options())
    act["rename"].triggered.connect(lambda: window.ask_for_title(window.pane.conversation))
    act["delete"].triggered.connect(lambda: spawn(window.browsing.delete([window.pane.conversation.id])))


def copy_reply(pane: Pane) -> None:
    """The last reply, as Markdown."""
    reply = pane.last_reply()
    if reply is not None:
        QGuiApplication.clipboard().setText(reply.text)


def copy_code(pane: Pane) -> None:
    """The last block of code in the last reply."""
    from gui.markdown.plain import code_blocks

    reply = pane.last_reply()
    code = code_blocks(reply.text) if reply else []
    if code:
        QGuiApplication.clipboard().setText(code[-1])


def show_shortcuts(act: Mapping[str, QAction], window: MainWindow) -> None:
    """The keys of all actions."""
    from gui.windows.dialogs.shortcuts import ShortcutsDialog

    ShortcutsDialog(act, window.shortcuts, window.pane.window()).open()


def show_about(window: MainWindow) -> None:
    from gui.windows.dialogs.about import AboutDialog

    AboutDialog(window).open()
