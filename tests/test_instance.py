"""A second start on the same data folder shows the first one's window; a dead or a frozen one is no obstacle."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from gui.app import run_window
from gui.instance import PATIENCE, address, hand_over
from gui.windows.second_starts import SecondStarts
from tests.windows.conftest import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from gui.windows.main_window import MainWindow
    from gui.windows.parts import Parts

MAIN = Path(__file__).resolve().parent.parent / "main.py"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@contextmanager
def program(data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program in a process of its own, listening."""
    process = subprocess.Popen(
        [sys.executable, str(MAIN), "--data-dir", str(data_dir)], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    )
    try:
        end = time.monotonic() + 20
        while not Path(address(data_dir)).exists():
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_second_start_brings_the_first_window_to_the_front_and_ends(data_dir: Path, qapp: QApplication) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        window.showMinimized()
        await until(Path(address(data_dir)).exists)
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, str(MAIN), "--data-dir", str(data_dir)),
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_ACTIVATION_TOKEN": "a token"},
        )
        assert await asyncio.wait_for(second.wait(), 20) == 0
        assert not window.isMinimized()
        assert window.isActiveWindow()
        assert os.environ.pop("XDG_ACTIVATION_TOKEN") == "a token"

    run_window(data_dir, "GPROChat test", scenario, qapp)
    assert not Path(address(data_dir)).exists(), "who starts now opens a window"


def test_a_maximised_window_stays_so(data_dir: Path, qapp: QApplication) -> None:
    async def scenario(window: MainWindow, parts: Parts) -> None:
        window.setWindowState(Qt.WindowState.WindowMaximized | Qt.WindowState.WindowMinimized)
        window.come_forward()
        assert window.isMaximized()
        assert not window.isMinimized()

    run_window(data_dir, "GPROChat test", scenario, qapp)


@pytest.mark.skipif(os.name != "posix", reason="a pipe has no mode")
def test_nobody_else_can_reach_the_window(data_dir: Path) -> None:
    with program(data_dir):
        assert hand_over(data_dir)  # it listens by now, and not a moment before
        assert Path(address(data_dir)).stat().st_mode & 0o777 == 0o600


def test_another_folder_is_another_window(data_dir: Path, tmp_path: Path) -> None:
    with program(data_dir):
        assert hand_over(data_dir)
        assert not hand_over(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="a pipe ends with its process")
def test_a_dead_window_is_no_obstacle_and_the_next_one_listens(data_dir: Path) -> None:
    with program(data_dir) as first:
        first.kill()
        first.wait()
    assert Path(address(data_dir)).exists()
    assert not hand_over(data_dir)
    with program(data_dir):
        end = time.monotonic() + 20
        while not hand_over(data_dir):
            assert time.monotonic() < end
            time.sleep(0.01)


@pytest.mark.skipif(os.name != "posix", reason="a pipe is no file")
async def test_a_window_beside_a_living_one_leaves_it_its_place(data_dir: Path) -> None:
    first, beside = SecondStarts(data_dir), SecondStarts(data_dir)
    assert await first.listen()
    assert not await beside.listen()
    beside.end()
    assert Path(address(data_dir)).exists()
    first.end()


@pytest.mark.skipif(os.name != "posix", reason="no signal freezes a process there")
def test_a_frozen_window_is_waited_for_no_longer_than_it_is_worth(data_dir: Path) -> None:
    with program(data_dir) as first:
        first.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        assert not hand_over(data_dir)
        assert time.monotonic() - began < PATIENCE + 0.5
