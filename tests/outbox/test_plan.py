"""Which deliveries a report calls for."""

from typing import Any

import pytest
from msgspec.structs import replace

from config.settings import Replies
from outbox.plan import Planned, planned
from records.deliveries import Kind, Reply, Ticket, Verb
from records.record import Affected, Classification, Evidence, PostalAddress, Reporter
from records.words import Disposition, MachineMail, Order, Review
from tests.outbox.situations import CUSTOMER, earlier, fault_record, situation

MISSING = ("reporter.name",)
NO_REPLIES = Replies()


def verbs(*deliveries: Planned) -> list[str]:
    return [one.reply.kind if one.reply else one.verb for one in deliveries]


def ticket_of(one: Planned) -> Ticket:
    assert one.ticket is not None
    return one.ticket


def reply_of(one: Planned) -> Reply:
    assert one.reply is not None
    return one.reply


def test_a_report_becomes_a_ticket_at_every_backend_and_a_receipt() -> None:
    plan = planned(situation(backends=("desk", "partner")))

    assert verbs(*plan) == ["create", "create", "receipt"]
    assert [one.backend for one in plan] == ["desk", "partner", "replies"]
    assert len({one.key for one in plan}) == 3
    assert ticket_of(plan[0]).external_id == "FR-2026-0000007"
    assert reply_of(plan[2]).to == CUSTOMER


@pytest.mark.parametrize("order", [Order.NOT_A_FAULT])
def test_what_is_no_fault_leaves_nothing(order: Order) -> None:
    assert planned(situation(record=fault_record(order=order))) == ()


def test_bulk_mail_that_reports_a_fault_is_a_ticket_without_reply() -> None:
    plan = planned(situation(record=fault_record(machine_mail=MachineMail.BULK)))

    assert [one.verb for one in plan] == [Verb.CREATE]


@pytest.mark.parametrize("machine", sorted(set(MachineMail) - {MachineMail.BULK}))
@pytest.mark.parametrize("order", list(Order))
def test_mail_of_machines_leaves_nothing(machine: MachineMail, order: Order) -> None:
    record = fault_record(order=order, machine_mail=machine)

    assert planned(situation(record=record)) == ()
    assert planned(situation(record=record, earlier=earlier())) == ()


def test_an_undecided_report_is_a_ticket_that_waits_for_a_person() -> None:
    plan = planned(situation(record=fault_record(classification=Classification())))

    assert verbs(*plan) == ["create", "receipt"]
    assert Review.UNDECIDED in ticket_of(plan[0]).record.needs_review


def test_a_typical_fix_is_answered_with_its_solution_instead_of_a_receipt() -> None:
    record = fault_record(classification=Classification(disposition=Disposition.TYPICAL_FIX))
    plan = planned(situation(record=record, solution="Restart the router."))
    receipt = planned(situation())

    assert verbs(*plan) == ["create", "solution"]
    assert reply_of(plan[1]).solution == "Restart the router."
    assert plan[1].key == receipt[1].key  # one receipt for one report, also when it is decided anew


def test_an_incident_never_carries_a_solution() -> None:
    plan = planned(situation(solution="Restart the router."))

    assert reply_of(plan[1]).kind is Kind.RECEIPT
    assert reply_of(plan[1]).solution is None


def test_an_anonymous_report_is_not_dispatched_but_its_sender_is_asked() -> None:
    plan = planned(situation(record=fault_record(missing=MISSING)))

    assert verbs(*plan) == ["question"]
    assert reply_of(plan[0]).missing == MISSING


@pytest.mark.parametrize(
    "changes",
    [
        {"asked_before": True},
        {"author": None},
        {"envelope_sender": ""},
        {"settings": NO_REPLIES},
        {"replies_to_address": 10},
        {"headers": {"list-id": "<l.example>"}},
    ],
)
def test_an_anonymous_report_whose_sender_cannot_be_asked_is_dispatched_for_a_person(changes: dict[str, Any]) -> None:
    plan = planned(situation(record=fault_record(missing=MISSING), **changes))

    assert plan[0].verb is Verb.CREATE
    assert Review.INCOMPLETE in ticket_of(plan[0]).record.needs_review


@pytest.mark.parametrize("review", [Review.QUARANTINED, Review.UNREADABLE_ATTACHMENT, Review.ENCRYPTED])
def test_nobody_is_asked_for_what_we_could_not_read(review: Review) -> None:
    plan = planned(situation(record=fault_record(missing=("description",), needs_review=(review,))))

    assert verbs(*plan) == ["create", "receipt"]


@pytest.mark.parametrize(
    ("order", "verb"),
    [(Order.FOLLOW_UP, Verb.AMEND), (Order.WITHDRAWAL, Verb.WITHDRAW)],
)
def test_a_proven_answer_goes_to_the_earlier_ticket_without_a_reply(order: Order, verb: Verb) -> None:
    plan = planned(situation(record=fault_record(order=order, missing=MISSING), earlier=earlier()))

    assert verbs(*plan) == [verb]
    assert ticket_of(plan[0]).earlier == "FR-2026-0000003"
    assert ticket_of(plan[0]).external_id == "FR-2026-0000007"


def test_who_asks_how_it_stands_is_told() -> None:
    plan = planned(situation(record=fault_record(order=Order.PROGRESS), earlier=earlier(), status="inProgress"))

    assert verbs(*plan) == ["progress"]
    assert reply_of(plan[0]).record_id == "FR-2026-0000003"
    assert reply_of(plan[0]).status == "inProgress"


def test_who_asks_how_it_stands_and_cannot_be_told_is_noted_on_the_ticket() -> None:
    plan = planned(situation(record=fault_record(order=Order.PROGRESS), earlier=earlier(), envelope_sender=""))

    assert verbs(*plan) == ["amend"]


@pytest.mark.parametrize("order", [Order.WITHDRAWAL, Order.PROGRESS])
@pytest.mark.parametrize("review", [Review.UNVERIFIED_SENDER, Review.UNVERIFIED_REFERENCE])
def test_a_token_in_strange_hands_only_adds_a_note(order: Order, review: Review) -> None:
    record = fault_record(order=order, needs_review=(review,))
    plan = planned(situation(record=record, earlier=earlier()))

    assert verbs(*plan) == ["amend"]
    assert review in ticket_of(plan[0]).record.needs_review


@pytest.mark.parametrize("order", [Order.FOLLOW_UP, Order.WITHDRAWAL, Order.PROGRESS])
def test_a_quoted_number_proves_nothing(order: Order) -> None:
    record = fault_record(order=order, reference="FR-2026-0000003")
    plan = planned(situation(record=record, status="resolved"))

    assert verbs(*plan) == ["create", "receipt"]
    assert ticket_of(plan[0]).earlier is None
    assert Review.UNVERIFIED_REFERENCE in ticket_of(plan[0]).record.needs_review
    assert reply_of(plan[1]).record_id == "FR-2026-0000007"
    assert reply_of(plan[1]).status is None


def test_a_new_fault_in_an_answer_is_a_new_ticket() -> None:
    assert verbs(*planned(situation(earlier=earlier()))) == ["create", "receipt"]


@pytest.mark.parametrize("order", [Order.REPORT, Order.FOLLOW_UP, Order.PROGRESS])
def test_the_answer_to_our_question_completes_and_dispatches_the_report(order: Order) -> None:
    waiting = fault_record(3, reporter=Reporter(email=CUSTOMER), missing=MISSING)
    answer = fault_record(order=order, description="It is Galina Sokolova.", missing=("description",))
    facts: dict[str, Any] = {"text": "It is Galina Sokolova.", "replies_to_address": 1}
    plan = planned(situation(record=answer, earlier=earlier(), waiting=waiting, **facts))
    whole, note = ticket_of(plan[0]), ticket_of(plan[1])

    assert verbs(*plan) == ["create", "amend", "receipt"]
    assert whole.external_id == note.earlier == reply_of(plan[2]).record_id == "FR-2026-0000003"
    assert whole.record.reporter.name == "Galina Sokolova"
    assert whole.record.missing == ()
    assert whole.text == "No internet since Tuesday."
    assert note.external_id == "FR-2026-0000007"
    assert note.text == "It is Galina Sokolova."
    assert reply_of(plan[2]).in_reply_to == "<1@example.org>"


def test_a_second_answer_is_noted_on_the_ticket_that_the_first_made() -> None:
    waiting = fault_record(3, missing=MISSING)
    answers = [
        planned(situation(number, fault_record(number, order=Order.FOLLOW_UP), earlier=earlier(), waiting=waiting))
        for number in (7, 8)
    ]
    first, second = ({one.key for one in plan} for plan in answers)

    assert first & second == {"create/desk/FR-2026-0000003", "receipt/FR-2026-0000003"}
    assert second - first == {"amend/desk/FR-2026-0000008"}


def test_an_answer_that_still_lacks_something_is_dispatched_for_a_person() -> None:
    waiting = fault_record(3, reporter=Reporter(email=CUSTOMER), missing=MISSING)
    answer = fault_record(reporter=Reporter(email=CUSTOMER), order=Order.FOLLOW_UP, missing=MISSING)
    plan = planned(situation(record=answer, earlier=earlier(), waiting=waiting))

    assert verbs(*plan) == ["create", "amend", "receipt"]
    assert Review.INCOMPLETE in ticket_of(plan[0]).record.needs_review


def test_who_withdraws_instead_of_answering_has_a_cancelled_ticket_and_no_reply() -> None:
    waiting = fault_record(3, missing=MISSING)
    record = fault_record(order=Order.WITHDRAWAL)

    assert verbs(*planned(situation(record=record, earlier=earlier(), waiting=waiting))) == ["create", "withdraw"]


def test_a_stranger_s_answer_completes_nothing() -> None:
    waiting = fault_record(3, missing=MISSING)
    record = fault_record(order=Order.FOLLOW_UP, needs_review=(Review.UNVERIFIED_REFERENCE,))
    plan = planned(situation(record=record, earlier=earlier(), waiting=waiting))

    assert verbs(*plan) == ["create", "receipt"]
    assert ticket_of(plan[0]).external_id == reply_of(plan[1]).record_id == "FR-2026-0000007"


def test_completing_keeps_what_was_known_and_fills_the_rest() -> None:
    waiting = fault_record(
        3,
        affected=Affected(account="104", address=PostalAddress(city="Ufa")),
        classification=Classification(),
        missing=MISSING,
    )
    answer = fault_record(
        affected=Affected(account="999", line="+73472223344", address=PostalAddress(city="Perm", house="5")),
        order=Order.FOLLOW_UP,
    )
    plan = planned(situation(record=answer, earlier=earlier(), waiting=waiting))
    affected = ticket_of(plan[0]).record.affected

    assert affected == Affected(account="104", line="+73472223344", address=PostalAddress(city="Ufa", house="5"))
    assert ticket_of(plan[0]).record.classification.disposition is Disposition.INCIDENT


def test_only_the_reporter_himself_is_greeted_by_name() -> None:
    forwarded = fault_record(reporter=Reporter(name="Galina Sokolova", email="someone@example.net"))

    assert reply_of(planned(situation())[1]).reporter_name == "Galina Sokolova"
    assert reply_of(planned(situation(record=forwarded))[1]).reporter_name is None


def test_a_name_that_a_register_gave_is_told_to_nobody() -> None:
    """Whoever writes somebody's account into a mail must not learn whose it is."""
    own = situation().record
    looked_up = replace(own, evidence={"reporter.name": Evidence(text="x", where="register", confidence=0.97)})

    assert reply_of(planned(situation(record=looked_up))[1]).reporter_name is None


def test_without_a_smarthost_there_are_tickets_and_no_replies() -> None:
    assert verbs(*planned(situation(settings=NO_REPLIES))) == ["create"]


def test_planning_twice_gives_the_same_keys() -> None:
    first, again = planned(situation()), planned(replace(situation(), solution="…"))

    assert [one.key for one in first] == [one.key for one in again]


@pytest.mark.parametrize(("told", "used"), [("ru", "ru"), ("zh-CN", "zh"), ("de", "en"), (None, "en")])
def test_the_reply_speaks_the_report_s_language_or_english(told: str | None, used: str) -> None:
    assert reply_of(planned(situation(record=fault_record(language=told)))[1]).language == used
