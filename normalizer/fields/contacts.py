"""How to answer beside the telephone: e-mail, messenger; and the sender that the envelope and header name."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.context import Context
from normalizer.fields.passages import Candidate, Passage
from records.reading import Reading
from records.record import Evidence

_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}", re.ASCII)
_MOST = 20


def emails(passage: Passage, context: Context) -> Iterator[Candidate]:
    """Find the customer's addresses; ours are none. Every address found is claimed."""
    for found in list(islice(_EMAIL.finditer(passage.text), _MOST)):
        passage.claim(*found.span())
        if not is_own(found[0], context):
            yield passage.candidate("reporter.email", found[0], found.span(), 0.95)


def is_own(address: str, context: Context) -> bool:
    """Tell an address of ours."""
    folded = address.lower()
    return folded in context.own_addresses or folded.rpartition("@")[2] in context.own_domains


def sender(reading: Reading, context: Context) -> Iterator[Candidate]:
    """Give the sender's address: the forwarded author's, else the header's, else the envelope's."""
    header = reading.forwarded_from or reading.from_
    where = "forwarded" if reading.forwarded_from else "from"
    address = header.address if header else None
    if not address and not reading.forwarded_from:
        where, address = "envelope", context.envelope.sender
    if address and "@" in address and not is_own(address, context):
        evidence = Evidence(text=address, where=where, confidence=0.9)
        yield Candidate(field="reporter.email", value=address, evidence=evidence)
