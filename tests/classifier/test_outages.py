"""The watch over the network: what raises a suspicion, what names it, and what does not."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bench import outages as simulated
from classifier.outages import Rates, Sighting, Watch
from classifier.outages.rates import hour_of_week

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def sighting(report: int, minutes: float, house: int, flat: int | None = None) -> Sighting:
    who = f"{house}/{report if flat is None else flat}"
    return Sighting(report=report, at=NOON + timedelta(minutes=minutes), who=who, path=simulated.house(house))


def rates() -> Rates:
    """Give what 22 reports a day over the whole network come to, evenly."""
    counts = Counter({("centre", hour): 24 for hour in range(168)})  # in 26 weeks
    return Rates(counts, 26, simulated.SIZES)


def test_reports_from_houses_of_one_campus_name_the_campus() -> None:
    watch = Watch(rates())
    found = [watch.see(sighting(number, number * 2, house)) for number, house in enumerate((0, 3, 5, 7))]
    told = [one for one in found if one]
    assert told
    assert told[0].node == "c0"
    assert told[0].path == ("c0", "d0", "o0", "centre")
    assert told[0].since == NOON
    assert told[0].expected < 0.01


def test_reports_from_one_house_name_the_house() -> None:
    watch = Watch(rates())
    told = [one for number in range(3) if (one := watch.see(sighting(number, number, 0)))]
    assert [one.node for one in told[:1]] == ["h0"]


def test_reports_from_all_over_the_district_name_the_district() -> None:
    watch = Watch(rates())
    told = [one for number in range(6) if (one := watch.see(sighting(number, number, number * 10)))]
    assert told[0].node == "d0"


def test_who_writes_again_by_another_channel_counts_once() -> None:
    watch = Watch(rates())
    assert not any(watch.see(sighting(number, number, 0, flat=1)) for number in range(20))


def test_reports_far_from_each_other_raise_nothing() -> None:
    watch = Watch(rates())
    assert not any(watch.see(sighting(number, number * 20, number * 360)) for number in range(6))


def test_what_lies_under_a_known_outage_raises_nothing_and_counts_for_nothing_above() -> None:
    watch = Watch(rates())
    for number, house in enumerate((0, 3, 5, 7)):
        watch.see(sighting(number, number, house))
    watch.open("c0")
    assert watch.outage_over(simulated.house(9)) == "c0"
    assert not any(watch.see(sighting(10 + number, 10 + number, number)) for number in range(10))
    assert watch.see(sighting(30, 25, 15)) is None  # the next campus: its neighbours' reports don't speak for it
    watch.close("c0")
    assert watch.outage_over(simulated.house(9)) is None


def test_a_busy_hour_of_the_week_expects_more() -> None:
    evening = hour_of_week(NOON)
    counts = Counter({("centre", hour): 26 * (20 if hour == evening else 1) for hour in range(168)})
    learnt = Rates(counts, 26, {})
    hour = timedelta(hours=1)
    busy, calm = (learnt.expected(("centre",), NOON + later, hour)[0] for later in (timedelta(0), 5 * hour))
    assert busy > 15
    assert calm < 1.2


def test_a_node_of_which_little_was_seen_is_thought_of_as_its_size_tells() -> None:
    counts = Counter({("centre", hour): 260 for hour in range(168)})
    learnt = Rates(counts, 26, {"centre": 1000, "small": 10, "large": 500})
    small, large = (learnt.expected((node, "centre"), NOON, timedelta(hours=1))[0] for node in ("small", "large"))
    assert 0 < small < large < 10


def test_without_history_and_sizes_a_handful_from_one_street_is_still_seen() -> None:
    watch = Watch(Rates({}, 0, {}))
    paths = [(f"Penza/Lenina/{number}", "Penza/Lenina", "Penza") for number in range(4)]
    told = [
        watch.see(Sighting(report=number, at=NOON + timedelta(minutes=number), who=str(number), path=path))
        for number, path in enumerate(paths)
    ]
    assert any(one and one.node == "Penza/Lenina" for one in told)


@given(st.lists(st.tuples(st.floats(0, 600), st.integers(0, 2159), st.integers(0, 59)), max_size=60))
def test_whatever_comes_a_suspicion_names_a_node_above_its_reports(seen: list[tuple[float, int, int]]) -> None:
    watch = Watch(rates(), threshold=8)
    for number, (minutes, house, flat) in enumerate(sorted(seen)):
        told = watch.see(sighting(number, minutes, house, flat))
        if told is not None:
            assert told.node in simulated.house(house)
            assert number in told.reports
            assert len(told.reports) >= 2
            assert told.since <= told.at


def test_simulated_weeks_and_outages_stay_within_what_is_promised() -> None:
    """Campus in 12 minutes and district in 4 at 0.3 false alarms a week; `bench.outages` runs it longer."""
    history = list(simulated.quiet(random.Random(1), 26, simulated.START))
    learnt = simulated.learn(history, 26)
    assert simulated.false_alarms(learnt, random.Random(7), 52, 14.0) <= 0.3 * 52
    for level, promised in (("c", 12), ("d", 4)):
        minutes, missed, _ = simulated.detection(learnt, random.Random(11), level, 30, 14.0)
        assert missed == 0
        assert sorted(minutes)[len(minutes) // 2] <= promised
