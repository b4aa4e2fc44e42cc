"""Long polling (Bot API, getUpdates): the platform forgets an update only when we ask for the next one.

Libraries ask for the next ones before the last are kept, and so lose them in a crash. Here an offset is named only
after the commit, and only to confirm: it is never negative, and none is kept over a quiet answer or a new start,
for all that is not confirmed comes again, and what comes again is known.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable

import msgspec

from channels import Unreachable
from channels.messenger import token
from channels.messenger_http import ask
from channels.telegram_update import ALLOWED, number
from config.messengers import Telegram
from records.arrival import TryAgain

log = logging.getLogger("faultgate.telegram")

MANY = 100  # updates of one answer
GRACE = 20  # seconds that an answer may be later than the platform was told to wait
FRESH = 1_000_000  # a gap larger than that is a new count, which the platform may begin after a quiet week
_RESULT = re.compile(rb'"result"\s*:\s*\[\s*(.*?)\s*\]\s*\}?\s*$', re.DOTALL)


class _Answer(msgspec.Struct):
    result: list[msgspec.Raw] = []


class Polling:
    """Asks for updates and has them kept."""

    def __init__(self, name: str, settings: Telegram, hear: Callable[[list[bytes]], Awaitable[None]]) -> None:
        """`hear` keeps updates, and returns after the commit."""
        self._name = name
        self._settings = settings
        self._hear = hear
        self._offset: int | None = None
        self._limit = MANY
        self._owed = 0
        self.last: int | None = None  # the number of the last update that was kept

    def expect(self, pending: int) -> None:
        """Note how many updates wait, as the platform says."""
        self._owed = pending

    async def once(self) -> None:
        """Ask once, and have what comes kept. Raises TryAgain, and Unreachable where it makes no sense to go on."""
        content = await self._ask()
        updates = split(content)
        if updates is None and self._limit > 1:
            self._limit = 1  # one of them is broken: it is taken alone, as it came
            return
        updates = [alone(content)] if updates is None else updates
        numbers = [found for found in map(number, updates) if found is not None]
        if updates and not numbers:
            raise TryAgain("the platform's answer holds no update that can be confirmed")
        if not updates:
            self._quiet()
            return
        self._look_for_gap(numbers)
        await self._hear(updates)
        self._owed -= len(updates)
        self._offset, self.last, self._limit = max(numbers) + 1, max(numbers), MANY

    async def _ask(self) -> bytes:
        wanted = {"timeout": self._settings.poll, "limit": self._limit, "allowed_updates": ALLOWED}
        confirming = {} if self._offset is None else {"offset": self._offset}
        url = f"{self._settings.base_url.rstrip('/')}/bot{token(self._settings)}/getUpdates"
        status, content, after = await ask(url, seconds=self._settings.poll + GRACE, body=wanted | confirming)
        if status in (401, 404):
            raise Unreachable("the platform does not know the token: copy it again from @BotFather")
        if status == 409:
            raise TryAgain("another program asks for this bot's updates, or has set a webhook: stop it", after=10)
        if status != 200:
            raise TryAgain(f"the platform answers {status}", after=after or _retry_after(content))
        return content

    def _quiet(self) -> None:
        """All that was asked for is confirmed: the next question needs no offset."""
        if self._owed > 0:
            log.error("%s: %d updates that had waited did not come: they may be lost", self._name, self._owed)
        self._offset, self._owed = None, 0

    def _look_for_gap(self, numbers: list[int]) -> None:
        if self.last is None:
            return
        missing = min(numbers) - self.last - 1
        if 0 < missing < FRESH:
            log.error("%s: %d updates are missing before %d: they may be lost", self._name, missing, min(numbers))


def split(content: bytes) -> list[bytes] | None:
    """Give the updates of an answer, each byte for byte; None where it can't be taken apart."""
    try:
        return [bytes(one) for one in msgspec.json.decode(content, type=_Answer).result]
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None


def alone(content: bytes) -> bytes:
    """Give the only update of an answer that can't be taken apart."""
    found = _RESULT.search(content)
    return found[1] if found else content


def _retry_after(content: bytes) -> float:
    try:
        told = json.loads(content)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0
    return float(told) if isinstance(told, int) and 0 <= told < 86_400 else 0
