"""Secrets against a real keyring: there, locked, gone, frozen, and back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
import traceback
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import secretstorage

from gui.errors import KeyringError, KeyringFailed, KeyringLocked, KeyringMissing, KeyringSilent, SecretTooLong
from gui.settings import secrets as module
from gui.settings.secrets import Secrets

if TYPE_CHECKING:
    from tests.servers.secret_service import SecretService

MARK = "geheim-7f3a"
BRIEF = 0.3  # seconds

USE_IN_A_PROCESS = """
import asyncio
from gui.errors import KeyringError
from gui.settings.secrets import Secrets

async def main():
    try:
        print(await Secrets("Test").get("name", limit=0.3))
    except KeyringError as error:
        print(type(error).__name__)

asyncio.run(main())
"""


def in_another_process() -> tuple[str, float]:
    """What a process of its own reads, and after how many seconds it was gone."""
    start = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", USE_IN_A_PROCESS], capture_output=True, text=True, timeout=30, check=True
    )
    assert not ended.stderr
    return ended.stdout.strip(), time.perf_counter() - start


@pytest.mark.parametrize("value", [MARK, "пароль 🗝", " \n\t' \" \\ % ", "x" * 100_000])
async def test_a_stored_secret_is_read_by_another(secret_service: SecretService, value: str) -> None:
    await Secrets("Test").set("name", value)

    assert await Secrets("Test").get("name") == value


async def test_another_process_reads_it(secret_service: SecretService) -> None:
    await Secrets("Test").set("name", MARK)

    assert in_another_process()[0] == MARK


async def test_what_was_never_stored_is_none(secret_service: SecretService) -> None:
    assert await Secrets("Test").get("name") is None


async def test_names_and_namespaces_are_kept_apart(secret_service: SecretService) -> None:
    await Secrets("Test").set("name", "1")
    await Secrets("Test").set("other", "2")
    await Secrets("Other").set("name", "3")

    assert await Secrets("Test").get("name") == "1"
    assert await Secrets("Test").get("other") == "2"
    assert await Secrets("Other").get("name") == "3"


@pytest.mark.parametrize("empty", [False, True])
async def test_a_deleted_one_is_gone_and_deleting_twice_is_no_error(secret_service: SecretService, empty: bool) -> None:
    secrets = Secrets("Test")
    await secrets.set("name", MARK)
    for _ in range(2):
        await (secrets.set("name", "") if empty else secrets.delete("name"))

    assert await Secrets("Test").get("name") is None


async def test_it_survives_the_keyring_s_restart(secret_service: SecretService) -> None:
    await Secrets("Test").set("name", MARK)
    secret_service.kill_daemon()
    secret_service.start_daemon()

    assert await Secrets("Test").get("name") == MARK


async def test_locked(secret_service: SecretService) -> None:
    secrets = Secrets("Test")
    await secrets.set("name", MARK)
    secret_service.lock()

    for call in (secrets.get("name"), secrets.set("name", "x"), secrets.delete("name")):
        with pytest.raises(KeyringLocked):
            await call


async def test_locked_with_a_prompt_that_is_left_alone(
    secret_service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keyring dies under its prompt: nobody will ever say that the prompt is done."""
    monkeypatch.setattr(module, "UNLOCK_LIMIT", 1.0)
    secrets = Secrets("Test")
    await secrets.set("name", MARK)
    secret_service.lock()
    with closing(secretstorage.dbus_init()) as prompter:
        prompter.bus_proxy.RequestName("org.gnome.keyring.SystemPrompter")

        with pytest.raises(KeyringSilent):
            await secrets.get("name", limit=BRIEF)
        secret_service.kill_daemon()
        secret_service.start_daemon()
        with pytest.raises(KeyringSilent):
            await secrets.get("name", limit=0.1)
        assert await secrets.get("name") == MARK


async def test_missing() -> None:
    secrets = Secrets("Test")

    for call in (secrets.get("name"), secrets.set("name", "x"), secrets.delete("name"), secrets.backend_name()):
        with pytest.raises(KeyringMissing):
            await call


async def test_missing_with_no_bus_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")

    with pytest.raises(KeyringMissing):
        await Secrets("Test").get("name")


async def test_killed_and_back(secret_service: SecretService) -> None:
    secrets = Secrets("Test")
    await secrets.set("name", MARK)

    secret_service.kill_daemon()
    with pytest.raises(KeyringMissing):
        await secrets.get("name")
    secret_service.start_daemon()
    assert await secrets.get("name") == MARK

    secret_service.kill_bus()
    with pytest.raises(KeyringMissing):
        await secrets.get("name")
    secret_service.start_bus()
    secret_service.start_daemon()
    assert await secrets.get("name") == MARK


async def test_a_keyring_that_starts_after_the_program_is_found(secret_service: SecretService) -> None:
    secret_service.kill_daemon()
    secrets = Secrets("Test")
    with pytest.raises(KeyringMissing):
        await secrets.get("name")
    secret_service.start_daemon()

    await secrets.set("name", MARK)
    assert await secrets.get("name") == MARK
    assert await secrets.backend_name() == "Secret Service"


async def test_killed_in_the_middle_of_a_call(secret_service: SecretService) -> None:
    secrets = Secrets("Test")
    await secrets.set("name", MARK)
    secret_service.freeze_daemon()
    reading = asyncio.create_task(secrets.get("name"))
    await asyncio.sleep(0.2)
    secret_service.kill_daemon()

    with pytest.raises((KeyringMissing, KeyringFailed)):
        await reading


async def test_frozen_the_loop_lives_and_the_call_ends(secret_service: SecretService) -> None:
    secrets = Secrets("Test")
    await secrets.set("name", MARK)
    secret_service.freeze_daemon()
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.01)

    counting = asyncio.create_task(count())
    start = time.perf_counter()
    with pytest.raises(KeyringSilent):
        await secrets.get("name", limit=BRIEF)
    counting.cancel()

    assert time.perf_counter() - start < BRIEF + 0.5
    assert turns > 5
    secret_service.thaw_daemon()


async def test_a_frozen_bus_is_silent_not_missing(secret_service: SecretService) -> None:
    secrets = Secrets("Test")
    secret_service.freeze_bus()

    with pytest.raises(KeyringSilent):
        await secrets.get("name", limit=BRIEF)
    with pytest.raises(KeyringSilent):
        await secrets.get("name")  # the connection's own limit comes first, after a second
    secret_service.thaw_bus()


async def test_frozen_many_calls_pile_up_no_threads_and_work_when_it_thaws(secret_service: SecretService) -> None:
    secrets = Secrets("Test")
    await secrets.set("name", MARK)
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, complaint: complaints.append(complaint))
    before = set(threading.enumerate())
    secret_service.freeze_daemon()

    answers = await asyncio.gather(*(secrets.get("name", limit=BRIEF) for _ in range(50)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {KeyringSilent}
    assert len(set(threading.enumerate()) - before) == 1

    secret_service.thaw_daemon()
    assert await asyncio.gather(*(secrets.get("name", limit=30) for _ in range(50))) == [MARK] * 50
    assert complaints == []


async def test_frozen_the_process_ends_at_once(secret_service: SecretService) -> None:
    await Secrets("Test").set("name", MARK)
    _, alive = in_another_process()
    secret_service.freeze_daemon()

    printed, seconds = in_another_process()

    assert printed == "KeyringSilent"
    assert seconds < alive + BRIEF + 2
    secret_service.thaw_daemon()


async def test_a_cancelled_call_leaves_the_others_alone(secret_service: SecretService) -> None:
    secrets = Secrets("Test")
    await secrets.set("name", MARK)
    secret_service.freeze_daemon()
    reading = [asyncio.create_task(secrets.get("name")) for _ in range(8)]
    await asyncio.sleep(0.1)
    for task in reading[1:]:
        task.cancel()
    secret_service.thaw_daemon()

    assert await reading[0] == MARK
    assert await secrets.get("name") == MARK


async def test_for_this_session_only(secret_service: SecretService) -> None:
    secrets = Secrets("Test")
    await secrets.set("name", "stored")
    secrets.keep_for_session("name", MARK)

    assert await secrets.get("name") == MARK
    assert await Secrets("Test").get("name") == "stored"
    assert MARK not in repr(secrets)

    await secrets.set("name", "stored later")
    assert await secrets.get("name") == "stored later"


async def test_for_this_session_without_any_keyring() -> None:
    secrets = Secrets("Test")
    secrets.keep_for_session("name", MARK)
    assert await secrets.get("name") == MARK

    await secrets.delete("name")
    with pytest.raises(KeyringMissing):
        await secrets.get("name")


async def test_a_storing_that_failed_leaves_what_is_kept_for_this_session() -> None:
    secrets = Secrets("Test")
    secrets.keep_for_session("name", MARK)
    with pytest.raises(KeyringMissing):
        await secrets.set("name", "new")

    assert await secrets.get("name") == MARK


async def test_a_secret_too_long_for_windows_is_refused_with_the_number(secret_service: SecretService) -> None:
    secrets = Secrets("Test", longest=1280)
    await secrets.set("name", "я" * 1280)

    with pytest.raises(SecretTooLong, match="1280"):
        await secrets.set("name", "🗝" * 641)
    assert await secrets.get("name") == "я" * 1280


async def test_no_failure_shows_the_secret(secret_service: SecretService) -> None:
    """A lone surrogate cannot be stored: the codec's error holds the whole text."""
    with pytest.raises(KeyringFailed) as caught:
        await Secrets("Test").set("name", f"{MARK}\ud800")

    assert caught.value.details == {"reason": "UnicodeEncodeError"}
    chain: BaseException | None = caught.value
    while chain is not None:
        assert MARK not in f"{chain!r} {vars(chain)}"
        chain = chain.__cause__ or chain.__context__
    assert MARK not in "".join(traceback.format_exception(caught.value))


def test_a_program_that_ended_first_is_not_disturbed(secret_service: SecretService) -> None:
    """The keyring answers a loop that is closed."""
    secret_service.freeze_daemon()
    with pytest.raises(KeyringError):
        asyncio.run(Secrets("Test").get("name", limit=BRIEF))
    secret_service.thaw_daemon()

    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(5)
            assert not thread.is_alive()


def test_importing_it_does_not_import_the_keyring() -> None:
    code = "import sys, gui.settings.network, gui.settings.secrets; print('keyring' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
