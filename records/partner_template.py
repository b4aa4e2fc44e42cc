"""How a person makes a template of a partner's mail: what the mail shows, what he says of it, what is read then."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from records.partner import PartnerStatus


class PartnerField(StrEnum):
    """What a label of a partner's mail may stand for."""

    NUMBER = "number"
    CIRCUITS = "circuits"
    WINDOW = "window"
    START = "start"
    END = "end"
    DURATION = "duration"
    STATUS = "status"
    ACCOUNT = "account"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    ORGANIZATION = "organization"
    DESCRIPTION = "description"
    SINCE = "since"
    URGENCY = "urgency"


class Label(Struct, frozen=True, kw_only=True):
    """A label that was found in a mail, with what stands there."""

    text: str
    value: str
    field: PartnerField | None = None  # what the shared labels take it for


class Look(Struct, frozen=True, kw_only=True):
    """What one mail shows of its form."""

    subject: str = ""
    sender: str = ""  # address of From
    numbers: tuple[str, ...] = ()  # what may be the partner's number, the likeliest first
    kinds: tuple[str, ...] = ()  # media types of the bodies that can be read
    labels: tuple[Label, ...] = ()


class Draft(Struct, frozen=True, kw_only=True):
    """What a person says of a partner's mail."""

    name: str  # of the partner
    senders: tuple[str, ...]  # addresses and domains
    number: str = ""  # as it stands in the mail that the template is made from
    by_number: bool = False  # mail of other subjects, without such a number, is no ticket
    labels: Mapping[str, PartnerField] = {}
    status_words: Mapping[PartnerStatus, tuple[str, ...]] = {}
    required: tuple[PartnerField, ...] = (PartnerField.NUMBER,)
    zone: str = "UTC"  # of times that name none, a name of the tz database
    month_first: bool = False  # in 12/10/2020
    answers: bool = False


class Reads(Struct, frozen=True, kw_only=True):
    """What a template reads in one mail."""

    subject: str
    known: bool = False  # it is the partner's, by sender and number
    lacking: tuple[PartnerField, ...] = ()  # required, and not found
    values: tuple[tuple[PartnerField, str], ...] = ()
    status: PartnerStatus | None = None


class Wanted(Struct, frozen=True, kw_only=True):
    """Mails to be looked at, and what is said of them; the first is the one that the template is made from."""

    mails: tuple[bytes, ...]
    draft: Draft | None = None  # None: only a look at the first
    at: datetime  # now, aware


class Made(Struct, frozen=True, kw_only=True):
    """What came of it."""

    look: Look
    body: str = ""  # the template, in TOML
    reads: tuple[Reads, ...] = ()  # of each mail, in order
    problem: str | None = None  # why there is no template
