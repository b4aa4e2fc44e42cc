"""Every setting of every room, with its default; the wiring file is `Settings` in TOML."""

import os
from collections.abc import Mapping
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, field
from msgspec.structs import force_setattr

from config.backends import External, Word
from config.base import ChannelBase, Language, Minutes, Port, Strict
from config.clocks import Calendar, Clocks, Warnings
from config.clocks import built as built_clocks
from config.messengers import Max, Messenger, Telegram
from config.partners import Partner, PartnerApi, check_partners
from config.routes import ROUTES, Customers, Row, checked
from config.secrets import Secret
from config.senders import Senders
from records.clocks import Clocks as Promises

AmqpUrl = Annotated[
    str, Meta(pattern=r"^amqps?://([^/@?#]*@)?(\[[0-9A-Fa-f:.]+\]|[^/@?#:]+)(:[0-9]{1,5})?(/[^/?#]*)?(\?.*)?$")
]
PostgresUrl = Annotated[str, Meta(pattern="^postgres(ql)?://")]


Time = Annotated[str, Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]  # of the day; "": never
HttpsUrl = Annotated[str, Meta(pattern=r"^https://[^/?#@]+(/[^?#]*)?$|^http://(127\.0\.0\.1|localhost)(:\d+)?/?$")]
_Settings = Strict


class Gateway(_Settings, frozen=True, kw_only=True):
    """The house itself."""

    name: str = "Faultgate"  # how the operator signs automatic replies
    domain: str = "faultgate.localhost"  # domain of our Message-IDs and of the address that replies come back to
    data: str = "faultgate-data"  # folder of the embedded database and of the originals
    zone: str = "Europe/Moscow"  # the desk's time zone: relative dates in reports, times shown to people
    own_addresses: tuple[str, ...] = ()  # our mailboxes; mail from them is a loop, text quoted from them is ours
    own_domains: tuple[str, ...] = ()  # both are kept in lower case
    fax_gateways: tuple[str, ...] = ()  # addresses or @domains whose mail brings faxes as attachments
    reply_key: Secret | None = None  # HMAC key of reply tokens; default: made once and kept in the data folder

    def __post_init__(self) -> None:
        force_setattr(self, "own_addresses", tuple(map(str.lower, self.own_addresses)))
        force_setattr(self, "own_domains", tuple(map(str.lower, self.own_domains)))
        force_setattr(self, "fax_gateways", tuple(map(str.lower, self.fax_gateways)))
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no zone is named {self.zone}: give one of the tz database, as Europe/Moscow") from error


class Storage(_Settings, frozen=True, kw_only=True):
    """The archive; without `url` it is SQLite in the data folder."""

    url: PostgresUrl | None = None  # postgresql://host/database
    password: Secret | None = None
    duplicate_days: int = 7  # the same bytes from the same sender within this window are one report
    min_free: int = 200_000_000  # bytes that must stay free on the data disk; below it a door says 452


class Broker(_Settings, frozen=True, kw_only=True):
    """The doorbells; without `url` they ring inside the worker process."""

    url: AmqpUrl | None = None  # amqp://host/vhost
    password: Secret | None = None


class Readers(_Settings, frozen=True, kw_only=True):
    """The guarded children that read what came from outside."""

    processes: int = 2  # for mail and chat
    paper: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))  # for pages: niced, one core each
    memory: int = 1024**3  # bytes of address space each
    wall: float = 120.0  # seconds for one original, on paper for each page; for many pages ten times that at most
    recycle: int = 2000  # originals read before a child is replaced


class Smtp(ChannelBase, frozen=True, kw_only=True, tag_field="kind", tag="smtp"):
    """A mail server of our own (RFC 5321), or LMTP behind Postfix (RFC 2033)."""

    host: str = "127.0.0.1"
    port: Port = 2525
    lmtp: bool = False
    hostname: str | None = None  # in the greeting; default: the gateway's domain
    recipients: tuple[str, ...] = ()  # addresses or @domains we take mail for; empty: all
    max_size: int = 35_000_000  # bytes, announced as SIZE (RFC 1870)
    max_connections: int = 200
    max_connections_per_peer: int = 50
    max_recipients: int = 200
    max_commands: int = 1000  # per connection, beside messages taken
    command_timeout: float = 300.0  # seconds without a byte
    data_timeout: float = 1800.0  # seconds for one whole message
    tls_cert: str | None = None  # PEM; with it STARTTLS is offered (RFC 3207)
    tls_key: str | None = None
    tls_required: bool = False
    users: Mapping[str, Secret] = {}  # AUTH (RFC 4954), offered only under TLS; empty: no AUTH


class OAuth2(_Settings, frozen=True, kw_only=True):
    """XOAUTH2 with refresh; a rotated refresh token is kept in the archive."""

    token_url: str
    client_id: str
    client_secret: Secret | None = None
    refresh_token: Secret
    scope: str | None = None


class Imap(ChannelBase, frozen=True, kw_only=True, tag_field="kind", tag="imap"):
    """One or several folders of one mailbox (RFC 9051, RFC 3501)."""

    host: str
    port: Port = 993
    tls: bool = True  # from the first byte; otherwise STARTTLS unless allow_plaintext
    allow_plaintext: bool = False
    ca_file: str | None = None
    user: str
    password: Secret | None = None
    oauth2: OAuth2 | None = None
    folders: tuple[str, ...] = ("INBOX",)
    done_folder: str | None = None  # taken mail is moved there; default: flagged with `flag`
    flag: str = "$Faultgate"
    poll: float = 60.0  # seconds
    idle: bool = True
    timeout: float = 60.0  # seconds on every socket operation
    max_size: int = 35_000_000
    since_days: int = 30  # on the very first look, older mail is left alone


class _Folder(ChannelBase, frozen=True, kw_only=True):
    """A watched folder. A file is taken once it is complete, and moved to `done` after it is kept."""

    path: str
    done: str = "done"  # folder for taken files, inside `path` unless absolute; emptied by nobody but the operator
    poll: float = 1.0  # seconds between two looks
    settle: float = 5.0  # seconds for which size and time must not have changed
    incomplete: float = 600.0  # seconds after which a file that is still empty or growing goes to a clerk as it is
    max_size: int = 200_000_000  # bytes; of a larger file a clerk is told, and it stays where it is


class Fax(_Folder, frozen=True, kw_only=True, tag_field="kind", tag="fax"):
    """Where a fax server leaves what it received: TIFF or PDF, with or without a note beside each file."""


class Scan(_Folder, frozen=True, kw_only=True, tag_field="kind", tag="scan"):
    """Where an office scanner leaves its files; one file may hold several letters."""

    separator: Literal["none", "blank", "barcode"] = "none"  # what divides the letters of a stack
    barcode: str = "FAULTGATE-NEXT"  # what the separator sheet's barcode says
    collate: bool = False  # files in the folder `double-sided` come in pairs: all fronts, then all backs in reverse


Channel = Smtp | Imap | Fax | Scan | Telegram | Max


class DeskChannel(ChannelBase, frozen=True, kw_only=True):
    """What clerks bring in at the desk."""


class Desk(_Settings, frozen=True, kw_only=True):
    """The window for people."""

    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: str | None = (
        None  # as browsers see it behind a proxy, https://desk.example.net; cookies are then Secure
    )
    approval: bool = False  # dispatches and follow-ups of a clerk wait for a senior's yes or no; an emergency does not
    session: Minutes = 12 * 60  # from signing in
    idle: Minutes = 60  # without a request
    max_upload: int = 100_000_000  # bytes of one letter
    language: Language = "ru"  # of the pages before somebody has signed in
    upload: DeskChannel = DeskChannel()
    walk_in: DeskChannel = DeskChannel()
    answers: DeskChannel = DeskChannel()


class Builtin(_Settings, frozen=True, kw_only=True, tag_field="kind", tag="builtin"):
    """The ticket store inside the archive."""


class Replies(_Settings, frozen=True, kw_only=True):
    """Automatic replies through a smarthost (RFC 5321 client, RFC 6409 submission); without `host` none are sent."""

    host: str | None = None
    port: Port = 25
    starttls: bool = True
    allow_plaintext: bool = False  # a smarthost on loopback may do without TLS
    ca_file: str | None = None  # PEM of the authority behind the smarthost's certificate; default: the system's
    user: str | None = None
    password: Secret | None = None
    sender: str | None = None  # address that replies come from and go back to, default: support@ the gateway's domain
    timeout: float = 60.0
    #: Which news of a report its sender is told.
    tell: tuple[Word, ...] = ("inProgress", "pending", "resolved", "closed", "cancelled", "rejected")
    per_address: int = 10  # automatic replies to one address in `window`
    per_chat: int = 30  # to one chat in `window`
    per_gateway: int = 600  # to all addresses and chats in `window`
    window: Minutes = 60
    per_report: int = 10  # about one report in `report_window`
    report_window: Minutes = 10
    ask_solved: bool = True  # once, when a report is resolved or closed: was it solved?
    answers_url: HttpsUrl | None = None  # where customers reach the desk's page /solved; none: mails carry no links
    answer_days: Annotated[int, Meta(gt=0, le=365)] = 14  # for which such a link counts


Backend = Builtin | External
MONITORING = "monitoring"  # the name of its hook
DESK_CHANNELS = {"upload", "walk_in", "answers"}


class Outages(_Settings, frozen=True, kw_only=True):
    """The watch for mass outages."""

    threshold: Annotated[float, Meta(ge=5, le=100)] = 14.0  # logarithm of the likelihood ratio; higher: fewer alarms


class Monitoring(_Settings, frozen=True, kw_only=True):
    """The monitoring of the network's nodes, which says at `/hooks/monitoring` what is down."""

    hook: Secret | None = None  # one secret a line, sent as a bearer or as the key of Standard Webhooks; none: no hook


class Learning(_Settings, frozen=True, kw_only=True):
    """What the machine learns from people's corrections."""

    nightly: Time = "03:30"  # in `gateway.zone`, when models are trained from what is new; "": only by command


class Settings(_Settings, frozen=True, kw_only=True):
    """The whole wiring file."""

    gateway: Gateway = Gateway()
    storage: Storage = Storage()
    broker: Broker = Broker()
    readers: Readers = Readers()
    channels: dict[str, Channel] = field(default_factory=lambda: {"mail": Smtp()})
    backends: dict[str, Backend] = field(default_factory=lambda: {"desk": Builtin()})
    replies: Replies = Replies()
    outages: Outages = Outages()
    learning: Learning = Learning()
    monitoring: Monitoring = Monitoring()
    desk: Desk = Desk()
    calendars: Mapping[str, Calendar] = {}
    clocks: Clocks = Clocks()
    warnings: Warnings = Warnings()
    senders: Senders = Senders()
    partner_api: PartnerApi = PartnerApi()
    partners: dict[str, Partner] = field(default_factory=dict)
    routes: tuple[Row, ...] = ROUTES
    customers: Customers = Customers()
    regions: Mapping[str, tuple[str, ...]] = {}  # name → its cities

    def __post_init__(self) -> None:
        if taken := DESK_CHANNELS & {*self.channels, *self.partners}:
            raise ValueError(
                f"the desk has a channel named {', '.join(sorted(taken))} of its own: name yours otherwise"
            )
        if MONITORING in self.backends:
            raise ValueError(f"backends.{MONITORING}: monitoring has a hook of this name: name the backend otherwise")
        self.senders.check(self.channels)
        if twice := self.channels.keys() & self.partners.keys():
            raise ValueError(f"partners.{min(twice)}: a channel is named so already: name the partner otherwise")
        check_partners(self.partners)
        companies = {door.company for door in self.doors.values() if door.company}
        places = {"channel": self.doors, "region": self.regions, "company": companies, "backends": self.backends}
        checked(self.routes, places)
        self.promises()
        told = ((name, route.channel) for name, route in self.warnings.routes.items() if route.channel is not None)
        for name, channel in told:
            if channel not in {name for name, one in self.channels.items() if isinstance(one, Messenger)}:
                raise ValueError(f"warnings.routes.{name}.channel: no messenger is wired as {channel}")

    def promises(self) -> Promises:
        """Give the terms of every promise, with their calendars."""
        return built_clocks(self.clocks, self.calendars, self.gateway.zone)

    @property
    def doors(self) -> "dict[str, ChannelBase]":
        """Every channel that reports come by: those of the doors' process, the desk's own, and one for each partner."""
        own = {"upload": self.desk.upload, "walk_in": self.desk.walk_in, "answers": self.desk.answers}
        return {**self.channels, **self.partners, **own}
