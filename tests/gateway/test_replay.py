"""The threshold from the desk's own history: what quiet weeks would have raised, and what a real outage does not."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bench.outages import HOUSES, SIZES, quiet
from classifier.outages import Rates
from classifier.outages.rates import hour_of_week
from config.settings import Gateway, Settings, Storage
from gateway import registers, replay
from gateway.outages import Outages
from records.outage import Cause
from storage import outages
from storage.database import Database, Transaction
from tests.gateway.test_outages import NOW, TREE, outage_found
from tests.storage.reports import Profile, settled

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_higher_threshold_raises_no_more_alarms() -> None:
    seen = list(quiet(random.Random(7), 6, MONDAY))
    counts: dict[tuple[str, int], int] = {}
    for one in seen:
        for node in one.path:
            key = (node, hour_of_week(one.at))
            counts[key] = counts.get(key, 0) + 1
    rates = Rates(counts, 6, SIZES)
    told = {threshold: replay.alarms(seen, rates, threshold) for threshold in (2, 8, 14, 20)}
    assert sorted(told.values(), reverse=True) == list(told.values())
    assert told[2] > told[20] == 0
    assert len(HOUSES) == 2160


def test_the_lowest_that_holds_is_named() -> None:
    assert replay.lowest({8: 3.0, 9: 0.5, 10: 1.4, 11: 1.0, 12: 0.2}) == 11
    assert replay.lowest({8: 0.0, 9: 0.0}) == 8
    assert replay.lowest({8: 9.0, 9: 2.0}) is None


def test_a_desk_without_history_says_so(profile: Profile) -> None:
    with pytest.raises(LookupError, match="nothing to replay"):
        replay.replay(Settings(gateway=profile[0], storage=profile[1]), 4)


def test_what_people_confirmed_counts_for_nothing(
    database: Database, profile: tuple[Gateway, Storage], capsys: pytest.CaptureFixture[str]
) -> None:
    registers.keep(database, "nodes", TREE, "test", NOW)
    outage_found(database, profile)
    Outages(database, 14.0).look(NOW + timedelta(minutes=8))
    with database.read() as tx:
        [found] = outages.active(tx)
        assert len(outages.quiet(tx, NOW - timedelta(days=1))) == 4
    master = settled(database, profile, b"Subject: master\r\n\r\nx")
    confirm = partial(outages.confirm, row_id=found.id, cause=Cause.POWER, master=master, by="sara", at=NOW)
    database.write(partial(confirm, expected_end=NOW + timedelta(hours=2)))
    with database.read() as tx:
        left = outages.quiet(tx, NOW - timedelta(days=1))
        assert len(left) == 4 - found.reports
    database.write(_lone)
    assert replay.replay(Settings(gateway=profile[0], storage=profile[1]), 52) == 0
    told = capsys.readouterr().out
    assert "the lowest with at most one alarm a week: 8" in told


def _lone(tx: Transaction) -> None:
    """Let one report stay outside every outage."""
    tx.run("UPDATE sightings SET outage = NULL WHERE id = (SELECT MIN(id) FROM sightings)")
