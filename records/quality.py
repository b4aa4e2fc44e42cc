"""How good the machine is: its records held against what a careful person made of the same reports.

A truth is a mapping by dotted field name. A field that it does not name is not judged; one that it gives as None or
false must be empty. Pure arithmetic: the same pairs give the same figures.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from records.record import FaultRecord
from records.words import Disposition

#: The fields that are judged, in the order of a record.
FIELDS = (
    "order", "language", "reporter.name", "reporter.phone", "reporter.email", "reporter.organization", "affected.line",
    "affected.account", "affected.address.city", "affected.address.street", "affected.address.house",
    "affected.address.flat", "affected.equipment", "service", "symptom", "since", "urgency", "repeated", "reference",
    "external_id",
)  # fmt: skip
CLASS = "classification.disposition"  # judged apart; None: neither of the two
#: Fields with a usual value, which says nothing: it is counted as empty.
_USUAL = {"order": "report", "urgency": "normal", "repeated": "False"}
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 1.0)  # of the calibration's buckets
TARGETS = (0.95, 0.98, 0.99)  # accuracies for which the coverage is told
_STREET = re.compile(
    r"^(?:ул(?:ица)?\.?|проспект|бульвар|переулок|via|viale|corso|piazza)\s|\s(?:проспект|шоссе|улица)$", re.IGNORECASE
)


class Pair(Struct, frozen=True, kw_only=True):
    """One report, as the machine read it and as it is."""

    id: str
    machine: FaultRecord
    truth: Mapping[str, object]


class FieldQuality(Struct, frozen=True, kw_only=True):
    """One field over all reports."""

    name: str
    told: int  # reports that have it
    given: int  # reports for which the machine gave it
    right: int

    @property
    def precision(self) -> float | None:
        """The share of given values that are right."""
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """The share of told values that were found."""
        return self.right / self.told if self.told else None


class Bucket(Struct, frozen=True, kw_only=True):
    """Values that were given with a confidence in one range."""

    low: float
    high: float
    given: int
    right: int
    confidence: float  # mean


class Confusion(Struct, frozen=True, kw_only=True):
    """How often one class was taken for another."""

    truth: str
    said: str
    count: int


class Wrong(Struct, frozen=True, kw_only=True):
    """One wrong value, for whoever looks into it."""

    id: str
    field: str
    value: str
    expected: str | None


class ClassQuality(Struct, frozen=True, kw_only=True):
    """Typical fix or incident."""

    judged: int  # reports whose class is known
    decided: int  # of these, classes that the machine gave
    decided_right: int
    incidents: int
    incidents_as_fixes: int  # the bad error
    confusions: tuple[Confusion, ...]  # wrong ones, the most frequent first
    coverage: Mapping[str, float]  # target accuracy → share of reports that may be decided at it


class Quality(Struct, frozen=True, kw_only=True):
    """All figures."""

    reports: int
    fields: tuple[FieldQuality, ...]
    calibration: tuple[Bucket, ...]
    classes: ClassQuality
    wrong: tuple[Wrong, ...]

    @property
    def values(self) -> int:
        """How many values were given in all."""
        return sum(field.given for field in self.fields)

    @property
    def values_wrong(self) -> int:
        """How many of them are wrong."""
        return self.values - sum(field.right for field in self.fields)


def value_of(record: FaultRecord, field: str) -> str | None:
    """Give one field by its dotted name; None where it is empty, or as usual."""
    value: object = record
    for part in field.split("."):
        value = getattr(value, part)
    return _told(field, value)


def truth_of(record: FaultRecord) -> dict[str, object]:
    """Give a person's record as a truth, with its class."""
    decision = record.classification.disposition
    told = {field: value_of(record, field) for field in FIELDS}
    return {**told, CLASS: decision.value if decision else None}


def measure(pairs: Sequence[Pair]) -> Quality:
    """Hold every record against its truth."""
    told, given, right = Counter[str](), Counter[str](), Counter[str]()
    sure: list[tuple[float, bool]] = []
    wrong: list[Wrong] = []
    for pair in pairs:
        for field in FIELDS:
            expected = _expected(pair.truth, field)
            if expected is _UNJUDGED:
                continue
            value = value_of(pair.machine, field)
            told[field] += bool(expected)
            if value is None:
                continue
            fits = same(field, value, expected)
            given[field] += 1
            right[field] += fits
            evidence = pair.machine.evidence.get(field)
            if evidence is not None:
                sure.append((evidence.confidence, fits))
            if not fits:
                wrong.append(Wrong(id=pair.id, field=field, value=value, expected=_shown(expected)))
    return Quality(
        reports=len(pairs), calibration=_calibration(sure), wrong=tuple(wrong),
        fields=tuple(
            FieldQuality(name=name, told=told[name], given=given[name], right=right[name])
            for name in FIELDS if told[name] or given[name]
        ),
        classes=_classes(pairs),
    )  # fmt: skip


def same(field: str, value: str, expected: object) -> bool:
    """Tell whether a value is the expected one, however it is spelt; of several expected ones any will do."""
    if isinstance(expected, list | tuple | set | frozenset):
        return any(same(field, value, one) for one in expected)
    if expected is None:
        return False
    if field in ("affected.line", "affected.account"):
        mine, other = (re.sub(r"\W", "", text).casefold() for text in (value, str(expected)))
        return mine == other or (field == "affected.line" and mine.endswith(other.lstrip("0")))
    return _plain(field, value) == _plain(field, str(expected))


_UNJUDGED = object()


def _expected(truth: Mapping[str, object], field: str) -> object:
    """Give what a truth says of a field; telephone numbers may be a list under "reporter.phones"."""
    if field == "reporter.phone" and "reporter.phones" in truth:
        return truth["reporter.phones"] or None
    if field not in truth:
        return _UNJUDGED
    value = truth[field]
    return value if isinstance(value, list | tuple) else _told(field, value)


def _told(field: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    text = value.isoformat() if isinstance(value, date) else str(value)
    return None if text == _USUAL.get(field) else text


def _shown(expected: object) -> str | None:
    return ", ".join(map(str, expected)) if isinstance(expected, list | tuple) else str(expected) if expected else None


def _plain(field: str, text: str) -> object:
    folded = " ".join(text.casefold().replace("ё", "е").split())
    if field == "reporter.name":
        return sorted(re.findall(r"\w+", folded))
    if field == "affected.address.house":
        return re.sub(r"\s", "", folded)
    return _STREET.sub("", folded) if field == "affected.address.street" else folded


def _calibration(sure: Iterable[tuple[float, bool]]) -> tuple[Bucket, ...]:
    buckets: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, fits in sure:
        place = next(place for place in reversed(range(len(EDGES) - 1)) if confidence >= EDGES[place])
        buckets[place].append((confidence, fits))
    return tuple(
        Bucket(
            low=EDGES[place], high=EDGES[place + 1], given=len(found), right=sum(fits for _, fits in found),
            confidence=sum(confidence for confidence, _ in found) / len(found),
        )
        for place, found in sorted(buckets.items())
    )  # fmt: skip


def _classes(pairs: Sequence[Pair]) -> ClassQuality:
    known = [(str(pair.truth[CLASS] or "other"), pair.machine.classification) for pair in pairs if CLASS in pair.truth]
    decided = [(truth, said.disposition.value, said.confidence or 0.0) for truth, said in known if said.disposition]
    missed = Counter((truth, said) for truth, said, _ in decided if truth != said)
    return ClassQuality(
        judged=len(known), decided=len(decided), decided_right=sum(truth == said for truth, said, _ in decided),
        incidents=sum(truth == Disposition.INCIDENT for truth, _ in known),
        incidents_as_fixes=missed[Disposition.INCIDENT.value, Disposition.TYPICAL_FIX.value],
        confusions=tuple(
            Confusion(truth=truth, said=said, count=count) for (truth, said), count in missed.most_common()
        ),
        coverage={f"{target:.0%}": _coverage(decided, len(known), target) for target in TARGETS},
    )  # fmt: skip


def _coverage(decided: Iterable[tuple[str, str, float]], of: int, target: float) -> float:
    """Give the share of all reports that the machine may decide, the surest first, and be so often right."""
    right, most = 0, 0
    for number, (truth, said, _) in enumerate(sorted(decided, key=lambda one: -one[2]), 1):
        right += truth == said
        if right >= target * number:
            most = number
    return most / of if of else 0.0
