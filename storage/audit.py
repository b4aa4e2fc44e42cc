"""The audit log: who looked at or changed what, when and from where. Rows are added only, and hang on a chain.

Each row's hash covers the hash before it and its own content, so that a row that is changed, taken out or put in
between breaks the chain. No customer's data stands here: fields are named, their values are not.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from storage.database import Row, Transaction
from storage.rows import clean, micros, moment

_PAGE = 1000


class Entry(Struct, frozen=True, kw_only=True):
    """One line of the log."""

    number: int
    at: datetime
    actor: str  # login, or "command line"
    what: str
    report: int | None
    peer: str | None  # network address
    detail: str | None


class Wanted(Struct, frozen=True, kw_only=True):
    """Which entries to list; None: all."""

    actor: str | None = None
    what: str | None = None
    report: int | None = None
    since: datetime | None = None
    until: datetime | None = None


class Broken(LookupError):
    """The chain does not hold; the text names the first entry that does not fit."""


def note(
    tx: Transaction, *, actor: str, what: str, at: datetime, report: int | None = None, peer: str | None = None,
    detail: str | None = None,
) -> None:  # fmt: skip
    """Add one entry. Its number and place in the chain come from one row that writers take turns at."""
    head = tx.one("UPDATE audit_head SET entries = entries + 1 RETURNING entries, hash")
    if head is None:
        raise Broken("the audit log has lost its head: restore the archive from the backup")
    entry = Entry(
        number=head["entries"], at=at, actor=clean(actor)[:100], what=what, report=report,
        peer=peer, detail=clean(detail)[:500] if detail else None,
    )  # fmt: skip
    linked = _link(head["hash"], entry)
    tx.run(
        "INSERT INTO audit (number, at, actor, what, report, peer, detail, hash)"
        " VALUES (:number, :at, :actor, :what, :report, :peer, :detail, :hash)",
        number=entry.number, at=micros(at), actor=entry.actor, what=what, report=report, peer=peer,
        detail=entry.detail, hash=linked,
    )  # fmt: skip
    tx.run("UPDATE audit_head SET hash = :hash", hash=linked)


def entries(tx: Transaction, wanted: Wanted, limit: int, before: int | None = None) -> list[Entry]:
    """List entries, newest first; the number of the last one pages on."""
    columns: dict[str, object] = {"actor": wanted.actor, "what": wanted.what, "report": wanted.report}
    asked = {column: value for column, value in columns.items() if value}
    where = "".join(f" AND {column} = :{column}" for column in asked)
    rows = tx.all(
        f"SELECT * FROM audit WHERE number < :before{where} AND at >= :since AND at < :until"  # noqa: S608 - our words
        " ORDER BY number DESC LIMIT :limit",
        before=before or 2**62, limit=limit, since=micros(wanted.since) if wanted.since else 0,
        until=micros(wanted.until) if wanted.until else 2**62, **asked,
    )  # fmt: skip
    return [_entry(row) for row in rows]


def verify(tx: Transaction) -> tuple[int, str]:
    """Follow the whole chain; gives the number of entries and the newest hash. Raises Broken."""
    number, linked = 0, ""
    for row in _all(tx):
        number += 1
        linked = _link(linked, _entry(row))
        if row["number"] != number or row["hash"] != linked:
            raise Broken(f"the audit log was changed: its entry {number} does not fit; compare it with the backup")
    head = tx.one("SELECT entries, hash FROM audit_head")
    if head is None or head["entries"] < number or (head["entries"] == number and head["hash"] != linked):
        raise Broken("the audit log was changed: its head does not fit; compare it with the backup")
    if head["entries"] > number:
        raise Broken(f"the audit log was cut off after entry {number}: compare it with the backup")
    return number, linked


def _all(tx: Transaction) -> Iterator[Row]:
    last = 0
    while rows := tx.all("SELECT * FROM audit WHERE number > :last ORDER BY number LIMIT :page", last=last, page=_PAGE):
        yield from rows
        last = rows[-1]["number"]


def _link(before: str, entry: Entry) -> str:
    return hashlib.sha256(before.encode() + b"\n" + msgspec.json.encode(entry)).hexdigest()


def _entry(row: Row) -> Entry:
    return Entry(
        number=row["number"], at=moment(row["at"]), actor=row["actor"], what=row["what"], report=row["report"],
        peer=row["peer"], detail=row["detail"],
    )  # fmt: skip
