"""A small JSON object in a file that is never half written and never lost."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gui.errors import SettingsDamaged, SettingsUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable


class JsonFile:
    """`trouble` tells what the last read found wrong; the damaged file is then kept beside it under another name."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.trouble: SettingsDamaged | SettingsUnwritable | None = None

    def read(self) -> dict[str, Any]:
        """The object; empty where there is no file, or none that can be read."""
        try:
            content = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            content = None
        if isinstance(content, dict):
            if isinstance(self.trouble, SettingsUnwritable):
                self.trouble = None
            return content
        self._set_aside()
        return {}

    def change(self, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Read the file anew (another window may have written it), let `change` alter the object, write it.

        Returns the object as it now reads. Raises SettingsUnwritable; then the file is as it was.
        """
        content = self.read()
        if isinstance(self.trouble, SettingsUnwritable):
            raise self.trouble
        change(content)
        text = json.dumps(content, indent=2)
        try:
            # The file may be a link to where the person keeps it.
            self._replace(self._file.resolve(), text)
        except OSError as error:
            raise self._unwritable(error) from None
        return cast("dict[str, Any]", json.loads(text))

    @staticmethod
    def _replace(file: Path, text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        # The same folder: os.replace is one step only within one file system. mkstemp makes it 0600.
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".new")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as temporary:
                temporary.write(text)
                temporary.flush()
                os.fsync(temporary.fileno())
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _set_aside(self) -> None:
        kept = self._file.with_name(f"{self._file.name}.damaged")
        number = 2
        while kept.exists():
            kept = self._file.with_name(f"{self._file.name}.damaged-{number}")
            number += 1
        try:
            self._file.rename(kept)
        except OSError as error:
            # It stays, and must not be written over.
            self.trouble = self._unwritable(error)
        else:
            self.trouble = SettingsDamaged(file=self._file.name, kept=kept.name)

    def _unwritable(self, error: OSError) -> SettingsUnwritable:
        return SettingsUnwritable(file=str(self._file), reason=error.strerror or type(error).__name__)
