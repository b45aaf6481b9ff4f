"""What a painted window is completed with; and who hears whom, every signal between the parts of the windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.windows import abilities
from gui.windows.arranging import Arranging
from gui.windows.commanding import Commanding
from gui.windows.comparing import Comparing
from gui.windows.configuring import Configuring
from gui.windows.file_drops import FileDrops
from gui.windows.kept_tabs import KeptTabs
from gui.windows.news import News
from gui.windows.presence import Presence
from gui.windows.quitting import Quitting
from gui.windows.remembering import Remembering
from gui.windows.requests import Requests
from gui.windows.searching import Searching
from gui.windows.titling import Titling

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.windows.main_window import MainWindow
    from gui.windows.pane import Pane
    from gui.windows.pane_window import PaneWindow
    from gui.windows.parts import Parts


def complete(window: MainWindow, parts: Parts) -> None:
    """Make the parts that nobody sees, and connect them."""
    space, replies = window.workspace, window.replies
    window.arranging = Arranging(space, window)
    window.comparing = Comparing(parts, space, replies, window)
    window.news = News(parts, space, window.sidebar, replies, window)
    window.kept_tabs = KeptTabs(parts, space, window.drafts)
    window.remembering = Remembering(
        parts, space, window.kept_tabs, window.drafts, window.state, window.is_trouble, window
    )
    window.quitting = Quitting(space, replies, window.is_trouble, window.close, window)
    window.configuring = Configuring(parts, window, lambda: window.syncing, lambda: window.pane.bar)
    window.searching = Searching(parts, window)
    window.titling = Titling(parts, window.replies, window)
    window.commanding = Commanding(parts, window.menus.values, lambda: window.pane.window(), window)
    window.file_drops = FileDrops(window)
    window.requests = Requests(parts, window)
    window.presence = Presence(parts, window)
    _wire(window, parts)


def _wire(window: MainWindow, parts: Parts) -> None:
    spawn = parts.tasks.spawn
    sidebar, replies, news, configuring = window.sidebar, window.replies, window.news, window.configuring
    sidebar.new_requested.connect(window.new_chat)
    sidebar.search_requested.connect(window.searching.open)
    sidebar.chosen.connect(lambda chosen: spawn(window.open(chosen)))
    sidebar.export_requested.connect(lambda one: window.transfers.ask_what_to_export(one))
    replies.started.connect(news.reply_started)
    replies.ended.connect(news.reply_ended)
    configuring.connections_changed.connect(news.connections_changed)
    configuring.failed.connect(window.present)
    window.searching.chosen.connect(lambda hit: spawn(window.show_hit(hit)))
    window.searching.left.connect(lambda: window.pane.composer.setFocus())
    window.titling.titled.connect(news.changed)
    window.commanding.chat_chosen.connect(lambda chosen: spawn(window.open(chosen)))
    window.commanding.setting_chosen.connect(configuring.show_setting)
    window.commanding.left.connect(lambda: window.pane.composer.setFocus())
    window.file_drops.attachable.connect(lambda files: window.pane.attach(files))
    window.file_drops.model.connect(configuring.connect_to_file)
    window.file_drops.others.connect(lambda files: window.transfers.offer(files, window.pane.attach))
    window.requests.hidden.connect(window.presence.look)
    replies.ended.connect(window.presence.look)
    news.unread_changed.connect(window.presence.mark)
    _wire_workspace(window, parts)
    parts.appearance.changed.connect(window.redraw)
    parts.preferences.watch(window.take_over)


def wire_actions(window: MainWindow, parts: Parts) -> None:
    """Have the actions enabled whenever they can do something."""

    def update(*_what: object) -> None:
        if window.workspace.group.count():  # else its last pane is just being moved, and another comes to the front
            abilities.update(window.actions_by_name, window, parts)

    space, replies = window.workspace, window.replies
    for signal in (
        space.current_changed,
        space.changed,
        space.closed,
        space.focused,
        replies.started,
        replies.ended,
        parts.appearance.changed,
        window.commanding.opening,
        *(menu.aboutToShow for menu in window.menus.values()),
    ):
        signal.connect(update)
    for pane in space.panes():
        _wire_abilities(pane, update)
    space.made.connect(lambda pane: _wire_abilities(pane, update))
    update()
    keys = window.shortcuts

    def show_keys() -> None:
        window.sidebar.show_search_keys(keys.first("search"))
        for pane in space.panes():
            pane.composer.show_stop_keys(keys.first("stop"))

    keys.changed.connect(show_keys)
    space.made.connect(lambda pane: pane.composer.show_stop_keys(keys.first("stop")))
    show_keys()


def _wire_abilities(pane: Pane, update: Callable[..., None]) -> None:
    for signal in (pane.changed, pane.shown, pane.advanced, pane.filled):
        signal.connect(update)


def wire_the_rest(window: MainWindow, parts: Parts) -> None:
    """What there is with a history."""
    spawn = parts.tasks.spawn
    browsing, news = window.browsing, window.news
    window.placed.connect(window.remembering.note)
    window.splitter.splitterMoved.connect(window.remembering.note)
    browsing.wire()
    window.activated.connect(lambda: spawn(browsing.look_again()))
    browsing.said.connect(
        lambda text, actions: window.pane.bar.show_message(text, actions, trouble=False, lasting=True)
    )
    browsing.deleted.connect(news.deleted)
    browsing.restored.connect(lambda one: spawn(window.open(one)))
    browsing.changed.connect(news.changed)
    browsing.rename_asked.connect(window.ask_for_title)
    news.restore_asked.connect(lambda one: spawn(browsing.restore([one])))
    news.listing_changed.connect(browsing.refresh)
    news.arrived.connect(window.notifications.tell)
    news.read.connect(window.notifications.withdraw)
    window.notifications.clicked.connect(lambda *which: spawn(window.show_clicked(*which)))
    window.presence.take_over()
    parts.downloads.ended.connect(window.configuring.download_ended)


def _wire_workspace(window: MainWindow, parts: Parts) -> None:
    space, arranging = window.workspace, window.arranging
    for group in space.groups():
        arranging.wire(group)
    for pane in space.panes():
        _wire_pane(window, parts, pane)
    space.group_made.connect(arranging.wire)
    space.made.connect(lambda pane: _wire_pane(window, parts, pane))
    space.window_made.connect(lambda own: _wire_window(window, own))
    space.closing.connect(window.kept_tabs.note_closing)
    space.closed.connect(window.tell_closed)
    space.current_changed.connect(window.show_current)
    space.changed.connect(window.remembering.note)
    space.changed.connect(window.news.look)
    space.focused.connect(window.news.look)
    space.spinner.turned.connect(lambda: window.sidebar.turn(space.spinner.angle))
    arranging.rename_asked.connect(window.ask_for_title)


def _wire_pane(window: MainWindow, parts: Parts, pane: Pane) -> None:
    pane.changed.connect(window.news.changed)
    pane.shown.connect(lambda _conversation: window.conversation_shown(pane))
    pane.advanced.connect(lambda: window.news.advanced(pane))
    pane.read_on.connect(window.remembering.note)
    pane.compare_requested.connect(lambda message_id: window.comparing.ask(pane, message_id))
    pane.kept.connect(lambda: window.comparing.keep(pane))
    pane.branched.connect(window.news.changed)
    pane.branched.connect(lambda made: parts.tasks.spawn(window.open(made.id, beside=True)))
    pane.composer.changed.connect(window.remembering.note)
    pane.settings_requested.connect(lambda page: window.configuring.open(page, pane.connection().id))
    pane.test_requested.connect(lambda: window.configuring.test_connection(pane.connection().id))
    pane.connect_requested.connect(window.configuring.connect_to)
    pane.new_requested.connect(window.new_chat)
    pane.repair_requested.connect(window.repair)


def _wire_window(window: MainWindow, own: PaneWindow) -> None:
    own.share(window.menus.values(), window.actions(), window.file_drops)
