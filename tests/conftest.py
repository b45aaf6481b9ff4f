"""What holds for every test: nothing of the person's own (folders, keyring, proxies) is within reach."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest

from tests.servers.secret_service import SecretService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of the test's own, no proxy in the environment, no keyring."""
    home = tmp_path / "home"
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "AppData" / "Roaming",
        "LOCALAPPDATA": home / "AppData" / "Local",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_RUNTIME_DIR": home / "run",
    }
    for name, folder in folders.items():
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={home / 'no-bus'}")  # Linux
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")  # Windows, macOS


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning that no test expected fails it; a test that expects one clears `caplog` after looking at it."""
    yield
    unexpected = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not unexpected


@pytest.fixture
def secret_service(isolated: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A real, unlocked keyring for this test alone."""
    if not SecretService.installed():
        pytest.fail("gnome-keyring and dbus-daemon are missing; packaging/dev.py test installs them")
    with SecretService(monkeypatch) as service:
        yield service
