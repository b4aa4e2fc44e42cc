"""The typed client of the MAX Bot API (maxapi), one session for each use; its dispatcher is never used.

The library tries again by itself with long pauses: here it may not, for the house has its own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pydantic
from maxapi import Bot
from maxapi.client.default import DefaultConnectionProperties
from maxapi.enums.attachment import AttachmentType
from maxapi.exceptions.max import InvalidToken, MaxApiError, MaxConnection
from maxapi.types.attachments import Attachments
from maxapi.types.attachments.attachment import ButtonsPayload
from maxapi.types.attachments.buttons import CallbackButton, InlineButtonUnion, RequestContactButton
from maxapi.types.attachments.buttons.attachment_button import AttachmentButton

from channels import Unreachable
from channels.messenger import token
from config.messengers import Max
from records.arrival import TryAgain
from records.chat import Outgoing
from records.deliveries import Refused

LONGEST_TEXT = 3999  # characters that the client lets through; the platform takes 4000
_PASSING = {408, 425, 429}  # of the 4xx
_PAUSE = 5.0  # seconds after a 429: the client does not tell what the platform asks for


@asynccontextmanager
async def bot(settings: Max) -> AsyncIterator[Bot]:
    """Open the client. Raises Unreachable where the platform does not know the token; else Refused and TryAgain."""
    one = Bot(
        token(settings), auto_check_subscriptions=False, after_upload_attempts=1,
        default_connection=DefaultConnectionProperties(timeout=settings.timeout, max_retries=0),
    )  # fmt: skip
    one.set_api_url(settings.base_url)
    try:
        yield one
    except InvalidToken:
        raise Unreachable("the platform does not know the token: copy it again from the bot's page") from None
    except MaxApiError as error:
        raise _told(error) from None
    except (MaxConnection, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise TryAgain(f"MAX can't be reached: {type(error).__name__}") from None
    except pydantic.ValidationError:
        raise TryAgain("MAX answers what is not understood") from None
    finally:
        await one.close_session()


def _told(error: MaxApiError) -> Exception:
    """Turn the platform's refusal into ours; its own words are left out, for they may repeat a customer's."""
    if error.code >= 500 or error.code in _PASSING or error.code < 400:
        return TryAgain(f"MAX answers {error.code}", after=_PAUSE if error.code == 429 else 0)
    code = error.raw.get("code") if isinstance(error.raw, dict) else None
    return Refused(f"MAX refuses: {error.code} {str(code or '')[:60]}".rstrip())


def keyboard(said: Outgoing) -> list[Attachments]:
    """Give the buttons below a message."""
    rows: list[list[InlineButtonUnion]] = [
        [CallbackButton(text=one.text, payload=one.data) for one in row] for row in said.buttons
    ]
    if said.asks_phone is not None:
        rows.append([RequestContactButton(text=said.asks_phone)])
    payload = ButtonsPayload(buttons=rows)
    return [AttachmentButton(type=AttachmentType.INLINE_KEYBOARD, payload=payload, bot=None)] if rows else []
