"""`faultgate person`, and what `faultgate check` says of the desk."""

import os
import pty
import re
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from config.settings import Gateway, Storage
from desk.passwords import Passwords
from desk.visit import hashed
from records.people import Role
from storage import audit, people, sessions
from storage.database import Database
from storage.opening import open_database
from tests.gateway.running import FAULTGATE, ROOT, command

PASSWORD = "a long secret"


@pytest.fixture
def wiring(tmp_path: Path) -> Path:
    path = tmp_path / "desk.toml"
    path.write_text(
        f"[gateway]\ndata = '{tmp_path}/data'\n[storage]\nmin_free = 0\n[desk]\nport = 0\nlanguage = 'it'\n"
        "[channels.mail]\nkind = 'smtp'\nport = 0\n",
        encoding="utf-8",
    )
    return path


def person(wiring: Path, act: str, *words: str, typed: str = f"{PASSWORD}\n") -> Any:
    return command("person", act, *words, "--config", wiring, input=typed.encode())


def archive(wiring: Path) -> Database:
    return open_database(Gateway(data=str(wiring.parent / "data")), Storage())


def test_the_first_admin_is_made_before_the_gateway_ever_ran(wiring: Path) -> None:
    told = person(wiring, "add", "Anna", "--role", "admin", "--name", "Анна Петрова")
    assert (told.returncode, told.stdout) == (0, b"anna may sign in as admin\n")
    database = archive(wiring)
    with database.read() as tx:
        account = people.account(tx, "anna")
        entries = audit.entries(tx, audit.Wanted(), 9)
    database.close()
    assert account is not None
    assert (account.person.name, account.person.role, account.person.language) == ("Анна Петрова", Role.ADMIN, "it")
    assert Passwords().match(account.password, PASSWORD)
    assert [(one.actor, one.what, one.detail) for one in entries] == [("command line", "account made", "anna: admin")]
    assert PASSWORD.encode() not in told.stdout + told.stderr
    listed = person(wiring, "list").stdout.decode()
    assert re.search(r"^anna +admin +Анна Петрова$", listed, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "typed", "say"),
    [
        (("add", "anna"), f"{PASSWORD}\n", "taken"),
        (("add", "b"), f"{PASSWORD}\n", "2 to 64"),
        (("add", "bob"), "short\n", "10 to 200"),
        (("add", "bob"), "", "10 to 200"),
        (("add", "bob.the.clerk"), "bob.the.clerk\n", "must not be the login"),
        (("password", "nobody"), f"{PASSWORD}\n", "person list"),
        (("close", "nobody"), "", "person list"),
        (("close", "anna"), "", "last admin"),
        (("token", "nobody"), "", "person list"),
    ],
)
def test_slips_are_told_with_the_remedy(wiring: Path, words: tuple[str, ...], typed: str, say: str) -> None:
    person(wiring, "add", "anna", "--role", "admin")
    told = person(wiring, *words, typed=typed)
    assert told.returncode == 1
    assert say in told.stderr.decode()
    assert told.stderr.startswith(b"faultgate: ")
    assert b"Traceback" not in told.stderr


def test_password_token_and_close(wiring: Path) -> None:
    person(wiring, "add", "anna", "--role", "admin")
    person(wiring, "add", "bob")
    assert person(wiring, "password", "bob", typed="another secret\n").returncode == 0
    first, second = (person(wiring, "token", "BOB").stdout.decode().strip() for _ in range(2))
    database = archive(wiring)
    with database.read() as tx:
        account = people.account(tx, "bob")
        assert account is not None
        assert Passwords().match(account.password, "another secret")
        assert sessions.bearer(tx, hashed(first)) is None
        assert sessions.bearer(tx, hashed(second)) == account.person
    assert person(wiring, "close", "bob").returncode == 0
    with database.read() as tx:
        assert sessions.bearer(tx, hashed(second)) is None
    database.close()
    assert b"closed" in person(wiring, "list").stdout
    assert b"open the account" in person(wiring, "token", "bob").stderr


@pytest.mark.parametrize(("again", "status"), [(PASSWORD, 0), ("something else", 1)])
def test_a_terminal_is_asked_twice_and_shows_nothing(wiring: Path, again: str, status: int) -> None:
    ours, theirs = pty.openpty()
    asked = subprocess.Popen(
        [*FAULTGATE, "person", "add", "anna", "--config", str(wiring)], stdin=theirs, stdout=theirs, stderr=theirs,
        cwd=ROOT, start_new_session=True, preexec_fn=lambda: _own_terminal(theirs),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    for prompt, answer in ((b"Password: ", PASSWORD), (b"Once more: ", again)):
        while prompt not in seen:
            seen += os.read(ours, 1000)
        os.write(ours, f"{answer}\n".encode())
    assert asked.wait(60) == status
    assert PASSWORD.encode() not in seen
    os.close(ours)


def _own_terminal(handle: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(handle, termios.TIOCSCTTY, 0)


def test_check_tells_of_the_desk_and_the_log(wiring: Path) -> None:
    told = command("check", "--config", wiring).stdout.decode()
    assert re.search(
        r"^ok    desk: .* can be opened; nobody can sign in yet: .*faultgate person add", told, re.MULTILINE
    )
    person(wiring, "add", "anna", "--role", "admin")
    told = command("check", "--config", wiring).stdout.decode()
    assert re.search(r"^ok    desk: http://127.0.0.1:0 can be opened$", told, re.MULTILINE)
    assert re.search(r"^ok    audit log: 1 entries, unbroken", told, re.MULTILINE)


def test_check_tells_of_a_port_that_is_taken_and_a_log_that_was_changed(wiring: Path) -> None:
    person(wiring, "add", "anna", "--role", "admin")
    database = archive(wiring)
    database.write(lambda tx: tx.run("UPDATE audit SET detail = 'bob: clerk'"))
    database.close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        text = wiring.read_text("utf-8").replace("[desk]\nport = 0", f"[desk]\nport = {taken.getsockname()[1]}")
        wiring.write_text(text, "utf-8")
        told = command("check", "--config", wiring)
    assert told.returncode == 1
    assert re.search(r"^FAIL  desk: .* can't be opened .*: end what listens there", told.stdout.decode(), re.MULTILINE)
    assert "FAIL  audit log: the audit log was changed: its entry 1" in told.stdout.decode()
