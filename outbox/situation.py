"""What the plan is made from, and what it consists of."""

from collections.abc import Mapping

from msgspec import Struct

from config.settings import Gateway, Replies
from records.deliveries import Reply, Ticket, Verb
from records.linking import Earlier
from records.record import FaultRecord
from records.status import Status


class Situation(Struct, frozen=True, kw_only=True):
    """One classified report with all that decides what leaves the house for it."""

    report: int  # the row
    record: FaultRecord
    text: str = ""  # the new text of the report, for the ticket
    backends: tuple[str, ...]  # names of the backends that get a ticket
    gateway: Gateway
    settings: Replies

    paper: bool = False  # it came on paper, or was read from pages
    version: int = 1  # of the record
    by_person: bool = False  # the version is a person's
    decided: bool = False  # what this version calls for was planned already
    ticketed: tuple[str, ...] = ()  # names of the backends that have a ticket of this report, or will
    withdrawn: bool = False  # a person has withdrawn these tickets
    question: str | None = None  # a person's words to the reporter
    asking: bool = False  # the version is that question itself: nothing else leaves for it
    remark: str | None = None  # a person's words for the ticket

    chat: str | None = None  # where the report was written and is answered: "telegram:42"
    said: frozenset[str] = frozenset()  # the purposes of our messages in this conversation
    stands: Status = Status.ACKNOWLEDGED  # the report itself
    told: FaultRecord | None = None  # the record as its tickets know it
    steps: tuple[str, ...] = ()  # of the typical solution, in the customer's language
    tried: tuple[str, ...] = ()  # the steps that were in vain, in their words
    offered: tuple[str, ...] = ()  # the steps that the sender of the earlier report was told by mail

    author: str | None = None  # the one From address; None where there is none, or more than one
    envelope_sender: str | None = None  # as `records.arrival.Envelope.sender`
    headers: Mapping[str, str] = {}  # as `records.reading.Reading.headers`
    message_id: str | None = None
    references: tuple[str, ...] = ()
    subject: str | None = None

    earlier: Earlier | None = None  # the report that this one is proven to belong to
    holding: tuple[str, ...] = ()  # names of the backends that have the earlier one's ticket, or will
    waiting: FaultRecord | None = None  # the earlier one's record, where it was asked about and has no ticket yet
    asked_by_person: bool = False  # the earlier one's question was a person's, who looks at the answer
    overdue: bool = False  # the earlier one has no answer yet, and the time first promised is over
    allowed: bool = True  # False: what a clerk made of the earlier one has no senior's yes, which it needs
    status: str | None = None  # of the earlier one's ticket, a TMF621 word
    asked_before: bool = False  # a question went out for this report
    solution: str | None = None  # text of the typical solution in the customer's language
    replies_to_address: int = 0  # automatic replies to the author within `settings.window`
    replies_in_all: int = 0
    replies_about: int = 0  # automatic replies about the report within `settings.report_window`
    asked_solved: bool = False  # the sender was asked whether it was solved
    verdict: bool | None = None  # what the message says to that question about the earlier report; None: nothing


class Planned(Struct, frozen=True, kw_only=True):
    """One thing that must leave; a key that the archive knows already is not planned twice."""

    verb: Verb
    backend: str  # its name; "replies" for a reply
    key: str
    ticket: Ticket | None = None
    reply: Reply | None = None
