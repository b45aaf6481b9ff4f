"""Runs before main.py in the packaged program: what its start needed is not for the programs that it starts.

A browser would otherwise load our libraries and Qt's plugins, and a second GPROChat would not start as one of its own.
"""

import os


def _forget() -> None:
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]
    for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
        os.environ.pop(name, None)
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before


_forget()
