from __future__ import annotations

import pytest

from gui.markdown.math import Formulas


@pytest.fixture
def formulas_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A formula of an open block is set while one waits: what is drawn then does not depend on another thread."""
    monkeypatch.setattr(Formulas, "ready", lambda formulas, source: formulas.get(source) is not None or True)
