"""Our turn in a chat: one for one event, whatever was said before."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from outbox.chat import outgoing
from outbox.dialogue import Say, Turn, turn
from outbox.plan import Planned, ends, planned
from outbox.policy import silence
from outbox.situation import Situation
from outbox.texts import words
from records.deliveries import Kind, Reply, Verb
from records.dialogue import Dialogue, Outcome, Press, Request, Tried, Wish, press_of
from records.record import Affected, Attachment, Classification, FaultRecord, Reporter
from records.status import ENDED, Status
from records.tokens import genuine
from records.words import Disposition, MachineMail, Order, Review
from tests.outbox.situations import GATEWAY, KEY, earlier, fault_record, situation

CHAT = "telegram:77"
STEPS = ("Move the router.", "Restart it.", "Change the channel.")
FIX = Classification(disposition=Disposition.TYPICAL_FIX, solution="wifi-weak")
GALINA = Reporter(name="Galina", messenger=CHAT)
CALLED = replace(GALINA, phone="+79173402218")
PLACED = Affected(account="4410-22871")
RECEIPT = Say(kind=Kind.RECEIPT, purpose="receipt")


def record(*asked: Wish, tried: int = 0, outcome: Outcome | None = None, **changes: Any) -> FaultRecord:
    """A report of Galina's from her chat, with what she asked beside it; requests are numbered from 1."""
    steps = tuple(Tried(solution="wifi-weak", step=number) for number in range(1, tried + 1))
    last = steps[-1] if steps else None
    requests = tuple(
        Request(id=str(number), wish=wish, tip=last if wish is Wish.DID_NOT_HELP else None)
        for number, wish in enumerate(asked, 1)
    )
    dialogue = Dialogue(requests=requests, tried=steps, outcome=outcome) if asked else None
    fields = {"channel": "chat", "reporter": CALLED, "affected": PLACED, "dialogue": dialogue}
    return fault_record(**{**fields, **changes})


def talk(made: FaultRecord, *said: str, **changes: Any) -> Situation:
    """The conversation after we said what these purposes name."""
    step = made.dialogue.tried if made.dialogue else ()
    fields = {
        "chat": CHAT, "author": CHAT, "envelope_sender": CHAT, "said": frozenset(said), "text": made.description or "",
        "solution": "Weak Wi-Fi\n\n1. …", "steps": STEPS, "tried": STEPS[: len(step)], "settings": situation().settings,
    }  # fmt: skip
    return situation(record=made, **{**fields, **changes})


def file(name: str, sha256: str) -> Attachment:
    return Attachment(name=name, media_type="image/jpeg", size=1, sha256=sha256)


def offer(step: int) -> Say:
    kind = Kind.SOLUTION if step == 1 else Kind.STEP
    return Say(kind=kind, purpose=f"solution/wifi-weak/{step}", step=step)


OLD = Request(id="1", wish=Wish.DID_NOT_HELP, tip=Tried(solution="wifi-weak", step=1))
TICKETED = {"ticketed": ("desk",), "told": record()}
IN_VAIN = Classification(disposition=Disposition.INCIDENT)
TABLE: list[tuple[str, Situation, Turn]] = [
    ("an incident is dispatched, with a receipt", talk(record()), Turn(order=Verb.CREATE, say=RECEIPT)),
    (
        "without a telephone it is asked for, while the ticket is on its way",
        talk(record(reporter=GALINA)),
        Turn(
            order=Verb.CREATE, say=Say(kind=Kind.DETAIL, purpose="detail/reporter.phone", missing=("reporter.phone",))
        ),
    ),
    (
        "then for the place, once each",
        talk(record(reporter=GALINA, affected=Affected()), "detail/reporter.phone"),
        Turn(
            order=Verb.CREATE,
            say=Say(kind=Kind.DETAIL, purpose="detail/affected.address", missing=("affected.address",)),
        ),
    ),
    (
        "who does not tell gets his receipt all the same",
        talk(record(reporter=GALINA, affected=Affected()), "detail/reporter.phone", "detail/affected.address"),
        Turn(order=Verb.CREATE, say=RECEIPT),
    ),
    (
        "what is mandatory is asked before anything leaves",
        talk(record(description=None, missing=("description",))),
        Turn(say=Say(kind=Kind.QUESTION, purpose="question", missing=("description",))),
    ),
    (
        "asked in vain, it goes as it is",
        talk(record(description=None, missing=("description",)), "question"),
        Turn(order=Verb.CREATE, say=RECEIPT),
    ),
    (
        "for a voice message nobody is asked",
        talk(record(description=None, missing=("description",), needs_review=(Review.UNREADABLE_ATTACHMENT,))),
        Turn(order=Verb.CREATE, say=RECEIPT),
    ),
    ("a typical solution is told by steps", talk(record(classification=FIX)), Turn(order=Verb.CREATE, say=offer(1))),
    (
        "read again, a step is not told twice",
        talk(record(classification=FIX), "solution/wifi-weak/1", ticketed=("desk",), told=record(classification=FIX)),
        Turn(),
    ),
    (
        "it did not help: the next step",
        talk(record(Wish.DID_NOT_HELP, tried=1, classification=FIX), "solution/wifi-weak/1", **TICKETED),
        Turn(say=offer(2)),
    ),
    (
        "the last step did not help: the ticket is told what was tried",
        talk(
            record(Wish.DID_NOT_HELP, tried=3, outcome=Outcome.DID_NOT_HELP, classification=IN_VAIN),
            *(f"solution/wifi-weak/{step}" for step in (1, 2, 3)), **TICKETED,
        ),
        Turn(
            order=Verb.AMEND,
            note="The customer has tried this in vain:\n1. Move the router.\n2. Restart it.\n3. Change the channel.",
            say=Say(kind=Kind.ESCALATED, purpose="escalated"),
        ),
    ),
    (
        "which is told once, whatever is asked later",
        talk(
            record(Wish.DID_NOT_HELP, Wish.PROGRESS, tried=3, outcome=Outcome.DID_NOT_HELP, classification=IN_VAIN),
            "escalated", ticketed=("desk",),
            told=record(Wish.DID_NOT_HELP, tried=3, outcome=Outcome.DID_NOT_HELP, classification=IN_VAIN),
        ),
        Turn(say=Say(kind=Kind.PROGRESS, purpose="progress/2")),
    ),
    (
        "it helped",
        talk(record(Wish.HELPED, outcome=Outcome.HELPED, classification=FIX), "solution/wifi-weak/1", **TICKETED),
        Turn(order=Verb.WITHDRAW, note="The customer says that it works.", ends=Status.CLOSED),
    ),
    (
        "how does it stand",
        talk(record(Wish.PROGRESS), "receipt", **TICKETED),
        Turn(say=Say(kind=Kind.PROGRESS, purpose="progress/1")),
    ),
    ("answered, it is not answered again", talk(record(Wish.PROGRESS), "receipt", "progress/1", **TICKETED), Turn()),
    (
        "asked again, it is",
        talk(record(Wish.PROGRESS, Wish.PROGRESS), "receipt", "progress/1", **TICKETED),
        Turn(say=Say(kind=Kind.PROGRESS, purpose="progress/2")),
    ),
    (
        "what is added goes to the ticket, with a nod",
        talk(record(description="No internet since Tuesday.\nNo telephone either."), "receipt", version=4, **TICKETED),
        Turn(order=Verb.AMEND, note="No telephone either.", say=Say(kind=Kind.NOTED, purpose="noted/4")),
    ),
    (
        "a telephone that was asked for goes to the ticket, too",
        talk(record(), "detail/reporter.phone", ticketed=("desk",), told=record(reporter=GALINA)),
        Turn(order=Verb.AMEND, note="tel. +79173402218", say=RECEIPT),
    ),
    (
        "a file that has come since is no news, another is",
        talk(
            record(attachments=(file("a.jpg", "1"), file("b.jpg", "2"))),
            "receipt", version=3, ticketed=("desk",), told=record(attachments=(file("a.jpg", ""),)),
        ),
        Turn(order=Verb.AMEND, note="b.jpg", say=Say(kind=Kind.NOTED, purpose="noted/3")),
    ),
    ("withdrawn: the ticket first", talk(record(Wish.WITHDRAWAL), "receipt", **TICKETED), Turn(order=Verb.WITHDRAW)),
    ("which is once", talk(record(Wish.WITHDRAWAL), "receipt", withdrawn=True, **TICKETED), Turn()),
    (
        "withdrawn before anything left, it is cancelled at once",
        talk(record(Wish.WITHDRAWAL, description=None, missing=("description",)), "question"),
        Turn(ends=Status.CANCELLED),
    ),
    (
        "a no to a step of before says nothing of what those who repair did",
        talk(
            record(Wish.DID_NOT_HELP, tried=1, dialogue=Dialogue(requests=(OLD,))), "receipt",
            stands=Status.RESOLVED, **TICKETED,
        ),
        Turn(),
    ),
    (
        "what was called solved though it never had a ticket gets one",
        talk(record(Wish.DID_NOT_HELP), "receipt", stands=Status.RESOLVED),
        Turn(order=Verb.CREATE, say=Say(kind=Kind.NOTED, purpose="progress/1")),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "taken"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_our_turn(told: Situation, taken: Turn) -> None:
    assert turn(told) == taken


@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_has_ended_stays_so(status: Status) -> None:
    assert all(turn(replace(told, stands=status)) == Turn() for _, told, _ in TABLE if told.stands not in DONE)


DONE = [Status.RESOLVED, Status.CLOSED]


@pytest.mark.parametrize("status", DONE)
def test_what_those_who_repair_call_solved_is_opened_again(status: Status) -> None:
    denied = talk(record(Wish.DID_NOT_HELP), "receipt", stands=status, **TICKETED)
    note, say = "The customer says that the trouble is still there.", Say(kind=Kind.NOTED, purpose="progress/1")
    assert turn(denied) == Turn(order=Verb.AMEND, note=note, reopens=True, say=say)
    assert turn(replace(denied, said=denied.said | {say.purpose})).order is None  # once


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.REJECTED])
def test_what_was_withdrawn_or_declined_no_button_opens_again(status: Status) -> None:
    assert turn(talk(record(Wish.DID_NOT_HELP), "receipt", stands=status, **TICKETED)) == Turn()


_WISHES = st.lists(st.sampled_from(Wish), max_size=3)
_PURPOSES = st.frozensets(st.sampled_from(
    ["receipt", "question", "escalated", "detail/reporter.phone", "detail/affected.address", "solution/wifi-weak/1",
     "solution/wifi-weak/2", "solution/wifi-weak/3", "progress/1", "progress/2", "progress/3", "noted/1"]
))  # fmt: skip


@given(
    _WISHES, _PURPOSES, st.integers(0, 3), st.booleans(), st.booleans(), st.sampled_from([FIX, IN_VAIN]),
    st.sampled_from([GALINA, CALLED]),
)  # fmt: skip
def test_one_event_has_one_message_and_it_is_never_said_twice(
    asked: list[Wish], said: frozenset[str], tried: int, ticketed: bool, missing: bool,  # noqa: FBT001
    decision: Classification, reporter: Reporter,
) -> None:  # fmt: skip
    lacks: dict[str, Any] = {"description": None, "missing": ("description",)} if missing else {}
    told = talk(record(*asked, tried=tried, classification=decision, reporter=reporter, **lacks), *said)
    told = replace(told, ticketed=("desk",) if ticketed else (), told=record() if ticketed else None)
    leaving = planned(told)
    replies = [one for one in leaving if one.reply]
    assert len(replies) <= 1
    for one in replies:
        assert one.key.removesuffix(f"/{told.record.id}") not in said
        assert (one.backend, one.reply.to if one.reply else None) == ("chat", CHAT)
    again = replace(told, said=said | {one.key.removesuffix(f"/{told.record.id}") for one in replies})
    repeated = [one.key for one in planned(again) if one.reply]
    assert not {one.key for one in replies} & set(repeated)


def verbs(*deliveries: Planned) -> list[str]:
    return [one.reply.kind if one.reply else one.verb for one in deliveries]


def test_the_plan_carries_a_turn_out() -> None:
    vain = record(Wish.DID_NOT_HELP, tried=3, outcome=Outcome.DID_NOT_HELP, classification=IN_VAIN)
    amend, reply = planned(talk(vain, version=5, **TICKETED))
    assert (amend.verb, amend.key) == (Verb.AMEND, "amend/desk/FR-2026-0000007/5")
    assert amend.ticket is not None
    assert amend.ticket.text.endswith("3. Change the channel.")
    assert (reply.key, reply.backend) == ("escalated/FR-2026-0000007", "chat")
    [withdrawal] = planned(talk(record(Wish.WITHDRAWAL), "receipt", version=5, **TICKETED))
    assert withdrawal.ticket is not None
    assert withdrawal.ticket.record.order is Order.WITHDRAWAL  # which cancels the report once it is carried out
    assert ends(talk(record(Wish.WITHDRAWAL), "receipt", **TICKETED)) is None
    assert ends(talk(record(Wish.HELPED), "solution/wifi-weak/1", **TICKETED)) is Status.CLOSED


def test_a_ticket_that_is_opened_late_tells_what_was_tried() -> None:
    late = record(Wish.DID_NOT_HELP, tried=2, classification=IN_VAIN)
    create, _ = planned(talk(late))
    assert create.ticket is not None
    assert create.ticket.text.endswith("1. Move the router.\n2. Restart it.")


def test_what_belongs_to_a_report_that_a_person_has_in_hand_is_noted_there_with_a_nod() -> None:
    follow = talk(record(order=Order.FOLLOW_UP), earlier=earlier())
    assert verbs(*planned(follow)) == ["amend", "noted"]
    asks = talk(record(order=Order.PROGRESS), earlier=earlier(), status="inProgress")
    [reply] = planned(asks)
    assert reply.reply is not None
    assert (reply.reply.record_id, reply.reply.status) == ("FR-2026-0000003", "inProgress")


def test_a_person_s_question_goes_to_the_chat() -> None:
    [asked] = planned(talk(record(), by_person=True, asking=True, question="Where is it?"))
    assert (asked.backend, asked.reply and asked.reply.to, asked.reply and asked.reply.words) == (
        "chat", CHAT, "Where is it?",
    )  # fmt: skip
    assert asked.reply is not None
    assert "Where is it?" in outgoing(asked.reply, GATEWAY, KEY).text


def test_a_mail_that_says_that_our_advice_did_not_help_tells_the_ticket_what_it_was() -> None:
    vain = replace(IN_VAIN, rule_hits=("did-not-help",))
    answer = fault_record(order=Order.FOLLOW_UP, description="It did not help.", classification=vain)
    told = situation(record=answer, text="It did not help.", earlier=earlier(), offered=STEPS)
    [note] = planned(told)
    assert note.ticket is not None
    assert note.ticket.text.startswith("It did not help.\n\nThe customer has tried this in vain:\n1. Move the router.")
    [other] = planned(replace(told, record=replace(answer, classification=IN_VAIN)))
    assert other.ticket is not None
    assert other.ticket.text == "It did not help."


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"headers": {"precedence": "bulk"}, "envelope_sender": ""}, None),  # rules of mail
        ({"settings": replace(situation().settings, host=None)}, None),
        ({"replies_to_address": 29}, None),
        ({"replies_to_address": 30}, "enough replies to this chat"),
        ({"replies_in_all": 600}, "enough replies in all"),
        ({"record": record(machine_mail=MachineMail.LOOP)}, "written by a machine"),
    ],
)
def test_when_we_are_silent_in_a_chat(changes: dict[str, Any], reason: str | None) -> None:
    told = replace(talk(record()), **changes)
    assert silence(told) == reason
    assert any(one.reply for one in planned(told)) == (reason is None)


def said_of(told: Situation) -> Reply:
    [reply] = [one.reply for one in planned(told) if one.reply]
    return reply


@pytest.mark.parametrize("language", ["ru", "en", "it", "zh"])
def test_buttons_carry_what_they_answer_and_its_proof(language: str) -> None:
    reply = said_of(talk(record(Wish.DID_NOT_HELP, tried=1, classification=FIX, language=language)))
    said = outgoing(reply, GATEWAY, KEY)
    assert "2. Restart it." in said.text
    [row] = said.buttons
    own = words()[language].buttons
    assert [one.text for one in row] == [own["helped"], own["did_not_help"]]
    presses = [press_of(one.data) for one in row]
    assert [press.wish for press in presses if press] == [Wish.HELPED, Wish.DID_NOT_HELP]
    for press in presses:
        assert isinstance(press, Press)
        assert press.step == 2
        assert genuine(KEY, press.token, CHAT)


def test_the_number_is_asked_for_by_a_button_of_its_own() -> None:
    said = outgoing(said_of(talk(record(reporter=GALINA))), GATEWAY, KEY)
    assert (said.buttons, said.asks_phone) == ((), "Share my number")
    assert outgoing(said_of(talk(record())), GATEWAY, KEY).asks_phone is None


def test_the_first_step_stands_below_its_title() -> None:
    reply = said_of(talk(record(classification=FIX)))
    assert reply.solution == "Weak Wi-Fi\n\n1. Move the router."
    assert (reply.tip, reply.steps) == (Tried(solution="wifi-weak", step=1), 3)
