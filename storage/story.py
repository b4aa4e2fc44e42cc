"""What is stored, for people: the list of reports, and one report's whole story from original to ticket."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from records.deliveries import Reply
from records.numbers import number
from records.record import Classification, FaultRecord
from storage.database import Row, Transaction
from storage.rows import moment, noun
from storage.versions import record_of

#: How the detail of an answer begins.
BECAUSE = "because: "


class Chapter(Struct, frozen=True, kw_only=True):
    """One thing that happened to a report."""

    at: datetime
    actor: str
    what: str
    detail: str | None = None


class Line(Struct, frozen=True, kw_only=True):
    """One report in a list."""

    id: str
    channel: str
    received_at: datetime
    due_at: datetime
    settled_at: datetime | None = None  # when a standard record was there; then its clock stood still
    record: FaultRecord | None  # None: not read yet
    tickets: tuple[str, ...] = ()  # "backend: number"


#: Reports with the newest version of their record and its decision.
_LINES = (
    "SELECT reports.*, records.body AS record, decisions.body AS decision, standings.settled_at FROM reports"
    " LEFT JOIN standings ON standings.report = reports.id"
    " LEFT JOIN records ON records.report = reports.id AND records.version ="
    " (SELECT MAX(version) FROM records AS newest WHERE newest.report = reports.id)"
    " LEFT JOIN decisions ON decisions.report = records.report AND decisions.version = records.version"
)


def lines(tx: Transaction, since: datetime | None, order: str | None, limit: int) -> list[Line]:
    """List reports, earliest due time first."""
    rows = tx.all(
        f"{_LINES} WHERE reports.received_at >= :since AND (:order = '' OR records.order_kind = :order)"
        " ORDER BY reports.due_at, reports.id LIMIT :limit",
        since=0 if since is None else int(since.timestamp() * 1_000_000), order=order or "", limit=limit,
    )  # fmt: skip
    tickets = _tickets(tx)
    return [_line(row, tickets.get(row["id"], ())) for row in rows]


def line(tx: Transaction, report: int) -> Line:
    """Give one report's line. Raises LookupError where there is no such report."""
    row = tx.one(f"{_LINES} WHERE reports.id = :report", report=report)
    if row is None:
        raise LookupError(f"report {report} is not in the archive")
    return _line(row, _tickets(tx, report).get(report, ()))


def story(tx: Transaction, report: int) -> list[Chapter]:
    """Tell everything that happened to one report, in order."""
    chapters = [
        *_arrival(tx, report), *_events(tx, report), *_versions(tx, report), *_deliveries(tx, report),
        *_open_tasks(tx, report),
    ]  # fmt: skip
    return sorted(chapters, key=lambda chapter: chapter.at)


def _line(row: Row, tickets: Sequence[str]) -> Line:
    received_at = moment(row["received_at"])
    return Line(
        id=number(row["id"], received_at), channel=row["channel"], received_at=received_at,
        due_at=moment(row["due_at"]), record=record_of(row), tickets=tuple(tickets),
        settled_at=moment(row["settled_at"]) if row["settled_at"] else None,
    )  # fmt: skip


def _tickets(tx: Transaction, report: int | None = None) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    one = "" if report is None else " AND (deliveries.report = :report OR deliveries.opens = :report)"
    sql = (
        "SELECT COALESCE(deliveries.opens, deliveries.report) AS report, deliveries.backend, outcomes.external_id"  # noqa: S608 - our own words
        " FROM outcomes JOIN deliveries ON deliveries.id = outcomes.delivery"
        f" WHERE deliveries.verb NOT IN ('reply', 'event', 'warn') AND outcomes.state = 'delivered'{one}"
        " ORDER BY deliveries.id"
    )
    for row in tx.all(sql, report=report):
        found.setdefault(row["report"], []).append(f"{row['backend']}: {row['external_id']}")
    return found


def _arrival(tx: Transaction, report: int) -> list[Chapter]:
    rows = tx.all("SELECT * FROM reports WHERE id = :report", report=report)
    return [
        Chapter(at=moment(row["received_at"]), actor=row["channel"], what="arrived",
                detail=f"{row['media_type']}, {row['size']} bytes, sha256 {row['sha256']}")
        for row in rows
    ]  # fmt: skip


def _events(tx: Transaction, report: int) -> list[Chapter]:
    rows = tx.all("SELECT * FROM events WHERE report = :report", report=report)
    return [Chapter(at=moment(row["at"]), actor=row["actor"], what=row["what"], detail=row["detail"]) for row in rows]


def _versions(tx: Transaction, report: int) -> list[Chapter]:
    made = [
        Chapter(at=moment(row["made_at"]), actor=row["author"] or "normalizer",
                what=f"record, version {row['version']}", detail=row["order_kind"])
        for row in tx.all("SELECT * FROM records WHERE report = :report", report=report)
    ]  # fmt: skip
    decided = [
        Chapter(at=moment(row["made_at"]), actor="classifier", what=f"decision on version {row['version']}",
                detail=_reasons(noun(Classification, row["body"])))
        for row in tx.all("SELECT * FROM decisions WHERE report = :report", report=report)
    ]  # fmt: skip
    return [*made, *decided]


def _reasons(decision: Classification) -> str:
    said = decision.disposition.value if decision.disposition else "undecided: a person decides"
    because = f" because of {', '.join(decision.rule_hits)}" if decision.rule_hits else ""
    return f"{said}{because}{f', solution {decision.solution}' if decision.solution else ''}"


def _deliveries(tx: Transaction, report: int) -> list[Chapter]:
    rows = tx.all(
        "SELECT deliveries.verb, deliveries.backend, deliveries.kind, deliveries.made_at, deliveries.body,"
        " outcomes.state, outcomes.external_id, outcomes.reason, outcomes.at FROM deliveries"
        " LEFT JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE (deliveries.report = :report OR deliveries.opens = :report) AND deliveries.verb <> 'warn'",
        report=report,
    )
    return [
        Chapter(
            at=moment(row["at"] or row["made_at"]), actor=row["backend"],
            what=f"{row['kind'] or row['verb']} {row['state'] or 'waits to leave'}",
            detail=_why(row),
        )
        for row in rows
    ]  # fmt: skip


def _why(row: Row) -> str | None:
    """Tell what became of a delivery; of an answer first why it is sent."""
    cause = f"{BECAUSE}{noun(Reply, row['body']).cause}" if row["kind"] else None
    return "; ".join(filter(None, (cause, row["external_id"] or row["reason"]))) or None


def _open_tasks(tx: Transaction, report: int) -> list[Chapter]:
    rows = tx.all(
        "SELECT step, attempts, not_before, last_error FROM tasks WHERE done_at IS NULL AND last_error IS NOT NULL"
        " AND subject = :report AND step IN ('normalize', 'recognize', 'classify') UNION ALL"
        " SELECT step, attempts, not_before, last_error FROM tasks WHERE done_at IS NULL AND last_error IS NOT NULL"
        " AND step = 'deliver' AND subject IN (SELECT id FROM deliveries WHERE report = :report)",
        report=report,
    )
    return [
        Chapter(at=moment(row["not_before"]), actor="worker", detail=row["last_error"],
                what=f"{row['step']} follows, attempt {row['attempts'] + 1}")
        for row in rows
    ]  # fmt: skip
