"""A drive that is full, and one that takes nothing, as far as this machine lets a test have one."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gui.override import override

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 1024  # KiB


class SmallDrive:
    """`fill` it, and nothing more can be written to it until `make_room`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        # Without a buffer, which would be written once more when the file is closed.
        with self._filler.open("ab", buffering=0) as filler:
            for size in (4096, 1):
                try:
                    while filler.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        self._filler.unlink()


class LimitedFiles(SmallDrive):
    """Where nothing may be mounted: files that cannot grow. The limit is this process's own."""

    @override
    def fill(self) -> None:
        import resource

        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, self._before[1]))

    @override
    def make_room(self) -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


@contextmanager
def write_protected(folder: Path) -> Iterator[None]:
    """Nothing in `folder` can be changed by this process: mounted so, or where nothing may be mounted by its mode."""
    bind = ["mount", "--bind", str(folder), str(folder)]
    if subprocess.run(bind, capture_output=True, check=False).returncode == 0:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    folder.chmod(0o500)
    try:
        assert not os.access(folder, os.W_OK), "root who may not mount can have no folder protected"
        yield
    finally:
        folder.chmod(0o700)


@contextmanager
def small_drive(folder: Path) -> Iterator[SmallDrive]:
    """At `folder`, which is made. One in memory where it can be mounted."""
    folder.mkdir()
    options = f"size={SIZE}k,mode=700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    ).returncode
    if mounted != 0:
        yield LimitedFiles(folder)
        return
    try:
        yield SmallDrive(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
