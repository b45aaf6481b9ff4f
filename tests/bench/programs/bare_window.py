"""The least that a window with text can be: a QMainWindow with a QTextEdit.

`python -m tests.bench.programs.bare_window paint|loop|memory`: what the first paint took; the same on qasync's event
loop, the least that a window with a network can be; the memory of the idle window.
"""

from __future__ import annotations

import sys

if sys.argv[1] == "loop":
    import asyncio  # PySide6 would read the source of what is imported after it

from PySide6.QtWidgets import QApplication, QMainWindow, QTextEdit

from tests.bench.programs.report import IDLE, memory, painted, say_and_leave

application = QApplication(sys.argv[:1])
# No class statement: what marks an override in one is an import that a bare window has no use for.
Painted = type("Painted", (QMainWindow,), {"paintEvent": lambda _window, _event: painted()})
window = QMainWindow() if sys.argv[1] == "memory" else Painted()
window.setCentralWidget(QTextEdit())
window.resize(1120, 760)
window.show()
if sys.argv[1] == "memory":
    from PySide6.QtCore import QTimer

    QTimer.singleShot(round(IDLE * 1000), lambda: say_and_leave({"bytes": memory()}))
if sys.argv[1] == "loop":
    import asyncio

    from qasync import QEventLoop

    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    loop.run_forever()
else:
    application.exec()
