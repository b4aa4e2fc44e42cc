"""What customers say of what was done: solved or not, once for each report."""

from datetime import datetime, timedelta

from msgspec import Struct

from storage.database import Transaction
from storage.rows import micros, moment
from storage.versions import newest

_WEEK = timedelta(weeks=1)


class Tally(Struct, frozen=True, kw_only=True):
    """How often something was said to have helped, and not."""

    name: str  # a week's Monday in ISO form, a service, a solution; "" where none is known
    helped: int
    not_helped: int


def asked(tx: Transaction, report: int) -> bool:
    """Tell whether the customer was asked whether it was solved."""
    sql = "SELECT 1 FROM deliveries WHERE about = :report AND kind = 'solved_question'"
    return tx.one(sql, report=report) is not None


def given(tx: Transaction, report: int) -> bool | None:
    """Give what the customer said; None: nothing yet."""
    row = tx.one("SELECT solved FROM verdicts WHERE report = :report", report=report)
    return bool(row["solved"]) if row else None


def give(tx: Transaction, report: int, *, solved: bool, way: str, at: datetime) -> bool:
    """Count an answer, with the service and the typical solution that it is about; False where one was there already.

    The first answer counts. Who taps twice, or has said yes and writes again, changes no figure.
    """
    version = newest(tx, report)
    service = version.record.service if version else None
    sent = tx.one(
        "SELECT 1 FROM deliveries WHERE about = :report AND kind = 'solution' LIMIT 1", report=report
    )  # fmt: skip
    solution = version.record.classification.solution if version and sent else None
    rows = tx.run(
        "INSERT INTO verdicts (report, solved, way, service, solution, at) VALUES (:report, :solved, :way, :service,"
        " :solution, :at) ON CONFLICT (report) DO NOTHING",
        report=report, solved=int(solved), way=way, service=service, solution=solution, at=micros(at),
    )  # fmt: skip
    return rows > 0


def by_week(tx: Transaction, since: datetime) -> list[Tally]:
    """Count by the week (UTC, from its Monday), the newest first."""
    week = _micros_of(_WEEK)
    rows = tx.all(
        "SELECT (at - :monday) / :week AS week, SUM(solved) AS helped, COUNT(*) AS n FROM verdicts WHERE at >= :since"
        " GROUP BY 1 ORDER BY 1 DESC",
        monday=_MONDAY, week=week, since=micros(since),
    )  # fmt: skip
    return [
        Tally(name=moment(_MONDAY + int(row["week"]) * week).date().isoformat(), helped=int(row["helped"]),
              not_helped=row["n"] - int(row["helped"]))
        for row in rows
    ]  # fmt: skip


def by_service(tx: Transaction, since: datetime) -> list[Tally]:
    """Count by service, the most answers first."""
    return _by(tx, "service", since)


def by_solution(tx: Transaction, since: datetime) -> list[Tally]:
    """Count by the typical solution that was sent, the most answers first."""
    return _by(tx, "solution", since)


def _by(tx: Transaction, column: str, since: datetime) -> list[Tally]:
    rows = tx.all(
        f"SELECT {column} AS name, SUM(solved) AS helped, COUNT(*) AS n FROM verdicts WHERE at >= :since"  # noqa: S608 - our words
        f" GROUP BY {column} ORDER BY COUNT(*) DESC, {column}",
        since=micros(since),
    )
    return [
        Tally(name=row["name"] or "", helped=int(row["helped"]), not_helped=row["n"] - int(row["helped"]))
        for row in rows
    ]  # fmt: skip


def _micros_of(span: timedelta) -> int:
    """Give a span in microseconds."""
    return span // timedelta(microseconds=1)


#: A Monday that is before every report: 1970-01-05.
_MONDAY = _micros_of(timedelta(days=4))
