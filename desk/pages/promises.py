"""The promises of a report as the pages show them: what each is, how much of its time is gone, what is left."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from records.clocks import BROKEN, Promise
from storage.promises import Running


class Bar(Struct, frozen=True, kw_only=True):
    """One promise at one moment."""

    promise: Promise
    stage: Literal["calm", "half", "late", "over", "done", "ended"]
    gone: int  # per cent of the time of this round, by the clock on the wall; at most 100
    span: timedelta  # what is left; over: since the due time; done: how late it was kept, 0 where it was in time
    due_at: datetime | None  # None: it is not known yet
    provisional: str | None
    note: str | None


def bar(one: Running, now: datetime) -> Bar:
    """Read a promise."""
    span, gone = timedelta(), 0
    if one.due_at is not None:
        end = one.ended_at or now
        whole = max(one.due_at - one.begins_at, timedelta(seconds=1))
        gone = min(max(int(100 * ((end - one.begins_at) / whole)), 0), 100)
        span = max(end - one.due_at, timedelta()) if one.ended_at else one.due_at - end
    return Bar(
        promise=one.promise, stage=_stage(one, now), gone=gone, span=span, due_at=one.due_at,
        provisional=one.provisional, note=one.note,
    )  # fmt: skip


def bars(found: Iterable[Running], now: datetime) -> list[Bar]:
    """Read all promises of a report; one that is not held to any more only where it was broken or kept."""
    return [bar(one, now) for one in found if one.ended_at is None or one.kept_at or one.broken_at]


def pressing(found: Iterable[Running], now: datetime) -> list[Bar]:
    """Give those that a list of reports marks: warned of or broken; the record's own is the report's clock."""
    running = (one for one in found if one.ended_at is None and one.promise is not Promise.RECORD)
    return [bar(one, now) for one in running if one.stage or _is_over(one, now)]


def _stage(one: Running, now: datetime) -> Literal["calm", "half", "late", "over", "done", "ended"]:
    if one.ended_at is not None:
        return "done" if one.kept_at else "ended"
    if _is_over(one, now):
        return "over"
    return "late" if one.stage >= 75 else "half" if one.stage else "calm"


def _is_over(one: Running, now: datetime) -> bool:
    return one.stage >= BROKEN or (one.due_at is not None and one.due_at <= now)
