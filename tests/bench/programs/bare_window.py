"""The least that a window with text can be: a QMainWindow with a QTextEdit.

`python -m tests.bench.programs.bare_window paint|memory`: what the first paint took; or the memory of the idle window.
"""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow, QTextEdit

from tests.bench.programs.report import IDLE, painted, pss, say_and_leave

application = QApplication(sys.argv[:1])
# No class statement: what marks an override in one is an import that a bare window has no use for.
Painted = type("Painted", (QMainWindow,), {"paintEvent": lambda _window, _event: painted()})
window = Painted() if sys.argv[1] == "paint" else QMainWindow()
window.setCentralWidget(QTextEdit())
window.resize(1120, 760)
window.show()
if sys.argv[1] == "memory":
    from PySide6.QtCore import QTimer

    QTimer.singleShot(round(IDLE * 1000), lambda: say_and_leave({"bytes": pss()}))
application.exec()
