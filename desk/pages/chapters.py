"""A report's story in the reader's language: the archive tells it in fixed English words, which are translated here."""

import re
from datetime import datetime

from msgspec import Struct

from desk.translation import Speech
from desk.words import N_
from storage.story import Chapter

_ACTORS = {
    "door": N_("the door"), "normalizer": N_("the reader"), "classifier": N_("the sorting table"),
    "worker": N_("the worker"), "sweep": N_("the clock"), "clock": N_("the clock"),
}  # fmt: skip


class Told(Struct, frozen=True, kw_only=True):
    """One chapter as the page shows it."""

    at: datetime
    actor: str
    what: str
    detail: str | None
    trouble: bool


def tell(speech: Speech, chapter: Chapter) -> Told:
    """Tell one chapter."""
    return Told(
        at=chapter.at, actor=speech.gettext(_ACTORS.get(chapter.actor, chapter.actor)) if chapter.actor else "",
        what=_what(speech, chapter.what), detail=chapter.detail,
        trouble="parked" in chapter.what or "attempt" in chapter.what,
    )  # fmt: skip


def _what(speech: Speech, what: str) -> str:
    """Translate what happened; the numbers in it stay."""
    numbers = re.findall(r"\d+", what)
    pattern = re.sub(r"\d+", "%s", what)
    known = speech.gettext(pattern)
    return known % tuple(numbers) if numbers and known.count("%s") == len(numbers) else speech.gettext(what)
