"""What leaves for paper and for what people decide: nothing too early, nothing twice."""

from typing import Any

import pytest
from msgspec.structs import replace

from outbox.holding import held
from outbox.plan import Planned, completes, planned
from outbox.policy import silence
from records.record import Affected, Classification, PostalAddress, Reporter
from records.words import MachineMail, Order, Review
from tests.outbox.situations import CUSTOMER, earlier, fault_record, situation
from tests.outbox.test_plan import MISSING, NO_REPLIES, reply_of, ticket_of, verbs

PAPER: dict[str, Any] = {"paper": True, "author": None, "envelope_sender": None}
BY_CLERK: dict[str, Any] = {**PAPER, "by_person": True, "version": 2}


def keys(plan: tuple[Planned, ...]) -> list[str]:
    return [one.key for one in plan]


def test_paper_that_lacks_nothing_is_dispatched() -> None:
    assert verbs(*planned(situation(**PAPER))) == ["create"]


@pytest.mark.parametrize(
    "changes",
    [
        {"missing": MISSING},
        {"needs_review": (Review.LOW_OCR_CONFIDENCE,)},
        {"needs_review": (Review.UNREADABLE_ORIGINAL,)},
        {"needs_review": (Review.QUARANTINED,)},
        {"needs_review": (Review.ENCRYPTED,)},
    ],
)
@pytest.mark.parametrize("order", [Order.REPORT, Order.FOLLOW_UP, Order.WITHDRAWAL])
def test_paper_that_a_person_must_finish_is_held(changes: dict[str, Any], order: Order) -> None:
    facts = situation(record=fault_record(order=order, **changes), **PAPER)

    assert held(facts)
    assert planned(facts) == ()


@pytest.mark.parametrize("changes", [{"missing": MISSING}, {"needs_review": (Review.QUARANTINED,)}])
def test_mail_is_never_held(changes: dict[str, Any]) -> None:
    facts = situation(record=fault_record(**changes))

    assert not held(facts)
    assert planned(facts) != ()


def test_paper_that_is_only_odd_is_dispatched_flagged() -> None:
    record = fault_record(needs_review=(Review.CONFLICTING_FIELDS,), classification=Classification())
    [one] = planned(situation(record=record, **PAPER))

    assert {Review.CONFLICTING_FIELDS, Review.UNDECIDED} <= set(ticket_of(one).record.needs_review)


def test_what_a_clerk_finished_is_dispatched_under_the_report_s_number() -> None:
    [one] = planned(situation(**BY_CLERK))

    assert one.verb == "create"
    assert ticket_of(one).external_id == "FR-2026-0000007"
    assert one.key == "create/desk/FR-2026-0000007/2"  # one that was parked before has another


def test_a_correction_amends_the_tickets_there_are_and_opens_those_there_are_not() -> None:
    plan = planned(situation(**BY_CLERK, backends=("desk", "partner"), ticketed=("desk",)))

    assert keys(plan) == ["amend/desk/FR-2026-0000007/2", "create/partner/FR-2026-0000007/2"]
    assert ticket_of(plan[0]).earlier == "FR-2026-0000007"
    assert ticket_of(plan[0]).external_id == "FR-2026-0000007/2"


def test_each_version_is_noted_once() -> None:
    amended = situation(**BY_CLERK, ticketed=("desk",))

    assert keys(planned(replace(amended, version=3))) == ["amend/desk/FR-2026-0000007/3"]
    assert planned(replace(amended, decided=True)) == ()


@pytest.mark.parametrize("changes", [{"missing": MISSING}, {"needs_review": (Review.LOW_OCR_CONFIDENCE,)}])
def test_what_a_clerk_left_open_stays_held(changes: dict[str, Any]) -> None:
    record = fault_record(**changes)

    assert planned(situation(record=record, **BY_CLERK)) == ()
    assert verbs(*planned(situation(record=record, **BY_CLERK, ticketed=("desk",)))) == ["amend"]


def test_a_senior_lets_it_go_incomplete() -> None:
    record = fault_record(missing=MISSING, needs_review=(Review.INCOMPLETE,))

    assert verbs(*planned(situation(record=record, **BY_CLERK))) == ["create"]


def test_mail_that_a_clerk_left_incomplete_is_not_dispatched_either() -> None:
    record = fault_record(missing=MISSING)

    assert planned(situation(record=record, by_person=True, version=2)) == ()


def test_what_is_refused_is_withdrawn_with_the_remark_where_it_has_a_ticket() -> None:
    record = fault_record(order=Order.NOT_A_FAULT)
    [one] = planned(situation(record=record, **BY_CLERK, ticketed=("desk",), remark="advertising"))

    assert one.key == "withdraw/desk/FR-2026-0000007/2"
    assert ticket_of(one).text == "advertising"
    assert planned(situation(record=record, **BY_CLERK)) == ()


def test_a_duplicate_is_noted_on_the_first_one_s_ticket_and_its_own_is_withdrawn() -> None:
    record = fault_record(order=Order.FOLLOW_UP, reference="FR-2026-0000003")
    plan = planned(situation(record=record, **BY_CLERK, earlier=earlier(), ticketed=("desk",)))

    assert keys(plan) == ["amend/desk/FR-2026-0000007/2", "withdraw/desk/FR-2026-0000007/2"]
    assert [ticket_of(one).earlier for one in plan] == ["FR-2026-0000003", "FR-2026-0000007"]
    assert ticket_of(plan[1]).text == "FR-2026-0000003"


def test_a_person_may_say_that_a_machine_s_mail_is_a_report() -> None:
    record = fault_record(machine_mail=MachineMail.AUTO_REPLY)

    assert verbs(*planned(situation(record=record, by_person=True, version=2))) == ["create"]


def test_what_is_read_anew_after_its_ticket_left_amends_it_once() -> None:
    again = situation(**PAPER, version=2, ticketed=("desk",))

    assert keys(planned(again)) == ["amend/desk/FR-2026-0000007/2"]
    assert planned(replace(again, decided=True)) == ()


QUESTION: dict[str, Any] = {
    **BY_CLERK, "asking": True, "question": "Which house, please?", "author": CUSTOMER, "envelope_sender": "",
}  # fmt: skip


def test_a_clerk_s_question_goes_to_the_address_in_his_words() -> None:
    [one] = planned(situation(**QUESTION))

    assert one.key == "question/FR-2026-0000007/2"
    assert (reply_of(one).to, reply_of(one).words) == (CUSTOMER, "Which house, please?")


def test_he_may_ask_where_the_machine_is_silent() -> None:
    """A fax has no sender; a list's subscriber may be asked; but nobody reads at noreply, and nothing floods."""
    robot = fault_record(machine_mail=MachineMail.BULK, needs_review=(Review.UNVERIFIED_SENDER,))
    assert verbs(*planned(situation(**QUESTION, record=robot, headers={"list-id": "<l.example>"}))) == ["question"]
    for wrong in (
        {"author": None}, {"author": "noreply@x.example"}, {"settings": NO_REPLIES}, {"replies_to_address": 10},
        {"author": "help@aurora.example"}, {"author": "1@efax.example"},
    ):  # fmt: skip
        facts = situation(**{**QUESTION, **wrong})
        assert planned(facts) == ()
        assert silence(facts)


def test_asked_and_corrected_at_once_both_leave() -> None:
    plan = planned(situation(**{**QUESTION, "asking": False, "version": 3}))

    assert verbs(*plan)[:2] == ["question", "create"]


def test_a_question_that_left_already_is_not_asked_again() -> None:
    assert planned(situation(**{**QUESTION, "question": None, "decided": True})) == ()


WAITING = fault_record(3, reporter=Reporter(email=CUSTOMER), missing=MISSING, description="Нет интернета")
ANSWER = fault_record(
    order=Order.FOLLOW_UP, affected=Affected(address=PostalAddress(house="5")), description="Galina, house 5"
)


def answered(**changes: Any) -> Any:
    facts = {"record": ANSWER, "earlier": earlier(), "waiting": WAITING, "asked_by_person": True}
    return situation(**{**facts, **changes})


def test_the_answer_to_a_person_completes_and_dispatches_what_is_finished() -> None:
    plan, whole = planned(answered()), completes(answered())

    assert verbs(*plan)[:2] == ["create", "amend"]
    assert whole is not None
    assert whole.id == "FR-2026-0000003"
    assert whole.description == "Нет интернета\n\nGalina, house 5"
    assert whole.affected.address.house == "5"


@pytest.mark.parametrize(
    "changes",
    [
        {"record": replace(ANSWER, reporter=Reporter(email=CUSTOMER), missing=MISSING)},
        {"waiting": replace(WAITING, needs_review=(Review.LOW_OCR_CONFIDENCE,))},
    ],
    ids=["still incomplete", "still doubtful"],
)
def test_the_answer_to_a_person_that_leaves_something_open_is_his_to_look_at(changes: dict[str, Any]) -> None:
    assert planned(answered(**changes)) == ()
    whole = completes(answered(**changes))
    assert whole is not None
    assert "house 5" in (whole.description or "")


def test_what_is_no_answer_completes_nothing() -> None:
    assert completes(situation()) is None
    assert completes(answered(record=fault_record(order=Order.NOT_A_FAULT))) is None
    assert completes(answered(record=replace(ANSWER, needs_review=(Review.UNVERIFIED_SENDER,)))) is None
