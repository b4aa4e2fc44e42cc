"""What stood outside a letter: its sender on the cover, the number that a fax was called from."""

from collections.abc import Iterator
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from normalizer.context import Context
from normalizer.fields.addresses import addresses
from normalizer.fields.contacts import emails, organizations
from normalizer.fields.names import names
from normalizer.fields.passages import Candidate, Passage
from records.record import Evidence

COVER: Final = "envelope"
_COPIED: Final = 0.75  # a clerk copied it, but who sends a letter need not be who reports
_CALLED: Final = 0.4  # a fax machine may stand in any office


def cover(context: Context, language: str) -> Iterator[Candidate]:
    """Read the postal sender as a clerk copied it."""
    if context.envelope.postal_sender:
        passage = Passage(COVER, context.envelope.postal_sender, _COPIED)
        yield from emails(passage, context)
        yield from organizations(passage)
        yield from addresses(passage, language)
        yield from names(passage, language)


def caller(written: str | None, context: Context) -> Iterator[Candidate]:
    """Give the number of the fax machine as a number to call, where it may be one."""
    number = plausible(written, context.region) if written else None
    if written and number:
        evidence = Evidence(text=written, where=COVER, confidence=_CALLED)
        yield Candidate(field="reporter.phone", value=number, evidence=evidence)


def plausible(written: str, region: str) -> str | None:
    """Give a number in E.164 where it can be one: fax servers write it with or without a plus."""
    digits = "".join(filter(str.isdigit, written))
    for attempt, country in ((written[:60], region), (f"+{digits[:20]}", None)):
        try:
            parsed = phonenumbers.parse(attempt, country)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return None
