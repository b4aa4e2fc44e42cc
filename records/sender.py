"""What a partner's mail shows of who sent it. None of it is proof before it was checked."""

from msgspec import Struct


class Sender(Struct, frozen=True, kw_only=True):
    """The author of a partner's mail, and what vouches for him."""

    address: str  # of From, the only one; lower case
    domains: tuple[str, ...]  # the partner's, which the address is of: only they and those below can vouch
    keys: tuple[str, ...] = ()  # DNS names of the public keys of signatures by these domains (RFC 6376 section 3.6.2.1)
    signed_by: str | None = None  # a domain of them whose signature holds; known once the keys were
    checked_at: str | None = None  # authserv-id of the topmost Authentication-Results (RFC 8601 section 2.5)
    passed: tuple[str, ...] = ()  # "dkim acme.example": what that field says has passed, of these domains


def is_of(domain: str, parent: str) -> bool:
    """Tell whether a domain is another one or below it; both in lower case."""
    return domain == parent or domain.endswith(f".{parent}")
