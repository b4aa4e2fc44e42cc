"""The typed client of Telegram's Bot API (aiogram), one session for each use; its dispatch loops are never used.

What the library says of trouble may hold the address, and that holds the token: only the platform's own words are told.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiogram.utils.token import TokenValidationError

from channels import Unreachable
from channels.messenger import token
from config.messengers import Telegram
from records.arrival import TryAgain
from records.chat import Outgoing
from records.deliveries import Refused

LONGEST_TEXT = 4096  # characters (sendMessage)
_LONGEST_REASON = 200
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@asynccontextmanager
async def bot(settings: Telegram) -> AsyncIterator[Bot]:
    """Open the client. Raises Unreachable where the token is none of the platform's; otherwise Refused and TryAgain."""
    try:
        server = TelegramAPIServer.from_base(settings.base_url)
        one = Bot(token(settings), session=AiohttpSession(api=server, timeout=settings.timeout))
    except TokenValidationError:
        raise Unreachable("token is no token of a bot: copy it again from @BotFather") from None
    try:
        yield one
    except TelegramUnauthorizedError:
        raise Unreachable("the platform does not know the token: copy it again from @BotFather") from None
    except AiogramError as error:
        raise _told(error) from None
    finally:
        await one.session.close()


def _told(error: AiogramError) -> Exception:
    """Turn the library's trouble into ours."""
    if isinstance(error, TelegramRetryAfter):
        return TryAgain("Telegram asks for a pause", after=error.retry_after)
    if isinstance(error, TelegramNetworkError | TelegramServerError) and not isinstance(error, TelegramEntityTooLarge):
        return TryAgain(f"Telegram can't be reached: {type(error).__name__}")
    final = TelegramForbiddenError | TelegramBadRequest | TelegramNotFound | TelegramEntityTooLarge
    if isinstance(error, TelegramAPIError) and isinstance(error, final):
        return Refused(f"Telegram refuses: {error.message[:_LONGEST_REASON]}")
    return TryAgain(f"Telegram answers what is not understood: {type(error).__name__}")


def markup(said: Outgoing) -> Markup:
    """Give the buttons below a message; one without any takes away what asked for the number before."""
    if said.buttons:
        rows = [[InlineKeyboardButton(text=one.text, callback_data=one.data) for one in row] for row in said.buttons]
        return InlineKeyboardMarkup(inline_keyboard=rows)
    if said.asks_phone is not None:
        button = KeyboardButton(text=said.asks_phone, request_contact=True)
        return ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)
    return ReplyKeyboardRemove(remove_keyboard=True)
