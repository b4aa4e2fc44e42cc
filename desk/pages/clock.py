"""What is left of a report's two hours, as the pages show it."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from records.standing import Standing


class Clock(Struct, frozen=True, kw_only=True):
    """The clock of one report at one moment."""

    stage: Literal["calm", "half", "late", "over", "done"]  # half: half is gone; late: three quarters
    span: timedelta  # what is left; over: since the due time; done: what it took, or how late it was
    in_time: bool = True


def clock(standing: Standing, now: datetime) -> Clock:
    """Read a report's clock."""
    received, due, settled = standing.received_at, standing.due_at, standing.settled_at
    if settled is not None:
        in_time = settled <= due
        return Clock(stage="done", span=settled - (received if in_time else due), in_time=in_time)
    if now >= due:
        return Clock(stage="over", span=now - due, in_time=False)
    gone = (now - received) / max(due - received, timedelta(seconds=1))
    return Clock(stage="late" if gone >= 0.75 else "half" if gone >= 0.5 else "calm", span=due - now)
