"""What people do with the texts of answers, for the page and the API alike; each change stands in the audit log."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from desk.errors import NotThere, Wrong
from desk.services import Services
from desk.visit import Visit
from desk.words import N_
from records.deliveries import Kind, Medium
from records.templates import checked
from storage import audit, templates
from storage.database import Transaction
from storage.templates import Place

_NO_CHANNEL = N_("There is no such channel.")


def place(wired: Services, kind: Kind, language: str, medium: Medium, channel: str = "") -> Place:
    """Give the place of a text. Raises NotThere for a language, and Wrong for a channel, that there is not."""
    if language not in wired.texts.languages:
        raise NotThere
    if channel and channel not in wired.settings.doors:
        raise Wrong({"channel": _NO_CHANNEL}, _NO_CHANNEL)
    return Place(kind=kind, language=language, medium=medium, channel=channel)


def keep(wired: Services, visit: Visit, place: Place, text: str | None, base: int) -> int:
    """Keep a text (None: the shipped one again); gives its version. Raises WrongTemplate and templates.Changed."""
    kept = None if text is None else checked(place.kind, text)
    work = partial(templates.write, place=place, text=kept, base=base, author=visit.person.login, at=wired.now())
    return wired.database.write(partial(_noted, work=work, visit=visit, place=place, at=wired.now()))


def _noted(tx: Transaction, *, work: Callable[[Transaction], int], visit: Visit, place: Place, at: datetime) -> int:
    made = int(work(tx))
    detail = f"{place.kind} {place.language} {place.medium} {place.channel}".strip()
    audit.note(
        tx, actor=visit.person.login, what="text written", at=at, peer=visit.peer, detail=f"{detail}, version {made}"
    )
    return made
