"""A report that lacked something mandatory, completed by the answer to our question."""

from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from records.record import FaultRecord

S = TypeVar("S", bound=Struct)


def completed(waiting: FaultRecord, answer: FaultRecord, *, noted: bool = False) -> FaultRecord:
    """Fill what the waiting record lacks from the answer; what it has stays.

    `noted`: whatever else the answer says stands below the description, for the person who asked.
    """
    words = (waiting.description, answer.description) if noted else (waiting.description or answer.description,)
    decided = waiting.classification.disposition is not None
    return replace(
        waiting,
        reporter=_filled(waiting.reporter, answer.reporter),
        affected=replace(
            _filled(waiting.affected, answer.affected),
            address=_filled(waiting.affected.address, answer.affected.address),
        ),
        service=waiting.service or answer.service,
        symptom=waiting.symptom or answer.symptom,
        since=waiting.since or answer.since,
        description="\n\n".join(filter(None, words)) or None,
        missing=tuple(name for name in waiting.missing if name in answer.missing),
        needs_review=tuple(dict.fromkeys((*waiting.needs_review, *answer.needs_review))),
        attachments=tuple(dict.fromkeys((*waiting.attachments, *answer.attachments))),
        classification=waiting.classification if decided else answer.classification,
    )


def _filled(known: S, more: S) -> S:
    """Take from `more` only what `known` does not have."""
    empty = (name for name in known.__struct_fields__ if getattr(known, name) is None)
    return replace(known, **{name: getattr(more, name) for name in empty})
