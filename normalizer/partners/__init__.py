"""Tickets and notices that other operators send by mail, told by one short template file per partner.

`template` says what a template is and `templates/*.toml` are those of the house; `lines` brings every kind of mail down
to lines of cells, `labels` finds values in them, `moments` reads their times, `filling` lays a template over them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from normalizer.context import Context
from normalizer.fields.addresses import addresses
from normalizer.fields.claims import urgency
from normalizer.fields.contacts import sender
from normalizer.fields.envelopes import plausible
from normalizer.fields.language import language_of
from normalizer.fields.passages import Candidate, Passage
from normalizer.fields.stated import CERTAIN, NOTHING, STANDS_FOR, Stated, fact
from normalizer.order import order_of
from normalizer.partners.filling import Filled
from normalizer.partners.knowing import known_by
from normalizer.partners.likeness import looks_like_ticket
from normalizer.partners.lines import lines
from normalizer.partners.template import Template, templates, usable
from records.partner import PartnerStatus
from records.reading import Reading
from records.words import Order, Review

_WHERE: Final = "template"
_ORDERS: Final = {
    PartnerStatus.NEW: Order.REPORT,
    PartnerStatus.UPDATED: Order.FOLLOW_UP,
    PartnerStatus.RESCHEDULED: Order.FOLLOW_UP,
    PartnerStatus.IN_PROGRESS: Order.FOLLOW_UP,
    PartnerStatus.COMPLETED: Order.FOLLOW_UP,
    PartnerStatus.CANCELLED: Order.WITHDRAWAL,
}


def stated(content: bytes, reading: Reading, context: Context) -> Stated:
    """Give what a partner's mail states, by the desk's own templates before those of the house.

    Of a mail that none of them knows it states nothing, but where it looks like a ticket a person is told.
    """
    own = filter(None, map(usable, context.templates))
    told = by_templates(content, reading, context, (*own, *templates()))
    unknown = told == NOTHING and looks_like_ticket(content, reading)
    return Stated(reviews=(Review.UNKNOWN_PARTNER,)) if unknown else told


def by_templates(content: bytes, reading: Reading, context: Context, rivals: Sequence[Template]) -> Stated:
    """Give what a mail states by the first of these templates that knows it and finds what it requires.

    That a mail looks like a partner's proves nothing, so a person is told that its sender is not verified; a partner's
    mail without what is required goes the common way, and a person is told that too.
    """
    knowing = known_by(content, reading, rivals)
    if not knowing:
        return NOTHING
    told, near = lines(content), _written_at(reading, context)
    tried = ((Filled(one.template, reading.subject or "", told, near.date()), one.senders) for one in knowing)
    chosen, senders = next((one for one in tried if one[0].complete), (None, ()))
    if chosen is None:
        doubts = (Review.UNVERIFIED_SENDER, Review.INCOMPLETE)
        return Stated(reviews=doubts) if any(one.senders for one in knowing) else NOTHING
    ticket = chosen.ticket()
    return Stated(
        facts=(*_facts(chosen, context), *_answered_at(chosen, reading, context)),
        description=chosen.first("description"),
        order=_ORDERS[ticket.status] if ticket.status else _asked(reading),
        reviews=(Review.UNVERIFIED_SENDER,),
        partner=ticket,
        senders=senders,
    )


def _asked(reading: Reading) -> Order:
    """Tell a partner's question how his ticket stands from a new ticket, where no word of state stands."""
    return Order.PROGRESS if order_of(reading, None) is Order.PROGRESS else Order.REPORT


def _written_at(reading: Reading, context: Context) -> datetime:
    """Give the day by which a date without a year is read: that of the mail, else of its arrival."""
    try:
        return datetime.fromisoformat(reading.date) if reading.date else context.received_at
    except ValueError:
        return context.received_at


def _facts(filled: Filled, context: Context) -> Iterator[Candidate]:
    """Give the fields that every report has, where the mail fills them."""
    if number := filled.number():
        yield fact("external_id", number, _WHERE)
    for field, value in (
        ("affected.account", filled.first("account")), ("reporter.name", filled.first("name")),
        ("reporter.organization", filled.template.name),
    ):  # fmt: skip
        if value:
            yield fact(field, value[:200], _WHERE)
    if (phone := filled.first("phone")) and (number := plausible(phone, context.region)):
        yield fact("reporter.phone", number, _WHERE, phone)
    if (since := filled.since()) and since <= context.received_at.date():
        yield fact("since", since.isoformat(), _WHERE, filled.first("since"))
    if not filled.first("name"):  # the partner stands for a person who is not named
        yield fact("reporter.name", filled.template.name, _WHERE, confidence=STANDS_FOR)
    yield from _searched(filled, context)


def _answered_at(filled: Filled, reading: Reading, context: Context) -> Iterator[Candidate]:
    """Give the address to answer: the one that a label names, else the sender's, never one out of a footer."""
    named = filled.first("email") or ""
    if named.count("@") == 1:
        yield fact("reporter.email", named[:320], _WHERE)
    else:
        yield from (
            replace(told, evidence=replace(told.evidence, confidence=CERTAIN)) for told in sender(reading, context)
        )


def _searched(filled: Filled, context: Context) -> Iterator[Candidate]:
    """Give what finders read in values that are told to be an address, a priority."""
    if address := filled.first("address"):
        for told in addresses(Passage(_WHERE, address), language_of(address, context.language)):
            yield fact(told.field, told.value, _WHERE, told.evidence.text)
    if level := filled.first("urgency"):
        for told in urgency(Passage(_WHERE, f"priority: {level}")):
            yield fact(told.field, told.value, _WHERE, level)
