"""A real Syncthing with a home of its own, which speaks to another one over loopback and to nobody else."""

from __future__ import annotations

import os
import socket
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Self

END = 10.0  # seconds until it must have ended

OPTIONS = {
    "globalAnnounceEnabled": "false",
    "localAnnounceEnabled": "false",
    "announceLANAddresses": "false",
    "relaysEnabled": "false",
    "natEnabled": "false",
    "urAccepted": "-1",
    "autoUpgradeIntervalH": "0",
    "crashReportingEnabled": "false",
    "startBrowser": "false",
    "reconnectionIntervalS": "1",
}


class Syncthing:
    """Context manager: it runs while it lives. `shared` is the folder that it keeps equal."""

    def __init__(self, home: Path, shared: Path) -> None:
        self.shared = shared
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"tcp://127.0.0.1:{_free_port()}"
        home.mkdir()
        self._call("generate", "--no-default-folder", "--skip-port-probing")
        self.device_id = self._call("serve", "--device-id").decode().strip()

    def know(self, devices: Sequence[Syncthing]) -> None:
        """Write down with whom it shares; itself among them."""
        file = self._home / "config.xml"
        tree = ElementTree.parse(file)
        root = tree.getroot()
        options = root.find("options")
        gui = root.find("gui/address")
        assert options is not None
        assert gui is not None
        gui.text = f"127.0.0.1:{_free_port()}"
        for name, value in {**OPTIONS, "listenAddress": self.address}.items():
            for old in options.findall(name):
                options.remove(old)
            ElementTree.SubElement(options, name).text = value
        for old in [*root.findall("device"), *root.findall("folder")]:
            root.remove(old)
        folder = ElementTree.SubElement(
            root,
            "folder",
            {"id": "chats", "path": str(self.shared), "type": "sendreceive", "rescanIntervalS": "2"}
            | {"fsWatcherEnabled": "true", "fsWatcherDelayS": "1"},
        )
        for one in devices:
            ElementTree.SubElement(folder, "device", {"id": one.device_id})
            device = ElementTree.SubElement(root, "device", {"id": one.device_id, "compression": "never"})
            ElementTree.SubElement(device, "address").text = one.address
        tree.write(file, "utf-8")

    def __enter__(self) -> Self:
        with (self._home / "log").open("ab") as log:
            arguments = ("serve", "--no-browser", "--no-restart", "--no-default-folder", "--logflags=0")
            self._process = subprocess.Popen(self._command(*arguments), stdout=log, stderr=log, env=self._environment())
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(END)

    @property
    def log(self) -> str:
        """What it said."""
        return (self._home / "log").read_text("utf-8", "replace")

    def _call(self, command: str, *arguments: str) -> bytes:
        done = subprocess.run(
            self._command(command, *arguments), env=self._environment(), capture_output=True, timeout=30, check=True
        )
        return done.stdout

    def _command(self, command: str, *arguments: str) -> list[str]:
        return ["syncthing", command, f"--home={self._home}", *arguments]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "HOME": str(self._home), "STNOUPGRADE": "1", "STNODEFAULTFOLDER": "1"}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
