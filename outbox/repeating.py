"""A customer who asks again: in its time he is told how his report stands, later he is a supervisor's."""

from outbox.situation import Situation
from records.numbers import quoted_numbers
from records.record import FaultRecord
from records.words import Order, Review

#: The token was ours, but who uses it is in doubt: he is told nothing of the earlier report.
_IN_DOUBT = {Review.UNVERIFIED_SENDER, Review.UNVERIFIED_REFERENCE}


def repeats(situation: Situation) -> bool:
    """Tell whether a report asks again about the one that it is proven to belong to."""
    record = situation.record
    asks = record.order is Order.PROGRESS or (record.order is Order.FOLLOW_UP and _again(record))
    return asks and situation.earlier is not None and _IN_DOUBT.isdisjoint(record.needs_review)


def _again(record: FaultRecord) -> bool:
    """Tell whether he says that he reported it before; that an answer to our mail quotes its number says nothing."""
    found = record.evidence.get("repeated")
    return record.repeated and (found is None or not quoted_numbers(found.text))


def told(situation: Situation) -> bool:
    """Tell whether a repeated report is answered with how the earlier one stands, beside the note on its ticket."""
    return repeats(situation) and situation.record.order is Order.FOLLOW_UP and not situation.overdue
