"""What ties a report to an earlier one: clues found in it, and what the archive knows of them."""

from msgspec import Struct

from records.words import Order


class Clues(Struct, frozen=True, kw_only=True):
    """What a report shows of earlier ones, for the archive to look up. None of it is proof but a verified token."""

    tokens: tuple[str, ...] = ()  # texts that look like our reply tokens, from Message-IDs and recipient addresses
    message_ids: tuple[str, ...] = ()  # In-Reply-To and References
    numbers: tuple[str, ...] = ()  # quoted record numbers of ours
    sender: str | None = None  # lower-case address, or a messenger id
    about: str | None = None  # number of the report that the door has proven it to belong to: a partner's own ticket
    partner: str | None = None  # name of the partner who has sent it: his mail was verified
    number: str | None = None  # his own number of what it is about
    record_id: str | None = None  # number of the report that shows all this


class Earlier(Struct, frozen=True, kw_only=True):
    """One earlier report that a clue leads to."""

    id: str
    report: int
    order: Order
    reporter_email: str | None = None
    closed: bool = False


class Known(Struct, frozen=True, kw_only=True):
    """What the archive knows of the clues; `proven` comes from a token whose HMAC was verified, or from a door."""

    proven: Earlier | None = None
    by_door: bool = False  # the door, or the partner's own number, has proven it: who sends needs no comparing
    proven_recipient: str | None = None  # whom the reply with that token was sent to
    quoted: tuple[Earlier, ...] = ()  # reports whose number or Message-ID is quoted
    ours: bool = False  # the mail is one that we sent ourselves: a loop
