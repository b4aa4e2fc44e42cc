"""Work to be done, as rows; a broker message is only a doorbell for one of them."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

#: What three attempts to read or to classify did not bring to an end goes to a person, with the original in view.
MAX_ATTEMPTS = 3


class Step(StrEnum):
    """The steps of the road after `accept`."""

    NORMALIZE = "normalize"
    RECOGNIZE = "recognize"  # what normalize is for paper: long, niced, and with threads and children of its own
    CLASSIFY = "classify"
    DELIVER = "deliver"
    TELL = "tell"  # a report's new status, to whom it concerns
    FETCH = "fetch"  # a file that a messenger only named


class Lane(StrEnum):
    """Whose threads and bells take a step, so that none of them holds up another."""

    ROAD = "road"
    PAPER = "paper"
    DELIVER = "deliver"


LANES = {
    Step.NORMALIZE: Lane.ROAD, Step.CLASSIFY: Lane.ROAD, Step.TELL: Lane.ROAD, Step.RECOGNIZE: Lane.PAPER,
    Step.DELIVER: Lane.DELIVER, Step.FETCH: Lane.DELIVER,
}  # fmt: skip


class Task(Struct, frozen=True, kw_only=True):
    """One step for one subject: a report for `normalize`, `recognize` and `classify`, a delivery for `deliver`,
    a change of status for `tell`, a file of a chat for `fetch`.

    `destination`: where it leads out of the house, a backend's name; "" inside.

    `attempts` counts this attempt too: it was committed before any byte is touched. `lease_token` is the fence: a
    worker whose token is no longer the row's changes nothing.
    """

    id: int
    step: Step
    subject: int
    due_at: datetime
    attempts: int
    lease_token: str
    destination: str = ""
