"""The dialogue in a chat: what one event calls for, as a pure function of the conversation and of what was said to it.

An event (a burst of messages, a press, a file that came) makes a version of the record; it is answered by one message
at most. What was said before is known by its purpose, so that the same event read again is not answered again.
"""

from collections.abc import Callable

from msgspec import Struct

from outbox.holding import OUR_TROUBLE
from outbox.policy import answer_to
from outbox.situation import Situation
from outbox.texts import language_for, words
from records.deliveries import Kind, Verb
from records.dialogue import Outcome, Request, Wish
from records.record import FaultRecord
from records.status import ENDED, Status
from records.words import Disposition, Order


class Say(Struct, frozen=True, kw_only=True):
    """One message of ours; what has its `purpose` is said once in a conversation."""

    kind: Kind
    purpose: str
    missing: tuple[str, ...] = ()  # what it asks for
    step: int = 0  # of the typical solution, that it offers


class Turn(Struct, frozen=True, kw_only=True):
    """What our side does next."""

    order: Verb | None = None  # on the report's own ticket: CREATE, AMEND or WITHDRAW
    note: str = ""  # for the ticket, with AMEND and WITHDRAW
    reopens: bool = False  # the ticket may be closed: the fault is there still
    say: Say | None = None
    ends: Status | None = None  # the report stands so from now on, by the customer's word


#: What those who repair say when they think that it is solved.
_DONE = frozenset({Status.RESOLVED, Status.CLOSED})
#: The rule of the sorting table that is hit where somebody says that what was advised did not help.
_IN_VAIN = "did-not-help"


def _is_placed(record: FaultRecord) -> bool:
    affected = record.affected
    return bool(affected.account or affected.line or affected.address.street)


#: What a chat is asked for beside what is mandatory, once each, while its ticket is on its way already.
_WANTED: tuple[tuple[str, Callable[[FaultRecord], bool]], ...] = (
    ("reporter.phone", lambda record: record.reporter.phone is None),
    ("affected.address", lambda record: not _is_placed(record)),
)


def converses(situation: Situation) -> bool:
    """Tell a conversation that the machine leads: it reports a fault or was asked for it, and no person has it."""
    alone = situation.chat is not None and situation.earlier is None and not situation.by_person
    return alone and (situation.record.order is Order.REPORT or bool(situation.said))


def turn(situation: Situation) -> Turn:
    """Give our next turn; a report that has ended stays so, whatever is read of it anew, but where that is denied."""
    asked = _unanswered(situation)
    if asked is not None and _denies(asked) and situation.stands in _DONE:
        return _unsolved(situation, asked)
    if situation.stands in ENDED:
        return Turn()
    if asked is not None and asked.wish is Wish.WITHDRAWAL:
        return _withdrawn(situation)
    if asked is not None and asked.wish is Wish.HELPED:
        return _helped(situation)
    if not situation.ticketed and _must_ask(situation):
        return Turn(say=_progress(asked) or _question(situation))
    order, note = _order(situation)
    return Turn(order=order, note=note, say=_progress(asked) or _next(situation, added=bool(note)))


def tried(situation: Situation) -> str:
    """Tell what the customer has tried in vain, for the ticket, in his language; nothing where it is nothing.

    Who answers a solution that came by mail has had all of its steps at once.
    """
    in_vain = situation.tried or (situation.offered if _IN_VAIN in situation.record.classification.rule_hits else ())
    steps = [f"{number}. {step}" for number, step in enumerate(in_vain, 1)]
    return "\n".join((words()[language_for(situation.record.language)].ticket.tried, *steps)) if steps else ""


def _unanswered(situation: Situation) -> Request | None:
    """Give the newest request, unless it was answered already."""
    dialogue = situation.record.dialogue
    newest = dialogue.requests[-1] if dialogue and dialogue.requests else None
    return None if newest is None or _purpose(newest) in situation.said else newest


def _purpose(request: Request) -> str:
    return f"{Kind.PROGRESS}/{request.id}"


def _withdrawn(situation: Situation) -> Turn:
    """Withdraw the ticket, which ends the report once that is done; where there is none, the report ends at once."""
    if situation.ticketed:
        return Turn() if situation.withdrawn else Turn(order=Verb.WITHDRAW)
    return Turn(ends=Status.CANCELLED)


def _helped(situation: Situation) -> Turn:
    """Close the report, and take its ticket off the others' table; the change of status is what the customer hears."""
    order = Verb.WITHDRAW if situation.ticketed else None
    note = words()[language_for(situation.record.language)].ticket.helped
    return Turn(order=order, note=note if order else "", ends=Status.CLOSED)


def _unsolved(situation: Situation, asked: Request) -> Turn:
    """Open the ticket again, or one at last: those who repair think that it is solved, the customer does not."""
    say = Say(kind=Kind.NOTED, purpose=_purpose(asked))  # not ESCALATED: he has tried nothing that they could see
    if not situation.ticketed:
        return Turn(order=Verb.CREATE, say=say)
    note = words()[language_for(situation.record.language)].ticket.not_solved
    return Turn(order=Verb.AMEND, note=note, reopens=True, say=say)


def _denies(asked: Request) -> bool:
    """Tell a no to the question whether it is solved: a no to a step of a typical solution names that."""
    return asked.wish is Wish.DID_NOT_HELP and asked.tip is None


def _progress(asked: Request | None) -> Say | None:
    if asked is None or asked.wish is not Wish.PROGRESS:
        return None
    return Say(kind=Kind.PROGRESS, purpose=_purpose(asked))


def _must_ask(situation: Situation) -> bool:
    """Tell whether the report waits for what is mandatory: he is asked once, or was, and there is nothing new."""
    if not situation.record.missing or not OUR_TROUBLE.isdisjoint(situation.record.needs_review):
        return False
    return Kind.QUESTION not in situation.said and answer_to(situation) is not None


def _question(situation: Situation) -> Say:
    return Say(kind=Kind.QUESTION, purpose=Kind.QUESTION, missing=situation.record.missing)


def _order(situation: Situation) -> tuple[Verb | None, str]:
    """Open the ticket, or add what is new to it."""
    if not situation.ticketed:
        return Verb.CREATE, ""
    note = "\n\n".join(filter(None, _news(situation)))
    return (Verb.AMEND, note) if note else (None, "")


def _news(situation: Situation) -> tuple[str, ...]:
    """Tell what the backends do not know yet; an edited message tells the description anew."""
    record, told = situation.record, situation.told
    if told is None:
        return ()
    before, now = told.description or "", record.description or ""
    added = now.removeprefix(before).strip() if now.startswith(before) else now
    phone = record.reporter.phone if record.reporter.phone != told.reporter.phone else None
    known = {file.name for file in told.attachments}
    files = ", ".join(file.name or file.media_type for file in record.attachments if file.name not in known)
    steps = tried(situation) if _is_over(record) and not _is_over(told) else ""
    return (added, f"tel. {phone}" if phone else "", files, steps)


def _is_over(record: FaultRecord) -> bool:
    """Tell whether the typical solution has been tried to its end."""
    return record.dialogue is not None and record.dialogue.outcome is Outcome.DID_NOT_HELP


def _next(situation: Situation, *, added: bool) -> Say | None:
    """Give what the dialogue has not said yet, the first of: a step, a wish for details, a receipt; else a nod."""
    rows = (_step(situation), _detail(situation), _receipt(situation))
    new = next((say for say in rows if say is not None and say.purpose not in situation.said), None)
    if new is not None or not added:
        return new
    return Say(kind=Kind.NOTED, purpose=f"{Kind.NOTED}/{situation.version}")


def _step(situation: Situation) -> Say | None:
    """Offer the first step that was not tried, where a typical solution fits."""
    decision = situation.record.classification
    if decision.disposition is not Disposition.TYPICAL_FIX or decision.solution is None:
        return None
    dialogue = situation.record.dialogue
    done = {one.step for one in dialogue.tried if one.solution == decision.solution} if dialogue else set()
    step = next((number for number in range(1, len(situation.steps) + 1) if number not in done), None)
    if step is None:
        return None
    kind = Kind.STEP if done else Kind.SOLUTION
    return Say(kind=kind, purpose=f"{Kind.SOLUTION}/{decision.solution}/{step}", step=step)


def _detail(situation: Situation) -> Say | None:
    """Ask for the first thing that helps those who repair, unless he is busy with a solution."""
    if situation.record.classification.disposition is Disposition.TYPICAL_FIX:
        return None
    says = (
        Say(kind=Kind.DETAIL, purpose=f"{Kind.DETAIL}/{name}", missing=(name,))
        for name, lacks in _WANTED
        if lacks(situation.record)
    )
    return next((say for say in says if say.purpose not in situation.said), None)


def _receipt(situation: Situation) -> Say | None:
    """Say that it is with the specialists: once, and with regret where our advice was in vain."""
    if situation.record.classification.disposition is Disposition.TYPICAL_FIX:
        return None
    kind = Kind.ESCALATED if _is_over(situation.record) else Kind.RECEIPT
    return Say(kind=kind, purpose=kind)
