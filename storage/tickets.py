"""The built-in ticket store: the default backend's shelf, one ticket for each external id."""

from records.deliveries import Ticket, Verb
from storage.database import Database, Transaction
from storage.rows import body

_CANCEL = "UPDATE tickets SET status = 'cancelled' WHERE id = :ticket"
_REOPEN = (
    "UPDATE tickets SET status = 'inProgress' WHERE id = :ticket"
    " AND status IN ('cancelled', 'closed', 'rejected', 'resolved')"
)


class Shelf:
    """What the built-in backend needs of the archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, external_id: str, ticket: Ticket) -> str:
        """Open a ticket and give its number; the one that is there already, where it is."""

        def work(tx: Transaction) -> str:
            tx.run(
                "INSERT INTO tickets (external_id, status, opened_at, body) VALUES (:id, 'acknowledged', :at, :body)"
                " ON CONFLICT (external_id) DO NOTHING",
                id=external_id, at=tx.now(), body=body(ticket),
            )  # fmt: skip
            return _number(tx, external_id) or ""

        return self._database.write(work)

    def append(self, external_id: str, kind: Verb, ticket: Ticket) -> str | None:
        """Add a follow-up or withdrawal to the earlier ticket and give its number; None where it is not there."""

        def work(tx: Transaction) -> str | None:
            row = tx.one("SELECT id FROM tickets WHERE external_id = :id", id=external_id)
            if row is None:
                return None
            fresh = tx.run(
                "INSERT INTO ticket_entries (ticket, external_id, verb, at, body)"
                " VALUES (:ticket, :id, :verb, :at, :body) ON CONFLICT (ticket, external_id) DO NOTHING",
                ticket=row["id"], id=ticket.external_id, verb=kind.value, at=tx.now(), body=body(ticket),
            )  # fmt: skip
            if fresh and (kind is Verb.WITHDRAW or ticket.reopens):
                tx.run(_CANCEL if kind is Verb.WITHDRAW else _REOPEN, ticket=row["id"])
            return str(row["id"])

        return self._database.write(work)

    def number_of(self, external_id: str) -> str | None:
        """Give the ticket's number, None where there is no such ticket."""
        with self._database.read() as tx:
            return _number(tx, external_id)

    def status_of(self, external_id: str) -> str | None:
        """Give the ticket's TMF621 status word."""
        with self._database.read() as tx:
            row = tx.one("SELECT status FROM tickets WHERE external_id = :id", id=external_id)
        return row["status"] if row else None


def _number(tx: Transaction, external_id: str) -> str | None:
    row = tx.one("SELECT id FROM tickets WHERE external_id = :id", id=external_id)
    return str(row["id"]) if row else None
