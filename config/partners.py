"""Settings of the window for partners: where it listens, who they are, and how each speaks TMF621 (his dialect)."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta
from msgspec.structs import force_setattr

from config.backends import Word, checked_url
from config.base import ChannelBase, Minutes, Port, Strict
from config.secrets import Secret

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
Patch = Literal["json", "merge-patch+json", "json-patch+json"]
Scope = Literal["read", "write"]


class Issuer(Strict, frozen=True, kw_only=True):
    """An authorization server of others whose JWT access tokens are taken (RFC 9068), by its public keys (RFC 7517)."""

    issuer: str  # as it stands in `iss`
    audience: str  # as it names us in `aud`
    jwks: str  # its key set: a file, or an https URL
    ca_file: str | None = None  # PEM of the authority behind that URL's certificate; default: the system's
    algorithms: tuple[Algorithm, ...] = ("RS256", "PS256", "ES256")
    client_claim: str = "client_id"  # which claim names the client; some write azp

    def __post_init__(self) -> None:
        if ":" in self.jwks:
            checked_url("partner_api.issuer.jwks", self.jwks)


class PartnerApi(Strict, frozen=True, kw_only=True):
    """Where partners' ticket systems reach us; open only where there is a partner."""

    host: str = "127.0.0.1"
    port: Port = 8090
    public_url: str | None = None  # as partners reach it behind a proxy, https://tickets.example.net
    max_body: Annotated[int, Meta(ge=1_000, le=200_000_000)] = 30_000_000  # bytes of one request, attachments included
    token_minutes: Minutes = 10  # for which an access token of ours lets in
    issuer: Issuer | None = None  # whose access tokens let in beside ours
    allow_callbacks: tuple[str, ...] = ()  # hosts of ours that events may go to, beside everybody's public addresses

    def __post_init__(self) -> None:
        if self.public_url is not None:
            checked_url("partner_api.public_url", self.public_url)
        force_setattr(self, "allow_callbacks", tuple(map(str.lower, self.allow_callbacks)))


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


class Events(Strict, frozen=True, kw_only=True):
    """How events prove to a partner that they are ours."""

    secret: Secret  # of signatures whsec_… (24 to 64 bytes in base64; one more line each while keys are changed)
    auth: Literal["signature", "basic", "bearer"] = "signature"  # Standard Webhooks 1.0.0, or the secret as it is
    user: str = ""  # of basic; the secret is its password
    ca_file: str | None = None  # PEM of the authority behind the listener's certificate; default: the system's
    timeout: Annotated[float, Meta(gt=0, le=60)] = 10.0  # seconds for one event


class Partner(ChannelBase, frozen=True, kw_only=True):
    """Another operator or a company of the group that sends us its tickets; also a channel that reports come by."""

    token: Secret | None = None  # a bearer that never ends (RFC 6750)
    client_id: str | None = None  # of OAuth 2 and of signed requests; default: the partner's name
    client_secret: Secret | None = None  # for access tokens of ours (RFC 6749 section 4.4)
    signing_key: Secret | None = None  # of signed requests (RFC 9421)
    scopes: tuple[Scope, ...] = ("read", "write")  # what he may do
    per_minute: Annotated[int, Meta(gt=0)] = 600  # requests
    burst: Annotated[int, Meta(gt=0)] = 100  # requests at once, before those
    events: Events | None = None  # without it none are sent to him
    dialect: Dialect = Dialect()


def check_partners(partners: Mapping[str, Partner]) -> None:
    """Raise ValueError where two partners could be taken for one another, or a name can't name a queue."""
    clients: dict[str, str] = {}
    for name, partner in partners.items():
        if not re.fullmatch("[A-Za-z0-9_-]+", name):
            raise ValueError(f"partners.{name}: write letters, digits, - and _: name the partner otherwise")
        client = partner.client_id or name
        if client in clients:
            raise ValueError(f"partners.{name}.client_id: {client} is that of {clients[client]}: give another one")
        clients[client] = name
