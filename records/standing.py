"""Where a report stands now, for the desk: one row a report, kept up to date by every step; not history."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from records.media import is_paper
from records.record import FaultRecord
from records.words import Disposition, Order, Review, Service, Urgency


class State(StrEnum):
    """Who has to do what next."""

    UNREAD = "unread"  # the machine reads it
    REVIEW = "review"  # a person must look
    ASKED = "asked"  # the sender was asked for something; the clock goes on
    APPROVAL = "approval"  # a clerk's order waits for a senior's yes or no
    SETTLED = "settled"  # a standard record exists, and what it calls for is on its way


class Level(StrEnum):
    """Whose queue it is on."""

    CLERK = "clerk"
    SENIOR = "senior"


class Standing(Struct, frozen=True, kw_only=True):
    """One report on the desk."""

    report: int
    id: str  # FR-2026-0001187
    channel: str
    received_at: datetime
    due_at: datetime  # when the standard record must exist
    state: State = State.UNREAD
    level: Level = Level.CLERK
    settled_at: datetime | None = None  # when the clock stopped
    version: int = 0  # of the newest record; 0: none yet
    order: Order | None = None
    service: Service | None = None
    disposition: Disposition | None = None
    urgency: Urgency = Urgency.NORMAL
    reporter: str | None = None  # name, or how he can be reached
    about: str = ""  # the beginning of the description
    reviews: tuple[Review, ...] = ()
    remark: str | None = None  # why it is with a senior, or why a senior sent it back
    taken_by: str | None = None  # login of who has it open
    tickets: int = 0  # how many backends have a ticket of it


def stands(record: FaultRecord, *, by_person: bool) -> State:
    """Tell whether a record, with its decision, is the standard record or a person must look.

    A person's record lacks only what is missing in it or undecided; a senior may let it go incomplete, which is the
    review INCOMPLETE. A machine's is questioned by each of its reviews. That something is no fault a machine may say
    of mail whatever else is odd about it; of paper only where all of it could be read.
    """
    if record.order is Order.NOT_A_FAULT:
        doubtful = is_paper(record.original.media_type) and record.needs_review
        return State.SETTLED if by_person or not doubtful else State.REVIEW
    linked = record.order is not Order.REPORT and record.reference is not None  # what it lacks the earlier report has
    reviews = set(record.needs_review)
    if by_person:
        reviews -= {Review.INCOMPLETE, Review.UNDECIDED} if linked else {Review.INCOMPLETE}
    lacks = record.missing and not linked and not (by_person and Review.INCOMPLETE in record.needs_review)
    return State.REVIEW if reviews or lacks else State.SETTLED
