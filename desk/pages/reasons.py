"""Why a record is as it is: what each value was read from, and which rules and words spoke for its class."""

from collections.abc import Sequence

from msgspec import Struct

from desk.page import Page
from desk.pages.form import PEOPLE, place
from records.record import Classification, FaultRecord
from records.words import Disposition
from storage.versions import VersionRow


class Read(Struct, frozen=True, kw_only=True):
    """What one value was read from."""

    field: str
    text: str
    where: str
    confidence: float | None  # None: a person wrote it


class Why(Struct, frozen=True, kw_only=True):
    """All reasons, in the page's language."""

    read: tuple[Read, ...]
    decision: Classification  # the machine's, also where a person has decided otherwise
    model: str  # what the trained model makes of the text; "" where none was asked


def why(page: Page, record: FaultRecord, versions: Sequence[VersionRow]) -> Why:
    """Tell the reasons of a record, and of what the machine decided last; `versions`: the newest first."""
    decision = next((one.record.classification for one in versions if one.by is None), record.classification)
    read = tuple(
        Read(
            field=page.speech.field(name), text=one.text, where=place(page.speech, one),
            confidence=None if one.where in PEOPLE else one.confidence,
        )
        for name, one in record.evidence.items()
    )  # fmt: skip
    said = decision.model
    return Why(read=read, decision=decision, model=class_name(page, said.label) if said else "")


def class_name(page: Page, label: str) -> str:
    """Name a class, also the model's third."""
    known = next((one for one in Disposition if one.value == label), None)
    return page.speech.word(known) if known else page._("neither of the two")
