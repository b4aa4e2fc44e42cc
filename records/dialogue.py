"""What a customer says to us about his own report while it is open: requests, and how the steps that we offered went.

A button below one of our messages carries `data`: the wish, the step that it answers, and the reply token of the report
(`records.tokens`), so that a press is proof like the answer to a mail.
"""

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

_DATA = re.compile(r"([a-z_]{1,20}):(\d{1,3}):(fg-\d{1,18}-[a-z2-7]{16})", re.ASCII)


class Wish(StrEnum):
    """What one message of a conversation wants, where it is no part of the report."""

    PROGRESS = "progress"  # how does it stand
    WITHDRAWAL = "withdrawal"
    HELPED = "helped"  # what we offered
    DID_NOT_HELP = "did_not_help"


class Tried(Struct, frozen=True, kw_only=True):
    """One step of a typical solution; a mail tells all steps at once, and is the last of them."""

    solution: str
    step: int  # from 1


class Request(Struct, frozen=True, kw_only=True):
    """One wish; by word or by button."""

    id: str  # of the message; of the press, to which its platform wants an answer
    wish: Wish
    pressed: bool = False
    tip: Tried | None = None  # the step that it answers


class Offer(Struct, frozen=True, kw_only=True):
    """What a customer may answer with whether it helped; `at` is aware UTC."""

    tip: Tried | None  # the step that we told him to try; None: we asked whether it is solved
    last: bool = False  # there is no further step
    at: datetime


class Outcome(StrEnum):
    """How the typical solution went."""

    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"  # not even its last step


class Dialogue(Struct, frozen=True, kw_only=True):
    """What was said beside the report, in order."""

    requests: tuple[Request, ...] = ()
    tried: tuple[Tried, ...] = ()  # without success
    outcome: Outcome | None = None

    @property
    def verdict(self) -> bool | None:
        """Whether it is solved, as the newest request says; None where it speaks of something else, or of one step."""
        newest = self.requests[-1] if self.requests else None
        if newest is None or newest.wish not in (Wish.HELPED, Wish.DID_NOT_HELP):
            return None
        if newest.wish is Wish.DID_NOT_HELP and newest.tip is not None and self.outcome is not Outcome.DID_NOT_HELP:
            return None
        return newest.wish is Wish.HELPED


class Press(Struct, frozen=True, kw_only=True):
    """The data of a button."""

    wish: Wish
    step: int = 0  # that it answers; 0: none
    token: str  # of the report, unproven


def data(press: Press) -> str:
    """Write a button's data: at most 64 bytes, as Telegram takes them."""
    return f"{press.wish}:{press.step}:{press.token}"


def press_of(text: str) -> Press | None:
    """Read a button's data; None for what is none of ours."""
    found = _DATA.fullmatch(text)
    if found is None or found[1] not in set(Wish):
        return None
    return Press(wish=Wish(found[1]), step=int(found[2]), token=found[3])
