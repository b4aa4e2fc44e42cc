"""Settings of the window for partners: where it listens, who they are, and how each speaks TMF621 (his dialect)."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta

from config.backends import Word, checked_url
from config.base import ChannelBase, Port, Strict
from config.secrets import Secret

Patch = Literal["json", "merge-patch+json", "json-patch+json"]


class PartnerApi(Strict, frozen=True, kw_only=True):
    """Where partners' ticket systems reach us; open only where there is a partner."""

    host: str = "127.0.0.1"
    port: Port = 8090
    public_url: str | None = None  # as partners reach it behind a proxy, https://tickets.example.net
    max_body: Annotated[int, Meta(ge=1_000, le=200_000_000)] = 30_000_000  # bytes of one request, attachments included

    def __post_init__(self) -> None:
        if self.public_url is not None:
            checked_url("partner_api.public_url", self.public_url)


class Dialect(Strict, frozen=True, kw_only=True):
    """What one partner does otherwise than TMF621 says."""

    required: tuple[str, ...] = ()  # attributes that his tickets must have beside the standard's
    id_field: str = ""  # attribute or characteristic that holds his number; default: externalIdentifier, externalId
    statuses: Mapping[str, Word] = {}  # his word → TMF621's; the first of several is the one that he is shown
    values: Mapping[str, Mapping[str, str]] = {}  # severity, priority, ticketType → his word → ours
    patch: tuple[Patch, ...] = ("json", "merge-patch+json", "json-patch+json")  # kinds of PATCH that he may send

    def __post_init__(self) -> None:
        for name in self.values:
            if name not in ("severity", "priority", "ticketType"):
                raise ValueError(f"dialect.values: no words of {name} are told: give severity, priority or ticketType")


class Partner(ChannelBase, frozen=True, kw_only=True):
    """Another operator or a company of the group that sends us its tickets; also a channel that reports come by."""

    token: Secret | None = None  # a bearer that never ends (RFC 6750)
    dialect: Dialect = Dialect()
