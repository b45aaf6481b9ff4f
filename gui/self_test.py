"""The program proves itself: the real window, a real request over loopback, the real history, the keyring found."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui import __version__
from gui.app import run_window
from gui.conversation import Role, State
from gui.display import why_no_window
from gui.errors import GProChatError
from gui.settings.connections import Connection

if TYPE_CHECKING:
    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

WORDS = tuple(f"word{number} " for number in range(40))
SECRET_KEY = "self-test"  # noqa: S105 -- of the server below, which lives as long as the test
LIMIT = 30.0
"""Seconds the whole test may take."""

PAC = "function FindProxyForURL(url, host) { return 'PROXY ' + host + ':3128'; }"
PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>> endobj
4 0 obj <</Length 27>> stream
BT /F 9 Tf (readable) Tj ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj
trailer <</Root 1 0 R>>
startxref
0
%%EOF
"""


def run_self_test(data_dir: Path | None) -> int:
    """Print one JSON line and return 0 if all of it held, else 1. Without `data_dir` in a folder of its own."""
    if why_no_window():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="gprochat-") as temporary:
        # Nothing of the person's is touched: conversations and connections of the test are in a folder of its own.
        folder = (data_dir or Path(temporary)).resolve()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        report = run_window(folder, f"GPROChat {folder}", _visit) or {}
    sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    return 0 if report.get("ok") else 1


async def _visit(window: MainWindow, parts: Parts) -> dict[str, Any]:
    started = time.monotonic()
    report: dict[str, Any] = {"ok": False, "version": __version__, "streamed": False, "kept": False}
    report["keyring"] = await _keyring(parts)
    try:
        async with asyncio.timeout(LIMIT):
            await _converse(window, parts, report)
            report["parts"] = await _parts(parts.data_dir)
    except (GProChatError, TimeoutError, OSError) as error:
        report["error"] = str(error) or type(error).__name__
    report["seconds"] = round(time.monotonic() - started, 3)
    report["ok"] = report["streamed"] and report["kept"] and all(report.get("parts", {"none": False}).values())
    return report


async def _parts(folder: Path) -> dict[str, bool]:
    """What is loaded by its name, late, or in a process of its own: what a packaged program may have lost."""
    from PySide6.QtCore import QCollator, QLocale, QTranslator
    from PySide6.QtGui import QImageReader

    from gui.chat.attachments import read_text
    from gui.markdown.highlight import runs
    from gui.markdown.math import FORMULAS
    from gui.settings.pac import find_proxy
    from gui.windows.theme import RESOURCES

    pdf, script = folder / "self-test.pdf", folder / "self-test.pac"
    try:
        pdf.write_bytes(PDF)
        script.write_text(PAC, "utf-8")
        return {
            "code": ("def", "keyword") in runs("def f(): ...", "python"),
            "formulas": FORMULAS.get(r"$\sqrt{x^2} \ne 1$") is not None,
            "pdf": read_text(pdf).text == "readable",
            "pac": await find_proxy(script.as_uri(), "http", "a.test", 80) == "http://a.test:3128",
            "collation": QCollator(QLocale("ru")).compare("ё", "ж") < 0,
            "languages": QTranslator().load("gprochat_ru", str(RESOURCES / "translations")),
            "pictures": {b"jpeg", b"png", b"svg", b"webp"}
            <= {bytes(one.data()) for one in QImageReader.supportedImageFormats()},
        }
    finally:
        pdf.unlink(missing_ok=True)
        script.unlink(missing_ok=True)


async def _converse(window: MainWindow, parts: Parts, report: dict[str, Any]) -> None:
    from gui.providers.loopback import loopback_server

    async with loopback_server(WORDS, SECRET_KEY) as url:
        parts.connections.save(Connection("self-test", "Self-test", "gprochat", url))
        parts.routes.give({"secret_key": SECRET_KEY})
        try:
            window.new_chat()
            pane = window.pane
            await parts.tasks.spawn(pane.choose("self-test", ""))
            pane.composer.set_text("Does it work?")
            pane.composer.button.click()
            seen: set[int] = set()
            while not (reply := pane.last_reply()) or reply.state is State.RUNNING:
                shown = pane.transcript.toPlainText()
                seen.add(sum(word.strip() in shown.split() for word in WORDS))
                await asyncio.sleep(0.01)
            report["streamed"] = len(seen) > 3 and "".join(WORDS).strip() in pane.transcript.toPlainText()  # noqa: PLR2004
            report["steps"] = len(seen)
            history = await parts.history
            kept = await history.branch(pane.conversation.id)
            report["kept"] = [(one.role, one.text, one.state) for one in kept] == [
                (Role.USER, "Does it work?", State.COMPLETE),
                (Role.ASSISTANT, "".join(WORDS), State.COMPLETE),
            ]
        finally:
            parts.connections.remove("self-test")


async def _keyring(parts: Parts) -> str:
    try:
        return await parts.secrets.backend_name()
    except GProChatError as error:
        return type(error).__name__
