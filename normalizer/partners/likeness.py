"""Does a mail that no template knows look like a ticket system's? Then a person is told, who may make a template."""

import re
from typing import Final

from normalizer.partners.labels import labels_of, pairs, plain
from normalizer.partners.lines import lines
from normalizer.partners.numbers import candidates
from normalizer.partners.template import Field, Known, Template
from records.reading import Reading
from records.words import MachineMail

_SHARED: Final = labels_of(Template(name="", known=(Known(),)))
_OF_TICKETS: Final[frozenset[Field]] = frozenset(
    {"number", "circuits", "window", "start", "end", "duration", "status", "urgency"}
)
_FEW: Final = 3  # different labels of tickets; one fewer where the number has letters
_FIGURES: Final = re.compile(r"\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")
_HEADS: Final = frozenset({"from", "to"})  # of a mail that is quoted


def looks_like_ticket(content: bytes, reading: Reading) -> bool:
    """Tell a mail with a number in its subject and labels of a ticket in its text, tables or files.

    Such labels stand in a customer's own words now and then, but few and seldom under such a subject. Answers are no
    tickets, nor is a machine's word that a mail could not be delivered.
    """
    numbers = [one for one in candidates(reading.subject or "") if _FIGURES.search(one)]
    if not numbers or reading.in_reply_to or reading.machine_mail not in {None, MachineMail.BULK}:
        return False
    told = lines(content)
    labels = {plain(label) for label, _ in (*pairs(told.sure), *pairs(told.text))} - _HEADS
    lettered = any(not one.isdecimal() and one[:1].isalpha() for one in numbers)
    return len({_SHARED[label] for label in labels if label in _SHARED} & _OF_TICKETS) >= _FEW - lettered
