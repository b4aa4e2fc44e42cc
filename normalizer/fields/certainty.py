"""Which fields read on paper are sure enough to stand without a person.

Measured on rendered pages (see tests/normalizer/documents/test_certainty.py): clean and noisy scans, faxes, photos.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from normalizer.fields.passages import Candidate

#: The least sureness of its words with which a value stands; what only words of the trouble told is not asked.
SURE: Final = 0.75
_TOLD_BY_WORDS: Final = frozenset({"service", "symptom", "urgency", "repeated"})
#: No dictionary knows an address: a letter beside a figure may be one itself, and a capital is rather a figure.
_AMBIGUOUS: Final = re.compile(r"[lIOo](?=\d)|(?<=\d)[lIOo]|(?<=[a-z.])[A-Z]")
_SURER: Final = {"reporter.email": 0.85}
_COMPARED: Final = 40  # readings of one field that are held against each other
_CLOSE: Final = 2  # letters by which two readings of one thing differ


def is_sure(candidate: Candidate) -> bool:
    """Tell whether a value may stand."""
    return candidate.sure >= _SURER.get(candidate.field, SURE) or candidate.field in _TOLD_BY_WORDS


def weighed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Make a value surer that was read alike in two places, and unsure one that was read a little otherwise."""
    rivals: dict[str, list[Candidate]] = {}
    for each in candidates:
        rivals.setdefault(each.field, []).append(each)
    return [_weighed(each, rivals[each.field][:_COMPARED]) for each in candidates]


def _weighed(one: Candidate, candidates: Iterable[Candidate]) -> Candidate:
    if one.sure == 1:
        return one
    others = [each for each in candidates if each.evidence.box != one.evidence.box]
    ambiguous = one.field == "reporter.email" and _AMBIGUOUS.search(one.value)
    if ambiguous or any(_differ_little(one.value, each.value) for each in others):
        return replace(one, sure=min(one.sure, 0.5))
    doubt = 1 - one.sure
    for other in others:
        doubt *= (1 - other.sure) if other.value == one.value else 1
    return replace(one, sure=1 - doubt)


def _differ_little(one: str, other: str) -> bool:
    first, second = one.casefold().replace("ё", "е"), other.casefold().replace("ё", "е")
    return first != second and len(first) > _CLOSE + 1 and _distance(first, second) <= _CLOSE


def _distance(one: str, other: str) -> int:
    """Give the edit distance, or more than _CLOSE where it is larger anyway."""
    if abs(len(one) - len(other)) > _CLOSE:
        return _CLOSE + 1
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for column, twin in enumerate(other, 1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (letter != twin))
    return row[-1]
