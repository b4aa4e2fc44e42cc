"""Who is signed in, by the hash of a token that only his browser or program has; and forms that are not sent yet.

Times of the desk's clock come in as `at`. A token is never kept, only its SHA-256.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from records.people import Person
from storage.database import Transaction
from storage.people import person_of
from storage.rows import micros, moment

#: What somebody has begun to write is kept for as long.
DRAFTS = timedelta(days=14)


class Session(Struct, frozen=True, kw_only=True):
    """One browser of one person."""

    person: Person
    began_at: datetime
    seen_at: datetime


class Guess(Struct, frozen=True, kw_only=True):
    """One attempt to sign in, counted before the password is looked at, or the time that must pass before another."""

    row: int
    wait: timedelta | None = None


def begin(tx: Transaction, *, token: str, person: int, at: datetime) -> None:
    """Begin a session; `token` is the hash of its token."""
    tx.run(
        "INSERT INTO sessions (token, person, began_at, seen_at) VALUES (:token, :person, :at, :at)",
        token=token, person=person, at=micros(at),
    )  # fmt: skip


def session(tx: Transaction, token: str) -> Session | None:
    """Give the session of a token's hash; None where there is none or the account is closed."""
    row = tx.one(
        "SELECT people.*, sessions.began_at, sessions.seen_at FROM sessions JOIN people ON people.id = sessions.person"
        " WHERE sessions.token = :token AND people.active = 1",
        token=token,
    )
    if row is None:
        return None
    return Session(person=person_of(row), began_at=moment(row["began_at"]), seen_at=moment(row["seen_at"]))


def seen(tx: Transaction, token: str, at: datetime) -> None:
    """Note that a session is in use."""
    tx.run("UPDATE sessions SET seen_at = :at WHERE token = :token", token=token, at=micros(at))


def end(tx: Transaction, token: str) -> None:
    """End one session."""
    tx.run("DELETE FROM sessions WHERE token = :token", token=token)


def forget(tx: Transaction, *, began: datetime, seen: datetime, guesses: datetime) -> None:
    """Drop sessions that began or were seen before these times, guesses before theirs, and drafts of long ago."""
    tx.run("DELETE FROM sessions WHERE began_at < :began OR seen_at < :seen", began=micros(began), seen=micros(seen))
    tx.run("DELETE FROM guesses WHERE at < :at", at=micros(guesses))
    tx.run("DELETE FROM drafts WHERE at < :at", at=micros(seen - DRAFTS))


def give_token(tx: Transaction, *, token: str, person: int, at: datetime) -> None:
    """Keep the hash of a person's API token, in place of the earlier one."""
    tx.run("DELETE FROM tokens WHERE person = :person", person=person)
    tx.run(
        "INSERT INTO tokens (token, person, made_at) VALUES (:token, :person, :at)",
        token=token, person=person, at=micros(at),
    )  # fmt: skip


def bearer(tx: Transaction, token: str) -> Person | None:
    """Give whose API token it is, by its hash."""
    row = tx.one(
        "SELECT people.* FROM tokens JOIN people ON people.id = tokens.person"
        " WHERE tokens.token = :token AND people.active = 1",
        token=token,
    )
    return person_of(row) if row else None


def guess(
    tx: Transaction, *, login: str, peer: str, at: datetime, window: timedelta, per_login: int, per_peer: int
) -> Guess:
    """Count an attempt to sign in, or tell how long to wait where there were too many; both keys are hashes."""
    since = micros(at - window)
    for column, value, most in (("login", login, per_login), ("peer", peer, per_peer)):
        row = tx.one(
            f"SELECT at FROM guesses WHERE {column} = :value AND at > :since"  # noqa: S608 - two words of our own
            " ORDER BY at DESC LIMIT 1 OFFSET :most",
            value=value, since=since, most=most - 1,
        )  # fmt: skip
        if row is not None:
            return Guess(row=0, wait=moment(row["at"]) + window - at)
    row = tx.one(
        "INSERT INTO guesses (login, peer, at) VALUES (:login, :peer, :at) RETURNING id",
        login=login, peer=peer, at=micros(at),
    )  # fmt: skip
    return Guess(row=int(row["id"]) if row else 0)


def right(tx: Transaction, *, row: int, login: str) -> None:
    """Forget the guesses at a login: the last was right."""
    tx.run("DELETE FROM guesses WHERE id = :row OR login = :login", row=row, login=login)


def keep_draft(tx: Transaction, *, person: int, key: str, body: str, at: datetime) -> None:
    """Keep what somebody has typed into a form so far; `body` is the page's own JSON."""
    tx.run(
        "INSERT INTO drafts (person, key, body, at) VALUES (:person, :key, :body, :at)"
        " ON CONFLICT (person, key) DO UPDATE SET body = excluded.body, at = excluded.at",
        person=person, key=key, body=body, at=micros(at),
    )  # fmt: skip


def draft(tx: Transaction, person: int, key: str) -> str | None:
    """Give what somebody has typed into a form."""
    row = tx.one("SELECT body FROM drafts WHERE person = :person AND key = :key", person=person, key=key)
    return row["body"] if row else None


def drop_draft(tx: Transaction, person: int, key: str) -> None:
    """Forget a draft: the form was sent."""
    tx.run("DELETE FROM drafts WHERE person = :person AND key = :key", person=person, key=key)


def sent_form(tx: Transaction, key: str) -> tuple[str, int] | None:
    """Give the content's hash and the report of a form or upload that was sent already, by the key it was made with."""
    row = tx.one("SELECT sha256, report FROM sent_forms WHERE key = :key", key=key)
    return (row["sha256"], row["report"]) if row else None


def keep_form(tx: Transaction, *, key: str, sha256: str, report: int, at: datetime) -> None:
    """Remember that a form or upload was sent, so that it is known when it comes again with other content."""
    tx.run("DELETE FROM sent_forms WHERE at < :old", old=micros(at - DRAFTS))
    tx.run(
        "INSERT INTO sent_forms (key, sha256, report, at) VALUES (:key, :sha256, :report, :at)"
        " ON CONFLICT (key) DO NOTHING",
        key=key, sha256=sha256, report=report, at=micros(at),
    )  # fmt: skip
