from __future__ import annotations

import sys

import pytest
from steps import StepFailed, run_step


def test_a_step_that_fails_keeps_what_it_said_and_finds_the_reason() -> None:
    program = "print('working'); print('ERROR: no such package'); print('bye'); raise SystemExit(3)"

    with pytest.raises(StepFailed) as failure:
        run_step("Trying", [sys.executable, "-c", program])

    assert "working" in failure.value.output
    assert failure.value.reason == "ERROR: no such package"


def test_a_command_that_is_not_there_is_a_failed_step() -> None:
    with pytest.raises(StepFailed, match="no-such-command"):
        run_step("Trying", ["no-such-command"])


def test_a_step_that_succeeds_shows_its_title_and_time_alone(capsys: pytest.CaptureFixture[str]) -> None:
    run_step("Trying", [sys.executable, "-c", "print('Progress 1 of 2')"])

    assert capsys.readouterr().out == "• Trying\n  done in 0 s\n"
