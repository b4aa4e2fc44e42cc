"""When a failed delivery is tried again."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from outbox.backoff import EVENT_PATIENCE, next_attempt, next_event
from tests.outbox.situations import AT

DUE = AT + timedelta(hours=2)


def attempts_at(key: str, start: timedelta = timedelta()) -> list[timedelta]:
    """Let every attempt fail at once, and give when each took place, counted from the arrival."""
    now, made = AT + start, [start]
    while (at := next_attempt(len(made), now, DUE, key)) is not None:
        made.append(at - AT)
        now = at
    return made


def test_pauses_grow_and_the_last_attempt_is_at_the_deadline() -> None:
    made = attempts_at("create/desk/1")
    pauses = [later - sooner for sooner, later in pairwise(made)]

    assert 15 < len(made) < 25
    assert timedelta(seconds=4) <= pauses[0] <= timedelta(seconds=6)
    assert max(pauses) <= timedelta(minutes=12)
    assert made[-1] == timedelta(hours=2)


def test_after_the_deadline_a_few_attempts_are_made_and_then_a_person_looks() -> None:
    assert len(attempts_at("k", timedelta(hours=5))) == 5


@settings(deadline=None)
@given(st.integers(1, 10_000), st.timedeltas(timedelta(hours=-1), timedelta(hours=6)), st.text(max_size=20))
def test_the_next_attempt_is_later_pure_and_within_the_deadline(attempts: int, since: timedelta, key: str) -> None:
    now = AT + since
    at = next_attempt(attempts, now, DUE, key)

    assert at == next_attempt(attempts, now, DUE, key)
    if at is None:
        assert now >= DUE
        assert attempts >= 5
    else:
        assert now < at <= now + timedelta(minutes=12)
        assert at <= DUE or attempts < 5


def test_two_deliveries_do_not_come_back_together() -> None:
    times = {next_attempt(6, AT, DUE, f"create/desk/{number}") for number in range(100)}

    assert len(times) == 100


def test_a_backend_may_ask_for_a_longer_pause_within_reason() -> None:
    for asked, waited in ((0, 5), (1, 5), (60, 60), (86_400, 600)):
        again = next_attempt(1, AT, AT + timedelta(hours=2), asked=asked)
        assert again is not None
        assert timedelta(seconds=0.8 * waited) <= again - AT <= timedelta(seconds=1.2 * waited)
    assert next_attempt(9, AT, AT + timedelta(seconds=30), asked=60) == AT + timedelta(seconds=30)


def test_an_event_is_tried_for_four_days_with_growing_pauses() -> None:
    now, made = AT, [timedelta()]
    while (at := next_event(len(made), now, AT, "event/1/2")) is not None:
        made.append(at - AT)
        now = at
    pauses = [later - sooner for sooner, later in pairwise(made)]
    assert made[-1] == EVENT_PATIENCE
    assert timedelta(seconds=4) <= pauses[0] <= timedelta(seconds=6)
    assert timedelta(hours=15) < max(pauses) <= timedelta(hours=24) * 1.2


def test_an_old_event_is_tried_five_times_and_a_partner_may_ask_for_a_pause() -> None:
    late = AT + EVENT_PATIENCE * 2
    assert [next_event(number, late, AT, "k") is None for number in range(1, 7)] == [False] * 4 + [True] * 2
    asked = next_event(1, AT, AT, "k", asked=3600)
    assert asked == AT + timedelta(hours=1)
    assert next_event(1, AT, AT, "k", asked=10**6) == AT + timedelta(days=1)
