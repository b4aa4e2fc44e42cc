"""The standard fault record of one reading."""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from normalizer.context import Context
from normalizer.fields import Found, find
from normalizer.fields.envelopes import caller
from normalizer.fields.stated import NOTHING, Stated
from normalizer.order import order_of
from normalizer.readers.sniffing import MAIL
from normalizer.wishes import is_thanks
from records.reading import Mailbox, Reading
from records.record import Attachment, Evidence, FaultRecord, Reporter, lacking
from records.words import MachineMail, Order, Review

_FAULTLESS = frozenset({Order.WITHDRAWAL, Order.NOT_A_FAULT})
LONGEST_DESCRIPTION = 20_000  # characters

#: An addr-spec (RFC 5322 section 3.4.1) as people have them; anything odder is looked at by a person.
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\\]{1,255}")


def record(reading: Reading, context: Context, stated: Stated = NOTHING) -> FaultRecord:
    """Make the record of a report. A number of ours that it quotes stays unverified until `linking.link` proves it.

    `stated`: what the original states beside its text.
    """
    found = find(reading, context, stated)
    description = stated.description or reading.new_text.strip() or (reading.subject or "").strip() or None
    order = stated.order or _order(reading, context, found, description)
    found = found if order not in _FAULTLESS else _faultless(found)
    return FaultRecord(
        id=context.id,
        order=order,
        channel=context.channel,
        received_at=context.received_at,
        due_at=context.due_at,
        language=found.language,
        reporter=found.reporter,
        affected=found.affected,
        service=found.service,
        symptom=found.symptom,
        description=description[:LONGEST_DESCRIPTION] if description else None,
        since=found.since,
        urgency=found.urgency,
        repeated=found.repeated,
        reference=found.reference,
        external_id=found.external_id,
        machine_mail=_machine(reading, stated),
        missing=lacking(found.reporter, description),
        needs_review=_unique((*reading.reviews, *_reviews(reading, context, found, stated, description))),
        evidence=found.evidence,
        attachments=tuple(
            Attachment(name=part.name, media_type=part.media_type, size=part.size, sha256=part.sha256)
            for part in reading.parts
        ),
        original=context.original,
        partner=stated.partner,
        dialogue=stated.dialogue,
    )


def _faultless(found: Found) -> Found:
    """Leave out when it began and that it was told before: who withdraws or thanks dates something else."""
    evidence = {field: told for field, told in found.evidence.items() if field not in {"since", "repeated"}}
    return replace(found, since=None, repeated=False, evidence=evidence)


def quarantined(context: Context, reason: str) -> FaultRecord:
    """Make the record of an original that no reader survives, from its envelope alone: a person reads the original."""
    evidence = {"needs_review": Evidence(text=reason, where="reader", confidence=1.0)}
    reporter = _outside(context, evidence)
    return FaultRecord(
        id=context.id,
        order=Order.REPORT,
        channel=context.channel,
        received_at=context.received_at,
        due_at=context.due_at,
        language=None,
        reporter=reporter,
        missing=lacking(reporter, None),
        needs_review=(*_door_trouble(context), Review.QUARANTINED),
        evidence=evidence,
        original=context.original,
    )


def _outside(context: Context, evidence: dict[str, Evidence]) -> Reporter:
    """Tell what stood outside the original: the address it came from, a fax machine's number, the text of a cover."""
    envelope = context.envelope
    email = envelope.sender if "@" in (envelope.sender or "") else None
    called = next(caller(envelope.calling_number, context), None)
    if email:
        evidence["reporter.email"] = Evidence(text=email, where="envelope", confidence=0.5)
    if called:
        evidence["reporter.phone"] = called.evidence
    if envelope.postal_sender:
        evidence["reporter.name"] = Evidence(text=envelope.postal_sender, where="envelope", confidence=0.5)
    return Reporter(email=email, phone=called.value if called else None)


def _machine(reading: Reading, stated: Stated) -> MachineMail | None:
    """Tell why a machine wrote it: a partner's ticket system answers nobody, whatever its headers say."""
    is_ticket = stated.partner is not None and reading.machine_mail is MachineMail.AUTO_REPLY
    return MachineMail.BULK if is_ticket else reading.machine_mail


def _order(reading: Reading, context: Context, found: Found, description: str | None) -> Order:
    """A machine's mail is no report of a fault, but bulk mail may be one: partners' ticket systems write in bulk.

    A mere thank-you is none either, nor does it open again what it thanks for.
    """
    if description is None:
        nothing = reading.machine_mail is not None or _empty(reading, context)
        return Order.NOT_A_FAULT if nothing else Order.REPORT
    if is_thanks(description) and not reading.parts:
        return Order.NOT_A_FAULT
    return order_of(reading, found.language)


def _empty(reading: Reading, context: Context) -> bool:
    """Tell whether there is nothing that a person could read where we could not."""
    return not (reading.parts or set(reading.reviews) - {Review.EMPTY} or context.problem)


def _reviews(
    reading: Reading, context: Context, found: Found, stated: Stated, description: str | None
) -> Iterator[Review]:
    yield from stated.reviews
    yield from _door_trouble(context)
    if reading.media_type == MAIL and doubtful(reading.from_, context):
        yield Review.UNVERIFIED_SENDER
    if found.reference is not None:
        yield Review.UNVERIFIED_REFERENCE
    if found.conflicts:
        yield Review.CONFLICTING_FIELDS
    if found.unsure:
        yield Review.LOW_OCR_CONFIDENCE
    if any(part.problem for part in reading.parts):
        yield Review.UNREADABLE_ATTACHMENT
    if description is None and stated.order is None and _empty(reading, context):
        yield Review.EMPTY
    if description is not None and len(description) > LONGEST_DESCRIPTION:
        yield Review.TRUNCATED


def _door_trouble(context: Context) -> tuple[Review, ...]:
    """Give the reason for which the door could not bring all of the original."""
    if context.problem is None:
        return ()
    return (Review.TOO_LARGE if context.problem == Review.TOO_LARGE else Review.UNREADABLE_ORIGINAL,)


def doubtful(sender: Mailbox | None, context: Context) -> bool:
    """Tell a From that can't be one customer's: no address, one of ours, or another address in the name's place."""
    if sender is None:
        return False
    address, name = (sender.address or "").lower(), (sender.name or "").lower()
    if not _ADDRESS.fullmatch(address) or address in context.own_addresses:
        return True
    return any(word.lower() != address for word in _ADDRESS.findall(name[:1000]))


def _unique(reviews: Iterable[Review]) -> tuple[Review, ...]:
    return tuple(dict.fromkeys(reviews))
