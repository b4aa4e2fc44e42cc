"""The fields of a report, each with the words that told it. Empty is better than wrong."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from normalizer.context import Context
from normalizer.fields.accounts import accounts
from normalizer.fields.addresses import addresses
from normalizer.fields.contacts import emails, sender
from normalizer.fields.language import language_of
from normalizer.fields.names import fuller, names, sender_name
from normalizer.fields.passages import Candidate, Passage, passages
from normalizer.fields.phones import phones
from records.reading import Reading
from records.record import Affected, Evidence, PostalAddress, Reporter
from records.words import Service, Symptom, Urgency

__all__ = ["Found", "find", "language_of"]


class Found(Struct, frozen=True, kw_only=True):
    """What a report tells; None where it does not tell."""

    language: str | None
    reporter: Reporter = Reporter()
    affected: Affected = Affected()
    service: Service | None = None
    symptom: Symptom | None = None
    since: date | None = None
    urgency: Urgency = Urgency.NORMAL
    repeated: bool = False
    reference: str | None = None  # a record number of ours as written; proves nothing
    external_id: str | None = None  # the partner's own number
    evidence: dict[str, Evidence] = {}  # by dotted field name
    conflicts: tuple[str, ...] = ()  # dotted names for which two different values compete


def find(reading: Reading, context: Context) -> Found:
    """Read the fields of one report from its new text, subject, signature and sender; never from quoted text."""
    texts = list(passages(reading))
    language = language_of("\n".join(text.text for text in texts), context.language)
    best, conflicts = _choose(_candidates(texts, reading, context, language))
    return _found(language, best, conflicts)


def _candidates(texts: list[Passage], reading: Reading, context: Context, language: str) -> Iterator[Candidate]:
    """Let the finders read in this order: each claims its places, so that no number or word is told twice."""
    for text in texts:
        yield from emails(text, context)
        yield from accounts(text)
        yield from phones(text, context, language)
        yield from addresses(text, language)
        yield from names(text, language)
    yield from sender(reading, context)
    yield from sender_name(reading)


def _choose(candidates: Iterable[Candidate]) -> tuple[dict[str, Candidate], tuple[str, ...]]:
    """Take the most certain value of each field, the first among equals; name the fields that have rivals."""
    best: dict[str, Candidate] = {}
    rivals: dict[str, Candidate] = {}
    for candidate in candidates:
        chosen = best.get(candidate.field)
        if chosen is None or candidate.evidence.confidence > chosen.evidence.confidence:
            best[candidate.field] = candidate
            rivals.pop(candidate.field, None)
        elif candidate.evidence.confidence == chosen.evidence.confidence and candidate.value != chosen.value:
            rivals[candidate.field] = candidate
    return best, tuple(sorted(rivals))


def _found(language: str, best: dict[str, Candidate], conflicts: tuple[str, ...]) -> Found:
    def value(field: str) -> str | None:
        return best[field].value if field in best else None

    def values(prefix: str, names: Iterable[str]) -> dict[str, str | None]:
        return {name: value(f"{prefix}.{name}") for name in names}

    since, service, symptom = value("since"), value("service"), value("symptom")
    return Found(
        language=language,
        reporter=Reporter(**values("reporter", Reporter.__struct_fields__)),
        affected=Affected(
            address=PostalAddress(**values("affected.address", PostalAddress.__struct_fields__)),
            **values("affected", ("line", "account", "node", "equipment")),
        ),
        service=Service(service) if service else None,
        symptom=Symptom(symptom) if symptom else None,
        since=date.fromisoformat(since) if since else None,
        urgency=Urgency(value("urgency") or Urgency.NORMAL),
        repeated=value("repeated") is not None,
        reference=value("reference"),
        external_id=value("external_id"),
        evidence={field: candidate.evidence for field, candidate in best.items()},
        conflicts=conflicts,
    )
