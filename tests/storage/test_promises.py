"""Promises: begun, kept and given up with what they depend on; each stage is told once, whatever stops or jumps."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from config.clocks import Calendar
from config.settings import Gateway, Settings, Storage
from records.clocks import BROKEN, REPEATED, Because, Promise
from records.deliveries import Delivered, Delivery, Kind, Reply, Ticket, Verb
from records.numbers import number
from records.people import Role
from records.record import Classification
from records.standing import Level, State
from records.status import Status
from records.tasks import Lane
from records.words import Disposition, Order, Urgency
from storage import cards, deliveries, promises, ringing, statuses, warnings
from storage.database import Database
from storage.opening import open_database
from storage.promises import Running
from storage.warnings import OpenWarning
from tests.storage.reports import AT, INCIDENT, SOON, begun, card, decide, events, kept, read, record

Profile = tuple[Gateway, Storage]
CLOCKS = Settings().promises()
HOUR = timedelta(hours=1)
PAUSE = timedelta(minutes=5)


def ring(database: Database, now: datetime) -> list[str]:
    return database.write(partial(ringing.ring, now=now, clocks=CLOCKS))


def promised(database: Database, report: int) -> dict[Promise, Running]:
    with database.read() as tx:
        return {one.promise: one for one in promises.of(tx, [report]).get(report, [])}


def listed(database: Database, *roles: Role) -> list[OpenWarning]:
    with database.read() as tx:
        return warnings.open_warnings(tx, roles or tuple(Role), 100)


def ticket(report: int, **changes: object) -> Delivery:
    name = number(report, AT)
    made = Ticket(external_id=name, record=record(id=name, classification=INCIDENT, **changes), text="Нет интернета")
    return Delivery(id=0, report=report, verb=Verb.CREATE, backend="desk", key=f"create/desk/{name}", ticket=made)


def reply(report: int, kind: Kind, until: datetime | None = None) -> Delivery:
    name = number(report, AT)
    words = Reply(
        kind=kind, to="galina@mail.example", language="ru", record_id=name, received_at=AT,
        because=Because.BACKLOG, until=until,
    )  # fmt: skip
    return Delivery(id=0, report=report, verb=Verb.REPLY, backend="replies", key=f"{kind}/{name}", reply=words)


def dispatched(database: Database, profile: Profile, content: bytes = b"1", **changes: object) -> int:
    """A report whose ticket is on its way."""
    report = kept(database, profile, content)
    decide(database, read(database, report, record(**changes)), leaving=(ticket(report, **changes),))
    return report


def taken(database: Database, report: int, at: datetime) -> None:
    """The backend takes the ticket of a report: T4."""
    with database.read() as tx:
        row = tx.one("SELECT id FROM tasks WHERE step = 'deliver' AND done_at IS NULL AND subject IN"
                     " (SELECT id FROM deliveries WHERE opens = :report)", report=report)  # fmt: skip
        assert row is not None
    database.write(lambda tx: tx.run("UPDATE tasks SET lease_until = 0 WHERE id = :id", id=row["id"]))
    task = begun(database, Lane.DELIVER)
    with database.read() as tx:
        delivery = deliveries.delivery(tx, task.subject)
    assert delivery is not None
    outcome = Delivered(external_id="17")
    database.write(partial(deliveries.delivered, task=task, delivery=delivery, outcome=outcome, at=at))


def stands(database: Database, report: int, to: Status, at: datetime) -> None:
    database.write(partial(statuses.change, report=report, to=to, at=at, actor="desk"))


def test_each_promise_begins_and_ends_with_what_it_depends_on(database: Database, profile: Profile) -> None:
    report = kept(database, profile)
    assert [*promised(database, report)] == [Promise.RECORD]
    decide(database, read(database, report, record()), leaving=(ticket(report),))
    ring(database, SOON)
    now = promised(database, report)
    assert (now[Promise.RECORD].kept_at, now[Promise.RECORD].broken_at) == (SOON, None)
    assert (now[Promise.DISPATCH].due_at, now[Promise.ANSWER].due_at) == (SOON + HOUR, AT + 72 * HOUR)

    taken(database, report, SOON + HOUR / 2)
    stands(database, report, Status.IN_PROGRESS, SOON + HOUR)
    stands(database, report, Status.RESOLVED, AT + 71 * HOUR)

    now = promised(database, report)
    assert [one.kept_at for one in now.values()] == [SOON, SOON + HOUR / 2, AT + 71 * HOUR, SOON + HOUR]
    assert not any(one.broken_at for one in now.values())
    assert ring(database, AT + 100 * HOUR) == []


def test_each_stage_is_told_once_whatever_looks_twice_stops_or_is_set_back(
    database: Database, profile: Profile
) -> None:
    report = dispatched(database, profile)
    moments = [SOON + HOUR * part for part in (0.1, 0.51, 0.52, 0.2, 0.76, 0.1, 0.77, 1.0, 1.5, 0.5, 2.0)]
    told = [what for at in moments for what in ring(database, at)]
    other = open_database(*profile)
    assert ring(other, SOON + 2 * HOUR) == []
    other.close()

    said = ["half of its time gone", "three quarters of its time gone", "overdue"]
    assert told == [f"{number(report, AT)}: dispatch {what}, and it is not finished" for what in said]
    assert [what for _, what, _ in events(database, report) if what.startswith("dispatch")] == [
        f"dispatch {what}" for what in said
    ]
    assert [(one.role, one.told.stage, one.told.note) for one in listed(database)] == [(Role.SUPERVISOR, BROKEN, None)]


def test_after_a_long_outage_the_latest_stage_is_told_and_that_nobody_was_warned(
    database: Database, profile: Profile
) -> None:
    report = dispatched(database, profile)
    ring(database, SOON + 7 * HOUR)
    [one] = [one for one in listed(database) if one.told.promise is Promise.DISPATCH]
    assert (one.told.stage, one.told.note) == (BROKEN, ringing.UNWARNED)
    assert promised(database, report)[Promise.DISPATCH].broken_at == SOON + HOUR
    taken(database, report, SOON + 8 * HOUR)
    assert [one for one in listed(database) if one.told.promise is Promise.DISPATCH] == []  # it is dealt with


def test_what_is_kept_too_late_is_broken_though_no_clock_saw_it(database: Database, profile: Profile) -> None:
    report = dispatched(database, profile)
    ring(database, SOON)
    taken(database, report, SOON + 3 * HOUR)
    one = promised(database, report)[Promise.DISPATCH]
    assert (one.broken_at, one.kept_at) == (SOON + HOUR, SOON + 3 * HOUR)


def test_an_overdue_record_gives_the_senior_his_own_time(database: Database, profile: Profile) -> None:
    report = kept(database, profile)
    ring(database, AT + 2 * HOUR)
    ring(database, AT + 2 * HOUR)
    assert card(database, report).level is Level.SENIOR
    assert promised(database, report)[Promise.DISPATCH].due_at == AT + 3 * HOUR
    database.write(partial(cards.stand, report=report, state=State.REVIEW, at=AT + 2 * HOUR, level=Level.CLERK))
    assert promised(database, report)[Promise.DISPATCH].note == "back with the clerks"


def test_a_changed_mark_of_urgency_begins_the_answer_s_time_anew(database: Database, profile: Profile) -> None:
    report = dispatched(database, profile)
    ring(database, SOON)
    marked = AT + 30 * HOUR
    database.write(partial(promises.decided, report=report, record=record(urgency=Urgency.URGENT), at=marked))
    ring(database, marked)
    answer = promised(database, report)[Promise.ANSWER]
    assert (answer.due_at, answer.first_due_at, answer.round) == (marked + 24 * HOUR, AT + 72 * HOUR, 2)


@pytest.mark.parametrize("order", [Order.NOT_A_FAULT, Order.FOLLOW_UP])
def test_what_is_no_report_of_its_own_is_promised_nothing(database: Database, profile: Profile, order: Order) -> None:
    report = dispatched(database, profile)
    database.write(partial(promises.decided, report=report, record=record(order=order), at=SOON))
    assert [one.promise for one in promised(database, report).values() if one.ended_at is None] == []


def test_a_cancelled_report_is_promised_nothing_and_an_opened_one_its_answer_again(
    database: Database, profile: Profile
) -> None:
    report = dispatched(database, profile)
    taken(database, report, SOON)
    stands(database, report, Status.CLOSED, AT + 5 * HOUR)
    stands(database, report, Status.IN_PROGRESS, AT + 9 * HOUR)
    ring(database, AT + 9 * HOUR)
    assert promised(database, report)[Promise.ANSWER].due_at == AT + 81 * HOUR
    stands(database, report, Status.CANCELLED, AT + 10 * HOUR)
    assert all(one.ended_at for one in promised(database, report).values())


def test_a_typical_solution_that_has_left_is_the_answer(database: Database, profile: Profile) -> None:
    report = kept(database, profile)
    fix = Classification(disposition=Disposition.TYPICAL_FIX)
    leaving = (ticket(report), reply(report, Kind.SOLUTION))
    _, task = decide(database, read(database, report, record()), fix, leaving=leaving)
    with database.read() as tx:
        delivery = deliveries.delivery(tx, task.subject)
    assert delivery is not None
    database.write(
        partial(deliveries.delivered, task=task, delivery=delivery, outcome=Delivered(external_id=None), at=SOON)
    )
    assert promised(database, report)[Promise.ANSWER].kept_at == SOON


def test_a_provisional_answer_is_given_once_and_brings_a_new_date(database: Database, profile: Profile) -> None:
    report, now = dispatched(database, profile), AT + 70 * HOUR
    ring(database, now)
    with database.read() as tx:
        [one] = ringing.wanted(tx)
    until = CLOCKS.of(Promise.ANSWER, one.urgency).new_date(one.due_at, now)
    answer = reply(report, Kind.PROVISIONAL, until)
    for _ in range(2):  # two machines found it
        database.write(partial(ringing.extended, one=one, answer=answer, until=until, at=now))
    ring(database, now)

    held = promised(database, report)[Promise.ANSWER]
    assert (held.due_at, held.first_due_at, held.provisional) == (AT + 96 * HOUR, AT + 72 * HOUR, "sent")
    assert [what for _, what, _ in events(database, report)].count("provisional answer") == 1
    ring(database, AT + 97 * HOUR)
    with database.read() as tx:
        assert ringing.wanted(tx) == []  # once
    told = [one for one in listed(database, Role.SUPERVISOR) if one.told.promise is Promise.ANSWER]
    assert [(one.told.stage, one.told.due_at) for one in told] == [(BROKEN, AT + 96 * HOUR)]


def test_where_nobody_can_be_answered_the_promise_goes_on_to_its_end(database: Database, profile: Profile) -> None:
    report = dispatched(database, profile)
    ring(database, AT + 70 * HOUR)
    with database.read() as tx:
        [one] = ringing.wanted(tx)
    database.write(partial(ringing.unanswered, one=one, reason="no address to answer to", at=AT + 70 * HOUR))
    ring(database, AT + 72 * HOUR)
    held = promised(database, report)[Promise.ANSWER]
    assert (held.provisional, held.broken_at) == ("no address to answer to", AT + 72 * HOUR)


def test_a_report_that_repeats_another_past_its_limit_is_the_supervisors(database: Database, profile: Profile) -> None:
    first, again = dispatched(database, profile), kept(database, profile, b"2")
    ring(database, SOON)
    with database.read() as tx:
        assert not promises.past(tx, first, AT + 71 * HOUR)
        assert promises.past(tx, first, AT + 72 * HOUR)
    for _ in range(2):
        database.write(partial(promises.repeated, report=again, earlier=first, at=AT + 73 * HOUR))
    [one] = listed(database, Role.SUPERVISOR)
    assert (one.report, one.told.stage, one.told.note) == (again, REPEATED, number(first, AT))
    deal = partial(warnings.dealt_with, warning=one.warning, login="sara", at=SOON)
    assert database.write(partial(deal, roles=[Role.CLERK, Role.SENIOR])) is None  # it is not theirs
    assert database.write(partial(deal, roles=[Role.SUPERVISOR])) == again
    assert listed(database, Role.SUPERVISOR) == []


def notices(database: Database) -> list[Delivery]:
    with database.read() as tx:
        rows = tx.all("SELECT id FROM deliveries WHERE verb = 'warn' ORDER BY id")
        return [one for row in rows if (one := deliveries.delivery(tx, row["id"]))]


def test_many_warnings_are_one_notice_and_each_is_told_in_one_only(database: Database, profile: Profile) -> None:
    routes = {"duty": Role.SENIOR, "night": Role.SENIOR}
    notify = partial(warnings.notify, routes=routes, pause=PAUSE)
    for count in range(40):
        dispatched(database, profile, b"%d" % count)
    now = SOON + HOUR / 2
    ring(database, now)
    assert [database.write(partial(notify, now=at)) for at in (now, now, now + HOUR)] == [2, 0, 0]
    first, second = notices(database)
    assert (first.backend, second.backend) == ("duty", "night")
    assert first.notice is not None
    assert (len(first.notice.lines), first.notice.more) == (30, 10)

    ring(database, now + HOUR / 4)
    late = dispatched(database, profile, b"late")
    database.write(lambda tx: promises.begin(tx, late, Promise.WORK, 0))
    assert database.write(partial(notify, now=now + HOUR / 4)) == 2
    assert database.write(partial(notify, now=now + HOUR / 4 + PAUSE)) == 0


def test_two_notices_to_one_role_keep_their_distance(database: Database, profile: Profile) -> None:
    notify = partial(warnings.notify, routes={"duty": Role.SENIOR}, pause=PAUSE)
    now = SOON + HOUR / 2
    for count in range(2):
        dispatched(database, profile, b"%d" % count)
    ring(database, now)
    assert database.write(partial(notify, now=now)) == 1
    ring(database, SOON + HOUR * 0.76)
    assert database.write(partial(notify, now=now + PAUSE / 2)) == 0
    assert database.write(partial(notify, now=now - HOUR)) == 1  # a clock that was set back keeps nobody waiting


def test_what_nobody_is_told_of_waits_for_no_route(database: Database, profile: Profile) -> None:
    dispatched(database, profile)
    ring(database, SOON + HOUR / 2)
    assert database.write(partial(warnings.notify, now=SOON, routes={}, pause=PAUSE)) == 0
    assert database.write(partial(warnings.notify, now=SOON, routes={"duty": Role.SENIOR}, pause=PAUSE)) == 0
    assert len(listed(database, Role.SENIOR)) == 1


def test_a_calendar_of_the_site_counts(database: Database, profile: Profile) -> None:
    """The 20th of November 2026 is a Friday: what is dispatched at 9:05 UTC is due on Monday."""
    office = Calendar(zone="UTC", hours={"mon-fri": ("08:00-09:35",)})
    settings = Settings(calendars={"office": office})
    clocks = type(CLOCKS)(
        record=CLOCKS.record, work=CLOCKS.work, answers=CLOCKS.answers,
        dispatch=type(CLOCKS.dispatch)(limit=HOUR, calendar=settings.calendars["office"].built("UTC")),
    )  # fmt: skip
    report = dispatched(database, profile)
    database.write(partial(ringing.ring, now=SOON, clocks=clocks))
    assert promised(database, report)[Promise.DISPATCH].due_at == AT + 72 * HOUR - HOUR / 2
