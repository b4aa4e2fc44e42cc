"""What a person's change makes of a record: whose word each field is, what is missing still, what he has settled."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from records.people import Person, Role
from records.record import Classification, Evidence, FaultRecord, OriginalRef, lacking
from records.words import DecidedBy, Order, Review
from storage.records import Kept

#: What a person may change; all else is the door's, the reader's or the classifier's.
_FIELDS = (
    "order", "language", "reporter", "affected", "service", "symptom", "description", "since", "urgency", "repeated",
    "reference", "external_id",
)  # fmt: skip


def amended(report: Kept, seen: FaultRecord | None, record: FaultRecord, by: Person, *, finished: bool) -> FaultRecord:
    """Give the version that a person makes of the one he saw; what the doors and readers said stays theirs.

    `finished`: he has looked at all of it, so nothing of it is in doubt any more; of what is missing a senior may
    say that there is nobody to ask. Otherwise he changed one thing, and the rest waits as before.
    """
    missing = lacking(record.reporter, record.description)
    reviews = seen.needs_review if seen else ()
    if finished:
        accepted = missing and record.order is Order.REPORT and by.role.may(Role.SENIOR)
        reviews = (Review.INCOMPLETE,) if accepted else ()
    return replace(
        record, id=report.id, channel=report.channel, received_at=report.received_at, due_at=report.due_at,
        original=OriginalRef(media_type=report.media_type, size=report.size, sha256=report.sha256),
        machine_mail=seen.machine_mail if seen else None, attachments=seen.attachments if seen else (),
        partner=seen.partner if seen else None,
        missing=missing, needs_review=tuple(one for one in reviews if one is not Review.UNDECIDED),
        evidence=_evidence(seen, record, by, finished=finished),
        classification=_decision(seen.classification if seen else Classification(), record.classification, by),
    )  # fmt: skip


def _decision(seen: Classification, given: Classification, by: Person) -> Classification:
    """Keep what a person decided, now or before; what he left as the machine said is the machine's to decide anew."""
    if (given.disposition, given.solution, given.route) != (seen.disposition, seen.solution, seen.route):
        decided_by = DecidedBy.SENIOR if by.role.may(Role.SENIOR) else DecidedBy.CLERK
        return Classification(
            disposition=given.disposition, confidence=1.0, decided_by=decided_by, solution=given.solution,
            route=given.route,
        )  # fmt: skip
    return seen if seen.decided_by in (DecidedBy.CLERK, DecidedBy.SENIOR) else Classification()


def _evidence(seen: FaultRecord | None, record: FaultRecord, by: Person, *, finished: bool) -> dict[str, Evidence]:
    """Give each changed field the person as its source, at the place where it stands on the page, if any.

    What he left empty is no more to be checked.
    """
    where = "senior" if by.role.may(Role.SENIOR) else "clerk"
    before = dict(_values(seen)) if seen else {}
    evidence = dict(seen.evidence) if seen else {}
    for name, value in _values(record):
        if value != before.get(name):
            page, box = (evidence[name].page, evidence[name].box) if name in evidence else (None, None)
            evidence[name] = Evidence(text=_text(value), where=where, confidence=1.0, page=page, box=box)
        if value is None and (finished or value != before.get(name)):
            evidence.pop(name, None)
    return evidence


def _values(noun: Struct, above: str = "") -> Iterator[tuple[str, Any]]:
    """Give each field that a person may change, by its dotted name, as "affected.address.city"."""
    for name in noun.__struct_fields__ if above else _FIELDS:
        value = getattr(noun, name)
        if isinstance(value, Struct):
            yield from _values(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
