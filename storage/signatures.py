"""Signatures of partners' requests: none is taken twice, whichever process it comes to."""

from datetime import datetime, timedelta

from storage.database import Transaction
from storage.rows import micros


def first(tx: Transaction, partner: str, mark: str, at: datetime, window: timedelta) -> bool:
    """Keep a signature; False where it was here before. Those older than the window prove nothing and are forgotten."""
    tx.run("DELETE FROM signatures WHERE at < :before", before=micros(at - 2 * window))
    rows = tx.run(
        "INSERT INTO signatures (partner, mark, at) VALUES (:partner, :mark, :at)"
        " ON CONFLICT (partner, mark) DO NOTHING",
        partner=partner, mark=mark, at=micros(at),
    )  # fmt: skip
    return rows > 0
