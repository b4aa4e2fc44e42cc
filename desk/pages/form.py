"""The record as a form: fields in groups, with what was read, where and how surely, and what two people made of it."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from desk.fields import FIELDS, values
from desk.translation import LANGUAGES, Speech
from desk.words import N_
from records.reading import Box
from records.record import Evidence, FaultRecord
from records.words import Order, Urgency

Kind = Literal["text", "tel", "email", "date", "area", "choice", "check"]
_KINDS: dict[str, Kind] = {
    "reporter.phone": "tel", "affected.line": "tel", "reporter.email": "email", "since": "date", "description": "area",
    "repeated": "check", "language": "choice",
}  # fmt: skip
#: What can't be left empty on a form; the first choice says so.
_NONE = N_("not known")
_UNDECIDED = N_("undecided")

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "reporter": (
        N_("Who reports"),
        ("reporter.name", "reporter.organization", "reporter.phone", "reporter.email"),
    ),
    "where": (
        N_("What fails, and where"),
        ("service", "symptom", "affected.account", "affected.line", "affected.address.city", "affected.address.street",
         "affected.address.house", "affected.address.building", "affected.address.entrance", "affected.address.flat",
         "affected.equipment", "affected.node"),
    ),
    "text": (N_("In the customer's words"), ("description",)),
    "what": (N_("What becomes of it"), ("order", "urgency", "classification.disposition",
        "classification.route.line", "classification.route.group", "classification.route.company", "since",
        "repeated")),
    "more": (N_("Numbers and other ways"), ("reference", "external_id", "reporter.messenger", "language")),
}  # fmt: skip
#: What a walk-in report is keyed into; the rest is found by the machine or does not apply.
WALK_IN = (
    "reporter.name", "reporter.organization", "reporter.phone", "reporter.email", "service", "symptom",
    "affected.account", "affected.line", "affected.address.city", "affected.address.street", "affected.address.house",
    "affected.address.building", "affected.address.entrance", "affected.address.flat", "affected.equipment",
    "affected.node", "description", "urgency",
)  # fmt: skip

#: The values of a form that nothing is known of yet.
EMPTY = dict.fromkeys(FIELDS, "") | {"order": Order.REPORT.value, "urgency": Urgency.NORMAL.value}

#: Where evidence says that a field was read; anything else is an attachment's path.
_PLACES = {
    "body": N_("in the text"), "text": N_("in the text"), "subject": N_("in the subject"), "from": N_("the sender"),
    "signature": N_("in the signature"), "envelope": N_("on the envelope"), "reader": N_("by the reader"),
    "person": N_("by a person"), "clerk": N_("by a person"), "senior": N_("by a person"),
}  # fmt: skip


#: Sources of what people wrote: no reader's confidence belongs to them.
PEOPLE = ("person", "clerk", "senior")
_ATTACHED = N_("in an attachment")


class Clash(Struct, frozen=True, kw_only=True):
    """A field that two people changed: what stood there, what the other wrote, what was typed here."""

    who: str
    before: str
    theirs: str
    theirs_shown: str
    mine_shown: str


class Change(Struct, frozen=True, kw_only=True):
    """A field that differs between two versions, in words."""

    name: str
    before: str
    after: str


class Field(Struct, frozen=True, kw_only=True):
    """One field on the page."""

    name: str
    kind: Kind
    value: str
    options: tuple[tuple[str, str], ...] = ()
    none: str | None = None  # label of the empty choice
    page: int | None = None
    box: Box | None = None
    where: str = ""
    confidence: float | None = None
    suggestion: str | None = None  # what stood there, where it was too doubtful to take
    missing: bool = False
    error: str | None = None
    clash: Clash | None = None

    @property
    def accepts(self) -> bool:
        """Whether what stood there can be taken over as it is."""
        return self.suggestion is not None and self.kind in ("text", "tel", "email", "area")


class Group(Struct, frozen=True, kw_only=True):
    """Fields that belong together."""

    name: str
    label: str
    fields: tuple[Field, ...]


class Merged(Struct, frozen=True, kw_only=True):
    """What two people made of one record: `values` for the form, and the fields that both changed."""

    values: dict[str, str]
    clashes: tuple[str, ...]


def groups(
    speech: Speech, shown: Mapping[str, str], record: FaultRecord | None, *, errors: Mapping[str, str] = {},
    clashes: Mapping[str, Clash] = {}, only: Iterable[str] = FIELDS,
) -> list[Group]:  # fmt: skip
    """Lay out the form: `shown` are its values by field, `record` tells where they were read."""
    wanted = set(only)
    made = []
    for name, (label, names) in GROUPS.items():
        fields = tuple(
            _field(speech, one, shown, record, errors.get(one), clashes.get(one)) for one in names if one in wanted
        )
        if fields:
            made.append(Group(name=name, label=speech.gettext(label), fields=fields))
    return made


def doubted(record: FaultRecord) -> set[str]:
    """Name the fields that are empty and show what stood there."""
    own = values(record)
    return {name for name in FIELDS if not own[name] and name in record.evidence}


def given(posted: Callable[[str, str], object], only: Iterable[str] = FIELDS) -> dict[str, str]:
    """Give the fields of a posted form as they were typed; line ends as everywhere else."""
    return {name: str(posted(name, "")).replace("\r\n", "\n") for name in only}


def merged(base: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> Merged:
    """Bring two people's changes together; where both changed a field, mine stands and is named."""
    clashes = [
        name for name in mine if mine[name] != base[name] and theirs[name] != base[name] and mine[name] != theirs[name]
    ]
    together = {name: theirs[name] if mine[name] == base[name] else mine[name] for name in mine}
    return Merged(values=together, clashes=tuple(clashes))


def changes(speech: Speech, before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Tell in words in which fields two versions differ; a decision that the machine has yet to make is no change."""
    undone = {name for name in FIELDS if name.startswith("classification.") and not after["classification.disposition"]}
    return [
        Change(name=name, before=in_words(speech, name, before[name]), after=in_words(speech, name, after[name]))
        for name in FIELDS
        if before[name] != after[name] and name not in undone
    ]


def in_words(speech: Speech, name: str, value: str) -> str:
    """Write a field's value for people: words of a vocabulary in their language."""
    choices = FIELDS[name].choices
    if name == "language":
        return LANGUAGES.get(value, value)
    if name == "repeated":
        return speech.gettext("yes") if value else speech.gettext("no")
    return speech.word(choices(value)) if choices and value else value


def _field(
    speech: Speech, name: str, shown: Mapping[str, str], record: FaultRecord | None, error: str | None,
    clash: Clash | None,
) -> Field:  # fmt: skip
    choices = FIELDS[name].choices
    evidence = record.evidence.get(name) if record else None
    value = shown.get(name, "")
    return Field(
        name=name, kind="choice" if choices else _KINDS.get(name, "text"), value=value,
        options=_languages(value) if name == "language" else _options(speech, choices),
        none=None if FIELDS[name].required else _none(speech, name),
        page=evidence.page if evidence else None, box=evidence.box if evidence else None,
        where=place(speech, evidence) if evidence else "",
        confidence=evidence.confidence if evidence and evidence.where not in PEOPLE else None,
        suggestion=evidence.text if evidence and record and not values(record)[name] and not value else None,
        missing=bool(record and name in record.missing and not value),
        error=speech.gettext(error) if error else None, clash=clash,
    )  # fmt: skip


def _none(speech: Speech, name: str) -> str:
    undecided = name == "classification.disposition"
    return speech.gettext(_UNDECIDED) if undecided else speech.gettext(_NONE)


def _options(speech: Speech, choices: type[StrEnum] | None) -> tuple[tuple[str, str], ...]:
    return tuple((one.value, speech.word(one)) for one in choices or ())


def _languages(value: str) -> tuple[tuple[str, str], ...]:
    """The desk's own languages, and the one that is there already."""
    return tuple((LANGUAGES | ({value: value} if value and value not in LANGUAGES else {})).items())


def place(speech: Speech, evidence: Evidence) -> str:
    """Say where a value was read."""
    if evidence.page is not None and evidence.where not in PEOPLE:
        return speech.gettext("p. %(page)s", page=evidence.page)
    return speech.gettext(_PLACES.get(evidence.where, _ATTACHED))
