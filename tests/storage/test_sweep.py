"""The sweep raises what nears its due time, once for each stage, and forgets resends only when none can come."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from config.settings import Gateway, Settings, Storage
from records.arrival import Receipt
from records.standing import Level, State
from storage import cards
from storage.database import Database
from storage.opening import open_database
from storage.sweep import sweep
from tests.storage.arrivals import arrival, intake
from tests.storage.reports import AT, card, events, kept, settled

Profile = tuple[Gateway, Storage]
WEEK = timedelta(days=7)


def _sweep(database: Database, now: datetime) -> list[str]:
    return database.write(lambda tx: sweep(tx, now, WEEK, Settings().promises()))


def _accept(database: Database, profile: Profile, at: datetime) -> Receipt:
    return asyncio.run(intake(database, profile).accept(arrival(at=at)))


def test_old_mail_fetched_again_is_still_the_same_report(database: Database, profile: Profile) -> None:
    """A mailbox's first look brings mail of weeks ago; a crash before its cursor moves brings the same again."""
    now = datetime.now(UTC)
    first = _accept(database, profile, now - timedelta(days=20))

    _sweep(database, now)

    again = _accept(database, profile, now - timedelta(days=20))
    assert (again.id, again.duplicate) == (first.id, True)


def test_a_resend_after_the_window_is_another_report(database: Database, profile: Profile) -> None:
    now = datetime.now(UTC)
    first = _accept(database, profile, now)

    _sweep(database, now + timedelta(days=8))

    with database.read() as tx:
        assert tx.all("SELECT * FROM arrivals") == []
    assert _accept(database, profile, now + timedelta(days=8)).id != first.id


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(minutes=59), []),
        (timedelta(minutes=61), ["half of its time gone"]),
        (timedelta(minutes=91), ["three quarters of its time gone"]),  # of two stages at once the later one
        (timedelta(minutes=121), ["overdue"]),
    ],
)
def test_each_stage_is_raised_once(database: Database, profile: Profile, passed: timedelta, said: list[str]) -> None:
    now = datetime.now(UTC)
    receipt = _accept(database, profile, now)

    assert _sweep(database, now + passed) == [f"{receipt.id}: {what}, and it is not finished" for what in said]
    assert _sweep(database, now + passed) == []


def test_at_its_due_time_what_is_unfinished_is_the_seniors(database: Database, profile: Profile) -> None:
    """Whatever it waits for: a reader, a clerk, an answer; and a restart says nothing twice."""
    done = settled(database, profile, b"4")
    unread, asked, review = (kept(database, profile, content) for content in (b"1", b"2", b"3"))
    for report, state in ((asked, State.ASKED), (review, State.REVIEW)):
        database.write(partial(cards.stand, report=report, state=state, at=AT))
    later = AT + timedelta(hours=2)

    assert len(_sweep(database, later)) == 3
    assert [card(database, report).level for report in (unread, asked, review)] == [Level.SENIOR] * 3
    assert card(database, done).level is Level.CLERK
    other = open_database(*profile)
    assert _sweep(other, later + timedelta(minutes=1)) == []
    other.close()
    assert [what for _, what, _ in events(database, review)] == ["overdue"]


def test_what_is_settled_is_not_raised(database: Database, profile: Profile) -> None:
    settled(database, profile)

    assert _sweep(database, AT + timedelta(hours=3)) == []
