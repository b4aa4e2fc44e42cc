"""What became of reports: T2 a record, T3 its decision and deliveries. Rows are added only."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from records.arrival import Envelope
from records.deliveries import Delivery
from records.numbers import number, report_of
from records.reading import Reading
from records.record import FaultRecord
from records.standing import Level, State, stands
from records.status import Status
from records.tasks import Step, Task
from storage import (
    cards,
    conversations,
    orders,
    outages,
    partner_events,
    partner_numbers,
    promises,
    statuses,
    tasks,
    ticket_states,
    verdicts,
    versions,
)
from storage.database import Transaction
from storage.deliveries import add_delivery, opens, remember_message
from storage.events import happened
from storage.rows import micros, moment, noun

#: For so long the telling of a status may be tried.
NEWS_DUE = timedelta(hours=4)


class Kept(Struct, frozen=True, kw_only=True):
    """One kept report, as its door left it."""

    id: str
    report: int
    channel: str
    media_type: str
    sha256: str
    size: int
    received_at: datetime
    due_at: datetime
    envelope: Envelope
    problem: str | None


class Decided(Struct, frozen=True, kw_only=True):
    """What the road makes of one version of a record."""

    version: int
    record: FaultRecord  # with its decision
    by_person: bool = False  # the version is a person's
    leaving: tuple[Delivery, ...] = ()
    inquires: int | None = None  # the report of which it asks how it stands
    asks: bool = False  # a question to the sender is among them, so the report waits for the answer
    held: bool = False  # nothing leaves until a person has finished it
    completes: FaultRecord | None = None  # an earlier report's record, completed by this answer, with its decision
    ends: Status | None = None  # how the report stands from now on, because its customer said so in a chat
    silence: str | None = None  # why a person's question can't be asked
    repeats: int | None = None  # the report that this one asks about again, past its limit
    says: tuple[int, bool] | None = None  # the earlier report, and whether it is solved as the customer says
    place: tuple[str, tuple[str, ...]] | None = None  # whose it is, and where on the network, for the watch
    level: Level | None = None  # whose queue its route puts it on while a person must look; None: where it is


def kept(tx: Transaction, report: int) -> Kept | None:
    """Give one report's row."""
    row = tx.one("SELECT * FROM reports WHERE id = :report", report=report)
    if row is None:
        return None
    received_at = moment(row["received_at"])
    return Kept(
        id=number(report, received_at), report=report, channel=row["channel"], media_type=row["media_type"],
        sha256=row["sha256"], size=row["size"], received_at=received_at, due_at=moment(row["due_at"]),
        envelope=noun(Envelope, row["envelope"]), problem=row["problem"],
    )  # fmt: skip


def normalized(
    tx: Transaction, task: Task, record: FaultRecord, reading: Reading | None, made_at: datetime,
    seen: conversations.Seen | None = None,
) -> list[Task]:  # fmt: skip
    """T2: a new version of the record; the task is done, `classify` is begun by the same worker.

    `seen`: how much of a conversation was read; a reading that comes too late becomes no version.
    """
    sender = tasks.finish(tx, task)
    due = max(micros(record.due_at), micros(task.due_at))  # a later message of a conversation has a time of its own
    if seen is not None and not conversations.takes(tx, task.subject, seen, sender, due):
        return []
    partner_numbers.claim(tx, task.subject, record, made_at)
    versions.add(tx, task.subject, record, made_at, reading=reading)
    if reading and reading.message_id:
        remember_message(tx, reading.message_id, task.subject, ours=False)
    return [tasks.add_begun(tx, Step.CLASSIFY, task.subject, sender, due)]


def postponed(tx: Transaction, task: Task) -> list[Task]:
    """T2': it has pages that only a child for paper may read: no record yet, the report is read again over there."""
    sender = tasks.finish(tx, task)
    tasks.add(tx, Step.RECOGNIZE, task.subject, sender, micros(task.due_at))
    return []


def decided(tx: Transaction, task: Task, made: Decided, made_at: datetime) -> list[Task]:
    """T3: the decision and every delivery it calls for, each with its task, begun by the same worker.

    Where there is a newer version meanwhile, nothing leaves for this one: that one has its own task.
    """
    sender = tasks.finish(tx, task)
    versions.decide(tx, task.subject, made.version, made.record.classification, made_at)
    tx.run("UPDATE standings SET version = version WHERE report = :report", report=task.subject)  # nobody saves now
    newest = tx.one("SELECT MAX(version) AS version FROM records WHERE report = :report", report=task.subject)
    if newest is None or newest["version"] != made.version:
        return []
    due, at = micros(task.due_at), micros(made_at)
    rows = [(one, add_delivery(tx, one, at)) for one in made.leaving]
    if made.completes is not None:
        _complete(tx, made, made.completes, [row for one, row in rows if opens(one)], made_at)
    if made.inquires is not None:
        ticket_states.mark(tx, [made.inquires])
    if made.silence is not None:
        happened(tx, task.subject, made_at, "road", "could not be asked", made.silence)
    if made.says is not None:
        _says(tx, made, *made.says, made_at)
    if made.place is not None:
        outages.sighted(tx, task.subject, made.record.received_at, *made.place)
    _stand(tx, task.subject, made, made_at)
    _answered(tx, task.subject, made, made_at)
    promises.decided(tx, task.subject, made.record, made_at)
    if made.repeats is not None:
        promises.repeated(tx, task.subject, made.repeats, made_at)
    return begun(tx, rows, sender, due)


def begun(tx: Transaction, rows: Sequence[tuple[Delivery, int | None]], sender: str, due: int) -> list[Task]:
    """Begin to bring deliveries with their rows on their way; one without a row was planned before."""
    return [
        tasks.add_begun(tx, Step.DELIVER, row, sender, due, destination=one.backend)
        for one, row in rows
        if row is not None
    ]


def set_aside(tx: Transaction, task: Task) -> list[Task]:
    """T3': the newest version waits for a senior, or he said no: nothing is decided and nothing leaves."""
    tasks.finish(tx, task)
    return []


def told(
    tx: Transaction, task: Task, leaving: Sequence[Delivery], events: Sequence[Delivery], made_at: datetime
) -> list[Task]:
    """T5: what tells of a change of status, each with its task; it may take some hours, and is no order's matter.

    `events`: those for a partner.
    """
    sender = tasks.finish(tx, task)
    partner_events.add(tx, events, made_at)
    rows = [(one, add_delivery(tx, one, micros(made_at))) for one in leaving]
    return begun(tx, rows, sender, micros(made_at + NEWS_DUE))


def _answered(tx: Transaction, report: int, made: Decided, at: datetime) -> None:
    """Bring what the customer of a chat says of our help into the figures, and of his report into its status."""
    dialogue = made.record.dialogue
    if dialogue is not None and (solved := dialogue.verdict) is not None:
        late = dialogue.requests[-1].tip is not None and verdicts.asked(tx, report)  # of a step, read again
        if not late:
            verdicts.give(tx, report, solved=solved, way=made.record.channel, at=at)
    if made.ends is not None:
        statuses.change(tx, report, made.ends, at, orders.CUSTOMER)


def _stand(tx: Transaction, report: int, made: Decided, at: datetime) -> None:
    cards.describe(tx, report, made.version, made.record)
    if made.silence is not None or made.held or _is_passed_on(tx, report):
        state = State.REVIEW
    else:
        state = State.SETTLED if made.says or made.ends else stands(made.record, by_person=made.by_person)
    state = State.ASKED if made.asks and made.silence is None else state
    level = made.level if state is not State.SETTLED else None
    cards.stand(tx, report, state, at, level=level, remark=made.silence)


def _says(tx: Transaction, answer: Decided, report: int, solved: bool, at: datetime) -> None:  # noqa: FBT001 - as it was said
    """Count what a customer says of what was done; where it did not help somebody looks."""
    verdicts.give(tx, report, solved=solved, way=answer.record.channel, at=at)
    happened(tx, report, at, "customer", "solved" if solved else "not solved", answer.record.id)
    if not solved:
        cards.stand(tx, report, State.REVIEW, at, remark="the customer says that it is not solved")


def _is_passed_on(tx: Transaction, report: int) -> bool:
    """Tell whether it was passed to a senior since a person last saved it: the road takes no such thing back."""
    row = tx.one(
        "SELECT 1 FROM events WHERE report = :report AND what = 'passed to a senior' AND at >"
        " (SELECT COALESCE(MAX(made_at), 0) FROM records WHERE report = :report AND author IS NOT NULL)",
        report=report,
    )
    return row is not None


def _complete(
    tx: Transaction, answer: Decided, record: FaultRecord, opening: Sequence[int | None], at: datetime
) -> None:
    """Give an earlier report the version that an answer completed, with its decision.

    Of two answers at the same moment the first one opens its tickets; the other is only noted on them.
    """
    row = tx.one("SELECT id FROM reports WHERE id = :report", report=report_of(record.id or ""))
    if row is None or (opening and not any(opening)):
        return
    happened(tx, row["id"], at, "road", "answered", answer.record.id)
    version = versions.add(tx, row["id"], record, at)
    versions.decide(tx, row["id"], version, record.classification, at)
    if opening:
        cards.judge(tx, row["id"], record, at, by_person=False)
    else:
        cards.stand(tx, row["id"], State.REVIEW, at)
