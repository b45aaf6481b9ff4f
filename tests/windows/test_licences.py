from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from gui.windows.dialogs import about
from gui.windows.dialogs.about import AboutDialog
from gui.windows.dialogs.licences import LicencesDialog

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts
    from tests.windows.conftest import Visit

PARTS = [
    {"name": "Python", "version": "3.11.7", "licence": "PSF-2.0", "text": "A long text."},
    {"name": "Qt", "version": "6.11", "licence": "LGPL-3.0-only", "text": ""},
]


def test_a_packaged_program_shows_the_licence_of_each_part(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "licences.json"
    file.write_text(json.dumps(PARTS), "utf-8")
    monkeypatch.setattr(about, "LICENCES", file)

    async def scenario(window: MainWindow, parts: Parts) -> None:
        dialog = AboutDialog(window)
        dialog.open()
        next(one for one in dialog.findChildren(QPushButton) if one.text() == "Licences").click()
        (shown,) = dialog.findChildren(LicencesDialog)
        assert shown.text.toPlainText() == "PSF-2.0\n\nA long text."
        shown.parts.setCurrentRow(1)
        assert shown.text.toPlainText() == "LGPL-3.0-only"
        dialog.close()

    visit(scenario)
