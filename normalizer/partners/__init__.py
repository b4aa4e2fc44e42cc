"""Tickets and notices that other operators send by mail, told by one short template file per partner."""

from normalizer.context import Context
from normalizer.fields.stated import NOTHING, Stated
from records.reading import Reading


def stated(_: bytes, __: Reading, ___: Context) -> Stated:
    """Give what a partner's template reads in a mail."""
    return NOTHING
