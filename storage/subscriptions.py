"""Whom partners' events are sent to. A row is made, switched off and on, and ended; never taken away."""

from datetime import datetime

from records.partner_events import Subscription
from storage.database import Row, Transaction
from storage.rows import clean, micros

#: Subscriptions that one partner may have.
MOST = 50


class TooMany(Exception):
    """The partner has as many subscriptions as he may."""


def add(tx: Transaction, partner: str, version: int, callback: str, query: str, at: datetime) -> Subscription:
    """Subscribe; the same wish again is the same subscription, switched on where it was off. Raises TooMany."""
    query, lively = clean(query), living(tx, partner)
    for one in lively:
        if (one.version, one.callback, one.query) == (version, callback, query):
            switch_on(tx, one.id)
            return Subscription(id=one.id, partner=partner, version=version, callback=callback, query=query)
    if len(lively) >= MOST:
        raise TooMany
    row = tx.one(
        "INSERT INTO subscriptions (partner, version, callback, query, made_at)"
        " VALUES (:partner, :version, :callback, :query, :at) RETURNING id",
        partner=partner, version=version, callback=callback, query=query, at=micros(at),
    )  # fmt: skip
    made = int(row["id"]) if row else 0
    return Subscription(id=made, partner=partner, version=version, callback=callback, query=query)


def living(tx: Transaction, partner: str) -> list[Subscription]:
    """List a partner's subscriptions, the first one first; also those that are switched off."""
    rows = tx.all(
        "SELECT * FROM subscriptions WHERE partner = :partner AND ended_at IS NULL ORDER BY id", partner=partner
    )
    return [_subscription(row) for row in rows]


def living_one(tx: Transaction, row_id: int) -> Subscription | None:
    """Give one, whoever has it; None for one that has ended."""
    row = tx.one("SELECT * FROM subscriptions WHERE id = :id AND ended_at IS NULL", id=row_id)
    return _subscription(row) if row else None


def switched_off(tx: Transaction) -> list[Subscription]:
    """List those of all partners that nothing is sent to any more."""
    rows = tx.all("SELECT * FROM subscriptions WHERE off_at IS NOT NULL AND ended_at IS NULL ORDER BY id")
    return [_subscription(row) for row in rows]


def end(tx: Transaction, partner: str, row_id: int, at: datetime) -> bool:
    """End a partner's subscription; False where he has none of this number."""
    rows = tx.run(
        "UPDATE subscriptions SET ended_at = :at WHERE id = :id AND partner = :partner AND ended_at IS NULL",
        id=row_id, partner=partner, at=micros(at),
    )  # fmt: skip
    return rows > 0


def switch_off(tx: Transaction, row_id: int, at: datetime, reason: str) -> bool:
    """Send nothing any more; tells whether something was sent until now."""
    rows = tx.run(
        "UPDATE subscriptions SET off_at = :at, off_reason = :reason WHERE id = :id AND off_at IS NULL",
        id=row_id, at=micros(at), reason=clean(reason),
    )  # fmt: skip
    return rows > 0


def switch_on(tx: Transaction, row_id: int) -> None:
    """Send again."""
    tx.run("UPDATE subscriptions SET off_at = NULL, off_reason = NULL WHERE id = :id", id=row_id)


def _subscription(row: Row) -> Subscription:
    return Subscription(
        id=row["id"], partner=row["partner"], version=row["version"], callback=row["callback"], query=row["query"],
        off=row["off_reason"],
    )  # fmt: skip
