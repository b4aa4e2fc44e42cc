"""How much of the desk's work the machine takes over, week by week."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from records.record import Classification
from records.words import DecidedBy
from storage.database import Transaction
from storage.labels import Label
from storage.rows import micros, moment, noun

_MANY = 200_000  # the newest reports


class Week(Struct, frozen=True, kw_only=True):
    """The reports of one week."""

    begins: date  # its Monday, UTC
    reports: int
    decided: int  # by the machine: typical fix or incident
    judged: int  # of the decided ones: those of which somebody knows the class
    right: int  # of these

    @property
    def share(self) -> float | None:
        """The share that the machine decided."""
        return self.decided / self.reports if self.reports else None

    @property
    def accuracy(self) -> float | None:
        """The share of the judged ones that it decided rightly."""
        return self.right / self.judged if self.judged else None


def weeks(tx: Transaction, since: datetime, known: Sequence[Label]) -> list[Week]:
    """Count the reports that came since then by their week, the oldest first; `known`: what people made of some.

    Withdrawals and questions how it stands are left out: there is nothing to decide.
    """
    rows = tx.all(_DECIDED, since=micros(since), many=_MANY)
    came, decided = Counter[date](), Counter[date]()
    for row in rows:
        week = _monday(moment(row["received_at"]))
        came[week] += 1
        decided[week] += _is_decided(noun(Classification, row["body"])) if row["body"] else 0
    told = [one for one in known if one.label is not None and _is_decided(one.seen.classification)]
    judged = Counter(_monday(one.seen.received_at) for one in told)
    right = Counter(_monday(one.seen.received_at) for one in told if one.seen.classification.disposition == one.label)
    return [
        Week(begins=week, reports=came[week], decided=decided[week], judged=judged[week], right=right[week])
        for week in sorted(came)
    ]


_DECIDED = (
    "SELECT reports.received_at, decisions.body FROM reports"
    " JOIN standings ON standings.report = reports.id"
    " AND standings.order_kind IN ('report', 'follow_up', 'not_a_fault')"
    " LEFT JOIN decisions ON decisions.report = reports.id AND decisions.version ="
    " (SELECT MAX(version) FROM records WHERE records.report = reports.id AND author IS NULL)"
    " WHERE reports.received_at >= :since ORDER BY reports.received_at DESC LIMIT :many"
)


def _is_decided(decision: Classification) -> bool:
    return decision.disposition is not None and decision.decided_by in (DecidedBy.RULE, DecidedBy.MODEL)


def _monday(at: datetime) -> date:
    return at.date() - timedelta(days=at.weekday())
