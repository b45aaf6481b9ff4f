"""The composition root: reads the arguments, builds the parts, runs the window, and shuts down in order."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gui import __version__

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType

    from PySide6.QtWidgets import QApplication

    from gui.errors import GProChatError
    from gui.request import Request
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

Result = TypeVar("Result")

FIRST = (
    "gui.conversation",
    "gui.instance",
    "gui.request",
    "gui.settings.connections",
    "gui.settings.preferences",
    "gui.windows.drafts",
    "gui.windows.parts",
    "gui.windows.tasks",
)
"""What the first paint needs, without Qt."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["--engine"]:
        # The embedded model's process, when the program is one file that cannot be asked for a module of itself.
        from gui.providers.engine import run_engine

        run_engine()
        return 0
    if argv[:1] == ["--pac"]:
        from gui.settings.pac import run_pac

        run_pac()
        return 0
    parser = _parser()
    arguments = parser.parse_args(argv)
    without_window = {"ask": _ask, "search": _search, "export": _export, "take_in": _import, "diagnose": _diagnose}
    way = next((run for name, run in without_window.items() if getattr(arguments, name) is not None), None)
    if (way or arguments.self_test) and arguments.things:
        parser.error(f"unrecognized arguments: {' '.join(arguments.things)}")
    if arguments.self_test:
        return _self_test(arguments.data_dir)
    return _on_a_terminal(way, arguments) if way else _open_window(arguments)


def _on_a_terminal(way: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    """Of any encoding; and whoever reads what is printed may leave before its end."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = way(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain again when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gprochat", description="A desktop chat application.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"GPROChat {__version__}")
    parser.add_argument("--data-dir", metavar="DIR", help="keep everything in this folder instead of the usual one")
    parser.add_argument("--ask", metavar="QUESTION", help="answer on standard output, without a window")
    parser.add_argument("--connection", metavar="NAME", default="", help="with --ask: the connection to use")
    parser.add_argument("--provider", choices=("gprochat", "openai", "local"), help="instead of a connection")
    parser.add_argument("--url", default="", help="with --provider: the server's address")
    parser.add_argument("--model", metavar="NAME", default="", help="with --ask and --diagnose: the model")
    parser.add_argument(
        "--diagnose",
        metavar="CONNECTION",
        nargs="?",
        const="",
        help="say which hop of the way to a server fails, and which setting to change",
    )
    parser.add_argument("--search", metavar="WORDS", help="print where these words are in the conversations")
    parser.add_argument("--export", metavar="FILE", help="write all conversations to this file")
    parser.add_argument("--format", choices=("json", "html", "markdown"), help="with --export: not by the file’s name")
    parser.add_argument("--import", metavar="FILE", dest="take_in", help="take in the conversations of this file")
    parser.add_argument("--json", action="store_true", help="say it in JSON, instead of to a reader")
    parser.add_argument("--new", action="store_true", help="open a new chat")
    parser.add_argument("--quick", metavar="TEXT", nargs="?", const="", help="ask in a small window, above all others")
    parser.add_argument("--conversation", metavar="ID", help="open this conversation")
    parser.add_argument("--background", action="store_true", help="start without a window, if there is a tray icon")
    parser.add_argument(
        "things", metavar="FILE", nargs="*", help="files to attach, import or take as a model; or a gprochat: link"
    )
    parser.add_argument("--self-test", action="store_true", help="try the installed program and print one JSON line")
    return parser


def _data_dir(given: str | None) -> tuple[Path, str]:
    """Where the program keeps everything, and the keyring's name for it: a folder of its own has secrets of its own."""
    if given:
        folder = Path(given).expanduser().resolve()
        return folder, f"GPROChat {folder}"
    from PySide6.QtCore import QStandardPaths

    shared = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(shared) / "GPROChat", "GPROChat"


def _why_no_folder(data_dir: Path) -> str:
    """Make the folder; one sentence that says why it is of no use, "" if it is of one."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        return f"The data folder {data_dir} cannot be made ({error.strerror})."
    may_read = os.access(data_dir, os.R_OK | os.X_OK)
    if may_read and (data_dir / "history.sqlite3").exists():
        return ""  # what is there can be read at least
    if not may_read or not os.access(data_dir, os.W_OK):
        return f"The data folder {data_dir} cannot be read and written; --data-dir DIR names another."
    return ""


def _refuse(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 1


def _open_window(arguments: argparse.Namespace) -> int:
    from gui.display import why_no_window

    if reason := why_no_window():
        return _refuse(reason)
    _import_first()
    data_dir, namespace = _data_dir(arguments.data_dir)
    if reason := _why_no_folder(data_dir):
        return _refuse(reason)
    from gui.instance import hand_over
    from gui.request import of_arguments

    request = of_arguments(
        arguments.things,
        new=arguments.new,
        quick=arguments.quick,
        conversation=arguments.conversation,
        background=arguments.background,
    )
    if not hand_over(data_dir, request):
        run_window(data_dir, namespace, request=request)
    return 0


def _self_test(folder: str | None) -> int:
    from gui.self_test import run_self_test

    if folder is None:
        return run_self_test(None)
    data_dir, _namespace = _data_dir(folder)
    reason = _why_no_folder(data_dir)
    return _refuse(reason) if reason else run_self_test(data_dir)


def _ask(arguments: argparse.Namespace) -> int:
    from gui.ask import Question, run_ask

    if not arguments.ask.strip():
        return _refuse("There is nothing to ask: the question is empty.")
    if reason := _why_no_server(arguments, arguments.connection):
        return _refuse(reason)
    data_dir, namespace = _data_dir(arguments.data_dir)
    if reason := _why_no_folder(data_dir):
        return _refuse(reason)
    question = Question(arguments.ask, arguments.connection, arguments.provider, arguments.url, arguments.model)
    return run_ask(question, data_dir, namespace)


def _why_no_server(arguments: argparse.Namespace, connection: str) -> str:
    """One sentence if the arguments do not name one server, "" if they do."""
    if arguments.url and not arguments.provider:
        return "--url needs to know what kind of server it is: --provider gprochat or openai."
    if arguments.provider and connection:
        return "--provider and a connection name two servers; give one of them."
    if arguments.provider in {"gprochat", "openai"} and not arguments.url:
        return f"--provider {arguments.provider} needs the server's address: --url URL."
    return ""


def _diagnose(arguments: argparse.Namespace) -> int:
    from gui.ask import Question
    from gui.check import run_diagnose

    if reason := _why_no_server(arguments, arguments.diagnose):
        return _refuse(reason)
    data_dir, namespace = _data_dir(arguments.data_dir)
    question = Question("", arguments.diagnose, arguments.provider, arguments.url, arguments.model)
    return run_diagnose(question, data_dir, namespace, as_json=arguments.json)


def _search(arguments: argparse.Namespace) -> int:
    from gui.find import run_search

    data_dir, _namespace = _data_dir(arguments.data_dir)
    return run_search(arguments.search, data_dir, as_json=arguments.json)


def _export(arguments: argparse.Namespace) -> int:
    from gui.give import run_export

    data_dir, _namespace = _data_dir(arguments.data_dir)
    return run_export(Path(arguments.export).expanduser(), arguments.format, data_dir, as_json=arguments.json)


def _import(arguments: argparse.Namespace) -> int:
    from gui.give import run_import

    data_dir, _namespace = _data_dir(arguments.data_dir)
    if reason := _why_no_folder(data_dir):
        return _refuse(reason)
    return run_import(Path(arguments.take_in).expanduser(), data_dir, as_json=arguments.json)


def make_application() -> QApplication:
    """The one QApplication, named for the desktop."""
    from PySide6.QtWidgets import QApplication

    # Not setStyle: it returns a QStyle, and making that class with all its enumerations takes 10 ms.
    application = QApplication([*sys.argv[:1], "-style", "Fusion"])
    application.setApplicationName("GPROChat")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("gprochat")
    # The loop ends its tasks first; closing the last dialog must not end the program either.
    application.setQuitOnLastWindowClosed(False)
    return application


def run_window(
    data_dir: Path,
    namespace: str,
    visit: Callable[[MainWindow, Parts], Awaitable[Result]] | None = None,
    application: QApplication | None = None,
    request: Request | None = None,
) -> Result | None:
    """Show the window until it is closed; or until `visit`, which is handed it, returns. `request`: what is wanted at
    this start, if it is more than that; it may be that no window is to be seen.
    """
    # The order is for the eye. First the modules without Qt: PySide6 reads the source of each one that is imported
    # after it. Then the window, made of what its first paint needs, and painted. asyncio, the network and the history
    # cost as much time again: they come when there is something to see, and until then no task can run. Nor is the
    # namespace QtCore.Qt made before, whose enumerations alone are a tenth of the start: so style.qss says what would
    # need them, and the windows write QtCore.Qt where they use it. tests/test_startup.py holds all this.
    with ExitStack() as ending:
        # There is nothing to collect yet, and it would be looked for forty times.
        gc.disable()
        ending.callback(gc.enable)  # the last of all: see windows/garbage.py
        _import_first()
        application = application or make_application()
        window, parts = _paint_window(application, data_dir, namespace, ending, request)
        from gui.loop import run_loop

        result = run_loop(application, window, parts, visit, request)
        del window, parts
        return result


def _import_first() -> None:
    for name in FIRST:
        importlib.import_module(name)


def _paint_window(
    application: QApplication, data_dir: Path, namespace: str, ending: ExitStack, request: Request | None
) -> tuple[MainWindow, Parts]:
    from shiboken6 import delete

    from gui.settings.connections import Connections
    from gui.settings.preferences import Preferences
    from gui.windows.first_paint import paint
    from gui.windows.garbage import Garbage
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from gui.windows.tasks import Tasks
    from gui.windows.theme import Appearance

    def present(error: GProChatError) -> None:
        window.present(error)

    ending.callback(Garbage().end)
    preferences = Preferences(data_dir / "preferences.json")
    ending.callback(_install_translation(application, preferences.get("language")))
    appearance = Appearance(application, preferences, draw_icons=False)
    ending.callback(appearance.end)
    connections = Connections(data_dir / "connections.json")
    parts = Parts(data_dir, namespace, preferences, connections, appearance, Tasks(present))
    window = MainWindow(parts)
    ending.callback(delete, window)
    ending.callback(_report_bugs(window))
    if request is None or request.needs_window:
        paint(window)
    window.complete()
    appearance.draw_icons()
    return window, parts


def _install_translation(application: QApplication, language: str) -> Callable[[], None]:
    """Returns what takes it back."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    from gui.windows.theme import RESOURCES

    locale = QLocale.system() if language == "system" else QLocale(language)
    before = QLocale()
    QLocale.setDefault(locale)
    installed = []
    for name, folder in (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("gprochat", str(RESOURCES / "translations")),
    ):
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)
            installed.append(translator)

    def remove() -> None:
        QLocale.setDefault(before)
        for translator in installed:
            application.removeTranslator(translator)

    return remove


def _report_bugs(window: MainWindow) -> Callable[[], None]:
    """What is raised in a slot, and what nobody expected in a task, is told. Returns what takes that back."""
    from gui.errors import GProChatError

    def show(_kind: type[BaseException], error: BaseException, _where: TracebackType | None) -> None:
        if isinstance(error, GProChatError):
            window.present(error)
            return
        import logging

        logging.getLogger("gprochat").error("A bug", exc_info=error)
        window.present_bug(type(error).__name__)

    def forget() -> None:
        sys.excepthook = before

    before, sys.excepthook = sys.excepthook, show
    return forget
