"""The composition root: reads the arguments, builds the parts, runs the window, and shuts down in order."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import logging
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gui import __version__

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType

    from PySide6.QtWidgets import QApplication

    from gui.errors import GProChatError
    from gui.history.store import History
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

Result = TypeVar("Result")

FIRST = (
    "gui.chat.turn",
    "gui.markdown.blocks",
    "gui.settings.connections",
    "gui.settings.network",
    "gui.settings.preferences",
    "gui.settings.secrets",
    "tomllib",
    "typing_extensions",
)
"""What the first paint needs, without Qt."""

LATER = (
    "markdown_it",
    "pygments.lexers",
    "gui.providers.gprochat",
    "gui.providers.local",
)
"""What the first message needs and the first paint does not."""

log = logging.getLogger("gprochat")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["--engine"]:
        # The embedded model's process, when the program is one file that cannot be asked for a module of itself.
        from gui.providers.engine import run_engine

        run_engine()
        return 0
    arguments = _parser().parse_args(argv)
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)
    data_dir, namespace = _data_dir(arguments.data_dir)
    if arguments.self_test:
        from gui.self_test import run_self_test

        return run_self_test(Path(arguments.data_dir) if arguments.data_dir else None)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        sys.stderr.write(f"The data folder {data_dir} cannot be made ({error.strerror}).\n")
        return 1
    if arguments.ask is not None:
        return _ask(arguments, data_dir, namespace)
    from gui.display import why_no_window

    if reason := why_no_window():
        sys.stderr.write(f"{reason}\n")
        return 1
    run_window(data_dir, namespace)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gprochat", description="A desktop chat application.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"GPROChat {__version__}")
    parser.add_argument("--data-dir", metavar="DIR", help="keep everything in this folder instead of the usual one")
    parser.add_argument("--ask", metavar="QUESTION", help="answer on standard output, without a window")
    parser.add_argument("--connection", metavar="NAME", default="", help="with --ask: the connection to use")
    parser.add_argument("--provider", choices=("gprochat", "openai", "local"), help="with --ask: instead of one")
    parser.add_argument("--url", default="", help="with --provider: the server's address")
    parser.add_argument("--model", metavar="NAME", default="", help="with --ask: the model")
    parser.add_argument("--self-test", action="store_true", help="try the installed program and print one JSON line")
    return parser


def _data_dir(given: str | None) -> tuple[Path, str]:
    """Where the program keeps everything, and the keyring's name for it: a folder of its own has secrets of its own."""
    if given:
        folder = Path(given).expanduser().resolve()
        return folder, f"GPROChat {folder}"
    from platformdirs import user_data_path

    return user_data_path("GPROChat", appauthor=False), "GPROChat"


def _ask(arguments: argparse.Namespace, data_dir: Path, namespace: str) -> int:
    from gui.ask import Question, run_ask

    if not arguments.ask.strip():
        sys.stderr.write("There is nothing to ask: the question is empty.\n")
        return 1
    if arguments.provider in {"gprochat", "openai"} and not arguments.url:
        sys.stderr.write(f"--provider {arguments.provider} needs the server's address: --url URL.\n")
        return 1
    question = Question(arguments.ask, arguments.connection, arguments.provider, arguments.url, arguments.model)
    return run_ask(question, data_dir, namespace)


def make_application() -> QApplication:
    """The one QApplication, named for the desktop."""
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from gui.windows.theme import RESOURCES

    # Not setStyle: it returns a QStyle, and making that class with all its enumerations takes 10 ms.
    application = QApplication([*sys.argv[:1], "-style", "Fusion"])
    application.setApplicationName("GPROChat")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("gprochat")
    application.setWindowIcon(QIcon(str(RESOURCES / "icons" / "gprochat.svg")))
    # The loop ends its tasks first; closing the last dialog must not end the program either.
    application.setQuitOnLastWindowClosed(False)
    return application


def run_window(
    data_dir: Path,
    namespace: str,
    visit: Callable[[MainWindow, Parts], Awaitable[Result]] | None = None,
    application: QApplication | None = None,
) -> Result | None:
    """Show the window until it is closed; or until `visit`, which is handed it, returns."""
    # Once PySide6 is there, it reads the source of each module that is imported: those that are not Qt's come first.
    for name in FIRST:
        importlib.import_module(name)
    from qasync import QEventLoop

    application = application or make_application()
    with QEventLoop(application) as loop:
        asyncio.set_event_loop(loop)
        result: Result | None = loop.run_until_complete(_live(application, data_dir, namespace, visit))
        loop.run_until_complete(loop.shutdown_asyncgens())
    asyncio.set_event_loop(None)
    return result


async def _live(
    application: QApplication,
    data_dir: Path,
    namespace: str,
    visit: Callable[[MainWindow, Parts], Awaitable[Result]] | None,
) -> Result | None:
    from gui.chat.route import Routes
    from gui.settings.connections import Connections
    from gui.settings.network import Network
    from gui.settings.preferences import Preferences
    from gui.settings.secrets import Secrets
    from gui.windows.first_paint import FirstPaint
    from gui.windows.garbage import Garbage
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.tasks import Tasks
    from gui.windows.theme import Appearance

    garbage = Garbage()
    preferences = Preferences(data_dir / "preferences.json")
    _install_translation(application, preferences.get("language"))
    secrets = Secrets(namespace)
    network = Network(preferences, secrets)
    routes = Routes(network, secrets, data_dir)
    appearance = Appearance(application, preferences)
    painted = asyncio.Event()
    opening = asyncio.ensure_future(_open_history(data_dir / "history.sqlite3", painted))

    def present(error: GProChatError) -> None:
        window.present(error)

    parts = Parts(
        history=opening,
        preferences=preferences,
        connections=Connections(data_dir / "connections.json"),
        secrets=secrets,
        network=network,
        routes=routes,
        appearance=appearance,
        tasks=Tasks(present),
    )
    window = MainWindow(parts)
    quitting = asyncio.Event()
    window.quit_requested.connect(quitting.set)
    _report_bugs(window)
    forget_signals = _quit_on_signals(window.quit_requested.emit)
    FirstPaint(window, painted.set)
    window.show()
    starting = parts.tasks.spawn(window.start())
    try:
        if visit is None:
            await quitting.wait()
            return None
        await asyncio.wait([starting])
        return await visit(window, parts)
    finally:
        forget_signals()
        window.hide()
        try:
            await window.shut_down()
        finally:
            await routes.close()
            if (
                not opening.cancelled()
                and (opening.done() or await asyncio.wait([opening]))
                and not opening.exception()
            ):
                await opening.result().close()
            window.deleteLater()
            appearance.deleteLater()
            garbage.end()
            sys.excepthook = sys.__excepthook__


def _install_translation(application: QApplication, language: str) -> None:
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    from gui.windows.theme import RESOURCES

    locale = QLocale.system() if language == "system" else QLocale(language)
    QLocale.setDefault(locale)
    for name, folder in (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("gprochat", str(RESOURCES / "translations")),
    ):
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)
    application.setLayoutDirection(locale.textDirection())


async def _open_history(file: Path, painted: asyncio.Event) -> History:
    """Once there is a window to be seen; then what the first message needs is imported too."""
    await painted.wait()
    from gui.history.store import History

    opening = History.open(file)
    asyncio.get_running_loop().call_later(0.05, _import_the_rest)
    return await opening


def _import_the_rest() -> None:
    """What the first paint did not need and the first message will, away from the GUI thread."""
    import threading

    threading.Thread(
        target=lambda: [importlib.import_module(name) for name in LATER], name="imports", daemon=True
    ).start()


def _report_bugs(window: MainWindow) -> None:
    """What nobody expected is told: errors of slots reach sys.excepthook, those of tasks the loop."""

    def show(error: BaseException) -> None:
        log.error("A bug", exc_info=error)
        window.present_bug(type(error).__name__)

    def from_slot(_kind: type[BaseException], error: BaseException, _where: TracebackType | None) -> None:
        show(error)

    def from_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        show(context.get("exception") or RuntimeError(context["message"]))

    sys.excepthook = from_slot
    asyncio.get_running_loop().set_exception_handler(from_loop)


def _quit_on_signals(quit_program: Callable[[], None]) -> Callable[[], None]:
    """SIGINT and SIGTERM close the program as its window does. Returns what takes that back."""
    if sys.platform == "win32":
        return lambda: None
    # Python runs signal handlers between bytecodes, and an idle Qt loop runs none: the byte wakes it.
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    loop = asyncio.get_running_loop()
    wakeup = signal.set_wakeup_fd(theirs.fileno())
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}

    def woken() -> None:
        ours.recv(4096)
        quit_program()

    loop.add_reader(ours.fileno(), woken)

    def forget() -> None:
        loop.remove_reader(ours.fileno())
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        ours.close()
        theirs.close()

    return forget
