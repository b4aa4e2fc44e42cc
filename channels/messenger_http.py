"""The thin HTTP client of the messengers: raw bytes, limits and deadlines, and no address in what it says of trouble.

Telegram writes the bot's token into its addresses, so no text of the library reaches a log or a clerk.
"""

import asyncio
import socket
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from records.arrival import TryAgain
from records.deliveries import Refused
from web.egress import NotAllowed, NotFound, addresses, destination

LARGEST_ANSWER = 50_000_000  # bytes
_PASSING = {408, 425, 429}  # of the 4xx


async def ask(
    url: str, *, seconds: float, headers: Mapping[str, str] | None = None, body: Any = None,
    query: Mapping[str, str] | None = None,
) -> tuple[int, bytes, float]:  # fmt: skip
    """Give status, content and the seconds of Retry-After; with `body` it is posted as JSON. Raises TryAgain."""
    try:
        async with (
            _session(seconds) as session,
            session.request(
                "GET" if body is None else "POST", url, headers=headers, json=body, params=query, allow_redirects=False
            ) as answer,
        ):
            content = await _content(answer, LARGEST_ANSWER)
            if content is None:
                raise TryAgain("the platform's answer is too long")
            return answer.status, content, _after(answer)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise TryAgain(f"the platform can't be reached: {type(error).__name__}") from None


async def download(url: str, largest: int, *, seconds: float, lent: bool = False) -> bytes:
    """Bring a file of at most `largest` bytes. Raises Refused and TryAgain.

    `lent`: the address came in an update, so it must be https and lead to a public address (`web.egress`).
    """
    connector = await _checked(url) if lent else None
    try:
        async with _session(seconds, connector) as session, session.get(url, allow_redirects=False) as answer:
            if answer.status >= 500 or answer.status in _PASSING:
                raise TryAgain(f"the file can't be fetched: {answer.status}", after=_after(answer))
            if answer.status != 200:
                raise Refused(f"the platform does not hand the file out any more: {answer.status}")
            content = await _content(answer, largest)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise TryAgain(f"the file can't be fetched: {type(error).__name__}") from None
    if content is None:
        raise Refused(too_large(largest))
    return content


class _Pinned(AbstractResolver):
    """Gives the addresses that were looked at, not what the name is looked up as by now."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """See `aiohttp.abc.AbstractResolver`."""
        del family
        return [
            ResolveResult(
                hostname=host, host=one, port=port, family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=socket.IPPROTO_TCP, flags=socket.AI_NUMERICHOST,
            )
            for one in self._addresses
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is open."""


async def _checked(url: str) -> aiohttp.TCPConnector:
    """Look where a stranger's address leads. Raises Refused where we do not go, TryAgain where nobody is found now."""
    try:
        where = destination(url.partition("?")[0])
        found = await asyncio.to_thread(addresses, where)
    except NotAllowed as reason:
        raise Refused(f"the file lies at an address that is not fetched: {reason}") from None
    except NotFound as reason:
        raise TryAgain(str(reason)) from None
    return aiohttp.TCPConnector(resolver=_Pinned(found))


def too_large(largest: int) -> str:
    """Say that a file is larger than what is fetched."""
    return f"larger than the {largest // 1_000_000} MB that are fetched: ask the customer for it"


def _session(seconds: float, connector: aiohttp.TCPConnector | None = None) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds), connector=connector)


async def _content(answer: aiohttp.ClientResponse, largest: int) -> bytes | None:
    """Read what comes; None where it is more."""
    if (answer.content_length or 0) > largest:
        return None
    parts, size = [], 0
    async for part in answer.content.iter_chunked(65536):
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
    return b"".join(parts)


def _after(answer: aiohttp.ClientResponse) -> float:
    told = answer.headers.get("retry-after", "")
    return float(told) if told.isdecimal() else 0
