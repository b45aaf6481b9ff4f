"""A bare Debian in a folder, with a person on it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

CACHE = Path(__file__).parents[2] / ".cache"
LIMIT = 900.0
"""Seconds for one command."""

# All that is mounted is gone with the last process of the command.
MOUNTED = """
set -e
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
mkdir -p "$0/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"
if [ "$1" = alone ]; then ip link set lo up; fi
root=$0 user=$2
shift 2
exec chroot --userspec="$user" --groups="" "$root" "$@"
"""


class Failed(Exception):
    """A command on the machine; says what it said."""


class Machine:
    """Context manager: a fresh copy of Debian `suite`, gone at the end."""

    def __init__(self, suite: str, display: str) -> None:
        self.suite = suite
        self.root = CACHE / "machines" / suite
        self.home = self.root / "home" / "person"
        self.data = self.home / ".local" / "share" / "GPROChat"
        self._display = display

    def __enter__(self) -> Machine:
        bare = CACHE / "roots" / self.suite
        if not (bare / "etc" / "debian_version").is_file():
            made = bare.with_name(f".{self.suite}")
            shutil.rmtree(made, ignore_errors=True)
            made.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["debootstrap", "--variant=minbase", self.suite, str(made)], check=True)
            made.rename(bare)
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.parent.mkdir(exist_ok=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(bare), str(self.root)], check=True)
        shutil.copy("/etc/resolv.conf", self.root / "etc" / "resolv.conf")
        (self.root / "etc" / "hosts").write_text("127.0.0.1 localhost\n")  # which the installer of a Debian writes
        self.as_root("useradd", "--create-home", "--uid", "1000", "person")
        self.as_root("install", "-d", "-o", "person", "-m", "700", "/run/user/1000")
        self.as_root("apt-get", "-q", "update")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    def as_root(self, *command: str) -> str:
        """What it says. Raises Failed."""
        told = subprocess.run(
            self._on(*command, user="0:0", alone=False),
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return _said(command, told)

    def install(self, *packages: str) -> None:
        self.as_root("apt-get", "-q", "-y", "--no-install-recommends", "install", *packages)

    def install_file(self, package: Path) -> None:
        """As `apt install ./package` does it, with what it depends on."""
        shutil.copy(package, self.root / "tmp" / package.name)
        self.install(f"/tmp/{package.name}")
        (self.root / "tmp" / package.name).unlink()

    def start(self, *command: str, alone: bool = True) -> subprocess.Popen[str]:
        """A command of the person; `alone`: without a network."""
        return subprocess.Popen(
            self._on(*command, user="1000:1000", alone=alone),
            env={
                "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
                "HOME": "/home/person",
                "USER": "person",
                "LC_ALL": "C.UTF-8",
                "DISPLAY": self._display,
                "XDG_RUNTIME_DIR": "/run/user/1000",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str, alone: bool = True) -> str:
        """What a command of the person says. Raises Failed."""
        process = self.start(*command, alone=alone)
        out, err = process.communicate(timeout=LIMIT)
        return _said(command, subprocess.CompletedProcess(command, process.returncode, out, err))

    def _on(self, *command: str, user: str, alone: bool) -> list[str]:
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *(["--net"] if alone else [])]
        return [*apart, "sh", "-c", MOUNTED, str(self.root), "alone" if alone else "connected", user, *command]


def _said(command: tuple[str, ...], told: subprocess.CompletedProcess[str]) -> str:
    if told.returncode:
        raise Failed(
            f"{' '.join(command)}: exit status {told.returncode}\n{told.stdout[-2000:]}\n{told.stderr[-2000:]}"
        )
    return told.stdout
