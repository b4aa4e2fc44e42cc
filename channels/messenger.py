"""What messengers share: what they are to the house, patience with a platform, a look into an update.

A messenger is a door like any other (`channels.Door`) that can also say something in a chat and fetch a file.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, cast

import msgspec

from channels import Unreachable, door
from config.messengers import Messenger as MessengerSettings
from config.settings import Channel, Gateway
from records.arrival import TryAgain
from records.chat import NamedFile, Outgoing
from records.deliveries import Refused
from records.dialogue import press_of

log = logging.getLogger("faultgate.messenger")

LONGEST_PAUSE = 60.0  # seconds between two attempts to reach a platform
OLDEST = timedelta(days=2)  # of an update
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w{1,32})?(?!\S)")
_END = 2**32  # seconds since 1970
#: Hours without an answer after which somebody is told: a platform keeps updates for a day (Bot API, getUpdates).
ALARMS = (1, 6, 23)


class Messenger(Protocol):
    """The sending side of a messenger, called by the worker's threads."""

    def send(self, chat: str, said: Outgoing) -> str:
        """Say something in a chat ("telegram:42"); gives the platform's number of the message.

        Raises Refused where it will never be taken (the customer blocked the bot, the chat is gone), TryAgain on
        everything that passes, with the platform's `after`.
        """
        ...

    def fetch(self, file: NamedFile) -> bytes:
        """Bring a file that an update names. Raises Refused where it will not come (too large, expired), TryAgain."""
        ...


def messengers(channels: dict[str, Channel], gateway: Gateway) -> dict[str, Messenger]:
    """Build the sending side of every channel that is a messenger, by its name."""
    return {
        name: cast("Messenger", door(name, one, gateway))
        for name, one in channels.items()
        if isinstance(one, MessengerSettings)
    }


def token(settings: MessengerSettings) -> str:
    """Reveal the bot's token. Raises Unreachable with the remedy."""
    try:
        return settings.token.reveal()
    except LookupError as error:
        raise Unreachable(f"token: {error}") from None


def number_of(chat: str) -> str:
    """Give the platform's own number of a chat: "telegram:42" is 42."""
    return chat.partition(":")[2]


def cut(text: str, longest: int) -> str:
    """Give a text as the platform takes it."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def derived(token: str, purpose: str) -> str:
    """Give a secret for a purpose (a webhook's path, its header), 64 hexadecimal digits; it tells nobody the token."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def within(value: Any, *names: str) -> Any:
    """Go down the objects of a JSON document; None where there is nothing, whatever is there instead."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def is_own(data: Any) -> bool:
    """Tell the data of a button of ours: pressed when its report has ended, it says something about that one."""
    return isinstance(data, str) and press_of(data) is not None


def is_command(text: Any) -> bool:
    """Tell a command from a report that begins with one; /start has one word of its own."""
    found = _COMMAND.match(text) if isinstance(text, str) else None
    return found is not None and len(text[found.end() :].split()) < 2


def document(content: bytes) -> Any:
    """Read a JSON document; None for what is none, is too deep, or holds what no number is."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, ValueError):
        with suppress(ValueError, RecursionError):  # lone surrogates and the like, which a stricter reader refuses
            return json.loads(content)
    return None


def believed(told: float | None, now: datetime) -> datetime:
    """Give the time that a platform tells, seconds since 1970; now where it tells none that can be.

    No platform keeps an update for longer than two days, and none brings what is still to come.
    """
    if told is None or not now - OLDEST <= datetime.fromtimestamp(min(max(told, 0), _END), UTC) <= now:
        return now
    return datetime.fromtimestamp(told, UTC)


async def keep_at_it(
    name: str, stopping: asyncio.Event, work: Callable[[], Awaitable[None]], *, pause: float = 0
) -> None:
    """Do a platform's work again and again until told to stop, `pause` seconds apart; Unreachable passes through.

    Trouble is met with growing pauses, is logged when it begins, and raises an alarm when it lasts for hours.
    """
    outage = Outage(name, time.monotonic)
    while not stopping.is_set():
        try:
            if await _until(stopping, work()):
                return
            outage.over()
            wait = pause
        except Refused as refusal:  # nothing that was asked for a customer: it is our wiring
            raise Unreachable(str(refusal)) from None
        except TryAgain as trouble:
            wait = max(outage.goes_on(str(trouble)), min(trouble.after, LONGEST_PAUSE))
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), wait)


async def _until(stopping: asyncio.Event, work: Awaitable[None]) -> bool:
    """Wait for the work's end or the order to stop; tells whether it was that."""
    working, told = asyncio.ensure_future(work), asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
            return False
        return True
    finally:
        for one in (working, told):
            one.cancel()
        await asyncio.wait({working, told})


async def in_order(hear: Callable[[bytes], Awaitable[None]], updates: list[bytes]) -> None:
    """Have updates kept together, in their order; all are waited for, also where one fails."""
    results = await asyncio.gather(*map(hear, updates), return_exceptions=True)
    for one in results:
        if isinstance(one, BaseException):
            raise one


async def together(serving: Awaitable[None], keeping: Awaitable[None]) -> None:
    """Wait until both have ended; where one fails the other is ended too, and its error raised."""
    both = [asyncio.ensure_future(serving), asyncio.ensure_future(keeping)]
    await asyncio.wait(both, return_when=asyncio.FIRST_EXCEPTION)
    for one in both:
        one.cancel()
    for result in await asyncio.gather(*both, return_exceptions=True):
        if isinstance(result, Exception):
            raise result


class Outage:
    """How long a platform has not answered, and what is to be told of it."""

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        """`clock` gives monotonic seconds."""
        self._name = name
        self._clock = clock
        self._since: float | None = None
        self._failures = 0
        self._alarmed = 0

    def goes_on(self, reason: str) -> float:
        """Count one more failure; gives the seconds to wait."""
        now = self._clock()
        if self._since is None:
            self._since = now
            log.warning("%s: %s", self._name, reason)
        self._failures += 1
        hours = (now - self._since) / 3600
        if self._alarmed < len(ALARMS) and hours >= ALARMS[self._alarmed]:
            log.error("%s: no answer for %.0f hours: %s; updates are lost after 24", self._name, hours, reason)
            self._alarmed += 1
        return min(LONGEST_PAUSE, 0.5 * (1 << min(self._failures, 10)))

    def over(self) -> None:
        """Note that the platform answers."""
        if self._since is not None:
            log.warning("%s: answers again after %.0f seconds", self._name, self._clock() - self._since)
        self._since, self._failures, self._alarmed = None, 0, 0
