"""One event brings one automatic answer at most, whatever the report and its circumstances are."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.settings import Replies
from outbox import news
from outbox.plan import planned
from outbox.situation import Situation
from records.record import Classification, Reporter
from records.status import Status, StatusChange
from records.words import Disposition, MachineMail, Order, Review
from tests.outbox.situations import AT, CUSTOMER, REPLIES, earlier, fault_record, situation

RECORDS = st.builds(
    lambda order, missing, reviews, disposition, repeated, machine: fault_record(
        order=order, missing=missing, needs_review=reviews, repeated=repeated, machine_mail=machine,
        reporter=Reporter(name=None if missing else "Galina", email=CUSTOMER),
        classification=Classification(disposition=disposition, solution="wifi"),
    ),
    order=st.sampled_from(tuple(Order)),
    missing=st.sampled_from(((), ("reporter.name",), ("reporter.name", "reporter.phone"))),
    reviews=st.lists(st.sampled_from(tuple(Review)), max_size=2).map(tuple),
    disposition=st.sampled_from((None, *Disposition)),
    repeated=st.booleans(),
    machine=st.sampled_from((None, None, None, MachineMail.AUTO_REPLY)),
)  # fmt: skip
SITUATIONS = st.builds(
    lambda record, before, waits, verdict, person, question, ticketed, status, asked, cap: situation(
        record=record, earlier=earlier() if before else None,
        waiting=fault_record(3, missing=("reporter.name",)) if before and waits else None,
        verdict=verdict, by_person=person, question="Since when?" if question and person else None,
        asking=question and person,
        ticketed=("desk",) if ticketed else (), holding=("desk",) if before and not waits else (), status=status,
        asked_before=asked, solution="Restart.", replies_about=cap, overdue=asked,
    ),
    record=RECORDS, before=st.booleans(), waits=st.booleans(), verdict=st.sampled_from((None, True, False)),
    person=st.booleans(), question=st.booleans(), ticketed=st.booleans(),
    status=st.sampled_from((None, "inProgress", "closed")), asked=st.booleans(), cap=st.sampled_from((0, 9, 10, 99)),
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(SITUATIONS)
def test_a_message_brings_one_answer_at_most_and_none_beyond_the_cap(found: Situation) -> None:
    replies = [one for one in planned(found) if one.reply]

    assert len(replies) <= 1
    if found.replies_about >= Replies().per_report or (found.record.machine_mail and not found.question):
        assert replies == []


@settings(deadline=None, max_examples=200)
@given(
    found=SITUATIONS, status=st.sampled_from(tuple(Status)), asked=st.booleans(), asks=st.booleans(),
    actor=st.sampled_from(("desk", "customer", "anna")),
)  # fmt: skip
def test_a_change_of_status_brings_one_answer_at_most(
    *, found: Situation, status: Status, asked: bool, asks: bool, actor: str
) -> None:
    change = StatusChange(
        id=5, report=7, status=status, before=Status.ACKNOWLEDGED, at=AT + timedelta(hours=1), actor=actor
    )
    there = replace(found, asked_solved=asked, settings=replace(REPLIES, ask_solved=asks))

    replies = [one.reply for one in news.planned(there, change, by_backend=actor == "desk") if one.reply]

    assert len(replies) <= 1
    if asked or not asks:
        assert all(one.kind != "solved_question" for one in replies)
