"""Has the system start the program when the person logs in, in each system's way."""

from __future__ import annotations

import os
import plistlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gui.errors import SettingsUnwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "gprochat"
LABEL = "io.github.gprochat"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


def command(data_dir: Path) -> list[str]:
    """That starts this program again as it was started, in the background."""
    if os.environ.get("APPIMAGE"):
        start = [os.environ["APPIMAGE"]]
    elif getattr(sys, "frozen", False):
        start = [sys.executable]
    else:
        start = [sys.executable, str(Path(sys.argv[0]).resolve())]
    return [*start, "--background", "--data-dir", str(data_dir)]


def set_autostart(start: Sequence[str], *, wanted: bool) -> None:
    """Have `start` run at each login, or nothing any more. Raises SettingsUnwritable."""
    if sys.platform == "win32":
        place = f"HKEY_CURRENT_USER\\{RUN_KEY}"
    else:
        place = str(agent_file() if sys.platform == "darwin" else desktop_file())
    try:
        if sys.platform == "win32":
            _set_run_key(start if wanted else None)
        elif not wanted:
            Path(place).unlink(missing_ok=True)
        else:
            Path(place).parent.mkdir(parents=True, exist_ok=True)
            Path(place).write_bytes(launch_agent(start) if sys.platform == "darwin" else desktop_entry(start))
    except OSError as error:
        raise SettingsUnwritable(file=place, reason=error.strerror or type(error).__name__) from error


def desktop_file() -> Path:
    """Where desktops look for it (XDG)."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart" / f"{NAME}.desktop"


def desktop_entry(start: Sequence[str]) -> bytes:
    lines = ["[Desktop Entry]", "Type=Application", "Name=GPROChat", f"Exec={' '.join(map(_quoted, start))}"]
    return "\n".join([*lines, "Terminal=false", "X-GNOME-Autostart-enabled=true", ""]).encode(
        "utf-8", "surrogateescape"
    )


def _quoted(argument: str) -> str:
    """As the Desktop Entry Specification has it: quoted, and what was escaped for that escaped once more as a value."""
    inner = "".join(f"\\{one}" if one in '"`$\\' else one for one in argument).replace("%", "%%")
    return f'"{inner}"'.replace("\\", "\\\\").replace("\n", "\\n")


def agent_file() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"


def launch_agent(start: Sequence[str]) -> bytes:
    return plistlib.dumps(
        {"Label": LABEL, "ProgramArguments": list(start), "RunAtLoad": True, "ProcessType": "Interactive"}
    )


def _set_run_key(start: Sequence[str] | None) -> None:
    if sys.platform == "win32":
        import subprocess
        import winreg

        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY, 0, winreg.KEY_SET_VALUE) as key:
            if start is not None:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(start))
                return
            try:
                winreg.DeleteValue(key, NAME)
            except FileNotFoundError:
                return
