"""How a person's version is saved: on top of the one that he saw, and onto the road, or before a senior."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from records.people import Person, Role
from records.record import FaultRecord, classified
from records.standing import Level, State
from records.tasks import Step
from records.words import Order, Review, Urgency
from storage import cards, partner_numbers, tasks, versions
from storage.amending import amended
from storage.database import Transaction
from storage.events import happened
from storage.records import Kept, kept
from storage.rows import micros
from storage.versions import VersionRow


class Conflict(Exception):
    """Somebody saved a newer version meanwhile; `latest` is that one."""

    def __init__(self, latest: VersionRow) -> None:
        super().__init__(f"version {latest.version} is newer: look at it and save again")
        self.latest = latest


class Saved(Struct, frozen=True, kw_only=True):
    """A person's act: who, when, what it is called in the story, and his words."""

    by: Person
    at: datetime
    what: str
    remark: str | None = None  # for those who come after him
    question: str | None = None  # for the reporter
    approval: bool = False  # a clerk's waits for a senior
    finished: bool = True  # he has looked at all of the record


def the_kept(tx: Transaction, report: int) -> Kept:
    """Give one report's row. Raises LookupError where there is no such report."""
    found = kept(tx, report)
    if found is None:
        raise LookupError(f"report {report} is not in the archive")
    return found


def seen(tx: Transaction, report: int, base: int) -> VersionRow | None:
    """Give the version that a person saw, and let nobody save before him; raises Conflict where it is not the newest.

    None where there is no record yet, and he saw none.
    """
    tx.run("UPDATE standings SET version = version WHERE report = :report", report=report)  # others wait for the row
    newest = versions.newest(tx, report)
    if newest is not None and newest.version != base:
        raise Conflict(newest)
    if newest is None and base:
        raise LookupError(f"report {report} has no version {base}")
    return newest


def the_seen(tx: Transaction, report: int, base: int) -> FaultRecord:
    """Give the record that a person saw. Raises Conflict, and LookupError where there is none yet.

    That a machine called it incomplete lets nothing go: only a senior's INCOMPLETE does, in a version of his.
    """
    version = seen(tx, report, base)
    if version is None:
        raise LookupError(f"report {report} has no record yet")
    if version.by is not None:
        return version.record
    reviews = tuple(one for one in version.record.needs_review if one is not Review.INCOMPLETE)
    return replace(version.record, needs_review=reviews)


def save(tx: Transaction, report: int, before: FaultRecord | None, record: FaultRecord, act: Saved) -> int:
    """Add a person's version, with its event; gives its number. Whatever reads the original still comes too late."""
    row = the_kept(tx, report)
    made = amended(row, before, record, act.by, finished=act.finished)
    tasks.drop_reading(tx, report)
    version = versions.add(
        tx, report, made, act.at, author=act.by.login, remark=act.remark, question=act.question
    )  # fmt: skip
    happened(tx, report, act.at, act.by.login, act.what, act.remark or act.question)
    if act.approval and not act.by.role.may(Role.SENIOR) and not _is_emergency(before, made):
        tx.run("INSERT INTO approvals (report, version) VALUES (:report, :version)", report=report, version=version)
        cards.stand(tx, report, State.APPROVAL, act.at, level=Level.SENIOR)
    else:
        proceed(tx, row, classified(made, record.classification), act.by, act.at)
    return version


def _is_emergency(before: FaultRecord | None, made: FaultRecord) -> bool:
    """Tell whether an order leaves at once: urgent already when the clerk saw it. One that he marks himself waits."""
    marked = before is not None and before.urgency is Urgency.URGENT
    return marked and made.urgency is Urgency.URGENT and made.order is Order.REPORT


def proceed(tx: Transaction, report: Kept, record: FaultRecord, by: Person, at: datetime) -> None:
    """Put a person's newest version on the road; the desk need not wait for that to see where the report stands."""
    partner_numbers.confirm(tx, report.report, record, at)
    cards.judge(tx, report.report, record, at, by_person=True)
    tasks.add(tx, Step.CLASSIFY, report.report, by.login, micros(report.due_at))
