"""How to answer beside the telephone: e-mail, messenger; and the sender that the envelope and header name."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.context import Context
from normalizer.fields.passages import CONTACT, Candidate, Passage
from records.reading import Reading
from records.record import Evidence

_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}", re.ASCII)
_MOST = 20
_MESSENGER = re.compile(
    r"(?<!\w)(?:telegram|телеграмм?\w{0,2}|телега|тг|tg)(?:[ \w]{0,12}[\s:–-]{1,3})?(?:@"
    r"|t\.me/)(?P<handle>[A-Za-z]\w{4,31})(?![\w@])",
    re.IGNORECASE | re.ASCII,
)
_ORGANIZATION = re.compile(
    r"(?<!\w)(?P<ru>(?:ООО|ОАО|ПАО|АО|ЗАО|НАО|ТСЖ|МБОУ|МКУ|ГБУЗ|НКО)\s{1,2}(?:«[^»\n]{2,60}»|\"[^\"\n]{2,60}\""
    r"|“[^”\n]{2,60}”))"
    r"|(?<!\w)(?P<ip>ИП\s[А-ЯЁ][а-яё]{1,24}(?:\s[А-ЯЁ]\.\s?[А-ЯЁ]\.|(?:\s[А-ЯЁ][а-яё]{1,24}){1,2}))"
    r"|(?P<zh>[\u4e00-\u9fff]{2,20}有限(?:责任)?公司)"
    r"|(?<!\w)(?P<la>(?:(?!Ditta|Società|Azienda)[A-Z][A-Za-z&-]{1,24}\s){1,4}(?:S\.?r\.?l\.?|S\.?p\.?A\.?|Ltd\.?"
    r"|LLC|Inc\.?|GmbH|PLC)(?!\w))"
)
_ADDRESSEE = re.compile(
    r"(?:(?<!\w)(?:в|директору|руководителю|начальнику|администрации|кому:?|to|spett\.?(?:le)?|alla|dear|致)\s{0,2})$",
    re.IGNORECASE,
)


def emails(passage: Passage, context: Context) -> Iterator[Candidate]:
    """Find the customer's addresses; ours are none. Every address found is claimed."""
    for found in list(islice(_EMAIL.finditer(passage.text), _MOST)):
        passage.claim(*found.span(), CONTACT)
        if not is_own(found[0], context):
            yield passage.candidate("reporter.email", found[0], found.span(), 0.95)


def is_own(address: str, context: Context) -> bool:
    """Tell an address of ours."""
    folded = address.lower()
    return folded in context.own_addresses or folded.rpartition("@")[2] in context.own_domains


def is_fax(reading: Reading, context: Context) -> bool:
    """Tell a mail that a fax gateway sent, or that forwards such a one: nobody is answered there."""
    boxes = (reading.from_, reading.forwarded_from)
    addresses = [box.address.lower() for box in boxes if box and box.address]
    return any({each, "@" + each.rpartition("@")[2]} & set(context.fax_gateways) for each in addresses)


def sender(reading: Reading, context: Context) -> Iterator[Candidate]:
    """Give the sender's address: the forwarded author's, else the header's, else the envelope's."""
    header = reading.forwarded_from or reading.from_
    where = "forwarded" if reading.forwarded_from else "from"
    address = header.address if header else None
    if not address and not reading.forwarded_from:
        where, address = "envelope", context.envelope.sender
    if is_fax(reading, context):
        return
    if address and "@" in address and not is_own(address, context):
        evidence = Evidence(text=address, where=where, confidence=0.97 if reading.forwarded_from else 0.9)
        yield Candidate(field="reporter.email", value=address, evidence=evidence)


def messengers(passage: Passage) -> Iterator[Candidate]:
    """Find a messenger's handle: @name."""
    for found in islice(_MESSENGER.finditer(passage.open), 3):
        handle = passage.text[slice(*found.span("handle"))]
        yield passage.candidate("reporter.messenger", f"@{handle}", found.span("handle"), 0.85)


def organizations(passage: Passage) -> Iterator[Candidate]:
    """Find the customer's firm; the one a letter is addressed to is none."""
    for found in list(islice(_ORGANIZATION.finditer(passage.open), 5)):
        if not _ADDRESSEE.search(passage.before(found.start(), 15)):
            yield passage.candidate("reporter.organization", " ".join(found[0].split()), found.span(), 0.85)
        passage.claim(*found.span())
