"""A mass outage: many reports under one node of the network, which are one emergency (domain rule 10)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class OutageState(StrEnum):
    """What is known of it."""

    SUSPECTED = "suspected"  # the watch has seen it; typical fixes under it wait
    CONFIRMED = "confirmed"  # a person says so
    DISMISSED = "dismissed"  # a person says that there is none
    OVER = "over"  # it is mended


#: While it stands so, what is reported under its node belongs to it.
ACTIVE = (OutageState.SUSPECTED, OutageState.CONFIRMED)


class Outage(Struct, frozen=True, kw_only=True):
    """One outage."""

    id: int
    node: str  # of the operator's tree, or a place made of an address: "@пенза/ладожская"
    name: str  # for people
    path: tuple[str, ...]  # the node and all above it
    state: OutageState
    since: datetime  # of its first report
    seen_at: datetime
    score: float  # logarithm of the likelihood ratio
    expected: float  # reports that were to be expected in the window that told
    reports: int = 0  # that belong to it
    master: int | None = None  # the report that stands for all of them
    decided_by: str | None = None  # login of who confirmed, dismissed or ended it
    ended_at: datetime | None = None
