"""What people made of reports, as labelled texts to learn from, and beside what the machine had said.

Two speak: whoever of the desk saved a report, and the customer who was sent a typical solution and told how it went.
The later word counts.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from records.numbers import number
from records.quality import CLASS, truth_of
from records.record import Classification, FaultRecord
from records.words import DecidedBy, Disposition, Order
from storage.database import Row, Transaction
from storage.rows import micros, moment, noun

OTHER = "other"
_MANY = 50_000  # the newest ones
_BY_PEOPLE = (DecidedBy.CLERK, DecidedBy.SENIOR)


class Label(Struct, frozen=True, kw_only=True):
    """One report as a person left it, and as the machine had read it."""

    id: str
    at: datetime
    by: str | None  # of the desk; None: only the customer spoke
    seen: FaultRecord  # the machine's last version before, with its decision
    record: FaultRecord  # the person's; the machine's where only the customer spoke
    helped: bool | None = None  # the typical solution, as the customer said after it

    @property
    def label(self) -> str | None:
        """The class that the person gave or left standing; None where he decided nothing of it.

        A typical solution that was in vain was an incident, one that helped was none.
        """
        if self.helped is not None:
            return (Disposition.TYPICAL_FIX if self.helped else Disposition.INCIDENT).value
        if self.record.order is Order.NOT_A_FAULT:
            return OTHER
        decision = self.record.classification
        said = decision if decision.decided_by in _BY_PEOPLE else self.seen.classification
        return said.disposition.value if said.disposition else None

    @property
    def truth(self) -> Mapping[str, object]:
        """What the machine's record is held against (`records.quality`); a customer speaks of the class alone."""
        known = {field: value for field, value in truth_of(self.record).items() if field != CLASS} if self.by else {}
        label = self.label
        return known if label is None else {**known, CLASS: None if label == OTHER else label}


def labels(tx: Transaction, since: datetime | None = None, language: str | None = None) -> Iterator[Label]:
    """Give every report that somebody has spoken of, by his newest word, the oldest first."""
    begin = micros(since) if since else 0
    rows = [*tx.all(_SAVED, since=begin, many=_MANY), *tx.all(_TOLD, since=begin, many=_MANY)]
    found = sorted(map(_label, rows), key=attrgetter("at"))
    return (one for one in found if language is None or one.record.language == language)


#: How a typical solution went, as the customer said.
_HELPED = "verdicts.subject = 'solution' AND verdicts.solution IS NOT NULL"
#: The newest version of each report that a person saved.
_SAVED = (
    "SELECT mine.report, COALESCE(verdicts.at, mine.made_at) AS spoken_at, mine.author,"  # noqa: S608 - our words
    " mine.body AS record, machine.body AS seen, decisions.body AS decision, reports.received_at, verdicts.solved"
    " FROM records AS mine"
    " JOIN reports ON reports.id = mine.report"
    " JOIN records AS machine ON machine.report = mine.report AND machine.version ="
    " (SELECT MAX(version) FROM records AS before WHERE before.report = mine.report AND before.author IS NULL"
    " AND before.version < mine.version)"
    " LEFT JOIN decisions ON decisions.report = machine.report AND decisions.version = machine.version"
    f" LEFT JOIN verdicts ON verdicts.report = mine.report AND {_HELPED} AND verdicts.at > mine.made_at"
    " WHERE mine.author IS NOT NULL AND mine.question IS NULL"
    " AND COALESCE(verdicts.at, mine.made_at) >= :since"
    " AND NOT EXISTS (SELECT 1 FROM records AS later WHERE later.report = mine.report"
    " AND later.author IS NOT NULL AND later.question IS NULL AND later.version > mine.version)"
    " ORDER BY spoken_at DESC LIMIT :many"
)
#: Reports that only the machine and the customer have seen, as they were decided before he told how it went.
_TOLD = (
    "SELECT machine.report, verdicts.at AS spoken_at, machine.author,"  # noqa: S608 - our words
    " machine.body AS record, machine.body AS seen, decisions.body AS decision, reports.received_at, verdicts.solved"
    " FROM verdicts"
    " JOIN reports ON reports.id = verdicts.report"
    " JOIN decisions ON decisions.report = verdicts.report AND decisions.version ="
    " (SELECT MAX(version) FROM decisions AS before WHERE before.report = verdicts.report"
    " AND before.made_at < verdicts.at)"
    " JOIN records AS machine ON machine.report = verdicts.report AND machine.version = decisions.version"
    f" WHERE {_HELPED} AND verdicts.at >= :since AND NOT EXISTS (SELECT 1 FROM records AS mine"
    " WHERE mine.report = verdicts.report AND mine.author IS NOT NULL AND mine.question IS NULL)"
    " ORDER BY spoken_at DESC LIMIT :many"
)


def _label(row: Row) -> Label:
    decision = noun(Classification, row["decision"]) if row["decision"] else Classification()
    seen = noun(FaultRecord, row["seen"])
    at = moment(row["received_at"])
    return Label(
        id=number(row["report"], at), at=moment(row["spoken_at"]), by=row["author"],
        seen=replace(seen, classification=decision), record=noun(FaultRecord, row["record"]),
        helped=None if row["solved"] is None else bool(row["solved"]),
    )  # fmt: skip
