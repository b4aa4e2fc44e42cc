"""Accounts of the people at the desk. Whatever changes what somebody may do ends all sessions of his."""

import re
from datetime import datetime

from msgspec import Struct

from records.people import Person, Role
from storage.database import Row, Transaction
from storage.rows import clean, micros, moment

_LOGIN = re.compile(r"[\w][\w.@-]{1,63}")


class Account(Struct, frozen=True, kw_only=True):
    """A person, and the hash that his password must match."""

    person: Person
    password: str


class Unfit(ValueError):
    """What was asked for can't be done; the text (English, a message of the catalogues) says what to do instead."""


def login_of(text: str) -> str:
    """Give a login as it is kept: lower case. Raises Unfit where it is none."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise Unfit("A login has 2 to 64 letters, digits, dots, dashes or underscores.")
    return login


def add(tx: Transaction, *, login: str, name: str, role: Role, language: str, password: str, at: datetime) -> int:
    """Make an account; `password` is the hash. Gives its row; raises Unfit where the login is taken or no login."""
    login = login_of(login)
    if tx.one("SELECT 1 FROM people WHERE login = :login", login=login):
        raise Unfit("This login is taken: choose another.")
    row = tx.one(
        "INSERT INTO people (login, name, role, language, active, password, created_at)"
        " VALUES (:login, :name, :role, :language, 1, :password, :at) RETURNING id",
        login=login, name=clean(name).strip()[:200] or login, role=role.value, language=language, password=password,
        at=micros(at),
    )  # fmt: skip
    return int(row["id"]) if row else 0


def account(tx: Transaction, login: str) -> Account | None:
    """Give the account of a login, closed ones too."""
    row = tx.one("SELECT * FROM people WHERE login = :login", login=clean(login).strip().lower())
    return Account(person=person_of(row), password=row["password"]) if row else None


def everybody(tx: Transaction) -> list[Person]:
    """List all accounts by login."""
    return [person_of(row) for row in tx.all("SELECT * FROM people ORDER BY login")]


def has_admin(tx: Transaction) -> bool:
    """Tell whether somebody may make accounts."""
    return tx.one("SELECT 1 FROM people WHERE role = 'admin' AND active = 1") is not None


def set_password(tx: Transaction, person: int, password: str) -> None:
    """Keep the hash of a new password."""
    tx.run("UPDATE people SET password = :password WHERE id = :person", person=person, password=password)
    end_all(tx, person)


def set_role(tx: Transaction, person: int, role: Role) -> None:
    """Change what somebody may do. Raises Unfit where nobody could make accounts then."""
    tx.run("UPDATE people SET role = :role WHERE id = :person", person=person, role=role.value)
    _still_led(tx)
    end_all(tx, person)


def set_active(tx: Transaction, person: int, *, active: bool) -> None:
    """Close an account or open it again. Raises Unfit where nobody could make accounts then."""
    tx.run("UPDATE people SET active = :active WHERE id = :person", person=person, active=int(active))
    _still_led(tx)
    end_all(tx, person)
    tx.run("DELETE FROM tokens WHERE person = :person", person=person)


def set_language(tx: Transaction, person: int, language: str) -> None:
    """Keep the language of somebody's pages."""
    tx.run("UPDATE people SET language = :language WHERE id = :person", person=person, language=language)


def end_all(tx: Transaction, person: int) -> None:
    """End every session of a person."""
    tx.run("DELETE FROM sessions WHERE person = :person", person=person)


def person_of(row: Row) -> Person:
    """Give the person of a row of `people`."""
    return Person(
        id=row["id"], login=row["login"], name=row["name"], role=Role(row["role"]), language=row["language"],
        active=bool(row["active"]), created_at=moment(row["created_at"]),
    )  # fmt: skip


def _still_led(tx: Transaction) -> None:
    if not has_admin(tx):
        raise Unfit("This is the last admin: make another one first.")
