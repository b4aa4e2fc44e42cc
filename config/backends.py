"""Settings of the ticket backends: how each is reached, and what goes into which of its fields."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from msgspec import Meta

from config.base import Port, Strict
from config.loopback import is_loopback
from config.secrets import Secret

#: What may stand in braces in a template; `outbox.backends.mapping` tells what each one is.
PLACEHOLDERS = frozenset({
    "about", "account", "address", "building", "channel", "city", "company", "description", "due_at", "earlier",
    "email", "entrance", "equipment", "flat", "group", "house", "language", "line", "messenger", "name", "node",
    "number", "order", "organization", "phone", "received_at", "reference", "service", "since", "street", "symptom",
    "text", "urgency",
})  # fmt: skip
Word = Literal["acknowledged", "rejected", "pending", "held", "inProgress", "cancelled", "closed", "resolved"]  # TMF621
Seconds = Annotated[float, Meta(gt=0, le=600)]
Bytes = Annotated[int, Meta(ge=0, le=100_000_000)]

_BRACES = re.compile(r"\{([^{}]*)\}")


def _checked(templates: Mapping[str, str]) -> None:
    for where, template in templates.items():
        for name in _BRACES.findall(template):
            if name not in PLACEHOLDERS:
                known = ", ".join(sorted(PLACEHOLDERS))
                raise ValueError(f"{where}: no placeholder is named {{{name}}}: there are {known}")


def checked_url(key: str, url: str) -> None:
    """Raise ValueError where no request may be sent there: no TLS beyond loopback, a password or a query in it."""
    try:
        parts: Any = urlsplit(url)
        plain = url.isascii() and (parts.port or 1) > 0
    except ValueError:
        plain = False
    if not plain or parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"{key}: write https://host/path in ASCII, without user and password")
    if parts.query or parts.fragment:
        raise ValueError(f"{key}: leave out what begins with ? or #")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(f"{key}: http is allowed on loopback only: write https")


class Mapped(Strict, frozen=True, kw_only=True):
    """What a ticket is made of there; both tables are laid over those of the kind, see `outbox.backends.mapping`."""

    fields: Mapping[
        str, str
    ] = {}  # field there → template; a dot goes one level down; an empty template leaves a field out
    values: Mapping[
        str, Mapping[str, str | int | bool]
    ] = {}  # field there → what the template gave → what is sent; "*": anything else

    note: str = "{text}"  # of a follow-up; behind its own number, by which it is known again
    withdrawal: str = "The customer cancels.\n\n{text}"

    def __post_init__(self) -> None:
        _checked({**self.fields, "note": self.note, "withdrawal": self.withdrawal})


class Attaching(Mapped, frozen=True, kw_only=True):
    """What every backend has that takes files."""

    attachments: bool = True  # the report's files go there, too; of paper the original
    max_file: Bytes = 10_000_000  # a larger file stays in the archive
    max_files: Bytes = 25_000_000  # of one report together; what is beyond stays in the archive


class Http(Attaching, frozen=True, kw_only=True):
    """What every backend behind HTTP has."""

    url: str  # https, or http on loopback; a path in it is kept
    ca_file: str | None = None  # PEM of the authority behind the server's certificate; default: the system's
    timeout: Seconds = 30.0  # for one whole exchange, however slowly it drips

    def __post_init__(self) -> None:
        super().__post_init__()
        checked_url("url", self.url)


class Searched(Http, frozen=True, kw_only=True):
    """What every ticket system that can be searched has."""

    statuses: Mapping[str, Word] = {}  # status there → TMF621 word, beside those of the kind
    cancelled: str  # the status there that a withdrawal sets
    reopened: str  # the status there that a closed ticket gets when its fault is there again
    closed: Literal["reopen", "linked"] = (
        "reopen"  # what a follow-up to a closed ticket does: opens it again, or gets one of its own that tells of it
    )
    poll: Annotated[float, Meta(ge=0, le=86_400)] = 300.0  # seconds between two looks at an open ticket; 0: none
    hook: Secret | None = None  # of the calls by which it says that a ticket has changed; without it none is taken
    lag: Annotated[float, Meta(ge=0, le=600)] = 0.0  # seconds until its search surely finds a new ticket


class RequestTracker(Searched, frozen=True, kw_only=True, tag_field="kind", tag="request_tracker"):
    """Request Tracker 5 by REST 2.0."""

    token: Secret
    queue: str = "General"
    id_field: str = "External-ID"  # custom field of the queue that holds our number
    cancelled: str = "rejected"
    reopened: str = "open"


class ClientCredentials(Strict, frozen=True, kw_only=True):
    """OAuth 2 without a user: client credentials (RFC 6749 section 4.4)."""

    token_url: str
    client_id: str
    client_secret: Secret
    scope: str | None = None

    def __post_init__(self) -> None:
        checked_url("token_url", self.token_url)


class Tmf621(Searched, frozen=True, kw_only=True, tag_field="kind", tag="tmf621"):
    """A partner's TMF621 Trouble Ticket API; what he does otherwise than the standard is his dialect."""

    version: Literal[4, 5] = 5
    token: Secret | None = None  # a bearer; or `user` and `password`, or `oauth2`
    user: str | None = None
    password: Secret | None = None
    oauth2: ClientCredentials | None = None
    id_field: str = ""  # where our number lives; default: externalIdentifier, in version 4 externalId
    owner: str | None = None  # of an externalIdentifier; default: the gateway's domain
    patch: Literal["merge-patch+json", "json", "json-patch+json"] | None = None  # default: merge; in version 4 json
    max_file: Bytes = 1_000_000  # a partner gives a ticket back with all that it holds
    max_files: Bytes = 2_000_000
    notes: Literal["replace", "append"] = (
        "replace"  # what the partner makes of `note` in a PATCH that is not json-patch
    )
    cancelled: str = "cancelled"
    reopened: str = "inProgress"


class Webhook(Mapped, frozen=True, kw_only=True, tag_field="kind", tag="webhook"):
    """A receiver of signed messages (Standard Webhooks 1.0.0)."""

    url: str
    ca_file: str | None = None
    timeout: Seconds = 15.0
    secret: Secret  # whsec_… (24 to 64 bytes in base64); one more line each while keys are changed

    def __post_init__(self) -> None:
        super().__post_init__()
        checked_url("url", self.url)


class Mail(Attaching, frozen=True, kw_only=True, tag_field="kind", tag="mail"):
    """A desk that takes tickets by mail, through a smarthost of ours."""

    to: tuple[str, ...]
    sender: str | None = None  # default: tickets@ the gateway's domain
    host: str
    port: Port = 25
    starttls: bool = True
    allow_plaintext: bool = False  # a smarthost on loopback may do without TLS
    ca_file: str | None = None
    user: str | None = None
    password: Secret | None = None
    timeout: Seconds = 60.0
    record: bool = True  # attach the whole record as JSON


class Zammad(Searched, frozen=True, kw_only=True, tag_field="kind", tag="zammad"):
    """Zammad by its REST API."""

    token: Secret
    group: str = "Users"
    customer: str | None = None  # address of the account that all tickets belong to; default: tickets@ our domain
    id_field: str = "external_id"  # attribute of the object Ticket, made for our number
    cancelled: str = "closed"
    reopened: str = "open"


class Znuny(Searched, frozen=True, kw_only=True, tag_field="kind", tag="znuny"):
    """Znuny, OTOBO or OTRS by a web service of the Generic Interface; `url` ends in its name."""

    user: str
    password: Secret
    queue: str = "Raw"
    customer: str | None = None  # CustomerUser of all tickets; default: tickets@ our domain
    id_field: str = "ExternalID"  # dynamic field of tickets, of the kind Text
    cancelled: str = "closed unsuccessful"
    reopened: str = "open"


class ServiceNow(Searched, frozen=True, kw_only=True, tag_field="kind", tag="servicenow"):
    """ServiceNow by its Table API, or through an import set that coalesces on our number."""

    token: Secret | None = None  # a bearer; or `user` and `password`, or `oauth2`
    user: str | None = None
    password: Secret | None = None
    oauth2: ClientCredentials | None = None
    table: str = "incident"
    import_table: str | None = None  # staging table: tickets are opened through it
    id_field: str = "correlation_id"
    cancelled: str = "8"
    reopened: str = "2"


class Helix(Searched, frozen=True, kw_only=True, tag_field="kind", tag="helix"):
    """BMC Helix ITSM (Remedy 9.1 and later) by its REST API; an older Remedy takes `mail`."""

    user: str
    password: Secret
    first_name: str  # of the person there for whom all incidents are opened
    last_name: str
    id_field: str = "Vendor Ticket Number"  # of HPD:IncidentInterface
    id_field_create: str | None = None  # the same on HPD:IncidentInterface_Create, where its name differs
    cancelled: str = "Cancelled"
    reopened: str = "In Progress"


class JiraServiceManagement(Searched, frozen=True, kw_only=True, tag_field="kind", tag="jira_service_management"):
    """Jira Service Management, in the cloud or a Data Center."""

    token: Secret  # of an API user in the cloud; in a Data Center a personal access token
    user: str | None = None  # its address in the cloud; none in a Data Center
    service_desk: str  # its id
    request_type: str  # its id
    id_field: str  # customfield_10050: a text field of that request type
    search: str = "rest/api/3/search/jql"  # in a Data Center: rest/api/2/search
    cancelled: str = "Canceled"
    reopened: str = "In Progress"  # status, or name of the transition
    lag: Annotated[float, Meta(ge=0, le=600)] = 30.0


class Glpi(Searched, frozen=True, kw_only=True, tag_field="kind", tag="glpi"):
    """GLPI by its REST API version 1 (apirest.php); `url` ends in apirest.php."""

    user_token: Secret
    app_token: Secret | None = None
    id_field: str = "externalid"
    cancelled: str = "5"
    reopened: str = "2"


External = (
    RequestTracker | Tmf621 | Webhook | Mail | Zammad | Znuny | ServiceNow | Helix | JiraServiceManagement | Glpi
)  # fmt: skip
