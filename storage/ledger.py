"""What has left already, for backends that can't be asked: mail and webhooks."""

from records.numbers import report_of
from storage.database import Database


class Ledger:
    """Reads how deliveries ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def number_of(self, backend: str, external_id: str) -> str | None:
        """Give the number under which a backend took the ticket of one of our reports; None where it did not yet."""
        with self._database.read() as tx:
            row = tx.one(
                "SELECT outcomes.external_id FROM deliveries JOIN outcomes ON outcomes.delivery = deliveries.id"
                " WHERE deliveries.opens = :report AND deliveries.backend = :backend AND outcomes.state = 'delivered'",
                report=report_of(external_id), backend=backend,
            )  # fmt: skip
        return row["external_id"] if row else None

    def withdrawn(self, backend: str, number: str) -> bool:
        """Tell whether a withdrawal of the backend's ticket with this number has left."""
        with self._database.read() as tx:
            row = tx.one(
                "SELECT 1 FROM outcomes JOIN deliveries ON deliveries.id = outcomes.delivery"
                " WHERE outcomes.external_id = :number AND deliveries.backend = :backend"
                " AND deliveries.verb = 'withdraw' AND outcomes.state = 'delivered'",
                number=number, backend=backend,
            )  # fmt: skip
        return row is not None
