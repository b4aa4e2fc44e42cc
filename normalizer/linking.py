"""What ties a report to an earlier one. A token of ours used by the one we sent it to is proof; nothing else is."""

from collections.abc import Iterable

from msgspec.structs import replace

from records.arrival import Envelope
from records.linking import Clues, Known
from records.numbers import quoted_numbers, report_of
from records.reading import Reading
from records.record import FaultRecord
from records.tokens import tokens_in
from records.words import MachineMail, Order, Review

MANY = 100  # clues of one kind; a mail with more of them tells nothing
LONG = 100_000  # characters of one text that are looked through for numbers


def clues(reading: Reading, envelope: Envelope) -> Clues:
    """Gather what a report shows of earlier ones, for the archive to look up."""
    message_ids = _some((*reading.in_reply_to, *reversed(reading.references)))  # the nearest first
    recipients = (*envelope.recipients, *(box.address or "" for box in (*reading.to, *reading.cc)))
    texts = (reading.subject or "", reading.new_text, reading.quoted_text)
    return Clues(
        tokens=_some(token for text in (*message_ids, *recipients) for token in tokens_in(text[:1000])),
        message_ids=message_ids,
        numbers=_some(number for text in texts for number in quoted_numbers(text[:LONG])),
        sender=_sender(reading, envelope),
        about=envelope.about,
    )


def of_partner(clues: Clues, record: FaultRecord) -> Clues:
    """Add what a verified partner's mail says: of his own reports, his own number is proof."""
    partner = record.partner
    if partner is None or partner.verified_by is None or record.external_id is None:
        return clues
    return replace(clues, partner=partner.name, number=record.external_id, record_id=record.id)


def link(record: FaultRecord, clues: Clues, known: Known) -> FaultRecord:
    """Tie a record to an earlier one as far as the archive proves it.

    A proven answer becomes a follow-up, unless it is a withdrawal or asks how things stand. Whatever is only quoted,
    or comes from another than we wrote to, is a reference that a person must verify, and changes no order.
    """
    if known.ours:
        return replace(record, order=Order.NOT_A_FAULT, machine_mail=MachineMail.LOOP)
    if known.proven is None:
        quoted = record.reference or next((earlier.id for earlier in known.quoted), None)
        return _unverified(record, quoted) if quoted else record
    if report_of(record.reference or "") not in (None, known.proven.report):
        return _unverified(record, record.reference)  # the answer to one report speaks of another
    recipient = known.proven_recipient
    his = known.by_door or (recipient is not None and clues.sender == recipient.lower())
    if record.machine_mail is None and not his:
        return _unverified(record, known.proven.id)
    order = Order.FOLLOW_UP if record.order is Order.REPORT else record.order
    reviews = tuple(review for review in record.needs_review if review is not Review.UNVERIFIED_REFERENCE)
    return replace(record, order=order, reference=known.proven.id, needs_review=reviews)


def _unverified(record: FaultRecord, reference: str | None) -> FaultRecord:
    reviews = dict.fromkeys((*record.needs_review, Review.UNVERIFIED_REFERENCE))
    return replace(record, reference=reference, needs_review=tuple(reviews))


def _sender(reading: Reading, envelope: Envelope) -> str | None:
    """Give the author's address; the envelope's where the header names none. Both can be forged."""
    author = reading.from_.address if reading.from_ else None
    return (author or envelope.sender or "").lower() or None


def _some(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:MANY]
