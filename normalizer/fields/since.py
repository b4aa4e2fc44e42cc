"""Since when it fails. Relative words first; empty where the report does not tell."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from normalizer.context import Context
from normalizer.fields import dates
from normalizer.fields.beginnings import BEGINNINGS
from normalizer.fields.passages import Candidate, Passage, is_letter
from records.reading import Reading

_MOST = 50
_HEADING = 1000  # characters of a forwarded mail's heading
_DATE = re.compile(dates.DATE)
_FOOT = 6  # lines at the head and at the end of a letter where its date may stand
_DATE_LINE = 7  # words of a line with the date
_BEGINS = re.compile(
    r"(?<!\w)(?:с|со|от|после|since|from|on|dal|dall|il|договор\w*|contratt\w+|自|从|заявк\w+)\s?(?=\d)|\d[日号]起"
)
_ON_THE_WAY = timedelta(days=30)

#: What happened then was no fault: a complaint, a payment, a contract, a visit.
_NOT_FAULT = re.compile(
    r"(?<!\w)(?:писал\w?|звонил\w?|обращал\w+|обратил\w+|заявк\w+|заявлени\w+|договор\w*|оплат\w+|заплат\w+"
    r"|мастер\w*|приходил\w?|жд[уе]м?|ждать|обещал\w?"
    r"|ответа|течение|срок|обращени\w+|письм\w|report|request|case|complaint|letter|message|e-?mail"
    r"|richiest[ae]|segnalazion[ei]|reclamo|报修|申告"
    r"|заключ\w+|подключил\w*|контракт|ticket|paid|reported|called|contratto|pagat\w+|segnalat\w+"
    r"|contract|customer|client\w?|subscribed|installed|chiamato)\s(?:\w{1,12}\s){0,2}$|(?<!\w)(?:до|к|после"
    r"|позднее)\s$",
    re.IGNORECASE,
)


#: What would be is no beginning: if the repair takes more than a week.
_SUPPOSED = re.compile(
    r"(?<!\w)(?:если|в случае|if|should|se|qualora|如果|若)(?!\w)[^.!?\n。]{0,45}$|如果[^。]{0,20}$", re.IGNORECASE
)


def since(passage: Passage, told_on: date, language: str) -> Iterator[Candidate]:
    """Find the day on which it began to fail; words like "yesterday" count from `told_on`."""
    for place, (pattern, reader) in enumerate(BEGINNINGS[language]):
        for match in islice(pattern.finditer(passage.lower), _MOST):
            told = None if _is_other(passage, match.start()) else reader(match, told_on)
            if told is not None:
                yield passage.candidate("since", told.isoformat(), match.span(), 0.9 - place / 1000)
                break


def _is_other(passage: Passage, start: int) -> bool:
    """Tell a time of something else than the fault."""
    return bool(_NOT_FAULT.search(passage.before(start, 30)) or _SUPPOSED.search(passage.before(start, 60)))


def told_on(reading: Reading, context: Context) -> date | None:
    """Give the day a report was written on: of its arrival in the desk's zone, of a forwarded mail's own heading, or
    of a letter's date line.

    None where a forwarded mail's heading gives no day: its "yesterday" is nobody's.
    """
    arrived = context.received_at.astimezone(ZoneInfo(context.zone)).date()
    if reading.forwarded_from is None:
        return (_letter_day(reading.new_text, arrived) if is_letter(reading) else None) or arrived
    heading = reading.quoted_text[:_HEADING].lower()
    days = (dates.read(found, arrived) for found in islice(_DATE.finditer(heading), 5))
    return next((day for day in days if day), None)


def _letter_day(text: str, arrived: date) -> date | None:
    """Read the date of a letter: a short line at its end or its head that holds little else, some days ago at most."""
    lines = [line for line in text.lower().split("\n") if line.strip()]
    for line in (*reversed(lines[-_FOOT:]), *lines[:_FOOT]):
        found = _DATE.search(line) if len(line.split()) <= _DATE_LINE and not _BEGINS.search(line) else None
        day = dates.read(found, arrived) if found else None
        if day and arrived - day <= _ON_THE_WAY:
            return day
    return None
