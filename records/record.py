"""The standard fault record: the public form that the command line prints and backends are fed from."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from records.dialogue import Dialogue
from records.partner import PartnerTicket
from records.reading import Box
from records.words import DecidedBy, Disposition, MachineMail, Mode, Order, Review, Service, Symptom, Urgency


class Reporter(Struct, frozen=True, kw_only=True):
    """Who reports, and how to answer."""

    name: str | None = None
    phone: str | None = None  # E.164, where to call back
    email: str | None = None
    organization: str | None = None
    messenger: str | None = None


class PostalAddress(Struct, frozen=True, kw_only=True):
    """Where it fails; `street` without a plain "street" abbreviation, house and flat as written ("64/1")."""

    city: str | None = None
    street: str | None = None
    house: str | None = None
    building: str | None = None
    entrance: str | None = None
    flat: str | None = None


class Affected(Struct, frozen=True, kw_only=True):
    """What fails."""

    line: str | None = None  # E.164, the faulty telephone line
    account: str | None = None
    address: PostalAddress = PostalAddress()
    node: str | None = None
    equipment: str | None = None


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a field was read. A field that is None and has evidence is one to check: this is what stood there."""

    text: str
    where: str  # body, subject, from, signature, attachment path, …
    confidence: float
    page: int | None = None  # of the original, for what was read on paper
    box: Box | None = None  # where on that page


class Attachment(Struct, frozen=True, kw_only=True):
    """One file that came with the report."""

    name: str | None
    media_type: str
    size: int
    sha256: str


class OriginalRef(Struct, frozen=True, kw_only=True):
    """The byte-exact original; `faultgate export` writes it."""

    media_type: str
    size: int
    sha256: str


class Route(Struct, frozen=True, kw_only=True):
    """Where an incident goes."""

    line: int | None = None  # 2 or 3
    group: str | None = None
    company: str | None = None
    mode: Mode | None = None
    rule: str | None = None  # name of the routing table's row; None: of a person, or no row spoke


class ModelSays(Struct, frozen=True, kw_only=True):
    """What the trained model made of the text, whether or not it decided."""

    label: str  # incident, typical_fix, other
    confidence: float  # calibrated
    sure: bool  # it may decide, or object
    version: str
    because: tuple[str, ...] = ()  # words of the text that spoke most for it


class Classification(Struct, frozen=True, kw_only=True):
    """Typical fix, incident, or undecided (None), with its reasons."""

    disposition: Disposition | None = None
    confidence: float | None = None
    decided_by: DecidedBy | None = None
    solution: str | None = None
    rule_hits: tuple[str, ...] = ()
    rule_misses: tuple[str, ...] = ()
    route: Route | None = None
    model: ModelSays | None = None  # only where a trained model was asked


class FaultRecord(Struct, frozen=True, kw_only=True):
    """One version of a standard fault record. Absent knowledge is None, never an empty string or a guess."""

    id: str | None
    order: Order
    channel: str
    received_at: datetime
    due_at: datetime
    language: str | None
    reporter: Reporter = Reporter()
    affected: Affected = Affected()
    service: Service | None = None
    symptom: Symptom | None = None
    description: str | None = None
    since: date | None = None
    urgency: Urgency = Urgency.NORMAL
    repeated: bool = False
    reference: str | None = None
    external_id: str | None = None
    machine_mail: MachineMail | None = None
    missing: tuple[str, ...] = ()
    needs_review: tuple[Review, ...] = ()
    evidence: Mapping[str, Evidence] = {}
    attachments: tuple[Attachment, ...] = ()
    original: OriginalRef
    classification: Classification = Classification()
    partner: PartnerTicket | None = None  # only in the record of a partner's ticket or notice
    dialogue: Dialogue | None = None  # only of a conversation in which something was asked or answered
    collisions: tuple[str, ...] = ()  # pairs of fields that lead to different subscribers: "affected.account/…"


def classified(record: FaultRecord, decision: Classification) -> FaultRecord:
    """Give the record with its decision; where a fault could not be decided, a person must look."""
    if record.order in (Order.REPORT, Order.FOLLOW_UP) and decision.disposition is None:
        reviews = tuple(dict.fromkeys((*record.needs_review, Review.UNDECIDED)))
        return replace(record, classification=decision, needs_review=reviews)
    return replace(record, classification=decision)


def lacking(reporter: Reporter, description: str | None) -> tuple[str, ...]:
    """Name what is mandatory and absent: a name, a way to answer, a description."""
    nowhere = reporter.phone is None and reporter.email is None and reporter.messenger is None
    absent = {"reporter.name": reporter.name is None, "reporter.phone": nowhere, "description": description is None}
    return tuple(name for name, missing in absent.items() if missing)
