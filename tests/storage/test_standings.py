"""The desk's queue: the first due first, whatever is wanted of it, page by page."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from config.settings import Settings
from records.deliveries import Delivered, Delivery, Kind, Verb
from records.media import WALK_IN
from records.record import Classification
from records.standing import Level, State
from records.words import Disposition, Order, Review, Service, Urgency
from storage import corrections, deliveries, standings
from storage.database import Database
from storage.rows import micros
from storage.standings import Filter
from storage.sweep import sweep
from tests.outbox.situations import reply, ticket
from tests.storage.reports import (
    AT,
    CLERK,
    INCIDENT,
    SOON,
    Profile,
    begun,
    card,
    decide,
    kept,
    newest,
    read,
    record,
    settled,
)  # fmt: skip


def queue(database: Database, limit: int = 100, after: tuple[int, int] | None = None, **wanted: object) -> list[int]:
    with database.read() as tx:
        return [one.report for one in standings.queue(tx, Filter(**wanted), limit, after)]  # type: ignore[arg-type]


def flagged(database: Database, profile: Profile, content: bytes, minutes: int = 0, **changes: object) -> int:
    """A mail that a person must look at."""
    report = kept(database, profile, content, received_at=AT + timedelta(minutes=minutes))
    doubt = {"needs_review": (Review.CONFLICTING_FIELDS,), **changes}
    decide(database, read(database, report, record(**doubt)))
    return report


def test_the_first_due_is_first_page_by_page(database: Database, profile: Profile) -> None:
    late, soon = flagged(database, profile, b"1", 30), flagged(database, profile, b"2", -30)
    same = [flagged(database, profile, bytes([number])) for number in range(3)]
    settled(database, profile, b"done")

    assert queue(database) == [soon, *same, late]
    seen: list[int] = []
    after = None
    while page := queue(database, 2, after):
        seen += page
        after = (micros(card(database, page[-1]).due_at), page[-1])
    assert seen == [soon, *same, late]


def test_settled_ones_are_listed_where_wanted_the_newest_first(database: Database, profile: Profile) -> None:
    first, second = settled(database, profile, b"1"), settled(database, profile, b"2")
    open_ = flagged(database, profile, b"3")

    assert queue(database, states=(State.SETTLED,)) == [second, first]
    assert queue(database, states=(State.SETTLED,), after=(micros(AT + timedelta(hours=2)), second)) == [first]
    assert queue(database, states=(State.REVIEW,)) == [open_]
    assert queue(database, states=(State.ASKED, State.UNREAD)) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"channel": "urgent"},
        {"order": Order.FOLLOW_UP},
        {"service": Service.MOBILE},
        {"disposition": Disposition.TYPICAL_FIX},
        {"urgency": Urgency.URGENT},
        {"level": Level.SENIOR},
        {"taken_by": "vera"},
    ],
)
def test_every_filter_finds_its_own(database: Database, profile: Profile, wanted: dict[str, Any]) -> None:
    flagged(database, profile, b"1")
    report = kept(database, profile, b"2", channel="urgent")
    odd = record(
        order=Order.FOLLOW_UP, service=Service.MOBILE, urgency=Urgency.URGENT, needs_review=(Review.TOO_LARGE,)
    )
    decide(database, read(database, report, odd), Classification(disposition=Disposition.TYPICAL_FIX))
    database.write(partial(standings.take, report=report, login="vera", at=SOON))
    database.write(partial(corrections.pass_on, report=report, by=CLERK, at=SOON, reason="?"))

    assert queue(database, **wanted) == [report]
    assert len(queue(database)) == 2


def test_counts_tell_where_all_stand(database: Database, profile: Profile) -> None:
    settled(database, profile, b"1")
    flagged(database, profile, b"2")
    kept(database, profile, b"3", received_at=AT + timedelta(hours=1))
    with database.read() as tx:
        told = standings.counts(tx, AT + timedelta(hours=2))

    assert told.states == {"settled": 1, "review/clerk": 1, "unread/clerk": 1}
    assert (told.overdue, told.total) == (1, 3)


def test_a_card_says_what_the_record_says(database: Database, profile: Profile) -> None:
    report = flagged(database, profile, b"1", service=Service.IPTV, description="Нет\n  звука " + "ы" * 500)
    stands = card(database, report)

    assert (stands.channel, stands.order, stands.service, stands.reporter) == (
        "mail", Order.REPORT, Service.IPTV, "Соколова Галина"
    )  # fmt: skip
    assert stands.about.startswith("Нет звука ы")
    assert len(stands.about) < 200
    assert stands.reviews == (Review.CONFLICTING_FIELDS,)
    assert stands.id == newest(database, report).record.id


def test_who_has_it_open_is_shown_and_locks_nobody_out(database: Database, profile: Profile) -> None:
    report = flagged(database, profile, b"1")
    database.write(partial(standings.take, report=report, login="vera", at=SOON))
    assert card(database, report).taken_by == "vera"
    database.write(partial(standings.take, report=report, login="wang", at=SOON))
    database.write(partial(standings.release, report=report, login="vera"))  # her tab was closed late
    assert card(database, report).taken_by == "wang"
    database.write(partial(standings.release, report=report, login="wang"))
    assert card(database, report).taken_by is None


def test_a_browser_that_died_has_nothing_open_for_ever(database: Database, profile: Profile) -> None:
    report = flagged(database, profile, b"1")
    database.write(partial(standings.take, report=report, login="vera", at=SOON))

    database.write(lambda tx: sweep(tx, SOON + timedelta(minutes=59), timedelta(days=7), Settings().promises()))
    assert card(database, report).taken_by == "vera"
    database.write(lambda tx: sweep(tx, SOON + timedelta(minutes=61), timedelta(days=7), Settings().promises()))
    assert card(database, report).taken_by is None


def _sent(database: Database, report: int, *, refused: bool, question: bool = False) -> None:
    """Plan one delivery of a report and end it."""
    one = Delivery(
        id=0, report=report, verb=Verb.REPLY if question else Verb.CREATE, backend="desk", key=f"k/{report}",
        ticket=None if question else replace(ticket(report), external_id=card(database, report).id),
        reply=reply(Kind.QUESTION) if question else None,
    )  # fmt: skip
    [task] = decide(database, begun(database), leaving=(one,), asks=question)
    with database.read() as tx:
        row = deliveries.delivery(tx, task.subject)
    assert row is not None
    ended = (
        partial(deliveries.parked, reason="the project is closed")
        if refused
        else partial(deliveries.delivered, outcome=Delivered(external_id="T-1"))
    )
    database.write(partial(ended, task=task, delivery=row, at=SOON))


def test_what_did_not_leave_is_a_person_s(database: Database, profile: Profile) -> None:
    report = settled(database, profile)
    made = replace(newest(database, report).record, classification=INCIDENT)
    database.write(partial(corrections.correct, report=report, base=1, record=made, by=CLERK, at=SOON, approval=False))
    _sent(database, report, refused=True)

    stands = card(database, report)
    assert (stands.state, stands.reviews, stands.tickets) == (State.REVIEW, (Review.UNDELIVERED,), 0)
    with database.read() as tx:
        assert deliveries.ticketed(tx, report) == ()


def test_tickets_are_counted(database: Database, profile: Profile) -> None:
    report = settled(database, profile)
    made = replace(newest(database, report).record, classification=INCIDENT)
    database.write(partial(corrections.correct, report=report, base=1, record=made, by=CLERK, at=SOON, approval=False))
    _sent(database, report, refused=False)

    assert (card(database, report).state, card(database, report).tickets) == (State.SETTLED, 1)
    with database.read() as tx:
        assert deliveries.ticketed(tx, report) == ("desk",)


def test_a_walk_in_is_no_paper(database: Database, profile: Profile) -> None:
    kept(database, profile, b"{}", media_type=WALK_IN)
    assert begun(database).step == "normalize"
