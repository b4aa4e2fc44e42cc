"""What the API takes and gives, beside the nouns of `records`. Bodies refuse unknown keys."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from desk.outages import OutageLine
from desk.warned import WarningLine
from records.deliveries import Kind, Medium
from records.orders import TicketOrder
from records.outage import Cause
from records.record import FaultRecord
from records.standing import Standing
from records.status import Status
from records.words import Urgency
from storage.promises import Running


class Reports(Struct, frozen=True, kw_only=True):
    """A part of the queue."""

    reports: list[Standing]
    next: str | None  # the cursor of the next part; null: this was the last


class Counted(Struct, frozen=True, kw_only=True):
    """How many reports stand where."""

    states: Mapping[str, int]  # by "state/level", as "review/clerk"
    overdue: int
    total: int


class Report(Struct, frozen=True, kw_only=True):
    """One report."""

    id: str
    version: int  # of the record; 0: not read yet
    standing: Standing
    record: FaultRecord | None
    parent: str | None  # the report that it was divided from
    media_type: str  # of the original
    size: int
    promises: list[Running]  # in the order in which they were begun


class Warnings(Struct, frozen=True, kw_only=True):
    """Open warnings, the first due first."""

    warnings: list[WarningLine]


class Happened(Struct, frozen=True, kw_only=True):
    """One thing that happened to a report."""

    at: datetime
    actor: str
    what: str
    detail: str | None


class Orders(Struct, frozen=True, kw_only=True):
    """How a report stands, and the orders on its ticket and from it, the first one first."""

    id: str
    status: Status  # a TMF621 word
    orders: list[TicketOrder]


class Text(Struct, frozen=True, kw_only=True):
    """The text of one kind of answer in one language, by mail or in a chat."""

    kind: Kind
    language: str
    medium: Medium
    channel: str | None  # None: for every channel
    shipped: str
    own: str | None  # what is sent in its place
    author: str | None
    at: datetime | None


class Texts(Struct, frozen=True, kw_only=True):
    """The operator's own texts."""

    texts: list[Text]


class OwnText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent in place of the shipped text; null: nothing, the shipped one is."""

    text: str | None


class Outages(Struct, frozen=True, kw_only=True):
    """Mass outages: those that are not over first, then the newest."""

    outages: list[OutageLine]


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a senior says of an outage; a time without an offset is the desk's."""

    cause: Cause
    expected_end: str


class Belonging(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report that belongs to an outage."""

    report: str


class Story(Struct, frozen=True, kw_only=True):
    """All that happened to a report, in order."""

    id: str
    story: list[Happened]


class Pages(Struct, frozen=True, kw_only=True):
    """The pages of the original that are this report."""

    pages: list[int]


class Received(Struct, frozen=True, kw_only=True):
    """The promise that a report is kept."""

    id: str
    received_at: datetime
    due_at: datetime
    duplicate: bool  # it was kept before; this is the first one's number


class Done(Struct, frozen=True, kw_only=True):
    """What a change made: the newest version of the record, or the number of the report that was made of its pages."""

    version: int | None = None
    id: str | None = None


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A remark for those who come after."""

    remark: str | None = None


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question to the sender."""

    text: str


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a senior should look at it."""

    reason: str


class Urging(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How urgent it is."""

    urgency: Urgency


class Division(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pages that are a report of their own; none, for a report without pages: a copy of it."""

    pages: tuple[int, ...] = ()


class Joining(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The report that it is the same as."""

    into: str


class Problem(Struct, frozen=True, kw_only=True):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: Mapping[str, str] = {}  # what to write instead, by field
    version: int | None = None  # the newest one, where what was seen is not the newest
    report: str | None = None  # what the same form became before
