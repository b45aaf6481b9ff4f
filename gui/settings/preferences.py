"""Every setting as data: its key, type, default and description. Secrets and the manual proxy are not among them."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args, get_origin

from gui.errors import QT_TRANSLATE_NOOP
from gui.settings.json_file import JsonFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Setting:
    """`choices` are the values allowed, each with its label; `span` is the lowest and highest number allowed.

    Descriptions and labels are translated where they are shown; a setting without a description is the program's own.
    """

    type: Any  # bool, int, str, or one of list[...] and dict[..., ...] of these
    default: Any
    description: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    span: tuple[int, int] | None = None

    def fits(self, value: object) -> bool:
        """Whether `value` is one this setting can have."""
        if not _is(value, self.type) or (self.choices and value not in self.choices):
            return False
        return self.span is None or (isinstance(value, int) and self.span[0] <= value <= self.span[1])


SETTINGS: dict[str, Setting] = {
    "language": Setting(
        str,
        "system",
        QT_TRANSLATE_NOOP("settings", "Language"),
        choices={
            "system": QT_TRANSLATE_NOOP("settings", "The system’s"),
            "en": "English",
            "ru": "Русский",
        },
    ),
    "theme": Setting(
        str,
        "system",
        QT_TRANSLATE_NOOP("settings", "Theme"),
        choices={
            "system": QT_TRANSLATE_NOOP("settings", "The system’s"),
            "light": QT_TRANSLATE_NOOP("settings", "Light"),
            "dark": QT_TRANSLATE_NOOP("settings", "Dark"),
        },
    ),
    "zoom": Setting(int, 100, QT_TRANSLATE_NOOP("settings", "Text size in percent"), span=(50, 300)),
    "send_key": Setting(
        str,
        "enter",
        QT_TRANSLATE_NOOP("settings", "Send with"),
        choices={
            "enter": QT_TRANSLATE_NOOP("settings", "Enter (Shift+Enter: new line)"),
            "ctrl+enter": QT_TRANSLATE_NOOP("settings", "Ctrl+Enter (Enter: new line)"),
        },
    ),
    "long_lines": Setting(
        str,
        "scroll",
        QT_TRANSLATE_NOOP("settings", "Long lines of code"),
        choices={
            "scroll": QT_TRANSLATE_NOOP("settings", "Scroll sideways"),
            "wrap": QT_TRANSLATE_NOOP("settings", "Wrap"),
        },
    ),
    "proxy_mode": Setting(
        str,
        "system",
        QT_TRANSLATE_NOOP("settings", "Proxy"),
        choices={
            "none": QT_TRANSLATE_NOOP("settings", "No proxy"),
            "system": QT_TRANSLATE_NOOP("settings", "The system’s"),
            "manual": QT_TRANSLATE_NOOP("settings", "Manual (stored in the system’s keyring)"),
            "pac": QT_TRANSLATE_NOOP("settings", "Automatic configuration (PAC)"),
        },
    ),
    "pac_address": Setting(str, "", QT_TRANSLATE_NOOP("settings", "Address of the PAC file")),
    "proxy_exceptions": Setting(str, "", QT_TRANSLATE_NOOP("settings", "Never through the proxy")),
    "connect_limit": Setting(int, 15, QT_TRANSLATE_NOOP("settings", "Until connected"), span=(1, 300)),
    "first_byte_limit": Setting(int, 300, QT_TRANSLATE_NOOP("settings", "Until the first word"), span=(5, 3600)),
    "silence_limit": Setting(int, 120, QT_TRANSLATE_NOOP("settings", "Silence within a reply"), span=(5, 3600)),
    "default_connection": Setting(str, "", QT_TRANSLATE_NOOP("settings", "Connection of new conversations")),
    "sync_folder": Setting(str, "", QT_TRANSLATE_NOOP("settings", "Sync folder")),
    "update_address": Setting(str, "", QT_TRANSLATE_NOOP("settings", "Address that tells of new versions")),
    "secrets_left_behind": Setting(list[str], []),  # their names; the keyring was away when they were to be deleted
    "sidebar_visible": Setting(bool, True),
    "sidebar_order": Setting(str, "changed", choices={"changed": "", "created": "", "title": ""}),
    "closed_folders": Setting(list[str], []),
    "recent_searches": Setting(list[str], []),
    "window": Setting(dict[str, Any], {}),
    "open_conversations": Setting(list[str], []),
    "drafts": Setting(dict[str, str], {}),
}


class Preferences:
    """The values, kept in one file. What the file holds beyond SETTINGS (from a newer version) stays in it.

    A value in the file that a setting cannot have counts as not set. Keys that are not in SETTINGS are a KeyError.
    `trouble`: why the file could not be read, or None.
    """

    def __init__(self, file: Path) -> None:
        self._file = JsonFile(file)
        self._values = self._file.read()
        self._watchers: list[Callable[[str], object]] = []

    @property
    def trouble(self) -> SettingsError | None:
        return self._file.trouble

    def get(self, key: str) -> Any:
        """The value; a copy, so that changing a list changes nothing here."""
        setting = SETTINGS[key]
        value = self._values.get(key)
        return copy.deepcopy(value if setting.fits(value) else setting.default)

    def set(self, key: str, value: Any) -> None:
        """Keep `value`, on disk before this returns. Raises ValueError where it does not fit, SettingsUnwritable."""
        if not SETTINGS[key].fits(value):
            raise ValueError(f"{key} cannot be {value!r}")
        if value == self.get(key) and key in self._values:
            return
        self._values = self._file.change(lambda values: values.update({key: value}))
        self._tell(key)

    def reset(self, key: str) -> None:
        """Back to the default. Raises SettingsUnwritable."""
        if key not in SETTINGS:
            raise KeyError(key)
        if key in self._values:
            self._values = self._file.change(lambda values: values.pop(key, None))
            self._tell(key)

    def watch(self, callback: Callable[[str], object]) -> Callable[[], None]:
        """Call `callback(key)` after each change made here; returns what ends that."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback)

    def _tell(self, key: str) -> None:
        for callback in tuple(self._watchers):
            callback(key)


def _is(value: object, kind: Any) -> bool:
    """Whether `value` is of `kind`; True is no number."""
    if kind is Any:
        return True
    if get_origin(kind) is list:
        return isinstance(value, list) and all(_is(item, get_args(kind)[0]) for item in value)
    if get_origin(kind) is dict:
        of_key, of_value = get_args(kind)
        return isinstance(value, dict) and all(_is(k, of_key) and _is(v, of_value) for k, v in value.items())
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
