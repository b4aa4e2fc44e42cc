"""The page where a newcomer is the customer of a chat, beside the Bot API server that the sample desk's bot asks."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sample.bot_api import BotApi
from sample.bot_platform import Platform

PAGE = Path(__file__).parent / "chat_page"
_RULES = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"


class ChatServer(BotApi):
    """A Bot API server with a page for the customer at its root; its updates go on where the last run's ended."""

    def __init__(self) -> None:
        super().__init__()
        self.platform = Platform(first=int(time.time()))
        for path, name in (("/", "index.html"), ("/chat.js", "chat.js"), ("/chat.css", "chat.css")):
            self._runner.app.router.add_get(path, _page(PAGE / name))


def serve(port: int) -> str:
    """Serve it from a thread of its own while the program runs; gives its address. Raises OSError for a taken port."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True, name="chat").start()

    async def start() -> str:
        return await ChatServer().start(port=port)

    return asyncio.run_coroutine_threadsafe(start(), loop).result(30)


def _page(path: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path, headers={"Content-Security-Policy": _RULES, "Cache-Control": "no-store"})

    return answer
