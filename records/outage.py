"""A mass outage: many reports under one node of the network, which are one emergency (domain rule 10)."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct


class OutageState(StrEnum):
    """What is known of it."""

    SUSPECTED = "suspected"  # the watch has seen it; typical fixes under it wait
    CONFIRMED = "confirmed"  # a person says so
    DISMISSED = "dismissed"  # a person says that there is none
    OVER = "over"  # it is mended


#: While it stands so, what is reported under its node belongs to it.
ACTIVE = (OutageState.SUSPECTED, OutageState.CONFIRMED)


class Cause(StrEnum):
    """Why it failed, as far as customers are told; each has its words in every language of the answers."""

    CABLE = "cable"  # damaged
    POWER = "power"  # none at the node
    EQUIPMENT = "equipment"
    WORKS = "works"  # planned or urgent, ours or others'
    WEATHER = "weather"
    UNKNOWN = "unknown"  # still looked for


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
    cause: Cause | None = None  # since it is confirmed
    expected_end: datetime | None = None  # as a person said when he confirmed it
    monitored_at: datetime | None = None  # what monitoring said last of its node, by its own clock
    monitoring: str | None = None  # in its words
    up: bool = False  # monitoring says that the node works again: the end is proposed


class Alarm(Struct, frozen=True, kw_only=True):
    """What monitoring says of a node."""

    node: str
    state: Literal["down", "up"]
    at: datetime  # aware; when the node went down or came up
    text: Annotated[str, Meta(max_length=2000)] = ""
