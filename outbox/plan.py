"""Which deliveries a classified report calls for."""

from msgspec.structs import replace

from outbox.completing import completed
from outbox.policy import answer_to
from outbox.situation import Planned, Situation
from outbox.texts import language_for
from records.deliveries import Kind, Reply, Ticket, Verb
from records.linking import Earlier
from records.numbers import number
from records.record import FaultRecord
from records.words import Disposition, MachineMail, Order, Review

__all__ = ["Planned", "Situation", "planned"]

#: What we could not read ourselves the customer is not asked for: a person looks first.
_OUR_TROUBLE = {
    Review.LOW_OCR_CONFIDENCE,
    Review.UNREADABLE_ATTACHMENT,
    Review.UNREADABLE_ORIGINAL,
    Review.TOO_LARGE,
    Review.TRUNCATED,
    Review.TOO_DEEP,
    Review.ENCRYPTED,
    Review.QUARANTINED,
}
#: The token was ours, but who uses it is in doubt: nothing earlier changes beyond a note, and a person decides.
_IN_DOUBT = {Review.UNVERIFIED_SENDER, Review.UNVERIFIED_REFERENCE}


def planned(situation: Situation) -> tuple[Planned, ...]:
    """Tell what must leave the house for one report. What is no fault, as most mail of machines, is only kept."""
    record, earlier = situation.record, situation.earlier
    robot = record.machine_mail not in {None, MachineMail.BULK}  # partners' ticket systems write in bulk
    if robot or record.order is Order.NOT_A_FAULT:
        return ()
    if earlier is not None and situation.waiting is not None:
        return _answer(situation, earlier, situation.waiting) if _is_certain(record) else _new(situation)
    if record.order is Order.REPORT:
        return _new(situation)
    if earlier is None:
        return _new(replace(situation, record=_marked(record, Review.UNVERIFIED_REFERENCE)))
    return _linked(situation, earlier)


def _new(situation: Situation) -> tuple[Planned, ...]:
    """Dispatch a new report; an anonymous one only after its sender was asked for what is missing, or can't be."""
    record = situation.record
    if not record.missing:
        return (*_tickets(situation), *_receipt(situation))
    if not situation.asked_before and _OUR_TROUBLE.isdisjoint(record.needs_review):
        question = _reply(situation, Kind.QUESTION)
        if question:
            return question
    marked = replace(situation, record=_marked(record, Review.INCOMPLETE))
    return (*_tickets(marked), *_receipt(marked))


def _answer(situation: Situation, earlier: Earlier, waiting: FaultRecord) -> tuple[Planned, ...]:
    """Dispatch the report that waited for this answer, under the number that the customer knows, and note the answer.

    Two answers at the same moment, or a withdrawal instead of an answer, so meet a ticket that they can be noted on.
    """
    withdrawn = situation.record.order is Order.WITHDRAWAL
    record = completed(waiting, situation.record)
    whole = replace(situation, record=record, text=record.description or "")
    if record.missing:
        whole = replace(whole, record=_marked(record, Review.INCOMPLETE))
    note = _notes(situation, Verb.WITHDRAW if withdrawn else Verb.AMEND, earlier)
    return (*_tickets(whole), *note, *(() if withdrawn else _receipt(whole)))


def _linked(situation: Situation, earlier: Earlier) -> tuple[Planned, ...]:
    """Carry a follow-up, a withdrawal or a question how it stands to the ticket of the earlier report."""
    certain = _is_certain(situation.record)
    if situation.record.order is Order.WITHDRAWAL and certain:
        return _notes(situation, Verb.WITHDRAW, earlier)
    if situation.record.order is Order.PROGRESS and certain:
        return _reply(situation, Kind.PROGRESS, earlier.id) or _notes(situation, Verb.AMEND, earlier)
    return _notes(situation, Verb.AMEND, earlier)


def _tickets(situation: Situation) -> tuple[Planned, ...]:
    record = situation.record
    if record.classification.disposition is None:
        record = _marked(record, Review.UNDECIDED)
    ticket = Ticket(external_id=_number(situation), record=record, text=situation.text)
    return tuple(
        Planned(verb=Verb.CREATE, backend=name, key=f"create/{name}/{ticket.external_id}", ticket=ticket)
        for name in situation.backends
    )


def _notes(situation: Situation, verb: Verb, earlier: Earlier) -> tuple[Planned, ...]:
    ticket = Ticket(external_id=_number(situation), record=situation.record, text=situation.text, earlier=earlier.id)
    return tuple(
        Planned(verb=verb, backend=name, key=f"{verb}/{name}/{ticket.external_id}", ticket=ticket)
        for name in situation.backends
    )


def _receipt(situation: Situation) -> tuple[Planned, ...]:
    typical = situation.record.classification.disposition is Disposition.TYPICAL_FIX and situation.solution
    return _reply(situation, Kind.SOLUTION if typical else Kind.RECEIPT)


def _reply(situation: Situation, kind: Kind, about: str | None = None) -> tuple[Planned, ...]:
    """Plan one reply where one may be sent; receipt and solution share a key, so a report has one of the two."""
    to = answer_to(situation)
    if to is None:
        return ()
    record = situation.record
    his_own = (record.reporter.email or "").lower() == to.lower()  # not a colleague who forwarded the report
    reply = Reply(
        kind=kind,
        to=to,
        language=language_for(record.language),
        record_id=about or _number(situation),
        received_at=record.received_at,
        subject=situation.subject,
        in_reply_to=situation.message_id,
        references=situation.references,
        missing=record.missing if kind is Kind.QUESTION else (),
        solution=situation.solution if kind is Kind.SOLUTION else None,
        status=situation.status if kind is Kind.PROGRESS else None,
        reporter_name=record.reporter.name if his_own else None,
    )
    purpose = Kind.RECEIPT if kind is Kind.SOLUTION else kind
    return (Planned(verb=Verb.REPLY, backend="replies", key=f"{purpose}/{_number(situation)}", reply=reply),)


def _number(situation: Situation) -> str:
    """Give the number under which this goes out: a completed report's own, which is in its record."""
    return situation.record.id or number(situation.report, situation.record.received_at)


def _is_certain(record: FaultRecord) -> bool:
    return _IN_DOUBT.isdisjoint(record.needs_review)


def _marked(record: FaultRecord, review: Review) -> FaultRecord:
    return replace(record, needs_review=tuple(dict.fromkeys((*record.needs_review, review))))
