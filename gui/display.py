"""Whether a window can be opened. Qt ends the process with a core dump where it cannot; this asks first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ASK = 'Without a window, ask like this: python3 packaging/dev.py run --ask "your question"'


def why_no_window() -> str:
    """One sentence that says why no window can be opened, "" if one can. Linux and the BSDs only; "" elsewhere."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM", "xcb") not in {"xcb", "wayland"}:
        return ""
    if _wayland_answers():
        return ""
    display = os.environ.get("DISPLAY", "")
    if not display:
        return f"There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set). {ASK}"
    import ctypes  # X11 alone has need of it

    try:
        ctypes.CDLL("libxcb-cursor.so.0")  # Qt's xcb plug-in needs it, and few systems bring it
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return f"A system library for windows is missing ({error}); packaging/dev.py installs it. {ASK}"
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return f"The display {display} does not answer, so no window can be opened. {ASK}" if refused else ""


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name
    import socket  # Wayland alone has need of it

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
