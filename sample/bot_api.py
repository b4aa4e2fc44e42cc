"""A Bot API server for tests and for trying out without an account (Bot API 10, the methods that we call).

Beside `/bot<token>/<method>` and `/file/bot<token>/<path>` it has a side for whoever plays the customer: POST a JSON
object to `/control/say`, `edit`, `file`, `phone`, `press`, `update` or `fault`, and GET `/control/sent?after=N`.
"""

import asyncio
import base64
import json
from contextlib import suppress
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from sample.bot_platform import LARGEST_FILE, Fault, Platform, Refusal

TOKEN = "1:sample"  # noqa: S105 - a bot of nobody
_RETRY = 0.05  # seconds until a webhook that failed is tried again
_JSON = {"reply_markup", "allowed_updates"}


class BotApi:
    """The server; `await start()` opens it, `await stop()` closes it."""

    def __init__(self, token: str = TOKEN, *, retry: float = _RETRY) -> None:
        self.platform = Platform()
        self._token = token
        self._retry = retry
        self._asking = 0
        self._bringing: asyncio.Task[None] | None = None
        app = web.Application(client_max_size=LARGEST_FILE * 2)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        app.router.add_post("/control/{deed}", self._control)
        app.router.add_get("/control/sent", self._sent)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        self.url = ""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Open the server; gives its address."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self.url = f"http://{host}:{bound[1]}"
        self._bringing = asyncio.create_task(self._bring())
        return self.url

    async def stop(self) -> None:
        """Close it."""
        if self._bringing is not None:
            self._bringing.cancel()
            await asyncio.wait([self._bringing])
        await self._runner.cleanup()

    async def _method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        if request.match_info["token"] != self._token:
            return _refused(Refusal(401, "Unauthorized"))
        told = await _parameters(request)
        self.platform.calls.append((name, told))
        fault = self.platform.fault(name)
        if fault is not None and fault.status:
            after = {"retry_after": fault.after} if fault.after else {}
            return _refused(Refusal(fault.status, "a fault", **after))
        doing = getattr(self, f"_{name}", None)
        if doing is None:
            return _refused(Refusal(404, "Not Found: method not found"))
        try:
            answer = web.json_response({"ok": True, "result": await doing(told)})
        except Refusal as refusal:
            answer = _refused(refusal)
        return await _faulty(request, answer, fault)

    async def _getMe(self, _: dict[str, Any]) -> Any:  # noqa: N802 - the platform's own names
        return self.platform.me()

    async def _getUpdates(self, told: dict[str, Any]) -> Any:  # noqa: N802
        platform = self.platform
        if platform.webhook.get("url"):
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        if told.get("allowed_updates"):
            platform.allowed = list(told["allowed_updates"])
        if told.get("offset"):
            platform.confirm(int(told["offset"]))
        self._asking += 1
        mine, until = self._asking, asyncio.get_running_loop().time() + float(told.get("timeout", 0))
        while not platform.pending and (left := until - asyncio.get_running_loop().time()) > 0:
            platform.news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(platform.news.wait(), min(left, 0.05))
            if mine != self._asking:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
        return platform.pending[: int(told.get("limit", 100))]

    async def _setWebhook(self, told: dict[str, Any]) -> Any:  # noqa: N802
        if told.get("drop_pending_updates") in (True, "true", "True"):
            self.platform.pending.clear()
        self.platform.webhook = {"url": told.get("url", ""), "secret": told.get("secret_token", "")}
        self.platform.allowed = told.get("allowed_updates") or self.platform.allowed
        self.platform.news.set()
        return True

    async def _deleteWebhook(self, told: dict[str, Any]) -> Any:  # noqa: N802
        return await self._setWebhook({**told, "url": ""})

    async def _getWebhookInfo(self, _: dict[str, Any]) -> Any:  # noqa: N802
        hook = self.platform.webhook
        error = {"last_error_date": 1, "last_error_message": hook["error"]} if hook.get("error") else {}
        return {
            "url": hook.get("url", ""), "has_custom_certificate": False,
            "pending_update_count": len(self.platform.pending), **error,
        }  # fmt: skip

    async def _sendMessage(self, told: dict[str, Any]) -> Any:  # noqa: N802
        if not told.get("text"):
            raise Refusal(400, "Bad Request: message text is empty")
        if len(told["text"]) > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        extra = {"reply_markup": told["reply_markup"]} if told.get("reply_markup") else {}
        return self.platform.deliver(int(told["chat_id"]), text=told["text"], **extra)

    async def _editMessageText(self, told: dict[str, Any]) -> Any:  # noqa: N802
        edited = {"message_id": int(told["message_id"]), "text": told["text"]}
        return self.platform.deliver(int(told["chat_id"]), **edited)

    async def _answerCallbackQuery(self, told: dict[str, Any]) -> Any:  # noqa: N802
        self.platform.sent.append({"answered": told["callback_query_id"]})
        return True

    async def _getFile(self, told: dict[str, Any]) -> Any:  # noqa: N802
        number = told["file_id"]
        content = self.platform.files.get(number)
        if content is None or number in self.platform.expired:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > LARGEST_FILE:
            raise Refusal(400, "Bad Request: file is too big")
        return {"file_id": number, "file_unique_id": number, "file_path": f"files/{number}", "file_size": len(content)}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.platform.files.get(request.match_info["path"].removeprefix("files/"))
        fault = self.platform.fault("file")
        if fault is not None and fault.status:
            return web.Response(status=fault.status)
        if content is None or request.match_info["token"] != self._token:
            return web.Response(status=404)
        return await _faulty(request, web.Response(body=content), fault)

    async def _control(self, request: web.Request) -> web.Response:
        told, platform = await request.json(), self.platform
        match request.match_info["deed"]:
            case "say":
                done: Any = platform.say(told.pop("chat"), told.pop("text"), **told)
            case "edit":
                done = platform.edit(told["chat"], told["message"], told["text"])
            case "file":
                content = base64.b64decode(told.pop("content"))
                done = platform.send_file(told.pop("chat"), told.pop("kind"), content, **told)
            case "phone":
                done = platform.share_phone(told["chat"], told["phone"])
            case "press":
                done = platform.press(told["chat"], told["data"])
            case "update":
                done = platform.happen(told)
            case "fault":
                platform.faults.append(Fault(**told))
                done = True
            case _:
                return web.Response(status=404)
        return web.json_response(done)

    async def _sent(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        return web.json_response({"sent": self.platform.sent[after:], "waiting": len(self.platform.pending)})

    async def _bring(self) -> None:
        """Bring what waits to the webhook, one after another, until each is taken."""
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            while True:
                hook, platform = self.platform.webhook, self.platform
                if not hook.get("url") or not platform.pending:
                    platform.news.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(platform.news.wait(), 0.05)
                    continue
                one = platform.pending[0]
                hook["error"] = error = await _brought(session, hook, one)
                fault = platform.fault("webhook")  # it was taken, but the answer was lost: it comes again
                if error or fault:
                    await asyncio.sleep(self._retry)
                elif platform.pending and platform.pending[0] is one:
                    platform.pending.pop(0)


async def _brought(session: ClientSession, hook: dict[str, Any], update: dict[str, Any]) -> str:
    """Bring one update; gives what went wrong."""
    head = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook.get("secret") else {}
    try:
        async with session.post(hook["url"], json=update, headers=head) as answer:
            return "" if answer.status // 100 == 2 else f"Wrong response from the webhook: {answer.status}"
    except (ClientError, OSError, TimeoutError) as error:
        return f"Connection failed: {type(error).__name__}"


async def _faulty(request: web.Request, answer: web.Response, fault: Fault | None) -> web.StreamResponse:
    if fault is None:
        return answer
    await asyncio.sleep(fault.seconds)
    if fault.cut and request.transport is not None:
        request.transport.abort()
    return web.Response(body=fault.body, content_type="application/json") if fault.body is not None else answer


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Give what a method is told: in the address, as a form or as JSON."""
    told: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        told |= await request.json() if request.can_read_body else {}
    else:
        told |= dict(await request.post())
    for name in _JSON & told.keys():
        if isinstance(told[name], str):
            told[name] = json.loads(told[name])
    return told


def _refused(refusal: Refusal) -> web.Response:
    parameters = {"parameters": refusal.parameters} if refusal.parameters else {}
    told = {"ok": False, "error_code": refusal.code, "description": str(refusal), **parameters}
    return web.json_response(told, status=refusal.code)
