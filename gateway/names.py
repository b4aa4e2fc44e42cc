"""The DNS, asked within bounded time (RFC 1035 through dnspython)."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from dns.exception import DNSException, Timeout
from dns.name import from_text
from dns.nameserver import Do53Nameserver
from dns.resolver import NXDOMAIN, LRUCache, NoAnswer, NoResolverConfiguration, Resolver

from config.senders import Senders, nameserver

#: Seconds for which nobody asks about a domain whose servers did not answer.
REST: Final = 30.0
_MOST: Final = 1_000  # domains that are remembered so
_ANSWERS: Final = 2_000  # kept for as long as they say themselves

_KEYS: Final = "._domainkey."  # whoever writes a mail chooses what stands before it

#: Asks for the records of a name and a type ("TXT", "A"): dnspython's, none where there is no such thing.
Ask = Callable[[str, str], list[Any]]


class NoWord(Exception):
    """The DNS did not answer in time, or only with trouble of its own."""


class Names:
    """Asks name servers. Safe from any thread."""

    def __init__(self, settings: Senders) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._resolver: Resolver | None = None
        self._silent: dict[str, float] = {}  # domain -> when it did not answer

    def asking(self) -> Ask:
        """Give what asks for all that one mail needs, together for `dns_timeout` seconds at most.

        It raises NoWord; then that domain is left alone for a while, so that a flood of its mail does not wait in vain.
        What is no name has no records.
        """
        until = time.monotonic() + self._settings.dns_timeout

        def ask(name: str, kind: str) -> list[Any]:
            left, domain = until - time.monotonic(), name.partition(_KEYS)[2] or name
            if not _is_name(name):
                return []
            if left <= 0 or time.monotonic() - self._silent.get(domain, -REST) < REST:
                raise NoWord("not asked: it did not answer before")
            try:
                return list(self._ready().resolve(name, kind, lifetime=left, search=False))
            except (NXDOMAIN, NoAnswer):
                return []
            except NoResolverConfiguration as error:
                raise NoWord("no name server is known: wire senders.nameservers") from error
            except (DNSException, OSError) as error:
                self._note(domain)
                raise NoWord("it did not answer" if isinstance(error, Timeout) else type(error).__name__) from error

        return ask

    def _ready(self) -> Resolver:
        with self._lock:
            if self._resolver is None:
                self._resolver = self._made()
            return self._resolver

    def _made(self) -> Resolver:
        resolver = Resolver(configure=not self._settings.nameservers)
        resolver.cache = LRUCache(_ANSWERS)
        if self._settings.nameservers:
            resolver.nameservers = [Do53Nameserver(*nameserver(one)) for one in self._settings.nameservers]
        return resolver

    def _note(self, domain: str) -> None:
        with self._lock:
            if len(self._silent) >= _MOST:
                self._silent.clear()
            self._silent[domain] = time.monotonic()


def _is_name(text: str) -> bool:
    try:
        from_text(text)
    except (DNSException, ValueError):  # a label that is empty or too long
        return False
    return True
