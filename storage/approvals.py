"""A senior's yes or no to what a clerk has saved."""

from datetime import datetime

from records.people import Person, Role
from records.standing import Level, State
from storage import cards
from storage.database import Transaction
from storage.events import happened
from storage.rows import clean, micros
from storage.saving import proceed, seen, the_kept


def approve(tx: Transaction, *, report: int, version: int, by: Person, at: datetime, remark: str | None = None) -> None:
    """Say yes: what the version calls for leaves.

    Raises PermissionError for one's own and for who is no senior, Conflict where the version is not the newest,
    LookupError where it does not wait.
    """
    _decide(tx, report, version, by, at, remark, yes=True)
    newest = seen(tx, report, version)
    if newest is not None:
        proceed(tx, the_kept(tx, report), newest.record, by, at)


def decline(tx: Transaction, *, report: int, version: int, by: Person, at: datetime, remark: str) -> None:
    """Say no: the report is back with the clerks, with the remark. Raises what `approve` raises."""
    _decide(tx, report, version, by, at, remark, yes=False)
    cards.stand(tx, report, State.REVIEW, at, level=Level.CLERK, remark=remark)


def _decide(
    tx: Transaction, report: int, version: int, by: Person, at: datetime, remark: str | None, *, yes: bool
) -> None:
    newest = seen(tx, report, version)
    if not by.role.may(Role.SENIOR):
        raise PermissionError("only a senior may approve or decline")
    if newest is None or newest.by == by.login:
        raise PermissionError("nobody approves or declines his own version")
    changed = tx.run(
        "UPDATE approvals SET decided_by = :by, decided_at = :at, approved = :yes, remark = CAST(:remark AS TEXT)"
        " WHERE report = :report AND version = :version AND decided_at IS NULL",
        by=by.login, at=micros(at), yes=int(yes), remark=clean(remark) if remark else None,
        report=report, version=version,
    )  # fmt: skip
    if not changed:
        raise LookupError(f"version {version} of report {report} does not wait for a senior")
    happened(tx, report, at, by.login, "approved" if yes else "declined", remark)
