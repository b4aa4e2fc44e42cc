"""What is known of a report, as names that the rules can ask for: what it says, and what its fields hold."""

from classifier.phrases import Phrasebook
from classifier.tokens import tokens
from records.dialogue import Outcome
from records.record import FaultRecord
from records.words import Order, Service, Symptom, Urgency

_OF_FIELDS = ("urgency:control", "field:repeated", "field:organization", "field:partner", "field:days", "field:since",
              "dialogue:in_vain")  # fmt: skip


def vocabulary(phrases: Phrasebook) -> frozenset[str]:
    """Name every fact that may be known of a report."""
    vocabularies = (("order", Order), ("service", Service), ("symptom", Symptom))
    values = (f"{name}:{value}" for name, words in vocabularies for value in words)
    return frozenset((*phrases.meanings, *values, *_OF_FIELDS))


def facts(record: FaultRecord, phrases: Phrasebook) -> frozenset[str]:
    """Give the meanings found in the description, and `field:value` for the fields that rules may ask about."""
    words = tokens(record.description or "")
    return frozenset(phrases.meanings_in(words) | _fields(record))


def _fields(record: FaultRecord) -> set[str]:
    known = {f"order:{record.order}"}
    if record.service is not None:
        known.add(f"service:{record.service}")
    if record.symptom is not None:
        known.add(f"symptom:{record.symptom}")
    if record.urgency is Urgency.CONTROL:
        known.add("urgency:control")
    if record.repeated:
        known.add("field:repeated")
    if record.reporter.organization is not None:
        known.add("field:organization")
    if record.external_id is not None:
        known.add("field:partner")
    if record.since is not None and (record.received_at.date() - record.since).days >= 2:
        known.add("field:days")
    if record.since is not None:
        known.add("field:since")
    if record.dialogue is not None and record.dialogue.outcome is Outcome.DID_NOT_HELP:
        known.add("dialogue:in_vain")
    return known
