from __future__ import annotations

import json
from pathlib import Path

import bill
import certifi
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def told(tmp_path: Path) -> tuple[dict[str, object], list[dict[str, str]]]:
    """The bill and the licences of a folder that has a file of certifi's and a compiled module of Pygments in it."""
    taken = [("certifi/cacert.pem", certifi.where()), ("pygments/__init__.pyc", "/elsewhere/pygments/__init__.pyc")]
    bill_file, licences = bill.write(taken, ROOT, tmp_path)
    return json.loads(bill_file.read_text("utf-8")), json.loads(licences.read_text("utf-8"))


def test_what_was_taken_is_named_with_its_licence_and_nothing_else_of_python(
    told: tuple[dict[str, object], list[dict[str, str]]],
) -> None:
    parts = {one["name"]: one for one in told[1]}

    assert {"Python", "Pygments", "certifi"} < parts.keys()
    assert "pytest" not in parts
    assert parts["Pygments"]["licence"] == "BSD-2-Clause"
    assert "Redistribution and use" in parts["Pygments"]["text"]


def test_the_bill_has_the_same_parts(told: tuple[dict[str, object], list[dict[str, str]]]) -> None:
    components = told[0]["components"]
    assert isinstance(components, list)

    assert [one["name"] for one in components] == [one["name"] for one in told[1]]
    assert all(one["purl"] and one["licenses"] for one in components)
