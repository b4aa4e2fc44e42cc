"""What people do to a record at the desk. Each is one unit of work: a version, an event, and what follows on the road.

Nobody overwrites another: whoever saves names the version that he saw, and meets `Conflict` where there is a newer one.
Nothing leaves from here: the road plans it, as it does for what the machine has read. All raise LookupError where
there is no such report, or no record of it yet. `approval`: the admin asked that a clerk's order waits for a senior; a
senior's own needs no other.
"""

from datetime import datetime

from msgspec.structs import replace

from records.addresses import is_plain_address
from records.numbers import report_of
from records.people import Person
from records.record import FaultRecord
from records.standing import Level, State
from records.words import Order, Review, Urgency
from storage import cards
from storage.approvals import approve, decline
from storage.database import Transaction
from storage.division import split
from storage.events import happened
from storage.records import Kept, kept
from storage.saving import Conflict, Saved, save, seen, the_kept, the_seen
from storage.versions import VersionRow, newest, versions

__all__ = [
    "Conflict", "NobodyToAsk", "VersionRow", "approve", "ask", "correct", "decline", "merge", "pass_on", "refuse",
    "split", "urge", "versions",
]  # fmt: skip


class NobodyToAsk(Exception):
    """There is no address that a question could go to; the text says what to do."""


def correct(
    tx: Transaction, *, report: int, base: int, record: FaultRecord, by: Person, at: datetime, approval: bool,
    remark: str | None = None,
) -> int:  # fmt: skip
    """Save a finished record; gives its version. `base` is 0 where no reader has made one yet."""
    before = seen(tx, report, base)
    act = Saved(by=by, at=at, what="corrected", remark=remark, approval=approval)
    return save(tx, report, before.record if before else None, record, act)


def refuse(
    tx: Transaction, *, report: int, base: int, by: Person, at: datetime, remark: str | None, approval: bool = False
) -> int:
    """Call a report no fault; where it has a ticket, that one is withdrawn with the remark."""
    before = the_seen(tx, report, base)
    act = Saved(by=by, at=at, what="refused", remark=remark, approval=approval)
    return save(tx, report, before, replace(before, order=Order.NOT_A_FAULT), act)


def ask(tx: Transaction, *, report: int, base: int, by: Person, at: datetime, text: str) -> int:
    """Ask the reporter, in a person's own words: in his chat, or at the e-mail address in the record.

    The report waits for the answer. Raises NobodyToAsk where there is neither. Whether replies are sent at all is the
    wiring's (look at `settings.replies.host` before); where the road finds that it can't ask, it says why, and the
    report is back.
    """
    before = the_seen(tx, report, base)
    if the_kept(tx, report).envelope.chat is None and not is_plain_address(before.reporter.email or ""):
        raise NobodyToAsk("the record has no e-mail address that can be written to: correct it, or telephone")
    act = Saved(by=by, at=at, what="asked", question=text, finished=False)
    version = save(tx, report, before, before, act)
    cards.stand(tx, report, State.ASKED, at)
    return version


def urge(
    tx: Transaction, *, report: int, base: int, by: Person, at: datetime, urgency: Urgency, approval: bool = False
) -> int:
    """Set the urgent mark, or take it away."""
    before = the_seen(tx, report, base)
    act = Saved(by=by, at=at, what=f"marked {urgency.value}", approval=approval, finished=False)
    return save(tx, report, before, replace(before, urgency=urgency), act)


def merge(
    tx: Transaction, *, report: int, base: int, into: int, by: Person, at: datetime, approval: bool = False
) -> int:
    """Make a duplicate a follow-up of another report, or of the one that this one follows.

    Raises ValueError where that is the report itself, no fault, or not there.
    """
    before, target = the_seen(tx, report, base), _target(tx, into)
    if target.report == report:
        raise ValueError("a report can't be merged into itself")
    act = Saved(by=by, at=at, what=f"merged into {target.id}", approval=approval)
    version = save(tx, report, before, replace(before, order=Order.FOLLOW_UP, reference=target.id), act)
    happened(tx, target.report, at, by.login, f"{the_kept(tx, report).id} was merged into it")
    return version


def pass_on(tx: Transaction, *, report: int, by: Person, at: datetime, reason: str) -> None:
    """Hand a report to the seniors. What was finished or asked is under review again."""
    row = tx.one("SELECT state FROM standings WHERE report = :report", report=report)
    if row is None:
        raise LookupError(f"report {report} is not in the archive")
    state = State(row["state"])
    stays = state if state in (State.UNREAD, State.APPROVAL) else State.REVIEW
    cards.stand(tx, report, stays, at, level=Level.SENIOR, remark=reason)
    happened(tx, report, at, by.login, "passed to a senior", reason)


def _target(tx: Transaction, into: int) -> Kept:
    """Give the report that others may be merged into: for a follow-up the one that it follows."""
    found, version = kept(tx, into), newest(tx, into)
    if found is None or (version and version.record.order is Order.NOT_A_FAULT):
        raise ValueError("there is no report of a fault with this number")
    follows = version and version.record.order is Order.FOLLOW_UP and _proven(version.record)
    return the_kept(tx, follows) if follows else found


def _proven(record: FaultRecord) -> int | None:
    """Give the report that a record is proven to belong to."""
    doubtful = Review.UNVERIFIED_REFERENCE in record.needs_review
    return None if doubtful else report_of(record.reference or "")
