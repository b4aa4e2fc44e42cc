"""The MAX door: the dialogues of one bot, by webhook or (to try it out) by long polling, and how to answer in them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec
from maxapi.enums.update import UpdateType

from channels import Unreachable
from channels.max_api import LONGEST_TEXT, bot, keyboard
from channels.max_update import ALLOWED, heard
from channels.messenger import cut, derived, in_order, keep_at_it, number_of, together, token
from channels.messenger_http import ask, download, too_large
from channels.messenger_webhook import Listener
from config.loopback import is_loopback
from config.messengers import Max
from config.settings import Gateway
from records.arrival import Reception, TryAgain
from records.chat import NamedFile, Outgoing
from records.deliveries import Refused

log = logging.getLogger("faultgate.max")

HEADER = "X-Max-Bot-Api-Secret"
LOOK_EVERY = 300.0  # seconds between looks at the subscription, which lapses after 8 hours of failures
MANY = 100  # updates of one answer
GRACE = 20  # seconds that an answer may be later than the platform was told to wait


class _Answer(msgspec.Struct):
    updates: list[msgspec.Raw] = []
    marker: int | None = None


class MaxDoor:
    """See `channels.Door` and `channels.messenger.Messenger`."""

    def __init__(self, name: str, settings: Max, _gateway: Gateway) -> None:
        self._name = name
        self._settings = settings
        self._marker: int | None = None

    async def serve(self, reception: Reception, stopping: asyncio.Event, opened: Callable[[str], None]) -> None:
        """Take updates until `stopping` is set. A platform out of reach is tried again; Unreachable: wrong settings."""
        hear = partial(self._hear, reception)
        secret = derived(token(self._settings), f"{self._name} header")
        if self._settings.webhook is None:
            opened(f"{self._settings.base_url} (polling)")
            await keep_at_it(self._name, stopping, partial(self._once, hear))
            return
        path = derived(token(self._settings), f"{self._name} path")
        listener = Listener(self._settings.webhook, f"/{path}", HEADER, secret)
        subscribe = partial(self._subscribe, listener.url, secret)
        keeping = keep_at_it(self._name, stopping, subscribe, pause=LOOK_EVERY)
        await together(listener.serve(hear, stopping, opened), keeping)

    async def check(self) -> str:
        """Tell whose bot it is and where its updates go. Raises Unreachable."""
        try:
            async with bot(self._settings) as one:
                me, found = await one.get_me(), (await one.get_subscriptions()).subscriptions
        except (TryAgain, Refused) as trouble:
            raise Unreachable(f"{trouble}: check base_url and the network") from None
        way = "polling" if self._settings.webhook is None else "webhook"
        return f"bot {me.username} answers, {way}, {len(found)} subscriptions"

    def send(self, chat: str, said: Outgoing) -> str:
        """See `channels.messenger.Messenger`."""
        return asyncio.run(self._send(chat, said))

    def fetch(self, file: NamedFile) -> bytes:
        """See `channels.messenger.Messenger`."""
        largest = self._settings.max_file
        if (file.size or 0) > largest:
            raise Refused(too_large(largest))
        lent = not is_loopback(urlsplit(self._settings.base_url).hostname or "")
        return asyncio.run(download(file.reference, largest, seconds=self._settings.timeout, lent=lent))

    async def _hear(self, reception: Reception, content: bytes) -> None:
        await reception.hear(heard(self._name, content, datetime.now(UTC)))

    async def _subscribe(self, url: str, secret: str) -> None:
        """See that the platform brings updates here, and nowhere that we once were: subscriptions add up."""
        async with bot(self._settings) as one:
            found = [each.url for each in (await one.get_subscriptions()).subscriptions]
            base = url.rpartition("/")[0]
            for old in found:
                if old != url and old.rpartition("/")[0] == base:
                    await one.unsubscribe_webhook(old)
            if url not in found:
                log.warning("%s: the platform did not know this webhook: subscribed", self._name)
                await one.subscribe_webhook(url, [UpdateType(kind) for kind in ALLOWED], secret)

    async def _once(self, hear: Callable[[bytes], Any]) -> None:
        """Ask once; the marker, which confirms what was given before, is named only after the commit."""
        query = {"limit": str(MANY), "timeout": str(self._settings.poll), "types": ",".join(ALLOWED)}
        if self._marker is not None:
            query["marker"] = str(self._marker)
        url, head = f"{self._settings.base_url.rstrip('/')}/updates", {"Authorization": token(self._settings)}
        status, content, after = await ask(url, seconds=self._settings.poll + GRACE, headers=head, query=query)
        if status == 401:
            raise Unreachable("the platform does not know the token: copy it again from the bot's page")
        if status != 200:
            raise TryAgain(f"the platform answers {status}", after=after)
        try:
            answer = msgspec.json.decode(content, type=_Answer)
        except (msgspec.DecodeError, RecursionError, ValueError):
            raise TryAgain("the platform's answer is malformed") from None
        await in_order(hear, [bytes(one) for one in answer.updates])
        self._marker = answer.marker

    async def _send(self, chat: str, said: Outgoing) -> str:
        text = cut(said.text, LONGEST_TEXT)
        try:
            async with bot(self._settings) as one:
                sent = await one.send_message(chat_id=int(number_of(chat)), text=text, attachments=keyboard(said))
        except Unreachable as trouble:
            raise TryAgain(str(trouble)) from None
        if sent is None or sent.message.body is None:
            raise TryAgain("MAX answers what is not understood")
        return f"{chat}/{sent.message.body.mid}"
