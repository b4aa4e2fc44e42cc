"""Where a request of ours may go that somebody outside asks for: to public addresses only, never into our own network.

A name is looked up once for each request, every address that it has is looked at, and the request goes to one of the
very addresses that were looked at: a name that changes meanwhile (DNS rebinding) changes nothing.
"""

import re
import socket
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from msgspec import Struct

Lookup = Callable[[str, int], Collection[str]]  # host and port → its addresses; raises OSError

#: Letters, digits and what RFC 3986 lets stand in a path; nothing that two readers of a URL could take differently.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[a-z0-9/._~!$&'()*+,;=:@%-]*)?",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)  # as the last label it makes the whole host an IPv4 address
_LONGEST = 2000  # characters of a URL
_LOOKUP = 10.0  # seconds

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 section 2.4: what lies outside is mapped, translated or local
_NOT_PUBLIC: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments (RFC 6890)
    IPv4Network("192.88.99.0/24"),  # relays of 6to4 (RFC 7526)
    IPv6Network("2001::/23"),  # protocol assignments, Teredo among them (RFC 2928)
    IPv6Network("2002::/16"),  # 6to4 (RFC 3056): an IPv4 address in disguise
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)
_lookups = ThreadPoolExecutor(8, thread_name_prefix="lookup")


class NotAllowed(ValueError):
    """No request may go there; the text tells whoever gave the address why."""


class NotFound(OSError):
    """The host has no address now; it may have one later."""


class Destination(Struct, frozen=True, kw_only=True):
    """A URL taken apart."""

    scheme: str  # https, or http
    host: str  # lower case, without a dot at its end; an IPv6 address without brackets
    port: int
    path: str  # without a slash at its end

    @property
    def authority(self) -> str:
        """What stands in Host (RFC 9110 section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def destination(url: str, allowed: Collection[str] = ()) -> Destination:
    """Take a URL apart; raises NotAllowed for one that no request may go to, whatever its name is looked up as.

    `allowed`: hosts that are allowed by name; only these may do without TLS.
    """
    parts = _URL.fullmatch(url) if len(url) <= _LONGEST else None
    if parts is None:
        raise NotAllowed("write https://host/path in ASCII, without user, query and fragment")
    scheme, host = parts["scheme"].lower(), parts["host"].lower()
    host = host[1:-1] if host.startswith("[") else host.removesuffix(".")
    port = int(parts["port"] or {"https": 443, "http": 80}[scheme])
    if not 0 < port < 2**16:
        raise NotAllowed("the port is none")
    host = _host(host)
    if scheme == "http" and host not in allowed:
        raise NotAllowed("write https: http is for hosts that are allowed by name")
    return Destination(scheme=scheme, host=host, port=port, path=(parts["path"] or "").rstrip("/"))


def _host(host: str) -> str:
    """Give an address in its one spelling, or a name; 127.1, 0x7f000001, 017700000001 and 2130706433 are none."""
    labels = host.split(".")
    try:
        if ":" in host or _NUMBER.fullmatch(labels[-1]):
            return str(ip_address(host))
    except ValueError:
        raise NotAllowed(
            "the host is an address in a form that is not taken: write 192.0.2.1 or [2001:db8::1]"
        ) from None
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise NotAllowed("the host is no name")
    return host


def addresses(where: Destination, allowed: Collection[str] = (), lookup: Lookup | None = None) -> tuple[str, ...]:
    """Give the addresses to connect to. Raises NotAllowed where one is not public, NotFound where none is known.

    `allowed`: hosts that are allowed by name, wherever they lie.
    """
    found = _literal(where.host) or (lookup or _looked_up)(where.host, where.port)
    if not found:
        raise NotFound(f"{where.host} has no address")
    if where.host not in allowed and not all(map(is_public, found)):
        raise NotAllowed(f"{where.host} lies in a network that is not public")
    return tuple(found)


def is_public(address: str) -> bool:
    """Tell whether an address is a public one of a single machine; what is written unusually is not."""
    try:
        one: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(one, IPv6Address) and (one not in _GLOBAL_UNICAST or one.scope_id):
        return False
    odd = one.is_multicast or one.is_reserved or one.is_unspecified or not one.is_global
    return not odd and not any(one in network for network in _NOT_PUBLIC if network.version == one.version)


def _literal(host: str) -> tuple[str, ...]:
    try:
        return (str(ip_address(host)),)
    except ValueError:
        return ()


def _looked_up(host: str, port: int) -> tuple[str, ...]:
    """Ask the system's resolver, which knows no deadline, in a thread of its own."""
    try:
        asked = _lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = asked.result(_LOOKUP)
    except (OSError, UnicodeError, TimeoutError):
        raise NotFound(f"{host} is not found") from None
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
