"""`python -m tests.installed PACKAGE.deb OLDER.deb ARCHIVE.tar.xz [SUITE…]`; pictures go beside PACKAGE."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import AsyncExitStack, closing
from pathlib import Path

from gui.settings.connections import Connection, Connections
from tests.installed.machine import Failed, Machine
from tests.installed.screen import Screen
from tests.servers.certificates import Authority
from tests.servers.openai import OpenAIServer, stream
from tests.servers.proxies import behind_tls

SUITES = ("bookworm", "trixie")
LIMIT = 120.0
"""Seconds until a reply is there, or a program has ended."""

ENTRY = "/usr/share/applications/gprochat.desktop"
# The entry's own launcher does not wait for what it starts, and nothing outlives the command here.
LAUNCH = f"gio launch {ENTRY}; sleep 1; while ls -l /proc/*/exe 2>/dev/null | grep -q lib/gprochat; do sleep 0.3; done"
KEYRING = 'printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'
WITH_KEYRING = ("dbus-run-session", "--", "sh", "-c", KEYRING, "sh")


def main(arguments: list[str]) -> int:
    if os.geteuid() != 0:
        print("Only root may make a machine of its own; nothing was tried.")
        return 1
    package, older, archive = (Path(name).resolve() for name in arguments[:3])
    with Screen() as screen:
        for suite in arguments[3:] or SUITES:
            pictures = package.with_name("pictures")
            pictures.mkdir(exist_ok=True)
            try:
                fresh(Trial(suite, screen, pictures), package, archive)
                upgraded(Trial(suite, screen, pictures), package, older)
            except (Failed, AssertionError, subprocess.SubprocessError) as failure:
                print(f"✗ {suite}: {failure!r}\n{failure}")
                screen.picture(pictures / f"{suite}-failed.png")
                return 1
    return 0


class Trial:
    """What is done with the program on one machine, a line printed for each thing that held."""

    def __init__(self, suite: str, screen: Screen, pictures: Path) -> None:
        self.machine = Machine(suite, screen.display)
        self._screen = screen
        self._pictures = pictures
        self._running: subprocess.Popen[str] | None = None

    def held(self, what: str) -> None:
        print(f"✓ {self.machine.suite}: {what}", flush=True)

    def open(self) -> None:
        """From its entry in the menu, without a network."""
        self._running = self.machine.start("sh", "-c", LAUNCH)
        self._screen.focus("GPROChat")

    def close(self) -> None:
        assert self._running is not None
        self._screen.press("ctrl+q")
        _out, err = self._running.communicate(timeout=LIMIT)
        assert self._running.returncode == 0, err

    def ask(self, question: str) -> str:
        """The reply of the embedded model."""
        before = len(self.replies())
        self._screen.type(question)
        self._screen.press("Return")
        until = time.monotonic() + LIMIT
        while len(replies := self.replies()) == before:
            assert time.monotonic() < until, "no reply"
            time.sleep(0.5)
        time.sleep(1.0)
        return replies[-1]

    def replies(self) -> list[str]:
        """Those that are whole."""
        file = self.machine.data / "history.sqlite3"
        if not file.exists():
            return []
        with closing(sqlite3.connect(file)) as history:
            asked = "SELECT text FROM message WHERE role = 'assistant' AND state = 'complete' ORDER BY number"
            return [text for (text,) in history.execute(asked)]

    def picture(self, name: str) -> None:
        self._screen.picture(self._pictures / f"{self.machine.suite}-{name}.png")

    def has(self, words: str) -> bool:
        return words in self.machine.run("gprochat", "--search", words, "--json")


def fresh(trial: Trial, package: Path, archive: Path) -> None:
    with trial.machine as machine:
        machine.install_file(package)
        machine.run("sh", "-c", "! command -v python3 && ! command -v python")
        trial.held("installed on a machine without a Python")
        report = json.loads(machine.run("gprochat", "--self-test"))
        assert report["ok"], report
        trial.held(f"the self-test: {json.dumps(report)}")
        machine.install("libglib2.0-bin")
        trial.open()
        trial.picture("first-start")
        reply = trial.ask("What is the capital of France?")
        trial.picture("first-reply")
        trial.held(f"started from its entry, answered without a network: {reply!r}")
        trial.close()
        trial.open()
        trial.picture("second-start")
        trial.close()
        assert trial.has("capital of France")
        trial.held("the conversation is there after another start")
        keyring_and_tls(trial)
        machine.as_root("apt-get", "-q", "-y", "remove", "gprochat")
        assert not (machine.root / "usr" / "lib" / "gprochat").exists(), "the program was left"
        assert trial.replies()[0] == reply, "the data was not left"
        trial.held("removed, and the data is left")
        unpacked(trial, archive)
        machine.install_file(package)
        assert trial.has("capital of France")
        trial.held("installed again, the conversation is there")


def unpacked(trial: Trial, archive: Path) -> None:
    """The archive, in a folder with a blank in its name."""
    folder = trial.machine.home / "my programs"
    folder.mkdir()
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    (program,) = folder.glob("*/gprochat")
    place = f"/{program.relative_to(trial.machine.root)}"
    assert json.loads(trial.machine.run(place, "--self-test"))["ok"]
    reply = trial.machine.run(place, "--ask", "Say hello.")
    trial.held(f"the archive runs from “my programs”: {reply!r}")
    shutil.rmtree(folder)


def upgraded(trial: Trial, package: Path, older: Path) -> None:
    with trial.machine as machine:
        machine.install_file(older)
        machine.install("libglib2.0-bin")
        before = machine.run("gprochat", "--version")
        trial.open()
        reply = trial.ask("Name a colour.")
        trial.close()
        machine.install_file(package)
        now = machine.run("gprochat", "--version")
        assert now != before
        trial.open()
        trial.picture("upgraded")
        trial.close()
        assert trial.replies() == [reply]
        assert trial.has("Name a colour")
        trial.held(f"upgraded from {before.strip()} to {now.strip()}, the conversation is there")


def keyring_and_tls(trial: Trial) -> None:
    """A key out of a real keyring, to a server whose authority only the system knows."""
    machine = trial.machine
    machine.install("dbus", "gnome-keyring", "libsecret-tools")
    report = json.loads(machine.run(*WITH_KEYRING, "gprochat", "--self-test"))
    assert report["keyring"] == "Secret Service", report
    authority = Authority(machine.root.parent / "authority")
    asyncio.run(_key_and_tls(trial, authority))
    shutil.rmtree(authority.file.parent)
    trial.held(f"the keyring is found ({report['keyring']}), and its key is sent over TLS by the system's trust")


async def _key_and_tls(trial: Trial, authority: Authority) -> None:
    machine = trial.machine
    script = (
        "printf the-key | secret-tool store --label=key service GPROChat username connection/tls/api_key"
        " && gprochat --ask Who --connection TLS"
    )
    context = authority.issue("localhost").server_context()
    async with AsyncExitStack() as servers:
        server = await servers.enter_async_context(OpenAIServer(stream("It ", "is ", "me."), key="the-key"))
        plain = server.url.removeprefix("http://").removesuffix("/v1")
        address = await servers.enter_async_context(behind_tls(plain, context))
        one = Connection("tls", "TLS", "openai", f"https://{address}/v1", "one", secrets=("api_key",))
        Connections(machine.data / "connections.json").save(one)
        machine.as_root("chown", "-R", "person", "/home/person")
        said = await asyncio.to_thread(machine.run, *WITH_KEYRING, "sh", "-c", f"{script} 2>&1 || true", alone=False)
        assert "certificate" in said, f"an unknown authority was trusted: {said}"
        shutil.copy(authority.file, machine.root / "usr" / "local" / "share" / "ca-certificates" / "test.crt")
        await asyncio.to_thread(machine.as_root, "update-ca-certificates")
        said = await asyncio.to_thread(machine.run, *WITH_KEYRING, "sh", "-c", script, alone=False)
        assert said == "It is me.\n", said
    (machine.data / "connections.json").unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
