"""What the archive knows of our side of a conversation, and what the customer's word makes of his report."""

from typing import Any

import pytest

from records.deliveries import Delivery, Kind, Reply, Ticket, Verb
from records.dialogue import Dialogue, Offer, Outcome, Request, Tried, Wish
from records.numbers import number
from records.standing import State
from records.status import Status
from storage import statuses
from storage.database import Database
from storage.dialogues import offers, said, told
from tests.storage.reports import AT, INCIDENT, SOON, Profile, card, decide, kept, read, record

CHAT = "telegram:77"


def reply(report: int, purpose: str, kind: Kind, **fields: Any) -> Delivery:
    answer = Reply(kind=kind, to=CHAT, language="ru", record_id=number(report, AT), received_at=AT, **fields)
    key = f"{purpose}/{number(report, AT)}"
    return Delivery(id=0, report=report, verb=Verb.REPLY, backend="chat", key=key, reply=answer)


def order(report: int, verb: Verb, entry: str, description: str) -> Delivery:
    name = number(report, AT)
    on = None if verb is Verb.CREATE else name
    ticket = Ticket(external_id=entry, record=record(id=name, description=description), text="…", earlier=on)
    return Delivery(id=0, report=report, verb=verb, backend="desk", key=f"{verb}/desk/{entry}", ticket=ticket)


def dialogue(wish: Wish, outcome: Outcome | None) -> Dialogue:
    return Dialogue(requests=(Request(id="1", wish=wish),), outcome=outcome)


def test_what_was_said_offered_and_told_is_known(database: Database, profile: Profile) -> None:
    report = kept(database, profile)
    step = Tried(solution="wifi-weak", step=2)
    leaving = (
        order(report, Verb.CREATE, number(report, AT), "Нет интернета"),
        order(report, Verb.AMEND, f"{number(report, AT)}/2", "Нет интернета\nИ телефона"),
        order(report, Verb.WITHDRAW, f"{number(report, AT)}/3", "…"),
        reply(report, "solution/wifi-weak/2", Kind.STEP, tip=step, steps=2),
        reply(report, "progress/m5", Kind.PROGRESS),
        reply(report, "status/1", Kind.SOLVED_QUESTION),
    )
    decide(database, read(database, report, record()), leaving=leaving)
    with database.read() as tx:
        assert said(tx, report, number(report, AT)) == {"solution/wifi-weak/2", "progress/m5", "status/1"}
        assert offers(tx, report) == (Offer(tip=step, last=True, at=SOON), Offer(tip=None, at=SOON))
        known = told(tx, report)
        assert known is not None
        assert known.description == "Нет интернета\nИ телефона"
        assert (said(tx, report + 1, "x"), offers(tx, report + 1), told(tx, report + 1)) == (frozenset(), (), None)


@pytest.mark.parametrize(
    ("asked", "ends", "solved"),
    [
        (dialogue(Wish.HELPED, Outcome.HELPED), Status.CLOSED, True),
        (dialogue(Wish.WITHDRAWAL, None), Status.CANCELLED, None),
        (dialogue(Wish.DID_NOT_HELP, Outcome.DID_NOT_HELP), None, False),
    ],
)
def test_the_customer_s_word_ends_his_report_and_counts(
    database: Database, profile: Profile, asked: Dialogue, ends: Status | None, *, solved: bool | None
) -> None:  # fmt: skip
    report = kept(database, profile)
    task = read(database, report, record(dialogue=asked, missing=("description",)))
    decide(database, task, INCIDENT, ends=ends)
    with database.read() as tx:
        assert statuses.status(tx, report) is (ends or Status.ACKNOWLEDGED)
        rows = tx.all("SELECT solved FROM verdicts WHERE report = :report", report=report)
        counted = [bool(row["solved"]) for row in rows]
        assert counted == ([] if solved is None else [solved])
        assert [one.actor for one in statuses.changes(tx, report)] == (["customer"] if ends else [])
    assert card(database, report).state is (State.SETTLED if ends else State.REVIEW)
