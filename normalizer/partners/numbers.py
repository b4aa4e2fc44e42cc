"""The pattern of a partner's numbers, made from one of them. It always ends: every repetition in it is short."""

import re
from typing import Final

_RUN: Final = re.compile(r"[0-9]+|[^\W\d_]+|.", re.DOTALL)
_TOKEN: Final = re.compile(r"(?=[\w/.#-]{0,80}\d{2})[A-Za-zА-Яа-яЁё0-9][\w/.#-]{3,79}")
_LEAD: Final = re.compile(r"([^\W\d_]{2,20})[\s:#№.]{0,4}\Z")
_MIXED: Final = 5  # runs of letters and figures from which on a number is no word with figures, but a code
_LONGEST: Final = 60  # characters
_MANY: Final = 10


def candidates(text: str) -> list[str]:
    """Give what may be a number in a subject: words with figures, those with the most figures first."""
    found = (one.rstrip(".-/#") for one in _TOKEN.findall(text[:1_000]))
    return sorted(dict.fromkeys(found), key=lambda one: -sum(map(str.isdigit, one)))[:_MANY]


def pattern_of(number: str, text: str = "") -> str:
    """Give the pattern of numbers like this one: its letters as they are, its figures as many, give or take two.

    A number of figures alone is looked for behind the word that stands before it in the text.
    """
    number = number[:_LONGEST]
    runs = _RUN.findall(number)
    if sum(run.isalnum() for run in runs) >= _MIXED and not re.search(r"[^\w]", number):
        core = rf"\w{{{max(1, len(number) - 2)},{len(number) + 2}}}"
    else:
        core = "".join(_like(run) for run in runs)
    lead = _LEAD.search(text[: max(0, text.find(number))]) if number.isdigit() else None
    if lead:
        return rf"{re.escape(lead[1])}[\s:#№.]{{0,4}}({core})(?!\w)"
    return rf"(?<!\w){core}(?!\w)"


def _like(run: str) -> str:
    if run.isascii() and run.isdigit():
        return rf"\d{{{max(1, len(run) - 2)},{len(run) + 2}}}"
    return re.escape(run)
