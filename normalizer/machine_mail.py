"""Tells mail that a machine wrote: auto-replies, bounces, feedback reports, bulk mail, and our own mail come back."""

from collections.abc import Mapping

from msgspec import Struct

from records.reading import Mailbox
from records.words import MachineMail


class MachineClues(Struct, frozen=True, kw_only=True):
    """What of a mail shows whether a machine wrote it."""

    headers: Mapping[str, tuple[str, ...]]  # lower-case names; values decoded and capped
    content_type: str  # lower-case type/subtype of the whole mail
    report_type: str | None = None  # of multipart/report (RFC 6522)
    part_types: tuple[str, ...] = ()  # lower-case type/subtype of every part, at any depth
    subject: str | None = None
    from_: Mailbox | None = None
    envelope_sender: str | None = None  # "" is the null sender, None: not known
    text: str = ""  # all visible text
    own_addresses: tuple[str, ...] = ()  # lower case


def tell(clues: MachineClues) -> MachineMail | None:
    """Tell why a machine wrote this mail, None where a person may have written it."""
    if clues.report_type == "feedback-report":
        return MachineMail.FEEDBACK
    if clues.report_type == "delivery-status":
        return MachineMail.BOUNCE
    if clues.headers.get("auto-submitted", ("no",))[0].lower().startswith("auto-"):
        return MachineMail.AUTO_REPLY
    return None
