"""Subscriptions, events on their way, and signatures that were taken; in both profiles."""

from datetime import timedelta
from functools import partial

import pytest

from config.settings import Gateway, Storage
from records.deliveries import Delivery, Verb
from records.partner_events import Event, EventType, Subscription, way_to
from records.tasks import Lane, Task
from storage import deliveries, partner_events, signatures, subscriptions, tasks
from storage.database import Database
from storage.story import line, story
from tests.storage.reports import AT, SOON, kept

Profile = tuple[Gateway, Storage]
URL = "https://events.north.example"


def subscribed(database: Database, partner: str = "north", callback: str = URL, query: str = "") -> Subscription:
    return database.write(
        partial(subscriptions.add, partner=partner, version=5, callback=callback, query=query, at=AT)
    )  # fmt: skip


def event(to: Subscription, report: int, name: str = "e-1") -> Delivery:
    return Delivery(
        id=0, report=report, verb=Verb.EVENT, backend=way_to(to.partner), key=f"event/{to.id}/{name}",
        event=Event(subscription=to.id, id=name, type=EventType.STATUS_CHANGE, at=AT, message="{}"),
    )  # fmt: skip


def planned(database: Database, *events: Delivery) -> None:
    database.write(partial(partner_events.add, planned=events, at=AT))


def due(database: Database, partner: str = "north") -> list[Task]:
    with database.read() as tx:
        numbers = list(tasks.due(tx, 50, Lane.DELIVER, only=way_to(partner)))
    return database.write(partial(tasks.begin, numbers=numbers))


def living(database: Database, partner: str = "north") -> list[Subscription]:
    with database.read() as tx:
        return subscriptions.living(tx, partner)


def test_a_wish_is_kept_once_and_ended_by_its_partner_alone(database: Database) -> None:
    one = subscribed(database)
    assert subscribed(database) == one
    other = subscribed(database, query="status=resolved")
    assert living(database) == [one, other]
    assert not database.write(partial(subscriptions.end, partner="south", row_id=one.id, at=SOON))
    assert database.write(partial(subscriptions.end, partner="north", row_id=one.id, at=SOON))
    assert not database.write(partial(subscriptions.end, partner="north", row_id=one.id, at=SOON))
    assert living(database) == [other]
    assert subscribed(database).id not in {one.id, other.id}


def test_an_event_is_planned_once_and_leaves_on_its_partners_own_way(database: Database, profile: Profile) -> None:
    to, report = subscribed(database), kept(database, profile)
    planned(database, event(to, report))
    planned(database, event(to, report))
    [task] = due(database)
    database.write(partial(partner_events.arrived, task=task, one=event(to, report).event, at=SOON))  # type: ignore[arg-type]
    assert due(database) == []
    with database.read() as tx:
        chapters = [(one.actor, one.what, one.detail) for one in story(tx, report)]
        assert line(tx, report).tickets == ()  # an event is no ticket
        assert partner_events.has_taken(tx, to.id, AT)
        assert not partner_events.has_taken(tx, to.id, SOON + timedelta(seconds=1))
    assert ("events.north", "event delivered", "TroubleTicketStatusChangeEvent") in chapters


def test_given_up_with_an_alarm_in_the_story(database: Database, profile: Profile) -> None:
    to, report = subscribed(database), kept(database, profile)
    planned(database, event(to, report, "e-1"), event(to, report, "e-2"))
    first, second = due(database)
    database.write(partial(partner_events.given_up, task=first, reason="answers 410", at=SOON, off=to))
    assert [one.off for one in living(database)] == ["answers 410"]
    with database.read() as tx:
        assert [one.id for one in subscriptions.switched_off(tx)] == [to.id]
        assert partner_events.waiting(tx, to.id) == 2
        said = [(one.what, one.detail) for one in story(tx, report)]
    assert ("events switched off", "answers 410") in said
    database.write(partial(partner_events.given_up, task=second, reason=partner_events.OFF, at=SOON))


def test_what_happens_meanwhile_waits_and_is_sent_anew_by_hand(database: Database, profile: Profile) -> None:
    to, report = subscribed(database), kept(database, profile)
    planned(database, event(to, report, "e-1"), event(to, report, "e-2"))
    first, second = due(database)
    database.write(partial(partner_events.arrived, task=first, one=event(to, report).event, at=SOON))  # type: ignore[arg-type]
    database.write(partial(partner_events.given_up, task=second, reason="gone", at=SOON, off=to))
    planned(database, event(to, report, "e-3"))
    assert due(database) == []  # switched off

    assert database.write(partial(partner_events.replay, partner="north", since=None, at=SOON)) == 2
    assert living(database)[0].off is None
    assert [task.due_at for task in due(database)] == [SOON, SOON]
    assert database.write(partial(partner_events.replay, partner="north", since=None, at=SOON)) == 0  # on their way
    assert database.write(partial(partner_events.replay, partner="south", since=None, at=SOON)) == 0


def test_with_a_time_what_has_arrived_is_sent_anew_too_under_its_old_id(database: Database, profile: Profile) -> None:
    to, report = subscribed(database), kept(database, profile)
    planned(database, event(to, report))
    [task] = due(database)
    database.write(partial(partner_events.arrived, task=task, one=event(to, report).event, at=SOON))  # type: ignore[arg-type]
    replay = partial(partner_events.replay, partner="north", at=SOON)
    assert database.write(partial(replay, since=AT + timedelta(seconds=1))) == 0
    assert database.write(partial(replay, since=AT)) == 1
    [again] = due(database)
    with database.read() as tx:
        delivery = deliveries.delivery(tx, again.subject)
    assert delivery is not None
    assert delivery.event == event(to, report).event
    database.write(partial(partner_events.given_up, task=again, reason="gone", at=SOON))
    assert database.write(partial(replay, since=None, at=SOON + timedelta(minutes=1))) == 1  # one event, not three


def test_an_ended_subscription_is_sent_nothing(database: Database, profile: Profile) -> None:
    to, report = subscribed(database), kept(database, profile)
    database.write(partial(subscriptions.end, partner="north", row_id=to.id, at=SOON))
    planned(database, event(to, report))
    assert due(database) == []
    assert database.write(partial(partner_events.replay, partner="north", since=AT, at=SOON)) == 0


def test_a_partners_own_wish_switches_it_on_again(database: Database) -> None:
    to = subscribed(database)
    assert database.write(partial(subscriptions.switch_off, row_id=to.id, at=SOON, reason="gone"))
    assert not database.write(partial(subscriptions.switch_off, row_id=to.id, at=SOON, reason="again"))
    assert living(database)[0].off == "gone"
    assert subscribed(database).id == to.id
    assert living(database)[0].off is None


def test_as_many_subscriptions_as_there_may_be(database: Database) -> None:
    for number in range(subscriptions.MOST):
        subscribed(database, callback=f"{URL}/{number}")
    with pytest.raises(subscriptions.TooMany):
        subscribed(database)
    subscribed(database, partner="south")


def test_a_signature_is_taken_once_within_its_window(database: Database) -> None:
    first = partial(signatures.first, window=timedelta(minutes=5))
    assert database.write(partial(first, partner="north", mark="a", at=AT))
    assert not database.write(partial(first, partner="north", mark="a", at=AT + timedelta(minutes=9)))
    assert database.write(partial(first, partner="south", mark="a", at=AT))
    assert database.write(partial(first, partner="north", mark="b", at=AT + timedelta(minutes=20)))
    with database.read() as tx:
        assert [row["mark"] for row in tx.all("SELECT mark FROM signatures")] == ["b"]
