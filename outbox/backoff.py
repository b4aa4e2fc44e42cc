"""When a delivery that failed is tried again."""

import hashlib
from datetime import datetime, timedelta

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=10)
_AT_LEAST = 5  # attempts, also when the deadline is over: after a long outage one hiccup must not park the backlog

_PLAN = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
#: An event is tried for this long.
EVENT_PATIENCE = timedelta(days=4)


def next_attempt(attempts: int, now: datetime, due_at: datetime, key: str = "", *, asked: float = 0) -> datetime | None:
    """Give the time of the next attempt after `attempts` (1 or more) failed ones, None when a person must look.

    The pause doubles from 5 seconds to 10 minutes, a fifth shorter or longer by the delivery's key, so that a backend
    that comes back is not met by all at once. The last attempt is at the deadline itself. A backend may have `asked`
    for a longer pause, in seconds, up to those 10 minutes.
    """
    pause = min(_FIRST * (1 << min(attempts - 1, 20)), _LONGEST) * _jitter(attempts, key)
    pause = max(pause, min(timedelta(seconds=asked), _LONGEST))
    if attempts < _AT_LEAST:
        return now + pause
    return min(now + pause, due_at) if now < due_at else None


def next_event(attempts: int, now: datetime, made_at: datetime, key: str, *, asked: float = 0) -> datetime | None:
    """Give the time of the next attempt to bring an event to a partner, None when it is given up.

    The pauses are those of Standard Webhooks 1.0.0, a fifth shorter or longer; the last attempt is four days after the
    event was made, and there are at least five. The partner may have `asked` for a longer pause, up to a day.
    """
    pause = _PLAN[min(attempts, len(_PLAN)) - 1] * _jitter(attempts, key)
    pause = max(pause, min(timedelta(seconds=asked), _PLAN[-1]))
    until = made_at + EVENT_PATIENCE
    if attempts < _AT_LEAST:
        return now + pause
    return min(now + pause, until) if now < until else None


def _jitter(attempts: int, key: str) -> float:
    """Give a factor from 0.8 to 1.2, the same for the same attempt of the same delivery."""
    digest = hashlib.sha256(f"{attempts}\0{key}".encode()).digest()
    return 0.8 + 0.4 * int.from_bytes(digest[:4]) / 2**32
