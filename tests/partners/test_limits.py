"""How often a partner may come."""

from hypothesis import given
from hypothesis import strategies as st

from partners.limits import Bucket


def test_a_burst_is_let_in_and_then_as_many_as_flow() -> None:
    bucket = Bucket(per_minute=60, burst=3)
    assert [bucket.take(100.0) for _ in range(4)] == [0, 0, 0, 1]
    assert [bucket.take(101.0), bucket.take(101.0)] == [0, 1]
    assert [bucket.take(1000.0) for _ in range(4)] == [0, 0, 0, 1]  # no more than a burst is saved up


def test_whoever_waits_as_long_as_he_is_told_is_let_in() -> None:
    bucket = Bucket(per_minute=7, burst=1)
    assert bucket.take(0.0) == 0
    wait = bucket.take(0.0)
    assert wait == 9
    assert bucket.take(float(wait)) == 0


@given(st.integers(1, 600), st.integers(1, 50), st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200))
def test_never_more_than_the_burst_and_the_flow(per_minute: int, burst: int, pauses: list[float]) -> None:
    bucket, now, taken = Bucket(per_minute, burst), 0.0, 0
    for pause in pauses:
        now += pause
        taken += bucket.take(now) == 0
    assert taken <= burst + per_minute / 60 * now + 1e-6
