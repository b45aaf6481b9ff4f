"""With a real pip and a source archive in a folder instead of an index."""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from pathlib import Path

import markdown_examples
import pytest

FILES = {
    "pyproject.toml": '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n'
    '[project]\nname = "examples"\nversion = "1.0"\ndescription = "."\n',
    "PKG-INFO": "Metadata-Version: 2.1\nName: examples\nVersion: 1.0\n",
    "examples.py": "",
    "tests/test_cmark_spec/commonmark.json": "[]",
    "tests/test_port/fixtures/tables.md": "|a|",
    "tests/test_port/fixtures/others.md": "b",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that wants the examples of an archive that pip finds."""
    archive = tmp_path / "index" / "examples-1.0.tar.gz"
    archive.parent.mkdir()
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in FILES.items():
            member = tarfile.TarInfo(f"examples-1.0/{name}")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(archive.parent))
    monkeypatch.setattr(markdown_examples, "REQUIREMENT", "examples==1.0")
    monkeypatch.setattr(markdown_examples, "SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    return tmp_path / "project"


def test_the_examples_are_taken_out_of_the_archive(root: Path) -> None:
    markdown_examples.fetch(Path(sys.executable), root)

    found = {file.name: file.read_text() for file in (root / markdown_examples.FOLDER).iterdir()}
    assert found.keys() == {"requirement", "commonmark.json", "tables.md"}
    assert (found["commonmark.json"], found["tables.md"]) == ("[]", "|a|")


def test_what_is_there_is_not_fetched_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    markdown_examples.fetch(Path(sys.executable), root)
    capsys.readouterr()
    markdown_examples.fetch(Path("no-such-python"), root)

    assert capsys.readouterr().out == ""


def test_an_archive_of_another_hash_is_not_opened(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(markdown_examples, "SHA256", hashlib.sha256(b"something else").hexdigest())
    markdown_examples.fetch(Path(sys.executable), root)

    assert list((root / markdown_examples.FOLDER).iterdir()) == []
    assert "Some tests will fail without them" in capsys.readouterr().out
