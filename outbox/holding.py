"""Whether anything may leave for a record before a person has finished it."""

from outbox.situation import Situation
from records.words import Order, Review

#: What we could not read ourselves the customer is not asked for: a person looks first.
OUR_TROUBLE = {
    Review.LOW_OCR_CONFIDENCE,
    Review.UNREADABLE_ATTACHMENT,
    Review.UNREADABLE_ORIGINAL,
    Review.TOO_LARGE,
    Review.TRUNCATED,
    Review.TOO_DEEP,
    Review.ENCRYPTED,
    Review.QUARANTINED,
}


def held(situation: Situation) -> bool:
    """Tell whether a person must finish the record before anything leaves for it.

    So it is with paper that lacks something mandatory, or of which something could not be read; mail is on its way at
    once, flagged. A person's own version lacks nothing, or a senior has said that there is nobody to ask; what he calls
    no fault, or joins to an earlier report, needs no more.
    """
    record = situation.record
    unread = situation.paper and not OUR_TROUBLE.isdisjoint(record.needs_review)
    if situation.by_person:
        if record.order is Order.NOT_A_FAULT:
            return False
        lacks = record.missing and (record.order is Order.REPORT or situation.earlier is None)
        return unread or (bool(lacks) and Review.INCOMPLETE not in record.needs_review)
    return unread or (situation.paper and bool(record.missing))
