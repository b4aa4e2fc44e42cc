"""`faultgate person`: accounts from the command line; the first admin is made here."""

import getpass
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from config.settings import Settings
from desk.passwords import Passwords, objection
from desk.visit import hashed
from gateway.listing import table
from records.people import Person, Role
from storage import audit, people, sessions
from storage.database import Database, Transaction
from storage.opening import open_database, prepare

T = TypeVar("T")
ACTOR = "command line"


def add(settings: Settings, login: str, name: str, role: Role) -> int:
    """Make an account; the password comes from the terminal, or as a line on standard input."""
    login = _fitting(people.login_of, login)
    password = _new_password(login)
    work = partial(people.add, login=login, name=name, role=role, language=settings.desk.language, password=password)
    _write(settings, lambda tx, at: work(tx, at=at), "account made", f"{login}: {role}")
    print(f"{login} may sign in as {role}")
    return 0


def list_people(settings: Settings) -> int:
    """List all accounts."""
    with _Archive(settings) as database, database.read() as tx:
        found = people.everybody(tx)
    rows = [(one.login, one.role.value, "" if one.active else "closed", one.name) for one in found]
    sys.stdout.write(table([("login", "role", "", "name"), *rows]))
    return 0


def set_password(settings: Settings, login: str) -> int:
    """Give somebody a new password; he must sign in anew everywhere."""
    person = _person(settings, login)
    password = _new_password(person.login)
    _write(settings, lambda tx, _: people.set_password(tx, person.id, password), "password changed", person.login)
    print(f"{person.login} has a new password, and must sign in anew")
    return 0


def close(settings: Settings, login: str) -> int:
    """Close an account: its sessions end, its token is void. What was done by it stays in the log."""
    person = _person(settings, login)
    _write(settings, lambda tx, _: people.set_active(tx, person.id, active=False), "account closed", person.login)
    print(f"{person.login} can't sign in any more")
    return 0


def give_token(settings: Settings, login: str) -> int:
    """Print a new token for the API, once; the earlier one is void."""
    person = _person(settings, login)
    if not person.active:
        raise LookupError(f"{person.login} is closed: open the account at the desk first")
    token = secrets.token_urlsafe(32)
    work = partial(sessions.give_token, token=hashed(token), person=person.id)
    _write(settings, lambda tx, at: work(tx, at=at), "token made", person.login)
    print(token)
    return 0


class _Archive:
    """The archive, made where it is not there yet."""

    def __init__(self, settings: Settings) -> None:
        prepare(settings.gateway, settings.storage)
        self._database = open_database(settings.gateway, settings.storage)

    def __enter__(self) -> Database:
        return self._database

    def __exit__(self, *_: object) -> None:
        self._database.close()


def _write(settings: Settings, work: Callable[[Transaction, datetime], object], what: str, detail: str) -> None:
    """Change accounts, and write it into the log, in one commit. Raises LookupError with the remedy."""
    now = datetime.now(UTC)

    def both(tx: Transaction) -> None:
        work(tx, now)
        audit.note(tx, actor=ACTOR, what=what, at=now, detail=detail)

    with _Archive(settings) as database:
        _fitting(database.write, both)


def _person(settings: Settings, login: str) -> Person:
    with _Archive(settings) as database, database.read() as tx:
        found = people.account(tx, login)
    if found is None:
        raise LookupError(f"nobody has the login {login}: `faultgate person list` tells who has one")
    return found.person


def _new_password(login: str) -> str:
    """Ask for a new password; gives its hash."""
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != password:
            raise LookupError("these were two passwords: begin again")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    wrong = objection(password, login)
    if wrong:
        raise LookupError(wrong)
    return Passwords().hashed(password)


def _fitting(work: Callable[..., T], *given: object) -> T:
    """Do it; where it can't be done, the text says what to do instead."""
    try:
        return work(*given)
    except people.Unfit as unfit:
        raise LookupError(str(unfit)) from unfit
