"""What people make of an outage: whose report is in it, who was told, which tickets name its master; each once."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from records.deliveries import Delivery, Kind, Reply, Verb
from records.outage import Alarm, Cause, Outage, OutageState
from records.people import Role
from records.status import Status
from storage import node_alarms, outage_answers, outages, statuses, warnings
from storage.database import Database
from tests.storage.reports import Profile, events, settled

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PATH = ("campus", "south", "centre")
HOUSE = ("h1", *PATH)
UNTIL = NOW + timedelta(hours=3)


def kept(database: Database, profile: Profile, number: int, *, placed: bool = True) -> int:
    report = settled(database, profile, f"Subject: {number}\r\n\r\nhello".encode())
    if placed:
        database.write(partial(outages.sighted, report=report, at=NOW, who=str(number), path=HOUSE))
    return report


def suspected(database: Database, profile: Profile, count: int = 2) -> tuple[Outage, list[int]]:
    reports = [kept(database, profile, number) for number in range(count)]
    one = Outage(
        id=0, node="campus", name="North", path=PATH, state=OutageState.SUSPECTED, since=NOW, seen_at=NOW,
        score=20.0, expected=0.1,
    )  # fmt: skip
    row = database.write(partial(outages.open_outage, outage=one, reports=reports))
    return known(database, row or 0), reports


def known(database: Database, row: int) -> Outage:
    with database.read() as tx:
        found = outages.outage(tx, row)
    assert found is not None
    return found


def confirmed(database: Database, profile: Profile, count: int = 2) -> tuple[Outage, list[int]]:
    one, reports = suspected(database, profile, count)
    master = kept(database, profile, 99)
    confirm = partial(outages.confirm, row_id=one.id, cause=Cause.CABLE, expected_end=UNTIL, master=master)
    return database.write(partial(confirm, by="sara", at=NOW)), reports


def belonging(database: Database, one: Outage) -> list[int]:
    with database.read() as tx:
        return [report for report, _ in outages.reports_of(tx, one.id)]


def answer(one: outage_answers.Wanted, kind: Kind = Kind.OUTAGE) -> Delivery:
    reply = Reply(kind=kind, to="a@mail.example", language="ru", record_id=f"FR-2026-{one.report:07}", received_at=NOW)
    return Delivery(
        id=0, report=one.report, verb=Verb.REPLY, backend="replies", key=f"{kind}/{one.outage.id}/{one.report}",
        reply=reply,
    )  # fmt: skip


def wanted(database: Database, now: datetime = NOW) -> list[outage_answers.Wanted]:
    with database.read() as tx:
        return outage_answers.wanted(tx, now)


def test_seniors_are_warned_once_and_no_more_when_it_is_decided(database: Database, profile: Profile) -> None:
    one, reports = suspected(database, profile)
    more = kept(database, profile, 7)
    database.write(partial(outages.join, outage=one.id, reports=[more], at=NOW, name=one.name))
    with database.read() as tx:
        [warned] = warnings.open_warnings(tx, [Role.SENIOR], 10)
    assert (warned.told.outage, warned.told.note, warned.report) == (one.id, "North", reports[0])
    database.write(partial(outages.decide, row_id=one.id, state=OutageState.DISMISSED, by="sara", at=NOW))
    with database.read() as tx:
        assert warnings.open_warnings(tx, [Role.SENIOR], 10) == []


def test_the_master_belongs_to_no_outage_and_stays_the_same(database: Database, profile: Profile) -> None:
    one, reports = suspected(database, profile)
    master = kept(database, profile, 99)
    database.write(partial(outages.join, outage=one.id, reports=[master], at=NOW, name=one.name))
    confirm = partial(outages.confirm, row_id=one.id, expected_end=UNTIL, by="sara", at=NOW)
    database.write(partial(confirm, cause=Cause.CABLE, master=master))
    again = database.write(partial(confirm, cause=Cause.POWER, master=reports[0]))
    assert (again.master, again.cause, again.state) == (master, Cause.POWER, OutageState.CONFIRMED)
    database.write(partial(outages.join, outage=one.id, reports=[master], at=NOW, name=one.name))
    assert belonging(database, one) == reports


def test_what_a_person_took_out_stays_out_until_a_person_puts_it_in(database: Database, profile: Profile) -> None:
    one, [first, second] = suspected(database, profile)
    take, put = partial(outages.take_out, one=one, by="sara", at=NOW), partial(outages.put_in, one=one, at=NOW)
    database.write(partial(take, report=first))
    database.write(partial(outages.join, outage=one.id, reports=[first], at=NOW, name=one.name))
    assert belonging(database, one) == [second]
    with pytest.raises(LookupError, match="does not belong"):
        database.write(partial(take, report=first))
    database.write(partial(put, report=first, by="sara"))
    unplaced = kept(database, profile, 8, placed=False)
    database.write(partial(put, report=unplaced, by="sara"))
    assert set(belonging(database, one)) == {first, second, unplaced}
    with pytest.raises(LookupError, match="already"):
        database.write(partial(put, report=first, by="sara"))
    assert ("sara", "taken out of an outage", "North") in events(database, first)
    assert ("sara", "belongs to an outage", "North") in events(database, unplaced)


def test_a_reporter_is_told_once_and_of_its_end_once(database: Database, profile: Profile) -> None:
    assert wanted(database) == []
    one, reports = confirmed(database, profile)
    first, second = wanted(database)
    assert [first.report, second.report] == reports
    for _ in range(2):
        database.write(partial(outage_answers.answered, one=first, answer=answer(first), at=NOW))
    database.write(partial(outage_answers.put_off, one=second, at=NOW))
    assert wanted(database) == []
    assert wanted(database, NOW + outage_answers.AGAIN) == [second]
    database.write(partial(outages.decide, row_id=one.id, state=OutageState.OVER, by="mark", at=NOW))
    ended = wanted(database, NOW + outage_answers.AGAIN)
    assert {each.report for each in ended} == set(reports)  # also who was not told of it
    later = NOW + timedelta(hours=1)
    for each in ended * 2:
        work = partial(outage_answers.answered, one=each, answer=answer(each, Kind.OUTAGE_OVER), at=later)
        database.write(work)
    assert wanted(database, later) == []
    with database.read() as tx:
        for report in reports:
            assert [(one.status, one.actor) for one in statuses.changes(tx, report)] == [(Status.RESOLVED, "mark")]
            assert outage_answers.told_over(tx, statuses.changes(tx, report)[0])
        count = tx.one("SELECT COUNT(*) AS n FROM deliveries WHERE kind IN ('outage', 'outage_over')")
    assert count
    assert count["n"] == 3


def test_a_later_change_is_told_as_any_other(database: Database, profile: Profile) -> None:
    one, [report, _] = confirmed(database, profile)
    database.write(partial(outages.decide, row_id=one.id, state=OutageState.OVER, by="mark", at=NOW))
    [first, _] = wanted(database)
    database.write(partial(outage_answers.answered, one=first, answer=answer(first, Kind.OUTAGE_OVER), at=NOW))
    for status in (Status.IN_PROGRESS, Status.RESOLVED):
        database.write(partial(statuses.change, report=report, to=status, at=UNTIL, actor="desk"))
    with database.read() as tx:
        told = [outage_answers.told_over(tx, change) for change in statuses.changes(tx, report)]
    assert told == [True, False, False]


def test_what_is_over_and_was_never_confirmed_is_told_to_nobody(database: Database, profile: Profile) -> None:
    one, _ = suspected(database, profile)
    database.write(partial(outages.decide, row_id=one.id, state=OutageState.OVER, by="mark", at=NOW))
    assert wanted(database) == []


def alarm(database: Database, state: str, minutes: float = 0, node: str = "campus", text: str = "no light") -> bool:
    one = Alarm(node=node, state=state, at=NOW + timedelta(minutes=minutes), text=text)  # type: ignore[arg-type]
    path = PATH[PATH.index(node) :] if node in PATH else (node, *PATH)
    return database.write(partial(node_alarms.heard, alarm=one, path=path, name=node.title(), now=NOW))


def only(database: Database) -> Outage:
    with database.read() as tx:
        [found] = outages.outages(tx)
    return found


def test_a_node_that_is_down_opens_an_outage_once_with_what_was_written_since(
    database: Database, profile: Profile
) -> None:
    report = kept(database, profile, 1)
    assert alarm(database, "down")
    assert not alarm(database, "down")
    one = only(database)
    assert (one.state, one.name, one.monitoring, one.score) == (OutageState.SUSPECTED, "Campus", "no light", 0.0)
    assert belonging(database, one) == [report]
    assert alarm(database, "down", 1, node="h1")  # below it: a word more
    assert only(database).monitoring == "h1: no light"


def test_up_proposes_the_end_and_what_nobody_wrote_of_ends_by_itself(database: Database, profile: Profile) -> None:
    kept(database, profile, 1)
    alarm(database, "down")
    assert not alarm(database, "up", -5)  # older than what is known
    assert not alarm(database, "up", 2, node="h1")  # another node's
    assert alarm(database, "up", 3)
    assert only(database).up
    assert only(database).state is OutageState.SUSPECTED
    assert alarm(database, "down", 4)
    assert not only(database).up


def test_a_flapping_node_of_which_nobody_wrote_leaves_nothing_to_decide(database: Database) -> None:
    alarm(database, "down")
    assert alarm(database, "up", 1)
    one = only(database)
    assert (one.state, one.decided_by) == (OutageState.DISMISSED, "monitoring")
    assert not alarm(database, "down")  # sent again, late
    assert not alarm(database, "up", 1)
    with database.read() as tx:
        assert outages.active(tx) == []
