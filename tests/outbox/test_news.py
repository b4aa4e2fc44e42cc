"""A change of status tells the reporter once, in his language, what the site wants told; and machines nothing."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from outbox.compose import compose
from outbox.news import planned
from outbox.situation import Planned, Situation
from records.deliveries import Kind
from records.status import Status, StatusChange
from records.words import MachineMail, Order
from tests.outbox.situations import AT, CUSTOMER, GATEWAY, KEY, NOW, REPLIES, fault_record, situation


def change(status: Status, **changes: Any) -> StatusChange:
    fields: dict[str, Any] = {
        "id": 17, "report": 7, "status": status, "before": Status.ACKNOWLEDGED, "at": AT + timedelta(hours=1),
        "actor": "rt",
    }  # fmt: skip
    return StatusChange(**{**fields, **changes})


def silent_question(**changes: Any) -> Situation:
    """A site that does not ask whether it was solved."""
    return situation(settings=replace(REPLIES, ask_solved=False), **changes)


def told(status: Status, facts: Situation | None = None, *, by_backend: bool = True, **how: Any) -> Planned | None:
    leaving = planned(facts or silent_question(), change(status, **how), by_backend=by_backend)
    assert len(leaving) <= 1
    return leaving[0] if leaving else None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.IN_PROGRESS, Kind.STATUS), (Status.PENDING, Kind.STATUS), (Status.RESOLVED, Kind.STATUS),
        (Status.CLOSED, Kind.CLOSING), (Status.CANCELLED, Kind.CLOSING), (Status.REJECTED, Kind.CLOSING),
        (Status.HELD, None), (Status.ACKNOWLEDGED, None),
    ],
)  # fmt: skip
def test_what_each_status_is_told_with(status: Status, kind: Kind | None) -> None:
    one = told(status)
    assert (one.reply.kind if one and one.reply else None) is kind
    if one and one.reply:
        assert (one.reply.to, one.reply.status, one.backend) == (CUSTOMER, status, "replies")


def test_his_own_withdrawal_is_confirmed_as_such() -> None:
    one = told(Status.CANCELLED, actor="customer", by_backend=False)
    assert one is not None
    assert one.reply is not None
    assert one.reply.kind is Kind.WITHDRAWN


def test_each_change_has_one_answer_and_work_is_told_once() -> None:
    keys = [one.key for status in (Status.PENDING, Status.IN_PROGRESS) if (one := told(status)) is not None]
    later = [one.key for status in (Status.PENDING, Status.IN_PROGRESS) if (one := told(status, id=99)) is not None]
    assert keys[0] != later[0]
    assert keys[1] == later[1]


def test_the_site_says_what_is_told() -> None:
    quiet = situation(settings=replace(REPLIES, tell=("closed",), ask_solved=False))
    assert told(Status.IN_PROGRESS, quiet) is None
    assert told(Status.CLOSED, quiet) is not None


def test_a_person_s_reason_is_told_and_a_system_s_is_not() -> None:
    for status in (Status.PENDING, Status.REJECTED):
        by_person = told(status, by_backend=False, actor="anna", reason="We need your contract's number.")
        by_backend = told(status, reason="waiting for CRM-77, ask Ivan")
        assert by_person is not None
        assert by_person.reply is not None
        mail = compose(by_person.reply, by_person.key, "support@desk.example", GATEWAY, KEY, NOW)
        assert "contract's number" in str(mail.get_payload(decode=True), "utf-8")  # type: ignore[arg-type]
        assert by_backend is not None
        assert by_backend.reply is not None
        assert by_backend.reply.words is None


@pytest.mark.parametrize(
    "facts",
    [
        situation(record=fault_record(machine_mail=MachineMail.AUTO_REPLY)),
        situation(headers={"auto-submitted": "auto-generated"}),
        situation(envelope_sender=""),
        situation(author=None),
        situation(replies_to_address=REPLIES.per_address),
        situation(settings=replace(REPLIES, host=None)),
        situation(record=fault_record(order=Order.FOLLOW_UP)),
        situation(record=fault_record(order=Order.NOT_A_FAULT)),
    ],
)
def test_who_may_not_be_answered_is_told_nothing(facts: Situation) -> None:
    assert told(Status.CLOSED, facts) is None
    assert told(Status.IN_PROGRESS, facts) is None
