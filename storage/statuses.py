"""How reports stand with those who repair. Changes are added only; each is told to whom it concerns, once."""

from collections.abc import Iterable
from datetime import datetime

from records.status import Status, StatusChange
from records.tasks import Step
from storage import promises, tasks
from storage.database import Row, Transaction
from storage.events import happened
from storage.rows import among, clean, micros, moment

_CHANGES = "SELECT id, report, status, before, at, actor, reason FROM status_changes"


def status(tx: Transaction, report: int) -> Status:
    """Tell how a report stands; one of which nothing is known is acknowledged."""
    row = tx.one("SELECT status FROM status_changes WHERE report = :report ORDER BY id DESC LIMIT 1", report=report)
    return Status(row["status"]) if row else Status.ACKNOWLEDGED


def change(tx: Transaction, report: int, to: Status, at: datetime, actor: str, reason: str | None = None) -> int | None:
    """Change a report's status and have it told; None where it stands so already."""
    before = status(tx, report)
    if before is to:
        return None
    row = tx.one(
        "INSERT INTO status_changes (report, status, before, at, actor, reason)"
        " VALUES (:report, :status, :before, :at, :actor, :reason) RETURNING id",
        report=report, status=to.value, before=before.value, at=micros(at), actor=actor,
        reason=clean(reason) if reason else None,
    )  # fmt: skip
    changed = int(row["id"]) if row else 0
    happened(tx, report, at, actor, f"status {to.value}", reason)
    promises.stood(tx, report, to, before, at)
    tasks.add(tx, Step.TELL, changed, actor, micros(at))
    return changed


def change_of(tx: Transaction, row_id: int) -> StatusChange | None:
    """Give one change."""
    row = tx.one(f"{_CHANGES} WHERE id = :id", id=row_id)
    return _change(row) if row else None


def changes(tx: Transaction, report: int) -> list[StatusChange]:
    """List a report's changes, the first one first."""
    return [_change(row) for row in tx.all(f"{_CHANGES} WHERE report = :report ORDER BY id", report=report)]


def changes_of(tx: Transaction, reports: Iterable[int]) -> list[StatusChange]:
    """List the changes of several reports, in the order in which they were made."""
    behind_in, values = among(reports)
    return [_change(row) for row in tx.all(f"{_CHANGES} WHERE report IN {behind_in} ORDER BY id", **values)]


def _change(row: Row) -> StatusChange:
    return StatusChange(
        id=row["id"], report=row["report"], status=Status(row["status"]), before=Status(row["before"]),
        at=moment(row["at"]), actor=row["actor"], reason=row["reason"],
    )  # fmt: skip
