"""Packages for Linux, all of one tree: .deb by dpkg-deb, .rpm and Arch by nfpm, and a tar.xz that runs from any folder.

Each comes full, with the embedded model, and small, without it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import tomllib
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from build import DIST, FOLDER, ICON, ICONS, moment, version
from environment import ROOT, TOOLS
from steps import run_step

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = ROOT / "packaging" / "linux"
MODELS = Path("_internal", "resources", "models")
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
NAMES = ("gprochat", "gprochat-small")
"""With the embedded model, and without it."""

KINDS = ("deb", "rpm", "archlinux", "tar")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
"""What `uname -m` says, and what Debian and nfpm call it."""


def make(names: tuple[str, ...] = NAMES, kinds: tuple[str, ...] = KINDS, *, quickly: bool = False) -> list[Path]:
    """Packages of dist/gprochat, into dist/; `quickly`: larger than need be. Raises StepFailed."""
    about = tomllib.loads((SOURCE / "package.toml").read_text("utf-8"))
    made = []
    for name in names:
        with tempfile.TemporaryDirectory(dir=DIST, prefix=".tree-") as folder:
            tree = Path(folder, "tree")
            _grow(tree, name, about, full=name == about["name"])
            made += [_PACKERS[kind](tree, name, about, quickly) for kind in kinds]
    return made


def lint(packages: list[Path]) -> None:
    """What Debian's own tools have to say of them. Raises StepFailed."""
    deb = next(one for one in packages if one.suffix == ".deb")
    with tempfile.TemporaryDirectory() as folder:
        run_step(f"Unpacking {deb.name}", ["dpkg-deb", "-x", str(deb), folder])
        share = Path(folder, "usr", "share")
        run_step("Checking the entry for menus", ["desktop-file-validate", *_found(share, "applications/*.desktop")])
        check = ["appstreamcli", "validate", "--no-net", *_found(share, "metainfo/*.xml")]
        run_step("Checking what software centres show", check)
    # By nobody's choice it may not run as root without being told so.
    run_step(f"Checking {deb.name}", ["lintian", "--allow-root", "--fail-on", "error", str(deb)])


def _found(folder: Path, pattern: str) -> list[str]:
    return sorted(map(str, folder.glob(pattern)))


def architecture() -> str:
    """Of this machine, as Debian has it."""
    return ARCHITECTURES[os.uname().machine]


def _grow(tree: Path, name: str, about: dict[str, Any], *, full: bool) -> None:
    """What is on the system afterwards, from / downwards."""
    program = tree / "usr" / "lib" / "gprochat"
    shutil.copytree(FOLDER, program, symlinks=True, ignore=None if full else shutil.ignore_patterns("*.gguf"))
    if full:
        shutil.copytree(ROOT / "resources" / "models", program / MODELS, ignore=shutil.ignore_patterns(".*"))
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "gprochat").symlink_to("../lib/gprochat/gprochat")
    share = tree / "usr" / "share"
    known = {
        "@VERSION@": version(),
        "@DATE@": datetime.fromtimestamp(moment(), UTC).date().isoformat(),
        "@HOMEPAGE@": about["homepage"],
        "@LICENCE@": "".join(f" {line or '.'}\n" for line in (ROOT / "LICENSE").read_text("utf-8").splitlines()[4:]),
    }
    _write(share / "applications" / "gprochat.desktop", _source("gprochat.desktop", known))
    _write(share / "metainfo" / "example.gprochat.GPROChat.metainfo.xml", _source("gprochat.metainfo.xml", known))
    _write(share / "man" / "man1" / "gprochat.1.gz", _zipped(_source("gprochat.1", known)))
    _write(share / "doc" / name / "copyright", _source("copyright", known))
    _write(share / "doc" / name / "changelog.gz", _zipped(_changelog(name, about)))
    _write(share / "doc" / name / "NEWS.gz", _zipped((ROOT / "CHANGELOG.md").read_bytes()))
    _write(share / "lintian" / "overrides" / name, _source("lintian-overrides", {"gprochat:": f"{name}:"}))
    _draw(share / "icons" / "hicolor")
    _settle(tree)


def _changelog(name: str, about: dict[str, Any]) -> bytes:
    """As Debian wants to have it; what changed is told in NEWS."""
    when = format_datetime(datetime.fromtimestamp(moment(), UTC))
    entry = f"{name} ({version()}) stable; urgency=medium\n\n  * See NEWS.gz.\n\n -- {about['maintainer']}  {when}\n"
    return entry.encode()


def _source(name: str, known: dict[str, str]) -> bytes:
    text = (SOURCE / name).read_text("utf-8")
    for mark, value in known.items():
        text = text.replace(mark, value)
    return text.encode()


def _zipped(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _draw(icons: Path) -> None:
    _write(icons / "scalable" / "apps" / "gprochat.svg", ICON.read_bytes())
    for size in SIZES:
        _write(icons / f"{size}x{size}" / "apps" / "gprochat.png", (ICONS / f"{size}.png").read_bytes())


def _settle(tree: Path) -> None:
    """Rights and times that do not depend on who builds it, and when."""
    runs = {"gprochat"}
    for file in [tree, *tree.rglob("*")]:
        if not file.is_symlink():
            file.chmod(0o755 if file.is_dir() or (file.name in runs and file.parent.name == "gprochat") else 0o644)
        os.utime(file, (moment(), moment()), follow_symlinks=False)


def _deb(tree: Path, name: str, about: dict[str, Any], quickly: bool) -> Path:
    control = {
        "Package": name,
        "Version": version(),
        "Architecture": architecture(),
        "Maintainer": about["maintainer"],
        "Installed-Size": str(sum(file.lstat().st_size for file in tree.rglob("*") if not file.is_dir()) // 1024),
        "Section": about["deb"]["section"],
        "Priority": "optional",
        "Homepage": about["homepage"],
        "Depends": ", ".join(about["deb"]["depends"]),
        "Recommends": ", ".join(about["deb"]["recommends"]),
        "Suggests": ", ".join(about["deb"]["suggests"]),
        **{field: _other(name, about) for field in ("Conflicts", "Replaces", "Provides")},
        "Description": about["summary"] + "".join(f"\n {line}" for line in _description(name, about).splitlines()),
    }
    files = sorted(file for file in tree.rglob("*") if file.is_file() and not file.is_symlink())
    sums = "".join(f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.relative_to(tree)}\n" for file in files)
    with tempfile.TemporaryDirectory(dir=tree.parent) as folder:
        whole = Path(folder, "deb")
        whole.mkdir(mode=0o755)
        (tree / "usr").rename(whole / "usr")
        _write(whole / "DEBIAN" / "control", "".join(f"{field}: {text}\n" for field, text in control.items()).encode())
        _write(whole / "DEBIAN" / "md5sums", sums.encode())
        package = DIST / f"{name}_{version()}_{architecture()}.deb"
        packing = [
            "dpkg-deb",
            "--root-owner-group",
            "-Zxz",
            "-z1" if quickly else "-z9",
            "--build",
            str(whole),
            str(package),
        ]
        try:
            run_step(f"Packing {package.name}", packing, {"SOURCE_DATE_EPOCH": str(moment())})
        finally:
            (whole / "usr").rename(tree / "usr")
    return package


def _other(name: str, about: dict[str, Any]) -> str:
    """The package that this one takes the place of: the full of the small, and the other way round."""
    own: str = about["name"]
    return own if name != own else f"{own}-small"


def _description(name: str, about: dict[str, Any]) -> str:
    text: str = about["description"].strip()
    return text if name == about["name"] else f"{text}\n{about['without-model'].strip()}"


def _by_nfpm(kind: str, suffix: str, tree: Path, name: str, about: dict[str, Any], quickly: bool) -> Path:
    package = DIST / f"{name}-{version()}.{os.uname().machine}.{suffix}"
    recipe = {
        "name": name,
        "arch": architecture(),
        "version": version(),
        "maintainer": about["maintainer"],
        "description": f"{about['summary']}\n{_description(name, about)}",
        "homepage": about["homepage"],
        "license": about["licence"],
        "mtime": datetime.fromtimestamp(moment(), UTC).isoformat(),
        "contents": [{"src": str(tree / "usr"), "dst": "/usr", "type": "tree"}],
        "depends": about[kind]["depends"],
        "recommends": about[kind]["recommends"],
        **{field: [_other(name, about)] for field in ("conflicts", "replaces", "provides")},
        "rpm": {"compression": f"zstd:{1 if quickly else 19}", "buildhost": "gprochat"},
        "archlinux": {"packager": about["maintainer"]},
    }
    file = tree.parent / f"nfpm-{kind}.json"
    file.write_text(json.dumps(recipe), "utf-8")  # which is YAML, too
    packing = [str(TOOLS / "nfpm"), "package", "--config", str(file), "--packager", kind, "--target", str(package)]
    run_step(f"Packing {package.name}", packing, {"SOURCE_DATE_EPOCH": str(moment())})
    return package


def _archive(tree: Path, name: str, _about: dict[str, Any], quickly: bool) -> Path:
    """The program's folder alone, in a folder with its version."""
    package = DIST / f"{name}-{version()}-linux-{os.uname().machine}.tar.xz"
    top = f"{name}-{version()}"

    def owned_by_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return entry

    print(f"• Packing {package.name}", flush=True)
    program = tree / "usr" / "lib" / "gprochat"
    with tarfile.open(package, "w:xz", preset=1 if quickly else 9, format=tarfile.GNU_FORMAT) as archive:
        for file in [program, *sorted(program.rglob("*"))]:
            place = Path(top, file.relative_to(program))
            archive.add(file, str(place), recursive=False, filter=owned_by_nobody)
    return package


_PACKERS: dict[str, Callable[[Path, str, dict[str, Any], bool], Path]] = {
    "deb": _deb,
    "rpm": partial(_by_nfpm, "rpm", "rpm"),
    "archlinux": partial(_by_nfpm, "archlinux", "pkg.tar.zst"),
    "tar": _archive,
}
