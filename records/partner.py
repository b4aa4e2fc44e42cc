"""What another operator's ticket or notice says of itself, beside the fields that every report has."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class PartnerStatus(StrEnum):
    """How a partner's ticket or works stand, in one word for all partners."""

    NEW = "new"
    UPDATED = "updated"
    RESCHEDULED = "rescheduled"
    IN_PROGRESS = "in_progress"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class Verification(StrEnum):
    """By what a partner's mail was proven to be his."""

    DKIM = "dkim"  # a signature of his domain (RFC 6376)
    SPF = "spf"  # his domain allows the host that handed it to us (RFC 7208)
    AUTHENTICATION_RESULTS = "authentication_results"  # a mail server that we trust has checked it (RFC 8601)
    ALLOW_LIST = "allow_list"  # the wiring names his address and the way by which it came


class Window(Struct, frozen=True, kw_only=True):
    """When works are done; aware UTC. A side that was not told is None."""

    start: datetime | None = None
    end: datetime | None = None


class PartnerTicket(Struct, frozen=True, kw_only=True):
    """One partner's ticket or notice of works; its number there is the record's `external_id`."""

    name: str | None = None  # of the partner
    status: PartnerStatus | None = None
    circuits: tuple[str, ...] = ()  # the partner's names of the circuits and services that are hit
    windows: tuple[Window, ...] = ()
    verified_by: Verification | None = None  # of a mail; None: whoever may have sent it
    answers: bool = False  # he wants our automatic answers, though his ticket system is a machine
