"""What an original states in fields of its own: a keyed form, a chat's profile, a partner's ticket."""

from typing import Final

from msgspec import Struct

from normalizer.fields.passages import Candidate
from records.dialogue import Dialogue
from records.partner import PartnerTicket
from records.record import Evidence
from records.words import Order, Review

#: What is stated is certain; no finder is.
CERTAIN: Final = 1.0
_QUOTED: Final = 500  # characters of a stated value that are shown as evidence


class Stated(Struct, frozen=True, kw_only=True):
    """What is known of a report before its text is searched; what is absent here is looked for there."""

    facts: tuple[Candidate, ...] = ()  # one a field
    description: str | None = None
    language: str | None = None
    likely_language: str | None = None  # counts only where the text does not tell
    order: Order | None = None
    reviews: tuple[Review, ...] = ()
    partner: PartnerTicket | None = None
    dialogue: Dialogue | None = None
    senders: tuple[str, ...] = ()  # addresses and domains that are the partner's


NOTHING: Final = Stated()


#: A firm stands for its person who is not named.
STANDS_FOR: Final = 0.5


def fact(field: str, value: str, where: str, written: str | None = None, *, confidence: float = CERTAIN) -> Candidate:
    """Give one stated field; `where` names its place in the original, `written` how it stood there."""
    evidence = Evidence(text=(written or value)[:_QUOTED], where=where, confidence=confidence)
    return Candidate(field=field, value=value, evidence=evidence)
