"""Which status a partner may give its ticket: of MEF 124 section 6.1.4 what is the buyer's. The rest is ours to say."""

from collections.abc import Mapping
from typing import Final

from records.status import Status

#: How it stands → what the partner may make of it. Whatever is in no row has ended.
PARTNER_MAY: Final[Mapping[Status, tuple[Status, ...]]] = {
    Status.ACKNOWLEDGED: (Status.CANCELLED,),
    Status.IN_PROGRESS: (Status.CANCELLED, Status.RESOLVED),
    Status.PENDING: (Status.IN_PROGRESS, Status.CANCELLED, Status.RESOLVED),
    Status.HELD: (Status.CANCELLED, Status.RESOLVED),
    Status.RESOLVED: (Status.CLOSED, Status.IN_PROGRESS),
}


def may(stands: Status, to: Status) -> bool:
    """Tell whether a partner may change a status so."""
    return to in PARTNER_MAY.get(stands, ())


def ways(stands: Status) -> str:
    """Name what a partner may do, for his engineer."""
    return " or ".join(PARTNER_MAY.get(stands, ())) or "nothing: it has ended"
