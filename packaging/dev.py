"""Everything to be done with GPROChat's sources. It needs Python alone and sets up what is missing before each command.

python3 packaging/dev.py run [-- ARGUMENTS]       start GPROChat (ARGUMENTS: see `run -- --help`)
python3 packaging/dev.py test [ARGUMENTS]         the tests; ARGUMENTS go to pytest
python3 packaging/dev.py check                    format, lint, types, import direction, translations
python3 packaging/dev.py setup [--dev]            the set-up alone, all of it anew; --dev: for tests and checks too
python3 packaging/dev.py translate                bring resources/translations/*.ts in line with the sources
python3 packaging/dev.py bench [--json FILE]      measure it
python3 packaging/dev.py bench --crash [RUNS]     kill it while it writes, 200 times, and see what is kept
python3 packaging/dev.py package [--verify]       the program without a Python, tried, and its installers, in dist/;
                                                  --verify: they are checked, and tried on bare Debians (as root)
python3 packaging/dev.py package --folder         it alone; --twice: and another time, to see that it comes out the same
python3 packaging/dev.py screenshot OUT.png [--dark] [--scale N] [--scene page]
                                                  a picture of the window with a sample conversation
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import environment
import translations
from environment import PYTHON, ROOT, TOOLS
from steps import StepFailed

CHECKS = {
    "format": [str(TOOLS / "ruff"), "format", "--check", "."],
    "lint": [str(TOOLS / "ruff"), "check", "."],
    "types": [str(TOOLS / "mypy")],
    "import direction": [str(TOOLS / "lint-imports"), "--no-logo"],
}

XVFB = ["Xvfb", "-screen", "0", "3840x2400x24", "-dpi", "96", "-noreset", "-nolisten", "tcp", "-displayfd"]


def run(arguments: list[str]) -> int:
    with redirect_stdout(sys.stderr):  # standard output is the program's: an answer of --ask goes there
        environment.ensure("run")
    return _become(str(ROOT / "main.py"), *(arguments[1:] if arguments[:1] == ["--"] else arguments))


def test(arguments: list[str]) -> int:
    environment.ensure("dev")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(ROOT)
    return _become("-m", "pytest", *arguments)


def check(_arguments: list[str]) -> int:
    environment.ensure("dev")
    failed = []
    for name, command in CHECKS.items():
        print(f"• {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    print("• translations", flush=True)
    troubles = translations.check(ROOT, TOOLS)
    if troubles:
        print(*troubles, "`packaging/dev.py translate` brings the catalogues in line.", sep="\n")
        failed.append("translations")
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def setup(arguments: list[str]) -> int:
    environment.set_up("dev" if "--dev" in arguments else "run")
    print("Ready. `python3 packaging/dev.py run` starts GPROChat.")
    return 0


def translate(_arguments: list[str]) -> int:
    environment.ensure("dev")
    translations.update(ROOT, TOOLS)
    print(*translations.check(ROOT, TOOLS), sep="\n")
    return 0


def bench(arguments: list[str]) -> int:
    environment.ensure("dev")
    arguments = _absolute(arguments, ".json")
    os.chdir(ROOT)
    return _become("-m", "tests.bench", *arguments)


def screenshot(arguments: list[str]) -> int:
    environment.ensure("dev")
    reading, writing = os.pipe()
    # A screen of its own: nobody's windows are in the picture, and it works where there is none.
    xvfb = subprocess.Popen([*XVFB, str(writing)], pass_fds=[writing], stderr=subprocess.DEVNULL)
    try:
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as answer:
            display = answer.readline().strip()
        if not display:
            print("Xvfb does not start, so there is no screen to take a picture of.")
            return 1
        surroundings = {**os.environ, "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
        command = [str(PYTHON), "-m", "tests.screenshot", *_absolute(arguments, ".png")]
        return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode
    finally:
        xvfb.terminate()
        xvfb.wait()


def package(arguments: list[str]) -> int:
    alone = "--folder" in arguments or "--twice" in arguments or sys.platform != "linux"
    environment.ensure("build" if alone else "package")
    import build  # here, because an older Python still has to be able to say that it is too old
    import linux_packages
    import older

    build.build()
    try:
        build.prove()
    except build.Unsound as reason:
        print(reason)
        return 1
    if "--twice" in arguments:
        return build.compare()
    if alone:
        return 0
    made = linux_packages.make()
    print(*(f"{file.stat().st_size / 1e6:6.1f} MB  {file.name}" for file in made), sep="\n")
    if "--verify" not in arguments:
        return 0
    linux_packages.lint(made)
    os.chdir(ROOT)
    archive = next(one for one in made if one.name.endswith(".tar.xz"))
    return _become("-m", "tests.installed", str(made[0]), str(older.package()), str(archive))


COMMANDS = {command.__name__: command for command in (run, test, check, setup, translate, bench, package, screenshot)}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments in (["--help"], ["-h"], ["help"]) else 2
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except (environment.CannotSetUp, StepFailed) as reason:
        print(reason)
        return 1
    except KeyboardInterrupt:
        return 130


def _become(*arguments: str) -> int:
    """Go on as the environment's Python: no second process stands between the person and the program."""
    command = [str(PYTHON), *arguments]
    sys.stdout.flush()
    if os.name != "nt":  # there it would give the terminal back at once
        os.execv(PYTHON, command)
    return subprocess.run(command, check=False).returncode


def _absolute(arguments: list[str], suffix: str) -> list[str]:
    """The file names among `arguments` as seen from here, since the command runs in the project's folder."""
    return [str(Path(argument).absolute()) if argument.endswith(suffix) else argument for argument in arguments]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
