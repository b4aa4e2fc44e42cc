"""What a visitor said at the desk, as a clerk keyed it in: the original of a walk-in report."""

from msgspec import Struct

from records.record import Affected, Reporter
from records.words import Service, Symptom, Urgency


class WalkIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keyed form. What the clerk left empty is looked for in the description."""

    form: str  # made by the form when it was opened: the same form sent twice is one report
    description: str
    reporter: Reporter = Reporter()
    affected: Affected = Affected()
    service: Service | None = None
    symptom: Symptom | None = None
    urgency: Urgency | None = None
    language: str | None = None
