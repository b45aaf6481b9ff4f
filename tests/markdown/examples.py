"""The examples that `packaging/markdown_examples.py` fetches; without them, the tests that need them fail."""

from __future__ import annotations

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".cache" / "markdown-examples"


def examples() -> dict[str, str]:
    """CommonMark's by their number, and those that markdown-it-py has of tables by their title, GitHub's among them."""
    numbered = json.loads((FOLDER / "commonmark.json").read_text("utf-8"))
    # A line with the title, the text and what becomes of it, each closed by a line with a point.
    titled = re.findall(
        r"^([^\n]+)\n\.\n(.*?\n)\.\n.*?^\.$", (FOLDER / "tables.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return {str(one["example"]): one["markdown"] for one in numbered} | dict(titled)
