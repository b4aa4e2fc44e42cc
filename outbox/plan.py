"""Which deliveries a classified report calls for."""

from msgspec.structs import replace

from outbox.completing import completed
from outbox.dialogue import Say, converses, tried, turn
from outbox.holding import OUR_TROUBLE, held
from outbox.policy import answer_to
from outbox.repeating import told
from outbox.situation import Planned, Situation
from outbox.texts import language_for, words
from records.deliveries import Kind, Reply, Ticket, Verb
from records.dialogue import Tried
from records.linking import Earlier
from records.numbers import number
from records.record import FaultRecord
from records.registers import REGISTER
from records.status import Status
from records.words import Disposition, MachineMail, Order, Review

__all__ = ["Planned", "Situation", "answering", "completes", "ends", "judged", "planned"]

_SOLUTIONS = {Kind.SOLUTION, Kind.STEP}
#: The token was ours, but who uses it is in doubt: nothing earlier changes beyond a note, and a person decides.
_IN_DOUBT = {Review.UNVERIFIED_SENDER, Review.UNVERIFIED_REFERENCE}


def planned(situation: Situation) -> tuple[Planned, ...]:
    """Tell what must leave the house for one version of a report's record.

    What is no fault, as most mail of machines, is only kept; what a person must finish first waits for him.
    """
    if situation.by_person:
        question = _reply(situation, Kind.QUESTION) if situation.question is not None else ()
        return question if situation.asking or situation.decided else (*question, *_by_person(situation))
    solved = judged(situation)
    if solved is not None and situation.earlier is not None:
        return () if solved else _unsolved(situation, situation.earlier)
    if _nothing(situation.record) or held(situation):
        return ()
    if converses(situation):
        return _conversed(situation)
    if situation.ticketed:  # read anew after its ticket left
        return () if situation.decided else _own(situation, Verb.AMEND)
    return _by_machine(situation)


def ends(situation: Situation) -> Status | None:
    """Tell how a report stands from now on because its customer said so in the chat; None: as before."""
    return turn(situation).ends if converses(situation) and not _nothing(situation.record) else None


def judged(situation: Situation) -> bool | None:
    """Tell what a message says to our question whether the earlier report was solved; None for any other message."""
    record = situation.record
    silent = situation.by_person or situation.earlier is None or record.machine_mail is not None
    return None if silent or not _is_certain(record) else situation.verdict


def completes(situation: Situation) -> FaultRecord | None:
    """Give the record of the earlier report that waited for this answer, completed; None for what is no such answer."""
    record, waiting = situation.record, situation.waiting
    silent = _nothing(record) or situation.asking or (situation.by_person and situation.decided)
    if silent or situation.earlier is None or waiting is None or not _is_certain(record):
        return None
    whole = completed(waiting, record, noted=situation.asked_by_person or not situation.allowed)
    return _marked(whole, Review.INCOMPLETE) if whole.missing else whole


def _by_machine(situation: Situation) -> tuple[Planned, ...]:
    record, earlier = situation.record, situation.earlier
    if earlier is not None and situation.waiting is not None:
        whole = completes(situation)
        return _answer(situation, earlier, whole) if whole else _new(situation)
    if record.order is Order.REPORT:
        return _new(situation)
    if earlier is None:
        return _new(replace(situation, record=_marked(record, Review.UNVERIFIED_REFERENCE)))
    return _linked(situation, earlier)


def _conversed(situation: Situation) -> tuple[Planned, ...]:
    """Take our turn in a dialogue: an order on the report's own ticket, and one message at most."""
    taken = turn(situation)
    record = situation.record
    if taken.order is Verb.CREATE:
        record = _marked(record, Review.INCOMPLETE) if record.missing else record
        text = "\n\n".join(filter(None, (situation.text, tried(situation))))
        orders = _tickets(replace(situation, record=record, text=text))
    elif taken.order is Verb.WITHDRAW and taken.ends is None:
        withdrawn = replace(situation, record=replace(record, order=Order.WITHDRAWAL))
        orders = _own(withdrawn, Verb.WITHDRAW)
    elif taken.order is not None:
        orders = _own(replace(situation, remark=taken.note), taken.order, reopens=taken.reopens)
    else:
        orders = ()
    return (*orders, *(_reply(situation, taken.say.kind, say=taken.say) if taken.say else ()))


def _by_person(situation: Situation) -> tuple[Planned, ...]:
    """Carry out what a person decided: dispatch, amend what is dispatched, withdraw, or note on another's ticket."""
    record, earlier = situation.record, situation.earlier
    if record.order is Order.NOT_A_FAULT:
        return _own(situation, Verb.WITHDRAW)
    if record.order is Order.REPORT or earlier is None:
        fresh = replace(
            situation, backends=tuple(name for name in situation.backends if name not in situation.ticketed)
        )
        leaving = () if held(situation) else (*_tickets(fresh), *_receipt(fresh))
        return (*_own(situation, Verb.AMEND), *leaving)
    whole = completes(situation)
    verb = Verb.WITHDRAW if record.order is Order.WITHDRAWAL else Verb.AMEND
    again = record.order is Order.FOLLOW_UP
    elsewhere = _answer(situation, earlier, whole) if whole else _notes(situation, verb, earlier, reopens=again)
    return (*elsewhere, *_own(situation, Verb.WITHDRAW))


def _new(situation: Situation) -> tuple[Planned, ...]:
    """Dispatch a new report; an anonymous one only after its sender was asked for what is missing, or can't be."""
    record = situation.record
    if not record.missing:
        return (*_tickets(situation), *_receipt(situation))
    if not situation.asked_before and OUR_TROUBLE.isdisjoint(record.needs_review):
        question = _reply(situation, Kind.QUESTION)
        if question:
            return question
    marked = replace(situation, record=_marked(record, Review.INCOMPLETE))
    return (*_tickets(marked), *_receipt(marked))


def _answer(situation: Situation, earlier: Earlier, whole: FaultRecord) -> tuple[Planned, ...]:
    """Dispatch the report that waited for this answer, under the number that the customer knows, and note the answer.

    Two answers at the same moment, or a withdrawal instead of an answer, so meet a ticket that they can be noted on.
    Where a person asked, he looks at the answer first if anything is open still; where a senior has not said yes to
    what was made of the report before, somebody looks in any case.
    """
    if not situation.allowed or (situation.asked_by_person and (whole.missing or whole.needs_review)):
        return ()
    withdrawn = situation.record.order is Order.WITHDRAWAL
    opening = replace(situation, record=whole, text=whole.description or "")
    note = _notes(situation, Verb.WITHDRAW if withdrawn else Verb.AMEND, earlier)
    return (*_tickets(opening), *note, *(() if withdrawn else _receipt(opening)))


def _linked(situation: Situation, earlier: Earlier) -> tuple[Planned, ...]:
    """Carry a follow-up, a withdrawal or a question how it stands to the ticket of the earlier report."""
    certain = _is_certain(situation.record)
    if situation.record.order is Order.WITHDRAWAL and certain:
        return _notes(situation, Verb.WITHDRAW, earlier)
    if situation.record.order is Order.PROGRESS and certain:
        return _reply(situation, Kind.PROGRESS, earlier.id) or _notes(situation, Verb.AMEND, earlier)
    progress = _reply(situation, Kind.PROGRESS, earlier.id) if told(situation) else _nod(situation, earlier)
    reopens = certain and situation.record.order is Order.FOLLOW_UP
    noted = replace(situation, text="\n\n".join(filter(None, (situation.text, tried(situation)))))
    return (*_notes(noted, Verb.AMEND, earlier, reopens=reopens), *progress)


def _nod(situation: Situation, earlier: Earlier) -> tuple[Planned, ...]:
    """Say in a chat that what was added has come; a mail needs no such word."""
    return _reply(situation, Kind.NOTED, earlier.id) if situation.chat else ()


def _unsolved(situation: Situation, earlier: Earlier) -> tuple[Planned, ...]:
    """Note on the earlier report's ticket that it is not solved; a closed one takes the site's rule."""
    text = f"{words()[language_for(situation.record.language)].ticket.not_solved}\n\n{situation.text}"
    return (*_notes(replace(situation, text=text), Verb.AMEND, earlier, reopens=True), *_nod(situation, earlier))


def _tickets(situation: Situation) -> tuple[Planned, ...]:
    record = situation.record
    if record.classification.disposition is None:
        record = _marked(record, Review.UNDECIDED)
    ticket = Ticket(external_id=_number(situation), record=record, text=situation.text)
    return tuple(
        Planned(verb=Verb.CREATE, backend=name, key=_key(situation, Verb.CREATE, name), ticket=ticket)
        for name in situation.backends
    )


def _notes(situation: Situation, verb: Verb, earlier: Earlier, *, reopens: bool = False) -> tuple[Planned, ...]:
    """Note this report on the ticket of an earlier one; what `reopens` says that the fault is there still."""
    backends = situation.holding or situation.backends
    return _noted(situation, verb, earlier.id, situation.text, backends, reopens=reopens)


def _own(situation: Situation, verb: Verb, *, reopens: bool = False) -> tuple[Planned, ...]:
    """Amend or withdraw this report's own tickets; what a person has withdrawn and calls a fault again is opened."""
    text = situation.remark or situation.record.reference or situation.text
    reopens = reopens or (verb is Verb.AMEND and situation.withdrawn)
    return _noted(situation, verb, _number(situation), text, situation.ticketed, reopens=reopens)


def _noted(
    situation: Situation, verb: Verb, on: str, text: str, backends: tuple[str, ...], *, reopens: bool
) -> tuple[Planned, ...]:
    ticket = Ticket(external_id=_entry(situation), record=situation.record, text=text, earlier=on, reopens=reopens)
    return tuple(Planned(verb=verb, backend=name, key=_key(situation, verb, name), ticket=ticket) for name in backends)


def _entry(situation: Situation) -> str:
    """Name an entry on a ticket: the report's number, for a later version with that; each is noted once."""
    later = f"/{situation.version}" if situation.version > 1 else ""
    return f"{_number(situation)}{later}"


def _key(situation: Situation, what: Verb | Kind, backend: str) -> str:
    """Give the idempotency key; a person's version may leave again what was parked, so it has keys of its own."""
    number = _entry(situation) if what is not Verb.CREATE or situation.by_person else _number(situation)
    return f"{what}/{backend}/{number}"


def _receipt(situation: Situation) -> tuple[Planned, ...]:
    typical = situation.record.classification.disposition is Disposition.TYPICAL_FIX and situation.solution
    return _reply(situation, Kind.SOLUTION if typical else Kind.RECEIPT)


def answering(situation: Situation, kind: Kind) -> tuple[Planned, ...]:
    """Plan one reply about a report beside what its record calls for, where one may be sent."""
    return _reply(situation, kind)


def _reply(
    situation: Situation, kind: Kind, about: str | None = None, *, say: Say | None = None
) -> tuple[Planned, ...]:
    """Plan one reply where one may be sent; receipt and solution share a key, so a report has one of the two.

    `say`: it is a message of a dialogue, which has a key for each purpose.
    """
    to = answer_to(situation)
    if to is None:
        return ()
    record = situation.record
    his_own = (record.reporter.email or "").lower() == to.lower()  # not a colleague who forwarded the report
    told = record.evidence.get("reporter.name")
    looked_up = told is not None and told.where == REGISTER  # an account in a mail proves nobody: it is not told back
    reply = Reply(
        kind=kind,
        to=to,
        language=language_for(record.language),
        record_id=about or _number(situation),
        received_at=record.received_at,
        subject=situation.subject,
        in_reply_to=situation.message_id,
        references=situation.references,
        missing=say.missing if say else record.missing if kind is Kind.QUESTION else (),
        words=situation.question if kind is Kind.QUESTION else None,
        solution=_solution(situation, kind, say),
        tip=_tip(situation, kind, say),
        steps=len(situation.steps) if kind in _SOLUTIONS else 0,
        status=(situation.stands if say else situation.status) if kind is Kind.PROGRESS else None,
        reporter_name=record.reporter.name if his_own and not looked_up else None,
        channel=record.channel,
        partner_number=record.external_id if record.partner else None,
    )
    if say is not None:
        purpose, number = say.purpose, _number(situation)
        return (Planned(verb=Verb.REPLY, backend=_desk(situation), key=f"{purpose}/{number}", reply=reply),)
    purpose = Kind.RECEIPT if kind is Kind.SOLUTION else kind
    number = _number(situation) if situation.question is None else _entry(situation)
    return (Planned(verb=Verb.REPLY, backend=_desk(situation), key=f"{purpose}/{number}", reply=reply),)


def _desk(situation: Situation) -> str:
    """Name who brings a reply: the chat's own door, or the smarthost."""
    return situation.record.channel if situation.chat else "replies"


def _solution(situation: Situation, kind: Kind, say: Say | None) -> str | None:
    """Tell a solution whole, or in a dialogue one step of it, the first one below its title."""
    if kind not in _SOLUTIONS or say is None:
        return situation.solution if kind is Kind.SOLUTION else None
    step = f"{say.step}. {situation.steps[say.step - 1]}"
    title = (situation.solution or "").partition("\n")[0]
    return f"{title}\n\n{step}" if kind is Kind.SOLUTION else step


def _tip(situation: Situation, kind: Kind, say: Say | None) -> Tried | None:
    """Name the step that a customer answers to when he says whether it helped; a whole solution ends with its last."""
    solution = situation.record.classification.solution
    if kind not in _SOLUTIONS or solution is None:
        return None
    return Tried(solution=solution, step=say.step if say else len(situation.steps))


def _number(situation: Situation) -> str:
    """Give the number under which this goes out: a completed report's own, which is in its record."""
    return situation.record.id or number(situation.report, situation.record.received_at)


def _nothing(record: FaultRecord) -> bool:
    """Tell what calls for nothing: no fault, or a robot's mail; partners' ticket systems write in bulk."""
    robot = record.machine_mail not in {None, MachineMail.BULK}
    return robot or record.order is Order.NOT_A_FAULT


def _is_certain(record: FaultRecord) -> bool:
    return _IN_DOUBT.isdisjoint(record.needs_review)


def _marked(record: FaultRecord, review: Review) -> FaultRecord:
    return replace(record, needs_review=tuple(dict.fromkeys((*record.needs_review, review))))
