"""A partner's trouble ticket (TM Forum TMF621 v4 and v5, MEF 124) to a reading, and what its fields state.

Every implementer deviates, so nothing is required and both versions are read by the same names; an event that carries
a ticket is read as that ticket, and a change of a ticket as one that says only what is new. A partner's dialect tells
what his own words mean.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from config.partners import Dialect
from normalizer.context import Context
from normalizer.fields.envelopes import plausible
from normalizer.fields.passages import Candidate
from normalizer.fields.stated import NOTHING, STANDS_FOR, Stated, fact
from normalizer.readers import magic
from normalizer.readers.branches import Branch, document
from normalizer.readers.clean import clean_line, clean_name
from normalizer.readers.limits import PARTS, SUBJECT, TRIMMED
from normalizer.readers.ticket_parties import Contact, reporter
from normalizer.readers.transfer import base64
from records.media import TICKET
from records.partner import PartnerStatus, PartnerTicket
from records.reading import Mailbox, Part, Reading
from records.words import Order, Review, Symptom, Urgency

_CHANGE: Final = "TroubleTicketChange"
_LARGEST: Final = 28_000_000  # characters of one attachment in base64: 20 MB
_URGENT: Final = re.compile(
    r"(?:p|s|sev(?:erity)?|prio(?:rity)?)?[ -]?[12]\b|critic|high|urgen|emergency|blocker|extensive"
    r"|крит|высок|авар|сроч|紧急|加急|高|alt[ao]\b",
    re.IGNORECASE,
)
_STATUS: Final = {
    "cancelled": PartnerStatus.CANCELLED, "canceled": PartnerStatus.CANCELLED, "withdrawn": PartnerStatus.CANCELLED,
    "assessingcancellation": PartnerStatus.CANCELLED, "closed": PartnerStatus.COMPLETED,
    "resolved": PartnerStatus.COMPLETED, "inprogress": PartnerStatus.IN_PROGRESS, "acknowledged": PartnerStatus.NEW,
    "pending": PartnerStatus.IN_PROGRESS, "held": PartnerStatus.IN_PROGRESS, "reopened": PartnerStatus.UPDATED,
}  # fmt: skip
_BEGAN: Final = ("dateFirstFound", "issueStartDate", "firstFoundDate", "faultStartDate", "startDate", "occurredAt")
_DAY: Final = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_BILL: Final = re.compile(r"\bbill|invoice|payment|charge|сч[её]т|оплат|fattur|账单|计费", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"account|contract|agreement|лиц\w* сч|договор|contratto|账号", re.IGNORECASE)
_CIRCUIT: Final = re.compile(
    r"service|circuit|product|resource|line|link|port|канал|услуг|лини|circuito|电路|专线", re.IGNORECASE
)


def read(content: bytes, context: Context) -> Reading:
    """Read a ticket; one that is malformed goes to a person as it is."""
    ticket = _ticket(content, context.dialect)
    if ticket is None:
        note = "the ticket is malformed: the original is kept"
        return Reading(media_type=TICKET, reviews=(Review.UNREADABLE_ORIGINAL,), notes=(note,))
    kind = ticket.text("ticketType")
    text = "\n\n".join(filter(None, (ticket.text("description"), *_notes(ticket), *_changes(ticket))))
    who = reporter(ticket)
    return Reading(
        media_type=TICKET,
        subject=clean_line(ticket.text("name"), SUBJECT) or None,
        from_=Mailbox(who.name, who.email) if who.name or who.email else None,
        text="\n\n".join(filter(None, (text, f"ticketType: {kind}" if kind else ""))),
        new_text=text[:TRIMMED],
        quoted_text=text[TRIMMED:],
        parts=tuple(_parts(ticket)),
        reviews=() if text or ticket.text("name") else (Review.EMPTY,),
    )


def stated(content: bytes, _: Reading, context: Context) -> Stated:
    """Give what the fields of a ticket state; `status` of a new ticket is its sender's advice, but for a withdrawal."""
    ticket = _ticket(content, context.dialect)
    if ticket is None:
        return NOTHING
    if ticket.text("@type").startswith("TroubleTicketSpecification"):
        return Stated(order=Order.NOT_A_FAULT)
    status = _STATUS.get(re.sub(r"[^a-z]", "", ticket.text("status", "state").lower()[:60]))
    return Stated(
        facts=(*_facts(ticket, context), *_at_the_window(ticket, context)),
        order=Order.WITHDRAWAL if status is PartnerStatus.CANCELLED else Order.REPORT,
        partner=_partner(ticket, status, context.envelope.authenticated),
    )


def _ticket(content: bytes, dialect: Dialect) -> Branch | None:
    """Give the ticket of a document, of the event or of the change around it; in our words."""
    whole = document(content)
    if whole is None:
        return None
    changed = whole.text("@type") == _CHANGE
    fields = (whole.branch("change") if changed else whole.branch("event", "troubleTicket") or whole).fields
    words = {**dialect.values, "status": dialect.statuses}
    ours = {name: table[fields[name]] for name, table in words.items() if fields.get(name) in [*table]}
    named = {"externalId": number} if (number := _named(Branch(fields), dialect.id_field)) else {}
    return Branch({**fields, **ours, **named, **({"@type": _CHANGE} if changed else {})})


def _named(ticket: Branch, name: str) -> str:
    """Give the number that a partner keeps in an attribute or a characteristic of his own."""
    lists = (ticket.branches(one) for one in ("troubleTicketCharacteristic", "characteristic"))
    worth = (one.text("value") for each in lists for one in each if one.text("name") == name)
    return (ticket.text(name) or next(worth, "")) if name else ""


def _changes(ticket: Branch) -> Iterator[str]:
    """Tell what a change says beside its words."""
    if ticket.text("@type") == _CHANGE:
        for name in ("statusChangeReason", "status", "severity", "priority"):
            if word := ticket.text(name):
                yield word if name == "statusChangeReason" else f"{name}: {word}"


def _at_the_window(ticket: Branch, context: Context) -> Iterator[Candidate]:
    """Give what the partners' window has proven: who sends it; he is answered there."""
    partner = context.envelope.authenticated
    if partner:
        yield fact("reporter.messenger", f"partner:{partner}", "envelope")
        who = reporter(ticket)
        if not who.organization:
            yield fact("reporter.organization", partner, "envelope")
            if not who.name:
                yield fact("reporter.name", partner, "envelope", confidence=STANDS_FOR)


def _facts(ticket: Branch, context: Context) -> Iterator[Candidate]:
    yield from _contact(reporter(ticket), context)
    if number := _number(ticket):
        yield fact("external_id", number, "externalIdentifier")
    for name in ("severity", "priority"):
        if _URGENT.match(word := ticket.text(name)):
            yield fact("urgency", Urgency.URGENT, name, word)
            break
    if (began := _began(ticket)) and began <= context.received_at.date():
        yield fact("since", began.isoformat(), "dateFirstFound")
    if _BILL.search(kind := ticket.text("ticketType")[:200]):
        yield fact("symptom", Symptom.BILLING, "ticketType", kind)
    yield from _affected(ticket)


def _contact(who: Contact, context: Context) -> Iterator[Candidate]:
    if who.name:
        yield fact("reporter.name", who.name, "relatedParty")
    elif who.organization:
        yield fact("reporter.name", who.organization, "relatedParty", confidence=STANDS_FOR)
    if who.email and "@" in who.email:
        yield fact("reporter.email", who.email, "relatedParty")
    if who.phone and (phone := plausible(who.phone, context.region)):
        yield fact("reporter.phone", phone, "relatedParty", who.phone)
    if who.organization:
        yield fact("reporter.organization", who.organization, "relatedParty")


def _number(ticket: Branch) -> str:
    """Give the partner's own number: v4 has one, v5 a list, some have their own identifier alone."""
    named = next((one.text("id") for one in ticket.branches("externalIdentifier") if one.text("id")), "")
    return clean_line(ticket.text("externalId") or named or ticket.text("correlationId", "id"), 200)


def _began(ticket: Branch) -> date | None:
    found = _DAY.match(ticket.text(*_BEGAN))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _affected(ticket: Branch) -> Iterator[Candidate]:
    """Give the account and the place that fail."""
    account = next((name for kind, name in _entities(ticket) if _ACCOUNT.search(kind)), None)
    if account:
        yield fact("affected.account", account, "relatedEntity")
    places = [*ticket.branches("place"), *ticket.branches("relatedPlace"), *ticket.branches("serviceAddress")]
    place = next(iter(places), Branch(None))
    place = place.branch("place") or place
    for field, names in {
        "city": ("city", "locality"), "street": ("streetName", "street", "street1"),
        "house": ("streetNr", "streetNumber", "house"), "flat": ("flat", "apartment"),
    }.items():  # fmt: skip
        if value := place.text(*names):
            yield fact(f"affected.address.{field}", clean_line(value, 200), "place")


def _entities(ticket: Branch) -> Iterator[tuple[str, str]]:
    """Give kind and name of everything that a ticket names as hit: entities, characteristics."""
    for one in ticket.branches("relatedEntity"):
        entity = one.branch("entity") or one
        kind = f"{one.text('role')} {entity.text('@referredType')} {one.text('@referredType')} {entity.text('@type')}"
        if name := clean_line(entity.text("id") or entity.text("name"), 200):
            yield kind, name
    for name in ("troubleTicketCharacteristic", "characteristic"):
        for one in ticket.branches(name):
            if value := clean_line(one.text("value"), 200):
                yield one.text("name"), value


def _partner(ticket: Branch, status: PartnerStatus | None, proven: str | None) -> PartnerTicket:
    owners = (one.text("owner") for one in ticket.branches("externalIdentifier"))
    owner = proven or next(filter(None, owners), "")
    hit = (name for kind, name in _entities(ticket) if _CIRCUIT.search(kind) and not _ACCOUNT.search(kind))
    return PartnerTicket(name=clean_line(owner, 100) or None, status=status, circuits=tuple(dict.fromkeys(hit)))


def _notes(ticket: Branch) -> Iterator[str]:
    for note in ticket.branches("note"):
        if text := note.text("text"):
            yield text


def _parts(ticket: Branch) -> Iterator[Part]:
    """List the files of a ticket; one that its sender only points at is never fetched."""
    for place, one in enumerate(ticket.branches("attachment"), 1):
        if place > PARTS:
            return
        file = one.branch("attachment") or one
        written, named = file.fields.get("content"), file.text("mimeType").lower()
        content, problem = b"", "kept elsewhere by the sender"
        if isinstance(written, str) and len(written) > _LARGEST:
            problem = "larger than this desk takes"
        elif isinstance(written, str):
            content, damage = base64(written.partition("base64,")[2].encode() or written.encode("utf-8", "replace"))
            problem = damage or magic.problem(content) or ""
        yield Part(
            path=f"attachment/{place}",
            name=clean_name(file.text("name", "description") or file.text("id")),
            media_type=magic.media_type(content, named),
            size=len(content),
            md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
            sha256=hashlib.sha256(content).hexdigest(),
            problem=problem or None,
        )
