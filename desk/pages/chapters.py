"""A report's story in the reader's language: the archive tells it in fixed English words, which are translated here."""

import re
from datetime import datetime

from msgspec import Struct

from desk.translation import Speech
from desk.words import N_
from records.clocks import Promise
from records.deliveries import Kind, Verb
from records.tasks import Step
from records.words import Disposition, Order, Urgency
from storage.story import BECAUSE, Chapter

#: The parts of the house that do something; anybody else is a person, a channel or a backend, by name.
_ACTORS = {
    "door": N_("the door"), "normalizer": N_("the reader"), "classifier": N_("the sorting table"),
    "worker": N_("the worker"), "road": N_("the worker"), "clock": N_("the clock"),
    "watch": N_("the watch for outages"),
}  # fmt: skip
_SAID = {
    "arrived": N_("arrived"), "arrived again": N_("arrived again"), "could not be asked": N_("could not be asked"),
    "divided": N_("divided into letters"), "split": N_("split"), "approved": N_("approved"),
    "declined": N_("sent back to the clerk"), "corrected": N_("checked and saved"), "refused": N_("not a fault"),
    "asked": N_("sender asked"), "passed to a senior": N_("passed to a senior"),
    "half of its time gone": N_("half of its time gone"),
    "three quarters of its time gone": N_("three quarters of its time gone"), "overdue": N_("overdue"),
    "delivered": N_("has left"), "parked": N_("did not leave, waits for a person"),
    "waits to leave": N_("waits to leave"),
    "file not sent": N_("a file did not go with the ticket"),
    "solved": N_("solved, as the customer says"),
    "not solved": N_("not solved, as the customer says"),
    "provisional answer": N_("provisional answer, with a new date"),
    "no provisional answer": N_("no provisional answer could be given"),
    "warning dealt with": N_("warning dealt with"),
    "belongs to an outage": N_("belongs to a mass outage"),
    "taken out of an outage": N_("taken out of a mass outage"),
    "not told of the outage": N_("was not told of the mass outage"),
    "events switched off": N_("the partner takes no events: they are switched off"),
}  # fmt: skip
_PATTERNS = (
    (re.compile(r"record, version (?P<one>\d+)"), N_("record, version %(one)s")),
    (re.compile(r"decision on version (?P<one>\d+)"), N_("decision on version %(one)s")),
    (re.compile(r"repeats (?P<one>\S+) past its limit"), N_("repeats %(one)s past its time")),
    (re.compile(r"(?P<one>\d+) % of its time gone"), N_("%(one)s %% of its time gone")),
    (
        re.compile(r"(?P<one>dispatch|work|answer) (?P<two>(?:half|three quarters) of its time gone|overdue)"),
        N_("%(one)s: %(two)s"),
    ),
    (
        re.compile(r"(?P<one>dispatch|work|answer) (?P<two>\d+) % of its time gone"),
        N_("%(one)s: %(two)s %% of its time gone"),
    ),
    (re.compile(r"marked (?P<one>\w+)"), N_("marked: %(one)s")),
    (re.compile(r"merged into (?P<one>\S+)"), N_("is the same as %(one)s")),
    (re.compile(r"(?P<one>\S+) was merged into it"), N_("%(one)s is the same")),
    (re.compile(r"(?P<one>\w+) follows, attempt (?P<two>\d+)"), N_("%(one)s follows, attempt %(two)s")),
    (re.compile(r"(?P<one>\w+) (?P<two>delivered|parked|waits to leave)"), N_("%(one)s: %(two)s")),
)
#: Why answers are sent, as `records.deliveries` tells it.
CAUSES = (
    N_("a new report came in"), N_("something mandatory is missing"),
    N_("a new report came in that a typical solution fits"), N_("the sender asks how it stands"),
    N_("the report is withdrawn"), N_("it stands otherwise now"), N_("the answer would be late"),
    N_("nothing more is done about it"), N_("the step before did not help"),
    N_("those who repair need to know more"), N_("the sender has added something"),
    N_("the typical solution did not help"), N_("the sender says that it works"), N_("the work is done"),
    N_("a mass outage is confirmed"), N_("the mass outage is over"), N_("a person at the desk asks"),
)  # fmt: skip
_REASONS = re.compile(r"(incident|typical_fix|undecided: a person decides)(?: because of (.*?))?(?:, solution (\S+))?")


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
        at=chapter.at, actor=speech.gettext(_ACTORS[chapter.actor]) if chapter.actor in _ACTORS else chapter.actor,
        what=_what(speech, chapter.what), detail=_detail(speech, chapter.detail),
        trouble=re.search("parked|attempt|could not|switched off|not sent", chapter.what) is not None,
    )  # fmt: skip


def _what(speech: Speech, what: str) -> str:
    """Translate what happened; numbers stay, and so does what is not known."""
    for pattern, message in _PATTERNS:
        found = pattern.fullmatch(what)
        if found:
            return speech.gettext(message, **{name: _word(speech, text) for name, text in found.groupdict().items()})
    return _word(speech, what)


def _word(speech: Speech, text: str) -> str:
    if text in _SAID:
        return speech.gettext(_SAID[text])
    for vocabulary in (Promise, Verb, Kind, Step, Urgency):
        if text in set(vocabulary):
            return speech.word(vocabulary(text))
    return text


def _cause(speech: Speech, cause: str) -> str:
    return speech.gettext(cause) if cause in CAUSES else cause


def _detail(speech: Speech, detail: str | None) -> str | None:
    """Translate what the archive says in words of its own; a person's words stay."""
    if detail and detail.startswith(BECAUSE):
        cause, _, rest = detail.removeprefix(BECAUSE).partition("; ")
        return "; ".join(filter(None, (speech.gettext("because: %(cause)s", cause=_cause(speech, cause)), rest)))
    if detail in set(Order):
        return speech.word(Order(detail))
    found = _REASONS.fullmatch(detail or "")
    if not found:
        return detail
    said, rules, solution = found.groups()
    first = speech.word(Disposition(said)) if said in set(Disposition) else speech.gettext("undecided")
    return ", ".join(filter(None, (first, rules, solution)))
