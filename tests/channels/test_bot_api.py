"""The Bot API server that is shipped to try and to test with, seen by two clients that nobody here wrote."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest
import telegram
import telegram.error
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.request import HTTPXRequest

from sample.bot_api import TOKEN, BotApi
from sample.bot_platform import LARGEST_FILE, Fault, Platform
from tests.channels.running import Running


@pytest.fixture
def running() -> Iterator[Running]:
    with Running(BotApi) as one:
        yield one


@pytest.fixture
def platform(running: Running) -> Platform:
    found: Platform = running.server.platform
    return found


def by_aiogram(running: Running) -> Bot:
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(running.url)))


def by_ptb(running: Running) -> telegram.Bot:
    return telegram.Bot(
        TOKEN, base_url=f"{running.url}/bot", base_file_url=f"{running.url}/file/bot", request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )  # fmt: skip


def test_aiogram_goes_the_whole_way(running: Running, platform: Platform) -> None:
    async def way() -> None:
        async with by_aiogram(running) as bot:
            assert (await bot.get_me()).is_bot
            running.do(lambda: platform.say(42, "нет интернета"))
            photo = running.do(lambda: platform.send_file(42, "photo", b"JPEG"))
            running.do(lambda: platform.press(42, "helped"))
            running.do(lambda: platform.share_phone(42, "+79161234567"))
            first, second, third, fourth = await bot.get_updates()
            assert first.message is not None
            assert first.message.text == "нет интернета"
            assert second.message is not None
            assert second.message.photo is not None
            assert second.message.photo[0].file_id == photo
            assert third.callback_query is not None
            assert third.callback_query.data == "helped"
            assert fourth.message is not None
            assert fourth.message.contact is not None
            assert fourth.message.contact.user_id == 42
            again = await bot.get_updates(offset=second.update_id)
            assert [one.update_id for one in again] == [second.update_id, third.update_id, fourth.update_id]
            assert await bot.get_updates(offset=fourth.update_id + 1) == []
            keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="yes")]])
            sent = await bot.send_message(42, "Помогло?", reply_markup=keyboard)
            await bot.edit_message_text("Спасибо", chat_id=42, message_id=sent.message_id)
            await bot.answer_callback_query(third.callback_query.id)
            content = await bot.download(photo)
            assert content is not None
            assert content.read() == b"JPEG"

    asyncio.run(way())
    said = platform.sent
    assert said[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "yes"
    assert (said[1]["text"], "answered" in said[2]) == ("Спасибо", True)


def test_python_telegram_bot_goes_the_whole_way(running: Running, platform: Platform) -> None:
    async def way() -> None:
        async with by_ptb(running) as bot:
            running.do(lambda: platform.say(42, "нет интернета"))
            number = running.do(lambda: platform.send_file(42, "document", b"PDF", file_name="счёт.pdf"))
            running.do(lambda: platform.press(42, "helped"))
            first, second, third = await bot.get_updates()
            assert first.message is not None
            assert first.message.text == "нет интернета"
            assert second.message is not None
            assert second.message.document is not None
            assert second.message.document.file_name == "счёт.pdf"
            assert third.callback_query is not None
            assert await bot.get_updates(offset=third.update_id + 1, timeout=0) == ()
            sent = await bot.send_message(42, "Помогло?")
            await bot.edit_message_text("Спасибо", chat_id=42, message_id=sent.message_id)
            await bot.answer_callback_query(third.callback_query.id)
            assert bytes(await (await bot.get_file(number)).download_as_bytearray()) == b"PDF"
            await bot.set_webhook("http://127.0.0.1:9/x", secret_token="s", allowed_updates=["message"])
            assert (await bot.get_webhook_info()).url == "http://127.0.0.1:9/x"
            with pytest.raises(telegram.error.Conflict):
                await bot.get_updates()
            await bot.delete_webhook()

    asyncio.run(way())
    assert platform.allowed == ["message"]


def test_what_the_platform_refuses(running: Running, platform: Platform) -> None:
    async def way() -> None:
        async with by_aiogram(running) as bot:
            platform.blocked.add(7)
            with pytest.raises(TelegramForbiddenError):
                await bot.send_message(7, "x")
            with pytest.raises(TelegramBadRequest):
                await bot.send_message(42, "x" * 4097)
            platform.files["large"] = b"0" * (LARGEST_FILE + 1)
            with pytest.raises(TelegramBadRequest, match="too big"):
                await bot.get_file("large")
            running.do(lambda: platform.faults.append(Fault("sendMessage", status=429, after=7)))
            with pytest.raises(TelegramRetryAfter) as asked:
                await bot.send_message(42, "x")
            assert asked.value.retry_after == 7
            await bot.send_message(42, "x")

    asyncio.run(way())


def test_only_one_may_ask_and_a_new_one_ends_the_old(running: Running) -> None:
    async def way() -> None:
        async with by_aiogram(running) as bot:
            old = asyncio.create_task(bot.get_updates(timeout=20))
            await asyncio.sleep(0.3)
            assert await bot.get_updates(timeout=0) == []
            with pytest.raises(TelegramConflictError):
                await old

    asyncio.run(way())


def test_whoever_plays_the_customer_has_a_side_of_his_own(running: Running, platform: Platform) -> None:
    control(running, "say", chat=42, text="не работает")
    control(running, "file", chat=42, kind="voice", content="T2dn")
    control(running, "phone", chat=42, phone="+79161234567")
    control(running, "press", chat=42, data="yes")
    control(running, "edit", chat=42, message=1, text="не работает интернет")
    control(running, "update", my_chat_member={})
    kinds = [list(one)[1] for one in platform.pending]
    assert kinds == ["message", "message", "message", "callback_query", "edited_message", "my_chat_member"]
    assert list(platform.files.values()) == [b"Ogg"]
    running.do(lambda: platform.deliver(42, text="принято"))
    with urlopen(f"{running.url}/control/sent?after=0") as answer:  # noqa: S310 - loopback
        told = json.load(answer)
    assert ([one["text"] for one in told["sent"]], told["waiting"]) == (["принято"], 6)


def control(running: Running, deed: str, **told: Any) -> None:
    body, head = json.dumps(told).encode(), {"Content-Type": "application/json"}
    with urlopen(Request(f"{running.url}/control/{deed}", data=body, headers=head)) as answer:  # noqa: S310 - loopback
        assert answer.status == 200
