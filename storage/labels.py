"""What people of the desk made of reports, as labelled texts to learn from, and beside what the machine had said."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from records.numbers import number
from records.record import Classification, FaultRecord
from records.words import DecidedBy, Order
from storage.database import Row, Transaction
from storage.rows import micros, moment, noun

OTHER = "other"
_MANY = 50_000  # the newest ones
_BY_PEOPLE = (DecidedBy.CLERK, DecidedBy.SENIOR)


class Label(Struct, frozen=True, kw_only=True):
    """One report as a person left it, and as the machine had read it."""

    id: str
    at: datetime
    by: str
    seen: FaultRecord  # the machine's last version before, with its decision
    record: FaultRecord  # the person's

    @property
    def label(self) -> str | None:
        """The class that the person gave or left standing; None where he decided nothing of it."""
        if self.record.order is Order.NOT_A_FAULT:
            return OTHER
        decision = self.record.classification
        said = decision if decision.decided_by in _BY_PEOPLE else self.seen.classification
        return said.disposition.value if said.disposition else None


def labels(tx: Transaction, since: datetime | None = None, language: str | None = None) -> Iterator[Label]:
    """Give every report that a person has saved, by its newest such version, the oldest first."""
    rows = tx.all(
        "SELECT mine.report, mine.made_at, mine.author, mine.body AS record, machine.body AS seen,"
        " decisions.body AS decision, reports.received_at FROM records AS mine"
        " JOIN reports ON reports.id = mine.report"
        " JOIN records AS machine ON machine.report = mine.report AND machine.version ="
        " (SELECT MAX(version) FROM records AS before WHERE before.report = mine.report AND before.author IS NULL"
        " AND before.version < mine.version)"
        " LEFT JOIN decisions ON decisions.report = machine.report AND decisions.version = machine.version"
        " WHERE mine.author IS NOT NULL AND mine.question IS NULL AND mine.made_at >= :since"
        " AND NOT EXISTS (SELECT 1 FROM records AS later WHERE later.report = mine.report"
        " AND later.author IS NOT NULL AND later.question IS NULL AND later.version > mine.version)"
        " ORDER BY mine.made_at DESC LIMIT :many",
        since=micros(since) if since else 0, many=_MANY,
    )  # fmt: skip
    found = (_label(row) for row in reversed(rows))
    return (one for one in found if language is None or one.record.language == language)


def _label(row: Row) -> Label:
    decision = noun(Classification, row["decision"]) if row["decision"] else Classification()
    seen = noun(FaultRecord, row["seen"])
    at = moment(row["received_at"])
    return Label(
        id=number(row["report"], at), at=moment(row["made_at"]), by=row["author"],
        seen=replace(seen, classification=decision), record=noun(FaultRecord, row["record"]),
    )  # fmt: skip
