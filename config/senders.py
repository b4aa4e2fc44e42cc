"""Settings of how the senders of partners' mail are verified."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from typing import Annotated

from msgspec import Meta
from msgspec.structs import force_setattr

from config.base import Minutes, Strict


class Allowed(Strict, frozen=True, kw_only=True):
    """An address that is believed when its mail comes by a way that only the partner has."""

    address: str  # of From: an address, or a domain with all below it
    network: str | None = None  # of the host that hands its mail to our SMTP door: 192.0.2.0/24, 2001:db8::1
    user: str | None = None  # as whom it signs in at our SMTP door
    channel: str | None = None  # by which it comes, where nobody else can write to it

    def __post_init__(self) -> None:
        force_setattr(self, "address", self.address.lower().removeprefix("@"))
        if not (self.network or self.user or self.channel):
            raise ValueError(f"senders.allowed: {self.address} can be forged: name its network, user or channel too")
        try:
            ip_network(self.network or "0.0.0.0/0")
        except ValueError as error:
            raise ValueError(f"senders.allowed: {self.network} is no network: write 192.0.2.0/24") from error


class Senders(Strict, frozen=True, kw_only=True):
    """Who is believed to be a partner, beside those whose DKIM signature or SPF record says so."""

    allowed: tuple[Allowed, ...] = ()
    authserv_ids: Mapping[str, tuple[str, ...]] = {}  # channel → the mail servers before it that write this name into
    # Authentication-Results, and remove such fields from what comes from outside (RFC 8601 section 5)
    nameservers: tuple[str, ...] = ()  # addresses; one of port 5353 is 127.0.0.1#5353; empty: the system's
    dns_timeout: Annotated[float, Meta(gt=0, le=60)] = 5.0  # seconds for all that one mail is asked about
    patience: Minutes = 5  # from arrival, for which a mail waits while the DNS does not answer

    def __post_init__(self) -> None:
        force_setattr(self, "authserv_ids", {
            name: tuple(map(str.lower, servers)) for name, servers in self.authserv_ids.items()
        })  # fmt: skip
        for one in self.nameservers:
            nameserver(one)

    def check(self, channels: Iterable[str]) -> None:
        """See that each channel that is named is one. Raises ValueError with the remedy."""
        named = {*self.authserv_ids, *(one.channel for one in self.allowed if one.channel)}
        if unknown := named - set(channels):
            raise ValueError(f"senders: no channel is named {min(unknown)}: there are {', '.join(sorted(channels))}")


def nameserver(text: str) -> tuple[str, int]:
    """Give address and port of a name server. Raises ValueError with the remedy."""
    address, _, port = text.partition("#")
    try:
        return str(ip_address(address)), int(port or 53)
    except ValueError as error:
        raise ValueError(f"senders.nameservers: {text} is no address: write 192.0.2.53 or 192.0.2.53#5353") from error
