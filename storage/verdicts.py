"""What customers say of what was advised and done: solved or not, once for each, about each report."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from records.record import Classification
from storage.database import Transaction
from storage.rows import micros, moment, noun
from storage.versions import newest

_WEEK = timedelta(weeks=1)


class Subject(StrEnum):
    """What a verdict is about."""

    SOLUTION = "solution"  # the typical solution, while the report is open
    WORK = "work"  # all that was done, after it was closed


#: The rows that count: those about a subject, and where a report has none of these, what else was said of it.
_COUNTED = (
    "verdicts AS one WHERE at >= :since AND (subject = :subject OR NOT EXISTS (SELECT 1 FROM verdicts AS other"
    " WHERE other.report = one.report AND other.subject = :subject))"
)


class Tally(Struct, frozen=True, kw_only=True):
    """How often something was said to have helped, and not."""

    name: str  # a week's Monday in ISO form, a service, a solution; "" where none is known
    helped: int
    not_helped: int


def asked(tx: Transaction, report: int) -> bool:
    """Tell whether the customer was asked whether it was solved."""
    sql = "SELECT 1 FROM deliveries WHERE about = :report AND kind IN ('solved_question', 'outage_over')"
    return tx.one(sql, report=report) is not None


def give(tx: Transaction, report: int, *, solved: bool, way: str, at: datetime) -> bool:
    """Count an answer, with the service and the typical solution that was sent; False where one was there already.

    It is about the work where that was asked for, else about the solution. The first answer counts: who taps twice, or
    has said yes and writes again, changes no figure.
    """
    subject = Subject.WORK if asked(tx, report) else Subject.SOLUTION
    version = newest(tx, report)
    service = version.record.service if version else None
    rows = tx.run(
        "INSERT INTO verdicts (report, subject, solved, way, service, solution, at) VALUES (:report, :subject, :solved,"
        " :way, :service, :solution, :at) ON CONFLICT (report, subject) DO NOTHING",
        report=report, subject=subject.value, solved=int(solved), way=way, service=service,
        solution=_sent(tx, report), at=micros(at),
    )  # fmt: skip
    return rows > 0


def _sent(tx: Transaction, report: int) -> str | None:
    """Name the typical solution that was sent; once it was in vain the newest decision names none."""
    sql = "SELECT 1 FROM deliveries WHERE about = :report AND kind = 'solution' LIMIT 1"
    if tx.one(sql, report=report) is None:
        return None
    rows = tx.all("SELECT body FROM decisions WHERE report = :report ORDER BY version DESC", report=report)
    return next((found for row in rows if (found := noun(Classification, row["body"]).solution)), None)


def by_week(tx: Transaction, since: datetime) -> list[Tally]:
    """Count by the week (UTC, from its Monday), the newest first."""
    week = _micros_of(_WEEK)
    rows = tx.all(
        "SELECT (at - :monday) / :week AS week, SUM(solved) AS helped, COUNT(*) AS n"  # noqa: S608 - our words
        f" FROM {_COUNTED}"
        " GROUP BY 1 ORDER BY 1 DESC",
        monday=_MONDAY, week=week, since=micros(since), subject=Subject.WORK.value,
    )  # fmt: skip
    return [
        Tally(name=moment(_MONDAY + int(row["week"]) * week).date().isoformat(), helped=int(row["helped"]),
              not_helped=row["n"] - int(row["helped"]))
        for row in rows
    ]  # fmt: skip


def by_service(tx: Transaction, since: datetime) -> list[Tally]:
    """Count by service, the most answers first."""
    return _by(tx, "service", Subject.WORK, since)


def by_solution(tx: Transaction, since: datetime) -> list[Tally]:
    """Count by the typical solution that was sent, the most answers first."""
    return _by(tx, "solution", Subject.SOLUTION, since)


def _by(tx: Transaction, column: str, subject: Subject, since: datetime) -> list[Tally]:
    rows = tx.all(
        f"SELECT {column} AS name, SUM(solved) AS helped, COUNT(*) AS n FROM {_COUNTED}"  # noqa: S608 - our words
        f" GROUP BY {column} ORDER BY COUNT(*) DESC, {column}",
        since=micros(since), subject=subject.value,
    )  # fmt: skip
    return [
        Tally(name=row["name"] or "", helped=int(row["helped"]), not_helped=row["n"] - int(row["helped"]))
        for row in rows
    ]  # fmt: skip


def _micros_of(span: timedelta) -> int:
    """Give a span in microseconds."""
    return span // timedelta(microseconds=1)


#: A Monday that is before every report: 1970-01-05.
_MONDAY = _micros_of(timedelta(days=4))
