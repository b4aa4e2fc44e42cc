"""Mail that a fax gateway sent: it only brings a fax. Whose number called stands somewhere in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from normalizer.context import Context
from normalizer.fields.envelopes import plausible
from records.reading import Reading
from records.words import MachineMail

_MARKS: Final = frozenset({MachineMail.AUTO_REPLY, MachineMail.BULK})
_HEADER: Final = re.compile(r"x-.{0,40}(?:fax|caller|calling|callid|ani\b|cid\b|tsi\b|csid|remote|cli\b)")
_NOT_CALLING: Final = re.compile(r"to\b|dest|called|did\b|pages|date|time|server|version|status")
_NUMBER: Final = r"\+?(?:\d{1,3}[ \u00a0.-]?)?\(?\d{2,5}\)?(?:[ \u00a0.-]{0,2}\d){4,12}"
_SAID: Final = re.compile(
    r"(?:from|caller(?: ?id)?|calling|sender|remote|fax number|csid|tsi|от|с (?:факса|номера|телефона)"
    r"|отправител\w{1,3}|номер\w? факса|звоняще\w+"
    rf"|da(?:l)?|mittente|numero|来自|发送方|主叫|传真号码?)[^\d+\n]{{0,40}}(?P<number>{_NUMBER})",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(r"(?:\bto|на номер|для|кому|\ba|destinatario|至|发往)[\s:]{1,3}$", re.IGNORECASE)
_ANY: Final = re.compile(rf"(?<![\d#№]){_NUMBER}(?!\d)")
_TIME: Final = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d\d?[-./]\d\d?|\d\d?[./]\d\d?[./]\d{2,4})(?:[T ,]{1,2}\d\d?:\d\d(?::\d\d)?)?(?!\d)"
    r"|\d\d?:\d\d(?::\d\d)?"
)
_HEAD: Final = 4_000  # characters of the gateway's own text


def of_gateway(reading: Reading, headers: Mapping[str, tuple[str, ...]], context: Context) -> Reading:
    """Take a gateway's mail for what it brings: no machine's mail, and nobody to be answered there."""
    return replace(
        reading,
        calling_number=_calling(list(_candidates(reading, headers)), context),
        machine_mail=None if reading.machine_mail in _MARKS else reading.machine_mail,
        headers={**reading.headers, "auto-submitted": "auto-generated"},
        notes=(*reading.notes, "a fax, brought by a fax gateway"),
    )


def _calling(written: list[str], context: Context) -> str | None:
    """Choose the first that can be a number, otherwise give the first for a person."""
    return next((number for number in written if plausible(number, context.region)), next(iter(written), None))


def _candidates(reading: Reading, headers: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Give what may be the number, the likeliest first."""
    boxes = [box for box in (reading.forwarded_from, reading.from_) if box]
    told = [
        value
        for name, values in headers.items()
        if _HEADER.match(name) and not _NOT_CALLING.search(name)
        for value in values
    ]
    texts = [_TIME.sub(" ", text) for text in (reading.subject or "", reading.text[:_HEAD])]
    yield from _numbers(told)
    yield from (found["number"] for text in texts for found in _SAID.finditer(text))
    yield from _numbers(part for box in boxes for part in (box.name or "", (box.address or "").partition("@")[0]))
    for text in texts:
        yield from (found[0] for found in _ANY.finditer(text) if not _CALLED.search(text[: found.start()][-15:]))


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    return (found[0] for text in texts for found in _ANY.finditer(text[:200]))
