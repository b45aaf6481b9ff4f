"""dev.py as a person starts it, on a copy of the scripts whose set-up is said to be done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import environment
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that is set up for `run`; its main.py prints its arguments."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "resources").mkdir()
    for name in ("pyproject.toml", "resources/models.toml"):
        shutil.copy(ROOT / name, root / name)
    (root / "main.py").write_text("import sys\nprint(sys.argv[1:])\n")
    python = environment.PYTHON.relative_to(environment.ROOT)
    (root / python).parent.mkdir(parents=True)
    (root / python).symlink_to(sys.executable)
    call(root, "-c", "import environment as e; e._stamp('run').write_text(e._fingerprint())")
    return root


def call(root: Path, *arguments: str) -> str:
    surroundings = {**os.environ, "PYTHONPATH": str(root / "packaging")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=root.parent, env=surroundings, check=True, capture_output=True, text=True
    ).stdout


def ready(root: Path, purpose: str) -> bool:
    return call(root, "-c", f"import environment; print(environment.is_ready({purpose!r}))").strip() == "True"


@pytest.mark.skipif(os.name == "nt", reason="links to an interpreter need rights there")
class TestASecondRun:
    @pytest.mark.parametrize("arguments", [["--", "--ask", "Why?"], ["--ask", "Why?"]])
    def test_starts_the_program_at_once_with_its_arguments(self, project: Path, arguments: list[str]) -> None:
        assert call(project, str(project / "packaging" / "dev.py"), "run", *arguments) == "['--ask', 'Why?']\n"

    @pytest.mark.parametrize("name", ["pyproject.toml", "resources/models.toml", "packaging/system_packages.toml"])
    def test_sets_up_again_when_what_is_needed_changes(self, project: Path, name: str) -> None:
        assert ready(project, "run")
        with (project / name).open("a") as file:
            file.write("# changed\n")

        assert not ready(project, "run")

    def test_knows_that_the_folder_was_moved(self, project: Path) -> None:
        moved = project.rename(project.parent / "elsewhere")

        assert not ready(moved, "run")

    def test_needs_more_for_the_tests_than_for_the_program(self, project: Path) -> None:
        assert not ready(project, "dev")


def test_without_a_command_it_lists_them() -> None:
    answer = subprocess.run(
        [sys.executable, ROOT / "packaging" / "dev.py"], check=False, capture_output=True, text=True
    )

    assert answer.returncode == 2
    assert "dev.py run" in answer.stdout


def test_the_supported_versions_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest, highest = environment.SUPPORTED[0], environment.SUPPORTED[-1]

    assert project["requires-python"] == f">={lowest},<3.{int(highest.split('.')[1]) + 1}"
