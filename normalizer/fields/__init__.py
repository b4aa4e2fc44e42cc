"""The fields of a report, each with the words that told it. Empty is better than wrong."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from normalizer.context import Context
from normalizer.fields import letterhead
from normalizer.fields.accounts import accounts
from normalizer.fields.addresses import addresses
from normalizer.fields.certainty import is_sure, weighed
from normalizer.fields.claims import repeated, urgency
from normalizer.fields.contacts import emails, is_fax, messengers, organizations, sender
from normalizer.fields.envelopes import caller, cover
from normalizer.fields.equipment import equipment
from normalizer.fields.language import language_of
from normalizer.fields.names import fuller, names, sender_name
from normalizer.fields.passages import Candidate, Passage, is_letter, passages
from normalizer.fields.phones import phones
from normalizer.fields.service import service
from normalizer.fields.since import since, told_on
from normalizer.fields.stated import CERTAIN, NOTHING, Stated
from normalizer.fields.symptom import symptom
from records.numbers import report_of
from records.reading import Reading
from records.record import Affected, Evidence, PostalAddress, Reporter
from records.words import Service, Symptom, Urgency

__all__ = ["Found", "find", "language_of"]


#: Fields for which two different values of the same certainty are a conflict; of several telephones any may be called.
_RIVALLED = frozenset(
    {"affected.account", "affected.line", "affected.address.street", "reference", "external_id", "since"}
)


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
    unsure: tuple[str, ...] = ()  # dotted names that were not read surely enough on paper: a person checks them


def find(reading: Reading, context: Context, stated: Stated = NOTHING) -> Found:
    """Read the fields of one report from its new text, subject, signature and sender; never from quoted text.

    `stated`: what the original states beside its text; no finder overrules it.
    """
    texts = list(passages(reading))
    if is_fax(reading, context):
        texts = [text for text in texts if text.where != "subject"]  # the gateway's words, not the sender's
    told = "\n".join(text.text for text in texts)
    language = stated.language or language_of(told, stated.likely_language or context.language)
    day = told_on(reading, context)
    for text in texts if is_letter(reading) else ():
        letterhead.hide(text)
    candidates = [candidate for text in texts for candidate in _told_by(text, context, language, day)]
    candidates += [*sender(reading, context), *sender_name(reading, context), *cover(context, language)]
    if not any(candidate.field == "reporter.phone" for candidate in candidates):
        candidates += caller(context.envelope.calling_number or reading.calling_number, context)
    ours = [candidate for candidate in candidates if not _is_theirs(candidate, stated)]
    best, conflicts = _choose([*weighed(ours), *stated.facts])
    _judge(texts, best)
    return _found(language, best, conflicts)


def _is_theirs(candidate: Candidate, stated: Stated) -> bool:
    """Tell a number in a partner's ticket that is none of ours, whatever word stands before it."""
    is_ticket = any(told.field == "external_id" for told in stated.facts)
    return is_ticket and candidate.field == "reference" and report_of(candidate.value) is None


def _told_by(text: Passage, context: Context, language: str, day: date | None) -> Iterator[Candidate]:
    """Let the finders read in this order: each claims its places, so that no number or word is told twice."""
    yield from emails(text, context)
    yield from messengers(text)
    yield from organizations(text)
    yield from accounts(text)
    yield from phones(text, context, language)
    yield from addresses(text, language)
    yield from names(text, language)
    yield from since(text, day, language) if day else ()
    yield from equipment(text)
    yield from urgency(text)


def _judge(texts: list[Passage], best: dict[str, Candidate]) -> None:
    """Add what only the whole tells: the service, the symptom in its light, and whether it was reported before."""
    for text in texts:
        for told in service(text):
            best.setdefault(told.field, told)
    _follow(best, "affected.line", "service", Service.TELEPHONY)
    named = best["service"].value if "service" in best else None
    for text in texts:
        for told in (*symptom(text, named), *repeated(text)):
            best.setdefault(told.field, told)
    _follow(best, "reference", "repeated", "repeated")


def _follow(best: dict[str, Candidate], known: str, field: str, value: str) -> None:
    """Conclude one field from another where no words told it: a faulty line means telephony."""
    if known in best and field not in best:
        best[field] = Candidate(field=field, value=value, evidence=best[known].evidence)


def _choose(candidates: list[Candidate]) -> tuple[dict[str, Candidate], tuple[str, ...]]:
    """Take the most certain value of each field; where two of the same certainty differ, none of a rivalled field."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        chosen = best.get(candidate.field)
        if chosen is None or _weight(candidate) > _weight(chosen):
            best[candidate.field] = candidate
    rivals = {each.field for each in candidates if each.field in _RIVALLED and _rivals(each, best[each.field])}
    if "affected.address.street" in rivals:
        rivals |= {field for field in best if field.startswith("affected.address.")}
    for field in rivals:
        del best[field]
    if "reporter.name" in best and best["reporter.name"].evidence.confidence < CERTAIN:
        best["reporter.name"] = fuller(
            best["reporter.name"], [each for each in candidates if each.field == "reporter.name"]
        )
    return best, tuple(sorted(rivals))


def _weight(candidate: Candidate) -> tuple[bool, float]:
    """Rank a candidate: what was surely read before what was not."""
    return is_sure(candidate), candidate.evidence.confidence


def _rivals(one: Candidate, other: Candidate) -> bool:
    return one.evidence.confidence == other.evidence.confidence and one.value.casefold() != other.value.casefold()


def _found(language: str, best: dict[str, Candidate], conflicts: tuple[str, ...]) -> Found:
    def value(field: str) -> str | None:
        return best[field].value if field in best and is_sure(best[field]) else None

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
        unsure=tuple(field for field, candidate in best.items() if not is_sure(candidate)),
    )
