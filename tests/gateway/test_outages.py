"""The watch on the archive: one outage for many reports, however many watches look; what a person decides, holds."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from classifier import under_outage
from gateway import registers
from gateway.outages import Network, Outages
from records.outage import OutageState
from records.partner import PartnerTicket
from records.record import Affected, Classification, PostalAddress, Reporter
from records.registers import Node, Subscriber, named
from records.words import DecidedBy, Disposition, Order
from storage import outages
from storage.database import Database
from storage.story import story
from tests.storage.reports import Profile, record, settled

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TREE = [
    Node(id="centre"), Node(id="d1", parent="centre", kind="district"), Node(id="c1", parent="d1", name="North"),
    *(Node(id=f"h{number}", parent="c1", subscribers=60) for number in range(10)),
    Node(id="c2", parent="d1"), Node(id="h20", parent="c2", subscribers=60),
]  # fmt: skip
PATHS = {
    node: (node, "c1" if node != "h20" else "c2", "d1", "centre") for node in (*(f"h{n}" for n in range(10)), "h20")
}


def sight(database: Database, profile: Profile, node: str, minutes: float) -> int:
    """Keep a report at a node."""
    report = settled(database, profile, f"Subject: {node} {minutes}\r\n\r\nhello".encode())
    at = NOW + timedelta(minutes=minutes)
    database.write(partial(outages.sighted, report=report, at=at, who=f"{report}", path=PATHS[node]))
    return report


def outage_found(database: Database, profile: Profile) -> list[int]:
    return [sight(database, profile, f"h{number}", number) for number in (0, 3, 5, 7)]


@pytest.fixture
def tree(database: Database) -> None:
    registers.keep(database, "nodes", TREE, "test", NOW)


@pytest.mark.usefixtures("tree")
def test_many_reports_under_one_node_are_one_outage_and_belong_to_it(database: Database, profile: Profile) -> None:
    reports = outage_found(database, profile)
    later = NOW + timedelta(minutes=8)
    [alarm] = Outages(database, 14.0).look(later)
    assert "suspected at c1" in alarm
    with database.read() as tx:
        [found] = outages.active(tx)
        assert (found.node, found.name, found.state, found.since) == ("c1", "North", OutageState.SUSPECTED, NOW)
        assert found.path == ("c1", "d1", "centre")
        belonging = [row for row, _ in outages.reports_of(tx, found.id)]
        assert set(belonging) <= set(reports)
        assert len(belonging) >= 2
        told = [chapter.what for chapter in story(tx, belonging[0])]
    assert "belongs to an outage" in told


@pytest.mark.usefixtures("tree")
def test_two_watches_and_a_restart_open_it_once(database: Database, profile: Profile) -> None:
    outage_found(database, profile)
    later = NOW + timedelta(minutes=8)
    one, other = Outages(database, 14.0), Outages(database, 14.0)
    told = [*one.look(later), *other.look(later), *one.look(later), *Outages(database, 14.0).look(later)]
    assert len(told) == 1
    new = sight(database, profile, "h9", 9)
    assert one.look(later) == other.look(later) == []
    with database.read() as tx:
        [found] = outages.active(tx)
        assert new in [row for row, _ in outages.reports_of(tx, found.id)]
        assert outages.outage_of(tx, new) == found
        assert sum(count for (node, _), count in outages.counts(tx)[0].items() if node == "centre") == 0


@pytest.mark.usefixtures("tree")
def test_what_is_usual_is_counted_once_for_every_node(database: Database, profile: Profile) -> None:
    sight(database, profile, "h20", 0)
    for watch in (Outages(database, 14.0), Outages(database, 14.0)):
        assert watch.look(NOW + timedelta(minutes=1)) == []
    with database.read() as tx:
        counts, since = outages.counts(tx)
    assert {node: count for (node, _), count in counts.items()} == dict.fromkeys(PATHS["h20"], 1)
    assert since == NOW


@pytest.mark.usefixtures("tree")
def test_a_dismissed_outage_gives_its_reports_back_and_is_decided_once(database: Database, profile: Profile) -> None:
    reports = outage_found(database, profile)
    watch = Outages(database, 14.0)
    watch.look(NOW + timedelta(minutes=8))
    with database.read() as tx:
        [found] = outages.active(tx)
    decide = partial(outages.decide, row_id=found.id, by="sara", at=NOW)
    assert database.write(partial(decide, state=OutageState.CONFIRMED)).decided_by == "sara"
    assert database.write(partial(decide, state=OutageState.DISMISSED)).ended_at == NOW
    with pytest.raises(LookupError, match="is over"):
        database.write(partial(decide, state=OutageState.OVER))
    with database.read() as tx:
        assert outages.active(tx) == []
        assert all(outages.outage_of(tx, report) is None for report in reports)
        assert [one.state for one in outages.outages(tx)] == [OutageState.DISMISSED]


@pytest.mark.usefixtures("tree")
def test_the_worker_sees_where_a_report_is_and_what_lies_over_it(database: Database, profile: Profile) -> None:
    at_node = record(affected=Affected(node="h4", account="1-2"))
    network = Network(database)
    place = network.place(at_node)
    assert place
    assert (place.who, place.path) == ("12", ("h4", "c1", "d1", "centre"))
    assert network.over(place) is None
    outage_found(database, profile)
    Outages(database, 14.0).look(NOW + timedelta(minutes=8))
    over = Network(database).over(place)
    assert over
    assert over.node == "c1"
    assert network.place(record(order=Order.WITHDRAWAL, affected=Affected(node="h4"))) is None


def test_without_a_tree_street_and_house_are_the_nodes(database: Database) -> None:
    network = Network(database)
    address = PostalAddress(city="Пенза", street="ул. Ладожская", house="89")
    place = network.place(record(reporter=Reporter(phone="+79170000000"), affected=Affected(address=address)))
    assert place
    assert place.path == ("@пенза/ладожская/89", "@пенза/ладожская", "@пенза")
    assert place.who == "+79170000000"
    assert network.place(record()) is None
    assert named({}, place.path[1]) == "пенза, ладожская"


def test_a_typical_fix_under_an_outage_is_held_back_and_a_person_s_word_is_not() -> None:
    fix = Classification(disposition=Disposition.TYPICAL_FIX, solution="restart-router", decided_by=DecidedBy.RULE)
    held = under_outage(fix)
    assert (held.disposition, held.solution) == (Disposition.INCIDENT, None)
    assert "mass-outage" in held.rule_hits
    mine = Classification(disposition=Disposition.TYPICAL_FIX, solution="x", decided_by=DecidedBy.CLERK)
    assert under_outage(mine) == mine
    incident = Classification(disposition=Disposition.INCIDENT)
    assert under_outage(incident) == incident


@pytest.mark.usefixtures("tree")
def test_a_partner_s_ticket_is_placed_by_its_circuit_and_counts_for_itself(database: Database) -> None:
    registers.keep(database, "subscribers", [Subscriber(account="L2-4410", node="h3")], "test", NOW)
    network = Network(database)
    note = PartnerTicket(name="north", circuits=("unknown", "L2 4410"))
    noc = Reporter(phone="+79170000000", email="noc@partner.example", messenger="partner:north")
    first, second = (
        network.place(record(id=f"FR-2026-000000{number}", reporter=noc, partner=note)) for number in (1, 2)
    )
    assert first
    assert second
    assert first.path == second.path == PATHS["h3"]
    assert first.who != second.who
    address = PostalAddress(city="Пенза", street="Ладожская", house="89")
    by_address = network.place(record(reporter=noc, partner=note, affected=Affected(node="h4", address=address)))
    assert by_address
    assert by_address.path == PATHS["h4"]
    assert network.place(record(reporter=noc, partner=PartnerTicket(name="north"))) is None
