"""What must leave the house."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from records.clocks import Because, Notice
from records.dialogue import Tried
from records.outage import Cause
from records.partner_events import Event
from records.record import FaultRecord


class Verb(StrEnum):
    """What a delivery does at its destination."""

    CREATE = "create"  # a ticket for a new report
    AMEND = "amend"  # a follow-up to the ticket of an earlier one
    WITHDRAW = "withdraw"  # the customer cancels
    REPLY = "reply"  # a message to the reporter on his own channel
    EVENT = "event"  # of a partner's ticket, to one of his subscriptions
    WARN = "warn"  # people of the house, of promises near their end


class Kind(StrEnum):
    """Which automatic reply it is; each has its texts in four languages (how to add one: `outbox/texts`)."""

    RECEIPT = "receipt"
    QUESTION = "question"  # asks once for what is missing
    SOLUTION = "solution"  # a typical solution, with the receipt's number
    PROGRESS = "progress"
    WITHDRAWN = "withdrawn"  # confirms that a report was withdrawn
    STATUS = "status"  # how the report stands now
    PROVISIONAL = "provisional"  # before an answer is late: why, and a new date
    CLOSING = "closing"  # nothing more is done about the report, unless its sender answers
    STEP = "step"  # of a typical solution, after another that did not help
    DETAIL = "detail"  # asks once for what helps those who repair, while the ticket is on its way
    NOTED = "noted"  # what was added is on the ticket
    ESCALATED = "escalated"  # the typical solution did not help: it is an incident now
    HELPED = "helped"  # thanks for the word that it works
    SOLVED_QUESTION = "solved_question"  # asks once, after the work is done, whether it helped
    OUTAGE = "outage"  # a mass outage lies over the report: its cause and expected end
    OUTAGE_OVER = "outage_over"  # it is over; asks whether it works


#: Why an answer of each kind is sent, for whoever reads a report's story.
CAUSES: Mapping[Kind, str] = {
    Kind.RECEIPT: "a new report came in",
    Kind.QUESTION: "something mandatory is missing",
    Kind.SOLUTION: "a new report came in that a typical solution fits",
    Kind.PROGRESS: "the sender asks how it stands",
    Kind.WITHDRAWN: "the report is withdrawn",
    Kind.STATUS: "it stands otherwise now",
    Kind.PROVISIONAL: "the answer would be late",
    Kind.CLOSING: "nothing more is done about it",
    Kind.STEP: "the step before did not help",
    Kind.DETAIL: "those who repair need to know more",
    Kind.NOTED: "the sender has added something",
    Kind.ESCALATED: "the typical solution did not help",
    Kind.HELPED: "the sender says that it works",
    Kind.SOLVED_QUESTION: "the work is done",
    Kind.OUTAGE: "a mass outage is confirmed",
    Kind.OUTAGE_OVER: "the mass outage is over",
}
#: The kinds that ask whether it was solved.
ASKS_SOLVED = (Kind.SOLVED_QUESTION, Kind.OUTAGE_OVER)
#: In place of the kind's own cause where a person wrote the words.
BY_PERSON = "a person at the desk asks"


class Medium(StrEnum):
    """What a reply is written for: a mail greets and signs, a chat is short."""

    MAIL = "mail"
    CHAT = "chat"


class Reply(Struct, frozen=True, kw_only=True):
    """A message to the reporter."""

    kind: Kind
    to: str  # addr-spec (RFC 5322), or a messenger and its chat: "telegram:…", "max:…"
    language: str
    record_id: str
    received_at: datetime
    subject: str | None = None  # of the report, for "Re: …"
    in_reply_to: str | None = None  # the report's Message-ID
    references: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    words: str | None = None  # of a person at the desk, who asks in place of the machine
    solution: str | None = None  # the typical solution's text in the reply's language
    status: str | None = None  # of the ticket, a TMF621 word, for a progress reply; None: not known
    because: Because | None = None  # why an answer takes longer, for a provisional answer
    until: datetime | None = None  # the new date that it names, or the expected end of an outage
    outage: Cause | None = None  # why an outage lies over the report
    reporter_name: str | None = None
    tip: Tried | None = None  # the step that the solution's text ends with
    steps: int = 0  # that the solution has
    partner_number: str | None = None  # under which a partner knows it; it stands in the subject
    channel: str | None = None  # the door that the report came by, whose texts may differ
    template: str | None = None  # the operator's own text, looked up when it is sent; None: the shipped one

    @property
    def cause(self) -> str:
        """Tell why it is sent."""
        return BY_PERSON if self.kind is Kind.QUESTION and self.words is not None else CAUSES[self.kind]

    @property
    def medium(self) -> Medium:
        """Tell what it is written for; an addr-spec holds no colon."""
        return Medium.CHAT if ":" in self.to else Medium.MAIL


class Ticket(Struct, frozen=True, kw_only=True):
    """What a backend is told of a report: our number is the external id that is searched before creating."""

    external_id: str
    record: FaultRecord
    text: str  # description for the ticket: the new text of the report
    earlier: str | None = None  # the number of the report whose ticket is amended or withdrawn
    reopens: bool = False  # it says that the fault is there (again): a closed ticket takes the site's rule


class Delivery(Struct, frozen=True, kw_only=True):
    """One thing that must leave, to one backend; `key` is its idempotency key, the same over all attempts."""

    id: int
    report: int
    verb: Verb
    backend: str
    key: str
    ticket: Ticket | None = None
    reply: Reply | None = None
    event: Event | None = None
    notice: Notice | None = None


class Delivered(Struct, frozen=True, kw_only=True):
    """The destination's own number of what it took."""

    external_id: str | None
    detail: Mapping[str, str] = {}
    behind: tuple[str, ...] = ()  # files of the report that did not go with it, each with the reason, for a person


class Refused(Exception):
    """The destination refuses for good: a person must look; the text says why, without secrets."""
