"""No secret is anywhere but in the keyring: the whole program runs with marked ones, and all it leaves is searched."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from typing_extensions import override

if TYPE_CHECKING:
    from tests.servers.secret_service import SecretService

ROOT = Path(__file__).resolve().parents[2]
MARKS = {
    "secret_key": "mark/Key=7f3a91",
    "password": "mark Site=8c2b70",
    "api_key": "sk-mark-9d1e55",
    "proxy_user": "mark-user-4e",
    "proxy_password": "mark:Proxy@6a0f12",
}
LIMIT = 150.0  # s


def forms() -> list[bytes]:
    """Each secret (a user name is none) as it may be written: plain, in URLs, in JSON, in Basic's base 64."""
    found = set()
    secrets = [mark for name, mark in MARKS.items() if name != "proxy_user"]
    for secret in (*secrets, f"{MARKS['proxy_user']}:{MARKS['proxy_password']}"):
        found |= {secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1]}
        found.add(base64.b64encode(secret.encode()).decode())
    return [form.encode() for form in found]


class Relatives(threading.Thread):
    """Looks at a process and all its children while they live: command lines, and the children's environment."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.seen: dict[int, bytes] = {}
        self.over = threading.Event()

    @override
    def run(self) -> None:
        while not self.over.wait(0.02):
            for pid in self._family():
                for name in ("cmdline", "environ"):
                    try:
                        told = Path(f"/proc/{pid}/{name}").read_bytes()
                    except OSError:
                        continue
                    if told not in self.seen.get(pid, b""):
                        self.seen[pid] = self.seen.get(pid, b"") + told

    def _family(self) -> list[int]:
        family = [self.pid]
        for pid in family:
            try:
                for task in Path(f"/proc/{pid}/task").glob("*/children"):
                    family += [int(child) for child in task.read_text().split()]
            except OSError:  # it has ended
                continue
        return family


@pytest.mark.timeout(LIMIT + 20)
def test_no_mark_of_a_secret_is_left_anywhere(secret_service: SecretService, tmp_path: Path) -> None:
    places = [tmp_path, secret_service.folder]
    temporary = tmp_path / "tmp"
    data_dir = tmp_path / "data"
    for folder in (temporary, data_dir):
        folder.mkdir()
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(temporary),
        "PYTHONFAULTHANDLER": "1",
        "PYTHONASYNCIODEBUG": "1",
    }
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.secrets.marked_program"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    relatives = Relatives(program.pid)
    relatives.start()
    try:
        told = json.dumps({"data_dir": str(data_dir), **MARKS}).encode() + b"\n"
        out, err = program.communicate(told, timeout=LIMIT)
    finally:
        program.kill()
        relatives.over.set()
        relatives.join()
    assert program.returncode == -signal.SIGABRT, err.decode()[-3000:]
    done = re.search(rb"done (\d+)\n", out)
    assert done is not None
    assert int(done[1]) >= 90
    assert b"Fatal Python error: Aborted" in err, "there is no crash report to look at"
    assert b"ValueError" in err, "there is no traceback to look at"
    assert len(relatives.seen) > 1, "no child was seen"
    assert any(b"GPROCHAT_ENGINE_KEY" in seen for seen in relatives.seen.values())

    files = [file for place in places for file in place.rglob("*") if file.is_file()]
    assert {"history.sqlite3", "connections.json", "preferences.json"} <= {file.name for file in files}
    searched = {
        "standard output and clipboard": out,
        "standard error": err,
        **{f"process {pid}": seen for pid, seen in relatives.seen.items()},
        **{str(file): file.read_bytes() for file in files},
    }
    found = [(where, form) for where, what in searched.items() for form in forms() if form in what]
    assert found == []
