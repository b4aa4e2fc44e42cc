"""A small MAX Bot API server: one bot, its dialogues, subscriptions, and updates that a marker confirms."""

import asyncio
import itertools
import time
from contextlib import suppress
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

TOKEN = "max-sample-token"
_ME = {"user_id": 1, "first_name": "Faultgate", "username": "faultgate", "is_bot": True, "last_activity_time": 0}


class MaxServer:
    """`await start()` opens it; what the bot said stands in `sent`."""

    def __init__(self) -> None:
        self.pending: list[tuple[int, dict[str, Any]]] = []
        self.sent: list[dict[str, Any]] = []
        self.subscriptions: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.blocked: set[int] = set()
        self.faults: list[tuple[str, int, float]] = []  # method, status (0: the line is cut), Retry-After
        self.url = ""
        self._numbers = itertools.count(1)
        app = web.Application(middlewares=[self._guarded])
        app.router.add_get("/me", self._me)
        app.router.add_get("/subscriptions", self._subscriptions)
        app.router.add_post("/subscriptions", self._subscribe)
        app.router.add_delete("/subscriptions", self._unsubscribe)
        app.router.add_get("/updates", self._updates)
        app.router.add_post("/messages", self._message)
        app.router.add_get("/files/{number}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=1)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        self._bringing = asyncio.create_task(self._bring())
        return self.url

    async def stop(self) -> None:
        self._bringing.cancel()
        await asyncio.wait([self._bringing])
        await self._runner.cleanup()

    def happen(self, kind: str, **fields: Any) -> None:
        update = {"update_type": kind, "timestamp": int(time.time() * 1000), "user_locale": "ru", **fields}
        self.pending.append((next(self._numbers), update))

    def say(self, chat: int, text: str, *attachments: dict[str, Any], kind: str = "message_created") -> None:
        body = {"mid": f"mid.{next(self._numbers)}", "seq": 1, "text": text, "attachments": list(attachments)}
        self.happen(kind, message=_message(chat, body, _user(chat)))

    def press(self, chat: int, data: str) -> None:
        callback = {"timestamp": 1, "callback_id": f"cb.{next(self._numbers)}", "payload": data, "user": _user(chat)}
        self.happen("message_callback", callback=callback, message=_message(chat, {"mid": "m", "text": "?"}, _ME))

    def keep(self, content: bytes) -> str:
        """Keep a file; gives the address that an update names."""
        number = str(next(self._numbers))
        self.files[number] = content
        return f"{self.url}/files/{number}"

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Any) -> web.StreamResponse:
        for place, (path, status, after) in enumerate(self.faults):
            if request.path.startswith(path):
                del self.faults[place]
                if not status and request.transport is not None:
                    request.transport.abort()
                head = {"Retry-After": str(int(after))} if after else {}
                return web.json_response({"code": "fault", "message": "a fault"}, status=status or 500, headers=head)
        if not request.path.startswith("/files/") and request.headers.get("Authorization") != TOKEN:
            return web.json_response({"code": "verify.token", "message": "Invalid access_token"}, status=401)
        found: web.StreamResponse = await handler(request)
        return found

    async def _me(self, _: web.Request) -> web.Response:
        return web.json_response(_ME)

    async def _subscriptions(self, _: web.Request) -> web.Response:
        told = self.subscriptions.items()
        found = [{"url": url, "time": 1, "update_types": one["update_types"]} for url, one in told]
        return web.json_response({"subscriptions": found})

    async def _subscribe(self, request: web.Request) -> web.Response:
        told = await request.json()
        self.subscriptions[told["url"]] = told
        return web.json_response({"success": True})

    async def _unsubscribe(self, request: web.Request) -> web.Response:
        self.subscriptions.pop(request.query["url"], None)
        return web.json_response({"success": True})

    async def _updates(self, request: web.Request) -> web.Response:
        marker = int(request.query.get("marker", "0"))
        self.pending = [one for one in self.pending if one[0] >= marker]
        for _ in range(15):
            if self.pending:
                break
            await asyncio.sleep(0.02)
        last = self.pending[-1][0] + 1 if self.pending else None
        return web.json_response({"updates": [update for _, update in self.pending], "marker": last})

    async def _message(self, request: web.Request) -> web.Response:
        told, chat = await request.json(), int(request.query["chat_id"])
        if chat in self.blocked:
            return web.json_response({"code": "chat.denied", "message": "chat.denied"}, status=403)
        self.sent.append({"chat": chat, **told})
        body = {"mid": f"mid.{next(self._numbers)}", "seq": 1, "text": told["text"], "attachments": []}
        return web.json_response({"message": _message(chat, body, _ME)})

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["number"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def _bring(self) -> None:
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            while True:
                await asyncio.sleep(0.02)
                for url, one in list(self.subscriptions.items()):
                    if self.pending and await _brought(session, url, one.get("secret", ""), self.pending[0][1]):
                        self.pending.pop(0)


async def _brought(session: ClientSession, url: str, secret: str, update: dict[str, Any]) -> bool:
    with suppress(ClientError, OSError, TimeoutError):
        async with session.post(url, json=update, headers={"X-Max-Bot-Api-Secret": secret}) as answer:
            return answer.status == 200
    return False


def _user(chat: int) -> dict[str, Any]:
    return {"user_id": chat, "first_name": "Анна", "is_bot": False, "last_activity_time": 0}


def _message(chat: int, body: dict[str, Any], sender: dict[str, Any]) -> dict[str, Any]:
    where = {"chat_id": chat, "chat_type": "dialog", "user_id": 1}
    return {"sender": sender, "recipient": where, "timestamp": int(time.time() * 1000), "body": body}
