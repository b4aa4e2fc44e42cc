"""What all settings have in common."""

from typing import Annotated

from msgspec import Meta, Struct

Port = Annotated[int, Meta(ge=0, le=65535)]
Minutes = Annotated[int, Meta(gt=0, le=60 * 24 * 30)]
Language = Annotated[str, Meta(pattern="^[a-z]{2}$")]  # ISO 639-1
Region = Annotated[str, Meta(pattern="^[A-Z]{2}$")]  # ISO 3166-1


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unknown keys are refused."""


class ChannelBase(Strict, frozen=True, kw_only=True):
    """What every channel has."""

    rule: Minutes = 120  # from arrival to the standard record
    language: Language = "ru"  # where the text itself does not tell
    region: Region = "RU"  # country of phone numbers written without +
    city: str | None = None  # of addresses written without one
    company: str | None = None  # of the group, whose customers come by it; the routing table may ask for it
