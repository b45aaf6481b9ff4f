"""What the folder is made of: each part with its version and licence, as a CycloneDX bill and as texts for a person.

The parts are found by the files that were taken: Python's distributions know theirs, and so does dpkg. Runs with
.venv's Python, in PyInstaller's recipe.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMON = Path("/usr/share/common-licenses")
_TEXT = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)", re.IGNORECASE)
_OF_A_CLASSIFIER = {"MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0"}


@dataclass(frozen=True, order=True)
class Part:
    """`purl` is its package URL; `text` all that it says of its licence, "" where it says nothing."""

    name: str
    version: str
    licence: str
    purl: str
    text: str


def write(taken: Iterable[tuple[str, str]], root: Path, folder: Path) -> list[Path]:
    """The bill (sbom.cdx.json) and the licences (licences.json) of what was taken, in `folder`.

    `taken`: where each file is put, and where it is from.
    """
    taken = list(taken)
    sources = {Path(source).resolve() for _place, source in taken}
    # A module is compiled on its way, and is from elsewhere then.
    modules = {place.removesuffix("c") for place, _source in taken if place.endswith(".pyc")}
    parts = sorted({python(), starter(), *distributions(sources, modules), *system_packages(sources), *models(root)})
    folder.mkdir(parents=True, exist_ok=True)
    bill, licences = folder / "sbom.cdx.json", folder / "licences.json"
    bill.write_text(json.dumps(cyclonedx(parts, root), indent=1), "utf-8")
    told = [{"name": one.name, "version": one.version, "licence": one.licence, "text": one.text} for one in parts]
    licences.write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")
    return [bill, licences]


def python() -> Part:
    """The interpreter and its library."""
    places = (Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path(sys.base_prefix, "LICENSE.txt"))
    version = ".".join(map(str, sys.version_info[:3]))
    return Part("Python", version, "PSF-2.0", f"pkg:generic/python@{version}", _first_text(places))


def starter() -> Part:
    """What starts Python is PyInstaller's, whose licence lets it go into any program."""
    return _of_distribution(metadata.distribution("pyinstaller"))


def distributions(sources: set[Path], modules: set[str]) -> Iterable[Part]:
    """Python packages that any of the files, or of the modules, belong to."""
    for found in metadata.distributions():
        files = [file for file in found.files or [] if file.suffix != ".txt"]
        own = {Path(str(found.locate_file(file))).resolve() for file in files}
        if found.name != "gprochat" and (own & sources or modules & {file.as_posix() for file in files}):
            yield _of_distribution(found)


def system_packages(sources: set[Path]) -> Iterable[Part]:
    """Debian's packages that libraries among `sources` were taken from."""
    taken = [str(file) for file in sources if re.match(r"/(usr/)?lib/", str(file))]
    if not taken or not COMMON.is_dir():
        return
    # A merged /usr: dpkg knows some of them by their old place.
    asked = [place for file in taken for place in (file, file.removeprefix("/usr"))]
    told = subprocess.run(["dpkg", "-S", *asked], capture_output=True, text=True, check=False).stdout
    for name in sorted(set(re.findall(r"^([^:\s]+)(?::\w+)?: ", told, re.MULTILINE))):
        form = "${source:Package} ${Version}\n"
        source, version = (
            subprocess.run(["dpkg-query", "-W", "-f", form, name], capture_output=True, text=True, check=True)
            .stdout.splitlines()[0]
            .split()
        )
        text = _first_text([Path("/usr/share/doc", name, "copyright")])
        named = sorted(set(re.findall(r"^License: *(\S+)", text, re.MULTILINE)))
        licence = " AND ".join(named) or "see its text"
        yield Part(name, version, licence, f"pkg:deb/debian/{name}@{version}?upstream={source}", text)


def models(root: Path) -> Iterable[Part]:
    """The embedded ones, which only the full installers bring."""
    for one in tomllib.loads((root / "resources" / "models.toml").read_text("utf-8"))["model"]:
        text = _first_text([COMMON / one["licence"]])
        purl = f"pkg:generic/{one['name']}?checksum=sha256:{one['sha256']}"
        yield Part(one["file"], "", one["licence"], purl, f"In the installers that bring it. {one['source']}\n\n{text}")


def cyclonedx(parts: list[Part], root: Path) -> dict[str, object]:
    """CycloneDX 1.6. Without a serial number and a time: the same parts make the same bill."""
    known = re.search(r'__version__ = "(.+)"', (root / "gui" / "__init__.py").read_text("utf-8"))
    assert known
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "GPROChat", "version": known[1], "bom-ref": "gprochat"}
        },
        "components": [
            {
                "type": "machine-learning-model" if one.name.endswith(".gguf") else "library",
                "bom-ref": one.purl,
                "name": one.name,
                **({"version": one.version} if one.version else {}),
                "purl": one.purl,
                "licenses": [{"license": {"name": one.licence}}],
            }
            for one in parts
        ],
    }


def _of_distribution(found: metadata.Distribution) -> Part:
    about = found.metadata
    said = next((text for name in ("License-Expression", "License") for text in about.get_all(name) or []), "")
    classified = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if line.startswith("License")
    ]
    licence = said if said and "\n" not in said else " OR ".join(_OF_A_CLASSIFIER.get(one, one) for one in classified)
    files = [Path(str(found.locate_file(file))) for file in found.files or [] if _TEXT.match(file.name)]
    text = "\n\n".join(file.read_text("utf-8", "replace") for file in files if file.is_file() and file.suffix != ".py")
    if not text:
        text = "\n\n".join(_first_text([COMMON / name]) for name in ("LGPL-3", "GPL-3") if name[:4] in licence)
    return Part(
        found.name, found.version, licence or "see its text", f"pkg:pypi/{found.name.lower()}@{found.version}", text
    )


def _first_text(places: Iterable[Path]) -> str:
    return next((place.read_text("utf-8", "replace") for place in places if place.is_file()), "")
