"""A Secret Service of its own for a test: a private message bus with a real gnome-keyring on it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import secretstorage

if TYPE_CHECKING:
    from typing import Self

    import pytest

PASSWORD = "the keyring's own password"
READY = 10.0  # seconds until the keyring must be up

# No service folders: nothing can be started by the bus, no prompt can appear.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class SecretService:
    """Context manager. While it lives, DBUS_SESSION_BUS_ADDRESS names its bus.

    The folder is its own, short (a socket's path has at most 107 bytes) and gone at the end.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._bus: subprocess.Popen[bytes] | None = None
        self._daemon: subprocess.Popen[bytes] | None = None

    @staticmethod
    def installed() -> bool:
        return bool(shutil.which("dbus-daemon") and shutil.which("gnome-keyring-daemon"))

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="keyring-"))
        self.address = f"unix:path={self.folder / 'bus'}"
        self._monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", self.address)
        try:
            self.start_bus()
            self.start_daemon()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self.kill_bus()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_bus(self) -> None:
        configuration = self.folder / "bus.conf"
        configuration.write_text(_BUS.format(socket=self.folder / "bus"))
        self._bus = subprocess.Popen(
            ["dbus-daemon", "--nofork", "--print-address=1", f"--config-file={configuration}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._bus.stdout is not None
        with self._bus.stdout as ready:
            assert ready.readline()

    def start_daemon(self) -> None:
        """Start the keyring, unlocked. What an earlier one stored is there."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_RUNTIME_DIR": str(self.folder),
            "DBUS_SESSION_BUS_ADDRESS": self.address,
        }
        self._daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdin is not None
        with self._daemon.stdin as unlock:
            unlock.write(PASSWORD.encode())  # a newline would be part of it
        end = time.monotonic() + READY
        with closing(secretstorage.dbus_init()) as bus:
            while not secretstorage.check_service_availability(bus):
                assert time.monotonic() < end, "gnome-keyring did not start"
                assert self._daemon.poll() is None, "gnome-keyring ended"
                time.sleep(0.01)

    def lock(self) -> None:
        """Lock the default collection. Nobody can be asked to unlock it: `kill_daemon`, `start_daemon` does."""
        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()

    def freeze_daemon(self) -> None:
        """From now on it answers nothing, but is still there."""
        _signal(self._daemon, signal.SIGSTOP)

    def thaw_daemon(self) -> None:
        _signal(self._daemon, signal.SIGCONT)

    def freeze_bus(self) -> None:
        _signal(self._bus, signal.SIGSTOP)

    def thaw_bus(self) -> None:
        _signal(self._bus, signal.SIGCONT)

    def kill_daemon(self) -> None:
        _kill(self._daemon)
        self._daemon = None

    def kill_bus(self) -> None:
        """The keyring ends with it; `start_bus` and `start_daemon` bring both back at the same address."""
        _kill(self._bus)
        self._bus = None
        self.kill_daemon()
        (self.folder / "bus").unlink(missing_ok=True)


def _signal(process: subprocess.Popen[bytes] | None, number: signal.Signals) -> None:
    assert process is not None
    process.send_signal(number)


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None:
        process.kill()
        process.wait()
