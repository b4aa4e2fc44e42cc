"""What the writing desk is told beside the original, so that it needs no clock and no settings of its own."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from config.partners import Dialect
from records.arrival import Envelope
from records.chat import KeptFile
from records.dialogue import Offer
from records.record import OriginalRef


class Context(Struct, frozen=True, kw_only=True):
    """The circumstances of one report."""

    id: str | None  # the record's number; None when nothing is stored (`faultgate normalize`)
    channel: str
    received_at: datetime
    due_at: datetime
    original: OriginalRef
    envelope: Envelope = Envelope()
    language: str = "ru"  # where the text does not tell
    region: str = "RU"  # country of phone numbers written without + where the text's language does not tell
    city: str | None = None
    zone: str = "Europe/Moscow"  # relative dates ("yesterday") are told in it
    own_addresses: tuple[str, ...] = ()  # lower case
    own_domains: tuple[str, ...] = ()
    fax_gateways: tuple[str, ...] = ()  # lower case: addresses or @domains whose mail brings faxes
    offers: tuple[Offer, ...] = ()  # the steps that we told the customer of this report to try, in order
    files: tuple[KeptFile, ...] = ()  # of a conversation, in the order in which they were named
    problem: str | None = None  # what the door could not bring: "too_large"
    pages: tuple[int, ...] = ()  # the pages of the original that are this report; empty: all
    separator: str = "none"  # what divides a stack into letters: "blank", "barcode"; "none" where it is divided already
    barcode: str = ""  # what a separator sheet's barcode says
    templates: tuple[str, ...] = ()  # of partners' mail, that people have made; TOML
    dialect: Dialect = Dialect()  # of the partner whose ticket it is
    keys: Mapping[str, str] = {}  # public keys of a partner's signatures by their DNS names, once they were asked for
    recognise: bool = False  # pages may be recognised: this is a child for paper, which has the time
