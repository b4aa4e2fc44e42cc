"""How many may stand in the door, and for how long."""

import asyncio
import ipaddress
from collections import Counter
from typing import Protocol

from config.settings import Smtp

#: Above this share of the connection cap the door is in stress: those who stand idle must go sooner.
STRESS = 0.8
COMMAND_SHRINK = 30  # 300 s become 10 s, as Postfix does under stress
DATA_SHRINK = 6

CLOSING = "421 4.3.2 Closing for now: please come again in a few minutes"


class Guest(Protocol):
    """A session, as far as the limits see it."""

    def overdue(self, now: float, command: float, data: float) -> str | None:
        """Tell the answer for a client that took too long (limits in seconds), None for one in time."""
        ...

    def hang_up(self, answer: str, now: float) -> None:
        """Say the answer and close; called again some seconds later, cut."""
        ...

    @property
    def idle(self) -> bool:
        """Tell whether no message is under way."""
        ...


class Sessions:
    """All open sessions of one door."""

    def __init__(self, settings: Smtp) -> None:
        self.stopping = False
        self._settings = settings
        self._open: dict[Guest, str] = {}
        self._peers: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, guest: Guest, peer: str) -> str | None:
        """Let a session in; gives the answer (RFC 5321, 421) where it must stay out."""
        network = _network(peer)
        if self.stopping:
            return CLOSING
        if len(self._open) >= self._settings.max_connections:
            return "421 4.7.0 Too many connections: please come again in a few minutes"
        if self._peers[network] >= self._settings.max_connections_per_peer:
            return "421 4.7.0 Too many connections from your network: close some, then come again"
        self._open[guest] = network
        self._peers[network] += 1
        return None

    def leave(self, guest: Guest) -> None:
        """Count a session out; one that was never in is no trouble."""
        network = self._open.pop(guest, None)
        if network is not None:
            self._peers[network] -= 1
            if not self._peers[network]:
                del self._peers[network]

    async def watch(self) -> None:
        """Close whoever takes too long, for ever: one timer for all sessions."""
        settings, loop = self._settings, asyncio.get_running_loop()
        while True:
            stressed = len(self._open) > STRESS * settings.max_connections
            command = settings.command_timeout / (COMMAND_SHRINK if stressed else 1)
            data = settings.data_timeout / (DATA_SHRINK if stressed else 1)
            now = loop.time()
            for guest in list(self._open):
                answer = guest.overdue(now, command, data)
                if answer is not None:
                    guest.hang_up(answer, now)
            await asyncio.sleep(min(1.0, settings.command_timeout / 10))

    async def wind_up(self, grace: float) -> None:
        """Send the idle away, give the others `grace` seconds to finish their message, then cut those who didn't.

        Whoever waits for `accept` is waited for: the answer must follow the commit.
        """
        self.stopping = True
        loop = asyncio.get_running_loop()
        end = loop.time() + grace
        while self._open:
            now = loop.time()
            for guest in list(self._open):
                if guest.idle or now > end:
                    guest.hang_up(CLOSING, now)
            await asyncio.sleep(0.02)


def _network(peer: str) -> str:
    """Give what counts as one peer: an IPv4 address, or the /64 that one IPv6 host may roam in."""
    if ":" not in peer:
        return peer
    address = ipaddress.IPv6Address(peer.partition("%")[0])
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.IPv6Network((address, 64), strict=False))
