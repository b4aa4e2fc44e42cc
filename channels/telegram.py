"""The Telegram door: the private chats of one bot, by long polling or by webhook, and how to answer in them."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

from channels import Unreachable
from channels.messenger import cut, derived, in_order, keep_at_it, number_of, together, token
from channels.messenger_http import ask, download, too_large
from channels.messenger_webhook import Listener
from channels.telegram_api import LONGEST_TEXT, bot, markup
from channels.telegram_poll import Polling
from channels.telegram_update import ALLOWED, heard, pressed
from config.messengers import Telegram
from config.settings import Gateway
from records.arrival import Reception, TryAgain
from records.chat import NamedFile, Outgoing
from records.deliveries import Refused

log = logging.getLogger("faultgate.telegram")

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LOOK_EVERY = 300.0  # seconds between looks whether the platform still brings updates here
MANY_WAIT = 100  # updates that wait at the platform: then something is wrong


class TelegramDoor:
    """See `channels.Door` and `channels.messenger.Messenger`."""

    def __init__(self, name: str, settings: Telegram, _gateway: Gateway) -> None:
        self._name = name
        self._settings = settings
        self._courtesies: set[asyncio.Task[None]] = set()

    async def serve(self, reception: Reception, stopping: asyncio.Event, opened: Callable[[str], None]) -> None:
        """Take updates until `stopping` is set. A platform out of reach is tried again; Unreachable: wrong settings."""
        if self._settings.webhook is None:
            await self._poll(reception, stopping, opened)
        else:
            await self._listen(self._listener(), reception, stopping, opened)

    async def check(self) -> str:
        """Tell whose bot it is and how many updates wait. Raises Unreachable."""
        try:
            async with bot(self._settings) as one:
                me, info = await one.get_me(), await one.get_webhook_info()
        except (TryAgain, Refused) as trouble:
            raise Unreachable(f"{trouble}: check base_url and the network") from None
        way = "polling" if self._settings.webhook is None else "webhook"
        return f"bot {me.username} answers, {way}, {info.pending_update_count} updates wait"

    def send(self, chat: str, said: Outgoing) -> str:
        """See `channels.messenger.Messenger`."""
        return asyncio.run(self._send(chat, said))

    def fetch(self, file: NamedFile) -> bytes:
        """See `channels.messenger.Messenger`."""
        return asyncio.run(self._fetch(file))

    async def _poll(self, reception: Reception, stopping: asyncio.Event, opened: Callable[[str], None]) -> None:
        polling = Polling(self._name, self._settings, partial(self._hear_all, reception))
        kept = await reception.recall(self._name, "update")
        polling.last = int(kept) if kept else None

        async def begin() -> None:
            async with bot(self._settings) as one:
                await one.delete_webhook()  # with one set the platform lets nobody poll; what waits stays
                polling.expect(self._waiting((await one.get_webhook_info()).pending_update_count))
            begun.set()

        async def once() -> None:
            if not begun.is_set():
                await begin()
            before = polling.last
            await polling.once()
            if polling.last != before:
                await reception.remember(self._name, "update", str(polling.last))

        begun = asyncio.Event()
        token(self._settings)
        opened(f"{self._settings.base_url} (polling)")
        await keep_at_it(self._name, stopping, once)

    async def _listen(
        self, listener: Listener, reception: Reception, stopping: asyncio.Event, opened: Callable[[str], None]
    ) -> None:
        registered = False

        async def register() -> None:
            nonlocal registered
            async with bot(self._settings) as one:
                info = await one.get_webhook_info()
                self._waiting(info.pending_update_count)
                if info.last_error_message and info.pending_update_count:
                    log.warning("%s: the platform can't bring updates: %s", self._name, info.last_error_message[:200])
                if not registered or info.url != listener.url:
                    secret = self._secret("header")
                    await one.set_webhook(listener.url, allowed_updates=list(ALLOWED), secret_token=secret)
                registered = True

        keeping = keep_at_it(self._name, stopping, register, pause=LOOK_EVERY)
        await together(listener.serve(partial(self._hear, reception), stopping, opened), keeping)

    def _listener(self) -> Listener:
        if self._settings.webhook is None:
            raise Unreachable("webhook is not wired")
        return Listener(self._settings.webhook, f"/{self._secret('path')}", HEADER, self._secret("header"))

    def _secret(self, purpose: str) -> str:
        return derived(token(self._settings), f"{self._name} {purpose}")

    def _waiting(self, pending: int) -> int:
        if pending >= MANY_WAIT:
            log.warning("%s: %d updates wait at the platform, which forgets them after a day", self._name, pending)
        return pending

    async def _hear_all(self, reception: Reception, updates: list[bytes]) -> None:
        await in_order(partial(self._hear, reception), updates)

    async def _hear(self, reception: Reception, content: bytes) -> None:
        """Have one update kept; a pressed button is then released on the customer's screen."""
        await reception.hear(heard(self._name, content, datetime.now(UTC)))
        if (press := pressed(content)) is not None:
            courtesy = asyncio.create_task(self._release(press))
            self._courtesies.add(courtesy)  # the loop alone would let it go
            courtesy.add_done_callback(self._courtesies.discard)

    async def _release(self, press: str) -> None:
        """Tell that a press was heard: a courtesy, which may fail."""
        url = f"{self._settings.base_url.rstrip('/')}/bot{token(self._settings)}/answerCallbackQuery"
        with suppress(TryAgain):
            await ask(url, seconds=5, body={"callback_query_id": press})

    async def _send(self, chat: str, said: Outgoing) -> str:
        text = cut(said.text, LONGEST_TEXT)
        try:
            async with bot(self._settings) as one:
                sent = await one.send_message(int(number_of(chat)), text, reply_markup=markup(said))
        except Unreachable as trouble:
            raise TryAgain(str(trouble)) from None
        return f"{chat}/{sent.message_id}"

    async def _fetch(self, file: NamedFile) -> bytes:
        largest = self._settings.max_file
        if (file.size or 0) > largest:
            raise Refused(too_large(largest))
        try:
            async with bot(self._settings) as one:
                path = (await one.get_file(file.reference)).file_path
        except Unreachable as trouble:
            raise TryAgain(str(trouble)) from None
        if path is None:
            raise Refused("the platform does not hand the file out any more")
        url = f"{self._settings.base_url.rstrip('/')}/file/bot{token(self._settings)}/{quote(path)}"
        return await download(url, largest, seconds=self._settings.timeout)
