"""Which replies still have a process that writes them.

A process that writes replies holds a lock on `running/<id>.lock` beside the database, and its running messages carry
that id. The system gives the lock back however the process ends, so a lock that can be had belongs to a dead one.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from gui.conversation import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def opening(folder: Path, patience: float) -> Iterator[None]:
    """Only one process at a time is in here, so that nobody judges a runner that is about to begin.

    Waits `patience` seconds for another one, then raises TimeoutError.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    with FileLock(folder / "opening", timeout=patience, mode=0o600):
        yield


class Runner:
    """The mark of this process, from its making to `close`. Made inside of `opening`.

    `runner_id`: the one that it had before, where the file was away meanwhile.
    """

    def __init__(self, folder: Path, runner_id: str = "") -> None:
        self.id = runner_id or new_id()
        self._file = folder / f"{self.id}.lock"
        self._lock = FileLock(self._file, mode=0o600)
        self._lock.acquire()

    def close(self) -> None:
        """What is still marked as running counts as interrupted from now on."""
        self._lock.release()
        _remove(self._file)


def living(folder: Path) -> set[str]:
    """The ids of the runners there are; the lock files of dead ones are removed. Called inside of `opening`."""
    found = set()
    for file in folder.glob("*.lock"):
        try:
            with FileLock(file, blocking=False):
                pass
        except Timeout:
            found.add(file.stem)
        else:
            _remove(file)
    return found


def _remove(file: Path) -> None:
    # Somebody who looks at it this very moment keeps it from being removed on Windows; the next one to look removes it.
    with suppress(PermissionError):
        file.unlink(missing_ok=True)
